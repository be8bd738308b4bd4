//! The SQLite store conforms, on files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{cell::RefCell, sync::Arc};

use tempfile::TempDir;
use yinuo_ledger::{Ledger, conformance};
use yinuo_store::{Options, SqliteLedger};

async fn all(options: Options) {
    let kept: RefCell<Vec<TempDir>> = RefCell::default();
    conformance::all(|| {
        let directory = tempfile::tempdir().unwrap();
        let ledger: Arc<dyn Ledger> = Arc::new(
            SqliteLedger::open(directory.path().join("yinuo.db"), &options, conformance::sample::vault())
                .unwrap(),
        );
        kept.borrow_mut().push(directory);
        ledger
    })
    .await;
}

#[tokio::test]
async fn sqlite_conforms() {
    all(Options::default()).await;
}

#[tokio::test]
async fn sqlite_conforms_with_one_reader_and_no_grouping() {
    all(Options { readers: 1, batch: 1, ..Options::default() }).await;
}
