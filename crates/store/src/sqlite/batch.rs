//! Keeping a batch of appends: one statement for each table.

use rusqlite::Connection;
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{
    judge::judge,
    show,
    table::{Rows, with_rows},
};
use crate::{
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
    "INSERT INTO contents (org, position, n, salt, text)
     SELECT v ->> 0, v ->> 1, v ->> 2, unhex(v ->> 3), v ->> 4 FROM r"
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
    show::show(connection, &shown(appends, |index| answers.get(index).is_some_and(Result::is_ok)))?;
    Ok(answers)
}
