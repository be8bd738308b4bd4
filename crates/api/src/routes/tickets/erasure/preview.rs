//! What an erasure concerns.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{personal::ErasurePreview, problem::Problem},
    error::ApiError,
    input,
    state::Api,
    view::erasure_preview,
};

/// What erasing the person behind a ticket concerns. Nothing is done.
#[utoipa::path(
    get,
    path = "/tickets/{id}/erasure",
    operation_id = "preview_erasure",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What it concerns", body = ErasurePreview),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn preview(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<ErasurePreview>, ApiError> {
    let preview = api.desk.preview_erasure(input::id("ticket", &id)?, signed_in.actor()).await?;
    Ok(axum::Json(erasure_preview(&preview, &api.desk)))
}
