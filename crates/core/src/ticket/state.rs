//! What a ticket is after some of its entries.

use std::collections::BTreeMap;

use jiff::Timestamp;
use yinuo_commitment::{
    Channel, Content, Facets, Form, Give, Grade, Ground, Kind, Language, Mark, PauseReason,
};

use super::{
    assessment::{Doubt, Triage},
    event::{Customer, Outcome, Pin, ReopenReason, Told},
};
use crate::{
    clock::{ClockKey, StepAt},
    id::{ArticleId, MemberId, TeamId, TicketId},
    words::Words,
};

/// A ticket (工单): one request by one customer, whatever its channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Id.
    pub id: TicketId,
    /// Number of entries folded so far; the expected version of the next append.
    pub version: u32,
    /// Number that people see.
    pub number: String,
    /// Code with which the customer follows the ticket.
    pub query_code: Words,
    /// The way it came in.
    pub channel: Channel,
    /// Who asks.
    pub customer: Customer,
    /// Names that were corrected, in order: what was written before may still say them.
    pub names_before: Vec<Words>,
    /// One line.
    pub subject: Words,
    /// The text of the request.
    pub body: Words,
    /// Language of the customer.
    pub language: Language,
    /// Commitments that judge it.
    pub pins: Vec<Pin>,
    /// Version of the time-zone database when it came in.
    pub tzdb: String,
    /// Id in the system it was imported from.
    pub external: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// When its last entry happened.
    pub last_at: Timestamp,
    /// Rounds: the first from the receipt, one more from each reopening. Never empty.
    pub rounds: Vec<Round>,
    /// Who owns it.
    pub assignment: Option<Assignment>,
    /// Messages to the customer, in order.
    pub messages: Vec<Message>,
    /// Whether a person has confirmed or corrected the classification, whichever came last.
    pub reviewed: Option<Triage>,
    /// Ladder steps that have fired, and for when each was planned last.
    pub fired: BTreeMap<ClockKey, BTreeMap<StepAt, Timestamp>>,
    /// Articles of the knowledge base that were answered with, in order.
    pub articles: Vec<Given>,
}

/// An article that the customer was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The article.
    pub article: ArticleId,
    /// Its version.
    pub version: u32,
    /// The round, counted from 1.
    pub round: u32,
    /// When.
    pub at: Timestamp,
    /// How.
    pub how: GivenHow,
    /// Whether it helped, as the customer said.
    pub helpful: Option<bool>,
}

/// How an article was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenHow {
    /// By the product itself.
    Automatic,
    /// By a person, as it is.
    Sent(MemberId),
    /// By a person, after changes.
    Edited(MemberId),
}

/// Who owns a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The team.
    pub team: TeamId,
    /// The person, if somebody has it.
    pub member: Option<MemberId>,
    /// Since when.
    pub since: Timestamp,
}

/// A message to the customer, as far as rules need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Version of the ticket after the entry that sent it; names the message in commands.
    pub version: u32,
    /// When it was sent.
    pub at: Timestamp,
    /// Whether the product sent it by itself.
    pub automatic: bool,
}

/// One course of a ticket: from the receipt or a reopening to the closing.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// When the need was raised.
    pub started_at: Timestamp,
    /// Why it was reopened; none for the first round.
    pub reopened: Option<ReopenReason>,
    /// Classifications in order; the last one holds. Never empty once the first entry is folded.
    pub facets: Vec<(Timestamp, Facets)>,
    /// What is not sure about the classification, if something is.
    pub doubt: Option<Doubt>,
    /// Marks in order of time.
    pub marks: Vec<Marked>,
    /// Pauses in order of their start.
    pub pauses: Vec<PauseSpan>,
    /// Exceptions granted.
    pub exceptions: Vec<Exception>,
    /// Solutions proposed, in order.
    pub solutions: Vec<Solution>,
    /// Mediation, if called in.
    pub mediation: Option<Mediation>,
    /// The gravest loss reported: when, and whether it is major.
    pub loss: Option<(Timestamp, bool)>,
    /// When supervision found content hidden.
    pub concealed_at: Option<Timestamp>,
    /// Remedies, at most one for each grade.
    pub remedies: Vec<Remedy>,
    /// When and how it was closed.
    pub closed: Option<(Timestamp, Outcome)>,
    /// The answer to the survey.
    pub survey: Option<SurveyAnswer>,
    /// When the customer asked for a person instead of an automatic answer.
    pub person_asked_at: Option<Timestamp>,
}

/// A mark that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Which.
    pub mark: Mark,
    /// When.
    pub at: Timestamp,
    /// Whether the product did it by itself.
    pub automatic: bool,
    /// What the message or outcome contained.
    pub contents: Vec<Content>,
    /// What it told about the time of something to come.
    pub told: Option<Told>,
    /// Rings before the phone was picked up.
    pub rings: Option<u32>,
}

/// A stretch in which clocks may stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PauseSpan {
    /// Why.
    pub reason: PauseReason,
    /// From when.
    pub from: Timestamp,
    /// To when; none while it lasts.
    pub to: Option<Timestamp>,
}

/// A recorded exception (T8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Ground.
    pub ground: Ground,
    /// When it was recorded.
    pub granted_at: Timestamp,
    /// When the customer was told.
    pub word_at: Timestamp,
    /// When the ground ended.
    pub lifted_at: Option<Timestamp>,
}

/// A proposed solution (L5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// Deadline for carrying it out.
    pub carry_out_by: Timestamp,
    /// Whether it meets the published standard.
    pub meets_standard: bool,
    /// What the customer said: when, and whether it was accepted.
    pub verdict: Option<(Timestamp, bool)>,
    /// When it was carried out.
    pub carried_out_at: Option<Timestamp>,
}

/// Third-party mediation (L7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mediation {
    /// When it was called in.
    pub called_at: Timestamp,
    /// When it ended and what it cost in fen.
    pub concluded: Option<(Timestamp, u64)>,
}

/// A remedy for the breaches of one grade (B2, B4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Grade.
    pub grade: Grade,
    /// When it was proposed to the customer.
    pub proposed_at: Timestamp,
    /// Form of the notice.
    pub form: Form,
    /// What is given.
    pub gives: Vec<Give>,
    /// When a person approved it.
    pub approved_at: Option<Timestamp>,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When the customer confirmed it.
    pub confirmed_at: Option<Timestamp>,
}

/// An answer to the survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyAnswer {
    /// When.
    pub at: Timestamp,
    /// Question and rating from 1 to 5.
    pub ratings: Vec<(String, u8)>,
    /// Whether one of them is low.
    pub low: bool,
}

/// Where a ticket stands, in one word for lists; derived, never stored as a truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Nobody owns it.
    Unassigned,
    /// Owned, and the customer has heard nothing from a person yet.
    Waiting,
    /// Being worked on.
    InProgress,
    /// Clocks stand still until the customer answers.
    WaitingForCustomer,
    /// An engineer is on the way or on site.
    OnSite,
    /// A solution awaits the customer's word.
    SolutionProposed,
    /// An accepted solution awaits being carried out.
    CarryingOut,
    /// Settled, not yet closed.
    Settled,
    /// Closed.
    Closed,
}

impl Stage {
    /// Every stage.
    pub const ALL: &'static [Stage] = &[
        Stage::Unassigned,
        Stage::Waiting,
        Stage::InProgress,
        Stage::WaitingForCustomer,
        Stage::OnSite,
        Stage::SolutionProposed,
        Stage::CarryingOut,
        Stage::Settled,
        Stage::Closed,
    ];

    /// The word in APIs and view rows.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Unassigned => "unassigned",
            Stage::Waiting => "waiting",
            Stage::InProgress => "in-progress",
            Stage::WaitingForCustomer => "waiting-for-customer",
            Stage::OnSite => "on-site",
            Stage::SolutionProposed => "solution-proposed",
            Stage::CarryingOut => "carrying-out",
            Stage::Settled => "settled",
            Stage::Closed => "closed",
        }
    }

    /// The stage that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.word() == word)
    }
}

impl Round {
    /// A round that begins at `at`.
    pub fn new(at: Timestamp, reopened: Option<ReopenReason>) -> Self {
        let mut round = Self {
            started_at: at,
            reopened,
            facets: Vec::new(),
            doubt: None,
            marks: Vec::new(),
            pauses: Vec::new(),
            exceptions: Vec::new(),
            solutions: Vec::new(),
            mediation: None,
            loss: None,
            concealed_at: None,
            remedies: Vec::new(),
            closed: None,
            survey: None,
            person_asked_at: None,
        };
        round.marks.push(Marked::plain(Mark::Received, at));
        round
    }

    /// The classification that holds.
    pub fn current_facets(&self) -> Option<&Facets> {
        self.facets.last().map(|(_, facets)| facets)
    }

    /// When `mark` was first reached.
    pub fn first(&self, mark: Mark) -> Option<&Marked> {
        self.marks.iter().find(|marked| marked.mark == mark)
    }

    /// Whether `mark` was reached.
    pub fn has(&self, mark: Mark) -> bool {
        self.first(mark).is_some()
    }

    /// The pause for `reason` that lasts, if one does.
    pub fn open_pause(&self, reason: PauseReason) -> Option<&PauseSpan> {
        self.pauses.iter().find(|span| span.reason == reason && span.to.is_none())
    }

    /// The exception on `ground` that lasts, if one does.
    pub fn open_exception(&self, ground: Ground) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.ground == ground && exception.lifted_at.is_none())
    }

    /// The remedy for `grade`.
    pub fn remedy(&self, grade: Grade) -> Option<&Remedy> {
        self.remedies.iter().find(|remedy| remedy.grade == grade)
    }

    /// The solution that stands: the last one proposed.
    pub fn solution(&self) -> Option<&Solution> {
        self.solutions.last()
    }
}

impl Marked {
    /// A mark with nothing further to tell.
    pub const fn plain(mark: Mark, at: Timestamp) -> Self {
        Self { mark, at, automatic: false, contents: Vec::new(), told: None, rings: None }
    }
}

impl Ticket {
    /// Takes up corrected contact data. A name that goes is remembered.
    pub(super) fn correct(&mut self, customer: &Customer) {
        let before = std::mem::replace(&mut self.customer, customer.clone()).name;
        if before != self.customer.name && !before.is_blank() && !self.names_before.contains(&before) {
            self.names_before.push(before);
        }
    }

    /// The current round.
    #[expect(clippy::missing_panics_doc, reason = "it cannot panic, see below")]
    pub fn round(&self) -> &Round {
        #[expect(clippy::expect_used, reason = "`apply` starts every ticket with one round and removes none")]
        self.rounds.last().expect("a ticket has a round")
    }

    /// The rounds from `number` on, counted from 1.
    pub fn rounds_from(&self, number: u32) -> impl DoubleEndedIterator<Item = &Round> {
        let earlier = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        self.rounds.iter().skip(earlier)
    }

    /// The remedy for `grade` that was proposed last. It outlives its round: reopening does not settle a breach.
    pub fn remedy(&self, grade: Grade) -> Option<&Remedy> {
        self.rounds.iter().rev().find_map(|round| round.remedy(grade))
    }

    /// Whether the words of its customer were erased: the query code, with which the customer follows the ticket, is
    /// given to every ticket and is erased with everything else.
    pub fn is_erased(&self) -> bool {
        self.query_code.text().is_none()
    }

    /// Whether a low rating of any round still awaits its call-back (S3).
    pub fn awaits_call_back(&self) -> bool {
        let marks = self.rounds.iter().flat_map(|round| &round.marks);
        marks.fold(false, |awaits, marked| match marked.mark {
            Mark::RatedLow => true,
            Mark::CalledBack => false,
            _ => awaits,
        })
    }

    /// The automatic answer of this round, unless a person has answered since: what the customer can judge, or ask for a
    /// person instead of.
    pub fn automatic_answer(&self) -> Option<&Given> {
        let by_person = |marked: &Marked| marked.mark == Mark::FirstReply && !marked.automatic;
        if self.round().marks.iter().any(by_person) {
            return None;
        }
        let last = self.articles.last()?;
        (last.how == GivenHow::Automatic && last.round == self.round_number()).then_some(last)
    }

    /// Whether `step` of a clock that started at `started_at` has fired. A step planned before that belongs to an
    /// earlier run of the same promise: a solution that was rejected and proposed anew.
    pub fn has_fired(&self, clock: &ClockKey, step: StepAt, started_at: Timestamp) -> bool {
        let planned = self.fired.get(clock).and_then(|steps| steps.get(&step));
        planned.is_some_and(|planned_at| *planned_at >= started_at)
    }

    /// Number of the current round, counted from 1.
    pub fn round_number(&self) -> u32 {
        u32::try_from(self.rounds.len()).unwrap_or(u32::MAX)
    }

    /// The classification that holds; a ticket not yet classified reads as a plain consultation.
    pub fn facets(&self) -> Facets {
        self.round().current_facets().cloned().unwrap_or(Facets::of(Kind::Consultation))
    }

    /// Whether a person has to look at the classification, or has.
    pub fn triage(&self) -> Option<Triage> {
        let open = |doubt: &Doubt| doubt.settled_at.is_none();
        if self.round().doubt.as_ref().is_some_and(open) { Some(Triage::Wanted) } else { self.reviewed }
    }

    /// When the current round was closed.
    pub fn closed_at(&self) -> Option<Timestamp> {
        self.round().closed.as_ref().map(|(at, _)| *at)
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        let round = self.round();
        if round.closed.is_some() {
            return Stage::Closed;
        }
        if round.open_pause(PauseReason::WaitingForCustomer).is_some() {
            return Stage::WaitingForCustomer;
        }
        if round.has(Mark::Confirmed)
            || round.has(Mark::CarriedOut)
            || round.has(Mark::Solved)
            || round.has(Mark::FullAnswer)
        {
            return Stage::Settled;
        }
        if let Some(solution) = round.solution() {
            match solution.verdict {
                None => return Stage::SolutionProposed,
                Some((_, true)) => return Stage::CarryingOut,
                Some((_, false)) => {}
            }
        }
        if round.has(Mark::Dispatched) || round.has(Mark::Arrived) {
            return Stage::OnSite;
        }
        if self.assignment.as_ref().is_none_or(|assignment| assignment.member.is_none()) {
            return Stage::Unassigned;
        }
        let heard = [Mark::FirstReply, Mark::Contacted, Mark::PickedUp];
        if round.marks.iter().any(|marked| heard.contains(&marked.mark) && !marked.automatic) {
            Stage::InProgress
        } else {
            Stage::Waiting
        }
    }
}
