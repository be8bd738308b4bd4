//! Routes of how texts are understood.

pub(crate) mod choose;
pub(crate) mod learn;
pub(crate) mod rules;
pub(crate) mod show;
pub(crate) mod weigh;
