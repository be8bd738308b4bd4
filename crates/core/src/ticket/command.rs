//! What people may ask of a ticket. Commands are imperatives; [`decide`](fn@super::decide) answers with events or a refusal.

use jiff::Timestamp;
use yinuo_commitment::{Channel, Content, Facets, Form, Give, Grade, Ground, Language, PauseReason};

use super::{
    assessment::Assessment,
    event::{Classifier, Customer, Outcome, Pin, Purpose, ReopenReason, Told},
};
use crate::{
    id::{ArticleId, MemberId, TeamId},
    personal::PersonalField,
    words::Words,
};

/// A new request, with everything that was looked up for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Number that people will see.
    pub number: String,
    /// Code with which the customer follows the ticket.
    pub query_code: Words,
    /// The way it came in.
    pub channel: Channel,
    /// Who asks.
    pub customer: Customer,
    /// One line.
    pub subject: Words,
    /// The whole text.
    pub body: Words,
    /// Language of the customer.
    pub language: Language,
    /// What it is.
    pub facets: Facets,
    /// Who says so.
    pub classifier: Classifier,
    /// Why, for people.
    pub why: Words,
    /// What was made of its text; none if nobody asked.
    pub assessment: Option<Assessment>,
    /// Commitments in force.
    pub pins: Vec<Pin>,
    /// Version of the time-zone database.
    pub tzdb: String,
    /// Id in the system it is imported from.
    pub external: Option<String>,
}

/// Texts and statements of a message to the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What it says.
    pub body: Words,
    /// Written or spoken.
    pub form: Form,
    /// What it is for.
    pub purpose: Purpose,
    /// What it contains, as stated by the sender.
    pub contents: Vec<Content>,
    /// What it tells about the time of something still to come.
    pub told: Option<Told>,
    /// The article of the knowledge base that it was made from.
    pub article: Option<UsedArticle>,
}

/// An article that somebody answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedArticle {
    /// The article.
    pub article: ArticleId,
    /// Its version.
    pub version: u32,
    /// Whether its text was changed before it was sent.
    pub edited: bool,
}

/// Declares the commands together with their kinds, so that neither can be forgotten.
macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$fdoc:meta])* $field:ident: $type:ty,)+ })? = $word:literal;)+) => {
        /// A command to an existing ticket.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command { $($(#[$doc])* $name $({ $($(#[$fdoc])* $field: $type,)+ })?,)+ }

        /// A command without its content: what access and guards speak about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CommandKind { $($(#[$doc])* $name,)+ }

        impl Command {
            /// Which command it is.
            pub const fn kind(&self) -> CommandKind {
                match self { $(Command::$name { .. } => CommandKind::$name,)+ }
            }
        }

        impl CommandKind {
            /// Every command.
            pub const ALL: &'static [CommandKind] = &[$(CommandKind::$name,)+];

            /// The word in APIs.
            pub const fn word(self) -> &'static str {
                match self { $(CommandKind::$name => $word,)+ }
            }

            /// The command that `word` names.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(CommandKind::$name),)+ _ => None }
            }
        }
    };
}

commands! {
    /// Say anew what the ticket is; its clocks follow from its whole round.
    Classify {
        /// What it is.
        facets: Facets,
        /// Why.
        why: Words,
    } = "classify";
    /// Say that the classification is right.
    ConfirmClassification = "confirm-classification";
    /// Give the ticket to a team and a person.
    Assign {
        /// The team.
        team: TeamId,
        /// The person; none leaves it with the team.
        member: Option<MemberId>,
    } = "assign";
    /// Take the ticket oneself.
    Take = "take";
    /// Pick up the phone.
    PickUp {
        /// Rings until then.
        rings: u32,
    } = "pick-up";
    /// End the call.
    EndCall = "end-call";
    /// Tell the caller that the question has to be looked up.
    TellLookup = "tell-lookup";
    /// Send a message to the customer.
    Reply {
        /// The message.
        answer: Answer,
    } = "reply";
    /// Record what the customer wrote or said.
    RecordWords {
        /// What.
        body: Words,
    } = "record-words";
    /// Note something for colleagues.
    Note {
        /// What.
        body: Words,
    } = "note";
    /// Record the contact with the customer about a repair.
    Contact {
        /// What came out of it.
        body: Words,
        /// Severity and plan, as stated.
        contents: Vec<Content>,
    } = "contact";
    /// Send an engineer.
    Dispatch {
        /// Who goes, by when.
        body: Words,
    } = "dispatch";
    /// Record the arrival on site.
    Arrive = "arrive";
    /// Record that the repair is done.
    Solve {
        /// From afar.
        remote: bool,
        /// What was done.
        body: Words,
    } = "solve";
    /// Start the investigation of a complaint.
    StartInvestigation {
        /// What is investigated, by whom.
        body: Words,
    } = "start-investigation";
    /// Record the verification on site.
    Verify {
        /// Findings.
        findings: Words,
    } = "verify";
    /// Propose a solution.
    ProposeSolution {
        /// What is offered.
        body: Words,
        /// In writing or by word.
        form: Form,
        /// Deadline for carrying it out (L5).
        carry_out_by: Option<Timestamp>,
        /// Whether it meets the published standard.
        meets_standard: bool,
    } = "propose-solution";
    /// Record that the customer accepts the solution.
    AcceptSolution = "accept-solution";
    /// Record that the customer rejects the solution.
    RejectSolution {
        /// Why.
        reason: Words,
    } = "reject-solution";
    /// Record that the solution was carried out.
    CarryOut {
        /// What was done.
        body: Words,
    } = "carry-out";
    /// Record the customer's confirmation.
    Confirm = "confirm";
    /// Let the clocks that allow it stand still.
    Pause {
        /// Why; force majeure pauses through an exception only.
        reason: PauseReason,
        /// What is awaited.
        note: Words,
    } = "pause";
    /// Let the clocks run again.
    Resume {
        /// Which pause ends.
        reason: PauseReason,
    } = "resume";
    /// Record an exception (T8).
    GrantException {
        /// Ground.
        ground: Ground,
        /// Evidence.
        evidence: Words,
        /// Version of the ticket at the message that told the customer.
        word: Option<u32>,
        /// The alternative solution that was offered.
        alternative: Words,
    } = "grant-exception";
    /// Record that the ground of the exception ended.
    LiftException {
        /// Which.
        ground: Ground,
    } = "lift-exception";
    /// Call in a mediator (L7).
    CallMediation {
        /// Who.
        mediator: Words,
    } = "call-mediation";
    /// Record the end of the mediation.
    ConcludeMediation {
        /// Outcome.
        outcome: Words,
        /// Cost in fen.
        cost_fen: u64,
    } = "conclude-mediation";
    /// Record a loss of the customer (B1).
    ReportLoss {
        /// Whether it is major.
        major: bool,
        /// Which.
        body: Words,
    } = "report-loss";
    /// Record that complaint content was hidden (B3).
    FindConcealment {
        /// What.
        body: Words,
    } = "find-concealment";
    /// Close the ticket.
    Close {
        /// How it ended.
        outcome: Outcome,
        /// Last words.
        note: Words,
    } = "close";
    /// Open a closed ticket again.
    Reopen {
        /// Why.
        reason: ReopenReason,
        /// What the customer says.
        body: Words,
    } = "reopen";
    /// Record the customer's answer to the survey.
    AnswerSurvey {
        /// Question and rating from 1 to 5.
        ratings: Vec<(String, u8)>,
        /// In own words.
        comment: Words,
    } = "answer-survey";
    /// Record the call-back of a dissatisfied customer.
    CallBack {
        /// What came out of it.
        body: Words,
    } = "call-back";
    /// Propose a remedy for the breaches of one grade.
    ProposeRemedy {
        /// Grade.
        grade: Grade,
        /// The notice.
        notice: Words,
        /// Its form.
        form: Form,
        /// What is given.
        gives: Vec<Give>,
    } = "propose-remedy";
    /// Approve the remedy.
    ApproveRemedy {
        /// Grade.
        grade: Grade,
    } = "approve-remedy";
    /// Record the delivery of the remedy.
    DeliverRemedy {
        /// Grade.
        grade: Grade,
        /// Evidence.
        note: Words,
    } = "deliver-remedy";
    /// Record that the customer confirmed the remedy.
    ConfirmRemedy {
        /// Grade.
        grade: Grade,
    } = "confirm-remedy";
    /// Correct contact data.
    CorrectCustomer {
        /// As they should be.
        customer: Customer,
        /// Why.
        why: Words,
    } = "correct-customer";
    /// Look at personal data that are masked otherwise; who, when, which and why stay on record (C1).
    Reveal {
        /// Which.
        fields: Vec<PersonalField>,
        /// Why.
        reason: Words,
    } = "reveal";
    /// Answer with an article of the knowledge base, by the product itself.
    GiveAnswer {
        /// What it says.
        body: Words,
        /// The article.
        article: ArticleId,
        /// Its version.
        version: u32,
        /// How probably it answers the request, in thousandths.
        permille: u32,
        /// Version of the method that said so.
        method: u32,
    } = "give-answer";
    /// Say whether the automatic answer helped.
    JudgeAnswer {
        /// Whether it did.
        helpful: bool,
    } = "judge-answer";
    /// Ask for a person instead of the automatic answer (转人工).
    AskForPerson = "ask-for-person";
    /// Let time speak: fire the alarms that have come due.
    Tick = "tick";
}
