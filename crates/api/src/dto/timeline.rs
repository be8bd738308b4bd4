//! What happened to a ticket, item by item.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    list::{ClockKey, Facets, MemberName},
    scalar::{Instant, MemberRef, TeamRef, TicketRef},
    sheet::{Customer, GiveDetail, Rating, StepWord},
    words::{
        ChannelWord, ContentWord, FieldWord, FormWord, GradeWord, GroundWord, MarkWord, PauseWord,
        PurposeWord, ReopenWord, RoleWord,
    },
};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActorWord {
    /// The customer of the ticket.
    Customer,
    /// A person of the company.
    Member,
    /// The product itself.
    System,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Actor)]
pub struct ActorDetail {
    /// Customer, member or system.
    pub kind: ActorWord,
    /// Id of the person.
    pub id: Option<MemberRef>,
    /// Name of the person.
    pub name: Option<String>,
    /// Role at that moment.
    pub role: Option<RoleWord>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Event)]
pub enum EventWord {
    /// The request came in.
    Received,
    /// It was classified.
    Classified,
    /// What was made of its text was put on record.
    Assessed,
    /// A person found the classification right.
    ClassificationConfirmed,
    /// It has an owner.
    Assigned,
    /// Nobody could be found for it.
    LeftUnassigned,
    /// The phone was picked up.
    PickedUp,
    /// The call ended.
    CallEnded,
    /// The caller was told that it must be looked up.
    LookupTold,
    /// A message went to the customer.
    Replied,
    /// The customer wrote or said something.
    CustomerWrote,
    /// A note for colleagues.
    Noted,
    /// The customer was contacted about a repair.
    Contacted,
    /// An engineer was sent.
    Dispatched,
    /// The engineer arrived.
    Arrived,
    /// The repair is done.
    Solved,
    /// The investigation began.
    InvestigationStarted,
    /// Specialists verified on site.
    VerifiedOnSite,
    /// A solution was proposed.
    SolutionProposed,
    /// The customer accepted it.
    SolutionAccepted,
    /// The customer rejected it.
    SolutionRejected,
    /// It was carried out.
    CarriedOut,
    /// The customer confirmed.
    Confirmed,
    /// Clocks stand still.
    Paused,
    /// Clocks run again.
    Resumed,
    /// An exception was recorded.
    ExceptionGranted,
    /// Its ground ended.
    ExceptionLifted,
    /// A mediator was called in.
    MediationCalled,
    /// The mediation ended.
    MediationConcluded,
    /// The customer suffered a loss.
    LossReported,
    /// Complaint content was hidden.
    ConcealmentFound,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// The customer answered the survey.
    Surveyed,
    /// A dissatisfied customer was called back.
    CalledBack,
    /// A remedy was proposed.
    RemedyProposed,
    /// A person approved it.
    RemedyApproved,
    /// It was delivered.
    RemedyDelivered,
    /// The customer confirmed it.
    RemedyConfirmed,
    /// Contact data were corrected.
    CustomerCorrected,
    /// Somebody looked at personal data that are masked otherwise.
    Revealed,
    /// The message before it was an article, given by the product itself.
    AnswerGiven,
    /// The message before it was made from an article.
    ArticleUsed,
    /// The customer said whether an automatic answer helped.
    AnswerJudged,
    /// The customer asked for a person.
    PersonAsked,
    /// The message beside it was sent although the check of wording blocked it.
    WordingOverridden,
    /// A ladder step was reached.
    AlarmFired,
}

/// Why a ticket went where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = AssignReason)]
pub enum AssignWord {
    /// By kind and load.
    Routed,
    /// A person decided.
    Decided,
    /// A ladder step demanded it.
    Escalated,
}

/// Who classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Classifier)]
pub enum ClassifierWord {
    /// The customer chose.
    Customer,
    /// The company's rules.
    Rules,
    /// A person.
    Person,
}

/// One thing that happened. Fields that the event does not have are left out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimelineItem {
    /// Version of the ticket after it; names the message in `grant-exception`. Several items of one decision share it.
    pub seq: u32,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: ActorDetail,
    /// What.
    pub event: EventWord,
    /// What was written or said; absent if nothing was, or after an erasure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether its text was erased.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// What else it says.
    #[serde(flatten)]
    pub details: TimelineDetails,
}

/// What an event says besides its text. Each event has only the fields that belong to it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub struct TimelineDetails {
    /// What the check of wording objected to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objections: Option<Vec<String>>,
    /// The way the request came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelWord>,
    /// Classification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
    /// Who classified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classifier: Option<ClassifierWord>,
    /// Team that owns it from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamRef>,
    /// Person who owns it from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberName>,
    /// Why it went there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<AssignWord>,
    /// Rings before the phone was picked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rings: Option<u32>,
    /// Written or oral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormWord>,
    /// What a message was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<PurposeWord>,
    /// What it contained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contents: Option<Vec<ContentWord>>,
    /// What was told to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<MarkWord>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_by: Option<Instant>,
    /// Whether the product answered by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic: Option<bool>,
    /// Solved from afar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<bool>,
    /// Deadline for carrying a solution out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carry_out_by: Option<Instant>,
    /// Whether a solution meets the published standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meets_standard: Option<bool>,
    /// Why clocks stand still or run again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<PauseWord>,
    /// Ground of an exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<GroundWord>,
    /// When the customer was told about the exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word_at: Option<Instant>,
    /// The alternative that was offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// Cost of a mediation, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_fen: Option<u64>,
    /// Whether a loss is major.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub major: Option<bool>,
    /// How it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Letter that closing or alarm names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// Term of scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// The ticket that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<TicketRef>,
    /// Why it was opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopened: Option<ReopenWord>,
    /// Ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratings: Option<Vec<Rating>>,
    /// Whether a rating is low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<bool>,
    /// Grade of a remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<GradeWord>,
    /// What is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gives: Option<Vec<GiveDetail>>,
    /// Article of the knowledge base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Version of the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_version: Option<u32>,
    /// How probably it answered, in thousandths, as the product said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permille: Option<u32>,
    /// Whether its text was changed before it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited: Option<bool>,
    /// Whether it helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helpful: Option<bool>,
    /// Which personal data were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<FieldWord>>,
    /// Corrected contact data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Clock of an alarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockKey>,
    /// Step of an alarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<StepWord>,
    /// Percent of the budget, for a `share` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Time after the due instant, for an `after` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<i64>,
    /// When the alarm was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<Instant>,
    /// When it was noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noticed_at: Option<Instant>,
}
