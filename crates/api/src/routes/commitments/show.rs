//! A published version with everything it says.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{commitment::CommitmentVersion, problem::Problem},
    error::ApiError,
    input,
    state::Api,
    view::commitment_version,
};

/// A published version with everything it says.
#[utoipa::path(
    get,
    path = "/commitments/{number}/versions/{version}",
    operation_id = "show_commitment",
    tag = "commitments",
    params(("number" = String, Path, description = "Number of the letter."), ("version" = u32, Path, description = "Version, from 1.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The version", body = CommitmentVersion),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    _: SignedIn,
    Path((number, version)): Path<(String, String)>,
) -> Result<axum::Json<CommitmentVersion>, ApiError> {
    let version: u32 = input::id("commitment", &version)?;
    let published = super::version(&api, &number, Some(version))?;
    Ok(axum::Json(commitment_version(&published, &api.desk.organisation())))
}
