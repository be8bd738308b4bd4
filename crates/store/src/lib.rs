//! Keeps the ledger in SQLite.
