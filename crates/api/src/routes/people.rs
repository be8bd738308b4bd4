//! Routes of people.

pub(crate) mod join;
pub(crate) mod leave;
pub(crate) mod list;
pub(crate) mod password;
