//! The ledger in memory: the same answers as a store, without durability. For tests, simulation and trying things out.

mod books;
mod desk_side;
mod log_side;
mod person_side;
mod search_side;
mod transfer_side;
mod tree_side;
mod vector_side;
mod view_side;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use books::Books;
use jiff::Timestamp;
use tokio::sync::watch;
use yinuo_core::id::OrgId;

use crate::{Leases, Vault};

/// The ledger in memory.
pub struct MemoryLedger {
    shared: Arc<Shared>,
    /// Claims on alarms.
    leases: Mutex<Leases>,
    /// Counts appends, as a wake-up.
    appended: watch::Sender<u64>,
    /// What it says when asked for its time.
    time: Mutex<Option<TellTime>>,
    vault: Arc<Vault>,
}

/// Organisations whose tree somebody grows.
type Leading = BTreeSet<OrgId>;

/// What the ledger shares with whoever leads: a leader outlives no borrow.
#[derive(Default)]
struct Shared {
    books: Mutex<BTreeMap<OrgId, Books>>,
    leaders: Mutex<Leading>,
}

/// Tells what time it is.
type TellTime = Box<dyn Fn() -> Timestamp + Send>;

impl MemoryLedger {
    /// An empty ledger. What people write is sealed as in every store.
    pub fn new(vault: Arc<Vault>) -> Self {
        Self {
            shared: Arc::default(),
            leases: Mutex::default(),
            appended: watch::Sender::new(0),
            time: Mutex::default(),
            vault,
        }
    }

    /// From now on [`crate::Log::database_now`] answers what `tell` says, as if the ledger were on another machine.
    pub fn keep_time(&self, tell: impl Fn() -> Timestamp + Send + 'static) {
        *self.time.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(tell));
    }

    /// Every method holds this lock from its first to its last step, and none awaits while holding it. A panic inside
    /// leaves nothing half done, because an append is checked as a whole before it changes anything.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<OrgId, Books>> {
        self.shared.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the books of an organisation; an unknown one has empty books.
    fn read<T>(&self, org: &OrgId, read: impl FnOnce(&Books) -> T) -> T {
        match self.lock().get(org) {
            Some(books) => read(books),
            None => read(&Books::default()),
        }
    }

    fn leases(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_appended(&self) {
        self.appended.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn write<T>(&self, org: &OrgId, write: impl FnOnce(&mut Books) -> T) -> T {
        write(self.lock().entry(org.clone()).or_default())
    }
}

impl std::fmt::Debug for MemoryLedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryLedger").field("organisations", &self.lock().len()).finish()
    }
}
