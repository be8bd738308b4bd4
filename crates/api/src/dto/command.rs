//! Commands as requests: one object with the word under `command`, the expected version if wanted, and its fields.

mod customer;
mod decode;

use serde::Deserialize;
use utoipa::ToSchema;

pub use customer::CustomerCommandRequest;

use super::{
    list::Facets,
    scalar::{ArticleRef, Instant, MemberRef, TeamRef, TicketRef},
    sheet::{Customer, GiveDetail, Rating},
    words::{ContentWord, FormWord, GradeWord, GroundWord, MarkWord, PauseWord, PurposeWord, ReopenWord},
};

/// What a message tells about the time of something still to come.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Told)]
pub struct ToldRequest {
    /// What will follow.
    pub mark: MarkWord,
    /// By when.
    pub by: Instant,
}

/// How a ticket is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Outcome)]
pub enum OutcomeWord {
    /// Answered, repaired or settled as promised.
    Settled,
    /// The customer took the request back.
    Withdrawn,
    /// The case ends without agreement.
    Unresolved,
    /// Outside the published scope; `commitment` and `term` name the term.
    OutOfScope,
    /// The same request as the ticket `of`.
    Duplicate,
}

/// An article of the knowledge base that a message was made from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleUsed {
    /// Its id.
    pub id: ArticleRef,
    /// Its version.
    pub version: u32,
}

/// Declares the requests: a structure for each command, and the union of them.
macro_rules! requests {
    ($($(#[$doc:meta])* $variant:ident($name:ident) = $word:tt {
        $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
    })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name {
                /// Version that the sender has seen; if the ticket has moved on, the answer is 409 with the newer state.
                #[serde(default)]
                pub expected_version: Option<u32>,
                $($(#[$fdoc])* pub $field: $type,)*
            }
        )+

        /// A command to a ticket.
        #[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
        #[serde(tag = "command")]
        pub enum CommandRequest {
            $($(#[$doc])* #[serde(rename = $word)] $variant($name),)+
        }

        impl CommandRequest {
            /// The words of all commands that can be given over HTTP.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The version that the sender has seen.
            pub const fn expected_version(&self) -> Option<u32> {
                match self { $(CommandRequest::$variant(request) => request.expected_version,)+ }
            }
        }
    };
}

requests! {
    /// Say anew what the ticket is.
    Classify(ClassifyRequest) = "classify" {
        /// What it is.
        facets: Facets,
        /// Why.
        #[serde(default)]
        why: String,
    }
    /// Say that the classification is right.
    ConfirmClassification(ConfirmClassificationRequest) = "confirm-classification" {}
    /// Give the ticket to a team and a person.
    Assign(AssignRequest) = "assign" {
        /// The team.
        team: TeamRef,
        /// The person; none leaves it with the team.
        #[serde(default)]
        member: Option<MemberRef>,
    }
    /// Take the ticket oneself.
    Take(TakeRequest) = "take" {}
    /// Pick up the phone.
    PickUp(PickUpRequest) = "pick-up" {
        /// Rings until then.
        rings: u32,
    }
    /// End the call.
    EndCall(EndCallRequest) = "end-call" {}
    /// Tell the caller that the question has to be looked up.
    TellLookup(TellLookupRequest) = "tell-lookup" {}
    /// Send a message to the customer.
    Reply(ReplyRequest) = "reply" {
        /// What it says.
        body: String,
        /// Written or oral; written unless said otherwise.
        #[serde(default = "written")]
        form: FormWord,
        /// What it is for; an ordinary reply unless said otherwise.
        #[serde(default = "reply")]
        purpose: PurposeWord,
        /// What it contains.
        #[serde(default)]
        contents: Vec<ContentWord>,
        /// What it tells about the time of something still to come.
        #[serde(default)]
        told: Option<ToldRequest>,
        /// The article of the knowledge base that it was made from.
        #[serde(default)]
        article: Option<ArticleUsed>,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Record what the customer wrote or said.
    RecordWords(RecordWordsRequest) = "record-words" {
        /// What.
        body: String,
    }
    /// Note something for colleagues.
    Note(NoteRequest) = "note" {
        /// What.
        body: String,
    }
    /// Record the contact with the customer about a repair.
    Contact(ContactRequest) = "contact" {
        /// What came out of it.
        body: String,
        /// What was told: severity, plan.
        #[serde(default)]
        contents: Vec<ContentWord>,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Send an engineer.
    Dispatch(DispatchRequest) = "dispatch" {
        /// Who goes, by when.
        body: String,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Record the arrival on site.
    Arrive(ArriveRequest) = "arrive" {}
    /// Record that the repair is done.
    Solve(SolveRequest) = "solve" {
        /// From afar.
        #[serde(default)]
        remote: bool,
        /// What was done.
        body: String,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Start the investigation of a complaint.
    StartInvestigation(StartInvestigationRequest) = "start-investigation" {
        /// What is investigated, by whom.
        body: String,
    }
    /// Record the verification on site.
    Verify(VerifyRequest) = "verify" {
        /// Findings.
        findings: String,
    }
    /// Propose a solution.
    ProposeSolution(ProposeSolutionRequest) = "propose-solution" {
        /// What is offered.
        body: String,
        /// In writing or by word; written unless said otherwise.
        #[serde(default = "written")]
        form: FormWord,
        /// Deadline for carrying it out; a solution without one is refused by rule `solution-deadline`.
        #[serde(default)]
        carry_out_by: Option<Instant>,
        /// Whether it meets the published standard; it does unless said otherwise.
        #[serde(default = "yes")]
        meets_standard: bool,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Record that the customer accepts the solution.
    AcceptSolution(AcceptSolutionRequest) = "accept-solution" {}
    /// Record that the customer rejects the solution.
    RejectSolution(RejectSolutionRequest) = "reject-solution" {
        /// Why.
        reason: String,
    }
    /// Record that the solution was carried out.
    CarryOut(CarryOutRequest) = "carry-out" {
        /// What was done.
        body: String,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Record the customer's confirmation.
    Confirm(ConfirmRequest) = "confirm" {}
    /// Let the clocks that allow it stand still.
    Pause(PauseRequest) = "pause" {
        /// Why.
        reason: PauseWord,
        /// What is awaited.
        #[serde(default)]
        note: String,
    }
    /// Let the clocks run again.
    Resume(ResumeRequest) = "resume" {
        /// Which pause ends.
        reason: PauseWord,
    }
    /// Record an exception.
    GrantException(GrantExceptionRequest) = "grant-exception" {
        /// Ground.
        ground: GroundWord,
        /// Evidence.
        #[serde(default)]
        evidence: String,
        /// The message that told the customer: its `seq` in the timeline.
        #[serde(default)]
        word: Option<u32>,
        /// The alternative solution that was offered.
        #[serde(default)]
        alternative: String,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Record that the ground of an exception ended.
    LiftException(LiftExceptionRequest) = "lift-exception" {
        /// Which.
        ground: GroundWord,
    }
    /// Call in a mediator.
    CallMediation(CallMediationRequest) = "call-mediation" {
        /// Who.
        mediator: String,
    }
    /// Record the end of the mediation.
    ConcludeMediation(ConcludeMediationRequest) = "conclude-mediation" {
        /// Outcome.
        outcome: String,
        /// Cost in fen.
        #[serde(default)]
        cost_fen: u64,
    }
    /// Record a loss of the customer.
    ReportLoss(ReportLossRequest) = "report-loss" {
        /// Whether it is major.
        major: bool,
        /// Which.
        body: String,
    }
    /// Record that complaint content was hidden.
    FindConcealment(FindConcealmentRequest) = "find-concealment" {
        /// What.
        body: String,
    }
    /// Close the ticket.
    Close(CloseRequest) = "close" {
        /// How it ends.
        outcome: OutcomeWord,
        /// Letter of the term of scope, for `out-of-scope`.
        #[serde(default)]
        commitment: Option<String>,
        /// Number of the term of scope, for `out-of-scope`.
        #[serde(default)]
        term: Option<String>,
        /// The ticket that goes on, for `duplicate`.
        #[serde(default)]
        of: Option<TicketRef>,
        /// Last words.
        #[serde(default)]
        note: String,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Open a closed ticket again.
    Reopen(ReopenRequest) = "reopen" {
        /// Why.
        reason: ReopenWord,
        /// What the customer says.
        body: String,
    }
    /// Record the customer's answer to the survey.
    AnswerSurvey(AnswerSurveyRequest) = "answer-survey" {
        /// Ratings, 1 to 5 each.
        ratings: Vec<Rating>,
        /// In own words.
        #[serde(default)]
        comment: String,
    }
    /// Record the call-back of a dissatisfied customer.
    CallBack(CallBackRequest) = "call-back" {
        /// What came out of it.
        body: String,
    }
    /// Propose a remedy for the breaches of one grade.
    ProposeRemedy(ProposeRemedyRequest) = "propose-remedy" {
        /// Grade.
        grade: GradeWord,
        /// The notice.
        notice: String,
        /// Its form; written unless said otherwise.
        #[serde(default = "written")]
        form: FormWord,
        /// What is given.
        #[serde(default)]
        gives: Vec<GiveDetail>,
        /// Why it is sent although the check of wording blocks it. Only for those who may; it stays on record.
        #[serde(default)]
        override_reason: Option<String>,
    }
    /// Approve the remedy.
    ApproveRemedy(ApproveRemedyRequest) = "approve-remedy" {
        /// Grade.
        grade: GradeWord,
    }
    /// Record the delivery of the remedy.
    DeliverRemedy(DeliverRemedyRequest) = "deliver-remedy" {
        /// Grade.
        grade: GradeWord,
        /// Evidence.
        #[serde(default)]
        note: String,
    }
    /// Record that the customer confirmed the remedy.
    ConfirmRemedy(ConfirmRemedyRequest) = "confirm-remedy" {
        /// Grade.
        grade: GradeWord,
    }
    /// Correct contact data.
    CorrectCustomer(CorrectCustomerRequest) = "correct-customer" {
        /// As they should be.
        customer: Customer,
        /// Why.
        #[serde(default)]
        why: String,
    }
    /// Say whether the automatic answer helped; for the customer only.
    JudgeAnswer(JudgeAnswerRequest) = "judge-answer" {
        /// Whether it did. A question that it settles is closed.
        helpful: bool,
    }
    /// Ask for a person instead of the automatic answer; for the customer only.
    AskForPerson(AskForPersonRequest) = "ask-for-person" {}
}

const fn yes() -> bool {
    true
}

const fn written() -> FormWord {
    FormWord(yinuo_commitment::Form::Written)
}

const fn reply() -> PurposeWord {
    PurposeWord(yinuo_core::ticket::Purpose::Reply)
}

impl CommandRequest {
    /// Why the message is to be sent although the check of wording blocks it.
    pub fn override_reason(&self) -> Option<&str> {
        use CommandRequest as R;
        let reason = match self {
            R::Reply(r) => &r.override_reason,
            R::Contact(r) => &r.override_reason,
            R::Dispatch(r) => &r.override_reason,
            R::Solve(r) => &r.override_reason,
            R::ProposeSolution(r) => &r.override_reason,
            R::CarryOut(r) => &r.override_reason,
            R::GrantException(r) => &r.override_reason,
            R::Close(r) => &r.override_reason,
            R::ProposeRemedy(r) => &r.override_reason,
            _ => return None,
        };
        reason.as_deref()
    }
}
