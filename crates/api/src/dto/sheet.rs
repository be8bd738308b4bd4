//! One ticket with everything its page shows, for the company's people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinuo_commitment::{Give, says_nothing};
use yinuo_core::words::Words;

use super::{
    assessment::AssessmentDetail,
    list::{ClockKey, Facets, MemberName},
    scalar::{Instant, Localised, TeamRef, TicketRef},
    timeline::{ActorDetail, TimelineItem},
    words::{
        ChannelWord, CommandWord, ErasureWord, FieldWord, FormWord, GradeWord, GroundWord, KindWord,
        LanguageWord, PauseWord, RuleWord, StageWord,
    },
};

/// A customer's name and contact data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// Name; none after an erasure.
    #[serde(default)]
    pub name: Option<String>,
    /// Phone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Postal address.
    #[serde(default)]
    pub address: Option<String>,
}

impl From<&yinuo_core::ticket::Customer> for Customer {
    fn from(customer: &yinuo_core::ticket::Customer) -> Self {
        let text = |words: &Words| words.text().map(str::to_owned);
        Self {
            name: text(&customer.name),
            phone: customer.phone.as_ref().and_then(text),
            email: customer.email.as_ref().and_then(text),
            address: customer.address.as_ref().and_then(text),
        }
    }
}

impl From<Customer> for yinuo_core::ticket::Customer {
    fn from(customer: Customer) -> Self {
        let words = |text: Option<String>| text.filter(|text| !says_nothing(text)).map(Words::from);
        Self {
            name: words(customer.name).unwrap_or_default(),
            phone: words(customer.phone),
            email: words(customer.email),
            address: words(customer.address),
        }
    }
}

/// A ticket as of an instant.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TicketDetail {
    /// Id.
    pub id: TicketRef,
    /// Number that people see.
    pub number: String,
    /// Version: the `expected_version` of the next command.
    pub version: u32,
    /// The instant as of which everything here is judged.
    pub as_of: Instant,
    /// What it is.
    pub kind: KindWord,
    /// Its classification.
    pub facets: Facets,
    /// What was made of its text; none if it came in before that was kept.
    pub assessment: Option<AssessmentDetail>,
    /// The way it came in.
    pub channel: ChannelWord,
    /// Language of the customer.
    pub language: LanguageWord,
    /// One line; none after an erasure.
    pub subject: Option<String>,
    /// The text of the request; none after an erasure.
    pub body: Option<String>,
    /// Who asks. How to reach the customer is masked (`138****1234`), for some roles the name too.
    pub customer: Customer,
    /// What is masked; the command `reveal` shows it, if the role allows.
    pub revealable: Vec<FieldWord>,
    /// How the customer's data were erased, if they were.
    pub erased: Option<ErasureDetail>,
    /// Id in the system it was imported from.
    pub external: Option<String>,
    /// When it came in.
    pub received_at: Instant,
    /// When something last happened.
    pub last_at: Instant,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Where it stands.
    pub stage: StageWord,
    /// How it was closed.
    pub outcome: Option<OutcomeDetail>,
    /// Round, counted from 1; a reopening begins the next.
    pub round: u32,
    /// Who owns it.
    pub owner: Option<Owner>,
    /// Its clocks.
    pub clocks: Vec<ClockDetail>,
    /// Everything that happened, in order.
    pub timeline: Vec<TimelineItem>,
    /// Every command, and whether it can be given now.
    pub actions: Vec<Action>,
    /// Breaches by the rules of the letters.
    pub breaches: Vec<BreachDetail>,
    /// What the letters' tables give for the misses; a person proposes and approves it.
    pub compensation: Vec<CompensationProposal>,
    /// Remedies of all rounds.
    pub remedies: Vec<RemedyDetail>,
    /// The solution that stands.
    pub solution: Option<SolutionDetail>,
    /// Pauses and exceptions that last.
    pub pauses: Vec<OpenPause>,
    /// The survey that the customer may answer or has answered.
    pub survey: Option<SurveyDetail>,
    /// Published terms that a refusal as out of scope can name.
    pub scope_terms: Vec<ScopeTermDetail>,
    /// Letters that judge it.
    pub pins: Vec<PinDetail>,
    /// Version of the time-zone database when it came in.
    pub tzdb: String,
    /// Whether that is another version than the one in use.
    pub tzdb_differs: bool,
}

/// How the personal data of a customer were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErasureDetail {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: ActorDetail,
    /// Why.
    pub reason: ErasureWord,
    /// Why, in words.
    pub text: Localised,
}

/// Who owns a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Owner {
    /// The team.
    pub team: TeamRef,
    /// The person.
    pub member: Option<MemberName>,
    /// Since when.
    pub since: Instant,
}

/// How a ticket was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeDetail {
    /// `settled`, `withdrawn`, `unresolved`, `out-of-scope` or `duplicate`.
    pub word: String,
    /// Letter of the term of scope.
    pub commitment: Option<String>,
    /// Number of the term of scope.
    pub term: Option<String>,
    /// The ticket that goes on.
    pub of: Option<TicketRef>,
}

/// State of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockStateWord {
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// Stopped in time.
    Met,
    /// Late.
    Missed,
    /// Excepted.
    Excepted,
    /// No longer applies.
    Void,
}

/// Where a clock comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockSourceWord {
    /// A promise of a letter.
    Promise,
    /// A breach demands a remedy.
    Remedy,
    /// A low rating demands a call-back.
    LowRating,
}

/// A clock as of the sheet's instant. Durations are working time on its calendar, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClockDetail {
    /// Which.
    pub key: ClockKey,
    /// Version of the letter.
    pub commitment_version: u32,
    /// Where it comes from.
    pub source: ClockSourceWord,
    /// Title of the promise.
    pub title: Localised,
    /// Its state.
    pub state: ClockStateWord,
    /// When it started.
    pub started_at: Instant,
    /// When it is due; none while a pause keeps it open or nothing says when.
    pub due_at: Option<Instant>,
    /// The first year that it reaches without official holiday data: the due instant is provisional.
    pub provisional_year: Option<i16>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// By when the customer was told, for promises that run to a told instant.
    pub told_at: Option<Instant>,
    /// Since when it stands still.
    pub paused_since: Option<Instant>,
    /// What is left.
    pub remaining_ms: Option<i64>,
    /// What was left when it was met.
    pub margin_ms: Option<i64>,
    /// By how much it is late.
    pub overrun_ms: Option<i64>,
    /// Working time used up to the end, or so far.
    pub worked_ms: i64,
    /// The whole budget as working time, where it can be told.
    pub budget_ms: Option<i64>,
    /// The budget in words.
    pub budget: Localised,
    /// Name of its calendar in the letter.
    pub calendar: Option<String>,
    /// How grave a miss is.
    pub grade: Option<GradeWord>,
    /// Whether `derivation` has something to show.
    pub derivable: bool,
    /// Ladder steps, fired and to come, in order.
    pub alarms: Vec<AlarmDetail>,
}

/// A ladder step or due of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlarmDetail {
    /// The step: `share`, `due` or `after`.
    pub step: StepWord,
    /// Percent of the budget, for `share`.
    pub percent: Option<u8>,
    /// Time after the due instant, for `after`.
    pub after_ms: Option<i64>,
    /// When it is or was due to fire.
    pub planned_at: Instant,
    /// When it fired; later than planned if nobody ran the clock in between.
    pub fired_at: Option<Instant>,
}

/// Kind of a ladder step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepWord {
    /// A share of the budget is used.
    Share,
    /// The due instant.
    Due,
    /// Some time after it.
    After,
}

/// A command, and whether it can be given now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Action {
    /// The command.
    pub command: CommandWord,
    /// Whether role and state allow it.
    pub allowed: bool,
    /// Why not.
    pub reason: Option<Reason>,
}

/// Why something is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// Stable code.
    pub code: String,
    /// Rule of the letters behind it.
    pub rule: Option<RuleWord>,
    /// What to tell the person.
    pub text: Localised,
}

/// A breach of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BreachDetail {
    /// Number of the letter.
    pub commitment: String,
    /// Round.
    pub round: u32,
    /// How grave.
    pub grade: GradeWord,
    /// When it came about.
    pub at: Instant,
    /// Why.
    pub cause: CauseWord,
    /// The clock that was missed.
    pub clock: Option<ClockKey>,
}

/// Why something is a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CauseWord {
    /// A promise was missed.
    Missed,
    /// A solution short of the standard was accepted.
    ShortAccepted,
    /// A solution short of the standard was rejected.
    ShortRejected,
    /// A solution was not carried out in time.
    NotCarriedOut,
    /// Complaint content was hidden.
    Concealed,
}

/// What a compensation consists of: exactly one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Give)]
pub enum GiveDetail {
    /// That share off the service fee, in percent, 1 to 100.
    FeeReductionPercent(u8),
    /// A service on top.
    AddedService(Localised),
}

impl From<&Give> for GiveDetail {
    fn from(give: &Give) -> Self {
        match give {
            Give::FeeReduction(percent) => Self::FeeReductionPercent(*percent),
            Give::AddedService(text) => Self::AddedService(text.into()),
        }
    }
}

impl From<GiveDetail> for Give {
    fn from(give: GiveDetail) -> Self {
        match give {
            GiveDetail::FeeReductionPercent(percent) => Self::FeeReduction(percent),
            GiveDetail::AddedService(text) => Self::AddedService(text.into()),
        }
    }
}

/// What a letter's table gives for one missed promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CompensationProposal {
    /// The promise.
    pub promise: String,
    /// What is given.
    pub give: GiveDetail,
}

/// A remedy for the breaches of one grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RemedyDetail {
    /// Round.
    pub round: u32,
    /// Grade.
    pub grade: GradeWord,
    /// When it was proposed to the customer.
    pub proposed_at: Instant,
    /// Form of the notice.
    pub form: FormWord,
    /// What is given.
    pub gives: Vec<GiveDetail>,
    /// When a person approved it.
    pub approved_at: Option<Instant>,
    /// When it was delivered.
    pub delivered_at: Option<Instant>,
    /// When the customer confirmed it.
    pub confirmed_at: Option<Instant>,
}

/// A proposed solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SolutionDetail {
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Deadline for carrying it out.
    pub carry_out_by: Instant,
    /// Whether it meets the published standard.
    pub meets_standard: bool,
    /// Whether the customer accepted it; none while the customer's word is awaited.
    pub accepted: Option<bool>,
    /// When it was carried out.
    pub carried_out_at: Option<Instant>,
}

/// A pause or exception that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenPause {
    /// Why clocks stand still.
    pub reason: PauseWord,
    /// Ground, if it is an exception.
    pub ground: Option<GroundWord>,
    /// Since when.
    pub since: Instant,
}

/// The satisfaction survey of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SurveyDetail {
    /// Questions, each rated 1 to 5.
    pub questions: Vec<String>,
    /// Whether it can be answered now.
    pub open: bool,
    /// The answer.
    pub answer: Option<SurveyAnswer>,
}

/// An answer to the survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SurveyAnswer {
    /// When.
    pub at: Instant,
    /// Ratings.
    pub ratings: Vec<Rating>,
    /// Whether one of them is low by the letter's terms.
    pub low: bool,
}

/// A rating of one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// The question.
    pub question: String,
    /// 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub rating: u8,
}

/// A published term of scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScopeTermDetail {
    /// Number of the letter.
    pub commitment: String,
    /// Number of the term.
    pub term: String,
    /// Whether what it describes is inside the scope.
    pub inside: bool,
    /// Its sentence.
    pub text: Localised,
}

/// A letter that judges a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PinDetail {
    /// Number.
    pub number: String,
    /// Version.
    pub version: u32,
    /// Content hash.
    pub hash: String,
    /// Title.
    pub title: Localised,
}
