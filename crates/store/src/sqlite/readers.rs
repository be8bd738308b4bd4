//! Threads that read, each with a connection of its own.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::oneshot;
use yinuo_ledger::LedgerError;

use super::{closed, errors::Failure};

/// Work with a connection of its own for as long as it takes.
type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// Looks something up in a transaction that others share; told why if there is none.
type Look = Box<dyn FnOnce(Result<&Connection, &Failure>) + Send>;

enum Task {
    Work(Work),
    Look(Look),
}

/// Looks that share a transaction at most.
const SHARED_MAX: usize = 32;

#[derive(Debug)]
pub(super) struct Readers {
    tasks: Option<mpsc::Sender<Task>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(super) fn start(connections: Vec<Connection>) -> Result<Self, String> {
        let (sender, receiver) = mpsc::channel::<Task>();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut threads = Vec::new();
        for connection in connections {
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new().name("yinuo-read".into());
            threads
                .push(thread.spawn(move || work(connection, &receiver)).map_err(|error| error.to_string())?);
        }
        Ok(Self { tasks: Some(sender), threads })
    }

    /// Runs `work` with a connection.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            if !answer.is_closed() {
                let _ = answer.send(work(connection));
            }
        });
        self.put(Task::Work(work))?;
        answered.await.map_err(|_| closed())?
    }

    /// Reads a few rows by their keys. Looks that wait at the same moment share a transaction: SQLite forgets the pages that
    /// a reader knows whenever somebody wrote, so that every transaction fetches them anew.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let look: Look = Box::new(move |connection| {
            if !answer.is_closed() {
                let _ = answer.send(connection.map_err(Failure::error).and_then(look));
            }
        });
        self.put(Task::Look(look))?;
        answered.await.map_err(|_| closed())?
    }

    fn put(&self, task: Task) -> Result<(), LedgerError> {
        self.tasks.as_ref().ok_or_else(closed)?.send(task).map_err(|_| closed())
    }

    /// Reads in one transaction, so that several statements see the same state.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let work = move |connection: &mut Connection| {
            let transaction = connection.transaction().map_err(super::errors::reading)?;
            // Dropping the transaction ends it; there is nothing to commit.
            read(&transaction)
        };
        self.with(work).await
    }
}

fn work(mut connection: Connection, tasks: &Mutex<mpsc::Receiver<Task>>) {
    loop {
        let (looks, work) = next(tasks);
        if looks.is_empty() && work.is_none() {
            return;
        }
        if !looks.is_empty() {
            look(&mut connection, looks);
        }
        if let Some(work) = work {
            work(&mut connection);
        }
    }
}

/// Waits for a task and takes the looks that are next, up to other work. Nothing at all once nobody sends any more.
fn next(tasks: &Mutex<mpsc::Receiver<Task>>) -> (Vec<Look>, Option<Work>) {
    let tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
    let mut looks = Vec::new();
    let mut task = tasks.recv().ok();
    loop {
        match task {
            Some(Task::Look(look)) => looks.push(look),
            Some(Task::Work(work)) => return (looks, Some(work)),
            None => return (looks, None),
        }
        task = if looks.len() < SHARED_MAX { tasks.try_recv().ok() } else { None };
    }
}

/// One transaction for looks that were all asked for before it began, so that each sees what was written before it.
fn look(connection: &mut Connection, looks: Vec<Look>) {
    let transaction = connection.transaction().map_err(super::errors::reading);
    let failure = transaction.as_ref().err().map(Failure::of);
    for look in looks {
        match (&transaction, &failure) {
            (Ok(transaction), _) => look(Ok(transaction)),
            (Err(_), Some(failure)) => look(Err(failure)),
            (Err(_), None) => {}
        }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.tasks = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
