//! Advice of a language model.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::Facets;

/// What a model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AdviceTaskWord {
    /// What the request is, beside the classification that it has.
    Opinion,
    /// A draft of the next reply, in the language of the customer.
    Draft,
    /// What a colleague has to know who takes over.
    Handover,
}

/// Asking for advice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdviceRequest {
    /// For what.
    pub task: AdviceTaskWord,
}

/// Advice: for a person to use, change or drop. Nothing of it is recorded or sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdviceAnswer {
    /// The model that gave it.
    pub model: String,
    /// What it takes the request for, if an opinion was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
    /// The draft or the summary; with an opinion, why.
    pub text: String,
}
