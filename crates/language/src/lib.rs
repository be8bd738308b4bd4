//! What people write, understood: in what language, and what it is (kind, urgency, complexity, severity, technical matter,
//! topic, sentiment), with a probability that holds what it says and the words that decided.
//!
//! Four layers, the first that speaks decides: what somebody stated; the rules of the organisation ([`Rules`]); the shipped
//! lists of words (`data/cues.txt`), whose guards keep a negated word silent (不急, "not urgent"); a learned model
//! ([`Model`]), shipped and learned anew from the corrections of the organisation. Of lists and model the higher urgency
//! and severity holds. An answer below its threshold says so and what else it could be; whoever runs clocks reads it every
//! way until somebody has looked.
//!
//! **Not here:** tickets, storage, anything that waits, reads a clock or draws lots: the order of learning comes from a seed.
//!
//! **Invariants:** what the customer or an agent stated is never overruled; the same text, rules and model give the same
//! answer; nothing is learned from a text that the fixed split holds back; reading a model never panics; site stays as
//! given, because no text says reliably where a customer lives.
//!
//! **Start reading** at [`classify()`], then `classify` for the layers, `features` for what the model sees, `train` for how it
//! learns, and `docs/understanding.md` for figures. Then each on its own: [`search`] and [`tokens`] (words in texts),
//! [`answers`] (common questions), [`personal`] (personal data), [`wording`] (drafts).

mod answer;
pub mod answers;
mod classify;
pub mod corpus;
mod cues;
mod decide;
mod detect;
mod dimension;
pub mod evaluate;
mod features;
pub mod model;
mod normal;
pub mod personal;
mod rules;
pub mod search;
pub mod tokens;
mod topics;
pub mod train;
mod why;
pub mod wording;

use yinuo_commitment::{Complexity, Kind, Severity, Site, Urgency};

pub use self::{
    answer::{Answer, Classification, Probability, Source},
    classify::{Classifier, shipped_model},
    dimension::{Dimension, Labels, Sentiment},
    model::{Model, ModelError},
    normal::language_of,
    rules::{RuleError, Rules},
    topics::topic_label,
};

/// A request as it came in, with whatever somebody already stated about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// One line.
    pub subject: &'a str,
    /// The whole text.
    pub body: &'a str,
    /// The kind that the customer or an agent chose.
    pub kind: Option<Kind>,
    /// Stated urgency.
    pub urgency: Option<Urgency>,
    /// Stated complexity.
    pub complexity: Option<Complexity>,
    /// Stated severity.
    pub severity: Option<Severity>,
    /// Stated site; local if nobody says.
    pub site: Option<Site>,
    /// Whether somebody stated that it is, or is not, a technical matter.
    pub technical: Option<bool>,
    /// Stated topic.
    pub topic: Option<&'a str>,
}

/// Classifies a request by what is stated and by the shipped lists of words alone: requirement P1, every request is
/// classified the moment it comes in. [`Classifier::shipped`] asks the shipped model too, and an organisation with rules or a
/// model of its own makes its own [`Classifier`].
pub fn classify(given: &Given<'_>) -> Classification {
    Classifier::lists_alone().classify(given)
}
