//! Keeping a batch of appends: one statement for each table.

use std::collections::BTreeMap;

use rusqlite::Connection;
use yinuo_core::{
    id::{OrgId, TicketId},
    view,
};
use yinuo_ledger::{Append, Appended, LedgerError};

use super::{
    columns::stream_bytes,
    judge::{Positions, judge},
    show,
    table::{Rows, with_rows},
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

#[derive(Default)]
struct Plan {
    organisations: Rows,
    records: Rows,
    contents: Rows,
    idempotency: Rows,
    numbers: Rows,
    externals: Rows,
    jobs: Rows,
}

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
    let mut plan = Plan::default();
    let mut shown: BTreeMap<(&OrgId, TicketId), (&view::Views, bool)> = BTreeMap::new();
    let mut last: BTreeMap<&OrgId, u64> = BTreeMap::new();
    for (append, answer) in appends.iter().zip(&answers) {
        let Ok(appended) = answer else { continue };
        let org = append.sealed.org();
        last.insert(org, appended.position);
        plan.put(append, appended.position);
        if let Some(views) = &append.views {
            // Of several appends to a ticket the last one's rows count; it is new if the first one was its first.
            let fresh = append.sealed.expected() == 0;
            let entry = shown.entry((org, views.ticket.ticket)).or_insert((views, fresh));
            entry.0 = views;
        }
    }
    for (org, position) in last {
        plan.organisations.row().text(org.as_str()).number(i64::try_from(position).unwrap_or(i64::MAX));
    }
    plan.execute(connection)?;
    show::show(connection, &shown)?;
    Ok(answers)
}

impl Plan {
    fn put(&mut self, append: &Append, position: u64) {
        let sealed = &append.sealed;
        let org = sealed.org().as_str();
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let stream = stream_bytes(sealed.stream());
        let seq = i64::from(sealed.seq());
        self.records.row().text(org).number(position).bytes(&stream).number(seq);
        self.records.bytes(&sealed.hash().0).text(sealed.body());
        for content in sealed.contents() {
            self.contents.row().text(org).number(position).number(i64::from(content.n));
            self.contents.bytes(&content.salt).text(&content.text);
        }
        if let Some(idempotency) = &append.idempotency {
            self.idempotency.row().text(org).text(&idempotency.key).bytes(&stream).number(seq);
            self.idempotency.bytes(&idempotency.digest);
        }
        if let Some(number) = append.number {
            self.numbers.row().text(org).text(&number.day.to_string()).number(i64::from(number.number));
        }
        if let (Some(external), Some(ticket)) = (sealed.external(), sealed.stream().ticket()) {
            self.externals.row().text(org).text(external).bytes(ticket.uuid().as_bytes());
        }
        for job in &append.jobs {
            let ticket = job.ticket.map(TicketId::uuid);
            self.jobs.row().text(org).bytes(job.id.uuid().as_bytes());
            self.jobs.bytes_or_null(ticket.as_ref().map(|uuid| uuid.as_bytes().as_slice()));
            self.jobs
                .text(&job.kind)
                .text(&job.payload)
                .text(&job.key)
                .number(job.not_before.as_microsecond());
        }
    }

    fn execute(&self, connection: &Connection) -> Result<(), LedgerError> {
        self.organisations.execute(connection, ORGANISATIONS)?;
        self.records.execute(connection, RECORDS)?;
        self.contents.execute(connection, CONTENTS)?;
        self.idempotency.execute(connection, IDEMPOTENCY)?;
        self.numbers.execute(connection, NUMBERS)?;
        self.externals.execute(connection, EXTERNALS)?;
        self.jobs.execute(connection, JOBS)?;
        Ok(())
    }
}
