//! The one task that appends, and its group commit.
//!
//! It takes everything that is queued, up to a limit, runs it in one transaction, commits, and only then answers. So a
//! busy moment costs one sync for many requests, and an answer means that the request is on disk. Nobody waits for a
//! database that is away: the queue is bounded, and while no connection can be had everybody is turned away at once.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use deadpool_postgres::ClientWrapper;
use tokio::{
    sync::{
        Mutex,
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{Instant, sleep, timeout},
};
use yinuo_core::id::OrgId;
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{
    batch::{self, Failure},
    closed,
    errors::{is_about_values, is_broken, is_passing, told, unavailable},
    statistics::Statistics,
    target::{Purpose, Target},
};

/// Waits between attempts to connect; while one lasts, everybody is turned away.
const BACKOFF: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];

type Answers = Vec<Result<Appended, LedgerError>>;

struct Work {
    appends: Vec<Append>,
    answer: oneshot::Sender<Answers>,
}

#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Work>,
}

impl Writer {
    /// Begins to write. It ends when this is dropped and everything that was queued is done.
    pub(super) fn start(target: &Target) -> Self {
        let options = target.options();
        let (queue, waiting) = mpsc::channel(options.queue.max(1));
        let waiting = Arc::new(Mutex::new(waiting));
        let (target, limit) = (target.clone(), options.batch.max(1));
        tokio::spawn(async move {
            loop {
                let desk = Desk::new(target.clone());
                let work = tokio::spawn(desk.run(Arc::clone(&waiting), limit));
                // A panic in there is a mistake of the program. Those who asked see their answer vanish; others go on.
                if work.await.is_ok() {
                    return;
                }
                tracing::error!("the writer broke down and begins anew");
            }
        });
        Self { queue }
    }

    /// Appends, all in one transaction. The answers are in the order of the appends.
    pub(super) async fn append(&self, appends: Vec<Append>) -> Result<Answers, LedgerError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Work { appends, answer }).map_err(|error| match error {
            TrySendError::Full(_) => unavailable("too many requests wait to be written; try again shortly"),
            TrySendError::Closed(_) => closed(),
        })?;
        answered.await.map_err(|_| closed())
    }
}

/// A failure that answers everybody in a batch.
enum Refusal {
    NoConnection(String),
    TooSlow(String),
    Batch(Failure),
}

impl Refusal {
    fn told(&self) -> LedgerError {
        match self {
            Refusal::NoConnection(what) | Refusal::TooSlow(what) => unavailable(what.clone()),
            Refusal::Batch(failure) => failure.told(),
        }
    }
}

struct Desk {
    target: Target,
    client: Option<ClientWrapper>,
    /// Organisations that have a row to lock.
    introduced: BTreeSet<OrgId>,
    statistics: Statistics,
    /// Why there is no connection, and until when none is tried.
    away: Option<(Instant, Duration, String)>,
}

impl Desk {
    fn new(target: Target) -> Self {
        Self { target, client: None, introduced: BTreeSet::new(), statistics: Statistics::new(), away: None }
    }

    async fn run(mut self, queue: Arc<Mutex<mpsc::Receiver<Work>>>, limit: usize) {
        let mut queue = queue.lock().await;
        while let Some(first) = queue.recv().await {
            let mut appends = Vec::new();
            let mut askers = Vec::new();
            let mut next = Some(first);
            while let Some(Work { appends: more, answer }) = next {
                askers.push((more.len(), answer));
                appends.extend(more);
                next = if appends.len() < limit { queue.try_recv().ok() } else { None };
            }
            let mut answers = self.commit(&appends).await.into_iter();
            for (count, asker) in askers {
                let _ = asker.send(answers.by_ref().take(count).collect());
            }
        }
    }

    /// One transaction for all of this. If the database refuses the values of one of them, each gets one of its own, so
    /// that it harms nobody else.
    async fn commit(&mut self, appends: &[Append]) -> Answers {
        if appends.is_empty() {
            return Answers::new();
        }
        let refusal = match self.attempt(appends).await {
            Ok(answers) => return answers,
            Err(refusal) => refusal,
        };
        let of_values = matches!(&refusal, Refusal::Batch(Failure::Nothing(error)) if is_about_values(error));
        if of_values && appends.len() > 1 {
            let mut answers = Answers::with_capacity(appends.len());
            for append in appends {
                let mut alone = self.attempt(std::slice::from_ref(append)).await;
                answers.push(match alone.as_mut().map(Vec::pop) {
                    Ok(answer) => answer.unwrap_or_else(|| Err(closed())),
                    Err(refusal) => Err(refusal.told()),
                });
            }
            return answers;
        }
        let error = refusal.told();
        tracing::error!(%error, refused = appends.len(), "a batch was not written");
        appends.iter().map(|_| Err(refusal.told())).collect()
    }

    /// Writes, and once more if the first try kept nothing for a reason that may have passed.
    async fn attempt(&mut self, appends: &[Append]) -> Result<Answers, Refusal> {
        let mut first = true;
        loop {
            match self.write(appends).await {
                Err(Refusal::Batch(Failure::Nothing(error)))
                    if first && (is_broken(&error) || is_passing(&error)) =>
                {
                    tracing::warn!(error = %told(&error), "a batch is written anew");
                    first = false;
                }
                other => return other,
            }
        }
    }

    async fn write(&mut self, appends: &[Append]) -> Result<Answers, Refusal> {
        let client = self.connection().await?;
        let patience = self.target.patience() * 2;
        match timeout(patience, batch::append(&client, &mut self.introduced, appends)).await {
            Ok(Ok(answers)) => {
                self.client = Some(client);
                self.statistics.note(appends.len(), &self.target);
                Ok(answers)
            }
            Ok(Err(failure)) => {
                self.keep_if_sound(client, &failure).await;
                Err(Refusal::Batch(failure))
            }
            Err(_) => Err(Refusal::TooSlow(format!(
                "{} did not answer in time; whether it was kept is not known",
                self.target.place()
            ))),
        }
    }

    /// A connection whose transaction can be undone is used again.
    async fn keep_if_sound(&mut self, client: ClientWrapper, failure: &Failure) {
        let sound = match failure {
            Failure::Nothing(error) => !is_broken(error),
            Failure::Damaged(_) => true,
            Failure::Unknown(_) => false,
        };
        let undone = timeout(self.target.patience(), client.batch_execute("ROLLBACK"));
        if sound && matches!(undone.await, Ok(Ok(()))) {
            self.client = Some(client);
        }
    }

    /// The connection, or a new one. It is given back by whoever finds it still sound.
    async fn connection(&mut self) -> Result<ClientWrapper, Refusal> {
        if let Some(client) = self.client.take().filter(|client| !client.is_closed()) {
            return Ok(client);
        }
        if let Some((until, _, what)) = &self.away
            && until.elapsed().is_zero()
        {
            return Err(Refusal::NoConnection(what.clone()));
        }
        let dialled =
            timeout(self.target.options().connect_timeout, self.target.session(Purpose::Append)).await;
        let what = match dialled {
            Ok(Ok(client)) => {
                // It may be another server than before, restored to an earlier moment.
                self.introduced.clear();
                if self.away.take().is_some() {
                    tracing::info!(place = self.target.place(), "the database is back");
                }
                return Ok(client);
            }
            Ok(Err(error)) => told(&error),
            Err(_) => "it did not answer in time".to_owned(),
        };
        let [shortest, longest] = BACKOFF;
        let wait = self.away.as_ref().map_or(shortest, |(_, wait, _)| (*wait * 2).min(longest));
        let what = format!("no connection to {}: {what}", self.target.place());
        tracing::warn!(reason = what, "nothing can be written");
        self.away = Some((sleep(wait).deadline(), wait, what.clone()));
        Err(Refusal::NoConnection(what))
    }
}
