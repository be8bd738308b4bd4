//! Where the ledger of a course lies, and what can happen to the machine beneath it.

mod database;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

pub(crate) use database::Database;
use tempfile::TempDir;
use yinuo_desk::rehearsal::Dice;
use yinuo_ledger::{Ledger, MemoryLedger, Vault, conformance::sample};
use yinuo_store::{Options, SqliteLedger};

/// Which store a course runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// In memory.
    Memory,
    /// In a SQLite file.
    Sqlite,
    /// In a PostgreSQL database of a private cluster.
    Postgres,
}

impl Store {
    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Store::Memory => "memory",
            Store::Sqlite => "sqlite",
            Store::Postgres => "postgres",
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Store {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let all = [Store::Memory, Store::Sqlite, Store::Postgres];
        let known = || all.map(Store::word).join(", ");
        all.into_iter()
            .find(|store| store.word() == word)
            .ok_or_else(|| format!("there is no store `{word}`; there are {}", known()))
    }
}

const FILE: &str = "yinuo.db";

/// The store of one course.
pub(crate) enum Storage {
    Memory(Arc<MemoryLedger>),
    Sqlite(File),
    Postgres(Database),
}

/// A database file with the folder that it lies in.
pub(crate) struct File {
    /// None only while the file is closed.
    ledger: Option<Arc<SqliteLedger>>,
    folder: TempDir,
    vault: Arc<Vault>,
}

/// How the files looked before the append that meets the power cut.
pub(crate) struct Before {
    main: Vec<u8>,
    wal_bytes: u64,
}

impl Storage {
    pub(crate) fn open(store: Store) -> Self {
        match store {
            Store::Memory => Storage::Memory(Arc::new(MemoryLedger::new(sample::new_vault()))),
            Store::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder for the database");
                let vault = sample::new_vault();
                let ledger = Some(open(folder.path(), None, &vault));
                Storage::Sqlite(File { ledger, folder, vault })
            }
            Store::Postgres => Storage::Postgres(Database::open()),
        }
    }

    pub(crate) fn ledger(&self) -> Arc<dyn Ledger> {
        match self {
            Storage::Memory(ledger) => Arc::clone(ledger) as Arc<dyn Ledger>,
            Storage::Sqlite(file) => {
                Arc::clone(file.ledger.as_ref().expect("the file is open")) as Arc<dyn Ledger>
            }
            Storage::Postgres(database) => database.ledger(),
        }
    }

    /// The runtime that the store needs beneath it.
    pub(crate) fn runtime(&self) -> Option<tokio::runtime::Handle> {
        match self {
            Storage::Memory(_) | Storage::Sqlite(_) => None,
            Storage::Postgres(_) => Some(Database::runtime()),
        }
    }

    /// The database, if it is one on a server, whose sessions can be ended under it.
    pub(crate) const fn database(&self) -> Option<&Database> {
        match self {
            Storage::Postgres(database) => Some(database),
            _ => None,
        }
    }

    /// Whether it can be closed and opened anew with room for little more than what is there.
    pub(crate) const fn has_pages(&self) -> bool {
        matches!(self, Storage::Sqlite(_))
    }

    /// Closes the file and opens it again, with room for so many pages more than it has, or all the room that there is.
    /// Nobody else may hold the ledger.
    pub(crate) fn reopen(&mut self, pages_more: Option<u32>) -> Arc<dyn Ledger> {
        if let Storage::Sqlite(file) = self {
            file.ledger = None;
            let path = file.folder.path();
            let bytes = fs::metadata(path.join(FILE)).expect("the file is there").len();
            let pages = u32::try_from(bytes / 4096).expect("a small file");
            file.ledger = Some(open(path, pages_more.map(|more| pages + more), &file.vault));
        }
        self.ledger()
    }

    pub(crate) fn before_power_cut(&self) -> Option<Before> {
        let Storage::Sqlite(file) = self else { return None };
        let main = fs::read(file.folder.path().join(FILE)).expect("the file is there");
        Some(Before { main, wal_bytes: wal_bytes(file.folder.path()) })
    }

    /// Whether the append gets as far as the store. A file decides by where the log was cut.
    pub(crate) fn writes_before_power_cut(&self, dice: &mut Dice) -> bool {
        match self {
            Storage::Memory(_) => dice.once_in(2),
            Storage::Sqlite(_) | Storage::Postgres(_) => true,
        }
    }

    /// The power fails: what had been synced is there, what was being written is there in part.
    pub(crate) fn power_cut(&mut self, before: Option<&Before>, dice: &mut Dice) -> Arc<dyn Ledger> {
        if let (Storage::Sqlite(file), Some(before)) = (&mut *self, before) {
            let folder = tempfile::tempdir().expect("a folder for the database");
            copy_cut(file.folder.path(), folder.path(), before, dice);
            file.ledger = Some(open(folder.path(), None, &file.vault));
            file.folder = folder;
        }
        self.ledger()
    }
}

/// Small pages of work: the log is written back into the file often.
fn open(folder: &Path, max_pages: Option<u32>, vault: &Arc<Vault>) -> Arc<SqliteLedger> {
    let options = Options { readers: 1, checkpoint_pages: 200, max_pages, ..Options::default() };
    let opened = SqliteLedger::open(folder.join(FILE), &options, Arc::clone(vault));
    Arc::new(opened.unwrap_or_else(|error| panic!("{error}")))
}

fn wal(folder: &Path) -> PathBuf {
    folder.join(format!("{FILE}-wal"))
}

fn wal_bytes(folder: &Path) -> u64 {
    fs::metadata(wal(folder)).map_or(0, |wal| wal.len())
}

/// Copies file and write-ahead log, the log cut somewhere in what the last transaction wrote, sometimes with a torn
/// rest. Once the log was written back into the file it had been synced before, so then nothing of it can be missing.
fn copy_cut(from: &Path, to: &Path, before: &Before, dice: &mut Dice) {
    let main = fs::read(from.join(FILE)).expect("the file is there");
    let mut log = fs::read(wal(from)).unwrap_or_default();
    let (old, new) = (before.wal_bytes, log.len() as u64);
    if main == before.main && new > old {
        let cut = old + dice.below(new - old + 1);
        log.truncate(usize::try_from(cut).expect("a small file"));
        if dice.once_in(2) {
            log.extend((0..dice.below(3_000)).map(|_| dice.next_u64().to_le_bytes()[0]));
        }
    }
    fs::write(to.join(FILE), main).expect("room for a copy");
    fs::write(wal(to), log).expect("room for a copy");
}
