//! Importing requests with their dates.

use serde::Serialize;
use utoipa::ToSchema;

use super::scalar::{Localised, TicketRef};

/// What became of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportOutcome {
    /// A ticket was made.
    Imported,
    /// It was imported before.
    Known,
    /// It was refused.
    Refused,
}

/// One line of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportLine {
    /// Line of the file, from 1.
    pub line: u64,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// The ticket.
    pub ticket: Option<TicketRef>,
    /// Its number.
    pub number: Option<String>,
    /// Stable code of a refusal.
    pub code: Option<String>,
    /// Why it was refused.
    pub text: Option<Localised>,
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportReport {
    /// Tickets made.
    pub imported: u64,
    /// Lines imported before.
    pub known: u64,
    /// Lines refused.
    pub refused: u64,
    /// Every line in order.
    pub lines: Vec<ImportLine>,
}
