//! Figures. Durations are milliseconds of working time unless named otherwise; shares are numbers from 0 to 1.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    list::{ClockKey, MemberName},
    scalar::{Instant, Localised, TeamRef, TicketRef},
    words::{DimensionWord, OverdueCauseWord, VerdictWord},
};

/// Of which stretch of time, and of what. Everything given has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiguresFilter {
    /// Tickets received and clocks started at or after. The last 30 days unless said otherwise.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Tickets received and clocks started before. Now unless said otherwise.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// Kinds, separated by commas.
    pub kind: Option<String>,
    /// Channels, separated by commas.
    pub channel: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Person: an id, or `me`.
    pub member: Option<String>,
    /// Letter, by number.
    pub commitment: Option<String>,
    /// Promise.
    pub promise: Option<String>,
    /// Topic.
    pub topic: Option<String>,
    /// What to group by: `kind`, `channel`, `team`, `member`, `topic` or `month`.
    pub group: Option<String>,
    /// At most so many overdue cases, 1 to 1000. 50 unless said otherwise.
    pub limit: Option<u32>,
}

/// How clocks stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct VerdictCounts {
    /// Stopped in time.
    pub met: u64,
    /// Stopped late.
    pub late: u64,
    /// Past the due instant and not stopped.
    pub overdue: u64,
    /// Not yet due.
    pub running: u64,
    /// Open without a due instant.
    pub undated: u64,
    /// Excepted.
    pub excepted: u64,
    /// No longer applied.
    pub void: u64,
}

/// A share with its 95 % interval (Wilson).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Share {
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// The share.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Times of the clocks that were stopped. Percentiles are of the nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Times {
    /// How many.
    pub count: u64,
    /// Mean.
    pub mean_ms: i64,
    /// Half took no longer.
    pub p50_ms: i64,
    /// 90 % took no longer.
    pub p90_ms: i64,
    /// 95 % took no longer.
    pub p95_ms: i64,
    /// 99 % took no longer.
    pub p99_ms: i64,
    /// The longest.
    pub max_ms: i64,
    /// Mean wall-clock time, nights and pauses counted.
    pub wall_mean_ms: i64,
}

/// One bar of a distribution of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimeBar {
    /// Longest time in it; none for the last bar, which holds what is longer.
    pub up_to_ms: Option<i64>,
    /// How many clocks.
    pub clocks: u64,
}

/// One bar of a distribution of budget use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct UseBar {
    /// Greatest share of the budget in it, in percent; none for the last bar, which holds what is more.
    pub up_to_percent: Option<u32>,
    /// How many clocks.
    pub clocks: u64,
}

/// How one promise was kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PromiseFigures {
    /// Number of the letter.
    pub commitment: String,
    /// The promise.
    pub promise: String,
    /// Its title.
    pub title: Localised,
    /// How its clocks stood.
    pub counts: VerdictCounts,
    /// Share met of those that are decided.
    pub service_level: Option<Share>,
    /// Times of those that were stopped.
    pub times: Option<Times>,
    /// Distribution of times.
    pub by_time: Vec<TimeBar>,
    /// Distribution of budget use.
    pub by_use: Vec<UseBar>,
}

/// Satisfaction with one question.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QuestionFigures {
    /// The question.
    pub question: String,
    /// Mean rating.
    pub mean: f64,
    /// Share rated 4 or 5.
    pub satisfied: Share,
    /// Whether that share reaches the letter's standard.
    pub meets_standard: Option<bool>,
    /// Ratings counted, from 1 to 5.
    pub ratings: Vec<u64>,
}

/// Figures of tickets.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TicketFigures {
    /// All.
    pub tickets: u64,
    /// Open ones.
    pub open: u64,
    /// Closed ones.
    pub closed: u64,
    /// Share opened again.
    pub reopened: Option<Share>,
    /// Share that brought a second complaint.
    pub second_complaints: Option<Share>,
    /// Share settled at the first contact.
    pub first_contact: Option<Share>,
    /// Gravest breach minor.
    pub minor_breaches: u64,
    /// Gravest breach major.
    pub major_breaches: u64,
    /// Share of the closed ones that the customer rated.
    pub rated: Option<Share>,
    /// Share of the rated ones with a mean of at least 4.
    pub satisfied: Option<Share>,
    /// Whether that share reaches the letter's standard.
    pub meets_standard: Option<bool>,
    /// Question by question.
    pub questions: Vec<QuestionFigures>,
}

/// Figures of one group.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GroupFigures {
    /// What its rows have in common: a word, an id, a topic or a month; none where they have none.
    pub value: Option<String>,
    /// Its name for people, where it has one.
    pub name: Option<Localised>,
    /// How the clocks of all promises stood.
    pub counts: VerdictCounts,
    /// Share met of all promises together.
    pub service_level: Option<Share>,
    /// Promise by promise.
    pub promises: Vec<PromiseFigures>,
    /// Tickets.
    pub tickets: TicketFigures,
}

/// A clock that was stopped late or is overdue.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverdueCase {
    /// Ticket.
    pub ticket: TicketRef,
    /// Its number.
    pub number: Option<String>,
    /// Its line.
    pub subject: Option<String>,
    /// Clock.
    pub clock: ClockKey,
    /// Title of the promise.
    pub title: Localised,
    /// How it stands.
    pub verdict: VerdictWord,
    /// Owning team.
    pub team: Option<TeamRef>,
    /// Owning person.
    pub member: Option<MemberName>,
    /// When it was due.
    pub due_at: Instant,
    /// When it was stopped after all.
    pub stopped_at: Option<Instant>,
    /// Wall-clock time from the due instant to the stop or to now.
    pub overrun_wall_ms: i64,
    /// Working time beyond the budget, once stopped.
    pub overrun_ms: Option<i64>,
    /// Why.
    pub cause: OverdueCauseWord,
}

/// Figures of a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FiguresReport {
    /// The instant as of which clocks are judged.
    pub as_of: Instant,
    /// Beginning of the stretch.
    pub from: Option<Instant>,
    /// End of the stretch.
    pub to: Option<Instant>,
    /// What groups have in common.
    pub group: Option<DimensionWord>,
    /// How the clocks of all promises stood.
    pub counts: VerdictCounts,
    /// Share met of all promises together.
    pub service_level: Option<Share>,
    /// Promise by promise.
    pub promises: Vec<PromiseFigures>,
    /// Group by group.
    pub groups: Vec<GroupFigures>,
    /// Tickets.
    pub tickets: TicketFigures,
    /// The overdue cases with the longest overrun.
    pub cases: Vec<OverdueCase>,
    /// How many overdue cases there are.
    pub cases_total: u64,
}

/// Overdue cases, longest overrun first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverdueCases {
    /// The instant as of which clocks are judged.
    pub as_of: Instant,
    /// The cases.
    pub cases: Vec<OverdueCase>,
    /// How many there are.
    pub cases_total: u64,
}
