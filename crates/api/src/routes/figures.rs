//! Routes of figures.

pub(crate) mod overdue;
pub(crate) mod show;
