//! Appends on their way: those that wait at the same time share one transaction, as they do in a store.

use std::sync::{Arc, atomic::Ordering};

use tokio::sync::oneshot;
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{JobSeen, NodeLedger, lock};

type Answers = Vec<Result<Appended, LedgerError>>;

/// Appends that wait.
#[derive(Default)]
pub(super) struct Queue {
    next_ticket: u64,
    waiting: Vec<Waiting>,
}

struct Waiting {
    ticket: u64,
    cuts: u64,
    appends: Vec<Append>,
    answer: oneshot::Sender<Answers>,
}

impl NodeLedger {
    /// Appends as a store with group commit does: whoever comes to the writer first takes along all that wait.
    pub(super) async fn append_through_weather(&self, appends: Vec<Append>) -> Answers {
        let count = appends.len();
        let all = |error: &dyn Fn() -> LedgerError| (0..count).map(|_| Err(error())).collect::<Answers>();
        let _under_way = self.begin();
        let shared = &self.shared;
        shared.others_first().await;
        if !self.is_alive() {
            return all(&|| shared.unavailable("this node is dead"));
        }
        let weather = shared.weather();
        if weather.full {
            shared.faults.fetch_add(1, Ordering::SeqCst);
            return all(&|| LedgerError::Full);
        }
        if shared.strikes(weather.refused) {
            return all(&|| shared.unavailable("refused by the weather"));
        }
        let (answer, mut answered) = oneshot::channel();
        let ticket = {
            let mut queue = lock(&shared.queue);
            queue.next_ticket += 1;
            let ticket = queue.next_ticket;
            queue.waiting.push(Waiting { ticket, cuts: self.cuts, appends, answer });
            ticket
        };
        shared.others_first().await;
        if lock(&shared.queue).waiting.iter().any(|waiting| waiting.ticket == ticket) {
            if !self.is_alive() {
                lock(&shared.queue).waiting.retain(|waiting| waiting.ticket != ticket);
                return all(&|| shared.unavailable("this node died before it could write"));
            }
            self.write_all();
        }
        let answers = answered.try_recv();
        shared.others_first().await;
        if !self.is_alive() {
            return all(&|| shared.unavailable("this node died before it could answer"));
        }
        if shared.strikes(weather.lost) {
            return all(&|| shared.unavailable("the answer was lost in the weather"));
        }
        answers.unwrap_or_else(|_| all(&|| shared.unavailable("the writer is gone")))
    }

    /// One transaction for all that wait.
    fn write_all(&self) {
        let shared = &self.shared;
        let now = shared.cuts();
        let waiting = std::mem::take(&mut lock(&shared.queue).waiting);
        let mut appends = Vec::new();
        let mut askers = Vec::new();
        for waiting in waiting.into_iter().filter(|waiting| waiting.cuts == now) {
            askers.push((waiting.appends.len(), waiting.answer));
            appends.extend(waiting.appends);
        }
        self.note_jobs(&appends);
        let kept: Vec<Append> = appends.clone();
        let mut answers = self.perform(appends).into_iter();
        let mut all = Vec::new();
        for (count, asker) in askers {
            let own: Answers = answers.by_ref().take(count).collect();
            all.extend(own.iter().map(Result::is_ok));
            let _ = asker.send(own);
        }
        shared.appended.send_modify(|count| *count += 1);
        let mut jobs = lock(&shared.jobs);
        for (append, _) in kept.iter().zip(&all).filter(|(_, ok)| **ok) {
            for job in &append.jobs {
                jobs.insert(job.key.clone(), JobSeen { payload: job.payload.clone(), kept: true });
            }
        }
    }

    fn note_jobs(&self, appends: &[Append]) {
        let mut jobs = lock(&self.shared.jobs);
        for job in appends.iter().flat_map(|append| &append.jobs) {
            // The same key comes again with another try, or with what somebody faster decided: what is kept counts.
            let seen = JobSeen { payload: job.payload.clone(), kept: false };
            jobs.entry(job.key.clone()).or_insert(seen);
        }
    }

    fn perform(&self, appends: Vec<Append>) -> Answers {
        let shared = &self.shared;
        let (appends, dropped) = lock(&shared.mischief).appends(appends);
        if shared.weather().power_cut {
            shared.set_weather(super::Weather { power_cut: false, ..shared.weather() });
            if lock(&shared.storage).database().is_some() {
                return self.perform_while_sessions_end(appends);
            }
            return self.perform_in_power_cut(appends);
        }
        let ledger = shared.ledger();
        let grouped = lock(&shared.dice).once_in(2);
        let answers = if grouped {
            shared.drive(ledger.append_many(appends))
        } else {
            shared.drive(together(&ledger, appends))
        };
        let failed = |answer: &Result<_, _>| {
            matches!(answer, Err(LedgerError::Full | LedgerError::Unavailable { .. }))
        };
        if answers.iter().any(failed) {
            shared.faults.fetch_add(1, Ordering::SeqCst);
        }
        let last = shared.drive(ledger.last_position(&crate::org())).unwrap_or(0);
        let mut mischief = lock(&shared.mischief);
        let answers = mischief.answers(answers, dropped, last);
        shared.drive(mischief.after_appends(&ledger));
        answers
    }

    /// Every session of the database ends while the store writes. The nodes live on, and hear what the store says.
    fn perform_while_sessions_end(&self, appends: Vec<Append>) -> Answers {
        let shared = &self.shared;
        let ending = lock(&shared.storage).database().map(crate::storage::Database::end_sessions);
        let ledger = shared.ledger();
        let answers = shared.drive(ledger.append_many(appends));
        if let Some(ending) = ending {
            let _ = ending.join();
        }
        shared.faults.fetch_add(1, Ordering::SeqCst);
        // Until broken connections have made room for new ones.
        let mut answered = 0;
        while answered < 12 {
            let answers = shared.drive(ledger.last_position(&crate::org())).is_ok();
            answered = if answers { answered + 1 } else { 0 };
        }
        answers
    }

    /// The power fails while the store writes: what it had not yet answered is kept or not, and every node is gone.
    fn perform_in_power_cut(&self, appends: Vec<Append>) -> Answers {
        let shared = &self.shared;
        let count = appends.len();
        shared.cuts.fetch_add(1, Ordering::SeqCst);
        let mut storage = lock(&shared.storage);
        let before = storage.before_power_cut();
        let ledger = shared.ledger();
        if storage.writes_before_power_cut(&mut lock(&shared.dice)) {
            let _ = shared.drive(ledger.append_many(appends));
        }
        drop(ledger);
        let reopened = storage.power_cut(before.as_ref(), &mut lock(&shared.dice));
        shared.replace(reopened);
        (0..count).map(|_| Err(shared.unavailable("the power failed"))).collect()
    }
}

/// Appends that reach the store at the same moment, in this order.
async fn together(ledger: &Arc<dyn yinuo_ledger::Ledger>, appends: Vec<Append>) -> Answers {
    let mut pending: Vec<_> = appends.into_iter().map(|append| ledger.append(append)).collect();
    let mut answers: Vec<Option<Result<Appended, LedgerError>>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, answer) in pending.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let std::task::Poll::Ready(done) = future.as_mut().poll(context)
            {
                *answer = Some(done);
            }
        }
        if answers.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}
