//! The ledger as one node sees it: slow, failing, dying, and never wrong.
//!
//! Every call goes to the real store and is finished before anything else happens, so that the order of everything is
//! the seed's. Before and after it other tasks get their turn, a seeded number of times: that is where requests overtake
//! one another. Then the seed decides whether the call fails before it was made, or its answer is lost after it was.

mod pass;
mod queue;

use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake},
    thread::Thread,
};

use yinuo_desk::rehearsal::Dice;
use yinuo_ledger::{Ledger, LedgerError, Vault};

use self::queue::Queue;
use crate::{mischief::Mischievous, storage::Storage};

/// How often what goes wrong, in calls of a thousand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weather {
    /// Fails before anything was done.
    pub(crate) refused: u64,
    /// Done, and the answer is lost.
    pub(crate) lost: u64,
    /// Takes long.
    pub(crate) slow: u64,
    /// Every append: no room.
    pub(crate) full: bool,
    /// The next append meets a power cut.
    pub(crate) power_cut: bool,
}

/// What all nodes share: the store, and what goes wrong with it.
pub(crate) struct Shared {
    ledger: RwLock<Arc<dyn Ledger>>,
    vault: Arc<Vault>,
    pub(crate) storage: Mutex<Storage>,
    weather: Mutex<Weather>,
    dice: Mutex<Dice>,
    queue: Mutex<Queue>,
    pub(crate) mischief: Mutex<Mischievous>,
    in_flight: AtomicUsize,
    faults: AtomicU64,
    /// Counts power cuts: a node of an earlier one is dead.
    cuts: AtomicU64,
    /// Jobs that came with appends: whether they were surely kept.
    jobs: Mutex<BTreeMap<String, JobSeen>>,
    /// Changes with every append; outlives the store, which may be opened anew.
    appended: tokio::sync::watch::Sender<u64>,
    /// Where a store that needs a runtime has its own.
    runtime: Option<tokio::runtime::Handle>,
}

/// A job that came with an append.
#[derive(Debug, Clone)]
pub(crate) struct JobSeen {
    /// What it carries.
    pub(crate) payload: String,
    /// Its append was kept.
    pub(crate) kept: bool,
}

/// What a call is for the weather.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// Reads.
    Read,
    /// Writes something beside the log.
    Write,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(storage: Storage, dice: Dice, mischief: Mischievous) -> Self {
        Self {
            vault: Arc::clone(storage.ledger().vault()),
            ledger: RwLock::new(storage.ledger()),
            runtime: storage.runtime(),
            storage: Mutex::new(storage),
            weather: Mutex::default(),
            dice: Mutex::new(dice),
            queue: Mutex::default(),
            mischief: Mutex::new(mischief),
            in_flight: AtomicUsize::new(0),
            faults: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            jobs: Mutex::default(),
            appended: tokio::sync::watch::Sender::new(0),
        }
    }

    /// The store itself, without weather: for the auditor.
    pub(crate) fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::clone(&self.ledger.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Closes the store and opens it again; see [`Storage::reopen`]. Nothing may be under way.
    pub(crate) fn reopen(&self, pages_more: Option<u32>) {
        self.replace(Arc::new(yinuo_ledger::MemoryLedger::new(Arc::clone(&self.vault))));
        let reopened = lock(&self.storage).reopen(pages_more);
        self.replace(reopened);
    }

    /// The store was opened anew.
    pub(crate) fn replace(&self, ledger: Arc<dyn Ledger>) {
        *self.ledger.write().unwrap_or_else(PoisonError::into_inner) = ledger;
    }

    pub(crate) fn weather(&self) -> Weather {
        *lock(&self.weather)
    }

    pub(crate) fn set_weather(&self, weather: Weather) {
        *lock(&self.weather) = weather;
    }

    /// How many calls have failed by the weather.
    pub(crate) fn faults(&self) -> u64 {
        self.faults.load(Ordering::SeqCst)
    }

    pub(crate) fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::SeqCst)
    }

    pub(crate) fn jobs(&self) -> BTreeMap<String, JobSeen> {
        lock(&self.jobs).clone()
    }

    /// Waits until nothing that was begun is still under way.
    pub(crate) async fn settle(&self) {
        let mut quiet = 0;
        while quiet < 12 {
            tokio::task::yield_now().await;
            quiet = if self.in_flight.load(Ordering::SeqCst) == 0 { quiet + 1 } else { 0 };
        }
    }

    /// Runs a future of the store to its end, on this very thread.
    pub(crate) fn drive<F: Future>(&self, future: F) -> F::Output {
        let _entered = self.runtime.as_ref().map(tokio::runtime::Handle::enter);
        drive(future)
    }

    fn unavailable(&self, reason: &str) -> LedgerError {
        self.faults.fetch_add(1, Ordering::SeqCst);
        LedgerError::Unavailable { reason: reason.to_owned(), source: None }
    }

    /// Lets others have their turn.
    async fn others_first(&self) {
        let turns = {
            let (weather, mut dice) = (self.weather(), lock(&self.dice));
            if dice.below(1_000) < weather.slow { dice.below(40) } else { dice.below(3) }
        };
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    }

    fn strikes(&self, of_a_thousand: u64) -> bool {
        of_a_thousand > 0 && lock(&self.dice).below(1_000) < of_a_thousand
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end on this thread, whatever else wants to run.
pub(crate) fn drive<F: Future>(future: F) -> F::Output {
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = Context::from_waker(&waker);
    // Without the budget of tokio's tasks, which only a turn of the runtime would give back.
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// The ledger of one node.
pub(crate) struct NodeLedger {
    shared: Arc<Shared>,
    alive: Arc<AtomicBool>,
    cuts: u64,
}

/// Counts a call that is under way, also if its caller goes away.
struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl NodeLedger {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared), alive: Arc::new(AtomicBool::new(true)), cuts: shared.cuts() }
    }

    /// The process of the node dies.
    pub(crate) fn kill(&self) {
        self.alive.store(false, Ordering::SeqCst);
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.alive.load(Ordering::SeqCst) && self.cuts == self.shared.cuts()
    }

    fn check_alive(&self) -> Result<(), LedgerError> {
        if self.is_alive() { Ok(()) } else { Err(self.shared.unavailable("this node is dead")) }
    }

    fn begin(&self) -> InFlight<'_> {
        self.shared.in_flight.fetch_add(1, Ordering::SeqCst);
        InFlight(&self.shared.in_flight)
    }

    async fn around<T, F>(
        &self,
        call: Call,
        work: impl FnOnce(Arc<dyn Ledger>) -> F,
    ) -> Result<T, LedgerError>
    where
        F: Future<Output = Result<T, LedgerError>>,
    {
        let _under_way = self.begin();
        self.shared.others_first().await;
        self.check_alive()?;
        let weather = self.shared.weather();
        if self.shared.strikes(weather.refused) {
            return Err(self.shared.unavailable("refused by the weather"));
        }
        if call == Call::Write && weather.full {
            self.shared.faults.fetch_add(1, Ordering::SeqCst);
            return Err(LedgerError::Full);
        }
        let answer = {
            let ledger = self.shared.ledger();
            self.shared.drive(work(ledger))
        };
        if matches!(answer, Err(LedgerError::Full | LedgerError::Unavailable { .. })) {
            self.shared.faults.fetch_add(1, Ordering::SeqCst);
        }
        self.shared.others_first().await;
        self.check_alive()?;
        if self.shared.strikes(weather.lost) {
            return Err(self.shared.unavailable("the answer was lost in the weather"));
        }
        answer
    }
}
