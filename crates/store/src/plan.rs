//! The rows that a judged batch brings, table by table: each table takes one statement a batch.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Append, Appended, Enrolment, LedgerError, SealedViews};

use crate::cells::{Put, stream_bytes};

/// The rows to show for each ticket, and whether it has none yet, so that none need be looked for.
pub(crate) type Shown<'a> = BTreeMap<(&'a OrgId, TicketId), (&'a SealedViews, bool)>;

/// Rows for each table, in the order of the columns that the statements name.
#[derive(Default)]
pub(crate) struct Plan<P> {
    pub(crate) organisations: P,
    pub(crate) records: P,
    pub(crate) contents: P,
    pub(crate) idempotency: P,
    pub(crate) numbers: P,
    pub(crate) externals: P,
    pub(crate) jobs: P,
    pub(crate) persons: P,
    pub(crate) custody: P,
    pub(crate) contacts: P,
    /// Persons to be erased when everything else of the batch is written, with the instant.
    pub(crate) erasures: P,
}

impl<P: Put> Plan<P> {
    /// The rows of the appends that fit.
    pub(crate) fn of(appends: &[Append], answers: &[Result<Appended, LedgerError>]) -> Self {
        let mut plan = Self::default();
        let mut last: BTreeMap<&OrgId, u64> = BTreeMap::new();
        let mut days: BTreeMap<(&OrgId, Date), u32> = BTreeMap::new();
        for (append, appended) in fitting(appends, answers) {
            let org = append.sealed.org();
            last.insert(org, appended.position);
            if let Some(number) = append.number {
                let highest = days.entry((org, number.day)).or_default();
                *highest = number.number.max(*highest);
            }
            plan.put(append, appended.position);
        }
        for (org, position) in last {
            plan.organisations.row().text(org.as_str()).number(i64::try_from(position).unwrap_or(i64::MAX));
        }
        for ((org, day), number) in days {
            plan.numbers.row().text(org.as_str()).text(&day.to_string()).number(i64::from(number));
        }
        plan
    }

    fn put(&mut self, append: &Append, position: u64) {
        let sealed = &append.sealed;
        let org = sealed.org().as_str();
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let stream = stream_bytes(sealed.stream());
        let seq = i64::from(sealed.seq());
        self.records.row().text(org).number(position).bytes(&stream).number(seq);
        self.records.bytes(&sealed.hash().0).text(sealed.body());
        for content in sealed.contents() {
            self.contents.row().text(org).number(position).number(i64::from(content.n));
            self.contents.bytes(&content.sealed);
        }
        if let Some(idempotency) = &append.idempotency {
            self.idempotency.row().text(org).text(&idempotency.key).bytes(&stream).number(seq);
            self.idempotency.bytes(&idempotency.digest);
        }
        if let (Some(external), Some(ticket)) = (sealed.external(), sealed.stream().ticket()) {
            self.externals.row().text(org).text(external).uuid(ticket.uuid());
        }
        if let Some(enrolment) = &append.enrolment {
            self.enrol(org, sealed.stream().ticket().filter(|_| sealed.expected() == 0), enrolment);
        }
        for person in &append.erases {
            self.erasures.row().text(org).uuid(person.uuid()).number(sealed.at().as_microsecond());
        }
        for job in &append.jobs {
            self.jobs.row().text(org).uuid(job.id.uuid()).uuid_or_null(job.ticket.map(TicketId::uuid));
            self.jobs
                .text(&job.kind)
                .text(&job.payload)
                .text(&job.key)
                .number(job.not_before.as_microsecond());
        }
    }
}

impl<P: Put> Plan<P> {
    fn enrol(&mut self, org: &str, new_ticket: Option<TicketId>, enrolment: &Enrolment) {
        let person = enrolment.person.uuid();
        if let Some((wrapped, created_at)) = &enrolment.new {
            self.persons.row().text(org).uuid(person).bytes(wrapped.as_bytes());
            self.persons.number(created_at.as_microsecond());
        }
        if let Some(ticket) = new_ticket {
            self.custody.row().text(org).uuid(ticket.uuid()).uuid(person);
        }
        for contact in &enrolment.contacts {
            self.contacts.row().text(org).bytes(&contact.0).uuid(person);
        }
    }
}

/// The rows to show after the batch: of several appends to a ticket the last one's count; the ticket is new if the first
/// one was its first.
pub(crate) fn shown(appends: &[Append], fits: impl Fn(usize) -> bool) -> Shown<'_> {
    let mut shown = Shown::new();
    for (_, append) in appends.iter().enumerate().filter(|(index, _)| fits(*index)) {
        if let Some(views) = &append.views {
            let fresh = append.sealed.expected() == 0;
            let entry =
                shown.entry((append.sealed.org(), views.rows.ticket.ticket)).or_insert((views, fresh));
            entry.0 = views;
        }
    }
    shown
}

/// Rows that name the tickets which may have view rows before the batch, whatever of it fits: organisation and ticket.
pub(crate) fn maybe_replaced<P: Put>(appends: &[Append]) -> P {
    let later = appends.iter().filter(|append| append.views.is_some() && append.sealed.expected() > 0);
    let places = later.filter_map(|append| Some((append.sealed.org(), append.sealed.stream().ticket()?)));
    let mut rows = P::default();
    for (org, ticket) in places.collect::<BTreeSet<_>>() {
        rows.row().text(org.as_str()).uuid(ticket.uuid());
    }
    rows
}

fn fitting<'a>(
    appends: &'a [Append],
    answers: &'a [Result<Appended, LedgerError>],
) -> impl Iterator<Item = (&'a Append, &'a Appended)> {
    appends.iter().zip(answers).filter_map(|(append, answer)| Some((append, answer.as_ref().ok()?)))
}
