//! Who is signed in.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, session::SessionDetail},
    error::ApiError,
    state::Api,
};

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/session",
    operation_id = "show_session",
    tag = "session",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The session", body = SessionDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<axum::Json<SessionDetail>, ApiError> {
    Ok(axum::Json(super::detail(&api, &signed_in.member, &signed_in.session)))
}
