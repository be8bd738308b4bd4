//! The knowledge base.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinuo_core::knowledge::{self, ArticleStanding, ArticleText};
use yinuo_desk::{ArticleDraft, DeskError};

use super::{
    scalar::{ArticleRef, Instant, TeamRef, TicketRef},
    timeline::ActorDetail,
    words::LanguageWord,
};

/// Where an article stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ArticleStanding)]
pub enum StandingWord {
    /// No version was ever approved.
    Draft,
    /// Customers are answered with it.
    InForce,
    /// Approved, and its first day is still to come.
    Waiting,
    /// Approved, and its last day has passed.
    Expired,
    /// Taken back.
    Withdrawn,
}

impl From<ArticleStanding> for StandingWord {
    fn from(standing: ArticleStanding) -> Self {
        match standing {
            ArticleStanding::Draft => StandingWord::Draft,
            ArticleStanding::InForce => StandingWord::InForce,
            ArticleStanding::Waiting => StandingWord::Waiting,
            ArticleStanding::Expired => StandingWord::Expired,
            ArticleStanding::Withdrawn => StandingWord::Withdrawn,
        }
    }
}

/// What the knowledge base does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Band)]
pub enum BandWord {
    /// It answers by itself.
    Answer,
    /// It suggests to a person.
    Suggest,
    /// It has nothing.
    HandOver,
}

/// An article in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticlePiece {
    /// The question in its shortest form.
    pub title: String,
    /// The answer.
    pub body: String,
    /// The same question in other words: ten and more of these are what makes it found.
    #[serde(default)]
    pub questions: Vec<String>,
}

/// What a version of an article says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArticleText)]
pub struct ArticleTextDetail {
    /// The team that answers for it.
    #[serde(default)]
    pub owner: Option<TeamRef>,
    /// Topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// First day on which it holds, as `2026-11-22`.
    #[serde(default)]
    pub from: Option<String>,
    /// Last day on which it holds.
    #[serde(default)]
    pub until: Option<String>,
    /// In Chinese.
    #[serde(default)]
    pub zh: Option<ArticlePiece>,
    /// In English.
    #[serde(default)]
    pub en: Option<ArticlePiece>,
}

/// A new version of an article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// Name: new, or that of the article to change.
    pub id: ArticleRef,
    /// The newest version that the author has seen; none for a new article.
    #[serde(default)]
    pub based_on: Option<u32>,
    /// What it says.
    pub text: ArticleTextDetail,
    /// The ticket that it was made from.
    #[serde(default)]
    pub source: Option<TicketRef>,
}

/// Which version is approved.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleApproval {
    /// The version.
    pub version: u32,
}

/// What came of an article among the newest thousand tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArticleTally {
    /// Given by the product itself.
    pub automatic: u32,
    /// Sent by people as it is.
    pub used: u32,
    /// Sent by people after changes.
    pub edited: u32,
    /// Customers said that it helped.
    pub helpful: u32,
    /// Customers said that it did not, or asked for a person.
    pub not_helpful: u32,
}

/// An article in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArticleLine {
    /// Name.
    pub id: ArticleRef,
    /// Where it stands today.
    pub standing: StandingWord,
    /// The newest version.
    pub version: u32,
    /// The approved version; none before the first approval and after a withdrawal.
    pub approved_version: Option<u32>,
    /// Question in Chinese, of the newest version.
    pub title_zh: Option<String>,
    /// Question in English, of the newest version.
    pub title_en: Option<String>,
    /// Similar questions in both languages.
    pub questions: u32,
    /// The team that answers for it.
    pub owner: Option<TeamRef>,
    /// Topic.
    pub topic: Option<String>,
    /// When the newest version was written.
    pub drafted_at: Instant,
    /// What came of it.
    pub tally: ArticleTally,
}

/// What the knowledge base can do.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = KnowledgeStanding)]
pub struct KnowledgeDetail {
    /// Articles in force.
    pub articles: u32,
    /// Whether it was examined since they changed; until then nothing is answered automatically.
    pub examined: bool,
    /// From which probability on it answers by itself; none if it is never sure enough.
    pub answers_from: Option<f32>,
    /// From which probability on it suggests.
    pub suggests_from: Option<f32>,
    /// Whether an embedding model takes part.
    pub meaning: MeaningWord,
    /// How many of the texts that need a vector have one, in hundredths, while they are on their way.
    pub meaning_percent: Option<u32>,
}

/// Whether answers go by meaning as well as by words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Meaning)]
pub enum MeaningWord {
    /// No model is configured.
    Off,
    /// One is configured and cannot be used; the log says why.
    Broken,
    /// The questions of the knowledge base are being read; words decide alone meanwhile.
    Learning,
    /// Words and meaning decide together.
    Ready,
}

/// The knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ArticleList {
    /// Articles by name.
    pub articles: Vec<ArticleLine>,
    /// What it can do.
    pub knowledge: KnowledgeDetail,
}

/// A version of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ArticleVersion)]
pub struct ArticleVersionDetail {
    /// Number, from 1.
    pub version: u32,
    /// What it says.
    pub text: ArticleTextDetail,
    /// When it was written.
    pub drafted_at: Instant,
    /// By whom.
    pub drafted_by: ActorDetail,
    /// The ticket that it was made from.
    pub source: Option<TicketRef>,
    /// When it was approved.
    pub approved_at: Option<Instant>,
    /// By whom.
    pub approved_by: Option<ActorDetail>,
}

/// An article with all its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArticleDetail {
    /// Its line.
    #[serde(flatten)]
    pub line: ArticleLine,
    /// Versions, the newest first.
    pub versions: Vec<ArticleVersionDetail>,
}

/// An article that may answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Suggestion {
    /// The article.
    pub id: ArticleRef,
    /// Its version.
    pub version: u32,
    /// In which language its text is.
    pub language: LanguageWord,
    /// Its question.
    pub title: String,
    /// Its answer.
    pub body: String,
    /// How probably it answers, from 0 to 1.
    pub probability: f32,
}

/// What the knowledge base says to a question.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SuggestionList {
    /// What it does if a customer asks that.
    pub band: BandWord,
    /// The best first.
    pub suggestions: Vec<Suggestion>,
}

/// A question to try.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// As a customer would write it; at most 1,000 characters.
    pub question: String,
}

/// What a solved ticket would be as an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArticleProposal {
    /// A name that is free.
    pub id: ArticleRef,
    /// What it would say, without personal data.
    pub text: ArticleTextDetail,
    /// The ticket.
    pub source: TicketRef,
}

/// A ticket by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NumberedTicket {
    /// Id.
    pub id: TicketRef,
    /// Number.
    pub number: String,
}

/// A question that was asked in several ways and has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UnansweredGroup)]
pub struct UnansweredDetail {
    /// The question that stands for the group.
    pub label: String,
    /// How often it was asked.
    pub size: u32,
    /// When it was first asked.
    pub first_asked: Instant,
    /// When it was last asked.
    pub last_asked: Instant,
    /// Some of its questions.
    pub samples: Vec<String>,
    /// Some of its tickets, the newest first.
    pub tickets: Vec<NumberedTicket>,
}

/// What customers ask that nobody has written an answer to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnansweredList {
    /// The most frequent first.
    pub groups: Vec<UnansweredDetail>,
}

impl TryFrom<NewArticle> for ArticleDraft {
    type Error = DeskError;

    fn try_from(new: NewArticle) -> Result<Self, DeskError> {
        Ok(Self {
            article: new.id.0,
            based_on: new.based_on,
            text: new.text.try_into()?,
            source: new.source.map(|ticket| ticket.0),
        })
    }
}

impl TryFrom<ArticleTextDetail> for ArticleText {
    type Error = DeskError;

    fn try_from(text: ArticleTextDetail) -> Result<Self, DeskError> {
        Ok(Self {
            owner: text.owner.map(|team| team.0),
            topic: text.topic,
            from: text.from.map(|day| date("from", &day)).transpose()?,
            until: text.until.map(|day| date("until", &day)).transpose()?,
            zh: text.zh.map(Into::into),
            en: text.en.map(Into::into),
        })
    }
}

fn date(field: &'static str, day: &str) -> Result<Date, DeskError> {
    day.trim().parse().map_err(|_| {
        DeskError::invalid(
            field,
            "日期须写成 2026-11-22 这样，并且确有其日。",
            "Write a date that exists, as in 2026-11-22.",
        )
    })
}

impl From<ArticlePiece> for knowledge::Piece {
    fn from(piece: ArticlePiece) -> Self {
        Self { title: piece.title, body: piece.body, questions: piece.questions }
    }
}

impl From<&knowledge::Piece> for ArticlePiece {
    fn from(piece: &knowledge::Piece) -> Self {
        let knowledge::Piece { title, body, questions } = piece.clone();
        Self { title, body, questions }
    }
}

impl From<&ArticleText> for ArticleTextDetail {
    fn from(text: &ArticleText) -> Self {
        Self {
            owner: text.owner.as_ref().map(Into::into),
            topic: text.topic.clone(),
            from: text.from.map(|day| day.to_string()),
            until: text.until.map(|day| day.to_string()),
            zh: text.zh.as_ref().map(Into::into),
            en: text.en.as_ref().map(Into::into),
        }
    }
}
