//! What a customer sends and sees. A type of its own, so that nothing internal can slip into it: no notes, no ladder, no
//! ids of people, no findings of an investigation, no compensation that nobody approved.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    scalar::{Instant, Localised},
    sheet::{
        Action, ClockStateWord, Customer, GiveDetail, OutcomeDetail, PinDetail, Rating, SolutionDetail,
        SurveyDetail,
    },
    timeline::EventWord,
    words::{
        ChannelWord, FormWord, GradeWord, KindWord, LanguageWord, MarkWord, PauseWord, PurposeWord,
        ReopenWord, SiteWord, StageWord, UrgencyWord,
    },
};

/// A request to the company.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// Who asks.
    pub customer: Customer,
    /// One line.
    pub subject: String,
    /// The whole text.
    pub body: String,
    /// Language of the customer; Chinese unless said otherwise.
    #[serde(default)]
    pub language: Option<LanguageWord>,
    /// What it is; the company's rules say so if the customer does not.
    #[serde(default)]
    pub kind: Option<KindWord>,
    /// Whether equipment stands still or somebody is in danger.
    #[serde(default)]
    pub urgency: Option<UrgencyWord>,
    /// Where the site is.
    #[serde(default)]
    pub site: Option<SiteWord>,
    /// `web` unless said otherwise; `chat`, `app` and `api` for other doors.
    #[serde(default)]
    pub channel: Option<ChannelWord>,
}

/// What a customer gets for a request.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RequestReceipt {
    /// Number of the ticket.
    pub number: String,
    /// Code with which the customer follows it; send it in the header `Query-Code`.
    pub query_code: String,
    /// When it came in.
    pub received_at: Instant,
    /// Place of the entry in the ledger; none if the receipt is given again.
    pub position: Option<u64>,
    /// Hash of the entry in the ledger, SHA-256 in hexadecimal digits.
    pub hash: String,
    /// Where the receipt is, which proves that the entry is in the signed log: a path that takes the same `Query-Code`.
    pub receipt: String,
    /// Whether the same `Idempotency-Key` was sent before, so that this is the first answer once more.
    pub replayed: bool,
    /// The ticket as the customer sees it.
    pub request: CustomerTicket,
}

/// A ticket as its customer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CustomerTicket {
    /// Number.
    pub number: String,
    /// Version: the `expected_version` of the next command.
    pub version: u32,
    /// The instant as of which everything here is judged.
    pub as_of: Instant,
    /// What it is.
    pub kind: KindWord,
    /// The way it came in.
    pub channel: ChannelWord,
    /// Language.
    pub language: LanguageWord,
    /// One line; none after an erasure.
    pub subject: Option<String>,
    /// The text; none after an erasure.
    pub body: Option<String>,
    /// One's own contact data.
    pub customer: Customer,
    /// When it came in.
    pub received_at: Instant,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Where it stands.
    pub stage: StageWord,
    /// How it was closed.
    pub outcome: Option<OutcomeDetail>,
    /// Round, counted from 1.
    pub round: u32,
    /// Name of the person who handles it.
    pub handler: Option<String>,
    /// Name of the team that handles it.
    pub team: Option<Localised>,
    /// Promises and how they stand.
    pub clocks: Vec<CustomerClock>,
    /// What happened.
    pub timeline: Vec<CustomerTimelineItem>,
    /// What the customer can do, and why not.
    pub actions: Vec<Action>,
    /// The solution that stands.
    pub solution: Option<SolutionDetail>,
    /// Remedies that were offered.
    pub remedies: Vec<CustomerRemedy>,
    /// The survey.
    pub survey: Option<SurveyDetail>,
    /// Letters that judge it.
    pub pins: Vec<PinDetail>,
}

/// A promise to the customer and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CustomerClock {
    /// Number of the letter.
    pub commitment: String,
    /// The promise.
    pub promise: String,
    /// Round.
    pub round: u32,
    /// Title.
    pub title: Localised,
    /// The sentence of the letter.
    pub sentence: Localised,
    /// Its state.
    pub state: ClockStateWord,
    /// When it started.
    pub started_at: Instant,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// The first year that it reaches without official holiday data: the due instant is provisional.
    pub provisional_year: Option<i16>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// Since when it stands still.
    pub paused_since: Option<Instant>,
    /// What is left, in working time.
    pub remaining_ms: Option<i64>,
    /// By how much it is late, in working time.
    pub overrun_ms: Option<i64>,
    /// The budget in words.
    pub budget: Localised,
    /// The whole budget as working time, where it can be told.
    pub budget_ms: Option<i64>,
}

/// A remedy as the customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerRemedy {
    /// Grade of the breach that it is for.
    pub grade: GradeWord,
    /// When it was offered.
    pub proposed_at: Instant,
    /// What is given; empty until a person of the company approved it.
    pub gives: Vec<GiveDetail>,
    /// When it was approved.
    pub approved_at: Option<Instant>,
    /// When it was delivered.
    pub delivered_at: Option<Instant>,
    /// When the customer confirmed it.
    pub confirmed_at: Option<Instant>,
}

/// Who did something, for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The customer.
    Customer,
    /// The company.
    Company,
    /// The product itself.
    System,
}

/// One thing that happened, as the customer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CustomerTimelineItem {
    /// Version of the ticket after it.
    pub seq: u32,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: Side,
    /// Name of the person of the company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What.
    pub event: EventWord,
    /// What was written or said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What the ticket is from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<KindWord>,
    /// Written or oral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormWord>,
    /// What a message was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<PurposeWord>,
    /// What was told to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<MarkWord>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_by: Option<Instant>,
    /// Whether the product answered by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic: Option<bool>,
    /// Deadline for carrying a solution out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carry_out_by: Option<Instant>,
    /// Why clocks stand still or run again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<PauseWord>,
    /// How it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Letter of the term of scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// Term of scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// Why it was opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopened: Option<ReopenWord>,
    /// Ratings that the customer gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratings: Option<Vec<Rating>>,
    /// Grade of a remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<GradeWord>,
    /// Whether an automatic answer helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helpful: Option<bool>,
}
