//! The proof that a newer log begins with an older one.

use axum::{extract::State, http::header, response::IntoResponse};
use serde::{Deserialize, Serialize};

use crate::{error::ApiError, input::Query, state::Api};

/// Between which sizes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sizes {
    from: u64,
    to: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Proof {
    from: u64,
    to: u64,
    #[serde(rename = "proof")]
    hashes: Vec<String>,
}

/// The consistency proof of RFC 6962 between two sizes up to the one of the newest checkpoint, as JSON.
pub(crate) async fn show(
    State(api): State<Api>,
    Query(sizes): Query<Sizes>,
) -> Result<impl IntoResponse, ApiError> {
    let found = api.desk.consistency(sizes.from, sizes.to).await?;
    let proof = Proof { from: found.from, to: found.to, hashes: found.proof };
    Ok(([(header::CACHE_CONTROL, "public, max-age=300")], axum::Json(proof)))
}
