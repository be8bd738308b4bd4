//! Somebody leaves; the history stays.

use axum::http::StatusCode;

use crate::dto::problem::Problem;

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
pub(crate) async fn leave() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
