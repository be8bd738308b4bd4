//! Lists and figures.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
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

use super::{PostgresLedger, columns::Value, log::owners, pool::Via};
use crate::{
    cells::{CLOCK, Cells, DAMAGED, SealedRow, TICKET, clock, id, ticket, unsigned},
    custody::open_rows,
};

/// A `WHERE` clause as it is put together. `?` in a condition stands for the next value.
struct Wanted {
    sql: String,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Wanted {
    fn of(column: &str, org: &OrgId) -> Self {
        Self { sql: format!("{column} = $1"), values: vec![Box::new(org.to_string())] }
    }

    fn value(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    /// `column`, the comparison, and the value that it is compared with.
    fn and(&mut self, comparison: &str, value: impl ToSql + Sync + Send + 'static) {
        let place = self.value(value);
        self.condition(&format!("{comparison} {place}"));
    }

    fn condition(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    fn instant(&mut self, comparison: &str, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.and(comparison, at.as_microsecond());
        }
    }

    fn one_of(&mut self, column: &str, words: Vec<&'static str>) {
        if !words.is_empty() {
            let place = self.value(words);
            self.condition(&format!("{column} = ANY({place}::text[])"));
        }
    }

    async fn query(&self, via: Via<'_>, sql: &str) -> Result<Vec<Row>, LedgerError> {
        let values: Vec<Value<'_>> = self.values.iter().map(|value| &**value as Value<'_>).collect();
        via.query(sql, &values).await
    }
}

fn bytes(ticket: TicketId) -> Vec<u8> {
    ticket.uuid().as_bytes().to_vec()
}

/// PostgreSQL holds no text with this character, so nothing is like one.
fn nowhere(texts: &[Option<&str>]) -> bool {
    texts.iter().flatten().any(|text| text.contains('\0'))
}

/// One page of open or of closed tickets: each is one walk along an index in the order of lists.
async fn page_of(
    via: Via<'_>,
    org: &OrgId,
    filter: &TicketFilter,
    page: &Page,
    open: bool,
) -> Result<Vec<SealedRow>, LedgerError> {
    let mut wanted = Wanted::of("org", org);
    wanted.and("open =", open);
    if let Some(team) = &filter.team {
        wanted.and("team =", team.to_string());
    }
    if let Some(member) = filter.member {
        wanted.and("member =", member.uuid().as_bytes().to_vec());
    }
    if filter.unassigned {
        wanted.condition("member IS NULL");
    }
    wanted.one_of("kind", filter.kinds.iter().map(|kind| kind.word()).collect());
    wanted.one_of("channel", filter.channels.iter().map(|channel| channel.word()).collect());
    wanted.one_of("stage", filter.stages.iter().map(|stage| stage.word()).collect());
    wanted.one_of("triage", filter.triage.iter().map(|triage| triage.word()).collect());
    wanted.instant("due_at_us <", filter.overdue_as_of);
    wanted.instant("received_at_us >=", filter.received_from);
    wanted.instant("received_at_us <", filter.received_to);
    if let Some(prefix) = &filter.number_prefix {
        wanted.and("number >=", prefix.clone());
        wanted.and("number <", format!("{prefix}\u{10ffff}"));
    }
    if let Some(after) = page.after {
        let due = wanted.value(after.due_at_us);
        let received = wanted.value(after.received_at_us);
        let ticket = wanted.value(bytes(after.ticket));
        wanted.condition(&format!("(due_at_us, received_at_us, ticket) > ({due}, {received}, {ticket})"));
    }
    let limit = wanted.value(i64::from(page.limit.max(1)) + 1);
    let sql = format!(
        "SELECT {TICKET} FROM tickets WHERE {} ORDER BY due_at_us, received_at_us, ticket LIMIT {limit}",
        wanted.sql
    );
    wanted.query(via, &sql).await?.iter().map(ticket).collect()
}

/// Puts the words back into rows.
pub(super) async fn opened(
    via: Via<'_>,
    vault: &Vault,
    org: &OrgId,
    rows: Vec<SealedRow>,
) -> Result<Vec<TicketRow>, LedgerError> {
    let tickets: Vec<TicketId> = rows.iter().map(|sealed| sealed.row.ticket).collect();
    open_rows(vault, org, rows, &owners(via, org, &tickets).await?)
}

async fn list(
    via: Via<'_>,
    vault: &Vault,
    org: &OrgId,
    filter: &TicketFilter,
    page: &Page,
) -> Result<TicketPage, LedgerError> {
    if nowhere(&[filter.number_prefix.as_deref()]) {
        return Ok(TicketPage::default());
    }
    let mut rows = page_of(via, org, filter, page, filter.open.unwrap_or(true)).await?;
    if filter.open.is_none() {
        rows.extend(page_of(via, org, filter, page, false).await?);
        rows.sort_by_key(|sealed| Cursor::of(&sealed.row));
    }
    let limit = page.limit.max(1) as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|sealed| Cursor::of(&sealed.row)) } else { None };
    Ok(TicketPage { rows: opened(via, vault, org, rows).await?, next })
}

/// Open tickets by subject and name, from the tallies.
type Tally = BTreeMap<String, Vec<(String, u64)>>;

async fn tally(via: Via<'_>, org: &OrgId) -> Result<Tally, LedgerError> {
    let sql = "SELECT subject, name, open FROM tallies WHERE org = $1 AND open <> 0";
    let mut tally = Tally::new();
    for row in via.query(sql, &[&org.as_str()]).await? {
        let counted = (row.text(1)?.to_owned(), unsigned(&row, 2)?);
        tally.entry(row.text(0)?.to_owned()).or_default().push(counted);
    }
    Ok(tally)
}

fn named<K: Ord>(
    tally: &mut Tally,
    subject: &str,
    name: impl Fn(&str) -> Option<K>,
) -> Result<BTreeMap<K, u64>, LedgerError> {
    let unknown = |text: &str| LedgerError::corrupt(format!("{DAMAGED} (`{text}` is counted)"));
    let counted = tally.remove(subject).unwrap_or_default();
    counted.into_iter().map(|(text, open)| Ok((name(&text).ok_or_else(|| unknown(&text))?, open))).collect()
}

pub(super) async fn counts(via: Via<'_>, org: &OrgId, as_of: Timestamp) -> Result<Counts, LedgerError> {
    let mut tally = tally(via, org).await?;
    let by_kind = named(&mut tally, "kind", Kind::from_word)?;
    let sql = "SELECT count(*) FROM tickets WHERE org = $1 AND open AND due_at_us < $2";
    let rows = via.query(sql, &[&org.as_str(), &as_of.as_microsecond()]).await?;
    Ok(Counts {
        open: by_kind.values().sum(),
        overdue: rows.first().map_or(Ok(0), |row| unsigned(row, 0))?,
        by_stage: named(&mut tally, "stage", Stage::from_word)?,
        by_team: named(&mut tally, "team", |text| TeamId::new(text).ok())?,
        by_kind,
    })
}

pub(super) async fn open_by_member(
    via: Via<'_>,
    org: &OrgId,
) -> Result<BTreeMap<MemberId, u64>, LedgerError> {
    named(&mut tally(via, org).await?, "member", |text| text.parse().ok())
}

fn wanted_clocks(org: &OrgId, filter: &ClockFilter, after: Option<&ClockCursor>) -> Wanted {
    let mut wanted = Wanted::of("c.org", org);
    wanted.instant("c.started_at_us <", filter.started_to);
    // A clock never starts before its ticket was received.
    wanted.instant("c.started_at_us >=", filter.started_from.max(filter.received_from));
    wanted.instant("t.received_at_us >=", filter.received_from);
    wanted.instant("t.received_at_us <", filter.received_to);
    let texts = [
        ("c.commitment =", filter.commitment.clone()),
        ("c.promise =", filter.promise.as_ref().map(ToString::to_string)),
        ("c.team =", filter.team.as_ref().map(ToString::to_string)),
        ("c.topic =", filter.topic.clone()),
    ];
    for (comparison, text) in texts {
        if let Some(text) = text {
            wanted.and(comparison, text);
        }
    }
    if let Some(member) = filter.member {
        wanted.and("c.member =", member.uuid().as_bytes().to_vec());
    }
    wanted.one_of("c.kind", filter.kinds.iter().map(|kind| kind.word()).collect());
    wanted.one_of("c.channel", filter.channels.iter().map(|channel| channel.word()).collect());
    if let Some(after) = after {
        let places = [
            wanted.value(after.started_at_us),
            wanted.value(bytes(after.ticket)),
            wanted.value(after.clock.commitment.clone()),
            wanted.value(after.clock.promise.to_string()),
            wanted.value(i64::from(after.clock.round)),
        ];
        let places = places.join(", ");
        wanted.condition(&format!(
            "(c.started_at_us, c.ticket, c.commitment, c.promise, c.round) > ({places})"
        ));
    }
    wanted
}

async fn clocks(
    via: Via<'_>,
    org: &OrgId,
    filter: &ClockFilter,
    after: Option<&ClockCursor>,
    limit: u32,
) -> Result<ClockPage, LedgerError> {
    let promise = filter.promise.as_ref().map(ToString::to_string);
    if nowhere(&[filter.commitment.as_deref(), promise.as_deref(), filter.topic.as_deref()]) {
        return Ok(ClockPage::default());
    }
    let mut wanted = wanted_clocks(org, filter, after);
    let limit = limit.max(1);
    let most = wanted.value(i64::from(limit) + 1);
    let received = filter.received_from.is_some() || filter.received_to.is_some();
    let join = if received { "JOIN tickets AS t ON t.org = c.org AND t.ticket = c.ticket" } else { "" };
    let sql = format!(
        "SELECT {CLOCK} FROM clocks AS c {join} WHERE {}
         ORDER BY c.started_at_us, c.ticket, c.commitment, c.promise, c.round LIMIT {most}",
        wanted.sql
    );
    let mut rows: Vec<ClockRow> =
        wanted.query(via, &sql).await?.iter().map(clock).collect::<Result<_, _>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(ClockCursor::of) } else { None };
    Ok(ClockPage { rows, next })
}

#[async_trait]
impl Views for PostgresLedger {
    async fn list_tickets(
        &self,
        org: &OrgId,
        filter: &TicketFilter,
        page: &Page,
    ) -> Result<TicketPage, LedgerError> {
        list(Via::Any(&self.readers), &self.vault, org, filter, page).await
    }

    async fn tickets(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<TicketRow>, LedgerError> {
        let asked: Vec<Vec<u8>> = tickets.iter().copied().map(bytes).collect();
        let sql = format!(
            "SELECT {TICKET} FROM unnest($2::bytea[]) WITH ORDINALITY AS w(wanted, i)
             CROSS JOIN LATERAL (SELECT * FROM tickets WHERE org = $1 AND ticket = w.wanted LIMIT 1) AS t ORDER BY w.i"
        );
        let via = Via::Any(&self.readers);
        let rows = via.query(&sql, &[&org.as_str(), &asked]).await?;
        let rows = rows.iter().map(ticket).collect::<Result<_, _>>()?;
        opened(via, &self.vault, org, rows).await
    }

    async fn ticket_by_number(&self, org: &OrgId, number: &str) -> Result<Option<TicketRow>, LedgerError> {
        if nowhere(&[Some(number)]) {
            return Ok(None);
        }
        let sql = format!("SELECT {TICKET} FROM tickets WHERE org = $1 AND number = $2");
        let via = Via::Any(&self.readers);
        let rows = via.query(&sql, &[&org.as_str(), &number]).await?;
        let rows = rows.iter().map(ticket).collect::<Result<_, _>>()?;
        Ok(opened(via, &self.vault, org, rows).await?.pop())
    }

    async fn ticket_by_external(&self, org: &OrgId, external: &str) -> Result<Option<TicketId>, LedgerError> {
        if nowhere(&[Some(external)]) {
            return Ok(None);
        }
        let sql = "SELECT ticket FROM externals WHERE org = $1 AND external = $2";
        let rows = self.readers.query(sql, &[&org.as_str(), &external]).await?;
        rows.first().map(|row| id(row, 0, TicketId::from_uuid)).transpose()
    }

    async fn counts(&self, org: &OrgId, as_of: Timestamp) -> Result<Counts, LedgerError> {
        counts(Via::Any(&self.readers), org, as_of).await
    }

    async fn open_by_member(&self, org: &OrgId) -> Result<BTreeMap<MemberId, u64>, LedgerError> {
        open_by_member(Via::Any(&self.readers), org).await
    }

    async fn clocks(
        &self,
        org: &OrgId,
        filter: &ClockFilter,
        after: Option<&ClockCursor>,
        limit: u32,
    ) -> Result<ClockPage, LedgerError> {
        clocks(Via::Any(&self.readers), org, filter, after, limit).await
    }

    async fn clocks_of(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<ClockRow>, LedgerError> {
        let mut asked: Vec<Vec<u8>> = tickets.iter().copied().map(bytes).collect();
        asked.sort_unstable();
        asked.dedup();
        let sql = format!(
            "SELECT {CLOCK} FROM unnest($2::bytea[]) AS w(wanted)
             CROSS JOIN LATERAL (SELECT * FROM clocks WHERE org = $1 AND ticket = w.wanted OFFSET 0) AS c
             ORDER BY c.ticket, c.commitment, c.promise, c.round"
        );
        let rows = self.readers.query(&sql, &[&org.as_str(), &asked]).await?;
        rows.iter().map(clock).collect()
    }
}
