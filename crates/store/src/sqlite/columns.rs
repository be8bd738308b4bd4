//! View rows as columns and back.

use jiff::Timestamp;
use rusqlite::{Row, types::FromSql};
use uuid::Uuid;
use yinuo_commitment::{Channel, Complexity, Grade, Kind, PromiseId, Severity, Site, Urgency};
use yinuo_core::{
    clock::{ClockEnd, ClockKey},
    id::{MemberId, OrgId, TeamId, TicketId},
    ticket::Stage,
    view::{ClockRow, TicketRow, Views},
    words::Words,
};
use yinuo_ledger::{Cursor, LedgerError, Stream, rows::outcome_word};

use super::{
    errors::{DAMAGED, reading},
    table::Rows,
};

/// Columns of a ticket's row, as [`ticket`] reads them.
pub(super) const TICKET: &str = "ticket, version, number, channel, kind, urgency, complexity, severity, site, technical, \
     topic, stage, open, outcome, subject, customer, team, member, received_at_us, last_at_us, closed_at_us, due_at_us, \
     due_commitment, due_promise, due_round, round, breach, ratings, second_complaint, \
     first_contact";

/// Columns of a clock's row, as [`clock`] reads them.
pub(super) const CLOCK: &str = "c.ticket, c.commitment, c.promise, c.round, c.commitment_version, c.kind, c.channel, \
     c.topic, c.team, c.member, c.started_at_us, c.due_at_us, c.ended, c.ended_at_us, c.worked_us, c.budget_us";

/// The column value of a stream.
pub(super) fn stream_bytes(stream: Stream) -> Vec<u8> {
    stream.ticket().map_or_else(Vec::new, |ticket| ticket.uuid().as_bytes().to_vec())
}

/// The stream of a column value.
pub(super) fn stream(bytes: &[u8]) -> Result<Stream, LedgerError> {
    if bytes.is_empty() {
        Ok(Stream::Organisation)
    } else {
        Ok(Stream::Ticket(TicketId::from_uuid(uuid(bytes)?)))
    }
}

fn damaged(what: &str) -> LedgerError {
    LedgerError::corrupt(format!("{DAMAGED} ({what})"))
}

pub(super) fn get<T: FromSql>(row: &Row<'_>, index: usize) -> Result<T, LedgerError> {
    row.get(index).map_err(reading)
}

pub(super) fn uuid(bytes: &[u8]) -> Result<Uuid, LedgerError> {
    Uuid::from_slice(bytes).map_err(|_| damaged("an id is not 16 bytes long"))
}

pub(super) fn id<T>(row: &Row<'_>, index: usize, from: impl Fn(Uuid) -> T) -> Result<T, LedgerError> {
    let bytes = row.get_ref(index).map_err(reading)?.as_blob().map_err(|_| damaged("an id is missing"))?;
    uuid(bytes).map(from)
}

pub(super) fn id_or_none<T>(
    row: &Row<'_>,
    index: usize,
    from: impl Fn(Uuid) -> T,
) -> Result<Option<T>, LedgerError> {
    let bytes: Option<Vec<u8>> = get(row, index)?;
    bytes.map(|bytes| uuid(&bytes).map(from)).transpose()
}

/// A value that is kept by its word.
pub(super) fn word<T>(
    row: &Row<'_>,
    index: usize,
    from: impl Fn(&str) -> Option<T>,
) -> Result<T, LedgerError> {
    let text = row.get_ref(index).map_err(reading)?.as_str().map_err(|_| damaged("a word is missing"))?;
    from(text).ok_or_else(|| damaged("an unknown word in a view row"))
}

fn word_or_none<T>(
    row: &Row<'_>,
    index: usize,
    from: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, LedgerError> {
    let text: Option<String> = get(row, index)?;
    text.map(|text| from(&text).ok_or_else(|| damaged("an unknown word in a view row"))).transpose()
}

pub(super) fn unsigned<T: TryFrom<i64>>(row: &Row<'_>, index: usize) -> Result<T, LedgerError> {
    T::try_from(get(row, index)?).map_err(|_| damaged("a number is out of range"))
}

pub(super) fn hash(row: &Row<'_>, index: usize) -> Result<[u8; 32], LedgerError> {
    let bytes = row.get_ref(index).map_err(reading)?.as_blob().map_err(|_| damaged("a hash is missing"))?;
    bytes.try_into().map_err(|_| damaged("a hash is not 32 bytes long"))
}

pub(super) fn instant(at_us: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(at_us).map_err(|_| damaged("an instant is out of range"))
}

pub(super) fn at(row: &Row<'_>, index: usize) -> Result<Timestamp, LedgerError> {
    instant(get(row, index)?)
}

pub(super) fn at_or_none(row: &Row<'_>, index: usize) -> Result<Option<Timestamp>, LedgerError> {
    get::<Option<i64>>(row, index)?.map(instant).transpose()
}

fn us(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_microsecond)
}

fn words(row: &Row<'_>, index: usize) -> Result<Words, LedgerError> {
    Ok(get::<Option<String>>(row, index)?.map_or_else(Words::erased, Words::from))
}

fn team(text: &str) -> Option<TeamId> {
    TeamId::new(text).ok()
}

fn key(row: &Row<'_>, index: usize) -> Result<ClockKey, LedgerError> {
    let promise: String = get(row, index + 1)?;
    Ok(ClockKey {
        commitment: get(row, index)?,
        promise: PromiseId::new(&promise),
        round: unsigned(row, index + 2)?,
    })
}

/// Reads the columns of [`TICKET`].
pub(super) fn ticket(row: &Row<'_>) -> Result<TicketRow, LedgerError> {
    let due_at_us: i64 = get(row, 21)?;
    let running = due_at_us != i64::MAX;
    let named = get::<Option<i64>>(row, 24)?.is_some();
    let ratings: String = get(row, 27)?;
    Ok(TicketRow {
        ticket: id(row, 0, TicketId::from_uuid)?,
        version: unsigned(row, 1)?,
        number: get(row, 2)?,
        channel: word(row, 3, Channel::from_word)?,
        kind: word(row, 4, Kind::from_word)?,
        urgency: word(row, 5, Urgency::from_word)?,
        complexity: word(row, 6, Complexity::from_word)?,
        severity: word(row, 7, Severity::from_word)?,
        site: word(row, 8, Site::from_word)?,
        technical: get(row, 9)?,
        topic: get(row, 10)?,
        stage: word(row, 11, Stage::from_word)?,
        open: get(row, 12)?,
        outcome: word_or_none(row, 13, outcome_word)?,
        subject: words(row, 14)?,
        customer: words(row, 15)?,
        team: word_or_none(row, 16, team)?,
        member: id_or_none(row, 17, MemberId::from_uuid)?,
        received_at: at(row, 18)?,
        last_at: at(row, 19)?,
        closed_at: at_or_none(row, 20)?,
        next_due_at: if running { Some(instant(due_at_us)?) } else { None },
        next_due: if named { Some(key(row, 22)?) } else { None },
        round: unsigned(row, 25)?,
        breach: word_or_none(row, 26, Grade::from_word)?,
        ratings: serde_json::from_str(&ratings).map_err(|_| damaged("ratings cannot be read"))?,
        second_complaint: get(row, 28)?,
        first_contact: get(row, 29)?,
    })
}

/// Reads the columns of [`CLOCK`].
pub(super) fn clock(row: &Row<'_>) -> Result<ClockRow, LedgerError> {
    let ended = word_or_none(row, 12, ClockEnd::from_word)?;
    Ok(ClockRow {
        ticket: id(row, 0, TicketId::from_uuid)?,
        clock: key(row, 1)?,
        commitment_version: unsigned(row, 4)?,
        kind: word(row, 5, Kind::from_word)?,
        channel: word(row, 6, Channel::from_word)?,
        topic: get(row, 7)?,
        team: word_or_none(row, 8, team)?,
        member: id_or_none(row, 9, MemberId::from_uuid)?,
        started_at: at(row, 10)?,
        due_at: at_or_none(row, 11)?,
        end: match ended {
            Some(end) => Some((end, at(row, 13)?)),
            None => None,
        },
        worked_us: get(row, 14)?,
        budget_us: get(row, 15)?,
    })
}

/// Puts a ticket's row and alarm, in the order of the columns of `tickets`.
pub(super) fn put_ticket(rows: &mut Rows, org: &OrgId, views: &Views) {
    let row = &views.ticket;
    rows.row()
        .text(org.as_str())
        .bytes(row.ticket.uuid().as_bytes())
        .number(i64::from(row.version))
        .text(&row.number);
    rows.text(row.channel.word()).text(row.kind.word()).text(row.urgency.word()).text(row.complexity.word());
    rows.text(row.severity.word()).text(row.site.word()).number(i64::from(row.technical));
    rows.text_or_null(row.topic.as_deref()).text(row.stage.word()).number(i64::from(row.open));
    rows.text_or_null(row.outcome).text_or_null(row.subject.text()).text_or_null(row.customer.text());
    rows.text_or_null(row.team.as_ref().map(TeamId::as_str));
    rows.bytes_or_null(row.member.map(MemberId::uuid).as_ref().map(|uuid| uuid.as_bytes().as_slice()));
    rows.number(row.received_at.as_microsecond())
        .number(row.last_at.as_microsecond())
        .number_or_null(us(row.closed_at));
    rows.number(Cursor::of(row).due_at_us);
    rows.text_or_null(row.next_due.as_ref().map(|key| key.commitment.as_str()));
    rows.text_or_null(row.next_due.as_ref().map(|key| key.promise.as_str()));
    rows.number_or_null(row.next_due.as_ref().map(|key| i64::from(key.round)));
    rows.number(i64::from(row.round)).text_or_null(row.breach.map(Grade::word));
    rows.text(&serde_json::json!(row.ratings).to_string()).number(i64::from(row.second_complaint));
    rows.number(i64::from(row.first_contact)).number_or_null(us(views.alarm_at));
}

/// Puts the key of a clock.
pub(super) fn put_clock_key(rows: &mut Rows, org: &OrgId, row: &ClockRow) {
    rows.row().text(org.as_str()).bytes(row.ticket.uuid().as_bytes()).text(&row.clock.commitment);
    rows.text(row.clock.promise.as_str()).number(i64::from(row.clock.round));
}

/// Puts a clock's row, in the order of the columns of `clocks`.
pub(super) fn put_clock(rows: &mut Rows, org: &OrgId, row: &ClockRow) {
    put_clock_key(rows, org, row);
    rows.number(i64::from(row.commitment_version)).text(row.kind.word()).text(row.channel.word());
    rows.text_or_null(row.topic.as_deref()).text_or_null(row.team.as_ref().map(TeamId::as_str));
    rows.bytes_or_null(row.member.map(MemberId::uuid).as_ref().map(|uuid| uuid.as_bytes().as_slice()));
    rows.number(row.started_at.as_microsecond()).number_or_null(us(row.due_at));
    rows.text_or_null(row.end.map(|(end, _)| end.word()))
        .number_or_null(row.end.map(|(_, at)| at.as_microsecond()));
    rows.number_or_null(row.worked_us).number_or_null(row.budget_us);
}
