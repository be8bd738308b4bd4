//! Keeping a batch of appends: one statement for each table.

use rusqlite::Connection;
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{
    errors::writing,
    judge::judge,
    show,
    table::{Rows, with_rows},
};
use crate::{
    cells::Put,
    judge::Positions,
    plan::{Plan, shown},
};

const ORGANISATIONS: &str = with_rows!(
    "INSERT INTO organisations (org, last_position) SELECT v ->> 0, v ->> 1 FROM r WHERE true
     ON CONFLICT (org) DO UPDATE SET last_position = excluded.last_position"
);
const RECORDS: &str = with_rows!(
    "INSERT INTO records (org, position, stream, seq, hash, body)
     SELECT v ->> 0, v ->> 1, unhex(v ->> 2), v ->> 3, unhex(v ->> 4), v ->> 5 FROM r"
);
const CONTENTS: &str = with_rows!(
    "INSERT INTO contents (org, position, n, sealed) SELECT v ->> 0, v ->> 1, v ->> 2, unhex(v ->> 3) FROM r"
);
const PERSONS: &str = with_rows!(
    "INSERT INTO persons (org, person, wrapped, created_at_us)
     SELECT v ->> 0, unhex(v ->> 1), unhex(v ->> 2), v ->> 3 FROM r"
);
const CUSTODY: &str = with_rows!(
    "INSERT INTO custody (org, ticket, person) SELECT v ->> 0, unhex(v ->> 1), unhex(v ->> 2) FROM r"
);
const CONTACTS: &str = with_rows!(
    "INSERT INTO contacts (org, digest, person) SELECT v ->> 0, unhex(v ->> 1), unhex(v ->> 2) FROM r WHERE true
     ON CONFLICT DO NOTHING"
);
/// After [`CONTACTS`], of the same rows: what stayed with somebody else.
const MENTIONS: &str = with_rows!(
    "INSERT INTO mentions (org, digest, person) SELECT v ->> 0, unhex(v ->> 1), unhex(v ->> 2) FROM r
     WHERE NOT EXISTS (SELECT 1 FROM contacts AS c
        WHERE c.org = v ->> 0 AND c.digest = unhex(v ->> 1) AND c.person = unhex(v ->> 2))
     ON CONFLICT DO NOTHING"
);
const IDEMPOTENCY: &str = with_rows!(
    "INSERT INTO idempotency (org, key, stream, seq, digest)
     SELECT v ->> 0, v ->> 1, unhex(v ->> 2), v ->> 3, unhex(v ->> 4) FROM r"
);
const NUMBERS: &str = with_rows!(
    "INSERT INTO numbers (org, day, last) SELECT v ->> 0, v ->> 1, v ->> 2 FROM r WHERE true
     ON CONFLICT (org, day) DO UPDATE SET last = max(last, excluded.last)"
);
pub(super) const EXTERNALS: &str = with_rows!(
    "INSERT INTO externals (org, external, ticket) SELECT v ->> 0, v ->> 1, unhex(v ->> 2) FROM r WHERE true
     ON CONFLICT DO NOTHING"
);
const JOBS: &str = with_rows!(
    "INSERT INTO jobs (org, job, ticket, kind, payload, key, not_before_at_us, free_at_us, state)
     SELECT v ->> 0, unhex(v ->> 1), unhex(v ->> 2), v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 6, 'waiting' FROM r
     WHERE true ON CONFLICT DO NOTHING"
);

/// Erasing persons, in this order: a person whose key is gone is left as it is.
const ERASE: [&str; 6] = [
    with_rows!(
        "DELETE FROM contents WHERE (org, position) IN (
            SELECT x.org, x.position FROM r
            CROSS JOIN custody AS k ON k.org = v ->> 0 AND k.person = unhex(v ->> 1)
            CROSS JOIN records AS x ON x.org = k.org AND x.stream = k.ticket)"
    ),
    with_rows!(
        "UPDATE tickets SET subject = NULL, customer = NULL WHERE (org, ticket) IN (
            SELECT k.org, k.ticket FROM r
            CROSS JOIN custody AS k ON k.org = v ->> 0 AND k.person = unhex(v ->> 1))"
    ),
    with_rows!("DELETE FROM contacts WHERE (org, person) IN (SELECT v ->> 0, unhex(v ->> 1) FROM r)"),
    with_rows!("DELETE FROM mentions WHERE (org, person) IN (SELECT v ->> 0, unhex(v ->> 1) FROM r)"),
    with_rows!(
        "UPDATE persons SET wrapped = zeroblob(length(wrapped))
         WHERE wrapped IS NOT NULL AND (org, person) IN (SELECT v ->> 0, unhex(v ->> 1) FROM r)"
    ),
    with_rows!(
        "UPDATE persons SET wrapped = NULL, erased_at_us = (
            SELECT min(v ->> 2) FROM r WHERE v ->> 0 = org AND unhex(v ->> 1) = person)
         WHERE wrapped IS NOT NULL AND (org, person) IN (SELECT v ->> 0, unhex(v ->> 1) FROM r)"
    ),
];

/// Appends what fits and refuses the rest one by one. An error means that nothing of the batch can be kept.
pub(super) fn append(
    connection: &Connection,
    positions: &mut Positions,
    appends: &[Append],
) -> Result<Vec<Result<Appended, LedgerError>>, LedgerError> {
    if appends.is_empty() {
        return Ok(Vec::new());
    }
    let answers = judge(connection, positions, appends)?;
    let plan: Plan<Rows> = Plan::of(appends, &answers);
    plan.organisations.execute(connection, ORGANISATIONS)?;
    plan.records.execute(connection, RECORDS)?;
    plan.contents.execute(connection, CONTENTS)?;
    plan.idempotency.execute(connection, IDEMPOTENCY)?;
    plan.numbers.execute(connection, NUMBERS)?;
    plan.externals.execute(connection, EXTERNALS)?;
    plan.jobs.execute(connection, JOBS)?;
    plan.persons.execute(connection, PERSONS)?;
    plan.custody.execute(connection, CUSTODY)?;
    plan.contacts.execute(connection, CONTACTS)?;
    plan.contacts.execute(connection, MENTIONS)?;
    show::show(connection, &shown(appends, |index| answers.get(index).is_some_and(Result::is_ok)))?;
    // Last, so that it also takes what the batch itself brought.
    erase(connection, &plan.erasures)?;
    Ok(answers)
}

/// Destroys keys and removes what they sealed. The key is overwritten where it lies before the row shrinks, and SQLite
/// overwrites with zeros what it frees; the writer then empties the write-ahead log, which may hold older pages.
fn erase(connection: &Connection, erasures: &Rows) -> Result<(), LedgerError> {
    if erasures.is_empty() {
        return Ok(());
    }
    connection.execute_batch("PRAGMA secure_delete = ON").map_err(writing)?;
    let erased = ERASE.iter().try_for_each(|sql| erasures.execute(connection, sql).map(drop));
    connection.execute_batch("PRAGMA secure_delete = FAST").map_err(writing)?;
    erased
}
