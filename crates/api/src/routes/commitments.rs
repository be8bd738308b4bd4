//! Routes of commitments.

pub(crate) mod check;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod show;
pub(crate) mod withdraw;
