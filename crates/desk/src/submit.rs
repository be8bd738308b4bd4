//! A customer raises a need: the ticket is received, classified, given to somebody, and its clocks run.

use std::{collections::BTreeMap, sync::Arc};

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
use yinuo_ledger::{Custody, DayNumber, Enrolment, Hash, Idempotency, LedgerError, Stream, Tail};

use crate::{
    case::{Before, Case},
    desk::{Desk, Reservation},
    error::DeskError,
    meters::Meters,
    sheet::TicketSheet,
    understanding,
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

/// A request with everything that was looked up for it, but no number yet.
pub(crate) struct Prepared {
    pub(crate) ticket: TicketId,
    pub(crate) request: Request,
    pub(crate) commitments: Vec<Arc<Commitment>>,
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
        let wanted = match idempotency {
            Some(key) => Some(Idempotency {
                key: checked_key(key)?,
                digest: self.0.index.request(digest(&submission)),
            }),
            None => None,
        };
        if let Some(wanted) = &wanted
            && let Some(receipt) = self.receipt_again(wanted, actor).await?
        {
            return Ok(receipt);
        }
        let at = self.now();
        let prepared = self.prepare(submission, actor, at)?;
        for _ in 0..Self::TRIES {
            let owner = self.owner(&prepared.request.customer, at).await?;
            match self.take_in(&prepared, &owner, actor, wanted.clone(), at).await {
                Ok(receipt) => {
                    Meters::add(&self.0.meters.intakes);
                    return Ok(receipt);
                }
                // Another ticket was given the number, or another request made or erased the person.
                Err(DeskError::Internal(LedgerError::NumberTaken { .. } | LedgerError::PersonChanged)) => {
                    self.count_conflict();
                }
                // The same request was on its way at the same moment and arrived first.
                Err(DeskError::Internal(LedgerError::Duplicate { .. })) => {
                    let first = match &wanted {
                        Some(wanted) => self.receipt_again(wanted, actor).await?,
                        None => None,
                    };
                    return first.ok_or(DeskError::KeyReused);
                }
                Err(error) => return Err(error),
            }
        }
        Err(Self::overtaken("the number was given to another ticket"))
    }

    /// Numbers a prepared request and keeps it.
    async fn take_in(
        &self,
        prepared: &Prepared,
        (custody, enrolment): &(Custody, Enrolment),
        actor: Actor,
        idempotency: Option<Idempotency>,
        at: Timestamp,
    ) -> Result<Receipt, DeskError> {
        let house = self.house();
        let day_number = self.next_number(at).await?;
        let (reservation, events) = self.receive(prepared, &Self::number(prepared, day_number), at)?;
        let entry = Entry { at, actor, events };
        let after = ticket::begin(prepared.ticket, &entry)
            .ok_or(LedgerError::Unfit { what: "a new ticket begins with its receipt" })?;
        let number = Some(day_number);
        let before = Before::Nothing(custody, enrolment);
        let mut draft =
            self.drafted(before, &after, &prepared.commitments, &house, &entry, idempotency, number);
        draft.aftermath.reservation = reservation;
        let appended = self.keep(draft).await.map_err(unlogged)?;
        let tail = Tail { version: appended.seq, head: appended.hash };
        let commitments = prepared.commitments.clone();
        let custody = custody.clone();
        let case = Case { ticket: after, entries: vec![entry], tail, commitments, custody };
        let case = match self.automatic(&case.ticket, actor).await {
            Some(command) => Box::pin(self.answer(case, command)).await,
            None => case,
        };
        Ok(Receipt {
            ticket: prepared.ticket,
            number: case.ticket.number.clone(),
            query_code: case.ticket.query_code.text().unwrap_or_default().to_owned(),
            received_at: at,
            position: Some(appended.position),
            hash: appended.hash,
            replayed: false,
            sheet: self.sheet_as_of(case, actor, at),
        })
    }

    /// The receipt of a request that was sent before with the same key: the same answer as then.
    async fn receipt_again(&self, wanted: &Idempotency, actor: Actor) -> Result<Option<Receipt>, DeskError> {
        let found = self.0.ledger.find_idempotency(&self.0.org, &wanted.key).await?;
        let Some((stream, _, digest)) = found else { return Ok(None) };
        let Stream::Ticket(ticket) = stream else { return Err(DeskError::KeyReused) };
        if digest != wanted.digest {
            return Err(DeskError::KeyReused);
        }
        let mut case = self.load_case(ticket).await?;
        let hash = if case.tail.version == 1 {
            case.tail.head
        } else {
            let records = self.records_of(ticket).await?;
            records.first().map(|record| record.hash).ok_or(DeskError::NotFound { what: "ticket" })?
        };
        if case.ticket.is_erased()
            && let Some(erasure) = self.erasure_of(ticket).await?
        {
            return Err(self.erased(&erasure));
        }
        case.entries.truncate(1);
        let received = ticket::fold(ticket, &case.entries).ok_or(DeskError::NotFound { what: "ticket" })?;
        case.ticket = received;
        let received_at = case.ticket.received_at;
        Ok(Some(Receipt {
            ticket,
            number: case.ticket.number.clone(),
            query_code: case.ticket.query_code.text().unwrap_or_default().to_owned(),
            received_at,
            position: None,
            hash,
            replayed: true,
            sheet: self.sheet_as_of(case, actor, received_at),
        }))
    }

    /// Classifies a request and looks up what judges it. Refuses before a number is taken: numbers have no gaps that
    /// nobody can explain.
    pub(crate) fn prepare(
        &self,
        submission: Submission,
        actor: Actor,
        at: Timestamp,
    ) -> Result<Prepared, DeskError> {
        check_lengths(&submission)?;
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
        let reader = &house.reader;
        let classification = reader.classifier.classify(&given);
        let assessment = understanding::assessment(&classification, reader.version());
        let classifier = match (submission.kind, actor) {
            (None, _) => Classifier::Rules,
            (Some(_), Actor::Member { .. }) => Classifier::Person,
            (Some(_), Actor::Customer | Actor::System) => Classifier::Customer,
        };
        let request = Request {
            number: String::new(),
            query_code: self.query_code().into(),
            channel: submission.channel,
            customer: submission.customer,
            subject: submission.subject,
            body: submission.body,
            language: submission.language.unwrap_or(classification.language),
            classifier,
            why: classification.why.as_str().into(),
            assessment: Some(assessment),
            facets: classification.facets,
            pins,
            tzdb: yinuo_calendar::tzdb_version().to_owned(),
            external: submission.external,
        };
        let no_load = BTreeMap::new();
        let facts = Facts { commitments: &commitments, roster: &house.organisation.roster, load: &no_load };
        ticket::receive(request.clone(), &facts, at).inspect_err(|_| Meters::add(&self.0.meters.refusals))?;
        Ok(Prepared { ticket: self.new_ticket_id(at), request, commitments })
    }

    /// The next running number of the local day of `at`.
    pub(crate) async fn next_number(&self, at: Timestamp) -> Result<DayNumber, DeskError> {
        let day = at.to_zoned(self.0.settings.zone.clone()).date();
        let number = self.0.ledger.next_number(&self.0.org, day).await?;
        Ok(DayNumber { day, number })
    }

    /// The number that people see.
    pub(crate) fn number(prepared: &Prepared, of_day: DayNumber) -> String {
        let prefix = prefix(prepared.request.facets.kind);
        format!("{prefix}-{}-{:04}", of_day.day.strftime("%Y%m%d"), of_day.number)
    }

    /// The events of the receipt, with room reserved for whoever gets the ticket.
    pub(crate) fn receive(
        &self,
        prepared: &Prepared,
        number: &str,
        at: Timestamp,
    ) -> Result<(Option<Reservation>, Vec<Event>), DeskError> {
        let house = self.house();
        let request = Request { number: number.to_owned(), ..prepared.request.clone() };
        let mut load = self.load();
        let facts = Facts {
            commitments: &prepared.commitments,
            roster: &house.organisation.roster,
            load: load.open(),
        };
        let events = ticket::receive(request, &facts, at)?;
        Ok((self.reserve(&mut load, &events), events))
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

/// The ledger's answer as it is, where the caller knows what to do about it.
fn unlogged(error: LedgerError) -> DeskError {
    match error {
        LedgerError::NumberTaken { .. }
        | LedgerError::PersonChanged
        | LedgerError::Duplicate { same_request: true, .. } => DeskError::Internal(error),
        other => other.into(),
    }
}

/// Longest name, number or address, in characters. Subject and text are the core's to judge.
const DETAIL_MAX_CHARS: usize = 300;

fn check_lengths(submission: &Submission) -> Result<(), DeskError> {
    let customer = &submission.customer;
    let details = [
        ("name", customer.name.text()),
        ("phone", customer.phone.as_ref().and_then(Words::text)),
        ("email", customer.email.as_ref().and_then(Words::text)),
        ("address", customer.address.as_ref().and_then(Words::text)),
        ("external", submission.external.as_deref()),
    ];
    check_topic(submission.topic.as_deref())?;
    for (field, text) in details {
        if text.is_some_and(|text| text.chars().count() > DETAIL_MAX_CHARS) {
            return Err(DeskError::invalid(
                field,
                format!("内容过长，最多 {DETAIL_MAX_CHARS} 个字符。"),
                format!("Too long: at most {DETAIL_MAX_CHARS} characters."),
            ));
        }
    }
    Ok(())
}

/// Longest topic, in characters: it is a heading of the company's own list.
const TOPIC_MAX_CHARS: usize = 40;

/// A heading may name a model; seven digits and more are somebody's number.
const TOPIC_DIGITS_MAX: usize = 6;

/// A topic stands in the record itself, in lists and in figures, in the clear and for ever: no erasure reaches it. So what
/// looks like a contact or an identity number is refused there.
pub(crate) fn check_topic(topic: Option<&str>) -> Result<(), DeskError> {
    let Some(topic) = topic else { return Ok(()) };
    let fits = topic.chars().count() <= TOPIC_MAX_CHARS
        && topic.chars().filter(|char| char.is_numeric()).count() <= TOPIC_DIGITS_MAX
        && !topic.contains(['@', '＠'])
        && !topic.chars().any(char::is_control);
    if fits {
        return Ok(());
    }
    Err(DeskError::invalid(
        "topic",
        format!(
            "主题是公司自定的简短词语，最多 {TOPIC_MAX_CHARS} 个字符，不得含有电话、邮箱或证件号码：它会以明文永久保留。"
        ),
        format!(
            "A topic is a short word of the company's own list, at most {TOPIC_MAX_CHARS} characters, without phone numbers, e-mail addresses or identity numbers: it is kept in the clear for ever."
        ),
    ))
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
