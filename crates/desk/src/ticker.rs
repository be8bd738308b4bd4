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
    ticket::{self, Command, Facts, Refusal},
};
use yinuo_ledger::{Append, LedgerError};

use crate::{
    case::{Aftermath, Case, Draft},
    desk::Desk,
    error::DeskError,
};

/// Tickets ticked in one transaction.
const BATCH: u32 = 512;

/// The longest the ticker waits without looking, in case another process armed an alarm.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// What a pass of the ticker did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TickReport {
    /// Tickets that were ticked.
    pub ticked: u64,
    /// Tickets that somebody else changed at the same moment; the next pass takes them.
    pub missed: u64,
    /// Tickets whose alarm row does not fit their events; they are left alone until they change.
    pub stale: u64,
}

impl Desk {
    /// Ticks every ticket that has an alarm at or before now.
    pub async fn tick_due(&self) -> Result<TickReport, DeskError> {
        let mut report = TickReport::default();
        let mut left_alone = BTreeMap::new();
        loop {
            let pass = self.tick_batch(&mut left_alone).await?;
            report.ticked += pass.ticked;
            report.missed += pass.missed;
            report.stale += pass.stale;
            if pass.ticked == 0 && pass.missed == 0 {
                return Ok(report);
            }
        }
    }

    /// One transaction of ticks.
    async fn tick_batch(
        &self,
        left_alone: &mut BTreeMap<TicketId, Timestamp>,
    ) -> Result<TickReport, DeskError> {
        let now = self.now();
        let limit = BATCH.saturating_add(u32::try_from(left_alone.len()).unwrap_or(0));
        let due = self.0.ledger.alarms_until(Some(&self.0.org), now, limit).await?;
        let due = due.into_iter().filter(|alarm| left_alone.get(&alarm.ticket) != Some(&alarm.at));
        let due: BTreeMap<TicketId, Timestamp> = due.map(|alarm| (alarm.ticket, alarm.at)).collect();
        let ids: Vec<TicketId> = due.keys().copied().collect();
        let mut report = TickReport::default();
        if ids.is_empty() {
            return Ok(report);
        }
        let loaded = self.0.ledger.load_tickets(&self.0.org, &ids).await?;
        let house = self.house();
        let mut drafts: Vec<Draft> = Vec::with_capacity(loaded.len());
        for (id, loaded) in loaded {
            let case = Case::new(id, loaded, &house)?;
            let noticed_at = now.max(case.ticket.last_at);
            let events = {
                let load = self.load();
                let facts =
                    Facts { commitments: &case.commitments, roster: &house.organisation.roster, load: &load };
                ticket::decide(&case.ticket, Command::Tick, Actor::System, &facts, noticed_at)
            };
            match events {
                Ok(events) => {
                    let entry = self.entry(&case.ticket, noticed_at, Actor::System, events);
                    drafts.push(self.draft(&case, &house, &entry));
                }
                Err(refusal) => {
                    if refusal != Refusal::NothingChanges {
                        tracing::error!(ticket = %id, code = refusal.code(), "a tick was refused");
                    }
                    tracing::warn!(ticket = %id, "the alarm row of a ticket does not fit its events");
                    report.stale += 1;
                    left_alone.extend(due.get(&id).map(|at| (id, *at)));
                }
            }
        }
        let (appends, aftermaths): (Vec<Append>, Vec<Aftermath>) =
            drafts.into_iter().map(|draft| (draft.append, draft.aftermath)).unzip();
        for (aftermath, kept) in aftermaths.iter().zip(self.0.ledger.append_many(appends).await) {
            match kept {
                Ok(appended) => {
                    report.ticked += 1;
                    self.kept(aftermath, appended);
                }
                Err(LedgerError::Conflict { .. }) => {
                    self.count_conflict();
                    report.missed += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(report)
    }

    /// Ticks as time goes, until `shutdown` turns true.
    pub async fn run_ticker(self, mut shutdown: watch::Receiver<bool>) {
        let mut left_alone = BTreeMap::new();
        while !*shutdown.borrow() {
            let wakes = match self.next_wake(&mut left_alone).await {
                Ok(wakes) => wakes,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the ticker could not work");
                    self.now().saturating_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX)
                }
            };
            self.0.ticker_wakes_us.store(wakes.as_microsecond(), Ordering::Release);
            // An alarm that was armed between the look and the store would be overslept: look once more.
            let armed = self.0.ledger.next_alarm_at().await.ok().flatten();
            let sooner = armed.is_some_and(|armed| armed < wakes && left_alone.is_empty());
            if sooner {
                continue;
            }
            tokio::select! {
                () = self.0.ports.clock.sleep_until(wakes) => {}
                () = self.0.earlier_alarm.notified() => {}
                _ = shutdown.changed() => {}
            }
        }
    }

    /// Ticks what is due; then says when to look again.
    async fn next_wake(
        &self,
        left_alone: &mut BTreeMap<TicketId, Timestamp>,
    ) -> Result<Timestamp, DeskError> {
        loop {
            let pass = self.tick_batch(left_alone).await?;
            if pass.ticked == 0 && pass.missed == 0 {
                break;
            }
        }
        let now = self.now();
        let latest = now.saturating_add(LOOK_AGAIN).unwrap_or(Timestamp::MAX);
        if !left_alone.is_empty() {
            return Ok(latest.min(now.saturating_add(SignedDuration::from_millis(50)).unwrap_or(latest)));
        }
        let next = self.0.ledger.next_alarm_at().await?;
        Ok(next.map_or(latest, |next| next.min(latest)))
    }
}
