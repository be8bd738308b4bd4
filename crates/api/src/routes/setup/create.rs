//! Makes the first admin, while nobody exists, and signs in.

use axum::http::StatusCode;

use crate::dto::problem::Problem;
use crate::dto::session::SessionDetail;
use crate::dto::session::SetUp;

/// Makes the first admin, while nobody exists, and signs in.
#[utoipa::path(
    post,
    path = "/setup",
    operation_id = "set_up",
    tag = "session",
    request_body = SetUp,
    responses(
        (status = 201, description = "Signed in as the first admin", body = SessionDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
