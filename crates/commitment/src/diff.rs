//! What changed for customers between two versions of a letter, in words.

use crate::{model::Commitment, vocabulary::Text};

/// What a change means for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ForCustomer {
    /// The company promises more, or sooner.
    Better,
    /// The company promises less, or later.
    Worse,
    /// Neither, or not decidable from the figures alone.
    Neutral,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The change in words.
    pub text: Text,
    /// What it means for the customer.
    pub for_customer: ForCustomer,
}

/// What changed from `old` to `new`, in the order of the letter.
pub fn diff(old: &Commitment, new: &Commitment) -> Vec<Change> {
    let _ = (old, new);
    Vec::new()
}
