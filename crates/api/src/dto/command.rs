//! Commands as requests: one object with the word under `command`, the expected version if wanted, and its fields.

mod customer;

use serde::Deserialize;
use utoipa::ToSchema;
use yinuo_core::ticket::{Answer, Command, Outcome, Told, UsedArticle};
use yinuo_desk::DeskError;

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
    }
    /// Send an engineer.
    Dispatch(DispatchRequest) = "dispatch" {
        /// Who goes, by when.
        body: String,
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

fn contents(contents: Vec<ContentWord>) -> Vec<yinuo_commitment::Content> {
    contents.into_iter().map(|content| content.0).collect()
}

fn answer(r: ReplyRequest) -> Answer {
    // Whether the article was changed is the desk's to see.
    let used = |used: ArticleUsed| UsedArticle { article: used.id.0, version: used.version, edited: false };
    Answer {
        body: r.body.into(),
        form: r.form.0,
        purpose: r.purpose.0,
        contents: contents(r.contents),
        told: r.told.map(|told| Told { mark: told.mark.0, by: told.by.0 }),
        article: r.article.map(used),
    }
}

impl TryFrom<CommandRequest> for Command {
    type Error = DeskError;

    fn try_from(request: CommandRequest) -> Result<Self, DeskError> {
        use CommandRequest as R;
        Ok(match request {
            R::Classify(r) => Command::Classify { facets: r.facets.into(), why: r.why.into() },
            R::Assign(r) => Command::Assign { team: r.team.0, member: r.member.map(|member| member.0) },
            R::Take(_) => Command::Take,
            R::PickUp(r) => Command::PickUp { rings: r.rings },
            R::EndCall(_) => Command::EndCall,
            R::TellLookup(_) => Command::TellLookup,
            R::Reply(r) => Command::Reply { answer: answer(r) },
            R::RecordWords(r) => Command::RecordWords { body: r.body.into() },
            R::Note(r) => Command::Note { body: r.body.into() },
            R::Contact(r) => Command::Contact { body: r.body.into(), contents: contents(r.contents) },
            R::Dispatch(r) => Command::Dispatch { body: r.body.into() },
            R::Arrive(_) => Command::Arrive,
            R::Solve(r) => Command::Solve { remote: r.remote, body: r.body.into() },
            R::StartInvestigation(r) => Command::StartInvestigation { body: r.body.into() },
            R::Verify(r) => Command::Verify { findings: r.findings.into() },
            R::ProposeSolution(r) => Command::ProposeSolution {
                body: r.body.into(),
                form: r.form.0,
                carry_out_by: r.carry_out_by.map(|by| by.0),
                meets_standard: r.meets_standard,
            },
            R::AcceptSolution(_) => Command::AcceptSolution,
            R::RejectSolution(r) => Command::RejectSolution { reason: r.reason.into() },
            R::CarryOut(r) => Command::CarryOut { body: r.body.into() },
            R::Confirm(_) => Command::Confirm,
            R::Pause(r) => Command::Pause { reason: r.reason.0, note: r.note.into() },
            R::Resume(r) => Command::Resume { reason: r.reason.0 },
            R::GrantException(r) => Command::GrantException {
                ground: r.ground.0,
                evidence: r.evidence.into(),
                word: r.word,
                alternative: r.alternative.into(),
            },
            R::LiftException(r) => Command::LiftException { ground: r.ground.0 },
            R::CallMediation(r) => Command::CallMediation { mediator: r.mediator.into() },
            R::ConcludeMediation(r) => {
                Command::ConcludeMediation { outcome: r.outcome.into(), cost_fen: r.cost_fen }
            }
            R::ReportLoss(r) => Command::ReportLoss { major: r.major, body: r.body.into() },
            R::FindConcealment(r) => Command::FindConcealment { body: r.body.into() },
            R::Close(r) => Command::Close { note: r.note.as_str().into(), outcome: r.outcome()? },
            R::Reopen(r) => Command::Reopen { reason: r.reason.0, body: r.body.into() },
            R::AnswerSurvey(r) => Command::AnswerSurvey {
                ratings: r.ratings.into_iter().map(|rating| (rating.question, rating.rating)).collect(),
                comment: r.comment.into(),
            },
            R::CallBack(r) => Command::CallBack { body: r.body.into() },
            R::ProposeRemedy(r) => Command::ProposeRemedy {
                grade: r.grade.0,
                notice: r.notice.into(),
                form: r.form.0,
                gives: r.gives.into_iter().map(Into::into).collect(),
            },
            R::ApproveRemedy(r) => Command::ApproveRemedy { grade: r.grade.0 },
            R::DeliverRemedy(r) => Command::DeliverRemedy { grade: r.grade.0, note: r.note.into() },
            R::ConfirmRemedy(r) => Command::ConfirmRemedy { grade: r.grade.0 },
            R::JudgeAnswer(r) => Command::JudgeAnswer { helpful: r.helpful },
            R::AskForPerson(_) => Command::AskForPerson,
            R::CorrectCustomer(r) => {
                Command::CorrectCustomer { customer: r.customer.into(), why: r.why.into() }
            }
        })
    }
}

impl CloseRequest {
    /// How the ticket ends. A missing term is left to the rule that refuses it by name.
    fn outcome(self) -> Result<Outcome, DeskError> {
        Ok(match self.outcome {
            OutcomeWord::Settled => Outcome::Settled,
            OutcomeWord::Withdrawn => Outcome::Withdrawn,
            OutcomeWord::Unresolved => Outcome::Unresolved,
            OutcomeWord::OutOfScope => Outcome::OutOfScope {
                commitment: self.commitment.unwrap_or_default(),
                term: self.term.unwrap_or_default(),
            },
            OutcomeWord::Duplicate => {
                let of = self.of.ok_or_else(|| {
                    DeskError::invalid(
                        "of",
                        "请填写继续处理的那张工单的编号（of）。",
                        "Name the ticket that goes on in `of`.",
                    )
                })?;
                Outcome::Duplicate { of: of.0 }
            }
        })
    }
}
