//! Rows that lists and figures read. A cache: replaying the ledger rebuilds them byte for byte.

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Complexity, Grade, Kind, Mark, Severity, Site, Urgency};

use crate::{
    breach,
    clock::{self, Clock, ClockEnd, ClockKey},
    id::{MemberId, TeamId, TicketId},
    ticket::{Facts, Outcome, ReopenReason, Stage, Ticket, Triage},
    words::Words,
};

/// One ticket in lists.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "a row of independent columns, not a state")]
pub struct TicketRow {
    /// Id.
    pub ticket: TicketId,
    /// Version of the ticket that the row shows.
    pub version: u32,
    /// Number that people see.
    pub number: String,
    /// The way it came in.
    pub channel: Channel,
    /// What it is.
    pub kind: Kind,
    /// Urgency.
    pub urgency: Urgency,
    /// Complexity.
    pub complexity: Complexity,
    /// Severity.
    pub severity: Severity,
    /// Site.
    pub site: Site,
    /// Technical matter.
    pub technical: bool,
    /// Topic.
    pub topic: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// Whether somebody still has to do something: it is not closed, or a clock of it still runs (a remedy, a call-back).
    pub open: bool,
    /// How the last round ended, as a word.
    pub outcome: Option<&'static str>,
    /// One line; gone after an erasure.
    pub subject: Words,
    /// Name of the customer.
    pub customer: Words,
    /// Names of the customer that were corrected: the subject may still say them.
    pub names_before: Vec<Words>,
    /// Owning team.
    pub team: Option<TeamId>,
    /// Owning person.
    pub member: Option<MemberId>,
    /// When it came in.
    pub received_at: Timestamp,
    /// When its last entry happened.
    pub last_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The earliest due instant of its running clocks; in the past if one is overdue. Slack is this minus now.
    pub next_due_at: Option<Timestamp>,
    /// Which clock that is.
    pub next_due: Option<ClockKey>,
    /// Round, counted from 1.
    pub round: u32,
    /// The gravest breach of any round.
    pub breach: Option<Grade>,
    /// Ratings of the last survey answer.
    pub ratings: Vec<(String, u8)>,
    /// Whether one of its rounds began with a second complaint.
    pub second_complaint: bool,
    /// Whether it was closed as settled in its first round, never reopened, after at most one contact by a person. A
    /// call from pick-up to hang-up is one contact.
    pub first_contact: bool,
    /// Whether a person has to look at what it was classified as, or has.
    pub triage: Option<Triage>,
}

/// One clock for figures: dated facts only, so that figures can judge it as of any instant.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockRow {
    /// Ticket.
    pub ticket: TicketId,
    /// Which clock.
    pub clock: ClockKey,
    /// Version of the letter.
    pub commitment_version: u32,
    /// Kind of the ticket in that round.
    pub kind: Kind,
    /// The way the ticket came in.
    pub channel: Channel,
    /// Topic.
    pub topic: Option<String>,
    /// Owning team at the end of what is known.
    pub team: Option<TeamId>,
    /// Owning person at the end of what is known.
    pub member: Option<MemberId>,
    /// When the clock started.
    pub started_at: Timestamp,
    /// When it is due; none while a pause keeps it open or a told instant is missing.
    pub due_at: Option<Timestamp>,
    /// How and when it ended.
    pub end: Option<(ClockEnd, Timestamp)>,
    /// Working time from start to end on the promise's calendar, pauses left out; microseconds.
    pub worked_us: Option<i64>,
    /// The whole budget in the same time; none if nothing says beforehand how long the promise allows. Microseconds.
    pub budget_us: Option<i64>,
}

/// Everything that lists and figures know about one ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Views {
    /// Its line in lists.
    pub ticket: TicketRow,
    /// Its clocks that have started, in order of their keys.
    pub clocks: Vec<ClockRow>,
    /// When the ticker has to look at it next.
    pub alarm_at: Option<Timestamp>,
}

/// The rows of `ticket`.
pub fn views(ticket: &Ticket, facts: &Facts<'_>) -> Views {
    let clocks = clock::clocks(ticket, facts, ticket.last_at);
    let alarm_at = clock::alarm::alarms(ticket, facts, &clocks).first().map(|alarm| alarm.at);
    let mut rows: Vec<ClockRow> = clocks.iter().map(|clock| clock_row(ticket, clock)).collect();
    rows.sort_by(|a, b| a.clock.cmp(&b.clock));
    Views { ticket: ticket_row(ticket, facts, &clocks), clocks: rows, alarm_at }
}

fn ticket_row(ticket: &Ticket, facts: &Facts<'_>, clocks: &[Clock]) -> TicketRow {
    let facets = ticket.facets();
    let open_clocks = clocks.iter().filter(|clock| clock.end.is_none());
    let next_due = open_clocks.filter_map(|clock| Some((clock.due_at?, &clock.key))).min();
    let closed_at = ticket.closed_at();
    let breaches = breach::breaches(ticket, facts, clocks, ticket.last_at);
    let survey = ticket.rounds.iter().rev().find_map(|round| round.survey.as_ref());
    TicketRow {
        ticket: ticket.id,
        version: ticket.version,
        number: ticket.number.clone(),
        channel: ticket.channel,
        kind: facets.kind,
        urgency: facets.urgency,
        complexity: facets.complexity,
        severity: facets.severity,
        site: facets.site,
        technical: facets.technical,
        topic: facets.topic,
        stage: ticket.stage(),
        open: closed_at.is_none() || next_due.is_some(),
        outcome: ticket.round().closed.as_ref().map(|(_, outcome)| outcome.word()),
        subject: ticket.subject.clone(),
        customer: ticket.customer.name.clone(),
        names_before: ticket.names_before.clone(),
        team: ticket.assignment.as_ref().map(|owned| owned.team.clone()),
        member: ticket.assignment.as_ref().and_then(|owned| owned.member),
        received_at: ticket.received_at,
        last_at: ticket.last_at,
        closed_at,
        next_due_at: next_due.map(|(due, _)| due),
        next_due: next_due.map(|(_, key)| key.clone()),
        round: ticket.round_number(),
        breach: breaches.iter().map(|breach| breach.grade).max(),
        ratings: survey.map(|answer| answer.ratings.clone()).unwrap_or_default(),
        second_complaint: ticket
            .rounds
            .iter()
            .any(|round| round.reopened == Some(ReopenReason::SecondComplaint)),
        first_contact: settled_at_first_contact(ticket),
        triage: ticket.triage(),
    }
}

/// Contacts are messages and calls of people; what is said during the call belongs to the call.
fn settled_at_first_contact(ticket: &Ticket) -> bool {
    let [round] = ticket.rounds.as_slice() else { return false };
    if !matches!(round.closed, Some((_, Outcome::Settled))) {
        return false;
    }
    let mut contacts = 0_u32;
    let mut in_call = false;
    for marked in round.marks.iter().filter(|marked| !marked.automatic) {
        match marked.mark {
            Mark::PickedUp => {
                in_call = true;
                contacts = contacts.saturating_add(1);
            }
            Mark::CallEnded => in_call = false,
            Mark::FirstReply if !in_call => contacts = contacts.saturating_add(1),
            _ => {}
        }
    }
    contacts <= 1
}

fn clock_row(ticket: &Ticket, clock: &Clock) -> ClockRow {
    let round =
        clock.key.round.checked_sub(1).and_then(|index| ticket.rounds.get(usize::try_from(index).ok()?));
    let facets = round.and_then(|round| round.current_facets().cloned()).unwrap_or_else(|| ticket.facets());
    let worked = clock.end.map(|(_, at)| clock.worked(at));
    let micros = |time: SignedDuration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    ClockRow {
        ticket: ticket.id,
        clock: clock.key.clone(),
        commitment_version: ticket.pins.get(clock.pin).map_or(0, |pin| pin.version),
        kind: facets.kind,
        channel: ticket.channel,
        topic: facets.topic,
        team: ticket.assignment.as_ref().map(|owned| owned.team.clone()),
        member: ticket.assignment.as_ref().and_then(|owned| owned.member),
        started_at: clock.started_at,
        due_at: clock.due_at,
        end: clock.end,
        worked_us: worked.map(micros),
        budget_us: clock.budget_time().map(micros),
    }
}
