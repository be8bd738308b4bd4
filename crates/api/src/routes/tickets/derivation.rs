//! How the due instant of a clock comes about.

use axum::http::StatusCode;

use crate::dto::Derivation;
use crate::dto::problem::Problem;

/// How the due instant of a clock comes about.
#[utoipa::path(
    get,
    path = "/tickets/{id}/clocks/{commitment}/{round}/{promise}/derivation",
    operation_id = "derive_clock",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("commitment" = String, Path, description = "Number of the letter."), ("round" = u32, Path, description = "Round, from 1."), ("promise" = String, Path, description = "The promise.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The derivation", body = Derivation),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn derivation() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
