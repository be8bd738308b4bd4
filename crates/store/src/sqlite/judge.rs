//! Looking up what decides about a batch.

use rusqlite::Connection;
use yinuo_core::id::TicketId;
use yinuo_ledger::{Append, Appended, Hash, LedgerError, Standing};

use super::{
    columns::{get, hash, id, org, stream, unsigned, word},
    errors::{reading, writing},
    table::Rows,
};
use crate::{
    cells::Put,
    judge::{Known, Positions, Questions},
};

const STREAMS: &str = "WITH r(i, org, stream) AS MATERIALIZED
    (SELECT key, value ->> 0, unhex(value ->> 1) FROM json_each(?1))
    SELECT i, seq, hash FROM r JOIN records ON records.rowid = (SELECT x.rowid FROM records AS x
        WHERE x.org = r.org AND x.stream = r.stream ORDER BY x.seq DESC LIMIT 1)";

const KEYS: &str =
    "WITH r(i, org, key) AS MATERIALIZED (SELECT key, value ->> 0, value ->> 1 FROM json_each(?1))
    SELECT i, stream, seq, digest FROM r CROSS JOIN idempotency AS k ON k.org = r.org AND k.key = r.key";

const NUMBERS: &str =
    "WITH r(i, org, number) AS MATERIALIZED (SELECT key, value ->> 0, value ->> 1 FROM json_each(?1))
    SELECT i, ticket FROM r CROSS JOIN tickets AS t ON t.org = r.org AND t.number = r.number";

const PERSONS: &str =
    "WITH r(i, org, person) AS MATERIALIZED (SELECT key, value ->> 0, unhex(value ->> 1) FROM json_each(?1))
    SELECT i, wrapped IS NULL FROM r CROSS JOIN persons AS p ON p.org = r.org AND p.person = r.person";

const TOUCHED: &str =
    "WITH r(i, org, person) AS MATERIALIZED (SELECT key, value ->> 0, unhex(value ->> 1) FROM json_each(?1))
    SELECT i, max(x.position) FROM r CROSS JOIN custody AS k ON k.org = r.org AND k.person = r.person
    CROSS JOIN records AS x ON x.org = k.org AND x.stream = k.ticket GROUP BY i";

const CONTACTS: &str =
    "WITH r(i, org, contact) AS MATERIALIZED (SELECT key, value ->> 0, unhex(value ->> 1) FROM json_each(?1))
    SELECT i FROM r CROSS JOIN contacts AS c ON c.org = r.org AND c.digest = r.contact";

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
        known.streams.insert(place, (unsigned(row, 1)?, Hash(hash(row, 2)?)));
        Ok(())
    })?;
    ask(connection, KEYS, &questions.keys, &questions.asked_keys, |row, place| {
        let stream = stream(&get::<Vec<u8>>(row, 1)?)?;
        known.keys.insert(place, (stream, unsigned(row, 2)?, hash(row, 3)?));
        Ok(())
    })?;
    ask(connection, NUMBERS, &questions.numbers, &questions.asked_numbers, |row, place| {
        known.numbers.insert(place, id(row, 1, TicketId::from_uuid)?);
        Ok(())
    })?;
    ask(connection, PERSONS, &questions.persons, &questions.asked_persons, |row, place| {
        known.persons.insert(place, get(row, 1)?);
        Ok(())
    })?;
    ask(connection, TOUCHED, &questions.erased, &questions.asked_erased, |row, place| {
        known.touched.insert(place, unsigned(row, 1)?);
        Ok(())
    })?;
    ask(connection, CONTACTS, &questions.contacts, &questions.asked_contacts, |_, place| {
        known.contacts.insert(place);
        Ok(())
    })?;
    Ok(known.judge_all(positions, appends))
}

/// Runs a query whose first column says which of `asked` a row is about.
fn ask<K: Clone>(
    connection: &Connection,
    sql: &str,
    rows: &Rows,
    asked: &[K],
    mut found: impl FnMut(&rusqlite::Row<'_>, K) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(sql).map_err(writing)?;
    let mut answers = statement.query([rows.json()]).map_err(writing)?;
    while let Some(row) = answers.next().map_err(writing)? {
        let index: usize = unsigned(row, 0)?;
        if let Some(place) = asked.get(index) {
            found(row, place.clone())?;
        }
    }
    Ok(())
}
