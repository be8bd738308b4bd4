//! A tile of the tree.

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use yinuo_ledger::tree::{TILE_WIDTH, TilePath};

use crate::{error::ApiError, state::Api};

/// A full tile, or the first hashes of one. Neither ever changes; a partial one is asked for only until it is full.
pub(crate) async fn show(
    State(api): State<Api>,
    Path(path): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let path: TilePath = path.parse().map_err(|_| ApiError::not_found("tile"))?;
    let bytes = api.desk.tile(path).await?.ok_or(ApiError::not_found("tile"))?;
    let kept = if usize::from(path.width) == TILE_WIDTH {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    Ok(([(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, kept)], bytes))
}
