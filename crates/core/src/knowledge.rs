//! The knowledge base: articles as the organisation drafted, approved and withdrew them.
//!
//! An article is a fold over events of the organisation, like everything else: each draft is a version that never changes,
//! approving names a version, and whether an article may answer today follows from these and from its dates.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use yinuo_commitment::Language;

use crate::{
    id::{ArticleId, TeamId, TicketId},
    roster::Actor,
};

/// An article in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Piece {
    /// The question in its shortest form.
    pub title: String,
    /// The answer.
    pub body: String,
    /// The same question in other words: what makes the article found.
    pub questions: Vec<String>,
}

/// What a version of an article says. Words of the organisation, not of customers: they are not sealed, so that no personal
/// data may stand in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArticleText {
    /// The team that answers for it.
    pub owner: Option<TeamId>,
    /// Topic, in a word of the organisation's own list.
    pub topic: Option<String>,
    /// First day on which it holds.
    pub from: Option<Date>,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// In Chinese.
    pub zh: Option<Piece>,
    /// In English.
    pub en: Option<Piece>,
}

impl ArticleText {
    /// The piece in `language`.
    pub const fn piece(&self, language: Language) -> Option<&Piece> {
        match language {
            Language::Zh => self.zh.as_ref(),
            Language::En => self.en.as_ref(),
        }
    }

    /// Whether it holds on `day`.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// One version of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleVersion {
    /// Number, from 1.
    pub version: u32,
    /// What it says.
    pub text: Arc<ArticleText>,
    /// When it was drafted.
    pub drafted_at: Timestamp,
    /// Who drafted it.
    pub drafted_by: Actor,
    /// The ticket that it was made from.
    pub source: Option<TicketId>,
    /// When it was approved, and by whom; the last time if more than once.
    pub approved: Option<(Timestamp, Actor)>,
}

/// An article: one question of customers with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its name.
    pub id: ArticleId,
    /// Its versions in order; never empty.
    pub versions: Vec<ArticleVersion>,
    /// The version that was approved last; none before the first approval and after a withdrawal.
    pub current: Option<u32>,
    /// When it was withdrawn and by whom, unless a version was approved since.
    pub withdrawn: Option<(Timestamp, Actor)>,
}

/// Where an article stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArticleStanding {
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

impl ArticleStanding {
    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            ArticleStanding::Draft => "draft",
            ArticleStanding::InForce => "in-force",
            ArticleStanding::Waiting => "waiting",
            ArticleStanding::Expired => "expired",
            ArticleStanding::Withdrawn => "withdrawn",
        }
    }
}

impl Article {
    /// The version with this number.
    pub fn version(&self, number: u32) -> Option<&ArticleVersion> {
        self.versions.iter().find(|version| version.version == number)
    }

    /// The newest version, approved or not.
    pub fn newest(&self) -> Option<&ArticleVersion> {
        self.versions.last()
    }

    /// The approved version that is not withdrawn, whatever its dates.
    pub fn approved(&self) -> Option<&ArticleVersion> {
        self.current.and_then(|current| self.version(current))
    }

    /// The version with which customers are answered on `day`.
    pub fn in_force(&self, day: Date) -> Option<&ArticleVersion> {
        self.approved().filter(|version| version.text.holds(day))
    }

    /// Where it stands on `day`.
    pub fn standing(&self, day: Date) -> ArticleStanding {
        if self.withdrawn.is_some() {
            return ArticleStanding::Withdrawn;
        }
        match self.approved() {
            None => ArticleStanding::Draft,
            Some(version) if version.text.holds(day) => ArticleStanding::InForce,
            Some(version) if version.text.from.is_some_and(|from| day < from) => ArticleStanding::Waiting,
            Some(_) => ArticleStanding::Expired,
        }
    }
}
