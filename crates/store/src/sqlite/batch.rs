//! Keeping a batch of appends: one statement for each table, run for each row.

use rusqlite::Connection;
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{errors::writing, judge::judge, show, table::Rows};
use crate::{
    cells::Put,
    judge::Positions,
    plan::{Plan, shown},
};

const ORGANISATIONS: &str = "INSERT INTO organisations (org, last_position) VALUES (?1, ?2)
     ON CONFLICT (org) DO UPDATE SET last_position = excluded.last_position";
const RECORDS: &str = "INSERT INTO records (org, position, stream, seq, hash, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const CONTENTS: &str = "INSERT INTO contents (org, position, n, sealed) VALUES (?1, ?2, ?3, ?4)";
const PERSONS: &str = "INSERT INTO persons (org, person, wrapped, created_at_us)
     VALUES (?1, ?2, ?3, ?4)";
const CUSTODY: &str = "INSERT INTO custody (org, ticket, person) VALUES (?1, ?2, ?3)";
const CONTACTS: &str = "INSERT INTO contacts (org, digest, person) VALUES (?1, ?2, ?3)
     ON CONFLICT DO NOTHING";
/// After [`CONTACTS`], of the same rows: what stayed with somebody else.
const MENTIONS: &str = "INSERT INTO mentions (org, digest, person) SELECT ?1, ?2, ?3
     WHERE NOT EXISTS (SELECT 1 FROM contacts AS c
        WHERE c.org = ?1 AND c.digest = ?2 AND c.person = ?3)
     ON CONFLICT DO NOTHING";
const IDEMPOTENCY: &str = "INSERT INTO idempotency (org, key, stream, seq, digest)
     VALUES (?1, ?2, ?3, ?4, ?5)";
const NUMBERS: &str = "INSERT INTO numbers (org, day, last) VALUES (?1, ?2, ?3)
     ON CONFLICT (org, day) DO UPDATE SET last = max(last, excluded.last)";
pub(super) const EXTERNALS: &str = "INSERT INTO externals (org, external, ticket) VALUES (?1, ?2, ?3)
     ON CONFLICT DO NOTHING";
const JOBS: &str =
    "INSERT INTO jobs (org, job, ticket, kind, payload, key, not_before_at_us, free_at_us, state)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 'waiting') ON CONFLICT DO NOTHING";

/// Erasing a person (?2) of an organisation (?1) at an instant (?3), in this order. Whose key is gone is left as it is.
const ERASE: [&str; 6] = [
    "DELETE FROM contents WHERE org = ?1 AND position IN (
        SELECT x.position FROM custody AS k CROSS JOIN records AS x ON x.org = k.org AND x.stream = k.ticket
        WHERE k.org = ?1 AND k.person = ?2)",
    "UPDATE tickets SET subject = NULL, customer = NULL WHERE org = ?1 AND ticket IN (
        SELECT k.ticket FROM custody AS k WHERE k.org = ?1 AND k.person = ?2)",
    "DELETE FROM contacts WHERE org = ?1 AND person = ?2",
    "DELETE FROM mentions WHERE org = ?1 AND person = ?2",
    "UPDATE persons SET wrapped = zeroblob(length(wrapped)) WHERE wrapped IS NOT NULL AND org = ?1 AND person = ?2",
    "UPDATE persons SET wrapped = NULL, erased_at_us = ?3 WHERE wrapped IS NOT NULL AND org = ?1 AND person = ?2",
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
