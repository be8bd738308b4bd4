//! Marks a notice as read.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{auth::session::SignedIn, dto::problem::Problem, error::ApiError, input, state::Api};

/// Marks a notice as read.
#[utoipa::path(
    post,
    path = "/notices/{id}/read",
    operation_id = "read_notice",
    tag = "notices",
    params(("id" = String, Path, description = "Id of the notice, `ntc_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "Read"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn read(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    api.desk.read_notices(signed_in.member.id, &[input::id("notice", &id)?]).await?;
    Ok(StatusCode::NO_CONTENT)
}
