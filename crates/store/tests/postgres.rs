//! The PostgreSQL store conforms, on a private cluster.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use yinuo_ledger::{
    Ledger,
    conformance::{self, sample::vault},
};
use yinuo_store::{PostgresLedger, PostgresOptions};
use yinuo_testbed::{Options, PostgresCluster};

fn check(options: &PostgresOptions) {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("template");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { drop(PostgresLedger::connect(&url, options, vault()).await.unwrap()) });
    let count = std::cell::Cell::new(0);
    runtime.block_on(async {
        // Until the connections to it are gone the template cannot be copied.
        let open =
            || cluster.query("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = 'template'");
        yinuo_testbed::until("nobody is connected to the template", || (open() == "0").then_some(()));
        conformance::all(|| {
            count.set(count.get() + 1);
            let url = cluster.create_database_like(&format!("check{}", count.get()), "template");
            let ledger = tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current()
                    .block_on(PostgresLedger::connect(&url, options, vault()))
                    .unwrap()
            });
            Arc::new(ledger) as Arc<dyn Ledger>
        })
        .await;
    });
}

#[test]
fn postgres_conforms() {
    check(&PostgresOptions::default());
}

#[test]
fn postgres_conforms_with_one_reader_and_no_grouping() {
    check(&PostgresOptions { readers: 1, lenders: 1, batch: 1, ..PostgresOptions::default() });
}
