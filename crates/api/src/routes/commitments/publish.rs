//! Publishes a letter or a new version of one. Immutable from then on.

use axum::{extract::State, http::StatusCode};
use yinuo_desk::DeskError;

use crate::{
    auth::session::SignedIn,
    dto::{
        commitment::{CommitmentLine, LetterText},
        problem::Problem,
    },
    error::ApiError,
    input::LetterFile,
    state::Api,
    view::commitment_line,
};

/// Publishes a letter or a new version of one. Immutable from then on.
#[utoipa::path(
    post,
    path = "/commitments",
    operation_id = "publish_commitment",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body(content((LetterText = "application/json"), (String = "application/toml"))),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The published version", body = CommitmentLine),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn publish(
    State(api): State<Api>,
    signed_in: SignedIn,
    LetterFile(letter): LetterFile,
) -> Result<(StatusCode, axum::Json<CommitmentLine>), ApiError> {
    let published = api.desk.publish(&letter.text, signed_in.actor()).await.map_err(|error| match error {
        DeskError::Commitment { diagnostics } => {
            ApiError::Letter { text: letter.text.clone(), found: diagnostics }
        }
        other => other.into(),
    })?;
    let view = super::version(&api, &published.number, Some(published.version))?;
    Ok((StatusCode::CREATED, axum::Json(commitment_line(&view, &api.desk.organisation()))))
}
