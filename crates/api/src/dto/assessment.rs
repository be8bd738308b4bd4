//! What was made of a request's text.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    list::Facets,
    scalar::Instant,
    words::{TextDimensionWord, TriageWord},
};

/// Something that a text may be.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Possibility {
    /// The value.
    pub value: String,
    /// How probable, 0 to 1.
    pub probability: f64,
}

/// Who says what a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Basis)]
pub enum BasisWord {
    /// The customer or whoever entered the request.
    Stated,
    /// A rule of the organisation.
    Rule,
    /// The shipped lists of words.
    WordList,
    /// The learned model.
    Model,
    /// Nothing in the text says anything; the ordinary case is assumed.
    Assumed,
}

/// The answer in one dimension, as it was when the request came in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OpinionDetail {
    /// Of what.
    pub dimension: TextDimensionWord,
    /// The value: `complaint`, `urgent`, `yes`, a topic or `none`.
    pub value: String,
    /// How probable, 0 to 1; none where nothing could be read from the text.
    pub probability: Option<f64>,
    /// Who says so.
    pub basis: BasisWord,
    /// Name of the rule, if a rule says so.
    pub rule: Option<String>,
    /// Whether that is sure enough for nobody to look at it.
    pub sure: bool,
    /// What else it could be, the likeliest first.
    pub others: Vec<Possibility>,
    /// The words that weighed most; empty after an erasure.
    pub words: Vec<String>,
}

/// What was made of the text, and whether a person has looked at it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AssessmentDetail {
    /// When.
    pub at: Instant,
    /// Version of the model: `shipped`, a number, or `none` if there was none.
    pub model: String,
    /// Whether nothing could be read from the text: what nobody stated is assumed.
    pub nothing_read: bool,
    /// One for each dimension.
    pub opinions: Vec<OpinionDetail>,
    /// Whether a person has to look, or has.
    pub triage: Option<TriageWord>,
    /// In which dimensions it is not sure.
    pub doubted: Vec<TextDimensionWord>,
    /// While nobody has looked: every reading on which clocks run.
    pub readings: Vec<Facets>,
}
