//! Finding tickets: the index of tokens says which rows, and everything else is looked at in those rows alone.

use std::fmt::Write as _;

use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Admits, Found, FoundTicket, LedgerError, Wanted, search::Tallied};

use crate::{
    cells::{Cells, at, id, unsigned},
    postgres::{columns::Value, pool::Pool},
};

/// A phrase as `tsquery` reads it. Tokens are letters and digits, so nothing in them has a meaning there.
fn phrase(tokens: &[String]) -> String {
    format!("({})", tokens.join(" <-> "))
}

fn phrases(phrases: &[Vec<String>]) -> Vec<String> {
    phrases.iter().map(|tokens| phrase(tokens)).collect()
}

/// A statement as it is put together, with its values.
#[derive(Default)]
struct Statement {
    sql: String,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Statement {
    /// Keeps a value, and gives the name under which the statement reads it.
    fn put(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    fn values(&self) -> Vec<Value<'_>> {
        self.values.iter().map(|value| value.as_ref() as Value<'_>).collect()
    }

    /// `found`: ticket, traits and instant of every document that has the words and was received at `from` or later.
    fn found(org: &OrgId, wanted: &Wanted, from: i64) -> Self {
        let mut statement = Self::default();
        let org = statement.put(org.to_string());
        let bit = statement.put(wanted.audience.bit());
        let at = statement.put(from);
        let to = statement.put(wanted.received_to.map_or(i64::MAX, Timestamp::as_microsecond));
        let bounds = format!(
            "d.audience & {bit}::bigint <> 0 AND d.received_at_us >= {at} AND d.received_at_us < {to}"
        );
        let (all, none) = (phrases(&wanted.phrases), phrases(&wanted.unwanted));
        // Without a word to look up all tickets of the organisation are gone through. With one, comparing something that is
        // no column keeps the planner from going through them nevertheless; but in a window, what was received in it and what
        // has the words are best put together before any row is read.
        let everything = wanted.received_from.map_or(i64::MIN, Timestamp::as_microsecond) == from;
        let aside = !all.is_empty() && everything;
        let of_org = if aside { format!("d.org || '' = {org}") } else { format!("d.org = {org}") };
        // Writing to a text does not fail.
        let (mut short, mut long) = (String::new(), String::new());
        if !all.is_empty() {
            let words = statement.put(all.join(" & "));
            let _ = write!(short, " AND d.tokens @@ {words}::text::tsquery");
            let first = statement.put(all.first().cloned().unwrap_or_default());
            let each = statement.put(all);
            let _ = write!(
                long,
                " AND d.ticket IN (SELECT f.ticket FROM search_documents AS f
                    WHERE f.long AND f.tokens @@ {first}::text::tsquery AND f.org || '' = {org})
                AND NOT EXISTS (SELECT FROM unnest({each}::text[]) AS w(q) WHERE NOT EXISTS (
                    SELECT FROM search_documents AS p WHERE p.org = d.org AND p.ticket = d.ticket
                        AND p.audience = d.audience AND p.tokens @@ w.q::tsquery))"
            );
        }
        if !none.is_empty() {
            let words = statement.put(none.join(" | "));
            let _ = write!(short, " AND NOT d.tokens @@ {words}::text::tsquery");
            let _ = write!(long,
                " AND NOT EXISTS (SELECT FROM search_documents AS p WHERE p.org = d.org AND p.ticket = d.ticket
                    AND p.audience = d.audience AND p.tokens @@ {words}::text::tsquery)"
            );
        }
        statement.sql = format!(
            "WITH found AS MATERIALIZED (
                SELECT d.ticket, d.traits, d.received_at_us FROM search_documents AS d
                WHERE NOT d.long AND {of_org} AND {bounds}{short}
                UNION ALL SELECT d.ticket, d.traits, d.received_at_us FROM search_documents AS d
                WHERE d.long AND d.page = 0 AND d.org = {org} AND {bounds}{long})"
        );
        statement
    }

    /// `top`: the first hits after the place that was asked for, of the traits of `of` only.
    fn top(&mut self, wanted: &Wanted, of: Option<Vec<i64>>) -> String {
        let after = wanted.after;
        let received = self.put(after.map_or(i64::MAX, |after| after.received_at_us));
        let ticket = after.map_or(vec![255; 17], |after| after.ticket.uuid().as_bytes().to_vec());
        let ticket = self.put(ticket);
        let limit = self.put(i64::from(wanted.limit.max(1)).saturating_add(1));
        let of = of.map(|of| format!(" AND traits = ANY({}::bigint[])", self.put(of))).unwrap_or_default();
        format!(
            "SELECT ticket, received_at_us FROM found
             WHERE (received_at_us, ticket) < ({received}::bigint, {ticket}::bytea){of}
             ORDER BY received_at_us DESC, ticket DESC LIMIT {limit}"
        )
    }
}

fn hit(row: &Row, index: usize) -> Result<FoundTicket, LedgerError> {
    Ok(FoundTicket { ticket: id(row, index, TicketId::from_uuid)?, received_at: at(row, index + 1)? })
}

/// Shares of the time that the index spans, beginning with the newest tickets: what is found often is found in a small one.
const SHARES: [i64; 3] = [64, 8, 1];

/// From when on to look, one after the other.
async fn windows(pool: &Pool, org: &OrgId, wanted: &Wanted) -> Result<Vec<i64>, LedgerError> {
    let least = wanted.received_from.map_or(i64::MIN, Timestamp::as_microsecond);
    let sql =
        "SELECT (SELECT received_at_us FROM search_documents WHERE org = $1 ORDER BY received_at_us LIMIT 1),
        (SELECT received_at_us FROM search_documents WHERE org = $1 ORDER BY received_at_us DESC LIMIT 1)";
    let rows = pool.query(sql, &[&org.as_str()]).await?;
    let ends = match rows.first() {
        Some(row) => row.number_or_none(0)?.zip(row.number_or_none(1)?),
        None => None,
    };
    let Some((first, last)) = ends else { return Ok(vec![least]) };
    let (first, last) =
        (first.max(least), wanted.received_to.map_or(last, |to| last.min(to.as_microsecond())));
    let length = last.saturating_sub(first).max(0);
    let begins = |share: &i64| if *share == 1 { least } else { last.saturating_sub(length / share) };
    Ok(SHARES.iter().map(begins).collect())
}

/// What was found from some instant on.
struct Window {
    found: Found,
    /// Whether it holds as many as are counted, and more, and a whole page with the beginning of the next.
    is_full: bool,
}

pub(super) async fn find(
    pool: &Pool,
    org: &OrgId,
    wanted: &Wanted,
    admits: &Admits,
) -> Result<Found, LedgerError> {
    let mut found = Found::default();
    for from in windows(pool, org, wanted).await? {
        let window = look(pool, org, wanted, admits, from).await?;
        found = window.found;
        if window.is_full {
            break;
        }
    }
    Ok(found)
}

async fn look(
    pool: &Pool,
    org: &OrgId,
    wanted: &Wanted,
    admits: &Admits,
    from: i64,
) -> Result<Window, LedgerError> {
    let mut statement = Statement::found(org, wanted, from);
    let spans: Vec<i64> = wanted.spans.iter().map(|span| span.as_microsecond()).collect();
    let spans = statement.put(spans);
    let most = statement.put(i64::from(wanted.count_most));
    let top = statement.top(wanted, None);
    let _ = write!(statement.sql,
        ", newest AS (SELECT traits, received_at_us FROM found ORDER BY received_at_us DESC, ticket DESC LIMIT {most}),
        counted AS (SELECT traits, width_bucket(received_at_us, {spans}::bigint[]) AS span, count(*) AS tickets
            FROM newest GROUP BY 1, 2
            UNION ALL SELECT DISTINCT traits, 0, 0 FROM found), top AS ({top})
        SELECT s.text, c.traits, c.span::bigint, c.tickets, NULL::bytea, NULL::bigint
            FROM counted AS c CROSS JOIN LATERAL (SELECT text FROM search_traits WHERE id = c.traits LIMIT 1) AS s
        UNION ALL SELECT NULL, NULL, NULL, NULL, ticket, received_at_us FROM top
        UNION ALL SELECT NULL, NULL, NULL, count(*), NULL, NULL FROM (SELECT FROM found LIMIT {most} + 1) AS more"
    );
    let mut tallied = Tallied::default();
    let (mut hits, mut seen, mut hidden, mut uncounted) = (Vec::new(), Vec::new(), false, false);
    for row in pool.query_planned(&statement.sql, &statement.values()).await? {
        if let Some(text) = row.text_or_none(0)? {
            if tallied.count(text, unsigned(&row, 2)?, unsigned(&row, 3)?, admits)? {
                seen.push(row.number(1)?);
            } else {
                hidden = true;
            }
        } else if let Some(found) = row.number_or_none(3)? {
            uncounted = found > i64::from(wanted.count_most);
        } else {
            hits.push(hit(&row, 4)?);
        }
    }
    if hidden && !hits.is_empty() {
        // Some of them are not to be seen: the same again, of those that are.
        hits.clear();
        if !seen.is_empty() {
            let mut statement = Statement::found(org, wanted, from);
            let top = statement.top(wanted, Some(seen));
            let _ = write!(statement.sql, " {top}");
            let rows = pool.query_planned(&statement.sql, &statement.values()).await?;
            hits = rows.iter().map(|row| hit(row, 0)).collect::<Result<_, _>>()?;
        }
    }
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.cursor()));
    let found = Found::page(hits, wanted.limit, tallied, uncounted);
    Ok(Window { is_full: uncounted && found.next.is_some(), found })
}
