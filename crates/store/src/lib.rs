//! Keeps the ledger in a database. [`SqliteLedger`] is the embedded default: one file, one process, every acknowledged
//! append synced to disk. [`PostgresLedger`] is shared by any number of processes.
//!
//! **Not here:** any rule of the domain; what recording means (`yinuo-ledger`, whose conformance suite this crate runs).
//!
//! **Invariants**
//! - One thread or task of a process writes. What arrives while a commit is in flight shares the next one, and each table
//!   takes one statement a batch. Readers have connections of their own and never wait for the writer.
//! - What does not depend on the database is written once: judging a batch (`judge.rs`), its rows (`plan.rs`), what
//!   showing them changes (`show.rs`), and what cells mean (`cells.rs`).
//! - A second process cannot open the same SQLite file. A file of another program, a damaged one or one of a newer version is
//!   refused with what to do.
//! - Migrations are numbered, forward only and never edited once landed.
//!
//! **Start reading** at [`SqliteLedger`], then `sqlite/writer.rs` (group commit), then `migrations/sqlite`;
//! for PostgreSQL at `postgres/batch.rs`, then `postgres/writer.rs`.

mod cells;
mod custody;
mod judge;
mod plan;
pub mod postgres;
mod show;
pub mod sqlite;

pub use postgres::{PostgresError, PostgresLedger, PostgresOptions};
pub use sqlite::{OpenError, Options, SqliteLedger};
