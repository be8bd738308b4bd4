//! Routes of the erasure of the person behind a ticket.

pub(crate) mod create;
pub(crate) mod preview;
