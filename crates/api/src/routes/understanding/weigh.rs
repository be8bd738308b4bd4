//! Leaves the corrections of a person out of learning, or counts them again.

use axum::{extract::State, http::StatusCode};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, understanding::WeighRequest},
    error::ApiError,
    input::Json,
    state::Api,
};

/// Leaves the corrections of a person out of learning, or counts them again.
#[utoipa::path(
    post,
    path = "/understanding/corrections",
    operation_id = "weigh_corrections",
    tag = "understanding",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = WeighRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The next model follows it"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn weigh(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(request): Json<WeighRequest>,
) -> Result<StatusCode, ApiError> {
    api.desk.weigh_corrections(request.member.0, request.counted, signed_in.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
