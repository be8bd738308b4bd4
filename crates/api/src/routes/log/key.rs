//! The public key of the log.

use axum::{extract::State, http::header, response::IntoResponse};

use super::TEXT;
use crate::{error::ApiError, state::Api};

/// The verifier key as one line. Whoever verifies receipts had better have it from elsewhere, too.
pub(crate) async fn show(State(api): State<Api>) -> Result<impl IntoResponse, ApiError> {
    let key = api.desk.log_key()?;
    let headers = [(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, format!("{key}\n")))
}
