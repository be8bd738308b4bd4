//! People and teams of the company.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    scalar::{Localised, MemberRef, TeamRef},
    words::{KindWord, RoleWord},
};

/// A person of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// Id.
    pub id: MemberRef,
    /// Sign-in name.
    pub account: String,
    /// Name.
    pub name: String,
    /// What the person may do.
    pub role: RoleWord,
    /// Team.
    pub team: Option<TeamRef>,
    /// Whether the person works here now.
    pub active: bool,
}

/// Everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeopleList {
    /// People by name.
    pub people: Vec<Person>,
}

/// Somebody who joins.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Sign-in name: 2 to 40 of a-z, 0-9, `.`, `_` and `-`.
    pub account: String,
    /// Name that colleagues and customers see.
    pub name: String,
    /// Role.
    pub role: RoleWord,
    /// Team.
    #[serde(default)]
    pub team: Option<TeamRef>,
    /// First password, at least 10 characters.
    pub password: String,
}

/// A new password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// At least 10 characters.
    pub password: String,
    /// The password in use; needed to change one's own.
    #[serde(default)]
    pub current: Option<String>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Short name.
    pub id: TeamRef,
    /// Name for people.
    pub name: Localised,
    /// Kinds of tickets that are routed to it.
    #[serde(default)]
    pub kinds: Vec<KindWord>,
}

/// All teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamList {
    /// Teams by short name.
    pub teams: Vec<Team>,
}
