//! The very file that the letter is and that the engine enforces.

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};

use crate::{dto::problem::Problem, error::ApiError, state::Api};

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
pub(crate) async fn source(
    State(api): State<Api>,
    Path(number): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let published = super::in_force(&api, &number)?.published;
    let name: String = published
        .number
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter))
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}-v{}.toml\"", published.version)),
    ];
    Ok((headers, published.text))
}
