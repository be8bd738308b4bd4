//! Documents into the index, and out of it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Document, IndexStep, LedgerError, search::pages_digest};

use crate::sqlite::errors::{reading, writing};

/// Between the pages of a text: no token looks like it, so no phrase goes on from one page into the next.
const BETWEEN: &str = " zz ";

/// Rows of a block have numbers that are alike but for so many bits.
pub(super) const BLOCK_BITS: u32 = 10;

/// A document as kept: its row, and the digest of its pages.
type Kept = (i64, Vec<u8>);

pub(super) fn step(connection: &Connection, org: &OrgId, step: &IndexStep) -> Result<(), LedgerError> {
    for document in &step.documents {
        put(connection, org, document)?;
    }
    let mut removed = false;
    for ticket in &step.gone {
        for (row, _) in kept(connection, org, *ticket)?.into_values() {
            remove(connection, row)?;
            removed = true;
        }
    }
    if removed {
        connection.execute("UPDATE sweeping SET state = 1", []).map_err(writing)?;
    }
    Ok(())
}

fn put(connection: &Connection, org: &OrgId, document: &Document) -> Result<(), LedgerError> {
    let traits = traits(connection, &document.traits.text())?;
    let received = document.received_at.as_microsecond();
    let mut before = kept(connection, org, document.ticket)?;
    for (audience, pages) in document.parts() {
        let digest = pages_digest(pages);
        if let Some((row, known)) = before.remove(&audience) {
            let sql = "UPDATE documents SET traits = ?2, received_at_us = ?3, digest = ?4 WHERE doc = ?1";
            run(connection, sql, params![row, traits, received, digest])?;
            reached(connection, row, received)?;
            // Most of what happens to a ticket adds no word to it.
            if known != digest {
                run(connection, "DELETE FROM words WHERE rowid = ?1", params![row])?;
                add(connection, row, pages)?;
            }
            continue;
        }
        let sql = "INSERT INTO documents (org, ticket, audience, traits, received_at_us, digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let ticket = document.ticket.uuid();
        let values = params![org.as_str(), ticket.as_bytes(), audience, traits, received, digest];
        run(connection, sql, values)?;
        let row = connection.last_insert_rowid();
        reached(connection, row, received)?;
        add(connection, row, pages)?;
    }
    for (row, _) in before.into_values() {
        remove(connection, row)?;
    }
    Ok(())
}

fn run(connection: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(sql).map_err(writing)?;
    statement.execute(values).map(drop).map_err(writing)
}

/// Notes how late tickets of a row's block were received. Never taken back: too late an instant costs a longer look.
fn reached(connection: &Connection, row: i64, received: i64) -> Result<(), LedgerError> {
    let sql = "INSERT INTO reach (block, newest_us) VALUES (?1, ?2)
        ON CONFLICT (block) DO UPDATE SET newest_us = excluded.newest_us WHERE newest_us < excluded.newest_us";
    run(connection, sql, params![row >> BLOCK_BITS, received])
}

fn add(connection: &Connection, row: i64, pages: &[String]) -> Result<(), LedgerError> {
    let sql = "INSERT INTO words (rowid, tokens) VALUES (?1, ?2)";
    run(connection, sql, params![row, pages.join(BETWEEN)])
}

fn remove(connection: &Connection, row: i64) -> Result<(), LedgerError> {
    run(connection, "DELETE FROM words WHERE rowid = ?1", params![row])?;
    run(connection, "DELETE FROM documents WHERE doc = ?1", params![row])
}

/// What is there of a ticket, by audience.
fn kept(connection: &Connection, org: &OrgId, ticket: TicketId) -> Result<BTreeMap<i64, Kept>, LedgerError> {
    let sql = "SELECT audience, doc, digest FROM documents WHERE org = ?1 AND ticket = ?2";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let ticket = ticket.uuid();
    let rows = statement
        .query_map(params![org.as_str(), ticket.as_bytes()], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })
        .map_err(reading)?;
    rows.collect::<Result<_, _>>().map_err(reading)
}

fn traits(connection: &Connection, text: &str) -> Result<i64, LedgerError> {
    let sql = "SELECT id FROM traits WHERE text = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    if let Some(id) = statement.query_row([text], |row| row.get(0)).optional().map_err(reading)? {
        return Ok(id);
    }
    run(connection, "INSERT INTO traits (text) VALUES (?1)", params![text])?;
    Ok(connection.last_insert_rowid())
}

/// Takes everything of the organisation out.
pub(super) fn clear(connection: &Connection, org: &OrgId) -> Result<(), LedgerError> {
    let others = "SELECT EXISTS (SELECT 1 FROM documents WHERE org <> ?1)";
    let others: bool = connection.query_row(others, [org.as_str()], |row| row.get(0)).map_err(reading)?;
    if others {
        let sql = "DELETE FROM words WHERE rowid IN (SELECT doc FROM documents WHERE org = ?1)";
        run(connection, sql, params![org.as_str()])?;
        run(connection, "DELETE FROM documents WHERE org = ?1", params![org.as_str()])?;
        return run(connection, "UPDATE sweeping SET state = 1", params![]);
    }
    // The only organisation: the whole index at once, and nothing is left to sweep.
    for sql in [
        "INSERT INTO words (words) VALUES ('delete-all')",
        "DELETE FROM documents",
        "DELETE FROM traits",
        "DELETE FROM reach",
        "UPDATE sweeping SET state = 0",
    ] {
        run(connection, sql, params![])?;
    }
    Ok(())
}
