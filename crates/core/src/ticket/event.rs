//! What can happen to a ticket. Events are facts in the past tense; they are never changed once recorded.

use jiff::Timestamp;
use yinuo_commitment::{
    Channel, Content, ContentHash, Facets, Form, Give, Grade, Ground, Language, Mark, PauseReason,
};

use super::assessment::Assessment;
use crate::{
    clock::{ClockKey, StepAt},
    id::{ArticleId, MemberId, TeamId, TicketId},
    personal::PersonalField,
    roster::Actor,
    words::Words,
};

pub use super::purpose::Purpose;

/// The events of one decision, with who decided and when. One entry becomes one record of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it happened; never before the entry before it.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened, in order; at least one.
    pub events: Vec<Event>,
}

impl Entry {
    /// Who is behind one of its events: a customer who writes has the ticket sorted and given to somebody by the product.
    pub fn behind(&self, event: &Event) -> Actor {
        let sorted = match event {
            Event::Classified { by, .. } => *by != Classifier::Customer,
            Event::Assigned { .. } | Event::LeftUnassigned => true,
            _ => false,
        };
        if sorted && self.actor == Actor::Customer { Actor::System } else { self.actor }
    }
}

/// The customer as far as the ticket knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customer {
    /// Name as given.
    pub name: Words,
    /// Phone number as given.
    pub phone: Option<Words>,
    /// E-mail address as given.
    pub email: Option<Words>,
    /// Postal address as given.
    pub address: Option<Words>,
}

/// The version of a commitment that judges a ticket (C2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pin {
    /// Number of the letter.
    pub number: String,
    /// Version, counted from 1 in order of publication.
    pub version: u32,
    /// Content hash of file and holiday tables.
    pub hash: ContentHash,
}

/// Who classified a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Classifier {
    /// The customer chose.
    Customer,
    /// The rules of the organisation.
    Rules,
    /// A person of the company.
    Person,
}

/// What the customer was told about the time of something still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Told {
    /// What will follow.
    pub mark: Mark,
    /// By when.
    pub by: Timestamp,
}

/// How a ticket ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Answered, repaired or settled as promised.
    Settled,
    /// The customer took the request back.
    Withdrawn,
    /// The customer rejected the last solution and the case ends without agreement.
    Unresolved,
    /// Outside the published scope; the term is named (L6).
    OutOfScope {
        /// Number of the letter.
        commitment: String,
        /// Number of the term.
        term: String,
    },
    /// The same request as another ticket.
    Duplicate {
        /// The ticket that goes on.
        of: TicketId,
    },
}

impl Outcome {
    /// The word in APIs and records.
    pub const fn word(&self) -> &'static str {
        match self {
            Outcome::Settled => "settled",
            Outcome::Withdrawn => "withdrawn",
            Outcome::Unresolved => "unresolved",
            Outcome::OutOfScope { .. } => "out-of-scope",
            Outcome::Duplicate { .. } => "duplicate",
        }
    }

    /// Whether the request was dealt with on its merits. Whatever the outcome, clocks that are not yet due fall away.
    pub const fn on_the_merits(&self) -> bool {
        matches!(self, Outcome::Settled | Outcome::Unresolved)
    }
}

/// Why a closed ticket was opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReopenReason {
    /// The customer complained again about the same matter (二次投诉).
    SecondComplaint,
    /// The same fault came back.
    Recurrence,
    /// It was closed by mistake.
    ClosedByMistake,
}

impl ReopenReason {
    /// Every reason.
    pub const ALL: &'static [ReopenReason] =
        &[ReopenReason::SecondComplaint, ReopenReason::Recurrence, ReopenReason::ClosedByMistake];

    /// The word in APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            ReopenReason::SecondComplaint => "second-complaint",
            ReopenReason::Recurrence => "recurrence",
            ReopenReason::ClosedByMistake => "closed-by-mistake",
        }
    }

    /// The reason that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word)
    }
}

/// Why a ticket went where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssignReason {
    /// Routed by kind and load.
    Routed,
    /// A person decided.
    Decided,
    /// A ladder step demanded it.
    Escalated,
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The request came in. Always the first event.
    Received {
        /// Number that people see, such as `TS-20261121-0007`.
        number: String,
        /// Code with which the customer follows the ticket.
        query_code: Words,
        /// The way it came in.
        channel: Channel,
        /// Who asks.
        customer: Customer,
        /// One line.
        subject: Words,
        /// The whole text.
        body: Words,
        /// Language of the customer.
        language: Language,
        /// Commitments in force, which judge this ticket.
        pins: Vec<Pin>,
        /// Version of the time-zone database at that moment.
        tzdb: String,
        /// Id of the request in the system it was imported from.
        external: Option<String>,
    },
    /// The ticket was classified, or classified anew.
    Classified {
        /// What it is now.
        facets: Facets,
        /// Who says so.
        by: Classifier,
        /// Why, for people.
        why: Words,
    },
    /// What was made of the text as it came in; follows the classification that it explains.
    Assessed {
        /// Dimension by dimension.
        assessment: Assessment,
    },
    /// A person looked at the classification and found it right.
    ClassificationConfirmed,
    /// The ticket has an owner.
    Assigned {
        /// The team.
        team: TeamId,
        /// The person; none while the team has nobody free.
        member: Option<MemberId>,
        /// Why.
        reason: AssignReason,
    },
    /// Nobody could be found for the ticket; somebody has to look at it.
    LeftUnassigned,
    /// The phone was picked up.
    PickedUp {
        /// Rings until then.
        rings: u32,
    },
    /// The call ended.
    CallEnded,
    /// The caller was told that the question has to be looked up (T5).
    LookupTold,
    /// A message went to the customer.
    Replied {
        /// What it says.
        body: Words,
        /// Written or spoken.
        form: Form,
        /// What it is for.
        purpose: Purpose,
        /// What it contains, as stated by the sender.
        contents: Vec<Content>,
        /// What it tells about the time of something still to come.
        told: Option<Told>,
        /// Whether the product answered by itself.
        automatic: bool,
    },
    /// The customer wrote or said something more.
    CustomerWrote {
        /// What.
        body: Words,
    },
    /// A note for colleagues.
    Noted {
        /// What.
        body: Words,
    },
    /// The customer was contacted about a repair (T6, T9).
    Contacted {
        /// What came out of it: fault confirmed, plan.
        body: Words,
        /// Severity and plan, details confirmed.
        contents: Vec<Content>,
    },
    /// An engineer was sent.
    Dispatched {
        /// Who goes, by when; for people.
        body: Words,
    },
    /// The engineer arrived on site.
    Arrived,
    /// The repair is done.
    Solved {
        /// From afar, without a visit.
        remote: bool,
        /// What was done.
        body: Words,
    },
    /// The investigation of a complaint began (L3).
    InvestigationStarted {
        /// What is investigated, by whom.
        body: Words,
    },
    /// Specialists verified a technical matter on site (L4).
    VerifiedOnSite {
        /// What they found.
        findings: Words,
    },
    /// A solution was proposed (L5).
    SolutionProposed {
        /// What is offered.
        body: Words,
        /// In writing or by word.
        form: Form,
        /// Deadline for carrying it out.
        carry_out_by: Timestamp,
        /// Whether it meets the published standard in full; otherwise it is an alternative short of it.
        meets_standard: bool,
    },
    /// The customer accepted the solution.
    SolutionAccepted,
    /// The customer rejected the solution.
    SolutionRejected {
        /// Why.
        reason: Words,
    },
    /// The solution was carried out.
    CarriedOut {
        /// What was done.
        body: Words,
    },
    /// The customer confirmed that it is settled.
    Confirmed,
    /// The clocks that allow it stand still.
    Paused {
        /// Why.
        reason: PauseReason,
        /// What is awaited.
        note: Words,
    },
    /// The clocks run again.
    Resumed {
        /// Which pause ended.
        reason: PauseReason,
    },
    /// An exception was recorded with what it needs (T8).
    ExceptionGranted {
        /// On which ground.
        ground: Ground,
        /// Evidence.
        evidence: Words,
        /// When the customer was told, taken from the message named as the word.
        word_at: Timestamp,
        /// The alternative solution that was offered.
        alternative: Words,
    },
    /// The ground of the exception ended.
    ExceptionLifted {
        /// Which.
        ground: Ground,
    },
    /// A mediator was called in (L7).
    MediationCalled {
        /// Who, for people.
        mediator: Words,
    },
    /// The mediation ended.
    MediationConcluded {
        /// Its outcome.
        outcome: Words,
        /// Its cost in fen (0.01 yuan).
        cost_fen: u64,
    },
    /// The customer suffered a loss.
    LossReported {
        /// Whether it is a major loss (B1).
        major: bool,
        /// Which.
        body: Words,
    },
    /// Supervision found that complaint content was hidden (B3).
    ConcealmentFound {
        /// What.
        body: Words,
    },
    /// The ticket was closed.
    Closed {
        /// How it ended.
        outcome: Outcome,
        /// Last words to the customer or the file.
        note: Words,
    },
    /// The ticket was opened again; a new round begins.
    Reopened {
        /// Why.
        reason: ReopenReason,
        /// What the customer says.
        body: Words,
    },
    /// The customer answered the survey (S2).
    Surveyed {
        /// Question and rating from 1 to 5.
        ratings: Vec<(String, u8)>,
        /// Whether one of them is low by the terms of the commitment.
        low: bool,
        /// In own words.
        comment: Words,
    },
    /// A dissatisfied customer was called back (S3).
    CalledBack {
        /// What came out of it.
        body: Words,
    },
    /// A remedy for the breaches of one grade was proposed to the customer (B2, B4).
    RemedyProposed {
        /// For breaches of which grade.
        grade: Grade,
        /// The notice.
        notice: Words,
        /// Its form.
        form: Form,
        /// What is given.
        gives: Vec<Give>,
    },
    /// A person approved the remedy.
    RemedyApproved {
        /// For which grade.
        grade: Grade,
    },
    /// The remedy was delivered.
    RemedyDelivered {
        /// For which grade.
        grade: Grade,
        /// Evidence.
        note: Words,
    },
    /// The customer confirmed the remedy.
    RemedyConfirmed {
        /// For which grade.
        grade: Grade,
    },
    /// Contact data of the customer were corrected; the earlier ones stay on record (L1).
    CustomerCorrected {
        /// As they are now.
        customer: Customer,
        /// Why.
        why: Words,
    },
    /// Somebody of the company looked at personal data that are masked otherwise (C1).
    Revealed {
        /// At which, in the order of [`PersonalField::ALL`].
        fields: Vec<PersonalField>,
        /// Why.
        reason: Words,
    },
    /// The message before it in the entry is an article of the knowledge base, given by the product itself.
    AnswerGiven {
        /// The article.
        article: ArticleId,
        /// Its version.
        version: u32,
        /// How probably it answers the request, as the method said, in thousandths.
        permille: u32,
        /// Version of the method.
        method: u32,
    },
    /// The message before it in the entry was made by a person from an article of the knowledge base.
    ArticleUsed {
        /// The article.
        article: ArticleId,
        /// Its version.
        version: u32,
        /// Whether its text was changed before it was sent.
        edited: bool,
    },
    /// The customer said whether an automatic answer helped.
    AnswerJudged {
        /// The article.
        article: ArticleId,
        /// Its version.
        version: u32,
        /// Whether it did.
        helpful: bool,
    },
    /// The customer asked for a person instead of the automatic answer.
    PersonAsked,
    /// The message of the same entry was sent although the check of wording blocked it (P9).
    WordingOverridden {
        /// What it objected to, by the words of the check, each once.
        objections: Vec<String>,
        /// Why it was sent all the same.
        reason: Words,
    },
    /// A ladder step of a clock was reached.
    AlarmFired {
        /// Which clock.
        clock: ClockKey,
        /// Which step.
        step: StepAt,
        /// When it was due.
        planned_at: Timestamp,
        /// When it was noticed; later than planned if the process was down.
        noticed_at: Timestamp,
    },
}
