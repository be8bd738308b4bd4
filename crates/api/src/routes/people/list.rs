//! Everybody.

use axum::http::StatusCode;

use crate::dto::people::PeopleList;
use crate::dto::problem::Problem;

/// Everybody.
#[utoipa::path(
    get,
    path = "/people",
    operation_id = "list_people",
    tag = "people",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "People", body = PeopleList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
