//! A tick lets time speak: it records which ladder steps were reached. It changes no verdict: verdicts are derived.

use jiff::Timestamp;
use yinuo_commitment::LadderAct;

use super::{
    super::{
        event::{AssignReason, Event},
        refusal::Refusal,
        state::Ticket,
    },
    Facts,
};
use crate::{
    clock::{self, alarm},
    routing,
};

pub(super) fn tick(ticket: &Ticket, facts: &Facts<'_>, now: Timestamp) -> Result<Vec<Event>, Refusal> {
    let clocks = clock::clocks(ticket, facts, now);
    let mut events = Vec::new();
    let mut reassign = false;
    for alarm in alarm::alarms(ticket, facts, &clocks).into_iter().take_while(|alarm| alarm.at <= now) {
        // A clock that was stopped late while nobody looked has nothing left to hand over.
        let clock = clocks.iter().find(|clock| clock.key == alarm.clock && clock.end.is_none());
        let ladder = clock.and_then(|clock| alarm::ladder_of(clock, facts.commitments));
        let mut steps =
            ladder.into_iter().flat_map(|ladder| &ladder.steps).filter(|step| step.at == alarm.step);
        reassign |= steps.any(|step| step.act.contains(&LadderAct::Reassign));
        events.push(Event::AlarmFired {
            clock: alarm.clock,
            step: alarm.step,
            planned_at: alarm.at,
            noticed_at: now,
        });
    }
    if events.is_empty() {
        return Err(Refusal::NothingChanges);
    }
    if reassign && ticket.closed_at().is_none() {
        events.extend(reassigned(ticket, facts));
    }
    Ok(events)
}

/// Somebody else of the same team, with the fewest open tickets; nobody if there is no one else.
fn reassigned(ticket: &Ticket, facts: &Facts<'_>) -> Option<Event> {
    let owned = ticket.assignment.as_ref()?;
    let member = routing::least_loaded(&owned.team, facts.roster, facts.load, owned.member)?;
    Some(Event::Assigned { team: owned.team.clone(), member: Some(member), reason: AssignReason::Escalated })
}
