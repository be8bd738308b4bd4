//! Lists of tickets.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    scalar::{Instant, Localised, MemberRef, TeamRef, TicketRef},
    words::{
        ChannelWord, ComplexityWord, GradeWord, KindWord, SeverityWord, SiteWord, StageWord, TriageWord,
        UrgencyWord,
    },
};

/// What decides which promises cover a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facets {
    /// What it is.
    pub kind: KindWord,
    /// How urgent.
    pub urgency: UrgencyWord,
    /// How complex.
    pub complexity: ComplexityWord,
    /// How severe.
    pub severity: SeverityWord,
    /// Where the customer's site is.
    pub site: SiteWord,
    /// Whether it is a technical matter.
    pub technical: bool,
    /// What it is about: a short word of the company's own list.
    #[serde(default)]
    pub topic: Option<String>,
}

impl From<&yinuo_commitment::Facets> for Facets {
    fn from(facets: &yinuo_commitment::Facets) -> Self {
        Self {
            kind: facets.kind.into(),
            urgency: facets.urgency.into(),
            complexity: facets.complexity.into(),
            severity: facets.severity.into(),
            site: facets.site.into(),
            technical: facets.technical,
            topic: facets.topic.clone(),
        }
    }
}

impl From<Facets> for yinuo_commitment::Facets {
    fn from(facets: Facets) -> Self {
        Self {
            kind: facets.kind.0,
            urgency: facets.urgency.0,
            complexity: facets.complexity.0,
            severity: facets.severity.0,
            site: facets.site.0,
            technical: facets.technical,
            topic: facets.topic,
        }
    }
}

/// A person in answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberName {
    /// Id.
    pub id: MemberRef,
    /// Name.
    pub name: String,
}

/// Which clock of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClockKey {
    /// Number of the letter.
    pub commitment: String,
    /// The promise; `breach.minor`, `breach.major` and `survey.low` name the clocks that a breach or a low rating opens.
    pub promise: String,
    /// Round, counted from 1.
    pub round: u32,
}

/// The clock that is due next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextDue {
    /// Which.
    #[serde(flatten)]
    pub clock: ClockKey,
    /// Its title.
    pub title: Localised,
}

/// One ticket in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TicketLine {
    /// Id.
    pub id: TicketRef,
    /// Number that people see.
    pub number: String,
    /// What it is.
    pub kind: KindWord,
    /// The way it came in.
    pub channel: ChannelWord,
    /// Its classification.
    pub facets: Facets,
    /// Whether a person has to look at the classification, or has.
    pub triage: Option<TriageWord>,
    /// Where it stands.
    pub stage: StageWord,
    /// How the last round ended.
    pub outcome: Option<String>,
    /// One line; none after an erasure.
    pub subject: Option<String>,
    /// Name of the customer; none after an erasure.
    pub customer: Option<String>,
    /// Owning team.
    pub team: Option<TeamRef>,
    /// Owning person.
    pub member: Option<MemberName>,
    /// When it came in.
    pub received_at: Instant,
    /// When something last happened.
    pub last_at: Instant,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// The earliest due instant of its open clocks; in the past if one is overdue.
    pub next_due_at: Option<Instant>,
    /// Which clock that is.
    pub next_due: Option<NextDue>,
    /// The gravest breach.
    pub breach: Option<GradeWord>,
    /// Round, counted from 1.
    pub round: u32,
    /// Version that the line shows.
    pub version: u32,
}

/// A part of a list, least slack first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TicketList {
    /// Tickets in order.
    pub tickets: Vec<TicketLine>,
    /// Where the next part begins: the `after` of the next query. None on the last part.
    pub next: Option<String>,
    /// The instant as of which the list was made.
    pub as_of: Instant,
}

/// Whether tickets are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OpenOrClosed {
    /// Open ones.
    #[default]
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    Any,
}

/// Which tickets a list shows. Several words of one kind are separated by commas; everything given has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TicketQuery {
    /// Open, closed or any. Open unless said otherwise.
    #[serde(default)]
    #[param(inline)]
    pub state: OpenOrClosed,
    /// Kinds, separated by commas.
    pub kind: Option<String>,
    /// Stages, separated by commas.
    pub stage: Option<String>,
    /// Where a person has to look at the classification (`wanted`), or has (`confirmed`, `corrected`); separated by commas.
    pub triage: Option<String>,
    /// Channels, separated by commas.
    pub channel: Option<String>,
    /// Owning team.
    pub team: Option<String>,
    /// Owning person: an id, or `me`.
    pub member: Option<String>,
    /// Only tickets that no person owns.
    #[serde(default)]
    pub unassigned: bool,
    /// Only tickets with an overdue clock.
    #[serde(default)]
    pub overdue: bool,
    /// Beginning of the number.
    pub number: Option<String>,
    /// Received at or after.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Received before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// Where to go on: the `next` of the answer before.
    pub after: Option<String>,
    /// At most so many, 1 to 200. 50 unless said otherwise.
    pub limit: Option<u32>,
}

/// Open tickets counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TicketCounts {
    /// Open tickets.
    pub open: u64,
    /// Open tickets with an overdue clock.
    pub overdue: u64,
    /// By stage.
    pub by_stage: Vec<StageCount>,
    /// By kind.
    pub by_kind: Vec<KindCount>,
    /// By owning team.
    pub by_team: Vec<TeamCount>,
    /// The instant as of which they were counted.
    pub as_of: Instant,
}

/// Open tickets at one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StageCount {
    /// The stage.
    pub stage: StageWord,
    /// How many.
    pub tickets: u64,
}

/// Open tickets of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: KindWord,
    /// How many.
    pub tickets: u64,
}

/// Open tickets of one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamCount {
    /// The team.
    pub team: TeamRef,
    /// How many.
    pub tickets: u64,
}
