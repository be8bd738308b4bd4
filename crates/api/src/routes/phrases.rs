//! Routes of standard phrases.

pub(crate) mod list;
pub(crate) mod save;
pub(crate) mod withdraw;
