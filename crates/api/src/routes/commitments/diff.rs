//! What changes for customers between two versions.

use axum::extract::State;
use yinuo_core::access::Operation;

use crate::{
    auth::session::SignedIn,
    dto::{
        commitment::{DiffReport, DiffRequest},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
    view::change_lines,
};

/// What changes for customers between two versions.
#[utoipa::path(
    post,
    path = "/commitments/diff",
    operation_id = "diff_commitments",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = DiffRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The changes", body = DiffReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn diff(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(request): Json<DiffRequest>,
) -> Result<axum::Json<DiffReport>, ApiError> {
    signed_in.may(Operation::CheckCommitment)?;
    let old = super::version(&api, &request.number, request.version)?.commitment;
    let new = match (request.with, request.text) {
        (Some(version), None) => super::version(&api, &request.number, Some(version))?.commitment,
        (None, Some(text)) => {
            let outcome = api.desk.check(&text);
            outcome.commitment.ok_or(ApiError::Letter { text, found: outcome.diagnostics })?
        }
        _ => {
            return Err(ApiError::bad_value(
                "with",
                "请填写 with（已发布的版本）或 text（草稿）之一。",
                "Give either `with`, a published version, or `text`, a draft.",
            ));
        }
    };
    Ok(axum::Json(DiffReport { changes: change_lines(&yinuo_commitment::diff(&old, &new)) }))
}
