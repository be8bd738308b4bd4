//! A customer fetches the receipt of a request.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
};

use crate::{
    auth::address::Address,
    dto::{problem::Problem, receipt::ReceiptFile},
    error::ApiError,
    state::Api,
};

/// A customer fetches the receipt of a request.
#[utoipa::path(
    get,
    path = "/requests/{number}/receipt",
    operation_id = "show_request_receipt",
    tag = "requests",
    params(("number" = String, Path, description = "Number of the ticket, such as `TS-20261121-0007`."), ("Query-Code" = String, Header, description = "The code from the receipt.")),
    responses(
        (status = 200, description = "The receipt, to be kept as a file", body = ReceiptFile),
        (status = 503, description = "The log is being signed: `Retry-After` tells when to ask again", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn receipt(
    State(api): State<Api>,
    Address(address): Address,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<axum::Json<ReceiptFile>, ApiError> {
    let guess = super::Guess::begin(&api, &number, address, &headers)?;
    let receipt = api.desk.receipt(&number, guess.code()).await;
    if !matches!(receipt, Err(yinuo_desk::DeskError::NotFound { .. })) {
        guess.was_right(&api);
    }
    Ok(axum::Json(receipt?.into()))
}
