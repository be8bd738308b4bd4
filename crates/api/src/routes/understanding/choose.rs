//! Puts another version of the model to use.

use axum::{extract::State, http::StatusCode};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, understanding::ChooseModelRequest},
    error::ApiError,
    input::Json,
    state::Api,
};

/// Puts another version of the model to use.
#[utoipa::path(
    post,
    path = "/understanding/models/choice",
    operation_id = "choose_model",
    tag = "understanding",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = ChooseModelRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "It is in use"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn choose(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(request): Json<ChooseModelRequest>,
) -> Result<StatusCode, ApiError> {
    api.desk.choose_model(request.version, signed_in.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
