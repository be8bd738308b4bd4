//! The commands that customers may give.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    AcceptSolutionRequest, AnswerSurveyRequest, AskForPersonRequest, CloseRequest, CommandRequest,
    ConfirmRemedyRequest, ConfirmRequest, CorrectCustomerRequest, JudgeAnswerRequest, RecordWordsRequest,
    RejectSolutionRequest, ReopenRequest,
};

/// A command that the customer of a ticket may give.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(tag = "command")]
pub enum CustomerCommandRequest {
    /// Write more.
    #[serde(rename = "record-words")]
    RecordWords(RecordWordsRequest),
    /// Accept the proposed solution.
    #[serde(rename = "accept-solution")]
    AcceptSolution(AcceptSolutionRequest),
    /// Reject the proposed solution.
    #[serde(rename = "reject-solution")]
    RejectSolution(RejectSolutionRequest),
    /// Confirm that it is settled.
    #[serde(rename = "confirm")]
    Confirm(ConfirmRequest),
    /// Take the request back.
    #[serde(rename = "close")]
    Close(CloseRequest),
    /// Open it again.
    #[serde(rename = "reopen")]
    Reopen(ReopenRequest),
    /// Rate the service.
    #[serde(rename = "answer-survey")]
    AnswerSurvey(AnswerSurveyRequest),
    /// Confirm a remedy.
    #[serde(rename = "confirm-remedy")]
    ConfirmRemedy(ConfirmRemedyRequest),
    /// Correct one's contact data.
    #[serde(rename = "correct-customer")]
    CorrectCustomer(CorrectCustomerRequest),
    /// Say whether the automatic answer helped.
    #[serde(rename = "judge-answer")]
    JudgeAnswer(JudgeAnswerRequest),
    /// Ask for a person.
    #[serde(rename = "ask-for-person")]
    AskForPerson(AskForPersonRequest),
}

impl From<CustomerCommandRequest> for CommandRequest {
    fn from(request: CustomerCommandRequest) -> Self {
        use CustomerCommandRequest as R;
        match request {
            R::RecordWords(request) => Self::RecordWords(request),
            R::AcceptSolution(request) => Self::AcceptSolution(request),
            R::RejectSolution(request) => Self::RejectSolution(request),
            R::Confirm(request) => Self::Confirm(request),
            R::Close(request) => Self::Close(request),
            R::Reopen(request) => Self::Reopen(request),
            R::AnswerSurvey(request) => Self::AnswerSurvey(request),
            R::ConfirmRemedy(request) => Self::ConfirmRemedy(request),
            R::JudgeAnswer(request) => Self::JudgeAnswer(request),
            R::AskForPerson(request) => Self::AskForPerson(request),
            R::CorrectCustomer(request) => Self::CorrectCustomer(request),
        }
    }
}
