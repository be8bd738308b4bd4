//! Keeping a batch of appends: two round trips, whatever its size.
//!
//! The first one begins the transaction, takes the lock of each organisation and looks up what decides; the second one
//! writes, one statement a table, and commits. Everything in between is judged under the lock, so positions have no gaps
//! and are visible in their order: who commits position 8 has waited for the commit of 7.

use std::{collections::BTreeSet, sync::Arc};

use deadpool_postgres::ClientWrapper;
use tokio_postgres::{Error, Row, Statement};
use yinuo_core::id::{OrgId, TicketId};
use yinuo_ledger::{Append, Appended, Hash, LedgerError, Standing};

use super::{
    columns::Columns,
    errors::{failed, is_broken},
    pipeline::{Step, in_order},
    show::{self, CLOCKS, CLOCKS_BEFORE, CLOCKS_GONE, COUNTED_BEFORE, TALLIES, TICKETS},
};
use crate::{
    cells::{Cells, Put, hash, id, org, stream, unsigned, word},
    judge::{Known, Positions, Questions},
    plan::{Plan, maybe_replaced, shown},
    show::{Before, Changes},
};

const BEGIN: &str = "BEGIN";
/// Only before the first record of an organisation is there no row to lock.
const INTRODUCE: &str =
    "INSERT INTO organisations (org, last_position) SELECT org, 0 FROM unnest($1::text[]) AS n(org)
    ORDER BY org ON CONFLICT DO NOTHING";
const LOCK: &str = "SELECT org, last_position, standing FROM organisations WHERE org = ANY($1::text[]) ORDER BY org FOR UPDATE";
const STREAMS: &str =
    "SELECT r.i, l.seq, l.hash FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS r(org, stream, i)
    CROSS JOIN LATERAL (SELECT x.seq, x.hash FROM records AS x WHERE x.org = r.org AND x.stream = r.stream
        ORDER BY x.seq DESC LIMIT 1) AS l";
const KEYS: &str = "SELECT r.i, l.stream, l.seq, l.digest FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r(org, key, i)
    CROSS JOIN LATERAL (SELECT x.stream, x.seq, x.digest FROM idempotency AS x
        WHERE x.org = r.org AND x.key = r.key LIMIT 1) AS l";
const NUMBERS_USED: &str = "SELECT r.i, l.ticket FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r(org, number, i)
    CROSS JOIN LATERAL (SELECT x.ticket FROM tickets AS x WHERE x.org = r.org AND x.number = r.number LIMIT 1) AS l";

const PERSONS_KNOWN: &str =
    "SELECT r.i, l.gone FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS r(org, person, i)
    CROSS JOIN LATERAL (SELECT x.wrapped IS NULL AS gone FROM persons AS x
        WHERE x.org = r.org AND x.person = r.person LIMIT 1) AS l";
const TOUCHED: &str =
    "SELECT r.i, l.last FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS r(org, person, i)
    CROSS JOIN LATERAL (SELECT max(x.position) AS last FROM custody AS k
        JOIN records AS x ON x.org = k.org AND x.stream = k.ticket
        WHERE k.org = r.org AND k.person = r.person) AS l WHERE l.last IS NOT NULL";
const CONTACTS_KNOWN: &str =
    "SELECT r.i FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS r(org, digest, i)
    CROSS JOIN LATERAL (SELECT FROM contacts AS x WHERE x.org = r.org AND x.digest = r.digest LIMIT 1) AS l";

const ORGANISATIONS: &str = "UPDATE organisations AS o SET last_position = n.position
    FROM unnest($1::text[], $2::bigint[]) AS n(org, position) WHERE o.org = n.org";
const RECORDS: &str = "INSERT INTO records (org, position, stream, seq, hash, body)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bytea[], $6::text[])";
const CONTENTS: &str = "INSERT INTO contents (org, position, n, sealed)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[])";
const PERSONS: &str = "INSERT INTO persons (org, person, wrapped, created_at_us)
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bigint[])";
const CUSTODY: &str = "INSERT INTO custody (org, ticket, person)
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[])";
const CONTACTS: &str = "INSERT INTO contacts (org, digest, person)
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[]) ON CONFLICT DO NOTHING";
/// After [`CONTACTS`], of the same rows: what stayed with somebody else.
const MENTIONS: &str = "INSERT INTO mentions (org, digest, person)
    SELECT r.* FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS r(org, digest, person)
    LEFT JOIN LATERAL (SELECT x.person FROM contacts AS x WHERE x.org = r.org AND x.digest = r.digest LIMIT 1) AS c
        ON true
    WHERE c.person IS DISTINCT FROM r.person ON CONFLICT DO NOTHING";
const IDEMPOTENCY: &str = "INSERT INTO idempotency (org, key, stream, seq, digest)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bytea[])";
const NUMBERS: &str =
    "INSERT INTO numbers (org, day, last) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
    ON CONFLICT (org, day) DO UPDATE SET last = greatest(numbers.last, excluded.last)";
pub(super) const EXTERNALS: &str = "INSERT INTO externals (org, external, ticket)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT DO NOTHING";
const JOBS: &str = "INSERT INTO jobs (org, job, ticket, kind, payload, key, not_before_at_us, free_at_us, state)
    SELECT n.*, n.at_us, 'waiting' FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::text[],
        $7::bigint[]) AS n(org, job, ticket, kind, payload, key, at_us) ON CONFLICT DO NOTHING";
/// Erasing persons, in this order and after everything else, so that it also takes what the batch itself brought. A
/// person whose key is gone is left as it is.
const ERASE: [&str; 5] = [
    "DELETE FROM contents AS c
     USING unnest($1::text[], $2::bytea[], $3::bigint[]) AS e(org, person, at_us), custody AS k, records AS x
     WHERE k.org = e.org AND k.person = e.person AND x.org = k.org AND x.stream = k.ticket
        AND c.org = x.org AND c.position = x.position",
    "UPDATE tickets AS t SET subject = NULL, customer = NULL
     FROM unnest($1::text[], $2::bytea[], $3::bigint[]) AS e(org, person, at_us), custody AS k
     WHERE k.org = e.org AND k.person = e.person AND t.org = k.org AND t.ticket = k.ticket",
    "DELETE FROM contacts AS c USING unnest($1::text[], $2::bytea[], $3::bigint[]) AS e(org, person, at_us)
     WHERE c.org = e.org AND c.person = e.person",
    "DELETE FROM mentions AS m USING unnest($1::text[], $2::bytea[], $3::bigint[]) AS e(org, person, at_us)
     WHERE m.org = e.org AND m.person = e.person",
    "UPDATE persons AS p SET wrapped = NULL, erased_at_us = e.at_us
     FROM (SELECT org, person, min(at_us) AS at_us
        FROM unnest($1::text[], $2::bytea[], $3::bigint[]) AS u(org, person, at_us) GROUP BY org, person) AS e
     WHERE p.org = e.org AND p.person = e.person AND p.wrapped IS NOT NULL",
];

/// Wakes whoever tails the log, on every node. What was appended is read from the log.
const WAKE: &str = "SELECT pg_notify('yinuo', '')";
/// A commit that waits for a standby must not be cut short: it would count as done without being there.
const PATIENTLY: &str = "SET LOCAL statement_timeout = 0";
const COMMIT: &str = "COMMIT";

/// Why nothing, or nobody knows what, was kept of a batch.
pub(super) enum Failure {
    /// Nothing was kept.
    Nothing(Error),
    /// Nothing was kept: what the database holds cannot be read.
    Damaged(LedgerError),
    /// The connection ended while the commit was in flight.
    Unknown(Error),
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Failure::Damaged(error)
    }
}

type Answers = Vec<Result<Appended, LedgerError>>;

/// A statement of a round trip; none if there are no rows for it.
type Sent = Option<(Statement, Arc<Columns>)>;

async fn prepared(client: &ClientWrapper, sql: &str, rows: impl Into<Arc<Columns>>) -> Result<Sent, Failure> {
    let rows = rows.into();
    if rows.is_empty() {
        return Ok(None);
    }
    let statement = client.prepare_cached(sql).await.map_err(Failure::Nothing)?;
    Ok(Some((statement, rows)))
}

fn asking<'a>(client: &'a ClientWrapper, sent: &'a Sent) -> Step<'a, Result<Vec<Row>, Error>> {
    Box::pin(async move {
        match sent {
            Some((statement, rows)) => client.query(statement, &rows.values()).await,
            None => Ok(Vec::new()),
        }
    })
}

fn plainly<'a>(client: &'a ClientWrapper, sql: &'a str) -> Step<'a, Result<Vec<Row>, Error>> {
    Box::pin(async move { client.batch_execute(sql).await.map(|()| Vec::new()) })
}

/// Appends what fits and refuses the rest one by one, in a transaction of its own. `known` are organisations that are
/// known to have a row.
pub(super) async fn append(
    client: &ClientWrapper,
    introduced: &mut BTreeSet<OrgId>,
    appends: &[Append],
) -> Result<Answers, Failure> {
    let orgs: BTreeSet<OrgId> = appends.iter().map(|append| append.sealed.org().clone()).collect();
    let (known, mut positions, before) = look_up(client, introduced, &orgs, appends).await?;
    let answers = known.judge_all(&mut positions, appends);
    let plan: Plan<Columns> = Plan::of(appends, &answers);
    if plan.records.is_empty() {
        client.batch_execute("ROLLBACK").await.map_err(Failure::Nothing)?;
        return Ok(answers);
    }
    let shown = shown(appends, |index| answers.get(index).is_some_and(Result::is_ok));
    let changes: Changes<Columns> = Changes::of(&shown, &before);
    let contacts = Arc::new(plan.contacts);
    let mut sent = Vec::new();
    for (sql, rows) in [
        (ORGANISATIONS, plan.organisations.into()),
        (RECORDS, plan.records.into()),
        (CONTENTS, plan.contents.into()),
        (IDEMPOTENCY, plan.idempotency.into()),
        (NUMBERS, plan.numbers.into()),
        (EXTERNALS, plan.externals.into()),
        (JOBS, plan.jobs.into()),
        (PERSONS, plan.persons.into()),
        (CUSTODY, plan.custody.into()),
        (CONTACTS, Arc::clone(&contacts)),
        (MENTIONS, contacts),
        (TICKETS, changes.tickets.into()),
        (CLOCKS_GONE, changes.gone.into()),
        (CLOCKS, changes.clocks.into()),
        (TALLIES, changes.tallies.into()),
    ] {
        sent.push(prepared(client, sql, rows).await?);
    }
    let erasures = Arc::new(plan.erasures);
    for sql in ERASE {
        sent.push(prepared(client, sql, Arc::clone(&erasures)).await?);
    }
    let mut steps: Vec<_> = sent.iter().map(|sent| asking(client, sent)).collect();
    steps.push(plainly(client, WAKE));
    steps.push(plainly(client, PATIENTLY));
    steps.push(plainly(client, COMMIT));
    settled(in_order(steps).await)?;
    introduced.extend(orgs);
    Ok(answers)
}

/// What the answers to writing and committing mean. After a refused statement the commit that follows keeps nothing; so
/// does a server that ended the session before it came to the commit, as long as it said so.
fn settled(answers: Vec<Result<Vec<Row>, Error>>) -> Result<(), Failure> {
    let commit = answers.len().saturating_sub(1);
    let failed = answers.into_iter().enumerate().find_map(|(step, answer)| Some((step, answer.err()?)));
    let Some((step, error)) = failed else { return Ok(()) };
    let before_commit = step < commit && error.as_db_error().is_some();
    Err(if before_commit || !is_broken(&error) { Failure::Nothing(error) } else { Failure::Unknown(error) })
}

/// Begins the transaction, takes the locks, and reads what decides.
async fn look_up(
    client: &ClientWrapper,
    introduced: &BTreeSet<OrgId>,
    orgs: &BTreeSet<OrgId>,
    appends: &[Append],
) -> Result<(Known, Positions, Before), Failure> {
    let (mut all, mut new) = (Columns::default(), Columns::default());
    for org in orgs {
        all.row().text(org.as_str());
        if !introduced.contains(org) {
            new.row().text(org.as_str());
        }
    }
    let questions: Questions<Columns> = Questions::of(appends);
    let mut sent = Vec::new();
    for (sql, rows) in [
        (INTRODUCE, new),
        (LOCK, all),
        (STREAMS, questions.streams),
        (KEYS, questions.keys),
        (NUMBERS_USED, questions.numbers),
        (PERSONS_KNOWN, questions.persons),
        (TOUCHED, questions.erased),
        (CONTACTS_KNOWN, questions.contacts),
        (COUNTED_BEFORE, maybe_replaced(appends)),
        (CLOCKS_BEFORE, maybe_replaced(appends)),
    ] {
        sent.push(prepared(client, sql, rows).await?);
    }
    let mut steps = vec![plainly(client, BEGIN)];
    steps.extend(sent.iter().map(|sent| asking(client, sent)));
    let mut rows = Vec::new();
    for answer in in_order(steps).await {
        rows.push(answer.map_err(Failure::Nothing)?);
    }
    let mut rows = rows.into_iter().skip(2);
    let mut next = || rows.next().unwrap_or_default();
    let mut positions = Positions::default();
    for row in next() {
        positions.set(org(&row, 0)?, unsigned(&row, 1)?, word(&row, 2, Standing::from_word)?);
    }
    let mut found = Known::default();
    for (row, place) in about(next(), &questions.asked_streams)? {
        found.streams.insert(place, (unsigned(&row, 1)?, Hash(hash(&row, 2)?)));
    }
    for (row, place) in about(next(), &questions.asked_keys)? {
        let of = stream(row.bytes(1)?)?;
        found.keys.insert(place, (of, unsigned(&row, 2)?, hash(&row, 3)?));
    }
    for (row, place) in about(next(), &questions.asked_numbers)? {
        found.numbers.insert(place, id(&row, 1, TicketId::from_uuid)?);
    }
    for (row, place) in about(next(), &questions.asked_persons)? {
        found.persons.insert(place, row.flag(1)?);
    }
    for (row, place) in about(next(), &questions.asked_erased)? {
        found.touched.insert(place, unsigned(&row, 1)?);
    }
    for (_, place) in about(next(), &questions.asked_contacts)? {
        found.contacts.insert(place);
    }
    let before = show::before(&next(), &next())?;
    Ok((found, positions, before))
}

/// Each row with what it was asked about: its first column counts from 1.
fn about<K: Clone>(rows: Vec<Row>, asked: &[K]) -> Result<Vec<(Row, K)>, LedgerError> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let index: usize = unsigned(&row, 0)?;
        if let Some(place) = index.checked_sub(1).and_then(|index| asked.get(index)) {
            found.push((row, place.clone()));
        }
    }
    Ok(found)
}

impl Failure {
    /// What the askers are told.
    pub(super) fn told(&self) -> LedgerError {
        match self {
            Failure::Nothing(error) => failed(error),
            Failure::Damaged(error) => clone(error),
            Failure::Unknown(error) => super::errors::unavailable(format!(
                "the connection to the database ended while the commit was in flight; whether it was kept is not known: {}",
                super::errors::told(error)
            )),
        }
    }
}

fn clone(error: &LedgerError) -> LedgerError {
    match error {
        LedgerError::Corrupt { position, what } => {
            LedgerError::Corrupt { position: *position, what: what.clone() }
        }
        LedgerError::Full => LedgerError::Full,
        other => super::errors::unavailable(other.to_string()),
    }
}
