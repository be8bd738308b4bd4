//! A PostgreSQL database of its own for each course, on one private cluster for all.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use tokio::runtime::{Handle, Runtime};
use yinuo_ledger::{Ledger, conformance::sample};
use yinuo_store::{PostgresLedger, PostgresOptions};
use yinuo_testbed::{Options, PostgresCluster, try_query};

const TEMPLATE: &str = "template_of_courses";

static CLUSTER: LazyLock<PostgresCluster> = LazyLock::new(|| {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database(TEMPLATE);
    drop(connect(&url));
    let open = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'");
    // Until the connections to it are gone the template cannot be copied.
    yinuo_testbed::until("nobody is connected to the template", || {
        (cluster.query("postgres", &open) == "0").then_some(())
    });
    cluster
});

/// Connections need a runtime beneath them that goes on while a course waits for an answer.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("two threads are not too many")
});

static COURSES: AtomicU64 = AtomicU64::new(0);

/// The database of one course.
pub(crate) struct Database {
    ledger: Arc<PostgresLedger>,
    name: String,
}

fn connect(url: &str) -> PostgresLedger {
    let options = PostgresOptions { readers: 2, lenders: 1, ..PostgresOptions::default() };
    let connecting = PostgresLedger::connect(url, &options, sample::new_vault());
    let _entered = RUNTIME.enter();
    crate::faults::drive(connecting).unwrap_or_else(|error| panic!("{error}"))
}

impl Database {
    pub(super) fn open() -> Self {
        let name = format!("course{}", COURSES.fetch_add(1, Ordering::SeqCst));
        let url = CLUSTER.create_database_like(&name, TEMPLATE);
        Self { ledger: Arc::new(connect(&url)), name }
    }

    pub(super) fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::clone(&self.ledger) as Arc<dyn Ledger>
    }

    pub(super) fn runtime() -> Handle {
        RUNTIME.handle().clone()
    }

    /// Ends every session in the database, beside whatever they do.
    pub(crate) fn end_sessions(&self) -> JoinHandle<()> {
        let sql =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        let url = CLUSTER.url("postgres");
        std::thread::spawn(move || {
            let _ = try_query(&url, &sql);
        })
    }
}
