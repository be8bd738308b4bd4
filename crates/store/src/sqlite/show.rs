//! Replacing the view rows of tickets and keeping the tallies.

use rusqlite::Connection;
use yinuo_core::id::TicketId;
use yinuo_ledger::LedgerError;

use super::{
    columns::{CLOCK, clock, id, org},
    errors::writing,
    table::{Rows, with_rows},
};
use crate::{
    cells::Put,
    plan::Shown,
    show::{Before, Changes, Counted, known},
};

const TICKETS: &str = with_rows!(
    "INSERT INTO tickets (org, ticket, version, number, channel, kind, urgency, complexity, severity, site, technical,
        topic, stage, open, outcome, subject, customer, team, member, received_at_us, last_at_us, closed_at_us,
        due_at_us, due_commitment, due_promise, due_round, round, breach, ratings,
        second_complaint, first_contact, alarm_at_us)
     SELECT v ->> 0, unhex(v ->> 1), v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, v ->> 8, v ->> 9, v ->> 10,
        v ->> 11, v ->> 12, v ->> 13, v ->> 14, unhex(v ->> 15), unhex(v ->> 16), v ->> 17, unhex(v ->> 18), v ->> 19, v ->> 20,
        v ->> 21, v ->> 22, v ->> 23, v ->> 24, v ->> 25, v ->> 26, v ->> 27, v ->> 28, v ->> 29, v ->> 30,
        v ->> 31 FROM r WHERE true
     ON CONFLICT (org, ticket) DO UPDATE SET version = excluded.version, number = excluded.number,
        channel = excluded.channel, kind = excluded.kind, urgency = excluded.urgency, complexity = excluded.complexity,
        severity = excluded.severity, site = excluded.site, technical = excluded.technical, topic = excluded.topic,
        stage = excluded.stage, open = excluded.open, outcome = excluded.outcome, subject = excluded.subject,
        customer = excluded.customer, team = excluded.team, member = excluded.member,
        received_at_us = excluded.received_at_us, last_at_us = excluded.last_at_us,
        closed_at_us = excluded.closed_at_us, due_at_us = excluded.due_at_us,
        due_commitment = excluded.due_commitment, due_promise = excluded.due_promise, due_round = excluded.due_round,
        round = excluded.round, breach = excluded.breach, ratings = excluded.ratings,
        second_complaint = excluded.second_complaint, first_contact = excluded.first_contact,
        alarm_at_us = excluded.alarm_at_us"
);
const CLOCKS: &str = with_rows!(
    "INSERT INTO clocks (org, ticket, commitment, promise, round, commitment_version, kind, channel, topic, team, member,
        started_at_us, due_at_us, ended, ended_at_us, worked_us, budget_us)
     SELECT v ->> 0, unhex(v ->> 1), v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, v ->> 8, v ->> 9,
        unhex(v ->> 10), v ->> 11, v ->> 12, v ->> 13, v ->> 14, v ->> 15, v ->> 16 FROM r WHERE true
     ON CONFLICT DO UPDATE SET commitment_version = excluded.commitment_version, kind = excluded.kind,
        channel = excluded.channel, topic = excluded.topic, team = excluded.team, member = excluded.member,
        started_at_us = excluded.started_at_us, due_at_us = excluded.due_at_us, ended = excluded.ended,
        ended_at_us = excluded.ended_at_us, worked_us = excluded.worked_us,
        budget_us = excluded.budget_us"
);
const CLOCKS_GONE: &str = with_rows!(
    "DELETE FROM clocks WHERE (org, ticket, commitment, promise, round) IN
        (SELECT v ->> 0, unhex(v ->> 1), v ->> 2, v ->> 3, v ->> 4 FROM r)"
);
const TALLIES: &str = with_rows!(
    "INSERT INTO tallies (org, subject, name, open) SELECT v ->> 0, v ->> 1, v ->> 2, v ->> 3 FROM r WHERE true
     ON CONFLICT (org, subject, name) DO UPDATE SET open = open + excluded.open"
);
const BEFORE: &str = "WITH r(org, ticket) AS MATERIALIZED
    (SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?1))
    SELECT t.org, t.ticket, open, kind, stage, team, member FROM r CROSS JOIN tickets AS t ON t.org = r.org AND t.ticket = r.ticket";

/// Replaces the rows of these tickets.
pub(super) fn show(connection: &Connection, shown: &Shown<'_>) -> Result<(), LedgerError> {
    let changes: Changes<Rows> = Changes::of(shown, &before(connection, &known(shown))?);
    changes.tickets.execute(connection, TICKETS)?;
    changes.gone.execute(connection, CLOCKS_GONE)?;
    changes.clocks.execute(connection, CLOCKS)?;
    changes.tallies.execute(connection, TALLIES)?;
    Ok(())
}

fn before(connection: &Connection, known: &Rows) -> Result<Before, LedgerError> {
    let mut before = Before::default();
    if known.is_empty() {
        return Ok(before);
    }
    let mut statement = connection.prepare_cached(BEFORE).map_err(writing)?;
    let mut rows = statement.query([known.json()]).map_err(writing)?;
    while let Some(row) = rows.next().map_err(writing)? {
        before.counted.insert((org(row, 0)?, id(row, 1, TicketId::from_uuid)?), Counted::read(row, 2)?);
    }
    let sql = format!(
        "WITH r(org, ticket) AS MATERIALIZED (SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?1))
         SELECT {CLOCK}, c.org FROM r CROSS JOIN clocks AS c ON c.org = r.org AND c.ticket = r.ticket"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(writing)?;
    let mut rows = statement.query([known.json()]).map_err(writing)?;
    while let Some(row) = rows.next().map_err(writing)? {
        let clock = clock(row)?;
        before.clocks.entry((org(row, 16)?, clock.ticket)).or_default().push(clock);
    }
    Ok(before)
}
