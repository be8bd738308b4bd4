//! Imports requests with their dates; each line is judged by itself.

use axum::http::StatusCode;

use crate::dto::import::ImportReport;
use crate::dto::problem::Problem;

/// Imports requests with their dates; each line is judged by itself.
#[utoipa::path(
    post,
    path = "/import",
    operation_id = "import_requests",
    tag = "import",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body(content((String = "application/jsonl"), (String = "text/csv"))),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What became of each line", body = ImportReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
