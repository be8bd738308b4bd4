//! The ledger in one SQLite file.

mod accounts;
mod alarms;
mod batch;
mod columns;
mod errors;
mod judge;
mod log;
mod notices;
mod open;
mod outbox;
mod persons;
mod readers;
mod replay;
mod seal;
mod search;
mod show;
mod table;
mod transfer;
mod tree;
mod vectors;
mod views;
mod writer;

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::civil::Date;
use open::Lock;
pub use open::OpenError;
use readers::Readers;
use writer::Writer;
use yinuo_core::id::OrgId;
use yinuo_ledger::{Append, Leases, LedgerError, Vault, vault::KeyId};

/// What is put behind the name of a database file for the files beside it: the journal, whoever holds it, the search
/// index with its own journal. None of them is worth anything once the database is elsewhere or gone.
pub const BESIDE: [&str; 6] = ["-wal", "-shm", ".lock", "-search", "-search-wal", "-search-shm"];

/// How a database file is used. The default suits a server; tests shrink some of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Connections that read at the same time, at least 1.
    pub readers: usize,
    /// Requests that wait for the writer before further ones are turned away as unavailable, at least 1.
    pub queue: usize,
    /// Most requests that share one commit, at least 1.
    pub batch: usize,
    /// Page cache of the writer in KiB.
    pub writer_cache_kib: u32,
    /// Page cache of each reader in KiB.
    pub reader_cache_kib: u32,
    /// Pages of 4 KiB in the write-ahead log after which it is written back into the file.
    pub checkpoint_pages: u32,
    /// Most pages of 4 KiB that the file may grow to; none: as far as the disk goes.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 2,
            queue: 4096,
            batch: 256,
            writer_cache_kib: 16 * 1024,
            reader_cache_kib: 4 * 1024,
            checkpoint_pages: 4000,
            max_pages: None,
        }
    }
}

/// The ledger in one SQLite file. Dropping it finishes what was queued and closes the file.
#[derive(Debug)]
pub struct SqliteLedger {
    path: PathBuf,
    /// Closed before the writer, so that the writer is the last one and folds the write-ahead log into the file.
    readers: Readers,
    writer: Writer,
    /// The search index, in a file of its own; none if that could not be opened.
    index: Option<search::Index>,
    /// Last number handed out by local day. The file knows the last one in use.
    days: Mutex<HashMap<(OrgId, Date), u32>>,
    /// Claims on alarms: no other process can have any.
    leases: Mutex<Leases>,
    /// Organisations whose tree somebody grows.
    leaders: tree::Leaders,
    vault: Arc<Vault>,
    options: Options,
    /// Released last, when both kinds of connections are closed.
    _lock: Lock,
}

impl SqliteLedger {
    /// Opens the file, or makes it; applies migrations, of which one seals what older versions kept in plain. Its
    /// directory has to exist, and the vault has to hold every master key that the file was sealed under.
    pub fn open(path: impl AsRef<Path>, options: &Options, vault: Arc<Vault>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let lock = Lock::take(path)?;
        let connection = open::writer(path, options, &vault)?;
        let writer = Writer::start(connection, options)
            .map_err(|what| OpenError::Failed { path: path.into(), what })?;
        let mut connections = Vec::new();
        for _ in 0..options.readers.max(1) {
            connections.push(open::reader(path, options)?);
        }
        let readers =
            Readers::start(connections).map_err(|what| OpenError::Failed { path: path.into(), what })?;
        let index = search::Index::open(path, options);
        Ok(Self {
            path: path.into(),
            index,
            writer,
            readers,
            days: Mutex::default(),
            leases: Mutex::default(),
            leaders: tree::Leaders::default(),
            vault,
            options: options.clone(),
            _lock: lock,
        })
    }

    /// How many keys of persons and secrets in the file are wrapped under which master key; nothing if there is no file
    /// yet. For those who have to decide whether a fresh master key may be made, or an old one thrown away. May be asked
    /// while another process serves the file.
    pub fn sealed_under(path: impl AsRef<Path>) -> Result<BTreeMap<KeyId, u64>, OpenError> {
        open::sealed_under(path.as_ref())
    }

    fn shared_vault(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn leases(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next number of a day after `last`, the last one in use, and every one handed out since the start.
    fn hand_out(&self, org: &OrgId, day: Date, last: u32) -> u32 {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        let issued = days.entry((org.clone(), day)).or_insert(last);
        *issued = (*issued).max(last).saturating_add(1);
        *issued
    }

    /// A number that an append brings is never handed out again, even if it did not come from here.
    fn note_number(&self, append: &Append) {
        if let Some(number) = append.number {
            let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
            let day = (append.sealed.org().clone(), number.day);
            if let Some(issued) = days.get_mut(&day) {
                *issued = (*issued).max(number.number);
            }
        }
    }

    /// What arrives brings its own numbers.
    fn forget_numbers(&self, org: &OrgId) {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        days.retain(|(of, _), _| of != org);
    }

    fn handed_out(&self, org: &OrgId, day: Date) -> bool {
        let days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        days.contains_key(&(org.clone(), day))
    }
}

/// The store cannot answer because it is closing or its thread has died.
fn closed() -> LedgerError {
    LedgerError::Unavailable { reason: "the database is closed".into(), source: None }
}
