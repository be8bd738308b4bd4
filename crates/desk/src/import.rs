//! History comes in: requests of another system with their dates, from JSON lines or CSV.

mod read;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use yinuo_commitment::{Channel, Form, Kind, Language, Text, Urgency, says_nothing};
use yinuo_core::{
    access::Operation,
    id::TicketId,
    roster::Actor,
    ticket::{self, Answer, Command, Customer, Entry, Event, Facts, Outcome, Purpose, Refusal},
    words::Words,
};
use yinuo_ledger::{Custody, DayNumber, Enrolment, Idempotency, LedgerError, Tail};

pub use self::read::{Format, ImportLine, ImportRow, read_rows};
use crate::{
    case::{Before, Case, Draft},
    desk::Desk,
    error::DeskError,
    meters::Meters,
    submit::{Prepared, Submission},
};

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOutcome {
    /// A ticket was made.
    Imported {
        /// The ticket.
        ticket: TicketId,
        /// Its number.
        number: String,
    },
    /// It was imported before.
    Known,
    /// It was refused.
    Refused {
        /// Stable code, kebab-case.
        code: &'static str,
        /// Why, for people.
        text: Text,
    },
}

/// What an import came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Tickets made.
    pub imported: u64,
    /// Rows left out because their id was imported before.
    pub known: u64,
    /// Requests to which no commitment applied when they came in: they run no clocks.
    pub without_commitment: u64,
    /// Alarms of the past that were put on record, as noticed now. Nobody is told about them.
    pub alarms: u64,
    /// Lines that were refused, and why, in English. The others were imported all the same.
    pub refused: Vec<(u64, String)>,
    /// Every line in order, and what became of it.
    pub lines: Vec<(u64, LineOutcome)>,
}

/// A row with its words understood.
struct Understood {
    submission: Submission,
    received_at: Timestamp,
    reply: Option<(Timestamp, String)>,
    closed_at: Option<Timestamp>,
}

/// The whole course of an imported ticket, ready to be appended at once.
struct History {
    case: Case,
    drafts: Vec<Draft>,
    alarms: u64,
}

impl Desk {
    /// Imports rows in the order given. What cannot be imported is reported with its line; nothing is half imported: all
    /// entries of a row are kept in one transaction or none is. Nobody is told about what happened long ago.
    pub async fn import(&self, lines: Vec<ImportLine>, actor: Actor) -> Result<ImportReport, DeskError> {
        Self::allow(actor, Operation::Import)?;
        let mut report = ImportReport::default();
        for line in lines {
            let outcome = match line.row {
                Ok(row) => match self.import_row(row, &mut report).await {
                    Ok(outcome) => outcome,
                    // The ledger itself is in trouble: going on would refuse every line for the same reason.
                    Err(error @ (DeskError::Full | DeskError::Unavailable(_) | DeskError::Internal(_))) => {
                        return Err(error);
                    }
                    Err(error) => LineOutcome::Refused {
                        code: error.code(),
                        text: Text::new(error.text(Language::Zh), error.text(Language::En)),
                    },
                },
                Err(reason) => LineOutcome::Refused {
                    code: "unreadable",
                    text: Text::new(format!("这一行无法读取：{reason}"), reason),
                },
            };
            match &outcome {
                LineOutcome::Imported { .. } => report.imported += 1,
                LineOutcome::Known => report.known += 1,
                LineOutcome::Refused { text, .. } => {
                    report.refused.push((line.line, text.get(Language::En).to_owned()));
                }
            }
            report.lines.push((line.line, outcome));
        }
        Ok(report)
    }

    /// What an import would refuse, by line, without importing: everything but what only the ledger knows.
    pub fn try_import(&self, lines: &[ImportLine], language: Language) -> Vec<(u64, String)> {
        let now = self.now();
        let refused = lines.iter().filter_map(|line| {
            let reason = match &line.row {
                Err(reason) => reason.clone(),
                Ok(row) => self.try_row(row.clone(), now).err()?.text(language),
            };
            Some((line.line, reason))
        });
        refused.collect()
    }

    fn try_row(&self, row: ImportRow, now: Timestamp) -> Result<(), DeskError> {
        let understood = understand(row, now)?;
        let prepared = self.prepare(understood.submission.clone(), Actor::System, understood.received_at)?;
        let nobody = self.somebody_new(&prepared.request.customer, now);
        self.history(&prepared, &understood, &nobody, None, now).map(drop)
    }

    async fn import_row(&self, row: ImportRow, report: &mut ImportReport) -> Result<LineOutcome, DeskError> {
        let now = self.now();
        let understood = understand(row, now)?;
        let external = understood.submission.external.clone();
        if let Some(external) = &external
            && self.0.ledger.ticket_by_external(&self.0.org, external).await?.is_some()
        {
            return Ok(LineOutcome::Known);
        }
        let prepared = self.prepare(understood.submission.clone(), Actor::System, understood.received_at)?;
        // Decided once without a number, so that a row that is refused leaves no gap.
        let nobody = self.somebody_new(&prepared.request.customer, now);
        self.history(&prepared, &understood, &nobody, None, now)?;
        for _ in 0..Self::TRIES {
            let of_day = self.next_number(understood.received_at).await?;
            let owner = self.owner(&prepared.request.customer, understood.received_at).await?;
            let mut history = self.history(&prepared, &understood, &owner, Some(of_day), now)?;
            if let Some(first) = history.drafts.first_mut() {
                first.append.number = Some(of_day);
                first.append.idempotency = external.as_deref().map(|external| self.once(external));
            }
            let kept: Result<Vec<_>, LedgerError> =
                self.keep_many(history.drafts).await.into_iter().collect();
            match kept {
                Ok(_) => {
                    Meters::add(&self.0.meters.intakes);
                    report.alarms += history.alarms;
                    report.without_commitment += u64::from(prepared.commitments.is_empty());
                    let number = history.case.ticket.number;
                    return Ok(LineOutcome::Imported { ticket: prepared.ticket, number });
                }
                Err(LedgerError::NumberTaken { .. } | LedgerError::PersonChanged) => self.count_conflict(),
                // Somebody else is importing the same file at the same moment.
                Err(LedgerError::Duplicate { .. }) => return Ok(LineOutcome::Known),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Self::overtaken("the number was given to another ticket"))
    }

    /// Lets everything happen that the row tells, each thing at its instant; then lets time speak up to `now`.
    fn history(
        &self,
        prepared: &Prepared,
        row: &Understood,
        (custody, enrolment): &(Custody, Enrolment),
        of_day: Option<DayNumber>,
        now: Timestamp,
    ) -> Result<History, DeskError> {
        let number = of_day.map_or_else(String::new, |of_day| Self::number(prepared, of_day));
        let (reservation, events) = self.receive(prepared, &number, row.received_at)?;
        let entry = Entry { at: row.received_at, actor: Actor::System, events };
        let ticket = ticket::begin(prepared.ticket, &entry)
            .ok_or(LedgerError::Unfit { what: "a new ticket begins with its receipt" })?;
        let commitments = prepared.commitments.clone();
        let before = Before::Nothing(custody, enrolment);
        let mut first = self.drafted(before, &ticket, &commitments, &self.house(), &entry, None, None);
        first.aftermath.reservation = reservation;
        let tail = quiet(&mut first);
        let custody = custody.clone();
        let case = Case { ticket, entries: vec![entry], tail, commitments, custody };
        let mut history = History { case, drafts: vec![first], alarms: 0 };
        if let Some((at, text)) = &row.reply {
            let reply = |purpose| Command::Reply {
                answer: Answer {
                    body: text.as_str().into(),
                    form: Form::Written,
                    purpose,
                    contents: Vec::new(),
                    told: None,
                    article: None,
                },
            };
            let answers = history.case.ticket.facets().kind == Kind::Consultation;
            // A letter may demand more of a full answer than another system tells: then it is a reply.
            if !answers || self.happen(&mut history, reply(Purpose::FullAnswer), *at).is_err() {
                self.happen(&mut history, reply(Purpose::Reply), *at)?;
            }
        }
        if let Some(at) = row.closed_at {
            let close = |outcome| Command::Close { outcome, note: CLOSED_ELSEWHERE.into() };
            // The other system closed it without the steps that settle such a ticket here: then no clock that still
            // runs is judged.
            if self.happen(&mut history, close(Outcome::Settled), at).is_err() {
                self.happen(&mut history, close(Outcome::Withdrawn), at)?;
            }
        }
        match self.happen(&mut history, Command::Tick, now) {
            Ok(()) | Err(Refusal::NothingChanges) => Ok(history),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The same id of the other system makes one ticket. No caller can send this key: it has a space in it.
    fn once(&self, external: &str) -> Idempotency {
        let digest: [u8; 32] = Sha256::digest(external.as_bytes()).into();
        Idempotency { key: format!("import {}", hex::encode(digest)), digest: self.0.index.request(digest) }
    }

    /// One thing that happened at `at`.
    fn happen(&self, history: &mut History, command: Command, at: Timestamp) -> Result<(), Refusal> {
        let house = self.house();
        let case = &mut history.case;
        let no_load = BTreeMap::new();
        let facts =
            Facts { commitments: &case.commitments, roster: &house.organisation.roster, load: &no_load };
        let mut events = ticket::decide(&case.ticket, command, Actor::System, &facts, at)?;
        for event in &mut events {
            match event {
                // It was a person of the company who replied, though the product puts it on record.
                Event::Replied { automatic, .. } => *automatic = false,
                Event::AlarmFired { .. } => history.alarms += 1,
                _ => {}
            }
        }
        let entry = Self::entry(&case.ticket, at, Actor::System, events);
        let mut draft = self.draft(case, &house, &entry);
        case.tail = quiet(&mut draft);
        case.ticket = ticket::apply(case.ticket.clone(), &entry);
        case.entries.push(entry);
        history.drafts.push(draft);
        Ok(())
    }
}

/// Last words on a ticket that the other system had closed.
const CLOSED_ELSEWHERE: &str = "原系统中已关闭 / closed in the system it came from";

/// History is not news: nobody is told, and its lateness is not the ticker's. Says where the stream ends after it.
fn quiet(draft: &mut Draft) -> Tail {
    draft.append.jobs.clear();
    draft.aftermath.has_jobs = false;
    draft.aftermath.fired.clear();
    Tail { version: draft.append.sealed.seq(), head: draft.append.sealed.hash() }
}

fn understand(row: ImportRow, now: Timestamp) -> Result<Understood, DeskError> {
    let received_at = instant("received_at", row.received_at, now)?.unwrap_or(now);
    let replied_at = instant("replied_at", row.replied_at, now)?;
    let closed_at = instant("closed_at", row.closed_at, now)?;
    not_before("replied_at", replied_at, "received_at", Some(received_at))?;
    not_before("closed_at", closed_at, "received_at", Some(received_at))?;
    not_before("closed_at", closed_at, "replied_at", replied_at)?;
    let reply = match (replied_at, row.reply) {
        (Some(at), Some(text)) if !says_nothing(&text) => Some((at, text)),
        (Some(_), _) => {
            return Err(DeskError::invalid(
                "reply",
                "有 replied_at 时须填写 reply。",
                "`replied_at` needs `reply`.",
            ));
        }
        (None, _) => None,
    };
    let subject = row.subject.unwrap_or_else(|| row.text.trim().chars().take(60).collect());
    let words = |text: Option<String>| text.filter(|text| !says_nothing(text)).map(Words::from);
    let submission = Submission {
        channel: word("channel", row.channel, Channel::from_word, Channel::ALL)?.unwrap_or(Channel::Api),
        customer: Customer {
            name: words(row.name).unwrap_or_default(),
            phone: words(row.phone),
            email: words(row.email),
            address: None,
        },
        kind: word("kind", row.kind, Kind::from_word, Kind::ALL)?,
        urgency: word("urgency", row.urgency, Urgency::from_word, Urgency::ALL)?,
        language: word("language", row.language, Language::from_word, Language::ALL)?,
        topic: row.topic.filter(|topic| !says_nothing(topic)),
        external: row.id.filter(|id| !says_nothing(id)),
        ..Submission::new(Channel::Api, &subject, &row.text)
    };
    Ok(Understood { submission, received_at, reply, closed_at })
}

/// History runs forward: what came later was not earlier.
fn not_before(
    field: &'static str,
    at: Option<Timestamp>,
    earlier: &str,
    than: Option<Timestamp>,
) -> Result<(), DeskError> {
    match (at, than) {
        (Some(at), Some(than)) if at < than => Err(DeskError::invalid(
            field,
            format!("{field}（{at}）早于 {earlier}（{than}）。"),
            format!("`{field}` ({at}) lies before `{earlier}` ({than})."),
        )),
        _ => Ok(()),
    }
}

/// An instant that is not in the future; a minute is granted to clocks that differ.
fn instant(
    field: &'static str,
    text: Option<String>,
    now: Timestamp,
) -> Result<Option<Timestamp>, DeskError> {
    let Some(text) = text.filter(|text| !says_nothing(text)) else { return Ok(None) };
    let at: Timestamp = text.trim().parse().map_err(|error: jiff::Error| {
        DeskError::invalid(
            field,
            format!("「{text}」不是 RFC 3339 时间，例如 2026-11-20T09:30:00+08:00。"),
            format!("`{text}` is no RFC 3339 instant such as 2026-11-20T09:30:00+08:00: {error}"),
        )
    })?;
    if at < Timestamp::UNIX_EPOCH {
        return Err(DeskError::invalid(
            field,
            format!("「{text}」早于 1970 年，请核对。"),
            format!("`{text}` lies before 1970: is that meant?"),
        ));
    }
    if at > now.saturating_add(SignedDuration::from_mins(1)).unwrap_or(now) {
        return Err(DeskError::invalid(
            field,
            format!("「{text}」在将来，导入的是历史记录。"),
            format!("`{text}` lies in the future; an import is history."),
        ));
    }
    Ok(Some(at.min(now)))
}

fn word<T: std::fmt::Display>(
    field: &'static str,
    text: Option<String>,
    from_word: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<Option<T>, DeskError> {
    let Some(text) = text.filter(|text| !says_nothing(text)) else { return Ok(None) };
    from_word(text.trim()).map(Some).ok_or_else(|| {
        let known = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        DeskError::invalid(
            field,
            format!("「{text}」无效，可用：{known}"),
            format!("`{text}` is not one of: {known}"),
        )
    })
}
