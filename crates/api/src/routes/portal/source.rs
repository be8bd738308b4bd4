//! The very file that the letter is and that the engine enforces.

use axum::http::StatusCode;

use crate::dto::problem::Problem;

/// The very file that the letter is and that the engine enforces.
#[utoipa::path(
    get,
    path = "/portal/commitments/{number}/source",
    operation_id = "show_letter_source",
    tag = "portal",
    params(("number" = String, Path, description = "Number of the letter.")),
    responses(
        (status = 200, description = "The file", body = String, content_type = "text/plain"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn source() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
