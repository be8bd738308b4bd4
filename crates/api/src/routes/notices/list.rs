//! Notices to oneself, newest first.

use axum::http::StatusCode;

use crate::dto::notice::NoticeList;
use crate::dto::notice::NoticeQuery;
use crate::dto::problem::Problem;

/// Notices to oneself, newest first.
#[utoipa::path(
    get,
    path = "/notices",
    operation_id = "list_notices",
    tag = "notices",
    params(NoticeQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Notices", body = NoticeList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
