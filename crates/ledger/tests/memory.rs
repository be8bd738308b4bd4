//! The version in memory conforms.

use std::sync::Arc;

use yinuo_ledger::{MemoryLedger, conformance};

#[tokio::test]
async fn memory_conforms() {
    conformance::all(|| Arc::new(MemoryLedger::new())).await;
}
