//! Teams and people.

use yinuo_commitment::{Kind, Text, says_nothing};
use yinuo_core::{
    access::Operation,
    id::{MemberId, TeamId},
    organisation::OrganisationEvent,
    roster::{Actor, Member, Role},
    routing,
    ticket::Command,
};
use yinuo_ledger::{Page, TicketFilter};

use crate::{desk::Desk, error::DeskError};

/// A person who joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Sign-in name: 2 to 40 of `a-z`, `0-9`, `.`, `_` and `-`.
    pub account: String,
    /// Name that colleagues and customers see.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Team.
    pub team: Option<TeamId>,
}

/// A team that is formed or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTeam {
    /// Short name.
    pub id: TeamId,
    /// Name for people.
    pub name: Text,
    /// Kinds routed to it.
    pub kinds: Vec<Kind>,
}

impl Desk {
    /// Whether nobody exists yet, so that the first administrator can be set up.
    pub fn setup_needed(&self) -> bool {
        self.house().organisation.roster.members.is_empty()
    }

    /// Sets up the first administrator; refused once anybody exists.
    pub async fn set_up(&self, new: NewMember, phc: &str) -> Result<Member, DeskError> {
        if !self.setup_needed() {
            return Err(DeskError::NotFound { what: "setup" });
        }
        let new = NewMember { role: Role::Admin, team: None, ..new };
        self.add(new, Some(phc), Actor::System, true).await
    }

    /// A person joins. `phc` is the hash of the first password; without one, the person cannot sign in yet.
    pub async fn join(&self, new: NewMember, phc: Option<&str>, actor: Actor) -> Result<Member, DeskError> {
        Self::allow(actor, Operation::ManagePeople)?;
        self.add(new, phc, actor, false).await
    }

    /// Adds a person; with `first`, only if nobody was ever added, also when two ask at the same moment.
    async fn add(
        &self,
        new: NewMember,
        phc: Option<&str>,
        actor: Actor,
        first: bool,
    ) -> Result<Member, DeskError> {
        let account = checked_account(&new.account)?;
        let name = checked_name("name", &new.name)?;
        let (millis, random) = self.id_parts(self.now());
        let id = MemberId::from_parts(millis, random);
        let member = Member {
            id,
            account: account.clone(),
            name: name.clone(),
            role: new.role,
            team: new.team.clone(),
            active: true,
        };
        // The password comes first: a person on record who can never sign in would be half done, an unused hash is not.
        if let Some(phc) = phc {
            self.0.ledger.set_password_hash(&self.0.org, id, phc).await?;
        }
        self.organise(actor, |organisation| {
            if first && !organisation.roster.members.is_empty() {
                return Err(DeskError::NotFound { what: "setup" });
            }
            if organisation.roster.by_account(&account).is_some() {
                return Err(DeskError::invalid(
                    "account",
                    format!("账号「{account}」已被使用，请换一个。"),
                    format!("The account `{account}` is taken; choose another one."),
                ));
            }
            if let Some(team) = &new.team
                && !organisation.roster.teams.contains_key(team)
            {
                return Err(unknown_team(team, organisation.roster.teams.keys()));
            }
            let joined = OrganisationEvent::MemberJoined {
                member: id,
                account: account.clone(),
                name: name.clone(),
                role: new.role,
                team: new.team.clone(),
            };
            Ok((vec![joined], ()))
        })
        .await?;
        Ok(member)
    }

    /// A person leaves: no more tickets, no more sign-in; open tickets go to whoever of the team has the fewest, or back
    /// to the team if nobody is left. The person's history stays.
    pub async fn leave(&self, id: MemberId, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ManagePeople)?;
        self.organise(actor, |organisation| {
            let members = &organisation.roster.members;
            let member = members.get(&id).filter(|member| member.active);
            let member = member.ok_or(DeskError::NotFound { what: "member" })?;
            let admins = members.values().filter(|other| other.active && other.role == Role::Admin);
            if member.role == Role::Admin && admins.count() == 1 {
                return Err(DeskError::invalid(
                    "member",
                    "这是最后一位管理员，不能移除；请先添加另一位。",
                    "This is the last administrator; add another one first.",
                ));
            }
            Ok((vec![OrganisationEvent::MemberLeft { member: id }], ()))
        })
        .await?;
        self.0.ledger.revoke_sessions_of(&self.0.org, id).await?;
        self.hand_over(id).await
    }

    /// Gives the open tickets of somebody who left to others: nothing sits unowned unseen.
    async fn hand_over(&self, leaver: MemberId) -> Result<(), DeskError> {
        let filter = TicketFilter { open: Some(true), member: Some(leaver), ..TicketFilter::default() };
        let mut page = Page::first(200);
        loop {
            let found = self.0.ledger.list_tickets(&self.0.org, &filter, &page).await?;
            for row in found.rows {
                let Some(team) = row.team else { continue };
                let member = {
                    let house = self.house();
                    routing::least_loaded(&team, &house.organisation.roster, self.load().open(), Some(leaver))
                };
                match self.command(row.ticket, Command::Assign { team, member }, Actor::System, None).await {
                    Ok(_) => {}
                    // Somebody else was faster and gave it away.
                    Err(DeskError::Refused(refusal)) => {
                        tracing::info!(ticket = %row.ticket, code = refusal.code(), "a ticket was not handed over");
                    }
                    Err(error) => return Err(error),
                }
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Sets a password; all sessions of the person end.
    pub async fn set_password(&self, id: MemberId, phc: &str, actor: Actor) -> Result<(), DeskError> {
        if actor.member() != Some(id) {
            Self::allow(actor, Operation::ManagePeople)?;
        }
        if !self.house().organisation.roster.members.contains_key(&id) {
            return Err(DeskError::NotFound { what: "member" });
        }
        self.0.ledger.set_password_hash(&self.0.org, id, phc).await?;
        self.0.ledger.revoke_sessions_of(&self.0.org, id).await?;
        Ok(())
    }

    /// Forms a team, or changes its name and kinds.
    pub async fn form_team(&self, team: NewTeam, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ManagePeople)?;
        checked_name("name", &team.name.zh)?;
        checked_name("name", &team.name.en)?;
        self.organise(actor, |_| {
            let formed = OrganisationEvent::TeamFormed {
                team: team.id.clone(),
                name: team.name.clone(),
                kinds: team.kinds.clone(),
            };
            Ok((vec![formed], ()))
        })
        .await
    }

    /// Notes that the worked example filled this organisation; every page says so from then on.
    pub async fn mark_example(&self) -> Result<(), DeskError> {
        self.organise(Actor::System, |_| Ok((vec![OrganisationEvent::ExampleLoaded], ()))).await
    }
}

fn checked_account(account: &str) -> Result<String, DeskError> {
    let account = account.trim().to_ascii_lowercase();
    let fits = (2..=40).contains(&account.len())
        && account.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if fits {
        return Ok(account);
    }
    Err(DeskError::invalid(
        "account",
        "账号须为 2 至 40 个字符，只能用字母、数字、点、下划线和连字符。",
        "An account has 2 to 40 characters: letters, digits, dot, underscore and hyphen.",
    ))
}

fn checked_name(field: &'static str, name: &str) -> Result<String, DeskError> {
    let name = name.trim();
    if !says_nothing(name) && name.chars().count() <= 80 && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(DeskError::invalid(field, "名称须为 1 至 80 个字符。", "A name has 1 to 80 characters."))
}

fn unknown_team<'a>(team: &TeamId, known: impl Iterator<Item = &'a TeamId>) -> DeskError {
    let known = known.map(TeamId::as_str).collect::<Vec<_>>().join(", ");
    DeskError::invalid(
        "team",
        format!("没有团队「{team}」。现有团队：{known}"),
        format!("There is no team `{team}`. Teams: {known}"),
    )
}
