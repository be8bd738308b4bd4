//! The recorded form of every event of a ticket. Adding an event is adding a line here and a fixture in
//! `tests/history`; a line that has landed never changes.

use jiff::Timestamp;
use yinuo_commitment::{Channel, Content, Facets, Form, Give, Grade, Ground, Language, PauseReason};
use yinuo_core::{
    clock::{ClockKey, StepAt},
    id::{ArticleId, MemberId, TeamId},
    personal::PersonalField,
    ticket::{
        Assessment, AssignReason, Classifier, Customer, Event, Outcome, Pin, Purpose, ReopenReason, Told,
    },
    words::Words,
};

use super::values::recorded_enum;

recorded_enum!(
    #[expect(clippy::large_enum_variant, reason = "a form lives only while its record is encoded or decoded")]
    EventForm for Event {
    Received {
        number: String,
        query_code: Words,
        channel: Channel,
        customer: Customer,
        subject: Words,
        body: Words,
        language: Language,
        pins: Vec<Pin>,
        tzdb: String,
        external: Option<String>,
    },
    Classified { facets: Facets, by: Classifier, why: Words },
    Assessed { assessment: Assessment },
    ClassificationConfirmed,
    Assigned { team: TeamId, member: Option<MemberId>, reason: AssignReason },
    LeftUnassigned,
    PickedUp { rings: u32 },
    CallEnded,
    LookupTold,
    Replied {
        body: Words,
        form: Form,
        purpose: Purpose,
        contents: Vec<Content>,
        told: Option<Told>,
        automatic: bool,
    },
    CustomerWrote { body: Words },
    Noted { body: Words },
    Contacted { body: Words, contents: Vec<Content> },
    Dispatched { body: Words },
    Arrived,
    Solved { remote: bool, body: Words },
    InvestigationStarted { body: Words },
    VerifiedOnSite { findings: Words },
    SolutionProposed { body: Words, form: Form, carry_out_by: Timestamp, meets_standard: bool },
    SolutionAccepted,
    SolutionRejected { reason: Words },
    CarriedOut { body: Words },
    Confirmed,
    Paused { reason: PauseReason, note: Words },
    Resumed { reason: PauseReason },
    ExceptionGranted { ground: Ground, evidence: Words, word_at: Timestamp, alternative: Words },
    ExceptionLifted { ground: Ground },
    MediationCalled { mediator: Words },
    MediationConcluded { outcome: Words, cost_fen: u64 },
    LossReported { major: bool, body: Words },
    ConcealmentFound { body: Words },
    Closed { outcome: Outcome, note: Words },
    Reopened { reason: ReopenReason, body: Words },
    Surveyed { ratings: Vec<(String, u8)>, low: bool, comment: Words },
    CalledBack { body: Words },
    RemedyProposed { grade: Grade, notice: Words, form: Form, gives: Vec<Give> },
    RemedyApproved { grade: Grade },
    RemedyDelivered { grade: Grade, note: Words },
    RemedyConfirmed { grade: Grade },
    CustomerCorrected { customer: Customer, why: Words },
    Revealed { fields: Vec<PersonalField>, reason: Words },
    AnswerGiven { article: ArticleId, version: u32, permille: u32, method: u32 },
    ArticleUsed { article: ArticleId, version: u32, edited: bool },
    AnswerJudged { article: ArticleId, version: u32, helpful: bool },
    PersonAsked,
    WordingOverridden { objections: Vec<String>, reason: Words },
    AlarmFired { clock: ClockKey, step: StepAt, planned_at: Timestamp, noticed_at: Timestamp },
});

impl super::Dated for Event {
    fn since(&self) -> u32 {
        match self {
            Event::AnswerGiven { .. }
            | Event::ArticleUsed { .. }
            | Event::AnswerJudged { .. }
            | Event::PersonAsked
            | Event::Assessed { .. }
            | Event::ClassificationConfirmed
            | Event::WordingOverridden { .. } => 3,
            Event::Revealed { fields, .. } if fields.contains(&PersonalField::Texts) => 3,
            Event::Revealed { .. } => 2,
            _ => 1,
        }
    }
}
