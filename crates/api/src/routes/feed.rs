//! Routes of feed.

pub(crate) mod watch;
