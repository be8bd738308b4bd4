//! The fictional company: its letters, teams and people.

use jiff::SignedDuration;
use serde::Deserialize;
use yinuo_commitment::{Kind, Text};
use yinuo_core::{
    id::{ArticleId, TeamId},
    knowledge::{ArticleText, Piece},
    roster::{Actor, Member, Role},
};
use yinuo_desk::{ArticleDraft, Clock as _, Desk, NewMember, NewTeam};
use yinuo_language::answers::starter;

use crate::{
    calendar::plain, clock::SimClock, draw::Draw, error::ExampleError, summary::Account, texts::read,
};

/// The letters that the company has signed.
const LETTERS: [(&str, &str); 2] = [
    ("response-time.toml", include_str!("../../../examples/commitments/response-time.toml")),
    ("hotline-complaints.toml", include_str!("../../../examples/commitments/hotline-complaints.toml")),
];

#[derive(Debug, Deserialize)]
struct RawText {
    zh: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTeam {
    id: String,
    name: RawText,
    kinds: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMember {
    account: String,
    name: String,
    role: String,
    team: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPeople {
    team: Vec<RawTeam>,
    member: Vec<RawMember>,
}

/// The people of the company.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    people: Vec<Member>,
}

impl Company {
    /// Founds the company on an empty desk: an administrator, teams, people, and both letters published by the manager.
    /// Everybody's first password has the hash `phc`. Each step takes the clock a little further, so that ids keep the
    /// order of the file whatever randomness goes into them.
    pub(crate) async fn found(desk: &Desk, clock: &SimClock, phc: &str) -> Result<Self, ExampleError> {
        if !desk.setup_needed() {
            return Err(ExampleError::NotEmpty);
        }
        let raw: RawPeople = read("people", include_str!("../data/people.toml"))?;
        desk.mark_example().await.map_err(ExampleError::desk("say that it is one"))?;
        let mut company = Self { people: Vec::new() };
        let mut members = raw.member.iter();
        let first = members.next().ok_or_else(|| ExampleError::data("nobody works there"))?;
        let admin = desk.set_up(new_member(first)?, phc).await;
        company.people.push(admin.map_err(ExampleError::desk("set up the administrator"))?);
        let admin = company.actor_with(Role::Admin)?;
        for team in &raw.team {
            tick(clock);
            let formed = desk.form_team(new_team(team)?, admin).await;
            formed.map_err(ExampleError::desk(format!("form the team {}", team.id)))?;
        }
        for member in members {
            tick(clock);
            let joined = desk.join(new_member(member)?, Some(phc), admin).await;
            company.people.push(joined.map_err(ExampleError::desk(format!("take on {}", member.account)))?);
        }
        let manager = company.actor_with(Role::Manager)?;
        for (file, text) in LETTERS {
            tick(clock);
            desk.publish(text, manager).await.map_err(ExampleError::desk(format!("publish {file}")))?;
        }
        Box::pin(knowledge(desk, clock, manager)).await?;
        Ok(company)
    }

    /// The accounts that newcomers are told about: the first of each role.
    pub(crate) fn accounts(&self) -> Vec<Account> {
        let first = |role: &Role| self.people.iter().find(|member| member.role == *role);
        let account = |member: &Member| Account {
            account: member.account.clone(),
            name: member.name.clone(),
            role: member.role,
        };
        Role::ALL.iter().filter_map(first).map(account).collect()
    }

    /// Somebody in `role`: the first.
    pub(crate) fn actor_with(&self, role: Role) -> Result<Actor, ExampleError> {
        let member = self.people.iter().find(|member| member.role == role);
        member.map(actor).ok_or_else(|| ExampleError::data(format!("nobody is {}", role.word())))
    }

    /// Somebody of `team` in one of `roles`.
    pub(crate) fn somebody(
        &self,
        team: &str,
        roles: &[Role],
        draw: &mut Draw,
    ) -> Result<Actor, ExampleError> {
        let of = |member: &&Member| {
            roles.contains(&member.role) && member.team.as_ref().is_some_and(|own| own.as_str() == team)
        };
        let fitting: Vec<&Member> = self.people.iter().filter(of).collect();
        let found = draw.pick(&fitting).map(|member| actor(member));
        found.ok_or_else(|| ExampleError::data(format!("nobody of {team} can do this")))
    }

    /// The name behind an actor.
    pub(crate) fn name_of(&self, actor: Actor) -> &str {
        let member = self.people.iter().find(|member| Some(member.id) == actor.member());
        member.map_or("系统", |member| member.name.as_str())
    }

    /// The person with this id.
    pub(crate) fn member(&self, id: yinuo_core::id::MemberId) -> Option<&Member> {
        self.people.iter().find(|member| member.id == id)
    }
}

/// What the company's people wrote down of what customers ask most: a part of the starter knowledge base.
const ARTICLES: [&str; 14] = [
    "air-conditioner-not-cooling",
    "air-conditioner-cleaning",
    "water-purifier-filter",
    "router-red-light",
    "wifi-password",
    "washing-machine-not-spinning",
    "smart-lock-offline",
    "change-appointment",
    "repair-fee",
    "warranty-period",
    "refund-arrival",
    "invoice-request",
    "payment-methods",
    "opening-hours",
];

/// Drafts and approves the first articles.
async fn knowledge(desk: &Desk, clock: &SimClock, manager: Actor) -> Result<(), ExampleError> {
    let starter = starter().map_err(|error| ExampleError::data(error.to_string()))?;
    for article in starter.into_iter().filter(|article| ARTICLES.contains(&article.id.as_str())) {
        tick(clock);
        let id = ArticleId::new(&article.id).map_err(|error| ExampleError::data(error.to_string()))?;
        let piece = |piece: yinuo_language::answers::Piece| Piece {
            title: piece.title,
            body: piece.body,
            questions: piece.questions,
        };
        let text = ArticleText {
            owner: Some(team_id("customer-service")?),
            topic: article.topic,
            zh: article.zh.map(piece),
            en: article.en.map(piece),
            ..ArticleText::default()
        };
        let draft = ArticleDraft { article: id.clone(), based_on: None, text, source: None };
        let doing = |what: &str| ExampleError::desk(format!("{what} {}", article.id));
        let version = desk.draft_article(draft, manager).await.map_err(doing("draft"))?;
        tick(clock);
        desk.approve_article(&id, version, manager).await.map_err(doing("approve"))?;
    }
    Ok(())
}

/// A member as an actor.
pub(crate) fn actor(member: &Member) -> Actor {
    Actor::Member { id: member.id, role: member.role }
}

/// A team by its short name.
pub(crate) fn team_id(slug: &str) -> Result<TeamId, ExampleError> {
    TeamId::new(slug).map_err(|error| ExampleError::data(error.to_string()))
}

fn tick(clock: &SimClock) {
    clock.advance_to(plain(clock.now(), SignedDuration::from_secs(2)));
}

fn new_team(raw: &RawTeam) -> Result<NewTeam, ExampleError> {
    let kind = |word: &String| {
        Kind::from_word(word).ok_or_else(|| ExampleError::data(format!("team {}: kind `{word}`", raw.id)))
    };
    Ok(NewTeam {
        id: team_id(&raw.id)?,
        name: Text::new(raw.name.zh.as_str(), raw.name.en.as_str()),
        kinds: raw.kinds.iter().map(kind).collect::<Result<_, _>>()?,
    })
}

fn new_member(raw: &RawMember) -> Result<NewMember, ExampleError> {
    let role = Role::from_word(&raw.role);
    Ok(NewMember {
        account: raw.account.clone(),
        name: raw.name.clone(),
        role: role.ok_or_else(|| ExampleError::data(format!("{}: role `{}`", raw.account, raw.role)))?,
        team: raw.team.as_deref().map(team_id).transpose()?,
    })
}
