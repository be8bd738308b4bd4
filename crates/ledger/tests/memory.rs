//! The version in memory conforms.

use std::sync::Arc;

use yinuo_ledger::{
    MemoryLedger,
    conformance::{self, sample},
};

#[tokio::test]
async fn memory_conforms() {
    conformance::all(|| Arc::new(MemoryLedger::new(sample::vault()))).await;
}
