//! Tailing: every node takes up what the other nodes appended, whoever serves the request.
//!
//! The log's positions have no gaps and no late commits, so one number says what a node knows. A wake-up of the store is
//! a hint and nothing more: one that is lost costs [`LOOK_AGAIN`], never a record.

use std::{
    collections::BTreeSet,
    sync::{MutexGuard, PoisonError, atomic::Ordering},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use yinuo_ledger::{Head, Stream};

use crate::{desk::Desk, error::DeskError, feed::Change, meters::Meters};

/// Records read at a time.
const BATCH: u32 = 512;

/// The longest that the tail waits without looking.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(2);

/// The shortest between two times of [`Desk::catch_up`].
const CATCH_UP_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// The shortest between two signs that other nodes are at work, and the longest once they were.
const ELSEWHERE_EVERY: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(3), SignedDuration::from_secs(30));

/// When the tail did what it does not do at every record.
struct Rounds {
    /// Others have appended since the last time of [`Desk::catch_up`].
    behind: bool,
    caught_up_at: Timestamp,
    /// Others have appended since the last sign.
    news: bool,
    told_at: Option<Timestamp>,
}

/// Which positions the live feed has told, by the desk's own appends or by tailing: each once.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Every position up to this one.
    upto: u64,
    /// Positions beyond it. The desk's own appends get here before what others appended before them.
    beyond: BTreeSet<u64>,
}

impl Told {
    /// Every position up to `upto` is old news.
    pub(crate) fn upto(upto: u64) -> Self {
        Self { upto, beyond: BTreeSet::new() }
    }

    /// Whether the feed has told this position.
    fn has(&self, position: u64) -> bool {
        position <= self.upto || self.beyond.contains(&position)
    }

    /// Notes that the feed tells this position. False if it has already.
    fn first(&mut self, position: u64) -> bool {
        if position <= self.upto || !self.beyond.insert(position) {
            return false;
        }
        while self.beyond.first().is_some_and(|next| *next == self.upto.saturating_add(1)) {
            self.beyond.pop_first();
            self.upto = self.upto.saturating_add(1);
        }
        true
    }
}

impl Desk {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever watches about a record, unless they were told already.
    pub(crate) fn tell(&self, change: Change) -> bool {
        let first = self.told().first(change.position);
        if first {
            // Nobody watching is fine.
            let _ = self.0.feed.send(change);
        }
        first
    }

    /// Takes up what other nodes have appended: the live feed tells it, the organisation is read again if it changed, the
    /// ticker is woken for an earlier alarm. Says how many records these were.
    pub async fn read_on(&self) -> Result<u64, DeskError> {
        let _one_at_a_time = self.0.tailing.lock().await;
        let mut taken = 0;
        loop {
            let after = self.told().upto;
            let last = self.0.ledger.last_position(&self.0.org).await?;
            if last < after {
                self.log_shrank(after, last);
            }
            let after = after.min(last);
            if last == after {
                break;
            }
            let heads = self.0.ledger.read_heads(&self.0.org, after, BATCH).await?;
            if heads.is_empty() {
                break;
            }
            // Before anybody is told: whoever looks then has to find the newer letters and people.
            let news = |head: &&Head| head.stream == Stream::Organisation && !self.told().has(head.position);
            if heads.iter().find(news).is_some() {
                self.refresh().await?;
            }
            taken += heads.iter().map(|head| u64::from(self.tell(change(head)))).sum::<u64>();
        }
        if taken > 0 {
            self.0.meters.tailed.fetch_add(taken, Ordering::Relaxed);
            self.wake_ticker_if_earlier().await?;
        }
        Ok(taken)
    }

    /// Positions were taken back: the database was replaced by an older one while this node ran.
    fn log_shrank(&self, known: u64, last: u64) {
        tracing::error!(
            known,
            last,
            "the log is shorter than it was: was an older copy of the database put in its place? Verify it, and start every node again"
        );
        Meters::add(&self.0.meters.shrunk);
        *self.told() = Told::upto(last);
    }

    /// The ticker sleeps until the earliest alarm that it knows; another node may have armed an earlier one.
    async fn wake_ticker_if_earlier(&self) -> Result<(), DeskError> {
        let wakes_us = self.0.ticker_wakes_us.load(Ordering::Acquire);
        let until = Timestamp::from_microsecond(wakes_us).unwrap_or(Timestamp::MAX);
        let earliest = self.0.ledger.alarms_until(Some(&self.0.org), until, 1).await?;
        // One that is due is being worked on, by the node that armed it or by another one.
        let now = self.now();
        if earliest.first().is_some_and(|alarm| alarm.at > now && alarm.at.as_microsecond() < wakes_us) {
            self.0.earlier_alarm.notify_one();
        }
        Ok(())
    }

    /// What need not follow at once after others appended: counts the open tickets of each person again, and has jobs
    /// delivered that a node left lying. True if the count may already be behind what this desk did meanwhile.
    pub async fn catch_up(&self) -> Result<bool, DeskError> {
        let behind = self.recount().await?;
        let next = self.0.ledger.next_job_at().await?;
        if next.is_some_and(|next| next <= self.now()) {
            self.0.new_jobs.notify_one();
        }
        Ok(behind)
    }

    async fn tail_once(&self, rounds: &mut Rounds) -> Result<(), DeskError> {
        let now = self.now();
        let taken = self.read_on().await?;
        rounds.behind |= taken > 0;
        rounds.news |= taken > 0;
        if rounds.behind && now.duration_since(rounds.caught_up_at) >= CATCH_UP_EVERY {
            rounds.caught_up_at = now;
            rounds.behind = self.catch_up().await?;
        }
        let (shortest, longest) = ELSEWHERE_EVERY;
        let due = rounds.told_at.map_or(rounds.news, |told_at| {
            now.duration_since(told_at) >= if rounds.news { shortest } else { longest }
        });
        if due {
            (rounds.news, rounds.told_at) = (false, Some(now));
            self.0.elsewhere.send_replace(());
        }
        Ok(())
    }

    /// Takes up what others append as it comes, until `shutdown` turns true or nobody is left to turn it.
    pub async fn run_tail(self, mut shutdown: watch::Receiver<bool>) {
        let mut appended = self.0.ledger.appended();
        let mut rounds = Rounds { behind: false, caught_up_at: Timestamp::MIN, news: false, told_at: None };
        while !*shutdown.borrow() {
            appended.borrow_and_update();
            let worked = self.tail_once(&mut rounds).await;
            if let Err(error) = &worked {
                tracing::error!(error = error as &dyn std::error::Error, "the tail could not read on");
            }
            let wait = if rounds.behind && worked.is_ok() { CATCH_UP_EVERY } else { LOOK_AGAIN };
            let until = self.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(until) => {}
                // A store that is closing wakes nobody any more.
                Ok(()) = appended.changed(), if worked.is_ok() => {}
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

fn change(head: &Head) -> Change {
    Change {
        position: head.position,
        ticket: head.stream.ticket(),
        version: head.seq,
        at: head.at,
        notice_for: None,
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn each_position_is_told_once_in_whatever_order_they_come() {
        let mut told = Told::upto(3);
        let first: Vec<bool> = [3, 5, 4, 5, 4, 9, 7, 8, 6, 9, 10].map(|position| told.first(position)).into();
        let expected = [false, true, true, false, false, true, true, true, true, false, true];
        assert_eq!(first, expected);
        assert_eq!((told.upto, told.beyond.len()), (10, 0), "nothing is remembered one by one for long");
        assert!(told.has(10) && !told.has(11));
    }
}
