//! A store that does wrong on purpose, once, so that the auditor can be seen to notice.

use std::{collections::BTreeMap, sync::Arc};

use jiff::SignedDuration;
use yinuo_core::{
    id::{NoticeId, TicketId},
    roster::Actor,
    ticket::{Entry, Event},
};
use yinuo_ledger::{Append, Appended, Hash, Ledger, LedgerError, Notice, Page, Stream, TicketFilter, record};

/// What a store does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mischief {
    /// Acknowledges an intake and keeps nothing.
    DropIntake,
    /// Acknowledges a command and keeps nothing.
    DropCommand,
    /// Keeps an entry without its jobs.
    LoseJobs,
    /// Keeps an intake without its idempotency key.
    ForgetKey,
    /// Keeps an entry and leaves the view rows as they were.
    KeepOldRows,
    /// Keeps a row with a due instant of its own.
    WrongDue,
    /// Keeps no alarm.
    ForgetAlarm,
    /// Puts the last alarm on record once more.
    FireTwice,
    /// Puts an alarm on record that is not yet due.
    FireEarly,
    /// Answers a request that is sent again with the receipt of another.
    WrongReceipt,
    /// Answers with another hash than that of the record.
    WrongHash,
    /// Answers with another position than that of the record.
    WrongPosition,
    /// Puts an entry on record that nobody asked for.
    InventEntry,
    /// Loses a notice.
    LoseNotice,
}

impl Mischief {
    /// Every one.
    pub const ALL: [Mischief; 14] = [
        Mischief::DropIntake,
        Mischief::DropCommand,
        Mischief::LoseJobs,
        Mischief::ForgetKey,
        Mischief::KeepOldRows,
        Mischief::WrongDue,
        Mischief::ForgetAlarm,
        Mischief::FireTwice,
        Mischief::FireEarly,
        Mischief::WrongReceipt,
        Mischief::WrongHash,
        Mischief::WrongPosition,
        Mischief::InventEntry,
        Mischief::LoseNotice,
    ];
}

/// The mischief of one course.
#[derive(Debug, Default)]
pub(crate) struct Mischievous {
    what: Option<Mischief>,
    /// Occasions that are still let pass.
    wait: u64,
    done: bool,
    /// The append of the batch under way that it was done to.
    done_to: Option<usize>,
    lost: Option<NoticeId>,
    used_keys: BTreeMap<String, (Stream, u32)>,
}

/// An append that was acknowledged and not kept: its place in the batch and what it should have got.
pub(crate) type Dropped = Option<(usize, u32, Hash)>;

impl Mischievous {
    /// Does `what` on the occasion after the first `wait` ones.
    pub(crate) fn new(what: Option<Mischief>, wait: u64) -> Self {
        Self { what, wait, ..Self::default() }
    }

    /// Whether it was done.
    pub(crate) const fn done(&self) -> bool {
        self.done
    }

    /// Whether this occasion for `what` is the one.
    fn now(&mut self, what: Mischief) -> bool {
        if self.what != Some(what) || self.done {
            return false;
        }
        self.done = self.wait == 0;
        self.wait = self.wait.saturating_sub(1);
        self.done
    }

    pub(crate) fn appends(&mut self, mut appends: Vec<Append>) -> (Vec<Append>, Dropped) {
        let mut dropped = None;
        let before = self.done;
        for (index, append) in appends.iter_mut().enumerate() {
            if self.done && !before {
                break;
            }
            self.done_to = Some(index);
            let Some(sealed_views) = &mut append.views else { continue };
            let views = &mut sealed_views.rows;
            let (seq, hash) = (append.sealed.seq(), append.sealed.hash());
            // A tick that is lost is made up for by the next one.
            let by_people = seq > 1 && !append.sealed.body().contains("\"actor\":\"system\"");
            if seq == 1 && self.now(Mischief::DropIntake) || by_people && self.now(Mischief::DropCommand) {
                dropped = Some((index, seq, hash));
            }
            if views.clocks.iter().any(|clock| clock.due_at.is_some()) && self.now(Mischief::WrongDue) {
                for due_at in views.clocks.iter_mut().filter_map(|clock| clock.due_at.as_mut()) {
                    *due_at += SignedDuration::from_mins(1);
                }
            }
            if views.alarm_at.is_some() && self.now(Mischief::ForgetAlarm) {
                views.alarm_at = None;
            }
            if seq > 1 && self.now(Mischief::KeepOldRows) {
                append.views = None;
            }
            if !append.jobs.is_empty() && self.now(Mischief::LoseJobs) {
                append.jobs.clear();
            }
            if append.idempotency.is_some() && self.now(Mischief::ForgetKey) {
                append.idempotency = None;
            }
            if let Some(used) = &append.idempotency {
                self.used_keys.insert(used.key.clone(), (append.sealed.stream(), seq));
            }
        }
        if let Some((index, ..)) = dropped {
            appends.remove(index);
        }
        if before || !self.done || dropped.is_some() {
            self.done_to = None;
        }
        (appends, dropped)
    }

    pub(crate) fn answers(
        &mut self,
        mut answers: Vec<Result<Appended, LedgerError>>,
        dropped: Dropped,
        last: u64,
    ) -> Vec<Result<Appended, LedgerError>> {
        // What the store refused had no effect: the next occasion.
        if self.done_to.take().and_then(|index| answers.get(index)).is_some_and(Result::is_err) {
            self.done = false;
        }
        for appended in answers.iter_mut().flatten() {
            if self.now(Mischief::WrongHash) {
                appended.hash.0[0] ^= 1;
            }
            // Of a command nobody is told the position.
            if appended.seq == 1 && self.now(Mischief::WrongPosition) {
                appended.position += 1;
            }
        }
        if let Some((index, seq, hash)) = dropped {
            answers.insert(index, Ok(Appended { position: last + 1, seq, hash }));
        }
        answers
    }

    pub(crate) fn find_idempotency(
        &mut self,
        key: &str,
        found: Result<Option<(Stream, u32, [u8; 32])>, LedgerError>,
    ) -> Result<Option<(Stream, u32, [u8; 32])>, LedgerError> {
        let Ok(Some((stream, _, digest))) = &found else { return found };
        let mut others = self.used_keys.iter().filter(|(other, (of, _))| *other != key && of != stream);
        let Some((of, seq)) = others.next().map(|(_, used)| *used) else { return found };
        let again = self.done && self.what == Some(Mischief::WrongReceipt);
        if again || self.now(Mischief::WrongReceipt) { Ok(Some((of, seq, *digest))) } else { found }
    }

    pub(crate) fn put_notices(&mut self, mut notices: Vec<Notice>) -> Vec<Notice> {
        if let Some(last) = notices.last()
            && self.now(Mischief::LoseNotice)
        {
            self.lost = Some(last.id);
        }
        // Also if it is delivered again.
        notices.retain(|notice| Some(notice.id) != self.lost);
        notices
    }

    /// Entries that nobody asked for, with rows that fit.
    pub(crate) async fn after_appends(&mut self, ledger: &Arc<dyn Ledger>) {
        let invents = [Mischief::FireTwice, Mischief::FireEarly, Mischief::InventEntry];
        let Some(what) = self.what.filter(|what| invents.contains(what) && !self.done) else { return };
        let org = crate::org();
        let filter = TicketFilter::default();
        let Ok(page) = ledger.list_tickets(&org, &filter, &Page::first(1_000)).await else { return };
        for row in page.rows {
            let Ok(Some(loaded)) = ledger.load_ticket(&org, row.ticket).await else { continue };
            let Some(entry) = invented(what, row.ticket, &loaded.entries) else { continue };
            if !self.now(what) {
                return;
            }
            let Ok(custody) = loaded.custody() else { return };
            let (tail, mut random) = (Some(loaded.tail()), |bytes: &mut [u8]| bytes.fill(7));
            let sealed = record::seal_ticket(&org, row.ticket, tail, &entry, entry.at, custody, &mut random);
            let _ = ledger.append(Append::new(sealed)).await;
            return;
        }
    }
}

fn invented(what: Mischief, ticket: TicketId, entries: &[Entry]) -> Option<Entry> {
    let last = entries.last()?;
    let events = if what == Mischief::InventEntry {
        vec![Event::Noted { body: ticket.to_string().into() }]
    } else {
        let mut events = entries.iter().flat_map(|entry| &entry.events);
        let mut again = events.rfind(|event| matches!(event, Event::AlarmFired { .. }))?.clone();
        if let (Mischief::FireEarly, Event::AlarmFired { planned_at, noticed_at, .. }) = (what, &mut again) {
            *planned_at = *noticed_at + SignedDuration::from_mins(1);
        }
        vec![again]
    };
    let actor = if what == Mischief::InventEntry { Actor::Customer } else { Actor::System };
    Some(Entry { at: last.at, actor, events })
}
