//! The newest signed checkpoint.

use axum::{extract::State, http::header, response::IntoResponse};

use super::TEXT;
use crate::{error::ApiError, state::Api};

/// Caches keep it as long as it takes until the next one may be signed.
const SHORTLY: &str = "public, max-age=1";

/// The newest checkpoint, with the signatures of witnesses as far as they are there.
pub(crate) async fn newest(State(api): State<Api>) -> Result<impl IntoResponse, ApiError> {
    let kept = api.desk.checkpoint().await?.ok_or(ApiError::not_found("checkpoint"))?;
    Ok(([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, SHORTLY)], kept.note))
}

/// The newest checkpoint that witnesses have signed: while the log grows quickly, an older one than the newest.
pub(crate) async fn cosigned(State(api): State<Api>) -> Result<impl IntoResponse, ApiError> {
    let note = api.desk.cosigned_checkpoint().ok_or(ApiError::not_found("checkpoint"))?;
    Ok(([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, SHORTLY)], note))
}
