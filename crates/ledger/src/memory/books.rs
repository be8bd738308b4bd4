//! Everything of one organisation, and the one place that changes its log.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use yinuo_core::{
    id::{JobId, MemberId, NoticeId, OrgId, PersonId, TicketId},
    ticket::Entry,
    view::TicketRow,
};

use crate::{
    Append, Appended, Counts, Custody, Enrolment, Growth, Hash, Job, KeptCheckpoint, KeptPerson, LedgerError,
    Loaded, NewJob, Notice, SealedViews, Session, Stored, Stream, Vault, chain, reading,
    rows::Rows,
    transfer::Standing,
    vault::{Contact, SealedContent, Wrapped},
};

#[derive(Default)]
pub(super) struct Books {
    pub(super) records: Vec<Stored>,
    pub(super) streams: BTreeMap<Stream, Vec<usize>>,
    pub(super) views: BTreeMap<TicketId, SealedViews>,
    pub(super) numbers: BTreeMap<String, TicketId>,
    pub(super) externals: BTreeMap<String, TicketId>,
    pub(super) idempotency: BTreeMap<String, (Stream, u32, [u8; 32])>,
    pub(super) days: BTreeMap<Date, u32>,
    pub(super) jobs: Vec<KeptJob>,
    pub(super) job_keys: BTreeSet<String>,
    pub(super) passwords: BTreeMap<MemberId, String>,
    pub(super) sessions: BTreeMap<[u8; 32], Session>,
    pub(super) notices: BTreeMap<NoticeId, Notice>,
    /// By model and digest of the text.
    pub(super) vectors: BTreeMap<(String, [u8; 32]), Vec<u8>>,
    pub(super) tiles: BTreeMap<(u8, u64), Vec<Hash>>,
    pub(super) checkpoint: Option<KeptCheckpoint>,
    pub(super) persons: BTreeMap<PersonId, KeptPerson>,
    pub(super) custody: BTreeMap<TicketId, PersonId>,
    pub(super) contacts: BTreeMap<Contact, PersonId>,
    /// Contacts that somebody has named to whom they do not belong.
    pub(super) mentions: BTreeSet<(Contact, PersonId)>,
    pub(super) secrets: BTreeMap<String, Wrapped>,
    pub(super) standing: Standing,
    pub(super) index: super::search_side::Index,
    /// Contents that have arrived before their records.
    pub(super) early: BTreeMap<u64, Vec<SealedContent>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobState {
    Waiting,
    Done,
    GivenUp,
}

pub(super) struct KeptJob {
    pub(super) job: Job,
    pub(super) state: JobState,
    /// Not to be claimed before: `not_before`, then the end of a lease or the instant of a retry.
    pub(super) free_at: Timestamp,
}

impl Books {
    pub(super) fn version(&self, stream: Stream) -> u32 {
        self.streams.get(&stream).map_or(0, |records| u32::try_from(records.len()).unwrap_or(u32::MAX))
    }

    fn head(&self, org: &OrgId, stream: Stream) -> Hash {
        let last = self.streams.get(&stream).and_then(|records| records.last());
        last.and_then(|index| self.records.get(*index))
            .map_or_else(|| chain::genesis(org, stream), |stored| stored.hash)
    }

    /// The records of a stream, in order.
    pub(super) fn stream(&self, stream: Stream) -> Vec<Stored> {
        let indexes = self.streams.get(&stream).into_iter().flatten();
        indexes.filter_map(|index| self.records.get(*index)).cloned().collect()
    }

    pub(super) fn ticket(
        &self,
        vault: &Vault,
        org: &OrgId,
        ticket: TicketId,
    ) -> Result<Option<Loaded<Entry>>, LedgerError> {
        let custody = self.custody_of(vault, org, ticket)?;
        reading::ticket(org, ticket, &self.stream(Stream::Ticket(ticket)), custody.as_ref())
    }

    /// Whose the ticket is.
    pub(super) fn custody_of(
        &self,
        vault: &Vault,
        org: &OrgId,
        ticket: TicketId,
    ) -> Result<Option<Custody>, LedgerError> {
        let person = self.custody.get(&ticket).and_then(|person| self.persons.get(person));
        person.map(|kept| vault.custody(org, kept.person, kept.wrapped.as_ref())).transpose()
    }

    /// The row of a ticket with its words.
    pub(super) fn row(
        &self,
        vault: &Vault,
        org: &OrgId,
        views: &SealedViews,
    ) -> Result<TicketRow, LedgerError> {
        let mut row = views.rows.ticket.clone();
        if let Some(custody) = self.custody_of(vault, org, row.ticket)? {
            let (subject, customer) = (views.subject.as_deref(), views.customer.as_deref());
            SealedViews::open_row(&mut row, org, &custody, subject, customer)?;
        }
        Ok(row)
    }

    fn judge(&self, append: &Append) -> Result<(), LedgerError> {
        append.fits()?;
        self.standing.must_be_open()?;
        let sealed = &append.sealed;
        if let Some(idempotency) = &append.idempotency
            && let Some((stream, seq, digest)) = self.idempotency.get(&idempotency.key)
        {
            let same_request = *digest == idempotency.digest;
            return Err(LedgerError::Duplicate { stream: *stream, seq: *seq, same_request });
        }
        let actual = self.version(sealed.stream());
        if sealed.expected() != actual {
            return Err(LedgerError::Conflict { actual });
        }
        if sealed.prev() != self.head(sealed.org(), sealed.stream()) {
            return Err(LedgerError::Unfit {
                what: "the record is chained to another one than the last of its stream",
            });
        }
        if let Some(SealedViews { rows, .. }) = &append.views
            && self.numbers.get(&rows.ticket.number).is_some_and(|ticket| *ticket != rows.ticket.ticket)
        {
            return Err(LedgerError::NumberTaken { number: rows.ticket.number.clone() });
        }
        if append
            .erases_as_of
            .is_some_and(|as_of| append.erases.iter().any(|person| self.touched(*person) > as_of))
        {
            return Err(LedgerError::PersonChanged);
        }
        self.judge_person(append)
    }

    /// The last position at which anything was recorded about a person; 0 if nothing was.
    fn touched(&self, person: PersonId) -> u64 {
        let tickets = self.custody.iter().filter(|(_, owner)| **owner == person);
        let last =
            |ticket: &TicketId| self.streams.get(&Stream::Ticket(*ticket)).and_then(|records| records.last());
        tickets.filter_map(|(ticket, _)| last(ticket)).max().map_or(0, |index| *index as u64 + 1)
    }

    fn judge_person(&self, append: &Append) -> Result<(), LedgerError> {
        let Some(person) = append.sealed.person() else { return Ok(()) };
        let is_new = append.enrolment.as_ref().is_some_and(|enrolment| enrolment.new.is_some());
        let known = self.persons.get(&person);
        if is_new != known.is_none() {
            return Err(LedgerError::Unfit { what: "a person is either new or known" });
        }
        let erased = known.is_some_and(|known| known.wrapped.is_none());
        let brings_words = append.enrolment.is_some() || !append.sealed.contents().is_empty();
        let contacts = append.enrolment.iter().flat_map(|enrolment| &enrolment.contacts);
        let taken = is_new && contacts.into_iter().any(|contact| self.contacts.contains_key(contact));
        if taken || (erased && brings_words) { Err(LedgerError::PersonChanged) } else { Ok(()) }
    }

    fn enrol(&mut self, ticket: Option<TicketId>, enrolment: Enrolment) {
        let Enrolment { person, new, contacts } = enrolment;
        if let Some((wrapped, created_at)) = new {
            let kept = KeptPerson { person, wrapped: Some(wrapped), created_at, erased_at: None };
            self.persons.insert(person, kept);
        }
        if let Some(ticket) = ticket {
            self.custody.entry(ticket).or_insert(person);
        }
        for contact in contacts {
            if *self.contacts.entry(contact).or_insert(person) != person {
                self.mentions.insert((contact, person));
            }
        }
    }

    fn erase(&mut self, person: PersonId, at: Timestamp) {
        let Some(kept) = self.persons.get_mut(&person).filter(|kept| kept.wrapped.is_some()) else { return };
        kept.wrapped = None;
        kept.erased_at = Some(at);
        self.contacts.retain(|_, owner| *owner != person);
        self.mentions.retain(|(_, by)| *by != person);
        let tickets = self.custody.iter().filter(|(_, owner)| **owner == person).map(|(ticket, _)| *ticket);
        for ticket in tickets.collect::<Vec<_>>() {
            for index in self.streams.get(&Stream::Ticket(ticket)).into_iter().flatten() {
                if let Some(stored) = self.records.get_mut(*index) {
                    stored.contents.clear();
                }
            }
            if let Some(views) = self.views.get_mut(&ticket) {
                (views.subject, views.customer) = (None, None);
            }
        }
    }

    pub(super) fn append(&mut self, append: Append) -> Result<Appended, LedgerError> {
        self.judge(&append)?;
        let Append { sealed, views, jobs, idempotency, number, enrolment, erases, erases_as_of: _ } = append;
        let (stream, seq, hash) = (sealed.stream(), sealed.seq(), sealed.hash());
        let index = self.records.len();
        let position = index as u64 + 1;
        if let (Some(external), Some(ticket)) = (sealed.external(), stream.ticket()) {
            self.externals.entry(external.into()).or_insert(ticket);
        }
        let (body, contents) = (sealed.body().into(), sealed.contents().to_vec());
        self.records.push(Stored { position, stream, seq, hash, body, contents });
        self.streams.entry(stream).or_default().push(index);
        if let Some(views) = views {
            self.show(views);
        }
        for job in jobs {
            self.keep(sealed.org(), job);
        }
        if let Some(idempotency) = idempotency {
            self.idempotency.insert(idempotency.key, (stream, seq, idempotency.digest));
        }
        if let Some(enrolment) = enrolment {
            self.enrol(stream.ticket(), enrolment);
        }
        for person in erases {
            self.erase(person, sealed.at());
        }
        if let Some(number) = number {
            let last = self.days.entry(number.day).or_default();
            *last = (*last).max(number.number);
        }
        Ok(Appended { position, seq, hash })
    }

    pub(super) fn grow(&mut self, growth: Growth) -> Result<(), LedgerError> {
        self.standing.must_be_open()?;
        growth.fits(self.checkpoint.as_ref(), self.records.len() as u64)?;
        for tile in &growth.tiles {
            if self.tiles.get(&(tile.level, tile.n)).is_some_and(|kept| *kept != tile.hashes) {
                return Err(tile.taken());
            }
        }
        for tile in growth.tiles {
            self.tiles.insert((tile.level, tile.n), tile.hashes);
        }
        self.checkpoint = Some(growth.checkpoint);
        Ok(())
    }

    pub(super) fn show(&mut self, views: SealedViews) {
        let ticket = views.rows.ticket.ticket;
        if let Some(before) = self.views.get(&ticket) {
            self.numbers.remove(&before.rows.ticket.number);
        }
        self.numbers.insert(views.rows.ticket.number.clone(), ticket);
        self.views.insert(ticket, views);
    }

    fn keep(&mut self, org: &OrgId, new: NewJob) {
        let known = self.jobs.iter().any(|kept| kept.job.id == new.id);
        if known || !self.job_keys.insert(new.key.clone()) {
            return;
        }
        let NewJob { id, ticket, kind, payload, key, not_before } = new;
        let job = Job { id, org: org.clone(), ticket, kind, payload, key, not_before, attempt: 0 };
        self.jobs.push(KeptJob { job, state: JobState::Waiting, free_at: not_before });
    }

    /// The job, if it is waiting.
    pub(super) fn waiting(&mut self, id: JobId) -> Option<&mut KeptJob> {
        self.jobs.iter_mut().find(|kept| kept.job.id == id && kept.state == JobState::Waiting)
    }

    pub(super) fn counts(&self, as_of: Timestamp) -> Counts {
        let mut counts = Counts::default();
        for row in self.views.values().map(|views| &views.rows.ticket).filter(|row| row.open) {
            counts.open += 1;
            counts.overdue += u64::from(row.next_due_at.is_some_and(|due| due < as_of));
            *counts.by_stage.entry(row.stage).or_default() += 1;
            *counts.by_kind.entry(row.kind).or_default() += 1;
            if let Some(team) = &row.team {
                *counts.by_team.entry(team.clone()).or_default() += 1;
            }
        }
        counts
    }

    pub(super) fn by_member(&self) -> BTreeMap<MemberId, u64> {
        let mut open = BTreeMap::new();
        let rows = self.views.values().map(|views| &views.rows.ticket);
        for member in rows.filter(|row| row.open).filter_map(|row| row.member) {
            *open.entry(member).or_default() += 1;
        }
        open
    }

    pub(super) fn rows(&self, vault: &Vault, org: &OrgId) -> Result<Rows, LedgerError> {
        let opened = |(ticket, views): (&TicketId, &SealedViews)| Ok((*ticket, self.row(vault, org, views)?));
        Ok(Rows {
            tickets: self.views.iter().map(opened).collect::<Result<_, LedgerError>>()?,
            clocks: self.views.values().flat_map(|views| views.rows.clocks.clone()).collect(),
            alarms: self
                .views
                .iter()
                .filter_map(|(ticket, views)| Some((*ticket, views.rows.alarm_at?)))
                .collect(),
            externals: self.externals.clone(),
            counts: self.counts(Timestamp::MIN),
            by_member: self.by_member(),
        })
    }
}
