//! The ledger in memory.

/// The ledger in memory.
#[derive(Default)]
pub struct MemoryLedger {}
