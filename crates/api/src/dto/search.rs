//! Searching tickets.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yinuo_ledger::Audience;

use super::{
    article::StandingWord,
    list::{OpenOrClosed, TicketLine},
    scalar::{ArticleRef, Instant, Localised, TeamRef},
    words::{ChannelWord, KindWord, LanguageWord, PartWord},
};

/// Which texts of a ticket are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SearchedTexts {
    /// All of them, notes between colleagues included.
    #[default]
    All,
    /// What the customer wrote and was sent.
    Customer,
}

impl From<SearchedTexts> for Audience {
    fn from(texts: SearchedTexts) -> Self {
        match texts {
            SearchedTexts::All => Audience::Staff,
            SearchedTexts::Customer => Audience::Customer,
        }
    }
}

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Words, phrases in quotation marks, `-` before what is to be left out, and `kind:`, `channel:`, `state:`, `team:`,
    /// `urgency:`, `severity:`, `complexity:`, `topic:`, `from:`, `to:`, in Chinese or English.
    #[serde(default)]
    pub q: String,
    /// Which texts. All unless said otherwise.
    #[serde(default, rename = "in")]
    #[param(inline)]
    pub texts: SearchedTexts,
    /// Where to go on: the `next` of the answer before.
    pub after: Option<String>,
    /// At most so many, 1 to 50. 20 unless said otherwise.
    pub limit: Option<u32>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchPiece {
    /// The text; personal data are masked.
    pub text: String,
    /// Whether it is what was searched for.
    pub hit: bool,
}

/// A cut of a text that shows hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchSnippet {
    /// Its pieces in order.
    pub pieces: Vec<SearchPiece>,
    /// Whether the text goes on before it.
    pub cut_before: bool,
    /// Whether the text goes on after it.
    pub cut_after: bool,
}

/// A part of a ticket in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchPart {
    /// What it is.
    pub part: PartWord,
    /// Which entry of the ticket it comes from, from 1.
    pub seq: u32,
    /// When that happened.
    pub at: Instant,
    /// Where the hits are.
    pub snippets: Vec<SearchSnippet>,
}

/// A ticket that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SearchHit {
    /// The ticket; personal data in its subject are masked.
    pub ticket: TicketLine,
    /// Where the words stand; none if only filters were asked for.
    pub parts: Vec<SearchPart>,
}

/// How many tickets of a kind were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HitsOfKind {
    /// The kind.
    pub kind: KindWord,
    /// How many.
    pub tickets: u64,
}

/// How many tickets of a channel were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HitsOfChannel {
    /// The channel.
    pub channel: ChannelWord,
    /// How many.
    pub tickets: u64,
}

/// How many tickets of a team were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HitsOfTeam {
    /// The team.
    pub team: TeamRef,
    /// Its name.
    pub name: Localised,
    /// How many.
    pub tickets: u64,
}

/// How many open or closed tickets were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HitsOfState {
    /// Open or closed.
    pub state: OpenOrClosed,
    /// How many.
    pub tickets: u64,
}

/// How many tickets were found that were received on a day or later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HitsSince {
    /// The day, in the zone of the company, as in `2026-11-21`.
    pub from: String,
    /// How many.
    pub tickets: u64,
}

/// How many tickets there are of each sort, each counted as if nothing of its sort were chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchFacets {
    /// By kind.
    pub kinds: Vec<HitsOfKind>,
    /// By channel.
    pub channels: Vec<HitsOfChannel>,
    /// By team.
    pub teams: Vec<HitsOfTeam>,
    /// Open and closed.
    pub states: Vec<HitsOfState>,
    /// Since today, and since some days before.
    pub since: Vec<HitsSince>,
}

/// An article in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundArticle {
    /// The article.
    pub id: ArticleRef,
    /// Its version.
    pub version: u32,
    /// Where it stands today.
    pub standing: StandingWord,
    /// In which language something was found.
    pub language: LanguageWord,
    /// Its question.
    pub title: String,
    /// Where the hits are in its answer.
    pub snippets: Vec<SearchSnippet>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// Articles, those that answer today first; with the first part only, and not if filters choose tickets.
    pub articles: Vec<FoundArticle>,
    /// Tickets, received last first.
    pub hits: Vec<SearchHit>,
    /// Where the next part begins: the `after` of the next query. None on the last part.
    pub next: Option<String>,
    /// How many there are among those that were counted.
    pub total: u64,
    /// If more were found than are counted: how many were counted, the newest ones.
    pub counted: Option<u64>,
    /// What they are, of those that were counted.
    pub facets: SearchFacets,
    /// Records that the index has not taken up yet: what they say is found in a moment.
    pub behind: u64,
}
