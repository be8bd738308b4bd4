//! Routes of notices.

pub(crate) mod list;
pub(crate) mod read;
