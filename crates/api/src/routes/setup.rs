//! Routes of setup.

pub(crate) mod create;
