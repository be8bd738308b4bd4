//! What people wrote in an event: every text of it, and what it is. Whoever masks texts, searches them or shows them to somebody
//! goes through them here, so that a new event is thought of once.

use super::{assessment::Assessment, event::Event};
use crate::words::Words;

/// What a free text of an event is. All of them are masked for those who have not said why they need them. Contact data and
/// the query code are not among them: they have masks of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Said {
    /// The subject of the request, by the customer.
    Subject,
    /// The request itself, by the customer.
    Request,
    /// What the customer wrote or said later.
    Customer,
    /// What the company wrote to the customer.
    Reply,
    /// A note between colleagues.
    Note,
    /// What was done, as the customer may read it.
    Course,
    /// What was done and found, for colleagues alone.
    Finding,
    /// Why something was done on the desk, or what was made of a text: for colleagues, and no content of the request.
    Reason,
}

impl Said {
    /// Whether the customer may read it.
    pub const fn is_shared(self) -> bool {
        match self {
            Said::Subject | Said::Request | Said::Customer | Said::Reply | Said::Course => true,
            Said::Note | Said::Finding | Said::Reason => false,
        }
    }
}

/// Gives every text of an event, borrowed as the event is.
macro_rules! each {
    ($event:expr, $to:ident) => {
        match $event {
            Event::Received { subject, body, .. } => {
                $to(Said::Subject, subject);
                $to(Said::Request, body);
            }
            Event::CustomerWrote { body }
            | Event::SolutionRejected { reason: body }
            | Event::Reopened { body, .. }
            | Event::Surveyed { comment: body, .. } => $to(Said::Customer, body),
            Event::Replied { body, .. }
            | Event::SolutionProposed { body, .. }
            | Event::RemedyProposed { notice: body, .. } => $to(Said::Reply, body),
            Event::Noted { body } | Event::Paused { note: body, .. } | Event::LossReported { body, .. } => {
                $to(Said::Note, body);
            }
            Event::Contacted { body, .. }
            | Event::Dispatched { body }
            | Event::Solved { body, .. }
            | Event::CarriedOut { body }
            | Event::Closed { note: body, .. } => $to(Said::Course, body),
            Event::ExceptionGranted { evidence, alternative, .. } => {
                $to(Said::Finding, evidence);
                $to(Said::Course, alternative);
            }
            Event::InvestigationStarted { body }
            | Event::VerifiedOnSite { findings: body }
            | Event::MediationCalled { mediator: body }
            | Event::MediationConcluded { outcome: body, .. }
            | Event::ConcealmentFound { body }
            | Event::CalledBack { body }
            | Event::RemedyDelivered { note: body, .. } => $to(Said::Finding, body),
            Event::Classified { why, .. }
            | Event::CustomerCorrected { why, .. }
            | Event::Revealed { reason: why, .. }
            | Event::WordingOverridden { reason: why, .. } => $to(Said::Reason, why),
            Event::Assessed { assessment: Assessment { words, .. } } => $to(Said::Reason, words),
            Event::Assigned { .. }
            | Event::LeftUnassigned
            | Event::PickedUp { .. }
            | Event::CallEnded
            | Event::LookupTold
            | Event::Arrived
            | Event::SolutionAccepted
            | Event::Confirmed
            | Event::Resumed { .. }
            | Event::ExceptionLifted { .. }
            | Event::RemedyApproved { .. }
            | Event::RemedyConfirmed { .. }
            | Event::AnswerGiven { .. }
            | Event::ArticleUsed { .. }
            | Event::AnswerJudged { .. }
            | Event::PersonAsked
            | Event::ClassificationConfirmed
            | Event::AlarmFired { .. } => {}
        }
    };
}

impl Event {
    /// Every text that people wrote in it.
    pub fn each_said(&self, mut to: impl FnMut(Said, &Words)) {
        each!(self, to);
    }

    /// The same, to be changed: for whoever masks them.
    pub fn each_said_mut(&mut self, mut to: impl FnMut(Said, &mut Words)) {
        each!(self, to);
    }
}
