//! Somebody leaves; the history stays.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    auth::session::SignedIn,
    dto::problem::Problem,
    error::ApiError,
    input,
    state::{Api, Ended},
};

/// Somebody leaves; the history stays.
#[utoipa::path(
    delete,
    path = "/people/{id}",
    operation_id = "remove_person",
    tag = "people",
    params(("id" = String, Path, description = "Id of the person, `mem_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "Left; all sessions ended"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn leave(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = input::id("member", &id)?;
    api.desk.leave(id, signed_in.actor()).await?;
    // Nobody watching is fine.
    let _ = api.ended.send(Ended::Member(id));
    Ok(StatusCode::NO_CONTENT)
}
