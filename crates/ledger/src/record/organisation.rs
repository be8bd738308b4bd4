//! The recorded form of every event of the organisation's own stream. See [`super::ticket`].

use jiff::Timestamp;
use yinuo_commitment::{ContentHash, Kind, Text};
use yinuo_core::{
    id::{ArticleId, MemberId, PersonId, TeamId, TicketId},
    knowledge::ArticleText,
    organisation::{LearnedModel, OrganisationEvent},
    personal::ErasureReason,
    roster::Role,
};

use super::values::recorded_enum;

recorded_enum!(OrganisationEventForm for OrganisationEvent {
    CommitmentPublished {
        number: String,
        version: u32,
        hash: ContentHash,
        text: String,
        tables: Vec<(String, String)>,
    },
    CommitmentWithdrawn { number: String, from: Timestamp },
    TeamFormed { team: TeamId, name: Text, kinds: Vec<Kind> },
    MemberJoined { member: MemberId, account: String, name: String, role: Role, team: Option<TeamId> },
    MemberLeft { member: MemberId },
    PersonErased { person: PersonId, tickets: Vec<TicketId>, reason: ErasureReason },
    RulesWritten { text: String },
    ModelLearned { model: LearnedModel },
    ModelChosen { version: u32 },
    CorrectionsWeighed { member: MemberId, counted: bool },
    PhraseSaved { id: String, kinds: Vec<Kind>, step: String, title: Text, text: Text },
    PhraseWithdrawn { id: String },
    ExampleLoaded,
    ArticleDrafted { article: ArticleId, version: u32, text: ArticleText, source: Option<TicketId> },
    ArticleApproved { article: ArticleId, version: u32 },
    ArticleWithdrawn { article: ArticleId },
});

impl super::Dated for OrganisationEvent {
    fn since(&self) -> u32 {
        match self {
            OrganisationEvent::PersonErased { .. } => 2,
            OrganisationEvent::ArticleDrafted { .. }
            | OrganisationEvent::ArticleApproved { .. }
            | OrganisationEvent::ArticleWithdrawn { .. }
            | OrganisationEvent::RulesWritten { .. }
            | OrganisationEvent::ModelLearned { .. }
            | OrganisationEvent::ModelChosen { .. }
            | OrganisationEvent::CorrectionsWeighed { .. }
            | OrganisationEvent::PhraseSaved { .. }
            | OrganisationEvent::PhraseWithdrawn { .. } => 3,
            _ => 1,
        }
    }
}
