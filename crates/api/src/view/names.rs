//! Names of people and teams.

use yinuo_core::{
    id::MemberId,
    roster::{self, Actor, Member, Roster},
};

use crate::dto::{
    list::MemberName,
    people::{Person, Team},
    timeline::{ActorDetail, ActorWord},
};

/// A person of the company by id; history may name people who have left.
pub(crate) fn member_name(id: MemberId, roster: &Roster) -> MemberName {
    let name = roster.members.get(&id).map(|member| member.name.clone());
    MemberName { id: id.into(), name: name.unwrap_or_default() }
}

/// Who did something.
pub(crate) fn actor(actor: Actor, roster: &Roster) -> ActorDetail {
    match actor {
        Actor::Customer => ActorDetail { kind: ActorWord::Customer, id: None, name: None, role: None },
        Actor::System => ActorDetail { kind: ActorWord::System, id: None, name: None, role: None },
        Actor::Member { id, role } => ActorDetail {
            kind: ActorWord::Member,
            id: Some(id.into()),
            name: roster.members.get(&id).map(|member| member.name.clone()),
            role: Some(role.into()),
        },
    }
}

/// A person for the list of people.
pub(crate) fn person(member: &Member) -> Person {
    Person {
        id: member.id.into(),
        account: member.account.clone(),
        name: member.name.clone(),
        role: member.role.into(),
        team: member.team.as_ref().map(Into::into),
        active: member.active,
    }
}

/// A team for the list of teams.
pub(crate) fn team(team: &roster::Team) -> Team {
    Team {
        id: (&team.id).into(),
        name: (&team.name).into(),
        kinds: team.kinds.iter().copied().map(Into::into).collect(),
    }
}
