//! The one thread that writes, and its group commit.
//!
//! It takes everything that is queued, up to a limit, runs it in one transaction, commits, and only then answers. So a
//! busy moment costs one sync for many requests, and an answer means that the request is on disk. If the transaction
//! fails as a whole (no room, an I/O error), everybody in it is refused and the thread goes on.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Weak,
        mpsc::{self, TrySendError},
    },
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{
    Options, batch, closed,
    errors::{Failure, writing},
    judge::positions,
};
use crate::judge::Positions;

/// Tells the result once the transaction has ended: committed, or failed as a whole.
type Finish = Box<dyn FnOnce(Result<(), &Failure>) + Send>;

/// Something else than an append: a change of the outbox, an account or a notice, or a rebuild. Run with a connection
/// inside the transaction, or told why there is none. Says whether what it did is to be kept.
type Change = Box<dyn FnOnce(Result<&Connection, &Failure>) -> (bool, Finish) + Send>;

type Answers = Vec<Result<Appended, LedgerError>>;

enum Work {
    Append {
        appends: Vec<Append>,
        answer: oneshot::Sender<Answers>,
    },
    Change(Change),
    /// A change of positions or standings, which are read anew after it.
    Transfer(Change),
}

#[derive(Debug)]
struct Queue(mpsc::SyncSender<Work>);

#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<Arc<Queue>>,
    appended: watch::Receiver<u64>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, options: &Options) -> Result<Self, String> {
        let (sender, receiver) = mpsc::sync_channel(options.queue.max(1));
        let positions = positions(&connection).map_err(|error| error.to_string())?;
        let limit = options.batch.max(1);
        let (tell, appended) = watch::channel(0);
        let thread = std::thread::Builder::new()
            .name("yinuo-write".into())
            .spawn(move || {
                Desk { connection, positions, lingering: false, appended: tell }.run(&receiver, limit);
            })
            .map_err(|error| error.to_string())?;
        Ok(Self { queue: Some(Arc::new(Queue(sender))), appended, thread: Some(thread) })
    }

    /// Changes after each commit that kept a record.
    pub(super) fn appended(&self) -> watch::Receiver<u64> {
        self.appended.clone()
    }

    /// A way to the writer that does not keep it going.
    pub(super) fn handle(&self) -> Handle {
        Handle(self.queue.as_ref().map(Arc::downgrade).unwrap_or_default())
    }

    /// Appends, all in one transaction. The answers are in the order of the appends.
    pub(super) async fn append(&self, appends: Vec<Append>) -> Result<Answers, LedgerError> {
        let (answer, answered) = oneshot::channel();
        self.queue.as_ref().ok_or_else(closed)?.put(Work::Append { appends, answer })?;
        answered.await.map_err(|_| closed())
    }

    /// Runs `change` inside the next transaction. If it fails, what it did is undone; the rest of the batch is not.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.handle().change(change).await
    }

    /// The same for what changes positions or standings of organisations.
    pub(super) async fn transfer<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.handle().run(change, Work::Transfer).await
    }
}

/// A way to the writer for those who may outlive it.
#[derive(Debug, Clone)]
pub(super) struct Handle(Weak<Queue>);

impl Handle {
    /// See [`Writer::change`].
    pub(super) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.run(change, Work::Change).await
    }

    async fn run<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
        work: fn(Change) -> Work,
    ) -> Result<T, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let change: Change = Box::new(move |connection| {
            let result = connection.map_err(Failure::error).and_then(change);
            let done = result.is_ok();
            let finish: Finish = Box::new(move |committed| {
                let _ = answer.send(match committed {
                    Ok(()) => result,
                    Err(failure) => result.and_then(|_| Err(failure.error())),
                });
            });
            (done, finish)
        });
        self.0.upgrade().ok_or_else(closed)?.put(work(change))?;
        answered.await.map_err(|_| closed())?
    }
}

impl Queue {
    fn put(&self, work: Work) -> Result<(), LedgerError> {
        match self.0.try_send(work) {
            Ok(()) => Ok(()),
            Err(TrySendError::Disconnected(_)) => Err(closed()),
            Err(TrySendError::Full(_)) => {
                let reason = "too many requests wait to be written; try again shortly".into();
                Err(LedgerError::Unavailable { reason, source: None })
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Desk {
    connection: Connection,
    positions: Positions,
    /// Whether the write-ahead log may still hold pages with a key that was erased.
    lingering: bool,
    appended: watch::Sender<u64>,
}

impl Desk {
    fn run(mut self, queue: &mpsc::Receiver<Work>, limit: usize) {
        while let Ok(first) = queue.recv() {
            let mut appends = Vec::new();
            let mut askers = Vec::new();
            let mut changes = Vec::new();
            let mut moved = false;
            let mut next = Some(first);
            while let Some(work) = next {
                match work {
                    Work::Append { appends: more, answer } => {
                        askers.push((more.len(), answer));
                        appends.extend(more);
                    }
                    Work::Change(change) => changes.push(change),
                    Work::Transfer(change) => {
                        moved = true;
                        changes.push(change);
                    }
                }
                next = if appends.len() + changes.len() < limit { queue.try_recv().ok() } else { None };
            }
            // A panic in here is a mistake of the program. Those who asked see their answer vanish; the others go on.
            let commit = AssertUnwindSafe(|| self.commit(&appends, askers, changes));
            if std::panic::catch_unwind(commit).is_err() && !self.recover() {
                return;
            }
            if moved && !self.recover() {
                return;
            }
        }
    }

    /// Back to what is on disk.
    fn recover(&mut self) -> bool {
        if !self.connection.is_autocommit() && self.connection.execute_batch("ROLLBACK").is_err() {
            return false;
        }
        match positions(&self.connection) {
            Ok(positions) => {
                self.positions = positions;
                true
            }
            Err(_) => false,
        }
    }

    /// One transaction for all of this.
    fn commit(
        &mut self,
        appends: &[Append],
        askers: Vec<(usize, oneshot::Sender<Answers>)>,
        changes: Vec<Change>,
    ) {
        let mut finishes = Vec::new();
        let before = self.positions.clone();
        let result = self.transact(appends, changes, &mut finishes);
        let mut answers = match result {
            Ok(answers) => {
                let erased = appends
                    .iter()
                    .zip(&answers)
                    .any(|(append, answer)| !append.erases.is_empty() && answer.is_ok());
                self.lingering |= erased;
                if self.lingering {
                    self.lingering = !empty_log(&self.connection);
                }
                for finish in finishes {
                    finish(Ok(()));
                }
                if answers.iter().any(Result::is_ok) {
                    self.appended.send_modify(|count| *count = count.wrapping_add(1));
                }
                answers
            }
            Err(error) => {
                self.positions = before;
                if !self.connection.is_autocommit() {
                    let _ = self.connection.execute_batch("ROLLBACK");
                }
                let failure = Failure::of(&error);
                tracing::error!(%error, refused = appends.len() + finishes.len(), "a batch was not written");
                for finish in finishes {
                    finish(Err(&failure));
                }
                appends.iter().map(|_| Err(failure.error())).collect()
            }
        }
        .into_iter();
        for (count, asker) in askers {
            let _ = asker.send(answers.by_ref().take(count).collect());
        }
    }

    fn transact(
        &mut self,
        appends: &[Append],
        changes: Vec<Change>,
        finishes: &mut Vec<Finish>,
    ) -> Result<Answers, LedgerError> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(writing)?;
        let answers = batch::append(&self.connection, &mut self.positions, appends);
        let mut failure = answers.as_ref().err().map(Failure::of);
        for change in changes {
            failure = failure.or_else(|| self.connection.execute_batch("SAVEPOINT change").err().map(broken));
            let (done, finish) = match &failure {
                Some(failure) => change(Err(failure)),
                None => change(Ok(&self.connection)),
            };
            finishes.push(finish);
            // After an error that ended the whole transaction the savepoint is gone, and this fails too.
            let end = if done { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" };
            failure = failure.or_else(|| self.connection.execute_batch(end).err().map(broken));
        }
        let answers = answers?;
        if let Some(failure) = failure {
            return Err(failure.error());
        }
        self.connection.execute_batch("COMMIT").map_err(writing)?;
        Ok(answers)
    }
}

/// Folds the write-ahead log into the file and empties it. Waits for readers; says whether it is empty.
fn empty_log(connection: &Connection) -> bool {
    let checkpoint = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    match checkpoint {
        Ok(0) => true,
        Ok(_) => {
            tracing::warn!(
                "readers keep the write-ahead log busy; what was erased leaves it with the next commit"
            );
            false
        }
        Err(error) => {
            tracing::warn!(%error, "the write-ahead log was not emptied; the next commit tries again");
            false
        }
    }
}

fn broken(error: rusqlite::Error) -> Failure {
    Failure::of(&writing(error))
}
