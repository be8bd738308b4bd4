//! People and teams of the company, and who acts.

use std::collections::BTreeMap;

use yinuo_commitment::{Kind, Text};

use crate::id::{MemberId, TeamId};

/// What a person of the company may do (角色). See [`crate::access`] for the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Handles tickets (客服).
    Agent,
    /// Specialist who also verifies technical matters on site (技术专员).
    Specialist,
    /// Leads a team (组长).
    TeamLead,
    /// Watches the clocks and the ledger (监督).
    Supervision,
    /// Answers for the commitments (经理).
    Manager,
    /// Reads everything, changes nothing (审计).
    Auditor,
    /// Runs the system: people, teams, settings (管理员).
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Role::Agent,
        Role::Specialist,
        Role::TeamLead,
        Role::Supervision,
        Role::Manager,
        Role::Auditor,
        Role::Admin,
    ];

    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Specialist => "specialist",
            Role::TeamLead => "team-lead",
            Role::Supervision => "supervision",
            Role::Manager => "manager",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }

    /// The role that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.word() == word)
    }
}

/// A person of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Id.
    pub id: MemberId,
    /// Sign-in name, unique in the organisation, lower case.
    pub account: String,
    /// Name that colleagues and customers see.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The team, if any.
    pub team: Option<TeamId>,
    /// Whether the person works here now; an inactive member keeps its history and gets no tickets.
    pub active: bool,
}

/// A team (部门).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Short name.
    pub id: TeamId,
    /// Name for people.
    pub name: Text,
    /// Kinds of tickets that are routed to it.
    pub kinds: Vec<Kind>,
}

/// Everybody at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Members by id.
    pub members: BTreeMap<MemberId, Member>,
    /// Teams by short name.
    pub teams: BTreeMap<TeamId, Team>,
}

impl Roster {
    /// The member who signs in as `account`.
    pub fn by_account(&self, account: &str) -> Option<&Member> {
        self.members.values().find(|member| member.account == account)
    }

    /// Active members of `team`.
    pub fn active_members<'a>(&'a self, team: &'a TeamId) -> impl Iterator<Item = &'a Member> {
        self.members.values().filter(move |member| member.active && member.team.as_ref() == Some(team))
    }

    /// The team that handles `kind`: the first by short name that lists it.
    pub fn team_for(&self, kind: Kind) -> Option<&Team> {
        self.teams.values().find(|team| team.kinds.contains(&kind))
    }
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The customer of the ticket.
    Customer,
    /// A person of the company, in the role held at that moment.
    Member {
        /// Who.
        id: MemberId,
        /// In which role.
        role: Role,
    },
    /// The product itself: ticks, automatic answers, routing.
    System,
}

impl Actor {
    /// The member, if it is one.
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Actor::Member { id, .. } => Some(id),
            Actor::Customer | Actor::System => None,
        }
    }
}
