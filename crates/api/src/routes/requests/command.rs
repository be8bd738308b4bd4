//! A customer does something with a request.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
};

use crate::{
    auth::address::Address,
    dto::{CommandRequest, CustomerCommandRequest, customer::CustomerTicket, problem::Problem},
    error::ApiError,
    input::Json,
    state::Api,
    view::customer_ticket,
};

/// A customer does something with a request.
#[utoipa::path(
    post,
    path = "/requests/{number}/commands",
    operation_id = "command_request",
    tag = "requests",
    params(("number" = String, Path, description = "Number of the ticket, such as `TS-20261121-0007`."), ("Query-Code" = String, Header, description = "The code from the receipt.")),
    request_body = CustomerCommandRequest,
    responses(
        (status = 200, description = "The ticket after it", body = CustomerTicket),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn command(
    State(api): State<Api>,
    Address(address): Address,
    Path(number): Path<String>,
    headers: HeaderMap,
    Json(request): Json<CustomerCommandRequest>,
) -> Result<axum::Json<CustomerTicket>, ApiError> {
    let guess = super::Guess::begin(&api, &number, address, &headers)?;
    let request = CommandRequest::from(request);
    let expected = request.expected_version();
    let done = api.desk.command_as_customer(&number, guess.code(), request.try_into()?, expected).await;
    if !matches!(done, Err(yinuo_desk::DeskError::NotFound { .. })) {
        guess.was_right(&api);
    }
    let sheet = done.map_err(ApiError::of_customer)?;
    Ok(axum::Json(customer_ticket(&sheet, &api.desk.organisation())))
}
