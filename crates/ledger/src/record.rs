//! The recorded form of entries, apart from the domain types on purpose: a rename in `yinuo-core` cannot change history.
//!
//! A body is one JSON object with its version first:
//!
//! ```text
//! {"v":4,"org":"acme","stream":"tkt_…","seq":2,"at_us":…,"recorded_at_us":…,"actor":"system","events":[…]}
//! ```
//! An event is `"confirmed"` or `{"noted":{"body":{"n":0,"digest":"…"}}}`. Whatever people wrote is replaced by index
//! and digest and kept beside the body as a [`Content`], sealed; the digest is SHA-256 over salt and text, so that a short
//! text cannot be guessed from its digest once salt and text are erased.
//! Bodies are read strictly: an unknown field, kind or version is an error, never skipped.

mod contents;
mod organisation;
mod ticket;
mod values;

use std::sync::Arc;

use jiff::Timestamp;
use yinuo_core::{
    id::{OrgId, PersonId, TicketId},
    organisation::{OrganisationEntry, OrganisationEvent},
    roster::Actor,
    ticket::{Entry, Event},
};

pub use contents::Content;
use contents::{Opening, Sealing};
use serde::{Deserialize, Serialize};
use values::Recorded;

use crate::{Custody, Hash, LedgerError, Loaded, SealedContent, Stream, chain};

/// The record version that this program writes; it reads every version up to it.
///
/// | version | what is new |
/// |---|---|
/// | 1 | |
/// | 2 | `revealed` of a ticket, `person-erased` of the organisation |
/// | 3 | `answer-given`, `article-used`, `answer-judged`, `person-asked`, `wording-overridden`, `assessed`,
///       `classification-confirmed` of a ticket, `texts` among what was `revealed`; `article-…`, `phrase-saved`,
///       `phrase-withdrawn`, `rules-written`, `model-learned`, `model-chosen`, `corrections-weighed` of the organisation |
/// | 4 | opinions of `assessed` without names of fields |
pub const VERSION: u32 = 4;

/// The end of a stream, to which the next record is chained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    /// Entries so far.
    pub version: u32,
    /// Hash of the last record.
    pub head: Hash,
}

impl<E> Loaded<E> {
    /// Its end.
    pub const fn tail(&self) -> Tail {
        Tail { version: self.version, head: self.head }
    }
}

/// A record ready to be appended: encoded, hashed, contents taken out. Only `seal_…` makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    pub(crate) org: OrgId,
    pub(crate) stream: Stream,
    pub(crate) seq: u32,
    pub(crate) prev: Hash,
    pub(crate) hash: Hash,
    pub(crate) at: Timestamp,
    pub(crate) body: Arc<str>,
    pub(crate) contents: Vec<SealedContent>,
    pub(crate) person: Option<PersonId>,
    pub(crate) unkept: u32,
    pub(crate) external: Option<String>,
}

impl Sealed {
    /// Organisation.
    pub const fn org(&self) -> &OrgId {
        &self.org
    }

    /// Stream.
    pub const fn stream(&self) -> Stream {
        self.stream
    }

    /// Version of the stream after it.
    pub const fn seq(&self) -> u32 {
        self.seq
    }

    /// Entries that the stream must have for it to fit.
    pub const fn expected(&self) -> u32 {
        self.seq.saturating_sub(1)
    }

    /// Hash of the record before it.
    pub const fn prev(&self) -> Hash {
        self.prev
    }

    /// Its hash.
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// When the entry happened.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The chained body.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The contents beside it, sealed.
    pub fn contents(&self) -> &[SealedContent] {
        &self.contents
    }

    /// For whom it is sealed; none for the organisation's own stream.
    pub const fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// Words that are not kept because the person was erased.
    pub const fn unkept(&self) -> u32 {
        self.unkept
    }

    /// Id in the system that the ticket was imported from, if this record receives an imported ticket.
    pub fn external(&self) -> Option<&str> {
        self.external.as_deref()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordForm<E> {
    v: u32,
    org: String,
    stream: String,
    seq: u32,
    at_us: i64,
    recorded_at_us: i64,
    actor: <Actor as Recorded>::Form,
    events: Vec<E>,
}

#[derive(Deserialize)]
struct VersionOnly {
    v: u32,
}

/// Seals the next entry of a ticket under the key of the person whom it belongs to. `tail` is none for the first one.
/// `random` fills with unpredictable bytes: salts and nonces. Instants are cut to whole microseconds.
pub fn seal_ticket(
    org: &OrgId,
    ticket: TicketId,
    tail: Option<Tail>,
    entry: &Entry,
    recorded_at: Timestamp,
    custody: &Custody,
    random: &mut dyn FnMut(&mut [u8]),
) -> Sealed {
    let written = Written { at: entry.at, recorded_at, actor: entry.actor, events: &entry.events };
    let (mut sealed, contents) = seal(org, Stream::Ticket(ticket), tail, &written, Sealing::new(random));
    sealed.contents = custody.seal_contents((org, sealed.stream, sealed.seq), &contents, random);
    sealed.person = Some(custody.person());
    sealed.unkept = u32::try_from(contents.len() - sealed.contents.len()).unwrap_or(u32::MAX);
    sealed.external = external(entry).map(Into::into);
    sealed
}

/// Seals the next entry of the organisation's own stream. See [`seal_ticket`].
pub fn seal_organisation(
    org: &OrgId,
    tail: Option<Tail>,
    entry: &OrganisationEntry,
    recorded_at: Timestamp,
) -> Sealed {
    // No event of the organisation holds words of customers, so no salt is ever asked for.
    let mut random = |_: &mut [u8]| {};
    let written = Written { at: entry.at, recorded_at, actor: entry.actor, events: &entry.events };
    seal(org, Stream::Organisation, tail, &written, Sealing::new(&mut random)).0
}

/// Id in the system that the ticket was imported from, if `entry` receives an imported ticket.
pub fn external(entry: &Entry) -> Option<&str> {
    entry.events.iter().find_map(|event| match event {
        Event::Received { external, .. } => external.as_deref(),
        _ => None,
    })
}

/// An event that some version of the record was the first to hold.
trait Dated {
    /// That version.
    fn since(&self) -> u32;
}

struct Written<'a, E> {
    at: Timestamp,
    recorded_at: Timestamp,
    actor: Actor,
    events: &'a [E],
}

fn seal<E: Recorded>(
    org: &OrgId,
    stream: Stream,
    tail: Option<Tail>,
    written: &Written<'_, E>,
    mut sealing: Sealing<'_>,
) -> (Sealed, Vec<Content>) {
    let tail = tail.unwrap_or_else(|| Tail { version: 0, head: chain::genesis(org, stream) });
    let seq = tail.version.saturating_add(1);
    let record = RecordForm {
        v: VERSION,
        org: org.to_string(),
        stream: stream.to_string(),
        seq,
        at_us: written.at.as_microsecond(),
        recorded_at_us: written.recorded_at.as_microsecond(),
        actor: written.actor.record(&mut sealing),
        events: written.events.iter().map(|event| event.record(&mut sealing)).collect(),
    };
    #[expect(
        clippy::expect_used,
        reason = "forms have string keys only, and writing to memory does not fail"
    )]
    let body: Arc<str> = serde_json::to_string(&record).expect("a record is JSON").into();
    let hash = chain::link(tail.head, &body);
    let (org, at, prev) = (org.clone(), values::cut(written.at), tail.head);
    let (contents, person, unkept, external) = (Vec::new(), None, 0, None);
    let sealed = Sealed { org, stream, seq, prev, hash, at, body, contents, person, unkept, external };
    (sealed, sealing.into_contents())
}

/// A record read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened<E> {
    /// Organisation.
    pub org: OrgId,
    /// Stream.
    pub stream: Stream,
    /// Place in the stream, from 1.
    pub seq: u32,
    /// When it was recorded; the entry has when it happened.
    pub recorded_at: Timestamp,
    /// The entry.
    pub entry: E,
    /// Words that are no longer there.
    pub erased: u64,
}

/// When the entry of a record happened, from its body, of which nothing else is read.
pub fn happened_at(body: &str) -> Result<Timestamp, LedgerError> {
    /// The rest is not looked at: whoever needs it opens the record.
    #[derive(Deserialize)]
    struct AtOnly {
        at_us: i64,
    }
    match serde_json::from_str::<AtOnly>(body) {
        Ok(AtOnly { at_us }) => values::instant(at_us),
        Err(error) => Err(LedgerError::corrupt(format!("the record cannot be read: {error}"))),
    }
}

/// Reads the body of a ticket's record with the contents that are still there; missing ones become erased words.
pub fn open_ticket(body: &str, contents: &[Content]) -> Result<Opened<Entry>, LedgerError> {
    let opened = open::<Event, Entry>(body, contents, |at, actor, events| Entry { at, actor, events })?;
    match opened.stream {
        Stream::Ticket(_) => Ok(opened),
        Stream::Organisation => {
            Err(LedgerError::corrupt("a ticket's event in the organisation's own stream"))
        }
    }
}

/// Reads the body of a record of the organisation's own stream.
pub fn open_organisation(body: &str) -> Result<Opened<OrganisationEntry>, LedgerError> {
    let entry = |at, actor, events| OrganisationEntry { at, actor, events };
    let opened = open::<OrganisationEvent, OrganisationEntry>(body, &[], entry)?;
    match opened.stream {
        Stream::Organisation => Ok(opened),
        Stream::Ticket(_) => {
            Err(LedgerError::corrupt("an event of the organisation in the stream of a ticket"))
        }
    }
}

fn open<E: Recorded + Dated, T>(
    body: &str,
    contents: &[Content],
    entry: impl FnOnce(Timestamp, Actor, Vec<E>) -> T,
) -> Result<Opened<T>, LedgerError> {
    let record: RecordForm<E::Form> = parse(body)?;
    if record.events.is_empty() {
        return Err(LedgerError::corrupt("a record without events"));
    }
    let mut opening = Opening::new(contents);
    let actor = Actor::read(&record.actor, &mut opening)?;
    let events = Vec::<E>::read(&record.events, &mut opening)?;
    if events.iter().any(|event| event.since() > record.v) {
        let found = record.v;
        return Err(LedgerError::corrupt(format!("version {found} had no such event as the record holds")));
    }
    let place = || LedgerError::corrupt("the record does not say where it belongs");
    Ok(Opened {
        org: OrgId::new(&record.org).map_err(|_| place())?,
        stream: record.stream.parse().map_err(|_| place())?,
        seq: record.seq,
        recorded_at: values::instant(record.recorded_at_us)?,
        entry: entry(values::instant(record.at_us)?, actor, events),
        erased: opening.finish()?,
    })
}

fn parse<F: serde::de::DeserializeOwned>(body: &str) -> Result<RecordForm<F>, LedgerError> {
    let error = match serde_json::from_str::<RecordForm<F>>(body) {
        Ok(record) if (1..=VERSION).contains(&record.v) => return Ok(record),
        Ok(record) => return Err(version_error(record.v)),
        Err(error) => error,
    };
    // A newer version may hold what this program cannot read: say that, not that the record is damaged.
    match serde_json::from_str::<VersionOnly>(body) {
        Ok(VersionOnly { v }) if !(1..=VERSION).contains(&v) => Err(version_error(v)),
        _ => Err(LedgerError::corrupt(format!("the record cannot be read: {error}"))),
    }
}

fn version_error(found: u32) -> LedgerError {
    if found > VERSION {
        LedgerError::Newer { found, known: VERSION }
    } else {
        LedgerError::corrupt(format!("there is no record version {found}"))
    }
}
