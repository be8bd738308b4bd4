//! Threads that read, each with a connection of its own.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::oneshot;
use yinuo_ledger::LedgerError;

use super::closed;

type Task = Box<dyn FnOnce(&mut Connection) + Send>;

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
        let task: Task = Box::new(move |connection| {
            if !answer.is_closed() {
                let _ = answer.send(work(connection));
            }
        });
        self.tasks.as_ref().ok_or_else(closed)?.send(task).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
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
        let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match task {
            Ok(task) => task(&mut connection),
            Err(mpsc::RecvError) => return,
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
