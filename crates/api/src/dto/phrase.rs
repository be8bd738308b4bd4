//! Standard phrases.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    scalar::Localised,
    words::{KindWord, StepWord, VariableWord},
};

/// Every phrase that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhraseList {
    /// Shipped ones in the order of a ticket's life, own ones in their place or behind them.
    pub phrases: Vec<PhraseDetail>,
    /// Shipped ones that are out of the library.
    pub withdrawn: Vec<PhraseDetail>,
    /// What may stand in braces.
    pub variables: Vec<VariableDetail>,
}

/// A phrase of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhraseDetail {
    /// Its name.
    pub id: String,
    /// Kinds of tickets that it suits; empty: every kind.
    pub kinds: Vec<KindWord>,
    /// The step that it suits.
    pub step: StepWord,
    /// What it is.
    pub title: Localised,
    /// The text, with variables in braces.
    pub text: Localised,
    /// Whether the organisation wrote it, or rewrote a shipped one.
    pub own: bool,
    /// Whether one of this name comes with the product.
    pub shipped: bool,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariableDetail {
    /// The word between the braces.
    pub variable: VariableWord,
    /// What it stands for.
    pub label: Localised,
}

/// A phrase as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhraseRequest {
    /// Kinds of tickets that it suits; empty: every kind.
    #[serde(default)]
    pub kinds: Vec<KindWord>,
    /// The step that it suits.
    pub step: StepWord,
    /// What it is.
    pub title: Localised,
    /// The text, with variables in braces.
    pub text: Localised,
}

/// For which message phrases are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PhrasesQuery {
    /// On which occasion.
    pub step: StepWord,
}

/// Phrases for a message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilledPhraseList {
    /// Those for the ticket's kind alone come first.
    pub phrases: Vec<FilledPhraseDetail>,
}

/// A phrase filled in as far as the ticket tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilledPhraseDetail {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: Localised,
    /// In the customer's language; what is still to be filled in stands in braces.
    pub text: String,
    /// What is still to be filled in.
    pub missing: Vec<VariableWord>,
}
