//! Which effects follow from an entry: who is to be told about what. They are kept in the same transaction as the entry
//! and delivered after it.

use std::cell::OnceCell;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinuo_commitment::{Audience, StepAt, Urgency};
use yinuo_core::{
    breach,
    clock::{self, Clock, ClockKey},
    id::{JobId, MemberId, NoticeId},
    roster::{Role, Roster},
    ticket::{Entry, Event, Facts, Ticket},
};
use yinuo_ledger::NewJob;

use crate::desk::Desk;

/// Kind of the jobs that bring notices to people of the company.
pub(crate) const NOTICE_JOB: &str = "notice";

/// What a notice job carries. Words of customers are not part of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NoticePayload {
    /// What the notice says: a word such as `assigned`.
    pub(crate) says: String,
    /// Number of the ticket.
    pub(crate) number: String,
    /// The promise, where the notice is about a clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) promise: Option<String>,
    /// The step of the ladder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<String>,
    /// To whom, with the id of each notice, so that delivering twice puts one.
    pub(crate) to: Vec<Recipient>,
}

/// Whom a notice goes to. Ids are written as people read them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Recipient {
    /// Id of the notice.
    pub(crate) notice: String,
    /// Id of the person.
    pub(crate) member: String,
}

/// A notice before it becomes a job.
struct Telling {
    says: &'static str,
    clock: Option<(ClockKey, String)>,
    to: Vec<MemberId>,
    not_before: Timestamp,
}

/// The jobs that follow from `entry`.
pub(crate) fn jobs(
    desk: &Desk,
    before: Option<&Ticket>,
    after: &Ticket,
    facts: &Facts<'_>,
    entry: &Entry,
) -> Vec<NewJob> {
    let scene = Scene { after, facts, entry, clocks: OnceCell::new() };
    let mut tellings: Vec<Telling> = entry.events.iter().filter_map(|event| scene.telling(event)).collect();
    tellings.extend(scene.new_breaches(before));
    let jobs = tellings.into_iter().enumerate().filter(|(_, telling)| !telling.to.is_empty());
    jobs.map(|(index, telling)| job(desk, after, entry, index, telling)).collect()
}

fn job(desk: &Desk, ticket: &Ticket, entry: &Entry, index: usize, telling: Telling) -> NewJob {
    let (millis, random) = desk.id_parts(entry.at);
    let to = telling.to.iter().map(|member| {
        let (millis, random) = desk.id_parts(entry.at);
        Recipient { notice: NoticeId::from_parts(millis, random).to_string(), member: member.to_string() }
    });
    let (promise, step) = match telling.clock {
        Some((key, step)) => (Some(key.promise.to_string()), Some(step)),
        None => (None, None),
    };
    let payload = NoticePayload {
        says: telling.says.to_owned(),
        number: ticket.number.clone(),
        promise,
        step,
        to: to.collect(),
    };
    NewJob {
        id: JobId::from_parts(millis, random),
        ticket: Some(ticket.id),
        kind: NOTICE_JOB.to_owned(),
        payload: serde_json::to_string(&payload).unwrap_or_default(),
        key: format!("{}/{}/{index}", ticket.id, ticket.version),
        not_before: telling.not_before,
    }
}

/// An entry and the ticket after it.
struct Scene<'a> {
    after: &'a Ticket,
    facts: &'a Facts<'a>,
    entry: &'a Entry,
    /// Derived at most once, and only if somebody has to be told about a clock.
    clocks: OnceCell<Vec<Clock>>,
}

impl Scene<'_> {
    fn clocks(&self) -> &[Clock] {
        self.clocks.get_or_init(|| clock::clocks(self.after, self.facts, self.entry.at))
    }

    fn telling(&self, event: &Event) -> Option<Telling> {
        let (ticket, entry, roster) = (self.after, self.entry, self.facts.roster);
        let owner = || audience(Audience::Owner, ticket, roster);
        let (says, to) = match event {
            // Whoever takes a ticket knows it already.
            Event::Assigned { member: Some(member), .. } if entry.actor.member() != Some(*member) => {
                ("assigned", vec![*member])
            }
            // Nothing sits unowned unseen.
            Event::LeftUnassigned | Event::Assigned { member: None, .. } => {
                let lead = audience(Audience::TeamLead, ticket, roster);
                let told = union(lead, audience(Audience::Supervision, ticket, roster));
                // A house that has just been set up may have neither: then whoever answers for it.
                (
                    "unassigned",
                    if told.is_empty() { audience(Audience::Manager, ticket, roster) } else { told },
                )
            }
            Event::CustomerWrote { .. } => ("customer-wrote", owner()),
            Event::PersonAsked => ("person-asked", owner()),
            Event::SolutionAccepted => ("solution-accepted", owner()),
            Event::SolutionRejected { .. } => ("solution-rejected", owner()),
            Event::Reopened { .. } => {
                ("reopened", union(owner(), audience(Audience::TeamLead, ticket, roster)))
            }
            Event::Surveyed { low: true, .. } => {
                ("rated-low", union(owner(), audience(Audience::Supervision, ticket, roster)))
            }
            Event::RemedyProposed { .. } => {
                ("remedy-to-approve", audience(Audience::Manager, ticket, roster))
            }
            Event::AlarmFired { clock, step, .. } => return self.alarm_telling(clock, *step),
            _ => return None,
        };
        let by_owner = entry.actor.member();
        let to = to.into_iter().filter(|member| Some(*member) != by_owner || says == "assigned").collect();
        Some(Telling { says, clock: None, to, not_before: entry.at })
    }

    /// Who a ladder step tells, and when: a quiet ladder waits for the opening, urgent tickets never wait. Of a clock that
    /// was stopped late before anybody noticed only the due is told: there is nothing left to hurry.
    fn alarm_telling(&self, key: &ClockKey, step: StepAt) -> Option<Telling> {
        let (ticket, facts, entry) = (self.after, self.facts, self.entry);
        let clock = self.clocks().iter().find(|clock| clock.key == *key)?;
        if clock.end.is_some() && step != StepAt::Due {
            return None;
        }
        let ladder = clock::alarm::ladder_of(clock, facts.commitments)?;
        let rung = ladder.steps.iter().find(|rung| rung.at == step)?;
        let to = rung.tell.iter().fold(Vec::new(), |to, who| union(to, audience(*who, ticket, facts.roster)));
        let waits = ladder.quiet && ticket.facets().urgency != Urgency::Urgent;
        let not_before =
            if waits { clock.calendar.next_opening(entry.at).unwrap_or(entry.at) } else { entry.at };
        let (says, step) = match step {
            StepAt::Share(percent) => ("clock-share", format!("{percent} %")),
            StepAt::Due => ("clock-due", "due".to_owned()),
            StepAt::After(time) => ("clock-overdue", format!("due + {} min", time.as_mins())),
        };
        Some(Telling { says, clock: Some((key.clone(), step)), to, not_before })
    }

    /// Who is told about breaches that this entry brought to light.
    fn new_breaches(&self, before: Option<&Ticket>) -> Vec<Telling> {
        let (after, facts, entry) = (self.after, self.facts, self.entry);
        // Only a late end, a due that was noticed or a finding can bring a breach to light.
        let Some(before) = before else { return Vec::new() };
        if facts.commitments.iter().all(|commitment| commitment.breaches.is_empty()) {
            return Vec::new();
        }
        let mut fresh = breach::breaches(after, facts, self.clocks(), entry.at);
        if !fresh.is_empty() {
            let clocks = clock::clocks(before, facts, before.last_at);
            let earlier = breach::breaches(before, facts, &clocks, before.last_at);
            fresh.retain(|breach| !earlier.contains(breach));
        }
        let mut tellings = Vec::new();
        for breach in fresh {
            let terms =
                facts.commitments.get(breach.pin).and_then(|letter| letter.breaches.get(&breach.grade));
            let Some(terms) = terms else { continue };
            let to =
                terms.tell.iter().fold(Vec::new(), |to, who| union(to, audience(*who, after, facts.roster)));
            let says = match breach.grade {
                yinuo_commitment::Grade::Minor => "breach-minor",
                yinuo_commitment::Grade::Major => "breach-major",
            };
            tellings.push(Telling { says, clock: None, to, not_before: entry.at });
        }
        tellings
    }
}

/// The people who are meant.
fn audience(who: Audience, ticket: &Ticket, roster: &Roster) -> Vec<MemberId> {
    let owned = ticket.assignment.as_ref();
    let with_role =
        |role: Role| roster.members.values().filter(move |member| member.active && member.role == role);
    match who {
        Audience::Owner => owned.and_then(|owned| owned.member).into_iter().collect(),
        Audience::TeamLead => with_role(Role::TeamLead)
            .filter(|lead| owned.is_some_and(|owned| lead.team.as_ref() == Some(&owned.team)))
            .map(|lead| lead.id)
            .collect(),
        Audience::Supervision => with_role(Role::Supervision).map(|member| member.id).collect(),
        Audience::Manager => with_role(Role::Manager).map(|member| member.id).collect(),
        Audience::Legal => {
            let in_legal = |team: &yinuo_core::id::TeamId| team.as_str() == "legal";
            let members = roster.members.values().filter(|member| member.active);
            members
                .filter(|member| member.team.as_ref().is_some_and(in_legal))
                .map(|member| member.id)
                .collect()
        }
    }
}

fn union(mut left: Vec<MemberId>, right: Vec<MemberId>) -> Vec<MemberId> {
    for member in right {
        if !left.contains(&member) {
            left.push(member);
        }
    }
    left
}
