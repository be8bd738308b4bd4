//! All published versions, newest first.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{commitment::CommitmentList, problem::Problem},
    error::ApiError,
    state::Api,
    view::commitment_line,
};

/// All published versions, newest first.
#[utoipa::path(
    get,
    path = "/commitments",
    operation_id = "list_commitments",
    tag = "commitments",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The versions", body = CommitmentList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    _: SignedIn,
) -> Result<axum::Json<CommitmentList>, ApiError> {
    let organisation = api.desk.organisation();
    let published = api.desk.commitments();
    let commitments = published.iter().rev().map(|view| commitment_line(view, &organisation)).collect();
    Ok(axum::Json(CommitmentList { commitments }))
}
