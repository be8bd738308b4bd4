//! A company with teams and people in every role.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use yinuo_commitment::{Kind, Tables, Text};
use yinuo_core::{
    id::{MemberId, TeamId},
    roster::{Actor, Role},
};

use crate::{Desk, DeskError, NewMember, NewTeam, Settings};

/// Account, role, team.
pub const PEOPLE: [(&str, Role, &str); 12] = [
    ("amy", Role::Agent, "customer-service"),
    ("ben", Role::Agent, "customer-service"),
    ("cao", Role::Agent, "customer-service"),
    ("dan", Role::Agent, "customer-service"),
    ("lead", Role::TeamLead, "customer-service"),
    ("tom", Role::Agent, "technical-support"),
    ("specialist", Role::Specialist, "complaint-care"),
    ("carol", Role::Agent, "complaint-care"),
    ("supervision", Role::Supervision, "supervision"),
    ("manager", Role::Manager, "management"),
    ("auditor", Role::Auditor, "management"),
    ("admin", Role::Admin, "management"),
];

/// Team, kinds that go to it.
pub const TEAMS: [(&str, &[Kind]); 5] = [
    ("complaint-care", &[Kind::Complaint]),
    ("customer-service", &[Kind::Consultation, Kind::Suggestion, Kind::Praise]),
    ("management", &[]),
    ("supervision", &[]),
    ("technical-support", &[Kind::Repair]),
];

/// The zone whose days number tickets.
pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").expect("the time-zone database is bundled")
}

/// What the operator of the company has set.
pub fn settings() -> Settings {
    Settings { zone: zone(), tables: Tables::shipped() }
}

/// An instant as the clock on a wall in Shanghai shows it.
pub fn wall(text: &str) -> Timestamp {
    let civil: DateTime = text.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"));
    zone().to_timestamp(civil).expect("no clock is changed in Shanghai")
}

/// The id of a team.
pub fn team_id(team: &str) -> TeamId {
    TeamId::new(team).unwrap_or_else(|error| panic!("`{team}`: {error}"))
}

/// Somebody who joins without a team.
pub fn new_member(account: &str, role: Role) -> NewMember {
    NewMember { account: account.to_owned(), name: account.to_owned(), role, team: None }
}

/// Everybody by account.
pub type People = BTreeMap<&'static str, (MemberId, Role)>;

/// Forms the teams and lets everybody join.
pub async fn found(desk: &Desk) -> Result<People, DeskError> {
    for (team, kinds) in TEAMS {
        let team = NewTeam { id: team_id(team), name: Text::new(team, team), kinds: kinds.to_vec() };
        desk.form_team(team, Actor::System).await?;
    }
    let mut people = People::new();
    for (account, role, team) in PEOPLE {
        let new = NewMember { team: Some(team_id(team)), ..new_member(account, role) };
        let member = desk.join(new, Some("hash"), Actor::System).await?;
        people.insert(account, (member.id, role));
    }
    Ok(people)
}
