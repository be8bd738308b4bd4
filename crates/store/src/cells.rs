//! View rows as columns and back, the same for every database.

use jiff::Timestamp;
use uuid::Uuid;
use yinuo_commitment::{Channel, Complexity, Grade, Kind, PromiseId, Severity, Site, Urgency};
use yinuo_core::{
    clock::{ClockEnd, ClockKey},
    id::{MemberId, OrgId, TeamId, TicketId},
    ticket::{Stage, Triage},
    view::{ClockRow, TicketRow},
    words::Words,
};
use yinuo_ledger::{Cursor, LedgerError, SealedViews, Stream, rows::outcome_word};

/// What to do about a damaged database; told with every sign of damage.
pub(crate) const DAMAGED: &str =
    "the database is damaged: stop the server, keep a copy of its data, and restore the last backup";

/// Columns of a ticket's row, as [`ticket`] reads them.
pub(crate) const TICKET: &str = "ticket, version, number, channel, kind, urgency, complexity, severity, site, technical, \
     topic, stage, open, outcome, subject, customer, team, member, received_at_us, last_at_us, closed_at_us, due_at_us, \
     due_commitment, due_promise, due_round, round, breach, ratings, second_complaint, \
     first_contact, triage";

/// Columns of a clock's row, as [`clock`] reads them.
pub(crate) const CLOCK: &str = "c.ticket, c.commitment, c.promise, c.round, c.commitment_version, c.kind, c.channel, \
     c.topic, c.team, c.member, c.started_at_us, c.due_at_us, c.ended, c.ended_at_us, c.worked_us, c.budget_us";

/// Rows for one statement, put together cell by cell in the order of its columns.
pub(crate) trait Put: Default {
    /// Begins the next row.
    fn row(&mut self) -> &mut Self;

    /// Whether there is no row.
    fn is_empty(&self) -> bool;

    fn text_or_null(&mut self, text: Option<&str>) -> &mut Self;

    fn number_or_null(&mut self, number: Option<i64>) -> &mut Self;

    fn bytes_or_null(&mut self, bytes: Option<&[u8]>) -> &mut Self;

    fn flag(&mut self, flag: bool) -> &mut Self;

    fn text(&mut self, text: &str) -> &mut Self {
        self.text_or_null(Some(text))
    }

    fn number(&mut self, number: i64) -> &mut Self {
        self.number_or_null(Some(number))
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes_or_null(Some(bytes))
    }

    fn uuid(&mut self, uuid: Uuid) -> &mut Self {
        self.bytes(uuid.as_bytes())
    }

    fn uuid_or_null(&mut self, uuid: Option<Uuid>) -> &mut Self {
        self.bytes_or_null(uuid.as_ref().map(|uuid| uuid.as_bytes().as_slice()))
    }
}

/// A row that a query found, cell by cell.
pub(crate) trait Cells {
    fn text_or_none(&self, index: usize) -> Result<Option<&str>, LedgerError>;

    fn number_or_none(&self, index: usize) -> Result<Option<i64>, LedgerError>;

    fn bytes_or_none(&self, index: usize) -> Result<Option<&[u8]>, LedgerError>;

    fn flag(&self, index: usize) -> Result<bool, LedgerError>;

    fn text(&self, index: usize) -> Result<&str, LedgerError> {
        self.text_or_none(index)?.ok_or_else(|| damaged("a text is missing"))
    }

    fn number(&self, index: usize) -> Result<i64, LedgerError> {
        self.number_or_none(index)?.ok_or_else(|| damaged("a number is missing"))
    }

    fn bytes(&self, index: usize) -> Result<&[u8], LedgerError> {
        self.bytes_or_none(index)?.ok_or_else(|| damaged("bytes are missing"))
    }
}

pub(crate) fn damaged(what: &str) -> LedgerError {
    LedgerError::corrupt(format!("{DAMAGED} ({what})"))
}

/// The column value of a stream.
pub(crate) fn stream_bytes(stream: Stream) -> Vec<u8> {
    stream.ticket().map_or_else(Vec::new, |ticket| ticket.uuid().as_bytes().to_vec())
}

/// The stream of a column value.
pub(crate) fn stream(bytes: &[u8]) -> Result<Stream, LedgerError> {
    if bytes.is_empty() {
        Ok(Stream::Organisation)
    } else {
        Ok(Stream::Ticket(TicketId::from_uuid(uuid(bytes)?)))
    }
}

pub(crate) fn uuid(bytes: &[u8]) -> Result<Uuid, LedgerError> {
    Uuid::from_slice(bytes).map_err(|_| damaged("an id is not 16 bytes long"))
}

pub(crate) fn id<T>(row: &impl Cells, index: usize, from: impl Fn(Uuid) -> T) -> Result<T, LedgerError> {
    uuid(row.bytes(index)?).map(from)
}

pub(crate) fn id_or_none<T>(
    row: &impl Cells,
    index: usize,
    from: impl Fn(Uuid) -> T,
) -> Result<Option<T>, LedgerError> {
    row.bytes_or_none(index)?.map(|bytes| uuid(bytes).map(from)).transpose()
}

/// A value that is kept by its word.
pub(crate) fn word<T>(
    row: &impl Cells,
    index: usize,
    from: impl Fn(&str) -> Option<T>,
) -> Result<T, LedgerError> {
    from(row.text(index)?).ok_or_else(|| damaged("an unknown word in a view row"))
}

fn word_or_none<T>(
    row: &impl Cells,
    index: usize,
    from: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, LedgerError> {
    let text = row.text_or_none(index)?;
    text.map(|text| from(text).ok_or_else(|| damaged("an unknown word in a view row"))).transpose()
}

/// An organisation's short name.
pub(crate) fn org(row: &impl Cells, index: usize) -> Result<OrgId, LedgerError> {
    word(row, index, |text| OrgId::new(text).ok())
}

pub(crate) fn unsigned<T: TryFrom<i64>>(row: &impl Cells, index: usize) -> Result<T, LedgerError> {
    T::try_from(row.number(index)?).map_err(|_| damaged("a number is out of range"))
}

pub(crate) fn hash(row: &impl Cells, index: usize) -> Result<[u8; 32], LedgerError> {
    row.bytes(index)?.try_into().map_err(|_| damaged("a hash is not 32 bytes long"))
}

pub(crate) fn instant(at_us: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(at_us).map_err(|_| damaged("an instant is out of range"))
}

pub(crate) fn at(row: &impl Cells, index: usize) -> Result<Timestamp, LedgerError> {
    instant(row.number(index)?)
}

pub(crate) fn at_or_none(row: &impl Cells, index: usize) -> Result<Option<Timestamp>, LedgerError> {
    row.number_or_none(index)?.map(instant).transpose()
}

fn us(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_microsecond)
}

fn owned(row: &impl Cells, index: usize) -> Result<Option<String>, LedgerError> {
    Ok(row.text_or_none(index)?.map(str::to_owned))
}

fn team(text: &str) -> Option<TeamId> {
    TeamId::new(text).ok()
}

fn key(row: &impl Cells, index: usize) -> Result<ClockKey, LedgerError> {
    Ok(ClockKey {
        commitment: row.text(index)?.to_owned(),
        promise: PromiseId::new(row.text(index + 1)?),
        round: unsigned(row, index + 2)?,
    })
}

/// A ticket's row as kept. Its words are sealed: [`crate::custody::open_rows`] puts them back.
pub(crate) struct SealedRow {
    pub(crate) row: TicketRow,
    pub(crate) subject: Option<Box<[u8]>>,
    pub(crate) customer: Option<Box<[u8]>>,
}

/// Reads the columns of [`TICKET`].
pub(crate) fn ticket(row: &impl Cells) -> Result<SealedRow, LedgerError> {
    Ok(SealedRow {
        subject: row.bytes_or_none(14)?.map(Into::into),
        customer: row.bytes_or_none(15)?.map(Into::into),
        row: plain_ticket(row)?,
    })
}

fn plain_ticket(row: &impl Cells) -> Result<TicketRow, LedgerError> {
    let due_at_us = row.number(21)?;
    let running = due_at_us != i64::MAX;
    let named = row.number_or_none(24)?.is_some();
    Ok(TicketRow {
        ticket: id(row, 0, TicketId::from_uuid)?,
        version: unsigned(row, 1)?,
        number: row.text(2)?.to_owned(),
        channel: word(row, 3, Channel::from_word)?,
        kind: word(row, 4, Kind::from_word)?,
        urgency: word(row, 5, Urgency::from_word)?,
        complexity: word(row, 6, Complexity::from_word)?,
        severity: word(row, 7, Severity::from_word)?,
        site: word(row, 8, Site::from_word)?,
        technical: row.flag(9)?,
        topic: owned(row, 10)?,
        stage: word(row, 11, Stage::from_word)?,
        open: row.flag(12)?,
        outcome: word_or_none(row, 13, outcome_word)?,
        subject: Words::erased(),
        customer: Words::erased(),
        names_before: Vec::new(),
        team: word_or_none(row, 16, team)?,
        member: id_or_none(row, 17, MemberId::from_uuid)?,
        received_at: at(row, 18)?,
        last_at: at(row, 19)?,
        closed_at: at_or_none(row, 20)?,
        next_due_at: if running { Some(instant(due_at_us)?) } else { None },
        next_due: if named { Some(key(row, 22)?) } else { None },
        round: unsigned(row, 25)?,
        breach: word_or_none(row, 26, Grade::from_word)?,
        ratings: serde_json::from_str(row.text(27)?).map_err(|_| damaged("ratings cannot be read"))?,
        second_complaint: row.flag(28)?,
        first_contact: row.flag(29)?,
        triage: word_or_none(row, 30, Triage::from_word)?,
    })
}

/// Reads the columns of [`CLOCK`].
pub(crate) fn clock(row: &impl Cells) -> Result<ClockRow, LedgerError> {
    let ended = word_or_none(row, 12, ClockEnd::from_word)?;
    Ok(ClockRow {
        ticket: id(row, 0, TicketId::from_uuid)?,
        clock: key(row, 1)?,
        commitment_version: unsigned(row, 4)?,
        kind: word(row, 5, Kind::from_word)?,
        channel: word(row, 6, Channel::from_word)?,
        topic: owned(row, 7)?,
        team: word_or_none(row, 8, team)?,
        member: id_or_none(row, 9, MemberId::from_uuid)?,
        started_at: at(row, 10)?,
        due_at: at_or_none(row, 11)?,
        end: match ended {
            Some(end) => Some((end, at(row, 13)?)),
            None => None,
        },
        worked_us: row.number_or_none(14)?,
        budget_us: row.number_or_none(15)?,
    })
}

/// Puts a ticket's row and alarm, in the order of the columns of `tickets`.
pub(crate) fn put_ticket(rows: &mut impl Put, org: &OrgId, views: &SealedViews) {
    let row = &views.rows.ticket;
    rows.row().text(org.as_str()).uuid(row.ticket.uuid()).number(i64::from(row.version)).text(&row.number);
    rows.text(row.channel.word()).text(row.kind.word()).text(row.urgency.word()).text(row.complexity.word());
    rows.text(row.severity.word()).text(row.site.word()).flag(row.technical);
    rows.text_or_null(row.topic.as_deref()).text(row.stage.word()).flag(row.open);
    rows.text_or_null(row.outcome);
    rows.bytes_or_null(views.subject.as_deref()).bytes_or_null(views.customer.as_deref());
    rows.text_or_null(row.team.as_ref().map(TeamId::as_str)).uuid_or_null(row.member.map(MemberId::uuid));
    rows.number(row.received_at.as_microsecond())
        .number(row.last_at.as_microsecond())
        .number_or_null(us(row.closed_at));
    rows.number(Cursor::of(row).due_at_us);
    rows.text_or_null(row.next_due.as_ref().map(|key| key.commitment.as_str()));
    rows.text_or_null(row.next_due.as_ref().map(|key| key.promise.as_str()));
    rows.number_or_null(row.next_due.as_ref().map(|key| i64::from(key.round)));
    rows.number(i64::from(row.round)).text_or_null(row.breach.map(Grade::word));
    rows.text(&serde_json::json!(row.ratings).to_string()).flag(row.second_complaint);
    rows.flag(row.first_contact).text_or_null(row.triage.map(Triage::word));
    rows.number_or_null(us(views.rows.alarm_at));
}

/// Puts the key of a clock.
pub(crate) fn put_clock_key(rows: &mut impl Put, org: &OrgId, row: &ClockRow) {
    rows.row().text(org.as_str()).uuid(row.ticket.uuid()).text(&row.clock.commitment);
    rows.text(row.clock.promise.as_str()).number(i64::from(row.clock.round));
}

/// Puts a clock's row, in the order of the columns of `clocks`.
pub(crate) fn put_clock(rows: &mut impl Put, org: &OrgId, row: &ClockRow) {
    put_clock_key(rows, org, row);
    rows.number(i64::from(row.commitment_version)).text(row.kind.word()).text(row.channel.word());
    rows.text_or_null(row.topic.as_deref()).text_or_null(row.team.as_ref().map(TeamId::as_str));
    rows.uuid_or_null(row.member.map(MemberId::uuid));
    rows.number(row.started_at.as_microsecond()).number_or_null(us(row.due_at));
    rows.text_or_null(row.end.map(|(end, _)| end.word()))
        .number_or_null(row.end.map(|(_, at)| at.as_microsecond()));
    rows.number_or_null(row.worked_us).number_or_null(row.budget_us);
}
