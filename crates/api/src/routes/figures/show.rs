//! Compliance, times, satisfaction, overdue cases.

use axum::http::StatusCode;

use crate::dto::figures::FiguresFilter;
use crate::dto::figures::FiguresReport;
use crate::dto::problem::Problem;

/// Compliance, times, satisfaction, overdue cases.
#[utoipa::path(
    get,
    path = "/figures",
    operation_id = "show_figures",
    tag = "figures",
    params(FiguresFilter),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The figures", body = FiguresReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
