//! A ticket on the desk: loaded, with everything that a decision about it needs; and how an entry is kept.

use std::sync::{Arc, atomic::Ordering};

use jiff::Timestamp;
use yinuo_commitment::Commitment;
use yinuo_core::{
    id::{MemberId, TicketId},
    roster::Actor,
    ticket::{self, Entry, Event, Facts, Ticket},
    view,
};
use yinuo_ledger::{
    Append, Appended, Custody, DayNumber, Enrolment, Idempotency, LedgerError, Loaded, SealedViews, Tail,
    record,
};

use crate::{
    desk::{Desk, House, Reservation},
    effects,
    error::DeskError,
    feed::Change,
    meters::Meters,
};

/// A ticket loaded for a decision.
pub(crate) struct Case {
    pub(crate) ticket: Ticket,
    pub(crate) entries: Vec<Entry>,
    pub(crate) tail: Tail,
    pub(crate) commitments: Vec<Arc<Commitment>>,
    /// Whose it is: the key under which its words are sealed.
    pub(crate) custody: Custody,
}

/// What an entry is appended to.
#[derive(Clone, Copy)]
pub(crate) enum Before<'a> {
    /// Nothing: it begins the ticket of this person.
    Nothing(&'a Custody, &'a Enrolment),
    /// A ticket that exists.
    Case(&'a Case),
}

impl Case {
    /// Takes up an entry that was kept.
    pub(crate) fn take_up(&mut self, entry: Entry, appended: Appended) {
        self.ticket = ticket::apply(self.ticket.clone(), &entry);
        self.entries.push(entry);
        self.tail = Tail { version: appended.seq, head: appended.hash };
    }
}

/// The person who has a ticket open, for the tally of open tickets: the owner of its row, if the row is open. A closed
/// ticket may be: somebody still owes a remedy or a call-back.
fn open_owner(ticket: &Ticket, facts: &Facts<'_>) -> Option<MemberId> {
    let owner = ticket.assignment.as_ref().and_then(|owned| owned.member)?;
    let open = ticket.closed_at().is_none() || view::views(ticket, facts).ticket.open;
    open.then_some(owner)
}

/// A change of a ticket, ready to be appended.
pub(crate) struct Draft {
    pub(crate) append: Append,
    pub(crate) aftermath: Aftermath,
}

/// What follows once a draft is on record.
pub(crate) struct Aftermath {
    pub(crate) ticket: TicketId,
    pub(crate) at: Timestamp,
    /// Who had the ticket open before and after, for the tally of open tickets.
    pub(crate) owners: (Option<MemberId>, Option<MemberId>),
    /// Room reserved for the new owner until the tally counts the ticket.
    pub(crate) reservation: Option<Reservation>,
    pub(crate) alarm_at: Option<Timestamp>,
    /// When the alarms that fired were planned.
    pub(crate) fired: Vec<Timestamp>,
    pub(crate) has_jobs: bool,
}

impl Desk {
    /// Loads a ticket.
    pub(crate) async fn load_case(&self, id: TicketId) -> Result<Case, DeskError> {
        let loaded = self.0.ledger.load_ticket(&self.0.org, id).await?;
        self.case(id, loaded.ok_or(DeskError::NotFound { what: "ticket" })?).await
    }

    /// The case of a loaded ticket. It may pin a commitment that another process has just published: then the
    /// organisation is looked at again.
    pub(crate) async fn case(&self, id: TicketId, loaded: Loaded<Entry>) -> Result<Case, DeskError> {
        let tail = loaded.tail();
        let ticket = ticket::fold(id, &loaded.entries)
            .ok_or_else(|| LedgerError::corrupt(format!("{id} does not begin with a receipt")))?;
        let house = self.house();
        if !ticket.pins.iter().all(|pin| house.commitments.contains_key(&pin.hash)) {
            self.refresh().await?;
        }
        let commitments = self.house().pinned(&ticket.pins)?;
        let custody = loaded.custody()?.clone();
        Ok(Case { ticket, entries: loaded.entries, tail, commitments, custody })
    }

    /// An entry cannot happen before the one before it: a clock that was set back does not turn the order around.
    pub(crate) fn entry(ticket: &Ticket, at: Timestamp, actor: Actor, events: Vec<Event>) -> Entry {
        Entry { at: at.max(ticket.last_at), actor, events }
    }

    /// Prepares the append of `entry` to a ticket that exists.
    pub(crate) fn draft(&self, case: &Case, house: &House, entry: &Entry) -> Draft {
        let after = ticket::apply(case.ticket.clone(), entry);
        self.drafted(Before::Case(case), &after, &case.commitments, house, entry, None, None)
    }

    /// Prepares the append of `entry`, after which the ticket is `after`.
    pub(crate) fn drafted(
        &self,
        before: Before<'_>,
        after: &Ticket,
        commitments: &[Arc<Commitment>],
        house: &House,
        entry: &Entry,
        idempotency: Option<Idempotency>,
        number: Option<DayNumber>,
    ) -> Draft {
        let no_load = std::collections::BTreeMap::new();
        let facts = Facts { commitments, roster: &house.organisation.roster, load: &no_load };
        let views = view::views(after, &facts);
        let (case, custody) = match before {
            Before::Nothing(custody, _) => (None, custody),
            Before::Case(case) => (Some(case), &case.custody),
        };
        let mut random = |bytes: &mut [u8]| self.fill_random(bytes);
        let (org, tail) = (&self.0.org, case.map(|case| case.tail));
        let sealed = record::seal_ticket(org, after.id, tail, entry, self.now(), custody, &mut random);
        let jobs = effects::jobs(self, case.map(|case| &case.ticket), after, &facts, entry);
        let fired = entry.events.iter().filter_map(|event| match event {
            Event::AlarmFired { planned_at, .. } => Some(*planned_at),
            _ => None,
        });
        let aftermath = Aftermath {
            ticket: after.id,
            at: entry.at,
            owners: (
                case.and_then(|case| open_owner(&case.ticket, &facts)),
                views.ticket.member.filter(|_| views.ticket.open),
            ),
            reservation: None,
            alarm_at: views.alarm_at,
            fired: fired.collect(),
            has_jobs: !jobs.is_empty(),
        };
        let enrolment = self.enrolment(before, entry);
        let views = Some(SealedViews::seal(org, views, custody, &mut random));
        let append = Append { views, jobs, idempotency, number, enrolment, ..Append::new(sealed) };
        Draft { append, aftermath }
    }

    /// Appends a draft, then tells whoever waits.
    pub(crate) async fn keep(&self, draft: Draft) -> Result<Appended, LedgerError> {
        let desk = self.clone();
        finished(tokio::spawn(async move {
            let appended = desk.0.ledger.append(draft.append).await?;
            desk.kept(&draft.aftermath, appended);
            Ok(appended)
        }))
        .await
    }

    /// Appends drafts in one transaction, then tells whoever waits. The answers are in the order of the drafts.
    pub(crate) async fn keep_many(&self, drafts: Vec<Draft>) -> Vec<Result<Appended, LedgerError>> {
        let desk = self.clone();
        let count = drafts.len();
        let kept = finished(tokio::spawn(async move {
            let (appends, aftermaths): (Vec<Append>, Vec<Aftermath>) =
                drafts.into_iter().map(|draft| (draft.append, draft.aftermath)).unzip();
            let kept = desk.0.ledger.append_many(appends).await;
            for (aftermath, kept) in aftermaths.into_iter().zip(&kept) {
                if let Ok(appended) = kept {
                    desk.kept(&aftermath, *appended);
                }
            }
            Ok(kept)
        }))
        .await;
        kept.unwrap_or_else(|_| (0..count).map(|_| Err(cut_off())).collect())
    }

    /// Tells whoever waits that a draft is on record.
    fn kept(&self, aftermath: &Aftermath, appended: Appended) {
        let (before, after) = aftermath.owners;
        self.load().shift(before, after);
        let wakes = self.0.ticker_wakes_us.load(Ordering::Acquire);
        if aftermath.alarm_at.is_some_and(|at| at.as_microsecond() < wakes) {
            self.0.earlier_alarm.notify_one();
        }
        if aftermath.has_jobs {
            self.0.new_jobs.notify_one();
        }
        if !aftermath.fired.is_empty() {
            let now = self.now().as_microsecond();
            for planned_at in &aftermath.fired {
                let late_us = now.saturating_sub(planned_at.as_microsecond());
                self.0.meters.alarm(u64::try_from(late_us).unwrap_or(0));
            }
        }
        self.tell(Change {
            position: appended.position,
            ticket: Some(aftermath.ticket),
            version: appended.seq,
            at: aftermath.at,
            notice_for: None,
        });
    }

    /// How often a conflict is resolved by deciding again before the caller is told to try later.
    pub(crate) const TRIES: u32 = 8;

    pub(crate) fn count_conflict(&self) {
        Meters::add(&self.0.meters.conflicts);
    }

    /// Somebody else was faster at every try.
    pub(crate) fn overtaken(what: &str) -> DeskError {
        let reason = format!("{what} {} times while this was decided", Self::TRIES);
        DeskError::Unavailable(LedgerError::Unavailable { reason, source: None })
    }
}

/// Waits for an append in a task of its own. A caller that hangs up in the middle drops only the waiting: what is on
/// record is also counted, announced and watched by the ticker.
async fn finished<T>(task: tokio::task::JoinHandle<Result<T, LedgerError>>) -> Result<T, LedgerError> {
    match task.await {
        Ok(kept) => kept,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(cut_off()),
    }
}

fn cut_off() -> LedgerError {
    LedgerError::Unavailable { reason: "the process is stopping".to_owned(), source: None }
}
