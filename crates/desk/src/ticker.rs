//! The ticker: lets every alarm fire at its instant, once, also after the process was down.
//!
//! The alarm of a ticket is one of its view rows, so it moves or vanishes in the very transaction that ticks the ticket.
//! Nothing is remembered between two passes but the tickets that could not be ticked.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use yinuo_core::{
    id::TicketId,
    roster::Actor,
    ticket::{self, Command, Entry, Facts, Refusal},
};
use yinuo_ledger::{Alarm, LedgerError, Loaded};

use crate::{case::Draft, desk::Desk, error::DeskError};

/// Tickets ticked in one transaction.
const BATCH: u32 = 512;

/// The longest the ticker waits without looking, in case another process armed an alarm or changed the organisation.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// How long a ticker keeps the alarms that it works on from the tickers of other nodes. One that dies is replaced then.
const LEASE: SignedDuration = SignedDuration::from_secs(10);

/// How long the ticker waits after the ledger failed, or while another node works on what is due.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(1);

/// Tickets whose alarm could not be fired, with that alarm. They are left alone until their alarm moves.
type LeftAlone = BTreeMap<TicketId, Timestamp>;

/// What a pass of the ticker did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TickReport {
    /// Tickets that were ticked.
    pub ticked: u64,
    /// Tickets that somebody else changed at the same moment; the next pass takes them.
    pub missed: u64,
    /// Tickets that cannot be read, or whose alarm row does not fit their events; they are left alone until they change.
    pub stale: u64,
}

impl Desk {
    /// Ticks every ticket that has an alarm at or before now.
    pub async fn tick_due(&self) -> Result<TickReport, DeskError> {
        self.tick_all(&mut LeftAlone::new()).await
    }

    async fn tick_all(&self, left_alone: &mut LeftAlone) -> Result<TickReport, DeskError> {
        let mut report = TickReport::default();
        loop {
            let pass = self.tick_batch(left_alone).await?;
            report.ticked += pass.ticked;
            report.missed += pass.missed;
            report.stale += pass.stale;
            if pass == TickReport::default() {
                return Ok(report);
            }
        }
    }

    /// One transaction of ticks. A ticket that cannot be ticked holds up no other one.
    async fn tick_batch(&self, left_alone: &mut LeftAlone) -> Result<TickReport, DeskError> {
        let now = self.now();
        let due = self.due_alarms(now, left_alone).await?;
        if due.is_empty() {
            return Ok(TickReport::default());
        }
        let claimed = self.claimed(&due);
        let worked = self.tick_claimed(due, now, left_alone).await;
        if worked.is_err() {
            // Or they would be left to nobody until the lease is over. That is what happens if this fails too.
            let _ = self.0.ledger.release_alarms(&claimed).await;
        }
        worked
    }

    fn claimed(&self, due: &BTreeMap<TicketId, Timestamp>) -> Vec<Alarm> {
        due.iter().map(|(ticket, at)| Alarm { org: self.0.org.clone(), ticket: *ticket, at: *at }).collect()
    }

    async fn tick_claimed(
        &self,
        due: BTreeMap<TicketId, Timestamp>,
        now: Timestamp,
        left_alone: &mut LeftAlone,
    ) -> Result<TickReport, DeskError> {
        let mut report = TickReport::default();
        let mut loaded = self.load_due(&due).await?;
        let mut ticked: Vec<(TicketId, Draft)> = Vec::with_capacity(due.len());
        let mut silent = LeftAlone::new();
        for (id, at) in &due {
            let draft = match loaded.remove(id) {
                Some(loaded) => self.tick_draft(*id, loaded, now).await,
                None => Ok(None),
            };
            if let Err(error @ (DeskError::Full | DeskError::Unavailable(_))) = draft {
                return Err(error);
            }
            if let Ok(Some(draft)) = draft {
                ticked.push((*id, draft));
            } else {
                silent.insert(*id, *at);
            }
        }
        if !silent.is_empty() {
            let known = silent.len() as u64;
            silent = self.still_armed(silent, now).await?;
            report.missed += known - silent.len() as u64;
        }
        for (id, at) in silent {
            tracing::error!(ticket = %id, alarm_at = %at, "an alarm cannot be fired: the ticket is damaged or its row does not fit its events");
            report.stale += 1;
            left_alone.insert(id, at);
        }
        let (ids, drafts): (Vec<TicketId>, Vec<Draft>) = ticked.into_iter().unzip();
        let mut failed = None;
        for (id, kept) in ids.into_iter().zip(self.keep_many(drafts).await) {
            match kept {
                Ok(_) => report.ticked += 1,
                Err(LedgerError::Conflict { .. }) => {
                    self.count_conflict();
                    report.missed += 1;
                }
                Err(error @ (LedgerError::Full | LedgerError::Unavailable { .. })) => failed = Some(error),
                Err(error) => {
                    tracing::error!(ticket = %id, error = &error as &dyn std::error::Error, "a tick could not be kept");
                    report.stale += 1;
                    left_alone.extend(due.get(&id).map(|at| (id, *at)));
                }
            }
        }
        failed.map_or(Ok(report), |error| Err(error.into()))
    }

    /// Of alarms that turned out to have nothing to fire, those whose row still stands. Of the others somebody changed the
    /// ticket between the look at its alarm and the look at itself.
    async fn still_armed(&self, silent: LeftAlone, now: Timestamp) -> Result<LeftAlone, DeskError> {
        let armed = self.0.ledger.alarms_until(Some(&self.0.org), now, 16 * BATCH).await?;
        let stands = |(id, at): &(TicketId, Timestamp)| {
            armed.iter().any(|alarm| alarm.ticket == *id && alarm.at == *at)
        };
        Ok(silent.into_iter().filter(stands).collect())
    }

    /// Claims the next tickets to tick, with their alarms.
    async fn due_alarms(
        &self,
        now: Timestamp,
        left_alone: &LeftAlone,
    ) -> Result<BTreeMap<TicketId, Timestamp>, DeskError> {
        let limit = BATCH.saturating_add(u32::try_from(left_alone.len()).unwrap_or(u32::MAX));
        let due = self.0.ledger.claim_alarms(&self.0.org, now, limit, now, LEASE).await?;
        let due = due.into_iter().filter(|alarm| left_alone.get(&alarm.ticket) != Some(&alarm.at));
        Ok(due.map(|alarm| (alarm.ticket, alarm.at)).collect())
    }

    /// Loads what is to be ticked; tickets that cannot be read are left out.
    async fn load_due(
        &self,
        due: &BTreeMap<TicketId, Timestamp>,
    ) -> Result<BTreeMap<TicketId, Loaded<Entry>>, DeskError> {
        let ids: Vec<TicketId> = due.keys().copied().collect();
        match self.0.ledger.load_tickets(&self.0.org, &ids).await {
            Ok(loaded) => return Ok(loaded),
            Err(error @ (LedgerError::Full | LedgerError::Unavailable { .. })) => return Err(error.into()),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "one of the due tickets cannot be read"
                );
            }
        }
        let mut loaded = BTreeMap::new();
        for id in ids {
            if let Ok(Some(found)) = self.0.ledger.load_ticket(&self.0.org, id).await {
                loaded.insert(id, found);
            }
        }
        Ok(loaded)
    }

    /// The tick of one ticket; none if it has nothing to fire.
    async fn tick_draft(
        &self,
        id: TicketId,
        loaded: Loaded<Entry>,
        now: Timestamp,
    ) -> Result<Option<Draft>, DeskError> {
        let case = self.case(id, loaded).await?;
        let house = self.house();
        let noticed_at = now.max(case.ticket.last_at);
        let decided = {
            let mut load = self.load();
            let facts = Facts {
                commitments: &case.commitments,
                roster: &house.organisation.roster,
                load: load.open(),
            };
            let events = ticket::decide(&case.ticket, Command::Tick, Actor::System, &facts, noticed_at);
            events.map(|events| (self.reserve(&mut load, &events), events))
        };
        match decided {
            Ok((reservation, events)) => {
                let entry = Self::entry(&case.ticket, noticed_at, Actor::System, events);
                let mut draft = self.draft(&case, &house, &entry);
                draft.aftermath.reservation = reservation;
                Ok(Some(draft))
            }
            Err(Refusal::NothingChanges) => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Ticks as time goes, until `shutdown` turns true or nobody is left to turn it.
    pub async fn run_ticker(self, mut shutdown: watch::Receiver<bool>) {
        let mut left_alone = LeftAlone::new();
        let mut refreshed_at = self.now();
        while !*shutdown.borrow() {
            let now = self.now();
            if now.duration_since(refreshed_at) >= LOOK_AGAIN {
                refreshed_at = now;
                if let Err(error) = self.refresh().await {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the organisation could not be read again"
                    );
                }
            }
            let wakes = match self.tick_until_armed(&mut left_alone).await {
                Ok(Some(wakes)) => wakes,
                Ok(None) => continue,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the ticker could not work");
                    self.now().saturating_add(AFTER_FAILURE).unwrap_or(Timestamp::MAX)
                }
            };
            tokio::select! {
                () = self.0.ports.clock.sleep_until(wakes) => {}
                () = self.0.earlier_alarm.notified() => {}
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Ticks what is due; then says until when to wait, after everybody who arms an alarm can see it. None if an alarm
    /// was armed meanwhile that falls earlier: an alarm armed between the look and the promise would be overslept.
    async fn tick_until_armed(&self, left_alone: &mut LeftAlone) -> Result<Option<Timestamp>, DeskError> {
        let began = self.now();
        self.tick_all(left_alone).await?;
        let latest = self.now().saturating_add(LOOK_AGAIN).unwrap_or(Timestamp::MAX);
        let mut wakes = self.next_alarm(latest, left_alone).await?.unwrap_or(latest);
        if wakes <= began {
            // It was due and could not be claimed: another node has it.
            wakes = self.now().saturating_add(AFTER_FAILURE).unwrap_or(Timestamp::MAX);
            self.0.ticker_wakes_us.store(wakes.as_microsecond(), Ordering::SeqCst);
            return Ok(Some(wakes));
        }
        self.0.ticker_wakes_us.store(wakes.as_microsecond(), Ordering::SeqCst);
        let armed = self.next_alarm(latest, left_alone).await?;
        Ok(if armed.is_some_and(|armed| armed < wakes) { None } else { Some(wakes) })
    }

    /// The earliest alarm of the organisation up to `until` that is not left alone.
    async fn next_alarm(
        &self,
        until: Timestamp,
        left_alone: &LeftAlone,
    ) -> Result<Option<Timestamp>, DeskError> {
        // One more than are left alone: if there is any other one, it is among them.
        let limit = u32::try_from(left_alone.len()).unwrap_or(u32::MAX).saturating_add(1);
        let alarms = self.0.ledger.alarms_until(Some(&self.0.org), until, limit).await?;
        let mut others = alarms.iter().filter(|alarm| left_alone.get(&alarm.ticket) != Some(&alarm.at));
        Ok(others.next().map(|alarm| alarm.at))
    }
}
