//! A customer raises a need: the ticket is received, classified, given to somebody, and its clocks run.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use yinuo_commitment::{Channel, Commitment, Complexity, Kind, Language, Severity, Site, Urgency};
use yinuo_core::{
    access::Operation,
    id::TicketId,
    roster::Actor,
    ticket::{self, Classifier, Customer, Entry, Event, Facts, Pin, Request},
    words::Words,
};
use yinuo_ledger::{DayNumber, Hash, Idempotency, LedgerError, Stream, Tail};

use crate::{
    case::{Case, open_owner},
    desk::Desk,
    error::DeskError,
    meters::Meters,
    sheet::TicketSheet,
};

/// A request as a channel hands it over. What the customer did not say, the rules of classification do.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The way it came in.
    pub channel: Channel,
    /// Who asks.
    pub customer: Customer,
    /// One line.
    pub subject: Words,
    /// The whole text.
    pub body: Words,
    /// Language of the customer; by the text if not known.
    pub language: Option<Language>,
    /// What it is, if the customer chose.
    pub kind: Option<Kind>,
    /// Urgency, if known.
    pub urgency: Option<Urgency>,
    /// Complexity, if known.
    pub complexity: Option<Complexity>,
    /// Severity, if known.
    pub severity: Option<Severity>,
    /// Site, if known.
    pub site: Option<Site>,
    /// Whether it is a technical matter, if known.
    pub technical: Option<bool>,
    /// Topic, if known.
    pub topic: Option<String>,
    /// Id in the system it is imported from.
    pub external: Option<String>,
}

impl Submission {
    /// A request with nothing known but its text.
    pub fn new(channel: Channel, subject: &str, body: &str) -> Self {
        Self {
            channel,
            customer: Customer::default(),
            subject: subject.into(),
            body: body.into(),
            language: None,
            kind: None,
            urgency: None,
            complexity: None,
            severity: None,
            site: None,
            technical: None,
            topic: None,
            external: None,
        }
    }
}

/// What a customer gets at intake.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The ticket.
    pub ticket: TicketId,
    /// Number that people see.
    pub number: String,
    /// Code with which the customer follows the ticket.
    pub query_code: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// Position of the receipt in the organisation's log; none if the receipt is given again.
    pub position: Option<u64>,
    /// Hash of the record that holds it.
    pub hash: Hash,
    /// The same request was sent before; this is its receipt.
    pub replayed: bool,
    /// The ticket with its clocks.
    pub sheet: TicketSheet,
}

/// What is decided before a new ticket is appended.
struct Intake {
    ticket: TicketId,
    entry: Entry,
    commitments: Vec<Arc<Commitment>>,
    day_number: DayNumber,
    query_code: String,
}

impl Desk {
    /// Takes in a request. With an idempotency key, sending it twice makes one ticket and gives the same receipt.
    pub async fn submit(
        &self,
        submission: Submission,
        actor: Actor,
        idempotency: Option<String>,
    ) -> Result<Receipt, DeskError> {
        if let Actor::Member { .. } = actor {
            Self::allow(actor, Operation::EnterRequest)?;
        }
        let now = self.now();
        self.submit_at(submission, actor, idempotency, now).await
    }

    /// [`Self::submit`] for a request that came in at `at`, which lies in the past for imported ones.
    pub(crate) async fn submit_at(
        &self,
        submission: Submission,
        actor: Actor,
        idempotency: Option<String>,
        at: Timestamp,
    ) -> Result<Receipt, DeskError> {
        let idempotency = match idempotency {
            Some(key) => {
                let wanted = Idempotency { key: checked_key(key)?, digest: digest(&submission) };
                if let Some(receipt) = self.receipt_again(&wanted, actor).await? {
                    return Ok(receipt);
                }
                Some(wanted)
            }
            None => None,
        };
        let intake = self.decide_intake(submission, actor, at).await?;
        let house = self.house();
        let Some(after) = ticket::begin(intake.ticket, &intake.entry) else {
            return Err(LedgerError::Unfit { what: "a new ticket begins with its receipt" }.into());
        };
        let owner = open_owner(&after);
        let number = after.number.clone();
        let mut draft = self.drafted(
            None,
            &after,
            &intake.commitments,
            &house,
            &intake.entry,
            idempotency.clone(),
            Some(intake.day_number),
        );
        // The tally was raised when the owner was chosen, so that requests in flight do not all go to the same person.
        draft.aftermath.owners.0 = owner;
        match self.keep(draft).await {
            Ok(appended) => {
                Meters::add(&self.0.meters.intakes);
                let tail = Tail { version: appended.seq, head: appended.hash };
                let case = Case {
                    ticket: after,
                    entries: vec![intake.entry],
                    tail,
                    commitments: intake.commitments,
                };
                Ok(Receipt {
                    ticket: intake.ticket,
                    number,
                    query_code: intake.query_code,
                    received_at: at,
                    position: Some(appended.position),
                    hash: appended.hash,
                    replayed: false,
                    sheet: self.sheet(case, actor),
                })
            }
            Err(error) => {
                self.shift_load(owner, None);
                if let (LedgerError::Duplicate { same_request: true, .. }, Some(wanted)) =
                    (&error, &idempotency)
                    && let Some(receipt) = self.receipt_again(wanted, actor).await?
                {
                    return Ok(receipt);
                }
                Err(error.into())
            }
        }
    }

    /// The receipt of a request that was sent before with the same key.
    async fn receipt_again(&self, wanted: &Idempotency, actor: Actor) -> Result<Option<Receipt>, DeskError> {
        let found = self.0.ledger.find_idempotency(&self.0.org, &wanted.key).await?;
        let Some((stream, _, digest)) = found else { return Ok(None) };
        let Stream::Ticket(ticket) = stream else { return Err(DeskError::KeyReused) };
        if digest != wanted.digest {
            return Err(DeskError::KeyReused);
        }
        let mut case = self.load_case(ticket).await?;
        // The same answer as then: the ticket as it was received.
        case.entries.truncate(1);
        let received = ticket::fold(ticket, &case.entries).ok_or(DeskError::NotFound { what: "ticket" })?;
        case.ticket = received;
        Ok(Some(Receipt {
            ticket,
            number: case.ticket.number.clone(),
            query_code: case.ticket.query_code.text().unwrap_or_default().to_owned(),
            received_at: case.ticket.received_at,
            position: None,
            hash: case.tail.head,
            replayed: true,
            sheet: self.sheet(case, actor),
        }))
    }

    async fn decide_intake(
        &self,
        submission: Submission,
        actor: Actor,
        at: Timestamp,
    ) -> Result<Intake, DeskError> {
        let house = self.house();
        let (pins, commitments): (Vec<Pin>, Vec<Arc<Commitment>>) = house.in_force(at).into_iter().unzip();
        let given = yinuo_language::Given {
            subject: submission.subject.text().unwrap_or_default(),
            body: submission.body.text().unwrap_or_default(),
            kind: submission.kind,
            urgency: submission.urgency,
            complexity: submission.complexity,
            severity: submission.severity,
            site: submission.site,
            technical: submission.technical,
            topic: submission.topic.as_deref(),
        };
        let classification = yinuo_language::classify(&given);
        let day = at.to_zoned(self.0.settings.zone.clone()).date();
        let query_code = self.query_code();
        let mut request = Request {
            number: String::new(),
            query_code: query_code.as_str().into(),
            channel: submission.channel,
            customer: submission.customer,
            subject: submission.subject,
            body: submission.body,
            language: submission.language.unwrap_or(classification.language),
            classifier: if submission.kind.is_some() { Classifier::Customer } else { Classifier::Rules },
            why: classification.why.as_str().into(),
            facets: classification.facets,
            pins,
            tzdb: yinuo_calendar::tzdb_version().to_owned(),
            external: submission.external,
        };
        let roster = &house.organisation.roster;
        // Refuse before a number is taken: numbers have no gaps that nobody can explain.
        let refused = ticket::receive(
            request.clone(),
            &Facts { commitments: &commitments, roster, load: &self.load() },
            at,
        )
        .err();
        if let Some(refusal) = refused {
            Meters::add(&self.0.meters.refusals);
            return Err(refusal.into());
        }
        let number = self.0.ledger.next_number(&self.0.org, day).await?;
        request.number = format!("{}-{}-{number:04}", prefix(request.facets.kind), day.strftime("%Y%m%d"));
        let events = {
            let mut load = self.load();
            let events =
                ticket::receive(request, &Facts { commitments: &commitments, roster, load: &load }, at)?;
            let owner = events.iter().find_map(|event| match event {
                Event::Assigned { member, .. } => *member,
                _ => None,
            });
            if let Some(owner) = owner {
                let count = load.entry(owner).or_default();
                *count = count.saturating_add(1);
            }
            events
        };
        Ok(Intake {
            ticket: self.new_ticket_id(at),
            entry: Entry { at, actor, events },
            commitments,
            day_number: DayNumber { day, number },
            query_code,
        })
    }

    /// Eight characters that are hard to confuse, each equally likely.
    fn query_code(&self) -> String {
        const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
        let mut code = String::with_capacity(8);
        while code.len() < 8 {
            let mut bytes = [0; 16];
            self.fill_random(&mut bytes);
            // 248 is the largest multiple of 31 in a byte: bytes above it would make some characters likelier.
            let fair = bytes.iter().filter(|byte| **byte < 248);
            let characters = fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 31)));
            code.extend(characters.take(8 - code.len()).map(|byte| char::from(*byte)));
        }
        code
    }
}

/// What the number of a ticket begins with: the kind when it came in, in pinyin initials.
const fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Consultation => "ZX",
        Kind::Repair => "BX",
        Kind::Complaint => "TS",
        Kind::Suggestion => "JY",
        Kind::Praise => "BY",
    }
}

fn checked_key(key: String) -> Result<String, DeskError> {
    let fits = (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        return Ok(key);
    }
    Err(DeskError::invalid(
        "Idempotency-Key",
        "Idempotency-Key 须为 1 至 200 个可见 ASCII 字符，例如一个 UUID。",
        "Idempotency-Key has to be 1 to 200 visible ASCII characters, such as a UUID.",
    ))
}

/// A digest of everything that the customer said: the same key with other words is another request.
fn digest(submission: &Submission) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut part = |text: Option<&str>| {
        let text = text.unwrap_or("\u{0}");
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    };
    let customer = &submission.customer;
    part(Some(submission.channel.word()));
    part(customer.name.text());
    for words in [&customer.phone, &customer.email, &customer.address] {
        part(words.as_ref().and_then(Words::text));
    }
    part(submission.subject.text());
    part(submission.body.text());
    part(submission.language.map(Language::word));
    part(submission.kind.map(Kind::word));
    part(submission.urgency.map(Urgency::word));
    part(submission.complexity.map(Complexity::word));
    part(submission.severity.map(Severity::word));
    part(submission.site.map(Site::word));
    part(submission.technical.map(|technical| if technical { "technical" } else { "plain" }));
    part(submission.topic.as_deref());
    part(submission.external.as_deref());
    hasher.finalize().into()
}
