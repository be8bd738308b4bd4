//! For operators: alive, ready, counters.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use subtle::ConstantTimeEq;

use crate::{auth::address::FromMachine, error::ApiError, metrics::MEDIA_TYPE, state::Api};

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// The store answers.
pub(super) async fn ready(State(api): State<Api>) -> Result<&'static str, ApiError> {
    api.desk.is_ready().await?;
    Ok("ready\n")
}

/// Counters, for callers on the machine itself or with the operator's token.
pub(super) async fn metrics(
    State(api): State<Api>,
    FromMachine(from_machine): FromMachine,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let shown = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let shown = shown.strip_prefix(b"Bearer ").unwrap_or_default();
    let permitted = match &api.options.metrics_token {
        Some(token) => bool::from(shown.ct_eq(token.as_bytes())),
        None => from_machine,
    };
    if !permitted {
        return Err(ApiError::OperatorsOnly);
    }
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE)], api.metrics.render(&api.desk).await?))
}
