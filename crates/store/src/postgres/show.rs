//! Replacing the view rows of tickets and keeping the tallies.

use tokio_postgres::Row;
use yinuo_core::id::TicketId;
use yinuo_ledger::LedgerError;

use crate::{
    cells::{clock, id, org},
    show::{Before, Counted},
};

pub(super) const TICKETS: &str = "INSERT INTO tickets (org, ticket, version, number, channel, kind, urgency, complexity, severity, site, \
     technical, topic, stage, open, outcome, subject, customer, team, member, received_at_us, last_at_us, \
     closed_at_us, due_at_us, due_commitment, due_promise, due_round, round, breach, ratings, \
     second_complaint, first_contact, triage, alarm_at_us) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[], \
     $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[], \
     $12::text[], $13::text[], $14::boolean[], $15::text[], $16::bytea[], $17::bytea[], $18::text[], \
     $19::bytea[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::text[], $25::text[], \
     $26::bigint[], $27::bigint[], $28::text[], $29::text[], $30::boolean[], $31::boolean[], $32::text[], $33::bigint[]) ON \
     CONFLICT (org, ticket) DO UPDATE SET version = excluded.version, number = excluded.number, channel = \
     excluded.channel, kind = excluded.kind, urgency = excluded.urgency, complexity = excluded.complexity, \
     severity = excluded.severity, site = excluded.site, technical = excluded.technical, topic = \
     excluded.topic, stage = excluded.stage, open = excluded.open, outcome = excluded.outcome, subject = \
     excluded.subject, customer = excluded.customer, team = excluded.team, member = excluded.member, \
     received_at_us = excluded.received_at_us, last_at_us = excluded.last_at_us, closed_at_us = \
     excluded.closed_at_us, due_at_us = excluded.due_at_us, due_commitment = excluded.due_commitment, \
     due_promise = excluded.due_promise, due_round = excluded.due_round, round = excluded.round, breach = \
     excluded.breach, ratings = excluded.ratings, second_complaint = excluded.second_complaint, first_contact \
     = excluded.first_contact, triage = excluded.triage, alarm_at_us = excluded.alarm_at_us";
pub(super) const CLOCKS: &str = "INSERT INTO clocks (org, ticket, commitment, promise, round, commitment_version, kind, channel, topic, team, \
     member, started_at_us, due_at_us, ended, ended_at_us, worked_us, budget_us) SELECT * FROM \
     unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], \
     $8::text[], $9::text[], $10::text[], $11::bytea[], $12::bigint[], $13::bigint[], $14::text[], \
     $15::bigint[], $16::bigint[], $17::bigint[]) ON CONFLICT (org, ticket, commitment, promise, round) DO \
     UPDATE SET commitment_version = excluded.commitment_version, kind = excluded.kind, channel = \
     excluded.channel, topic = excluded.topic, team = excluded.team, member = excluded.member, started_at_us = \
     excluded.started_at_us, due_at_us = excluded.due_at_us, ended = excluded.ended, ended_at_us = \
     excluded.ended_at_us, worked_us = excluded.worked_us, budget_us = excluded.budget_us";
pub(super) const CLOCKS_GONE: &str = "DELETE FROM clocks AS c
    USING unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bigint[]) AS g(org, ticket, commitment, promise, round)
    WHERE c.org = g.org AND c.ticket = g.ticket AND c.commitment = g.commitment AND c.promise = g.promise
        AND c.round = g.round";
pub(super) const TALLIES: &str = "INSERT INTO tallies (org, subject, name, open)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    ON CONFLICT (org, subject, name) DO UPDATE SET open = tallies.open + excluded.open";
pub(super) const COUNTED_BEFORE: &str = "SELECT r.org, r.ticket, t.open, t.kind, t.stage, t.team, t.member
    FROM unnest($1::text[], $2::bytea[]) AS r(org, ticket)
    CROSS JOIN LATERAL (SELECT * FROM tickets AS x WHERE x.org = r.org AND x.ticket = r.ticket LIMIT 1) AS t";
/// The columns of `cells::CLOCK`, then the organisation. `OFFSET 0` keeps the planner to the index, ticket by ticket.
pub(super) const CLOCKS_BEFORE: &str = "SELECT c.ticket, c.commitment, c.promise, c.round, c.commitment_version, c.kind,
        c.channel, c.topic, c.team, c.member, c.started_at_us, c.due_at_us, c.ended, c.ended_at_us, c.worked_us, c.budget_us,
        c.org
    FROM unnest($1::text[], $2::bytea[]) AS r(org, ticket)
    CROSS JOIN LATERAL (SELECT * FROM clocks AS x WHERE x.org = r.org AND x.ticket = r.ticket OFFSET 0) AS c";

/// What [`COUNTED_BEFORE`] and [`CLOCKS_BEFORE`] found.
pub(super) fn before(counted: &[Row], clocks: &[Row]) -> Result<Before, LedgerError> {
    let mut before = Before::default();
    for row in counted {
        before.counted.insert((org(row, 0)?, id(row, 1, TicketId::from_uuid)?), Counted::read(row, 2)?);
    }
    for row in clocks {
        let clock = clock(row)?;
        before.clocks.entry((org(row, 16)?, clock.ticket)).or_default().push(clock);
    }
    Ok(before)
}
