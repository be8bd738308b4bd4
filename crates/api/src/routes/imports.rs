//! Routes of imports.

pub(crate) mod create;
