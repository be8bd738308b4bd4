//! The limits beneath the product, without it: what the bare disk syncs, and what bare SQLite and bare PostgreSQL keep
//! of the same bytes when one writer commits for everybody who waits.

mod disk;
mod postgres;
mod sqlite;

pub(crate) use disk::syncs;
pub(crate) use postgres::group_commit as postgres_group_commit;
pub(crate) use sqlite::group_commit as sqlite_group_commit;

/// Most rows that share a commit.
const BATCH: usize = 1_024;
