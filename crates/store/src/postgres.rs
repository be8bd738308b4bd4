//! The ledger in a PostgreSQL database, shared by any number of processes.

mod accounts;
mod alarms;
mod batch;
mod columns;
mod errors;
mod listen;
mod log;
mod notices;
mod numbers;
mod open;
mod outbox;
mod persons;
mod pipeline;
mod pool;
mod replay;
mod search;
mod show;
mod statistics;
mod target;
mod tls;
mod transfer;
mod tree;
mod vectors;
mod views;
mod writer;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use deadpool_postgres::ClientWrapper;
use listen::Ear;
use numbers::Numbers;
pub use open::PostgresError;
use pool::Pool;
use target::{Purpose, Target};
use tokio::{sync::Mutex, time::timeout};
use transfer::Arrivals;
use writer::Writer;
use yinuo_ledger::{LedgerError, Vault, vault::KeyId};

/// How a PostgreSQL database is used. The default suits a server; tests shrink some of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresOptions {
    /// Connections that read at the same time, and make small changes; at least 1.
    pub readers: usize,
    /// Connections for changes that a crash may forget: numbers handed out, leases. At least 1.
    pub lenders: usize,
    /// Requests that wait for the writer before further ones are turned away as unavailable, at least 1.
    pub queue: usize,
    /// Most requests that share one commit, at least 1.
    pub batch: usize,
    /// The longest that one statement may take.
    pub statement_timeout: Duration,
    /// The longest that a statement waits for a lock. Longer than `idle_timeout`, so that those who wait outlive a
    /// process that was paused while it held the lock.
    pub lock_timeout: Duration,
    /// After this time the server ends a session that does nothing inside a transaction that appends.
    pub idle_timeout: Duration,
    /// The longest that making a connection, or waiting for a free one, may take.
    pub connect_timeout: Duration,
    /// For how long a database that does not answer is tried when it is opened.
    pub start_patience: Duration,
    /// Whether an empty database is refused, because it has to be there already.
    pub existing_only: bool,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            readers: 8,
            lenders: 2,
            queue: 4096,
            batch: 256,
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(8),
            idle_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            start_patience: Duration::from_secs(30),
            existing_only: false,
        }
    }
}

/// The ledger in a PostgreSQL database. Dropping it finishes what was queued and ends its connections.
#[derive(Debug)]
pub struct PostgresLedger {
    target: Target,
    vault: Arc<Vault>,
    readers: Pool,
    lender: Pool,
    writer: Writer,
    numbers: Numbers,
    ear: Ear,
    /// The session of an import, kept from piece to piece.
    arrivals: Mutex<Option<Arrivals>>,
    /// The session of the indexer, kept from step to step.
    indexing: Mutex<Option<search::Indexing>>,
}

impl PostgresLedger {
    /// Connects to the database of an address such as `postgres://user:password@host:5432/database`, waits a while if
    /// nobody answers, and applies migrations. The database has to exist; other processes may have it open.
    ///
    /// `sslmode` is one of `disable`, `prefer` (the default), `require` and `verify-full`; the last one needs
    /// `sslrootcert`, a file of certificates in PEM form. If a file is named, the server's name is always verified.
    ///
    /// The vault has to hold every master key that the database was sealed under.
    pub async fn connect(
        url: &str,
        options: &PostgresOptions,
        vault: Arc<Vault>,
    ) -> Result<Self, PostgresError> {
        let target = Target::read(url, options)?;
        open::open(&target, &vault).await?;
        let failed = |what: String| PostgresError::Failed { place: target.place().to_owned(), what };
        let readers = Pool::new(&target, Purpose::Read, options.readers).map_err(failed)?;
        let lender = Pool::new(&target, Purpose::Lend, options.lenders).map_err(failed)?;
        let ear = Ear::start(&target).await.map_err(|error| failed(errors::told(&error)))?;
        let numbers = Numbers::start(lender.clone(), options.queue);
        let writer = Writer::start(&target);
        let (arrivals, indexing) = (Mutex::default(), Mutex::default());
        Ok(Self { target, vault, readers, lender, writer, numbers, ear, arrivals, indexing })
    }

    /// How many keys of persons and secrets in the database are wrapped under which master key; nothing if it is empty.
    /// For those who have to decide whether a fresh master key may be made, or an old one thrown away.
    pub async fn sealed_under(
        url: &str,
        options: &PostgresOptions,
    ) -> Result<BTreeMap<KeyId, u64>, PostgresError> {
        open::sealed_under(&Target::read(url, options)?).await
    }

    /// Host, port and database, for people. Never the password.
    pub fn place(&self) -> &str {
        self.target.place()
    }

    /// A session of its own. It ends with the value, and so does a transaction that it has open.
    async fn session(&self, purpose: Purpose) -> Result<ClientWrapper, LedgerError> {
        let place = self.target.place();
        let limit = self.target.options().connect_timeout;
        match timeout(limit, self.target.session(purpose)).await {
            Ok(Ok(client)) => Ok(client),
            Ok(Err(error)) => {
                Err(errors::unavailable(format!("no connection to {place}: {}", errors::told(&error))))
            }
            Err(_) => Err(errors::unavailable(format!("{place} did not answer in time"))),
        }
    }
}

impl Drop for PostgresLedger {
    fn drop(&mut self) {
        self.readers.close();
    }
}

/// The store cannot answer because it is closing or its task has died.
fn closed() -> LedgerError {
    errors::unavailable("the database is closed")
}
