//! A letter in force, as customers read it.

use axum::http::StatusCode;

use crate::dto::portal::Letter;
use crate::dto::problem::Problem;

/// A letter in force, as customers read it.
#[utoipa::path(
    get,
    path = "/portal/commitments/{number}",
    operation_id = "show_letter",
    tag = "portal",
    params(("number" = String, Path, description = "Number of the letter.")),
    responses(
        (status = 200, description = "The letter", body = Letter),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn letter() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
