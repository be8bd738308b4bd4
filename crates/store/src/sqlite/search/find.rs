//! Finding tickets.

use std::fmt::Write as _;

use jiff::Timestamp;
use rusqlite::{Connection, params_from_iter, types::Value};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Admits, Found, LedgerError, SearchCursor, Wanted, search::Gathered};

use super::put::BLOCK_BITS;
use crate::{
    cells::{Cells, uuid},
    sqlite::errors::reading,
};

/// Phrases as FTS5 reads them. Tokens are letters and digits, so nothing in them has a meaning there.
fn expression(phrases: &[Vec<String>], between: &str) -> String {
    let quoted: Vec<String> = phrases.iter().map(|phrase| format!("\"{}\"", phrase.join(" "))).collect();
    quoted.join(between)
}

/// The statement with its values: row, `ticket`, `received_at_us` and `traits` of every document that has the words, the one
/// that came into the index last first.
fn statement(org: &OrgId, wanted: &Wanted) -> (String, Vec<Value>) {
    let mut values = vec![Value::Text(org.to_string()), Value::Integer(wanted.audience.bit())];
    let mut sql = String::from("SELECT d.doc, d.ticket, d.received_at_us, d.traits FROM ");
    let (all, none) = (expression(&wanted.phrases, " AND "), expression(&wanted.unwanted, " OR "));
    let order = if all.is_empty() {
        sql.push_str("documents AS d WHERE +d.org = ?1 AND d.audience & ?2 <> 0");
        if !none.is_empty() {
            values.push(Value::Text(none));
            sql.push_str(" AND d.doc NOT IN (SELECT rowid FROM words WHERE words MATCH ?3)");
        }
        // Not by the index of organisations: rows in order end early.
        " ORDER BY d.doc DESC"
    } else {
        let none = if none.is_empty() { none } else { format!(" NOT ({none})") };
        values.push(Value::Text(format!("({all}){none}")));
        sql.push_str(
            "words AS w CROSS JOIN documents AS d ON d.doc = w.rowid
             WHERE w.words MATCH ?3 AND d.org = ?1 AND d.audience & ?2 <> 0",
        );
        " ORDER BY w.rowid DESC"
    };
    let mut bound = |condition: &str, at: Option<Timestamp>| {
        if let Some(at) = at {
            values.push(Value::Integer(at.as_microsecond()));
            // Writing to a text does not fail.
            let _ = write!(sql, " AND d.received_at_us {condition} ?{}", values.len());
        }
    };
    bound(">=", wanted.received_from);
    bound("<", wanted.received_to);
    sql.push_str(order);
    (sql, values)
}

/// For each block of rows that there is: the latest instant at which a ticket of it, or of a block before it, was received.
struct Reach(Vec<(i64, i64)>);

impl Reach {
    fn read(connection: &Connection) -> Result<Self, LedgerError> {
        let sql = "SELECT block, newest_us FROM reach ORDER BY block";
        let mut statement = connection.prepare_cached(sql).map_err(reading)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(reading)?;
        let mut blocks: Vec<(i64, i64)> = rows.collect::<Result<_, _>>().map_err(reading)?;
        let mut newest = i64::MIN;
        for (_, reached) in &mut blocks {
            newest = newest.max(*reached);
            *reached = newest;
        }
        Ok(Self(blocks))
    }

    /// The latest instant of the blocks up to `block`.
    fn of(&self, block: i64) -> i64 {
        let upto = self.0.partition_point(|(known, _)| *known <= block);
        upto.checked_sub(1).and_then(|last| self.0.get(last)).map_or(i64::MIN, |(_, newest)| *newest)
    }
}

fn traits(connection: &Connection, id: i64) -> Result<String, LedgerError> {
    let sql = "SELECT text FROM traits WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    statement.query_row([id], |row| row.get(0)).map_err(reading)
}

/// Goes through what has the words, last row first, until no row that is left can be newer than what is kept. Tickets come
/// into the index about in the order in which they were received, so that this is soon where much is found.
pub(super) fn find(
    connection: &Connection,
    org: &OrgId,
    wanted: &Wanted,
    admits: &Admits,
) -> Result<Found, LedgerError> {
    let reach = Reach::read(connection)?;
    let mut gathered = Gathered::new(wanted, admits);
    let (sql, values) = statement(org, wanted);
    let mut statement = connection.prepare_cached(&sql).map_err(reading)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(reading)?;
    let mut block = i64::MAX;
    while let Some(row) = rows.next().map_err(reading)? {
        let of = row.number(0)? >> BLOCK_BITS;
        if of < block {
            block = of;
            if gathered.is_full_above(reach.of(block)) {
                break;
            }
        }
        let (received_at_us, group) = (row.number(2)?, row.number(3)?);
        if !gathered.knows(group) {
            gathered.learn(group, &traits(connection, group)?)?;
        }
        let ticket = TicketId::from_uuid(uuid(row.bytes(1)?)?);
        gathered.push(SearchCursor { received_at_us, ticket }, group);
    }
    gathered.found()
}
