//! Replacing the view rows of tickets and keeping the tallies.

use rusqlite::Connection;
use yinuo_core::id::TicketId;
use yinuo_ledger::LedgerError;

use super::{
    columns::{CLOCK, clock, id, org},
    errors::writing,
    table::Rows,
};
use crate::{
    plan::Shown,
    show::{Before, Changes, Counted, known},
};

const TICKETS: &str = "INSERT INTO tickets (org, ticket, version, number, channel, kind, urgency, complexity, severity, site, technical,
        topic, stage, open, outcome, subject, customer, team, member, received_at_us, last_at_us, closed_at_us,
        due_at_us, due_commitment, due_promise, due_round, round, breach, ratings,
        second_complaint, first_contact, triage, alarm_at_us)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
        ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
        ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31,
        ?32, ?33)
     ON CONFLICT (org, ticket) DO UPDATE SET version = excluded.version, number = excluded.number,
        channel = excluded.channel, kind = excluded.kind, urgency = excluded.urgency, complexity = excluded.complexity,
        severity = excluded.severity, site = excluded.site, technical = excluded.technical, topic = excluded.topic,
        stage = excluded.stage, open = excluded.open, outcome = excluded.outcome, subject = excluded.subject,
        customer = excluded.customer, team = excluded.team, member = excluded.member,
        received_at_us = excluded.received_at_us, last_at_us = excluded.last_at_us,
        closed_at_us = excluded.closed_at_us, due_at_us = excluded.due_at_us,
        due_commitment = excluded.due_commitment, due_promise = excluded.due_promise, due_round = excluded.due_round,
        round = excluded.round, breach = excluded.breach, ratings = excluded.ratings,
        second_complaint = excluded.second_complaint, first_contact = excluded.first_contact, triage = excluded.triage,
        alarm_at_us = excluded.alarm_at_us";
const CLOCKS: &str = "INSERT INTO clocks (org, ticket, commitment, promise, round, commitment_version, kind, channel, topic, team, member,
        started_at_us, due_at_us, ended, ended_at_us, worked_us, budget_us)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
        ?11, ?12, ?13, ?14, ?15, ?16, ?17)
     ON CONFLICT DO UPDATE SET commitment_version = excluded.commitment_version, kind = excluded.kind,
        channel = excluded.channel, topic = excluded.topic, team = excluded.team, member = excluded.member,
        started_at_us = excluded.started_at_us, due_at_us = excluded.due_at_us, ended = excluded.ended,
        ended_at_us = excluded.ended_at_us, worked_us = excluded.worked_us,
        budget_us = excluded.budget_us";
const CLOCKS_GONE: &str = "DELETE FROM clocks
     WHERE org = ?1 AND ticket = ?2 AND commitment = ?3 AND promise = ?4 AND round = ?5";
const TALLIES: &str = "INSERT INTO tallies (org, subject, name, open) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (org, subject, name) DO UPDATE SET open = open + excluded.open";
const BEFORE: &str =
    "SELECT org, ticket, open, kind, stage, team, member FROM tickets WHERE org = ?1 AND ticket = ?2";

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
    known.query(connection, BEFORE, writing, |_, row| {
        before.counted.insert((org(row, 0)?, id(row, 1, TicketId::from_uuid)?), Counted::read(row, 2)?);
        Ok(())
    })?;
    let sql = format!("SELECT {CLOCK}, c.org FROM clocks AS c WHERE c.org = ?1 AND c.ticket = ?2");
    known.query(connection, &sql, writing, |_, row| {
        let clock = clock(row)?;
        before.clocks.entry((org(row, 16)?, clock.ticket)).or_default().push(clock);
        Ok(())
    })?;
    Ok(before)
}
