//! Routes of requests.

pub(crate) mod command;
pub(crate) mod create;
pub(crate) mod show;
