//! One atomic change: a record and everything that must appear together with it.

use jiff::civil::Date;
use yinuo_core::id::PersonId;

use crate::{Enrolment, Hash, LedgerError, NewJob, Sealed, SealedViews};

/// What is kept together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// The record: organisation, stream, sequence number and previous hash are in it.
    pub sealed: Sealed,
    /// The rows of the ticket after it. They replace all earlier rows of the ticket, its alarm included.
    pub views: Option<SealedViews>,
    /// Effects to be delivered. A job whose key the organisation used before is left out silently.
    pub jobs: Vec<NewJob>,
    /// Makes the same request sent twice harmless.
    pub idempotency: Option<Idempotency>,
    /// The number of a new ticket, as [`crate::Log::next_number`] gave it, so that it is never given again.
    pub number: Option<DayNumber>,
    /// Whose a new ticket is; new contacts of whose ticket it is. The first record of every ticket needs it.
    pub enrolment: Option<Enrolment>,
    /// Persons who are erased together with this record, at its instant: their keys are overwritten, their contacts,
    /// contents and cells in view rows removed. Unknown and erased ones are left as they are. A durable store also sees
    /// to it that older copies of the keys do not linger in files of its own before it answers.
    pub erases: Vec<PersonId>,
    /// Nothing may have been recorded about `erases` after this position: else the append is refused with
    /// [`LedgerError::PersonChanged`]. Whoever erases looks first whether anything stands in the way; what happens in
    /// between must not be swept away. None asks for nothing.
    pub erases_as_of: Option<u64>,
}

impl Append {
    /// A record alone.
    pub const fn new(sealed: Sealed) -> Self {
        Self {
            sealed,
            views: None,
            jobs: Vec::new(),
            idempotency: None,
            number: None,
            enrolment: None,
            erases: Vec::new(),
            erases_as_of: None,
        }
    }

    /// Whether the parts belong together. Every store asks this before it keeps anything.
    pub fn fits(&self) -> Result<(), LedgerError> {
        let unfit = |what| Err(LedgerError::Unfit { what });
        if let Some(SealedViews { rows: views, .. }) = &self.views {
            let Some(ticket) = self.sealed.stream().ticket() else {
                return unfit("the organisation's own stream has no view rows");
            };
            if views.ticket.ticket != ticket || views.clocks.iter().any(|clock| clock.ticket != ticket) {
                return unfit("the view rows belong to another ticket");
            }
            if views.ticket.version != self.sealed.seq() {
                return unfit("the view rows show another version");
            }
        }
        match &self.enrolment {
            Some(enrolment) if self.sealed.person() != Some(enrolment.person) => {
                return unfit("the record is sealed for another person");
            }
            None if self.sealed.person().is_some() && self.sealed.expected() == 0 => {
                return unfit("a new ticket belongs to a person");
            }
            _ => {}
        }
        if self.idempotency.as_ref().is_some_and(|idempotency| idempotency.key.is_empty()) {
            return unfit("an idempotency key is not empty");
        }
        Ok(())
    }
}

/// A key that a caller sends with a request so that sending it twice has one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The key, unique in the organisation.
    pub key: String,
    /// Digest of the request; the same key with another digest is another request.
    pub digest: [u8; 32],
}

/// The running number of a ticket within one local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayNumber {
    /// The local day of the organisation.
    pub day: Date,
    /// The number, from 1.
    pub number: u32,
}

/// What an append got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Position in the organisation's log, from 1, without gaps.
    pub position: u64,
    /// Version of the stream after it.
    pub seq: u32,
    /// Hash of the record: the new head of the stream.
    pub hash: Hash,
}
