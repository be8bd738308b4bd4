//! Writes the rules of the organisation; bad lines are refused with line, column and reason.

use axum::{extract::State, http::StatusCode};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, understanding::RulesRequest},
    error::ApiError,
    input::Json,
    state::Api,
};

/// Writes the rules of the organisation; bad lines are refused with line, column and reason.
#[utoipa::path(
    put,
    path = "/understanding/rules",
    operation_id = "write_rules",
    tag = "understanding",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = RulesRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "They hold from the next request on"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn write(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(request): Json<RulesRequest>,
) -> Result<StatusCode, ApiError> {
    api.desk.write_rules(&request.text, signed_in.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
