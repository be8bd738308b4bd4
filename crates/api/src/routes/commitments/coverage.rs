//! Which promises run for which cases, and what nobody promised.

use axum::http::StatusCode;

use crate::dto::commitment::Coverage;
use crate::dto::commitment::CoverageQuery;
use crate::dto::problem::Problem;

/// Which promises run for which cases, and what nobody promised.
#[utoipa::path(
    get,
    path = "/commitments/coverage",
    operation_id = "cover_commitments",
    tag = "commitments",
    params(CoverageQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The table", body = Coverage),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn coverage() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
