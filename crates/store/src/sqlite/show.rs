//! Replacing the view rows of tickets and keeping the tallies.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use yinuo_commitment::Kind;
use yinuo_core::{
    id::{MemberId, OrgId, TeamId, TicketId},
    ticket::Stage,
    view::{ClockRow, TicketRow, Views},
};
use yinuo_ledger::LedgerError;

use super::{
    columns::{CLOCK, clock, get, id_or_none, put_clock, put_clock_key, put_ticket, word},
    judge::ask,
    table::{Rows, with_rows},
};

const TICKETS: &str = with_rows!(
    "INSERT INTO tickets (org, ticket, version, number, channel, kind, urgency, complexity, severity, site, technical,
        topic, stage, open, outcome, subject, customer, team, member, received_at_us, last_at_us, closed_at_us,
        due_at_us, due_commitment, due_promise, due_round, round, breach, ratings,
        second_complaint, first_contact, alarm_at_us)
     SELECT v ->> 0, unhex(v ->> 1), v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, v ->> 8, v ->> 9, v ->> 10,
        v ->> 11, v ->> 12, v ->> 13, v ->> 14, v ->> 15, v ->> 16, v ->> 17, unhex(v ->> 18), v ->> 19, v ->> 20,
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
const BEFORE: &str = "WITH r(i, org, ticket) AS MATERIALIZED
    (SELECT key, value ->> 0, unhex(value ->> 1) FROM json_each(?1))
    SELECT i, open, kind, stage, team, member FROM r CROSS JOIN tickets AS t ON t.org = r.org AND t.ticket = r.ticket";

/// What a ticket counts for while it is open.
#[derive(Default)]
struct Tallies(BTreeMap<(OrgId, &'static str, String), i64>);

impl Tallies {
    fn count(&mut self, org: &OrgId, counted: &Counted, by: i64) {
        if !counted.open {
            return;
        }
        let team = counted.team.as_deref().map(|team| ("team", team.to_owned()));
        let member = counted.member.map(|member| ("member", member.to_string()));
        let always = [("kind", counted.kind.word().to_owned()), ("stage", counted.stage.word().to_owned())];
        for (subject, name) in always.into_iter().chain(team).chain(member) {
            *self.0.entry((org.clone(), subject, name)).or_default() += by;
        }
    }

    fn execute(self, connection: &Connection) -> Result<(), LedgerError> {
        let mut rows = Rows::default();
        for ((org, subject, name), by) in self.0 {
            if by != 0 {
                rows.row().text(org.as_str()).text(subject).text(&name).number(by);
            }
        }
        rows.execute(connection, TALLIES)?;
        Ok(())
    }
}

struct Counted {
    open: bool,
    kind: Kind,
    stage: Stage,
    team: Option<String>,
    member: Option<MemberId>,
}

impl Counted {
    fn of(row: &TicketRow) -> Self {
        let team = row.team.as_ref().map(|team| TeamId::as_str(team).to_owned());
        Self { open: row.open, kind: row.kind, stage: row.stage, team, member: row.member }
    }
}

/// Replaces the rows of these tickets. The flag says that a ticket has no rows yet, so none are looked for.
pub(super) fn show(
    connection: &Connection,
    shown: &BTreeMap<(&OrgId, TicketId), (&Views, bool)>,
) -> Result<(), LedgerError> {
    let mut known = Rows::default();
    let mut asked = Vec::new();
    for ((org, ticket), _) in shown.iter().filter(|(_, (_, fresh))| !fresh) {
        known.row().text(org.as_str()).bytes(ticket.uuid().as_bytes());
        asked.push(((*org).clone(), *ticket));
    }
    let mut tallies = Tallies::default();
    ask(connection, BEFORE, &known, &asked, |row, (org, _)| {
        let counted = Counted {
            open: get(row, 1)?,
            kind: word(row, 2, Kind::from_word)?,
            stage: word(row, 3, Stage::from_word)?,
            team: get(row, 4)?,
            member: id_or_none(row, 5, MemberId::from_uuid)?,
        };
        tallies.count(&org, &counted, -1);
        Ok(())
    })?;
    let before = clocks_before(connection, &known, &asked)?;

    let (mut tickets, mut clocks, mut gone) = (Rows::default(), Rows::default(), Rows::default());
    for ((org, ticket), (views, _)) in shown {
        tallies.count(org, &Counted::of(&views.ticket), 1);
        put_ticket(&mut tickets, org, views);
        let old = before.get(&((*org).clone(), *ticket)).map_or(&[][..], Vec::as_slice);
        for row in views.clocks.iter().filter(|row| !old.contains(row)) {
            put_clock(&mut clocks, org, row);
        }
        for row in old.iter().filter(|row| !views.clocks.iter().any(|kept| kept.clock == row.clock)) {
            put_clock_key(&mut gone, org, row);
        }
    }
    tickets.execute(connection, TICKETS)?;
    gone.execute(connection, CLOCKS_GONE)?;
    clocks.execute(connection, CLOCKS)?;
    tallies.execute(connection)
}

type Clocks = HashMap<(OrgId, TicketId), Vec<ClockRow>>;

/// The clocks that are kept, so that only those that changed are written.
fn clocks_before(
    connection: &Connection,
    known: &Rows,
    asked: &[(OrgId, TicketId)],
) -> Result<Clocks, LedgerError> {
    let sql = format!(
        "WITH r(org, ticket) AS MATERIALIZED (SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?1))
         SELECT {CLOCK}, c.org FROM r CROSS JOIN clocks AS c ON c.org = r.org AND c.ticket = r.ticket"
    );
    let mut clocks = Clocks::new();
    if asked.is_empty() {
        return Ok(clocks);
    }
    let mut statement = connection.prepare_cached(&sql).map_err(super::errors::writing)?;
    let mut rows = statement.query([known.json()]).map_err(super::errors::writing)?;
    while let Some(row) = rows.next().map_err(super::errors::writing)? {
        let clock = clock(row)?;
        clocks.entry((super::log::org(row, 16)?, clock.ticket)).or_default().push(clock);
    }
    Ok(clocks)
}
