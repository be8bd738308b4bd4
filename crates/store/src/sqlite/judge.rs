//! Which appends of a batch fit, judged one after the other: each sees what those before it in the batch will do.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Append, Appended, Hash, LedgerError, Stream, chain};

use super::{
    columns::{get, hash, id, stream_bytes, unsigned},
    errors::{reading, writing},
    table::Rows,
};

/// The last position of every organisation. Only the writer changes it, so it need not be read again.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions(HashMap<OrgId, u64>);

impl Positions {
    pub(super) fn read(connection: &Connection) -> Result<Self, LedgerError> {
        let mut statement =
            connection.prepare("SELECT org, last_position FROM organisations").map_err(reading)?;
        let mut rows = statement.query([]).map_err(reading)?;
        let mut positions = HashMap::new();
        while let Some(row) = rows.next().map_err(reading)? {
            positions.insert(super::log::org(row, 0)?, unsigned(row, 1)?);
        }
        Ok(Self(positions))
    }

    fn next(&mut self, org: &OrgId) -> u64 {
        let last = self.0.entry(org.clone()).or_default();
        *last += 1;
        *last
    }
}

/// What the database holds that decides about a batch.
#[derive(Default)]
struct Known {
    /// Entries and head of the streams that exist.
    streams: HashMap<(OrgId, Stream), (u32, Hash)>,
    /// What idempotency keys were used for.
    keys: HashMap<(OrgId, String), (Stream, u32, [u8; 32])>,
    /// Whose numbers are in use.
    numbers: HashMap<(OrgId, String), TicketId>,
}

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

impl Known {
    fn read(connection: &Connection, appends: &[Append]) -> Result<Self, LedgerError> {
        let mut known = Known::default();
        let (mut streams, mut asked, mut seen) = (Rows::default(), Vec::new(), HashSet::new());
        let (mut keys, mut asked_keys) = (Rows::default(), Vec::new());
        let (mut numbers, mut asked_numbers) = (Rows::default(), Vec::new());
        for append in appends {
            let (org, stream) = (append.sealed.org(), append.sealed.stream());
            if seen.insert((org, stream)) {
                streams.row().text(org.as_str()).bytes(&stream_bytes(stream));
                asked.push((org.clone(), stream));
            }
            if let Some(idempotency) = &append.idempotency {
                keys.row().text(org.as_str()).text(&idempotency.key);
                asked_keys.push((org.clone(), idempotency.key.clone()));
            }
            if let Some(views) = &append.views {
                numbers.row().text(org.as_str()).text(&views.ticket.number);
                asked_numbers.push((org.clone(), views.ticket.number.clone()));
            }
        }
        ask(connection, STREAMS, &streams, &asked, |row, place| {
            known.streams.insert(place, (unsigned(row, 1)?, Hash(hash(row, 2)?)));
            Ok(())
        })?;
        ask(connection, KEYS, &keys, &asked_keys, |row, place| {
            let stream = super::columns::stream(&get::<Vec<u8>>(row, 1)?)?;
            known.keys.insert(place, (stream, unsigned(row, 2)?, hash(row, 3)?));
            Ok(())
        })?;
        ask(connection, NUMBERS, &numbers, &asked_numbers, |row, place| {
            known.numbers.insert(place, id(row, 1, TicketId::from_uuid)?);
            Ok(())
        })?;
        Ok(known)
    }

    fn judge(&self, append: &Append) -> Result<(), LedgerError> {
        append.fits()?;
        let sealed = &append.sealed;
        if let Some(idempotency) = &append.idempotency
            && let Some((stream, seq, digest)) =
                self.keys.get(&(sealed.org().clone(), idempotency.key.clone()))
        {
            let same_request = *digest == idempotency.digest;
            return Err(LedgerError::Duplicate { stream: *stream, seq: *seq, same_request });
        }
        let (actual, head) = match self.streams.get(&(sealed.org().clone(), sealed.stream())) {
            Some((version, head)) => (*version, *head),
            None => (0, chain::genesis(sealed.org(), sealed.stream())),
        };
        if sealed.expected() != actual {
            return Err(LedgerError::Conflict { actual });
        }
        if sealed.prev() != head {
            return Err(LedgerError::Unfit {
                what: "the record is chained to another one than the last of its stream",
            });
        }
        if let Some(views) = &append.views {
            let owner = self.numbers.get(&(sealed.org().clone(), views.ticket.number.clone()));
            if owner.is_some_and(|ticket| *ticket != views.ticket.ticket) {
                return Err(LedgerError::NumberTaken { number: views.ticket.number.clone() });
            }
        }
        Ok(())
    }

    /// What the appends after it in the batch will find.
    fn note(&mut self, append: &Append) {
        let sealed = &append.sealed;
        let (org, stream) = (sealed.org(), sealed.stream());
        self.streams.insert((org.clone(), stream), (sealed.seq(), sealed.hash()));
        if let Some(idempotency) = &append.idempotency {
            let used = (stream, sealed.seq(), idempotency.digest);
            self.keys.insert((org.clone(), idempotency.key.clone()), used);
        }
        if let Some(views) = &append.views {
            self.numbers.insert((org.clone(), views.ticket.number.clone()), views.ticket.ticket);
        }
    }
}

/// Runs a query whose first column says which of `asked` a row is about.
pub(super) fn ask<K: Clone>(
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

/// The verdict on each append, and the position of each that fits.
pub(super) fn judge(
    connection: &Connection,
    positions: &mut Positions,
    appends: &[Append],
) -> Result<Vec<Result<Appended, LedgerError>>, LedgerError> {
    let mut known = Known::read(connection, appends)?;
    let mut answers = Vec::with_capacity(appends.len());
    for append in appends {
        answers.push(known.judge(append).map(|()| {
            known.note(append);
            let sealed = &append.sealed;
            Appended { position: positions.next(sealed.org()), seq: sealed.seq(), hash: sealed.hash() }
        }));
    }
    Ok(answers)
}
