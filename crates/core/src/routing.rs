//! Who gets a ticket: the team that handles its kind, then the person with the fewest open tickets.

use std::collections::BTreeMap;

use yinuo_commitment::Kind;

use crate::{
    id::{MemberId, TeamId},
    roster::{Role, Roster},
};

/// The team for `kind` and its least loaded person. None if no team handles the kind.
pub fn route(
    kind: Kind,
    roster: &Roster,
    load: &BTreeMap<MemberId, u32>,
) -> Option<(TeamId, Option<MemberId>)> {
    let team = roster.team_for(kind)?;
    Some((team.id.clone(), least_loaded(&team.id, roster, load, None)))
}

/// The active person of `team` with the fewest open tickets, leaving out `except`; of equals the first by id. Leads get
/// tickets only while nobody else of the team can.
pub fn least_loaded(
    team: &TeamId,
    roster: &Roster,
    load: &BTreeMap<MemberId, u32>,
    except: Option<MemberId>,
) -> Option<MemberId> {
    let handles = |role: Role| matches!(role, Role::Agent | Role::Specialist | Role::TeamLead);
    roster
        .active_members(team)
        .filter(|member| handles(member.role) && Some(member.id) != except)
        .min_by_key(|member| {
            (member.role == Role::TeamLead, load.get(&member.id).copied().unwrap_or(0), member.id)
        })
        .map(|member| member.id)
}

/// Whether `team` exists and `member`, if named, is an active person of it.
pub fn exists(team: &TeamId, member: Option<MemberId>, roster: &Roster) -> bool {
    let fits = |id| roster.active_members(team).any(|member| member.id == id);
    roster.teams.contains_key(team) && member.is_none_or(fits)
}
