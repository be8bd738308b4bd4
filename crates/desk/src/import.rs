//! History comes in: requests of another system with their dates, from JSON lines or CSV.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use yinuo_commitment::{Channel, Form, Kind, Language, Urgency};
use yinuo_core::{
    access::Operation,
    roster::{Actor, Role},
    ticket::{Answer, Command, Customer, Outcome, Purpose},
    words::Words,
};

use crate::{desk::Desk, error::DeskError, submit::Submission};

/// One request with its dates. Only the text is obligatory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRow {
    /// Id in the other system; the same id again is left out.
    #[serde(default)]
    pub id: Option<String>,
    /// When it came in, RFC 3339; now if missing.
    #[serde(default)]
    pub received_at: Option<String>,
    /// Word of a channel; `api` if missing.
    #[serde(default)]
    pub channel: Option<String>,
    /// Word of a kind; by the rules of classification if missing.
    #[serde(default)]
    pub kind: Option<String>,
    /// `normal` or `urgent`.
    #[serde(default)]
    pub urgency: Option<String>,
    /// One line; the beginning of the text if missing.
    #[serde(default)]
    pub subject: Option<String>,
    /// The text.
    #[serde(alias = "body", alias = "question")]
    pub text: String,
    /// Name of the customer.
    #[serde(default)]
    pub name: Option<String>,
    /// Phone of the customer.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address of the customer.
    #[serde(default)]
    pub email: Option<String>,
    /// `zh` or `en`.
    #[serde(default, alias = "lang")]
    pub language: Option<String>,
    /// Topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// When the company replied, RFC 3339.
    #[serde(default)]
    pub replied_at: Option<String>,
    /// What it replied; needed with `replied_at`.
    #[serde(default, alias = "answer")]
    pub reply: Option<String>,
    /// When the ticket was closed, RFC 3339.
    #[serde(default)]
    pub closed_at: Option<String>,
}

/// A row of a file, or what is wrong with it.
#[derive(Debug, Clone)]
pub struct ImportLine {
    /// Line in the file, from 1.
    pub line: u64,
    /// The row.
    pub row: Result<ImportRow, String>,
}

/// Format of an import file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values with a header line.
    Csv,
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
    /// Lines that were refused, and why. The others were imported all the same.
    pub refused: Vec<(u64, String)>,
}

/// Reads a file. A line that cannot be read is reported, the others are read all the same.
pub fn read_rows(text: &str, format: Format) -> Vec<ImportLine> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::JsonLines => {
            let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
            let row = |line: &str| serde_json::from_str(line).map_err(|error| error.to_string());
            lines.map(|(text, line)| ImportLine { line, row: row(text) }).collect()
        }
        Format::Csv => {
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
            let headers = match reader.headers() {
                Ok(headers) => headers.clone(),
                Err(error) => return vec![ImportLine { line: 1, row: Err(error.to_string()) }],
            };
            let mut lines = Vec::new();
            for record in reader.records() {
                let row = match record {
                    Ok(record) => {
                        let line = record.position().map_or(0, csv::Position::line);
                        let row = record
                            .deserialize::<ImportRow>(Some(&headers))
                            .map_err(|error| error.to_string());
                        ImportLine { line, row }
                    }
                    Err(error) => {
                        let line = error.position().map_or(0, csv::Position::line);
                        ImportLine { line, row: Err(error.to_string()) }
                    }
                };
                lines.push(row);
            }
            lines
        }
    }
}

/// A row with its words understood.
struct Understood {
    submission: Submission,
    received_at: Option<Timestamp>,
    reply: Option<(Timestamp, String)>,
    closed_at: Option<Timestamp>,
}

impl Desk {
    /// Imports rows in the order given. What cannot be imported is reported with its line; nothing is half imported.
    pub async fn import(&self, lines: Vec<ImportLine>, actor: Actor) -> Result<ImportReport, DeskError> {
        Self::allow(actor, Operation::Import)?;
        let mut report = ImportReport::default();
        for line in lines {
            let row = match line.row {
                Ok(row) => row,
                Err(reason) => {
                    report.refused.push((line.line, reason));
                    continue;
                }
            };
            match self.import_row(row, &mut report).await {
                Ok(()) => {}
                // The ledger itself is in trouble: going on would refuse every line for the same reason.
                Err(error @ (DeskError::Full | DeskError::Unavailable(_) | DeskError::Internal(_))) => {
                    return Err(error);
                }
                Err(error) => report.refused.push((line.line, error.text(Language::En))),
            }
        }
        Ok(report)
    }

    async fn import_row(&self, row: ImportRow, report: &mut ImportReport) -> Result<(), DeskError> {
        let now = self.now();
        let understood = understand(row, now)?;
        if let Some(external) = &understood.submission.external
            && self.0.ledger.ticket_by_external(&self.0.org, external).await?.is_some()
        {
            report.known += 1;
            return Ok(());
        }
        let received_at = understood.received_at.unwrap_or(now);
        let receipt = self.submit_at(understood.submission, Actor::System, None, received_at).await?;
        report.imported += 1;
        report.without_commitment += u64::from(receipt.sheet.ticket.pins.is_empty());
        // What the other system says was a person's reply is one.
        let person = self.importing_person(&receipt.sheet.ticket);
        if let Some((at, text)) = understood.reply {
            let purpose = match receipt.sheet.ticket.facets().kind {
                Kind::Consultation => Purpose::FullAnswer,
                _ => Purpose::Reply,
            };
            let answer =
                Answer { body: text.into(), form: Form::Written, purpose, contents: Vec::new(), told: None };
            self.command_at(receipt.ticket, Command::Reply { answer }, person, None, at).await?;
        }
        if let Some(at) = understood.closed_at {
            let note: Words = "imported".into();
            let settled = Command::Close { outcome: Outcome::Settled, note: note.clone() };
            match self.command_at(receipt.ticket, settled, person, None, at).await {
                // The other system closed it without the steps that settle such a ticket here.
                Err(DeskError::Refused(_)) => {
                    let withdrawn = Command::Close { outcome: Outcome::Withdrawn, note };
                    self.command_at(receipt.ticket, withdrawn, person, None, at).await?;
                }
                other => drop(other?),
            }
        }
        Ok(())
    }

    /// The owner of an imported ticket, for whom its replies count.
    fn importing_person(&self, ticket: &yinuo_core::ticket::Ticket) -> Actor {
        let owner = ticket.assignment.as_ref().and_then(|owned| owned.member);
        let house = self.house();
        let member = owner.and_then(|id| house.organisation.roster.members.get(&id));
        let role = member
            .map(|member| member.role)
            .filter(|role| matches!(role, Role::Agent | Role::Specialist | Role::TeamLead));
        match (owner, role) {
            (Some(id), Some(role)) => Actor::Member { id, role },
            _ => Actor::System,
        }
    }
}

fn understand(row: ImportRow, now: Timestamp) -> Result<Understood, DeskError> {
    let received_at = instant("received_at", row.received_at, now)?;
    let replied_at = instant("replied_at", row.replied_at, now)?;
    let closed_at = instant("closed_at", row.closed_at, now)?;
    let reply = match (replied_at, row.reply) {
        (Some(at), Some(text)) if !text.trim().is_empty() => Some((at, text)),
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
    let words = |text: Option<String>| text.filter(|text| !text.trim().is_empty()).map(Words::from);
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
        topic: row.topic.filter(|topic| !topic.trim().is_empty()),
        external: row.id.filter(|id| !id.trim().is_empty()),
        ..Submission::new(Channel::Api, &subject, &row.text)
    };
    Ok(Understood { submission, received_at, reply, closed_at })
}

/// An instant that is not in the future; a minute is granted to clocks that differ.
fn instant(
    field: &'static str,
    text: Option<String>,
    now: Timestamp,
) -> Result<Option<Timestamp>, DeskError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let at: Timestamp = text.trim().parse().map_err(|error: jiff::Error| {
        DeskError::invalid(
            field,
            format!("「{text}」不是 RFC 3339 时间，例如 2026-11-20T09:30:00+08:00。"),
            format!("`{text}` is no RFC 3339 instant such as 2026-11-20T09:30:00+08:00: {error}"),
        )
    })?;
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
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    from_word(text.trim()).map(Some).ok_or_else(|| {
        let known = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        DeskError::invalid(
            field,
            format!("「{text}」无效，可用：{known}"),
            format!("`{text}` is not one of: {known}"),
        )
    })
}
