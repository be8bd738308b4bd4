//! Somebody joins.

use axum::http::StatusCode;

use crate::dto::people::NewPerson;
use crate::dto::people::Person;
use crate::dto::problem::Problem;

/// Somebody joins.
#[utoipa::path(
    post,
    path = "/people",
    operation_id = "add_person",
    tag = "people",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = NewPerson,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The person", body = Person),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn join() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
