//! Routes of teams.

pub(crate) mod form;
pub(crate) mod list;
