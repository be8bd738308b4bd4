//! Importing requests with their dates.

use serde::Serialize;
use utoipa::ToSchema;

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedLine {
    /// Line of the file, from 1.
    pub line: u64,
    /// Why.
    pub text: String,
}

/// What became of an import. Lines that were refused do not keep the others out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportReport {
    /// Tickets made.
    pub imported: u64,
    /// Lines left out because their id was imported before.
    pub known: u64,
    /// Requests to which no letter applied when they came in: they run no clocks.
    pub without_commitment: u64,
    /// Lines that were refused.
    pub refused: Vec<RefusedLine>,
}
