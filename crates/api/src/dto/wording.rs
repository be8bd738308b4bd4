//! The check of wording: what is wrong with a message before it reaches the customer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    scalar::Localised,
    words::{MessagePartWord, StepWord},
};

/// A message that somebody is about to send.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordingCheck {
    /// On which occasion.
    pub step: StepWord,
    /// What it says so far.
    pub text: String,
    /// What stands beside it, in fields that the customer is shown: the told time, the deadline, the term.
    #[serde(default)]
    pub beside: Vec<MessagePartWord>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordingReport {
    /// Whether it cannot be sent as it is.
    pub blocks: bool,
    /// In the order of the text; what is missing comes last.
    pub remarks: Vec<WordingRemark>,
}

/// What is wrong at one place of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordingRemark {
    /// Where it begins, in UTF-16 code units of the text, as JavaScript counts.
    pub from: u32,
    /// Where it ends; the same as `from`, at the end of the text, where something is missing.
    pub to: u32,
    /// What it is about, kebab-case: `vague`, `others-data`, `placeholder`, the word of a missing part …
    pub code: String,
    /// Whether it keeps the message from being sent; otherwise it only warns.
    pub blocks: bool,
    /// Why.
    pub explanation: Localised,
    /// What to write instead.
    pub suggestion: Option<Localised>,
}
