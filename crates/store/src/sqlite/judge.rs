//! Looking up what decides about a batch.

use rusqlite::Connection;
use yinuo_core::id::TicketId;
use yinuo_ledger::{Append, Appended, Hash, LedgerError, Standing};

use super::{
    columns::{get, hash, id, org, stream, unsigned, word},
    errors::{reading, writing},
    table::Rows,
};
use crate::judge::{Known, Positions, Questions};

const STREAMS: &str =
    "SELECT seq, hash FROM records WHERE org = ?1 AND stream = ?2 ORDER BY seq DESC LIMIT 1";
const KEYS: &str = "SELECT stream, seq, digest FROM idempotency WHERE org = ?1 AND key = ?2";
const NUMBERS: &str = "SELECT ticket FROM tickets WHERE org = ?1 AND number = ?2";
const PERSONS: &str = "SELECT wrapped IS NULL FROM persons WHERE org = ?1 AND person = ?2";
/// Nothing, if nobody of that name has a record.
const TOUCHED: &str = "SELECT max(x.position) FROM custody AS k
    CROSS JOIN records AS x ON x.org = k.org AND x.stream = k.ticket
    WHERE k.org = ?1 AND k.person = ?2 HAVING count(*) > 0";
const CONTACTS: &str = "SELECT 1 FROM contacts WHERE org = ?1 AND digest = ?2";

/// The last position of every organisation, and whether it is in service. Only the writer changes either, so they are
/// read again only after an import or a departure.
pub(super) fn positions(connection: &Connection) -> Result<Positions, LedgerError> {
    let mut statement =
        connection.prepare("SELECT org, last_position, standing FROM organisations").map_err(reading)?;
    let mut rows = statement.query([]).map_err(reading)?;
    let mut positions = Positions::default();
    while let Some(row) = rows.next().map_err(reading)? {
        positions.set(org(row, 0)?, unsigned(row, 1)?, word(row, 2, Standing::from_word)?);
    }
    Ok(positions)
}

/// The verdict on each append, and the position of each that fits.
pub(super) fn judge(
    connection: &Connection,
    positions: &mut Positions,
    appends: &[Append],
) -> Result<Vec<Result<Appended, LedgerError>>, LedgerError> {
    let questions: Questions<Rows> = Questions::of(appends);
    let mut known = Known::default();
    ask(connection, STREAMS, &questions.streams, &questions.asked_streams, |row, place| {
        known.streams.insert(place, (unsigned(row, 0)?, Hash(hash(row, 1)?)));
        Ok(())
    })?;
    ask(connection, KEYS, &questions.keys, &questions.asked_keys, |row, place| {
        let stream = stream(&get::<Vec<u8>>(row, 0)?)?;
        known.keys.insert(place, (stream, unsigned(row, 1)?, hash(row, 2)?));
        Ok(())
    })?;
    ask(connection, NUMBERS, &questions.numbers, &questions.asked_numbers, |row, place| {
        known.numbers.insert(place, id(row, 0, TicketId::from_uuid)?);
        Ok(())
    })?;
    ask(connection, PERSONS, &questions.persons, &questions.asked_persons, |row, place| {
        known.persons.insert(place, get(row, 0)?);
        Ok(())
    })?;
    ask(connection, TOUCHED, &questions.erased, &questions.asked_erased, |row, place| {
        known.touched.insert(place, unsigned(row, 0)?);
        Ok(())
    })?;
    ask(connection, CONTACTS, &questions.contacts, &questions.asked_contacts, |_, place| {
        known.contacts.insert(place);
        Ok(())
    })?;
    Ok(known.judge_all(positions, appends))
}

/// Asks about each of `asked`, which the rows name in the same order.
fn ask<K: Clone>(
    connection: &Connection,
    sql: &str,
    rows: &Rows,
    asked: &[K],
    mut found: impl FnMut(&rusqlite::Row<'_>, K) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    rows.query(connection, sql, writing, |number, row| match asked.get(number) {
        Some(place) => found(row, place.clone()),
        None => Ok(()),
    })
}
