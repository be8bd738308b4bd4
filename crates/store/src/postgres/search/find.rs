//! Finding tickets: the index of tokens says which rows, and everything else is looked at in those rows alone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Admits, Found, LedgerError, SearchCursor, Wanted, search::Gathered};

use super::blocks::{self, Blocks, Window};
use crate::{
    cells::{Cells, id},
    postgres::{columns::Value, pool::Pool},
};

/// How many blocks are looked at first: enough for what stands in most tickets, and a sample of everything else.
const FIRST: usize = 2;

const TRAITS: &str = "SELECT id, text FROM search_traits WHERE id = ANY($1::bigint[])";

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

    /// Ticket, traits and instant of every document in a window that has the words.
    fn new(org: &OrgId, wanted: &Wanted, window: &Window) -> Self {
        let mut statement = Self::default();
        let org = statement.put(org.to_string());
        let bit = statement.put(wanted.audience.bit());
        let from = statement.put(wanted.received_from.map_or(i64::MIN, Timestamp::as_microsecond));
        let to = statement.put(wanted.received_to.map_or(i64::MAX, Timestamp::as_microsecond));
        let bounds = format!(
            "d.audience & {bit}::bigint <> 0 AND d.received_at_us >= {from} AND d.received_at_us < {to}"
        );
        let (of_org, short, long) = if wanted.phrases.is_empty() {
            statement.without_words(&org, window)
        } else {
            statement.with_words(&org, wanted, window)
        };
        let (not_short, not_long) = statement.unwanted(wanted);
        statement.sql = format!(
            "SELECT d.ticket, d.traits, d.received_at_us FROM search_documents AS d
                WHERE NOT d.long AND {of_org} AND {bounds}{short}{not_short}
            UNION ALL SELECT d.ticket, d.traits, d.received_at_us FROM search_documents AS d
                WHERE d.long AND d.page = 0 AND d.org = {org} AND {bounds}{long}{not_long}"
        );
        statement
    }

    /// Conditions for the organisation, for texts of one page and for longer ones: all tickets are gone through.
    fn without_words(&mut self, org: &str, window: &Window) -> (String, String, String) {
        let documents = blocks::documents(&window.blocks);
        let (first, last) = (self.put(*documents.start()), self.put(*documents.end()));
        let between = format!(" AND d.document BETWEEN {first} AND {last}");
        (format!("d.org = {org}"), between.clone(), between)
    }

    /// The same where words lead to the tickets.
    fn with_words(&mut self, org: &str, wanted: &Wanted, window: &Window) -> (String, String, String) {
        let all = phrases(&wanted.phrases);
        let within = |words: String| match blocks::cover(&window.blocks) {
            _ if window.all => words,
            blocks => format!("{words} & ({blocks})"),
        };
        let first = self.put(within(all.first().cloned().unwrap_or_default()));
        let words = self.put(within(all.join(" & ")));
        let each = self.put(all);
        let short = format!(" AND d.tokens @@ {words}::text::tsquery");
        let long = format!(
            " AND d.ticket IN (SELECT f.ticket FROM search_documents AS f
                WHERE f.long AND f.tokens @@ {first}::text::tsquery AND f.org COLLATE \"POSIX\" = {org})
            AND NOT EXISTS (SELECT FROM unnest({each}::text[]) AS w(q) WHERE NOT EXISTS (
                SELECT FROM search_documents AS p WHERE p.org = d.org AND p.ticket = d.ticket
                    AND p.audience = d.audience AND p.tokens @@ w.q::tsquery))"
        );
        // Bytes are compared as ever, but no index is kept in this collation: the planner would go through all tickets of the
        // organisation.
        (format!("d.org COLLATE \"POSIX\" = {org}"), short, long)
    }

    fn unwanted(&mut self, wanted: &Wanted) -> (String, String) {
        let none = phrases(&wanted.unwanted);
        if none.is_empty() {
            return (String::new(), String::new());
        }
        let words = self.put(none.join(" | "));
        let short = format!(" AND NOT d.tokens @@ {words}::text::tsquery");
        let long = format!(
            " AND NOT EXISTS (SELECT FROM search_documents AS p WHERE p.org = d.org AND p.ticket = d.ticket
                AND p.audience = d.audience AND p.tokens @@ {words}::text::tsquery)"
        );
        (short, long)
    }
}

/// Looks at the newest blocks, then at as many as what was found there lets expect, and at more, until no ticket that is left
/// can be newer than what is kept.
pub(super) async fn find(
    pool: &Pool,
    org: &OrgId,
    wanted: &Wanted,
    admits: &Admits,
) -> Result<Found, LedgerError> {
    let blocks = Blocks::read(pool, org, wanted).await?;
    let mut gathered = Gathered::new(wanted, admits);
    let mut many = FIRST;
    loop {
        let window = blocks.newest(many);
        gathered = gathered.anew();
        let found = look(pool, &Statement::new(org, wanted, &window), &mut gathered).await?;
        if window.left.is_none_or(|left| gathered.is_full_above(left)) {
            return gathered.found();
        }
        many = blocks.more(many, &window, found, wanted.count_most);
    }
}

/// Gathers what a statement finds, and says how many that are.
async fn look(pool: &Pool, statement: &Statement, gathered: &mut Gathered<'_>) -> Result<usize, LedgerError> {
    let mut found = 0_usize;
    let mut unknown: Vec<(SearchCursor, i64)> = Vec::new();
    let each = |row: &Row| {
        let (at, traits) = (
            SearchCursor { received_at_us: row.number(2)?, ticket: id(row, 0, TicketId::from_uuid)? },
            row.number(1)?,
        );
        found = found.saturating_add(1);
        if gathered.knows(traits) {
            gathered.push(at, traits);
        } else {
            unknown.push((at, traits));
        }
        Ok(())
    };
    pool.each(&statement.sql, &statement.values(), each).await?;
    let traits: BTreeSet<i64> = unknown.iter().map(|(_, traits)| *traits).collect();
    let traits: Vec<i64> = traits.into_iter().collect();
    for row in pool.query(TRAITS, &[&traits]).await? {
        gathered.learn(row.number(0)?, row.text(1)?)?;
    }
    for (at, traits) in unknown {
        gathered.push(at, traits);
    }
    Ok(found)
}
