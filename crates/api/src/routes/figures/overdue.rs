//! The cases behind the count of late and overdue clocks.

use axum::http::StatusCode;

use crate::dto::figures::FiguresFilter;
use crate::dto::figures::OverdueCases;
use crate::dto::problem::Problem;

/// The cases behind the count of late and overdue clocks.
#[utoipa::path(
    get,
    path = "/figures/overdue",
    operation_id = "list_overdue",
    tag = "figures",
    params(FiguresFilter),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The cases, longest overrun first", body = OverdueCases),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn overdue() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
