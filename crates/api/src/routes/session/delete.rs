//! Signs out.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::{
    auth::session::{self, SignedIn},
    dto::problem::Problem,
    error::ApiError,
    state::{Api, Ended},
};

/// Signs out.
#[utoipa::path(
    delete,
    path = "/session",
    operation_id = "sign_out",
    tag = "session",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn delete(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<impl IntoResponse, ApiError> {
    let token_hash = signed_in.session.token_hash;
    api.desk.end_session(&token_hash).await?;
    // Nobody watching is fine.
    let _ = api.ended.send(Ended::Session(token_hash));
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::no_cookie(&api)?)]))
}
