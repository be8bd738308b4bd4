//! The organisation itself: its commitments and its people, folded from events like a ticket.

mod understanding;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use yinuo_commitment::{ContentHash, Kind, Text};

use crate::{
    id::{ArticleId, MemberId, PersonId, TeamId, TicketId},
    knowledge::{Article, ArticleText, ArticleVersion},
    personal::ErasureReason,
    roster::{Actor, Member, Role, Roster, Team},
};

pub use understanding::{LearnedModel, LearningVerdict, ModelFigures, Understanding, WrittenRules};

/// The events of one decision about the organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganisationEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, in order; at least one.
    pub events: Vec<OrganisationEvent>,
}

/// Something that happened to the organisation.
#[derive(Debug, Clone, PartialEq)]
pub enum OrganisationEvent {
    /// A commitment was published; immutable from then on.
    CommitmentPublished {
        /// Number of the letter.
        number: String,
        /// Version, from 1.
        version: u32,
        /// Content hash.
        hash: ContentHash,
        /// The file as published.
        text: String,
        /// The holiday tables that it used, by name, as their text.
        tables: Vec<(String, String)>,
    },
    /// A commitment was withdrawn: tickets received from `from` on are no longer judged by it.
    CommitmentWithdrawn {
        /// Number of the letter.
        number: String,
        /// From when.
        from: Timestamp,
    },
    /// A team was formed or changed.
    TeamFormed {
        /// Short name.
        team: TeamId,
        /// Name for people.
        name: Text,
        /// Kinds routed to it.
        kinds: Vec<Kind>,
    },
    /// A person joined, or the person's data changed.
    MemberJoined {
        /// Id.
        member: MemberId,
        /// Sign-in name.
        account: String,
        /// Name.
        name: String,
        /// Role.
        role: Role,
        /// Team.
        team: Option<TeamId>,
    },
    /// A person left.
    MemberLeft {
        /// Who.
        member: MemberId,
    },
    /// The personal data of a customer were erased: the key under which they were sealed is destroyed.
    PersonErased {
        /// Who, by an id that tells nothing.
        person: PersonId,
        /// The tickets of the person, all of them.
        tickets: Vec<TicketId>,
        /// Why.
        reason: ErasureReason,
    },
    /// Rules were written that classify requests; an empty text takes them back.
    RulesWritten {
        /// The text.
        text: String,
    },
    /// A model was learned and compared with the one in use.
    ModelLearned {
        /// What it is.
        model: LearnedModel,
    },
    /// Another model was put to use.
    ModelChosen {
        /// Its version; 0 is the shipped one.
        version: u32,
    },
    /// The corrections of a person are counted when models are learned, or left out.
    CorrectionsWeighed {
        /// Whose.
        member: MemberId,
        /// Whether they count.
        counted: bool,
    },
    /// A standard phrase was added or changed.
    PhraseSaved {
        /// Its name.
        id: String,
        /// Kinds of tickets that it suits; empty: every kind.
        kinds: Vec<Kind>,
        /// The step that it suits, by the word of the check of wording.
        step: String,
        /// What it is.
        title: Text,
        /// The text, with variables in braces.
        text: Text,
    },
    /// A standard phrase was taken out of the library, be it the organisation's own or one that comes with the product.
    PhraseWithdrawn {
        /// Its name.
        id: String,
    },
    /// Data of the organisation were filled by the worked example, which says so on every page.
    ExampleLoaded,
    /// A version of an article of the knowledge base was written. Nobody is answered with it before it is approved.
    ArticleDrafted {
        /// The article.
        article: ArticleId,
        /// The version, from 1.
        version: u32,
        /// What it says.
        text: ArticleText,
        /// The ticket that it was made from.
        source: Option<TicketId>,
    },
    /// A version of an article was approved: it replaces the one before.
    ArticleApproved {
        /// The article.
        article: ArticleId,
        /// The version.
        version: u32,
    },
    /// An article was taken back: nobody is answered with it until a version is approved again.
    ArticleWithdrawn {
        /// The article.
        article: ArticleId,
    },
}

/// A published version of a letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Number of the letter.
    pub number: String,
    /// Version, from 1.
    pub version: u32,
    /// Content hash.
    pub hash: ContentHash,
    /// The file.
    pub text: String,
    /// Its holiday tables.
    pub tables: Vec<(String, String)>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who published it.
    pub by: Actor,
}

/// A standard phrase of the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPhrase {
    /// Kinds of tickets that it suits; empty: every kind.
    pub kinds: Vec<Kind>,
    /// The step that it suits.
    pub step: String,
    /// What it is.
    pub title: Text,
    /// The text, with variables in braces.
    pub text: Text,
}

/// How the person behind a ticket was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: ErasureReason,
}

/// The organisation after some of its entries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Organisation {
    /// Entries folded.
    pub version: u32,
    /// Published versions in order of publication.
    pub published: Vec<Published>,
    /// Letters withdrawn, and from when.
    pub withdrawn: Vec<(String, Timestamp)>,
    /// People and teams.
    pub roster: Roster,
    /// Whether the worked example was loaded.
    pub example: bool,
    /// What it knows about understanding texts.
    pub understanding: Understanding,
    /// Tickets whose customer was erased.
    pub erased: BTreeMap<TicketId, Erasure>,
    /// The knowledge base.
    pub articles: BTreeMap<ArticleId, Article>,
    /// Its own standard phrases by name.
    pub phrases: BTreeMap<String, OwnPhrase>,
    /// Names of phrases that are out of the library; those that come with the product stay out.
    pub phrases_withdrawn: BTreeSet<String>,
}

impl Organisation {
    /// The next version number of the letter `number`.
    pub fn next_version(&self, number: &str) -> u32 {
        let last = self
            .published
            .iter()
            .filter(|published| published.number == number)
            .map(|published| published.version);
        last.max().map_or(1, |version| version.saturating_add(1))
    }
}

/// Folds one entry. Total: any sequence of entries gives an organisation.
pub fn apply(mut organisation: Organisation, entry: &OrganisationEntry) -> Organisation {
    organisation.version = organisation.version.saturating_add(1);
    for event in &entry.events {
        match event {
            OrganisationEvent::CommitmentPublished { number, version, hash, text, tables } => {
                organisation.withdrawn.retain(|(withdrawn, _)| withdrawn != number);
                organisation.published.push(Published {
                    number: number.clone(),
                    version: *version,
                    hash: *hash,
                    text: text.clone(),
                    tables: tables.clone(),
                    published_at: entry.at,
                    by: entry.actor,
                });
            }
            OrganisationEvent::CommitmentWithdrawn { number, from } => {
                organisation.withdrawn.push((number.clone(), *from));
            }
            OrganisationEvent::TeamFormed { team, name, kinds } => {
                let formed = Team { id: team.clone(), name: name.clone(), kinds: kinds.clone() };
                organisation.roster.teams.insert(team.clone(), formed);
            }
            OrganisationEvent::MemberJoined { member, account, name, role, team } => {
                let joined = Member {
                    id: *member,
                    account: account.clone(),
                    name: name.clone(),
                    role: *role,
                    team: team.clone(),
                    active: true,
                };
                organisation.roster.members.insert(*member, joined);
            }
            OrganisationEvent::MemberLeft { member } => {
                if let Some(member) = organisation.roster.members.get_mut(member) {
                    member.active = false;
                }
            }
            OrganisationEvent::PersonErased { person, tickets, reason } => {
                let erasure = Erasure { person: *person, at: entry.at, by: entry.actor, reason: *reason };
                organisation.erased.extend(tickets.iter().map(|ticket| (*ticket, erasure)));
            }
            OrganisationEvent::RulesWritten { .. }
            | OrganisationEvent::ModelLearned { .. }
            | OrganisationEvent::ModelChosen { .. }
            | OrganisationEvent::CorrectionsWeighed { .. } => organisation.understanding.apply(entry, event),
            OrganisationEvent::PhraseSaved { id, kinds, step, title, text } => {
                let own = OwnPhrase {
                    kinds: kinds.clone(),
                    step: step.clone(),
                    title: title.clone(),
                    text: text.clone(),
                };
                organisation.phrases_withdrawn.remove(id);
                organisation.phrases.insert(id.clone(), own);
            }
            OrganisationEvent::PhraseWithdrawn { id } => {
                organisation.phrases.remove(id);
                organisation.phrases_withdrawn.insert(id.clone());
            }
            OrganisationEvent::ExampleLoaded => organisation.example = true,
            OrganisationEvent::ArticleDrafted { .. }
            | OrganisationEvent::ArticleApproved { .. }
            | OrganisationEvent::ArticleWithdrawn { .. } => {
                apply_article(&mut organisation.articles, entry, event);
            }
        }
    }
    organisation
}

fn apply_article(
    articles: &mut BTreeMap<ArticleId, Article>,
    entry: &OrganisationEntry,
    event: &OrganisationEvent,
) {
    match event {
        OrganisationEvent::ArticleDrafted { article, version, text, source } => {
            let known = articles.entry(article.clone()).or_insert_with(|| Article {
                id: article.clone(),
                versions: Vec::new(),
                current: None,
                withdrawn: None,
            });
            known.versions.push(ArticleVersion {
                version: *version,
                text: Arc::new(text.clone()),
                drafted_at: entry.at,
                drafted_by: entry.actor,
                source: *source,
                approved: None,
            });
        }
        OrganisationEvent::ArticleApproved { article, version } => {
            let Some(known) = articles.get_mut(article) else { return };
            if let Some(found) = known.versions.iter_mut().find(|found| found.version == *version) {
                found.approved = Some((entry.at, entry.actor));
                known.current = Some(*version);
                known.withdrawn = None;
            }
        }
        OrganisationEvent::ArticleWithdrawn { article } => {
            if let Some(known) = articles.get_mut(article) {
                known.current = None;
                known.withdrawn = Some((entry.at, entry.actor));
            }
        }
        _ => {}
    }
}
