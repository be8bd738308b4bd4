//! Routes of tickets.

pub(crate) mod advice;
pub(crate) mod article;
pub(crate) mod command;
pub(crate) mod counts;
pub(crate) mod create;
pub(crate) mod derivation;
pub(crate) mod erasure;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod looks;
pub(crate) mod phrases;
pub(crate) mod receipt;
pub(crate) mod records;
pub(crate) mod reveal;
pub(crate) mod show;
pub(crate) mod suggestions;
pub(crate) mod wording;
