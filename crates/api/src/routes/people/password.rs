//! Sets a password: an admin anybody's, everybody the own one. Ends all sessions of that person but this one.

use axum::http::StatusCode;

use crate::dto::people::NewPassword;
use crate::dto::problem::Problem;

/// Sets a password: an admin anybody's, everybody the own one. Ends all sessions of that person but this one.
#[utoipa::path(
    put,
    path = "/people/{id}/password",
    operation_id = "set_password",
    tag = "people",
    params(("id" = String, Path, description = "Id of the person, `mem_…`, or `me`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = NewPassword,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "Set"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn password() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
