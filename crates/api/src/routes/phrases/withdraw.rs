//! Takes a standard phrase out of the library.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{auth::session::SignedIn, dto::problem::Problem, error::ApiError, state::Api};

/// Takes a standard phrase out of the library, be it shipped or the organisation's own. Saving one of its name brings it back.
#[utoipa::path(
    delete,
    path = "/phrases/{id}",
    operation_id = "withdraw_phrase",
    tag = "phrases",
    params(("id" = String, Path, description = "Name of the phrase."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "It is out"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    api.desk.withdraw_phrase(&id, signed_in.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
