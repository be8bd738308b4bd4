//! Finding tickets.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, hash_map::Entry},
    fmt::Write as _,
};

use jiff::Timestamp;
use rusqlite::{Connection, params_from_iter, types::Value};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Admits, Found, FoundTicket, LedgerError, Traits, Wanted, search::Tallied};

use crate::{
    cells::{Cells, instant, uuid},
    sqlite::errors::reading,
};

/// Phrases as FTS5 reads them. Tokens are letters and digits, so nothing in them has a meaning there.
fn expression(phrases: &[Vec<String>], between: &str) -> String {
    let quoted: Vec<String> = phrases.iter().map(|phrase| format!("\"{}\"", phrase.join(" "))).collect();
    quoted.join(between)
}

/// The statement with its values: `ticket`, `received_at_us` and `traits` of every document that has the words.
fn statement(org: &OrgId, wanted: &Wanted) -> (String, Vec<Value>) {
    let mut values = vec![Value::Text(org.to_string()), Value::Integer(wanted.audience.bit())];
    let mut sql = String::from("SELECT d.ticket, d.received_at_us, d.traits FROM ");
    let (all, none) = (expression(&wanted.phrases, " AND "), expression(&wanted.unwanted, " OR "));
    if all.is_empty() {
        sql.push_str("documents AS d WHERE d.org = ?1 AND d.audience & ?2 <> 0");
        if !none.is_empty() {
            values.push(Value::Text(none));
            sql.push_str(" AND d.doc NOT IN (SELECT rowid FROM words WHERE words MATCH ?3)");
        }
    } else {
        let none = if none.is_empty() { none } else { format!(" NOT ({none})") };
        values.push(Value::Text(format!("({all}){none}")));
        sql.push_str(
            "words AS w CROSS JOIN documents AS d ON d.doc = w.rowid
             WHERE w.words MATCH ?3 AND d.org = ?1 AND d.audience & ?2 <> 0",
        );
    }
    let mut bound = |condition: &str, at: Option<Timestamp>| {
        if let Some(at) = at {
            values.push(Value::Integer(at.as_microsecond()));
            // Writing to a text does not fail.
            let _ = write!(sql, " AND d.received_at_us {condition} ?{}", values.len());
        }
    };
    bound(">=", wanted.received_from);
    bound("<", wanted.received_to);
    (sql, values)
}

/// Tickets of one combination of traits.
struct Group {
    text: String,
    admitted: bool,
    spans: HashMap<u32, u64>,
}

impl Group {
    fn read(connection: &Connection, id: i64, admits: &Admits) -> Result<Self, LedgerError> {
        let sql = "SELECT text FROM traits WHERE id = ?1";
        let mut statement = connection.prepare_cached(sql).map_err(reading)?;
        let text: String = statement.query_row([id], |row| row.get(0)).map_err(reading)?;
        let admitted = admits(&Traits::read(&text)?);
        Ok(Self { text, admitted, spans: HashMap::new() })
    }
}

pub(super) fn find(
    connection: &Connection,
    org: &OrgId,
    wanted: &Wanted,
    admits: &Admits,
) -> Result<Found, LedgerError> {
    let (sql, values) = statement(org, wanted);
    let spans: Vec<i64> = wanted.spans.iter().map(|span| span.as_microsecond()).collect();
    let after = wanted.after.map(|after| (after.received_at_us, *after.ticket.uuid().as_bytes()));
    let most = (wanted.limit.max(1) as usize).saturating_add(1);
    let mut groups: HashMap<i64, Group> = HashMap::new();
    let mut best: BinaryHeap<Reverse<(i64, [u8; 16])>> = BinaryHeap::new();
    let mut statement = connection.prepare_cached(&sql).map_err(reading)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(reading)?;
    while let Some(row) = rows.next().map_err(reading)? {
        let (received, id) = (row.number(1)?, row.number(2)?);
        let group = match groups.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Group::read(connection, id, admits)?),
        };
        let span = u32::try_from(spans.partition_point(|span| *span <= received)).unwrap_or(u32::MAX);
        let count = group.spans.entry(span).or_default();
        *count = count.saturating_add(1);
        let full = best.len() >= most && best.peek().is_some_and(|Reverse((least, _))| *least > received);
        if !group.admitted || full {
            continue;
        }
        let place = (received, *uuid(row.bytes(0)?)?.as_bytes());
        if after.is_none_or(|after| place < after) {
            best.push(Reverse(place));
            if best.len() > most {
                best.pop();
            }
        }
    }
    let mut tallied = Tallied::default();
    for group in groups.into_values() {
        for (span, tickets) in group.spans {
            tallied.count(&group.text, span, tickets, admits)?;
        }
    }
    let mut places: Vec<(i64, [u8; 16])> = best.into_iter().map(|Reverse(place)| place).collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    let hit = |(received, ticket): (i64, [u8; 16])| -> Result<FoundTicket, LedgerError> {
        Ok(FoundTicket { ticket: TicketId::from_uuid(uuid(&ticket)?), received_at: instant(received)? })
    };
    let hits = places.into_iter().map(hit).collect::<Result<_, _>>()?;
    Ok(Found::page(hits, wanted.limit, tallied))
}
