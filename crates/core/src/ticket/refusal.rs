//! Why a command was refused: the rule, the term, and what to do instead. Texts for people are in both languages.

mod texts;

use jiff::Timestamp;
use yinuo_commitment::{Content, Grade, Kind, Language, Mark, PauseReason, PromiseId, Rule};

use super::command::CommandKind;
use crate::{personal::PersonalField, roster::Role};

/// A named refusal. `code()` is a contract with API users; texts are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The role may not give this command.
    NotAllowed {
        /// The command.
        command: CommandKind,
        /// Role; none for the customer.
        role: Option<Role>,
    },
    /// The ticket is closed.
    Closed {
        /// Since when.
        at: Timestamp,
    },
    /// The ticket is not closed.
    NotClosed,
    /// The command does not exist for this kind of ticket.
    NotForKind {
        /// Kind of the ticket.
        kind: Kind,
        /// Kinds that have it.
        only: &'static [Kind],
    },
    /// The ticket did not come by phone.
    NotByPhone,
    /// Something has to happen first.
    Needs {
        /// What.
        mark: Mark,
    },
    /// It has already happened.
    Already {
        /// What.
        mark: Mark,
        /// When.
        at: Timestamp,
    },
    /// A text is missing.
    Blank {
        /// Name of the field.
        field: &'static str,
    },
    /// A text is too long.
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// The most characters allowed.
        max_chars: usize,
    },
    /// L4: the specialists have not yet verified on site.
    VerifyFirst {
        /// The letter that states the rule.
        commitment: String,
    },
    /// L4: only specialists verify on site.
    SpecialistsOnly,
    /// L5: the solution names no deadline for carrying it out.
    SolutionDeadlineMissing,
    /// A told instant is not in the future.
    NotInFuture {
        /// Name of the field.
        field: &'static str,
    },
    /// A told instant is so far away that no customer could rely on it.
    TooFar {
        /// Name of the field.
        field: &'static str,
        /// How far it may lie ahead at most.
        days_max: u16,
    },
    /// T3: the reply has to tell by when something will follow.
    TellWhen {
        /// The promise that says so.
        promise: PromiseId,
        /// What will follow.
        mark: Mark,
    },
    /// T6, T10: the message lacks something that it has to contain.
    Contents {
        /// The promise that says so; none if the command itself demands it.
        promise: Option<PromiseId>,
        /// What is missing.
        missing: Vec<Content>,
    },
    /// L6: a refusal as out of scope names a published term that excludes the case.
    ScopeTermUnknown {
        /// The letter that was named.
        commitment: String,
        /// The term that was named.
        term: String,
        /// Terms that could be named, as `letter term`.
        known: Vec<String>,
    },
    /// T8: an exception without what it needs does not count.
    ExceptionNeeds {
        /// What is missing.
        missing: Vec<yinuo_commitment::Need>,
    },
    /// T8: the word to the customer came after the due instant.
    WordTooLate {
        /// The promise.
        promise: PromiseId,
        /// When it was due.
        due_at: Timestamp,
    },
    /// No promise of this ticket can be excepted on this ground.
    NothingToExcept,
    /// The pause already lasts.
    AlreadyPaused {
        /// Why.
        reason: PauseReason,
    },
    /// There is no such pause.
    NotPaused {
        /// Why.
        reason: PauseReason,
    },
    /// Force majeure pauses through a recorded exception only.
    PauseByException,
    /// No solution awaits the customer's word.
    NoSolutionOpen,
    /// No accepted solution awaits being carried out.
    NoSolutionAccepted,
    /// The team or person does not exist, or the person is not active in that team.
    NoSuchOwner,
    /// Somebody already owns it.
    AlreadyOwner,
    /// No breach of that grade.
    NoBreach {
        /// Grade.
        grade: Grade,
    },
    /// The remedy for that grade is not at this step.
    RemedyStep {
        /// Grade.
        grade: Grade,
        /// What has to come first.
        needs: CommandKind,
    },
    /// The remedy was already proposed.
    RemedyProposed {
        /// Grade.
        grade: Grade,
    },
    /// The notice has to be in writing.
    WrittenNotice {
        /// Grade.
        grade: Grade,
    },
    /// No survey is part of the commitments of this ticket.
    NoSurvey,
    /// The survey was already answered.
    SurveyAnswered {
        /// When.
        at: Timestamp,
    },
    /// A rating does not fit: unknown question, or not 1 to 5.
    Rating {
        /// Question.
        question: String,
        /// Questions that were asked.
        asked: Vec<String>,
    },
    /// No low rating awaits a call-back.
    NoLowRating,
    /// Mediation is not at this step.
    MediationStep {
        /// What has to come first.
        needs: CommandKind,
    },
    /// A ticket cannot be the duplicate of itself.
    DuplicateOfItself,
    /// There is no such message to the customer on the ticket.
    NoSuchMessage {
        /// The version that was named.
        version: u32,
    },
    /// Nothing would change.
    NothingChanges,
    /// The classification is sure, or a person has looked at it already.
    NoDoubt,
    /// Such data of the customer are not on record.
    NotOnRecord {
        /// Which.
        fields: Vec<PersonalField>,
    },
    /// A value with stars is a mask, not the value.
    Masked {
        /// Which.
        field: PersonalField,
    },
    /// The customer's data were erased.
    Erased,
    /// Complaints and urgent requests are answered by people only.
    PeopleOnly,
    /// There is no automatic answer to judge, or a person has answered since.
    NoAutomaticAnswer,
}

impl Refusal {
    /// Stable code, kebab-case.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::NotAllowed { .. } => "not-allowed",
            Refusal::Closed { .. } => "ticket-closed",
            Refusal::NotClosed => "ticket-not-closed",
            Refusal::NotForKind { .. } => "not-for-kind",
            Refusal::NotByPhone => "not-by-phone",
            Refusal::Needs { .. } => "needs",
            Refusal::Already { .. } => "already",
            Refusal::Blank { .. } => "blank",
            Refusal::TooLong { .. } => "too-long",
            Refusal::VerifyFirst { .. } => "verify-on-site-first",
            Refusal::SpecialistsOnly => "specialists-only",
            Refusal::SolutionDeadlineMissing => "solution-deadline-missing",
            Refusal::NotInFuture { .. } => "not-in-future",
            Refusal::TooFar { .. } => "too-far",
            Refusal::TellWhen { .. } => "tell-when",
            Refusal::Contents { .. } => "contents-missing",
            Refusal::ScopeTermUnknown { .. } => "scope-term-unknown",
            Refusal::ExceptionNeeds { .. } => "exception-needs",
            Refusal::WordTooLate { .. } => "word-too-late",
            Refusal::NothingToExcept => "nothing-to-except",
            Refusal::AlreadyPaused { .. } => "already-paused",
            Refusal::NotPaused { .. } => "not-paused",
            Refusal::PauseByException => "pause-by-exception",
            Refusal::NoSolutionOpen => "no-solution-open",
            Refusal::NoSolutionAccepted => "no-solution-accepted",
            Refusal::NoSuchOwner => "no-such-owner",
            Refusal::AlreadyOwner => "already-owner",
            Refusal::NoBreach { .. } => "no-breach",
            Refusal::RemedyStep { .. } => "remedy-step",
            Refusal::RemedyProposed { .. } => "remedy-proposed",
            Refusal::WrittenNotice { .. } => "written-notice",
            Refusal::NoSurvey => "no-survey",
            Refusal::SurveyAnswered { .. } => "survey-answered",
            Refusal::Rating { .. } => "rating",
            Refusal::NoLowRating => "no-low-rating",
            Refusal::MediationStep { .. } => "mediation-step",
            Refusal::DuplicateOfItself => "duplicate-of-itself",
            Refusal::NoSuchMessage { .. } => "no-such-message",
            Refusal::NothingChanges => "nothing-changes",
            Refusal::NoDoubt => "no-doubt",
            Refusal::NotOnRecord { .. } => "not-on-record",
            Refusal::Masked { .. } => "masked-value",
            Refusal::Erased => "person-erased",
            Refusal::PeopleOnly => "people-only",
            Refusal::NoAutomaticAnswer => "no-automatic-answer",
        }
    }

    /// The rule of the letters behind the refusal, if one is.
    pub const fn rule(&self) -> Option<Rule> {
        match self {
            Refusal::VerifyFirst { .. } | Refusal::SpecialistsOnly => Some(Rule::VerifyOnSite),
            Refusal::SolutionDeadlineMissing => Some(Rule::SolutionDeadline),
            Refusal::ScopeTermUnknown { .. } => Some(Rule::RefusalNamesTerm),
            Refusal::Masked { .. } | Refusal::Erased => Some(Rule::Confidential),
            _ => None,
        }
    }

    /// What to tell the person, and what to do instead.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Zh => texts::zh(self),
            Language::En => texts::en(self),
        }
    }
}

fn joined<T: Copy>(items: &[T], label: impl Fn(T) -> &'static str, separator: &str) -> String {
    items.iter().map(|item| label(*item)).collect::<Vec<_>>().join(separator)
}
