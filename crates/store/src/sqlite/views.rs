//! Lists and figures.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, params_from_iter, types::Value};
use yinuo_commitment::Kind;
use yinuo_core::{
    id::{MemberId, OrgId, TeamId, TicketId},
    ticket::Stage,
    view::{ClockRow, TicketRow},
};
use yinuo_ledger::{
    ClockCursor, ClockFilter, ClockPage, Counts, Cursor, LedgerError, Page, TicketFilter, TicketPage, Vault,
    Views,
};

use super::{
    SqliteLedger,
    columns::{CLOCK, TICKET, clock, get, id, ticket, unsigned},
    errors::reading,
    log::owners,
    table::Rows,
};
use crate::{
    cells::{DAMAGED, Put, SealedRow},
    custody::open_rows,
};

/// A `WHERE` clause as it is put together.
struct Wanted {
    sql: String,
    values: Vec<Value>,
}

impl Wanted {
    fn of(column: &str, org: &OrgId) -> Self {
        Self { sql: format!("{column} = ?"), values: vec![Value::Text(org.to_string())] }
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    fn instant(&mut self, condition: &str, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.and(condition, [Value::Integer(at.as_microsecond())]);
        }
    }

    fn one_of(&mut self, column: &str, words: Vec<&'static str>) {
        if !words.is_empty() {
            let marks = vec!["?"; words.len()].join(", ");
            self.and(
                &format!("{column} IN ({marks})"),
                words.into_iter().map(|word| Value::Text(word.into())),
            );
        }
    }
}

fn blob(ticket: TicketId) -> Value {
    Value::Blob(ticket.uuid().as_bytes().to_vec())
}

/// One page of open or of closed tickets: each is one walk along an index in the order of lists.
fn page_of(
    connection: &Connection,
    org: &OrgId,
    filter: &TicketFilter,
    page: &Page,
    open: bool,
) -> Result<Vec<SealedRow>, LedgerError> {
    let mut wanted = Wanted::of("org", org);
    wanted.and("open = ?", [Value::Integer(i64::from(open))]);
    if let Some(team) = &filter.team {
        wanted.and("team = ?", [Value::Text(team.to_string())]);
    }
    if let Some(member) = filter.member {
        wanted.and("member = ?", [Value::Blob(member.uuid().as_bytes().to_vec())]);
    }
    if filter.unassigned {
        wanted.and("member IS NULL", []);
    }
    wanted.one_of("kind", filter.kinds.iter().map(|kind| kind.word()).collect());
    wanted.one_of("channel", filter.channels.iter().map(|channel| channel.word()).collect());
    wanted.one_of("stage", filter.stages.iter().map(|stage| stage.word()).collect());
    wanted.one_of("triage", filter.triage.iter().map(|triage| triage.word()).collect());
    wanted.instant("due_at_us < ?", filter.overdue_as_of);
    wanted.instant("received_at_us >= ?", filter.received_from);
    wanted.instant("received_at_us < ?", filter.received_to);
    if let Some(prefix) = &filter.number_prefix {
        let values = [Value::Text(prefix.clone()), Value::Text(format!("{prefix}\u{10ffff}"))];
        wanted.and("number >= ? AND number < ?", values);
    }
    if let Some(after) = page.after {
        let place =
            [Value::Integer(after.due_at_us), Value::Integer(after.received_at_us), blob(after.ticket)];
        wanted.and("(due_at_us, received_at_us, ticket) > (?, ?, ?)", place);
    }
    wanted.values.push(Value::Integer(i64::from(page.limit.max(1)) + 1));
    let sql = format!(
        "SELECT {TICKET} FROM tickets WHERE {} ORDER BY due_at_us, received_at_us, ticket LIMIT ?",
        wanted.sql
    );
    tickets_where(connection, &sql, wanted.values)
}

/// Puts the words back into rows.
pub(super) fn opened(
    connection: &Connection,
    vault: &Vault,
    org: &OrgId,
    rows: Vec<SealedRow>,
) -> Result<Vec<TicketRow>, LedgerError> {
    let tickets: Vec<TicketId> = rows.iter().map(|sealed| sealed.row.ticket).collect();
    open_rows(vault, org, rows, &owners(connection, org, &tickets)?)
}

fn tickets_where(
    connection: &Connection,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<SealedRow>, LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(reading)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        found.push(ticket(row)?);
    }
    Ok(found)
}

fn list(
    connection: &Connection,
    vault: &Vault,
    org: &OrgId,
    filter: &TicketFilter,
    page: &Page,
) -> Result<TicketPage, LedgerError> {
    let mut rows = page_of(connection, org, filter, page, filter.open.unwrap_or(true))?;
    if filter.open.is_none() {
        rows.extend(page_of(connection, org, filter, page, false)?);
        rows.sort_by_key(|sealed| Cursor::of(&sealed.row));
    }
    let limit = page.limit.max(1) as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|sealed| Cursor::of(&sealed.row)) } else { None };
    Ok(TicketPage { rows: opened(connection, vault, org, rows)?, next })
}

fn by_ids(
    connection: &Connection,
    vault: &Vault,
    org: &OrgId,
    tickets: &[TicketId],
) -> Result<Vec<TicketRow>, LedgerError> {
    let sql = format!("SELECT {TICKET} FROM tickets WHERE org = ?1 AND ticket = ?2");
    let mut rows = Vec::new();
    asked(org, tickets).query(connection, &sql, reading, |_, row| {
        rows.push(ticket(row)?);
        Ok(())
    })?;
    opened(connection, vault, org, rows)
}

/// Organisation and ticket, for a statement about each.
fn asked(org: &OrgId, tickets: &[TicketId]) -> Rows {
    let mut asked = Rows::default();
    for ticket in tickets {
        asked.row().text(org.as_str()).uuid(ticket.uuid());
    }
    asked
}

/// Open tickets by name of one subject, from the tallies.
fn tally(connection: &Connection, org: &OrgId, subject: &str) -> Result<Vec<(String, u64)>, LedgerError> {
    let sql = "SELECT name, open FROM tallies WHERE org = ?1 AND subject = ?2 AND open <> 0 ORDER BY name";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query([org.as_str(), subject]).map_err(reading)?;
    let mut tally = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        tally.push((get(row, 0)?, unsigned(row, 1)?));
    }
    Ok(tally)
}

fn named<K: Ord>(
    tally: Vec<(String, u64)>,
    name: impl Fn(&str) -> Option<K>,
) -> Result<BTreeMap<K, u64>, LedgerError> {
    let unknown = |text: &str| LedgerError::corrupt(format!("{DAMAGED} (`{text}` is counted)"));
    tally.into_iter().map(|(text, open)| Ok((name(&text).ok_or_else(|| unknown(&text))?, open))).collect()
}

pub(super) fn counts(connection: &Connection, org: &OrgId, as_of: Timestamp) -> Result<Counts, LedgerError> {
    let by_kind = named(tally(connection, org, "kind")?, Kind::from_word)?;
    let sql = "SELECT count(*) FROM tickets WHERE org = ?1 AND open = 1 AND due_at_us < ?2";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let overdue: i64 = statement
        .query_row(rusqlite::params![org.as_str(), as_of.as_microsecond()], |row| row.get(0))
        .map_err(reading)?;
    Ok(Counts {
        open: by_kind.values().sum(),
        overdue: u64::try_from(overdue).unwrap_or_default(),
        by_stage: named(tally(connection, org, "stage")?, Stage::from_word)?,
        by_team: named(tally(connection, org, "team")?, |text| TeamId::new(text).ok())?,
        by_kind,
    })
}

pub(super) fn open_by_member(
    connection: &Connection,
    org: &OrgId,
) -> Result<BTreeMap<MemberId, u64>, LedgerError> {
    named(tally(connection, org, "member")?, |text| text.parse().ok())
}

fn clocks(
    connection: &Connection,
    org: &OrgId,
    filter: &ClockFilter,
    after: Option<&ClockCursor>,
    limit: u32,
) -> Result<ClockPage, LedgerError> {
    let mut wanted = Wanted::of("c.org", org);
    wanted.instant("c.started_at_us < ?", filter.started_to);
    let received = filter.received_from.is_some() || filter.received_to.is_some();
    // Where the walk along the index begins: at the cursor, which lies after both lower bounds, or else at those.
    // A clock never starts before its ticket was received.
    if after.is_none() {
        wanted.instant("c.started_at_us >= ?", filter.started_from.max(filter.received_from));
    }
    wanted.instant("t.received_at_us >= ?", filter.received_from);
    wanted.instant("t.received_at_us < ?", filter.received_to);
    let texts = [
        ("c.commitment = ?", filter.commitment.clone()),
        ("c.promise = ?", filter.promise.as_ref().map(ToString::to_string)),
        ("c.team = ?", filter.team.as_ref().map(ToString::to_string)),
        ("c.topic = ?", filter.topic.clone()),
    ];
    for (condition, text) in texts {
        if let Some(text) = text {
            wanted.and(condition, [Value::Text(text)]);
        }
    }
    if let Some(member) = filter.member {
        wanted.and("c.member = ?", [Value::Blob(member.uuid().as_bytes().to_vec())]);
    }
    wanted.one_of("c.kind", filter.kinds.iter().map(|kind| kind.word()).collect());
    wanted.one_of("c.channel", filter.channels.iter().map(|channel| channel.word()).collect());
    if let Some(after) = after {
        let place = [
            Value::Integer(after.started_at_us),
            blob(after.ticket),
            Value::Text(after.clock.commitment.clone()),
            Value::Text(after.clock.promise.to_string()),
            Value::Integer(i64::from(after.clock.round)),
        ];
        wanted.and("(c.started_at_us, c.ticket, c.commitment, c.promise, c.round) > (?, ?, ?, ?, ?)", place);
    }
    let limit = limit.max(1);
    wanted.values.push(Value::Integer(i64::from(limit) + 1));
    let join = if received { "CROSS JOIN tickets AS t ON t.org = c.org AND t.ticket = c.ticket" } else { "" };
    let sql = format!(
        "SELECT {CLOCK} FROM clocks AS c INDEXED BY clocks_started {join} WHERE {}
         ORDER BY c.started_at_us, c.ticket, c.commitment, c.promise, c.round LIMIT ?",
        wanted.sql
    );
    let mut rows = clocks_where(connection, &sql, wanted.values)?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(ClockCursor::of) } else { None };
    Ok(ClockPage { rows, next })
}

fn clocks_where(
    connection: &Connection,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<ClockRow>, LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(reading)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        found.push(clock(row)?);
    }
    Ok(found)
}

fn clocks_of(
    connection: &Connection,
    org: &OrgId,
    tickets: &[TicketId],
) -> Result<Vec<ClockRow>, LedgerError> {
    let sql = format!(
        "SELECT {CLOCK} FROM clocks AS c WHERE c.org = ?1 AND c.ticket = ?2
         ORDER BY c.commitment, c.promise, c.round"
    );
    let mut tickets = tickets.to_vec();
    tickets.sort_unstable();
    tickets.dedup();
    let mut clocks = Vec::new();
    asked(org, &tickets).query(connection, &sql, reading, |_, row| {
        clocks.push(clock(row)?);
        Ok(())
    })?;
    Ok(clocks)
}

#[async_trait]
impl Views for SqliteLedger {
    async fn list_tickets(
        &self,
        org: &OrgId,
        filter: &TicketFilter,
        page: &Page,
    ) -> Result<TicketPage, LedgerError> {
        let (org, vault, filter, page) = (org.clone(), self.shared_vault(), filter.clone(), page.clone());
        self.readers.read(move |connection| list(connection, &vault, &org, &filter, &page)).await
    }

    async fn tickets(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<TicketRow>, LedgerError> {
        let (org, vault, tickets) = (org.clone(), self.shared_vault(), tickets.to_vec());
        self.readers.read(move |connection| by_ids(connection, &vault, &org, &tickets)).await
    }

    async fn ticket_by_number(&self, org: &OrgId, number: &str) -> Result<Option<TicketRow>, LedgerError> {
        let (org, vault) = (org.clone(), self.shared_vault());
        let values = vec![Value::Text(org.to_string()), Value::Text(number.into())];
        let read = move |connection: &Connection| {
            let sql = format!("SELECT {TICKET} FROM tickets WHERE org = ? AND number = ?");
            let rows = tickets_where(connection, &sql, values)?;
            Ok(opened(connection, &vault, &org, rows)?.pop())
        };
        self.readers.read(read).await
    }

    async fn ticket_by_external(&self, org: &OrgId, external: &str) -> Result<Option<TicketId>, LedgerError> {
        let (org, external) = (org.clone(), external.to_owned());
        let read = move |connection: &Connection| {
            let sql = "SELECT ticket FROM externals WHERE org = ?1 AND external = ?2";
            let mut statement = connection.prepare_cached(sql).map_err(reading)?;
            let mut rows = statement.query([org.as_str(), &external]).map_err(reading)?;
            rows.next().map_err(reading)?.map(|row| id(row, 0, TicketId::from_uuid)).transpose()
        };
        self.readers.read(read).await
    }

    async fn counts(&self, org: &OrgId, as_of: Timestamp) -> Result<Counts, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| counts(connection, &org, as_of)).await
    }

    async fn open_by_member(&self, org: &OrgId) -> Result<BTreeMap<MemberId, u64>, LedgerError> {
        let org = org.clone();
        self.readers.read(move |connection| open_by_member(connection, &org)).await
    }

    async fn clocks(
        &self,
        org: &OrgId,
        filter: &ClockFilter,
        after: Option<&ClockCursor>,
        limit: u32,
    ) -> Result<ClockPage, LedgerError> {
        let (org, filter, after) = (org.clone(), filter.clone(), after.cloned());
        self.readers.read(move |connection| clocks(connection, &org, &filter, after.as_ref(), limit)).await
    }

    async fn clocks_of(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<ClockRow>, LedgerError> {
        let (org, tickets) = (org.clone(), tickets.to_vec());
        self.readers.read(move |connection| clocks_of(connection, &org, &tickets)).await
    }
}
