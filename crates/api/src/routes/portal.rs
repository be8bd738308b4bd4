//! Routes of portal.

pub(crate) mod letter;
pub(crate) mod show;
pub(crate) mod source;
