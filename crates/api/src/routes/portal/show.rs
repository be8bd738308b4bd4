//! What everybody may see: the company, its hotline, the letters in force.

use axum::http::StatusCode;

use crate::dto::portal::Portal;
use crate::dto::problem::Problem;

/// What everybody may see: the company, its hotline, the letters in force.
#[utoipa::path(
    get,
    path = "/portal",
    operation_id = "show_portal",
    tag = "portal",
    responses(
        (status = 200, description = "The portal", body = Portal),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
