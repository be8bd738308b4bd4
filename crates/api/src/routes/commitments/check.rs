//! Checks a draft: findings, coverage, and what would change.

use axum::extract::State;
use yinuo_core::access::Operation;

use crate::{
    auth::session::SignedIn,
    dto::{
        commitment::{CheckReport, LetterText},
        problem::Problem,
    },
    error::ApiError,
    input::LetterFile,
    state::Api,
    view::check_report,
};

/// Checks a draft: findings, coverage, and what would change.
#[utoipa::path(
    post,
    path = "/commitments/check",
    operation_id = "check_commitment",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body(content((LetterText = "application/json"), (String = "application/toml"))),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What the check came to; a draft with errors is an answer, too", body = CheckReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn check(
    State(api): State<Api>,
    signed_in: SignedIn,
    LetterFile(letter): LetterFile,
) -> Result<axum::Json<CheckReport>, ApiError> {
    signed_in.may(Operation::CheckCommitment)?;
    let outcome = api.desk.check(&letter.text);
    let published = api.desk.commitments();
    Ok(axum::Json(check_report(&letter.text, &outcome, &published, &api.desk.organisation())))
}
