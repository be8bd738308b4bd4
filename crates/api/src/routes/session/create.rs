//! Signs in; the answer sets the cookie `yinuo_session`.

use axum::http::StatusCode;

use crate::dto::problem::Problem;
use crate::dto::session::SessionDetail;
use crate::dto::session::SignIn;

/// Signs in; the answer sets the cookie `yinuo_session`.
#[utoipa::path(
    post,
    path = "/session",
    operation_id = "sign_in",
    tag = "session",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
