//! Which appends of a batch fit, judged one after the other: each sees what those before it in the batch will do.
//!
//! Judging needs to know what the database holds; how that is read is the store's business.

use std::collections::{HashMap, HashSet};

use yinuo_core::id::{OrgId, PersonId, TicketId};
use yinuo_ledger::{
    Append, Appended, Hash, LedgerError, SealedViews, Standing, Stream, chain, vault::Contact,
};

use crate::cells::{Put, stream_bytes};

/// The last position of every organisation, and whether it is in service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Positions(HashMap<OrgId, (u64, Standing)>);

impl Positions {
    pub(crate) fn set(&mut self, org: OrgId, last: u64, standing: Standing) {
        self.0.insert(org, (last, standing));
    }

    fn standing(&self, org: &OrgId) -> Standing {
        self.0.get(org).map_or(Standing::Open, |(_, standing)| *standing)
    }

    fn next(&mut self, org: &OrgId) -> u64 {
        let (last, _) = self.0.entry(org.clone()).or_default();
        *last += 1;
        *last
    }
}

/// What has to be looked up before a batch can be judged: rows for the queries, and what each row is about.
#[derive(Default)]
pub(crate) struct Questions<P> {
    /// Organisation and stream.
    pub(crate) streams: P,
    pub(crate) asked_streams: Vec<(OrgId, Stream)>,
    /// Organisation and idempotency key.
    pub(crate) keys: P,
    pub(crate) asked_keys: Vec<(OrgId, String)>,
    /// Organisation and number.
    pub(crate) numbers: P,
    pub(crate) asked_numbers: Vec<(OrgId, String)>,
    /// Organisation and person.
    pub(crate) persons: P,
    pub(crate) asked_persons: Vec<(OrgId, PersonId)>,
    /// Organisation and person, where somebody is erased as of a position.
    pub(crate) erased: P,
    pub(crate) asked_erased: Vec<(OrgId, PersonId)>,
    /// Organisation and contact, where a new person brings one.
    pub(crate) contacts: P,
    pub(crate) asked_contacts: Vec<(OrgId, Contact)>,
}

impl<P: Put> Questions<P> {
    pub(crate) fn of(appends: &[Append]) -> Self {
        let mut questions = Self::default();
        let mut seen = HashSet::new();
        for append in appends {
            let (org, stream) = (append.sealed.org(), append.sealed.stream());
            if seen.insert((org, stream)) {
                questions.streams.row().text(org.as_str()).bytes(&stream_bytes(stream));
                questions.asked_streams.push((org.clone(), stream));
            }
            if let Some(idempotency) = &append.idempotency {
                questions.keys.row().text(org.as_str()).text(&idempotency.key);
                questions.asked_keys.push((org.clone(), idempotency.key.clone()));
            }
            if let Some(SealedViews { rows, .. }) = &append.views {
                questions.numbers.row().text(org.as_str()).text(&rows.ticket.number);
                questions.asked_numbers.push((org.clone(), rows.ticket.number.clone()));
            }
            questions.ask_person(append);
        }
        questions
    }

    fn ask_person(&mut self, append: &Append) {
        let org = append.sealed.org();
        if let Some(person) = append.sealed.person() {
            self.persons.row().text(org.as_str()).uuid(person.uuid());
            self.asked_persons.push((org.clone(), person));
        }
        for person in append.erases.iter().filter(|_| append.erases_as_of.is_some()) {
            self.erased.row().text(org.as_str()).uuid(person.uuid());
            self.asked_erased.push((org.clone(), *person));
        }
        let new = append.enrolment.as_ref().filter(|enrolment| enrolment.new.is_some());
        for contact in new.into_iter().flat_map(|enrolment| &enrolment.contacts) {
            self.contacts.row().text(org.as_str()).bytes(&contact.0);
            self.asked_contacts.push((org.clone(), *contact));
        }
    }
}

/// What the database holds that decides about a batch.
#[derive(Default)]
pub(crate) struct Known {
    /// Entries and head of the streams that exist.
    pub(crate) streams: HashMap<(OrgId, Stream), (u32, Hash)>,
    /// What idempotency keys were used for.
    pub(crate) keys: HashMap<(OrgId, String), (Stream, u32, [u8; 32])>,
    /// Whose numbers are in use.
    pub(crate) numbers: HashMap<(OrgId, String), TicketId>,
    /// Persons who exist, and whether they were erased.
    pub(crate) persons: HashMap<(OrgId, PersonId), bool>,
    /// The last position at which anything was recorded about persons.
    pub(crate) touched: HashMap<(OrgId, PersonId), u64>,
    /// Contacts that belong to somebody.
    pub(crate) contacts: HashSet<(OrgId, Contact)>,
}

impl Known {
    fn judge(&self, append: &Append) -> Result<(), LedgerError> {
        append.fits()?;
        let sealed = &append.sealed;
        if let Some(idempotency) = &append.idempotency
            && let Some((stream, seq, digest)) =
                self.keys.get(&(sealed.org().clone(), idempotency.key.clone()))
        {
            let same_request = *digest == idempotency.digest;
            return Err(LedgerError::Duplicate { stream: *stream, seq: *seq, same_request });
        }
        let (actual, head) = match self.streams.get(&(sealed.org().clone(), sealed.stream())) {
            Some((version, head)) => (*version, *head),
            None => (0, chain::genesis(sealed.org(), sealed.stream())),
        };
        if sealed.expected() != actual {
            return Err(LedgerError::Conflict { actual });
        }
        if sealed.prev() != head {
            return Err(LedgerError::Unfit {
                what: "the record is chained to another one than the last of its stream",
            });
        }
        if let Some(SealedViews { rows, .. }) = &append.views {
            let owner = self.numbers.get(&(sealed.org().clone(), rows.ticket.number.clone()));
            if owner.is_some_and(|ticket| *ticket != rows.ticket.ticket) {
                return Err(LedgerError::NumberTaken { number: rows.ticket.number.clone() });
            }
        }
        if let Some(as_of) = append.erases_as_of {
            let touched = |person| self.touched.get(&(sealed.org().clone(), person)).copied().unwrap_or(0);
            if append.erases.iter().any(|person| touched(*person) > as_of) {
                return Err(LedgerError::PersonChanged);
            }
        }
        self.judge_person(append)
    }

    /// Words are never kept for somebody who was erased meanwhile, and a contact leads to one person.
    fn judge_person(&self, append: &Append) -> Result<(), LedgerError> {
        let (org, sealed) = (append.sealed.org(), &append.sealed);
        let Some(person) = sealed.person() else { return Ok(()) };
        let erased = self.persons.get(&(org.clone(), person)).copied();
        let new = append.enrolment.as_ref().filter(|enrolment| enrolment.new.is_some());
        if new.is_some() != erased.is_none() {
            return Err(LedgerError::Unfit { what: "a person is either new or known" });
        }
        let mut contacts = new.into_iter().flat_map(|enrolment| &enrolment.contacts);
        let taken = contacts.any(|contact| self.contacts.contains(&(org.clone(), *contact)));
        let brings_words = append.enrolment.is_some() || !sealed.contents().is_empty();
        if taken || (erased == Some(true) && brings_words) {
            return Err(LedgerError::PersonChanged);
        }
        Ok(())
    }

    /// What the appends after it in the batch will find.
    fn note(&mut self, append: &Append) {
        let sealed = &append.sealed;
        let (org, stream) = (sealed.org(), sealed.stream());
        if let Some(person) = sealed.person() {
            // Whatever this batch brings lies behind every position that anybody can have seen.
            self.touched.insert((org.clone(), person), u64::MAX);
        }
        self.streams.insert((org.clone(), stream), (sealed.seq(), sealed.hash()));
        if let Some(idempotency) = &append.idempotency {
            let used = (stream, sealed.seq(), idempotency.digest);
            self.keys.insert((org.clone(), idempotency.key.clone()), used);
        }
        if let Some(SealedViews { rows, .. }) = &append.views {
            self.numbers.insert((org.clone(), rows.ticket.number.clone()), rows.ticket.ticket);
        }
        if let Some(enrolment) = &append.enrolment {
            self.persons.insert((org.clone(), enrolment.person), false);
            let contacts = enrolment.contacts.iter();
            self.contacts.extend(contacts.map(|contact| (org.clone(), *contact)));
        }
        for person in &append.erases {
            self.persons.entry((org.clone(), *person)).and_modify(|erased| *erased = true);
        }
    }

    /// The verdict on each append, and the position of each that fits.
    pub(crate) fn judge_all(
        mut self,
        positions: &mut Positions,
        appends: &[Append],
    ) -> Vec<Result<Appended, LedgerError>> {
        let judge = |append: &Append| {
            positions.standing(append.sealed.org()).must_be_open()?;
            self.judge(append)?;
            self.note(append);
            let sealed = &append.sealed;
            let position = positions.next(sealed.org());
            Ok(Appended { position, seq: sealed.seq(), hash: sealed.hash() })
        };
        appends.iter().map(judge).collect()
    }
}
