//! Reading stored records back into entries, and checking them on the way. Every store reads through here.

use yinuo_core::{
    id::{OrgId, TicketId},
    organisation::OrganisationEntry,
    ticket::Entry,
};

use crate::{
    Custody, Hash, Head, LedgerError, Loaded, Stored, Stream, Verified, chain,
    record::{Opened, happened_at, open_organisation, open_ticket},
};

/// The ticket that these records make: its whole stream in order, and whose it is. None if there are no records.
/// Checks the chain and opens every content, so a change is found when it is read, not only by a full verification.
pub fn ticket(
    org: &OrgId,
    id: TicketId,
    records: &[Stored],
    custody: Option<&Custody>,
) -> Result<Option<Loaded<Entry>>, LedgerError> {
    let loaded = whole(org, Stream::Ticket(id), records, |stored| opened(org, stored, custody))?;
    Ok(loaded.map(|loaded| Loaded { custody: custody.cloned(), ..loaded }))
}

/// One record of a ticket, opened. A content that is missing while the person was not erased is damage: what a customer
/// wrote does not vanish unseen.
fn opened(org: &OrgId, stored: &Stored, custody: Option<&Custody>) -> Result<Opened<Entry>, LedgerError> {
    let damaged = |what: &str| LedgerError::Corrupt { position: stored.position, what: what.into() };
    let custody = custody.ok_or_else(|| damaged("it is not known whose the ticket is"))?;
    let contents = custody.open(org, stored)?;
    let opened = open_ticket(&stored.body, &contents).map_err(|error| error.at(stored.position))?;
    if opened.erased > 0 && !custody.is_erased() {
        return Err(damaged("a content of the record is missing, though its person was not erased"));
    }
    Ok(opened)
}

/// The organisation's history that these records make: its whole own stream in order.
pub fn organisation(
    org: &OrgId,
    records: &[Stored],
) -> Result<Option<Loaded<OrganisationEntry>>, LedgerError> {
    whole(org, Stream::Organisation, records, |stored| open_organisation(&stored.body))
}

/// The head of a record. Its contents are not looked at.
pub fn head(stored: &Stored) -> Result<Head, LedgerError> {
    let at = happened_at(&stored.body).map_err(|error| error.at(stored.position))?;
    Ok(Head { position: stored.position, stream: stored.stream, seq: stored.seq, at })
}

fn whole<E>(
    org: &OrgId,
    stream: Stream,
    records: &[Stored],
    open: impl Fn(&Stored) -> Result<Opened<E>, LedgerError>,
) -> Result<Option<Loaded<E>>, LedgerError> {
    let mut head = chain::genesis(org, stream);
    let mut entries = Vec::with_capacity(records.len());
    let mut version: u32 = 0;
    for stored in records {
        version = version.saturating_add(1);
        head = chain::verify_link(head, stored.position, &stored.body, stored.hash)?;
        let opened = open(stored).map_err(|error| error.at(stored.position))?;
        placed(org, stream, version, stored, (&opened.org, opened.stream, opened.seq))?;
        entries.push(opened.entry);
    }
    Ok(if entries.is_empty() { None } else { Some(Loaded { entries, head, version, custody: None }) })
}

fn placed(
    org: &OrgId,
    stream: Stream,
    seq: u32,
    stored: &Stored,
    (body_org, body_stream, body_seq): (&OrgId, Stream, u32),
) -> Result<(), LedgerError> {
    let as_kept = stored.stream == stream && stored.seq == seq;
    let as_written = body_org == org && body_stream == stream && body_seq == seq;
    if as_kept && as_written {
        Ok(())
    } else {
        let what = format!("the record is kept as number {} of {} and is not", stored.seq, stored.stream);
        Err(LedgerError::Corrupt { position: stored.position, what })
    }
}

/// Verifies an organisation's log record by record, and opens every content. Records come grouped by stream, each stream
/// in order.
#[derive(Debug)]
pub struct Verifier {
    org: OrgId,
    stream: Option<(Stream, u32, Hash)>,
    verified: Verified,
    last_position: u64,
}

impl Verifier {
    /// Nothing verified yet.
    pub fn new(org: &OrgId) -> Self {
        Self { org: org.clone(), stream: None, verified: Verified::default(), last_position: 0 }
    }

    /// Verifies the next record. `custody` says whose the ticket is; none for the organisation's own stream.
    pub fn check(&mut self, stored: &Stored, custody: Option<&Custody>) -> Result<(), LedgerError> {
        let (seq, head) = match self.stream {
            Some((stream, seq, head)) if stream == stored.stream => (seq.saturating_add(1), head),
            _ => {
                self.verified.streams += 1;
                (1, chain::genesis(&self.org, stored.stream))
            }
        };
        let hash = chain::verify_link(head, stored.position, &stored.body, stored.hash)?;
        let (org, stream, written, erased) = match stored.stream {
            Stream::Organisation => {
                let opened = open_organisation(&stored.body).map_err(|error| error.at(stored.position))?;
                (opened.org, opened.stream, opened.seq, opened.erased)
            }
            Stream::Ticket(_) => {
                let opened = opened(&self.org, stored, custody)?;
                (opened.org, opened.stream, opened.seq, opened.erased)
            }
        };
        placed(&self.org, stored.stream, seq, stored, (&org, stream, written))?;
        self.stream = Some((stored.stream, seq, hash));
        self.verified.records += 1;
        if custody.is_some_and(|custody| !custody.is_erased()) {
            self.verified.contents += stored.contents.len() as u64;
        }
        self.verified.erased += erased;
        self.last_position = self.last_position.max(stored.position);
        Ok(())
    }

    /// The result. Positions run from 1 without gaps, so a stream that was removed as a whole is missed here.
    pub fn finish(self, last_position: u64) -> Result<Verified, LedgerError> {
        if self.last_position == self.verified.records && self.last_position == last_position {
            return Ok(self.verified);
        }
        let what = format!("{last_position} records were written, {} are there", self.verified.records);
        Err(LedgerError::corrupt(what))
    }
}
