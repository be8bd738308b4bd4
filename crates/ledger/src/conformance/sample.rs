//! Made-up tickets whose rows follow from their entries by a simple rule, so that a rebuild can be compared.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use yinuo_commitment::{Channel, Complexity, Facets, Kind, Language, PromiseId, Severity, Site, Urgency};
use yinuo_core::{
    clock::{ClockEnd, ClockKey},
    id::{JobId, MemberId, OrgId, PersonId, TeamId, TicketId},
    roster::Actor,
    ticket::{Assessment, AssignReason, Classifier, Customer, Entry, Event, Outcome, Stage, Triage},
    view::{self, ClockRow, TicketRow},
    words::Words,
};

use crate::{
    Append, Custody, Enrolment, Entropy, Ledger, LedgerError, NewJob, Refold, SealedViews, Tail, Vault,
    record::seal_ticket,
    vault::{Holder, MasterKey, MasterKeys, PersonKey},
};

/// The organisation of most checks.
pub fn org() -> OrgId {
    OrgId::new("acme").unwrap()
}

/// Another one.
pub fn other_org() -> OrgId {
    OrgId::new("other").unwrap()
}

/// `seconds` after a fixed instant.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_763_000_000 + seconds).unwrap()
}

fn digits(n: u32) -> [u8; 10] {
    let mut digits = [0; 10];
    digits[6..].copy_from_slice(&n.to_be_bytes());
    digits
}

/// The ticket number `n`; ids grow with `n`.
pub fn ticket(n: u32) -> TicketId {
    TicketId::from_parts(1_763_000_000_000, digits(n))
}

/// The person number `n`.
pub fn member(n: u32) -> MemberId {
    MemberId::from_parts(1_763_000_000_000, digits(n))
}

/// The job number `n`.
pub fn job_id(n: u32) -> JobId {
    JobId::from_parts(1_763_000_000_000, digits(n))
}

/// A team.
pub fn team(name: &str) -> TeamId {
    TeamId::new(name).unwrap()
}

/// Salts and nonces that count: reproducible, and different at each call.
pub fn salts(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut n: u64 = 0;
    move |bytes| {
        n += 1;
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        bytes[8..16].copy_from_slice(&n.to_be_bytes());
    }
}

/// Randomness that counts: reproducible, for tests alone.
#[derive(Debug, Default)]
pub struct Counting(AtomicU64);

impl Counting {
    /// Other bytes than those of one that counts from the beginning.
    pub fn from(n: u64) -> Self {
        Self(AtomicU64::new(n))
    }
}

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            let hash = Sha256::digest(n.to_be_bytes());
            part.copy_from_slice(&hash[..part.len()]);
        }
    }
}

/// The master key number `n`.
pub fn master_key(n: u8) -> MasterKey {
    let mut bytes = [n; 32];
    bytes[0] = 0xfe;
    MasterKey::from_bytes(bytes)
}

/// The vault under which everything made here is sealed: a ledger to be checked opens with it.
pub fn vault() -> Arc<Vault> {
    static VAULT: OnceLock<Arc<Vault>> = OnceLock::new();
    Arc::clone(VAULT.get_or_init(new_vault))
}

/// A vault with the same key and a ring of its own.
pub fn new_vault() -> Arc<Vault> {
    Arc::new(Vault::new(MasterKeys::one(master_key(1)), Arc::new(Counting::default())))
}

/// Whose `ticket` is: a person of its own, with a key that follows from the ticket.
pub fn custody(ticket: TicketId) -> Custody {
    Custody::new(PersonId::from_uuid(ticket.uuid()), PersonKey::from_bytes(key_of(ticket)))
}

fn key_of(ticket: TicketId) -> [u8; 32] {
    Sha256::digest(ticket.uuid().as_bytes()).into()
}

/// The enrolment of that person, without contacts.
pub fn enrolment(org: &OrgId, ticket: TicketId) -> Enrolment {
    let person = custody(ticket).person();
    let wrapped = vault().wrap(org, &Holder::Person(person), &key_of(ticket));
    Enrolment { person, new: Some((wrapped, at(0))), contacts: Vec::new() }
}

/// Makes rows anew by the rule of [`rows`].
pub fn refold_of(org: OrgId) -> Refold {
    Arc::new(move |ticket, loaded| {
        let (rows, custody) = (rows(ticket, &loaded.entries), loaded.custody()?);
        Ok(SealedViews::seal(&org, rows, custody, &mut salts(loaded.version.into())))
    })
}

/// The same for [`org`].
pub fn refold() -> Refold {
    refold_of(org())
}

/// Number that people see of ticket `n`.
pub fn number(n: u32) -> String {
    format!("TS-20251113-{n:04}")
}

/// The first entry of ticket `n`, received at `received`.
pub fn received(n: u32, received: Timestamp, kind: Kind) -> Entry {
    Entry {
        at: received,
        actor: Actor::Customer,
        events: vec![
            Event::Received {
                number: number(n),
                query_code: Words::new("5fk2-9q"),
                channel: if n.is_multiple_of(2) { Channel::Web } else { Channel::Phone },
                customer: Customer {
                    name: Words::new("王丽"),
                    phone: Some(Words::new("13800000000")),
                    email: None,
                    address: Some(Words::new("")),
                },
                subject: Words::new(&format!("第 {n} 台机器停了")),
                body: Words::new("早上八点起无法开机，指示灯不亮。"),
                language: Language::Zh,
                pins: Vec::new(),
                tzdb: "2025b".into(),
                external: if n.is_multiple_of(5) { Some(format!("old-{}", n / 10)) } else { None },
            },
            Event::Classified {
                facets: Facets::of(kind),
                by: Classifier::Rules,
                why: Words::new("命中：停机"),
            },
        ],
    }
}

/// An entry that gives the ticket to somebody.
pub fn assigned(at: Timestamp, team: &str, member: Option<MemberId>) -> Entry {
    let event = Event::Assigned { team: TeamId::new(team).unwrap(), member, reason: AssignReason::Routed };
    Entry { at, actor: Actor::System, events: vec![event] }
}

/// An entry that closes the ticket.
pub fn closed(at: Timestamp) -> Entry {
    let event = Event::Closed { outcome: Outcome::Settled, note: Words::new("已修复") };
    Entry { at, actor: Actor::System, events: vec![event] }
}

/// An entry that says what was made of the text.
pub fn assessed(at: Timestamp) -> Entry {
    let assessment =
        Assessment {
            model: "shipped".into(), opinions: Vec::new(), words: Words::new("停机\t无法开机")
        };
    Entry { at, actor: Actor::System, events: vec![Event::Assessed { assessment }] }
}

/// An entry with which a person says that the classification is right.
pub fn looked_at(at: Timestamp) -> Entry {
    Entry { at, actor: Actor::System, events: vec![Event::ClassificationConfirmed] }
}

/// An entry with which the customer gets another name.
pub fn renamed(at: Timestamp, name: &str) -> Entry {
    let customer = Customer { name: Words::new(name), ..Customer::default() };
    let event = Event::CustomerCorrected { customer, why: Words::new("写错了") };
    Entry { at, actor: Actor::System, events: vec![event] }
}

/// An entry with a note.
pub fn noted(at: Timestamp, text: &str) -> Entry {
    Entry { at, actor: Actor::System, events: vec![Event::Noted { body: Words::new(text) }] }
}

/// Rows by a rule made up for the checks: one clock of an hour per kind, which ends when the ticket is closed; a note
/// that says `no clock` removes it, one that says `silence` removes the alarm.
pub fn rows(ticket: TicketId, entries: &[Entry]) -> view::Views {
    let mut row = blank(ticket);
    let (mut clocked, mut alarmed) = (true, true);
    for entry in entries {
        row.version += 1;
        row.last_at = entry.at;
        for event in &entry.events {
            match event {
                Event::Received { number, channel, customer, subject, .. } => {
                    row.number.clone_from(number);
                    row.channel = *channel;
                    row.customer = customer.name.clone();
                    row.subject = subject.clone();
                    row.received_at = entry.at;
                }
                Event::CustomerCorrected { customer, .. } => {
                    row.names_before.push(std::mem::replace(&mut row.customer, customer.name.clone()));
                }
                Event::Classified { facets, .. } => row.kind = facets.kind,
                Event::Assigned { team, member, .. } => {
                    row.team = Some(team.clone());
                    row.member = *member;
                    row.stage = if member.is_some() { Stage::Waiting } else { Stage::Unassigned };
                }
                Event::Assessed { .. } => row.triage = Some(Triage::Wanted),
                Event::ClassificationConfirmed => row.triage = Some(Triage::Confirmed),
                Event::Closed { outcome, .. } => {
                    row.open = false;
                    row.stage = Stage::Closed;
                    row.outcome = Some(outcome.word());
                    row.closed_at = Some(entry.at);
                }
                Event::Noted { body } => {
                    clocked &= body.text() != Some("no clock");
                    alarmed &= body.text() != Some("silence");
                }
                Event::Surveyed { ratings, .. } => {
                    row.ratings.clone_from(ratings);
                    row.first_contact = true;
                }
                _ => {}
            }
        }
    }
    // Praise runs no clock.
    clocked &= row.kind != Kind::Praise;
    let clock = clock(&row);
    if clocked && row.open {
        row.next_due_at = clock.due_at;
        row.next_due = Some(clock.clock.clone());
    }
    let alarm_at = row.next_due_at.filter(|_| alarmed);
    view::Views { ticket: row, clocks: if clocked { vec![clock] } else { Vec::new() }, alarm_at }
}

fn clock(row: &TicketRow) -> ClockRow {
    let hour = SignedDuration::from_hours(1);
    ClockRow {
        ticket: row.ticket,
        clock: ClockKey {
            commitment: "RT-1".into(),
            promise: PromiseId::new(&format!("{}.first", row.kind)),
            round: 1,
        },
        commitment_version: 3,
        kind: row.kind,
        channel: row.channel,
        topic: row.topic.clone(),
        team: row.team.clone(),
        member: row.member,
        started_at: row.received_at,
        due_at: Some(row.received_at + hour),
        end: row
            .closed_at
            .map(|at| (if at <= row.received_at + hour { ClockEnd::Met } else { ClockEnd::Late }, at)),
        worked_us: row.closed_at.map(|at| at.as_microsecond() - row.received_at.as_microsecond()),
        budget_us: i64::try_from(hour.as_micros()).ok(),
    }
}

fn blank(ticket: TicketId) -> TicketRow {
    TicketRow {
        ticket,
        version: 0,
        number: String::new(),
        channel: Channel::Web,
        kind: Kind::Consultation,
        urgency: Urgency::Normal,
        complexity: Complexity::Complex,
        severity: Severity::General,
        site: Site::Local,
        technical: true,
        topic: Some("发票".into()),
        stage: Stage::Unassigned,
        open: true,
        outcome: None,
        subject: Words::erased(),
        customer: Words::erased(),
        names_before: Vec::new(),
        team: None,
        member: None,
        received_at: at(0),
        last_at: at(0),
        closed_at: None,
        next_due_at: None,
        next_due: None,
        round: 1,
        breach: None,
        ratings: Vec::new(),
        second_complaint: false,
        first_contact: false,
        triage: None,
    }
}

/// A job with this number and key.
pub fn job(n: u32, key: &str, not_before: Timestamp) -> NewJob {
    NewJob {
        id: job_id(n),
        ticket: Some(ticket(1)),
        kind: if n.is_multiple_of(2) { "mail".into() } else { "notice".into() },
        payload: format!(r#"{{"to":"客户 {n}"}}"#),
        key: key.into(),
        not_before,
    }
}

/// The append of one more entry to the `entries` that the ticket has after `tail`.
pub fn next(org: &OrgId, ticket: TicketId, before: &[Entry], tail: Option<Tail>, entry: &Entry) -> Append {
    let enrolment = if tail.is_none() { Some(enrolment(org, ticket)) } else { None };
    let append = sealed_for(&custody(ticket), org, ticket, before, tail, entry);
    Append { enrolment, ..append }
}

/// The same, sealed for whom it is said.
pub fn sealed_for(
    custody: &Custody,
    org: &OrgId,
    ticket: TicketId,
    before: &[Entry],
    tail: Option<Tail>,
    entry: &Entry,
) -> Append {
    let version = tail.map_or(0, |tail| tail.version);
    let mut salts = salts(u64::from(version) << 32 ^ ticket.uuid().as_u64_pair().1);
    let sealed = seal_ticket(org, ticket, tail, entry, entry.at, custody, &mut salts);
    let mut entries = before.to_vec();
    entries.push(entry.clone());
    let views = SealedViews::seal(org, rows(ticket, &entries), custody, &mut salts);
    Append { views: Some(views), ..Append::new(sealed) }
}

/// Loads the ticket and appends one more entry.
pub async fn add(
    ledger: &dyn Ledger,
    org: &OrgId,
    ticket: TicketId,
    entry: &Entry,
) -> Result<(), LedgerError> {
    let append = match ledger.load_ticket(org, ticket).await? {
        Some(loaded) => {
            sealed_for(loaded.custody()?, org, ticket, &loaded.entries, Some(loaded.tail()), entry)
        }
        None => next(org, ticket, &[], None, entry),
    };
    ledger.append(append).await.map(drop)
}
