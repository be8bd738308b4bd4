//! A letter in force, as customers read it.

use axum::extract::{Path, State};

use crate::{
    dto::{portal::Letter, problem::Problem},
    error::ApiError,
    state::Api,
    view,
};

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
pub(crate) async fn letter(
    State(api): State<Api>,
    Path(number): Path<String>,
) -> Result<axum::Json<Letter>, ApiError> {
    let published = super::in_force(&api, &number)?;
    Ok(axum::Json(view::letter(&published)))
}
