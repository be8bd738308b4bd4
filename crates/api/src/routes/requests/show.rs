//! A customer follows a request.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
};

use crate::{
    auth::address::Address,
    dto::{customer::CustomerTicket, problem::Problem},
    error::ApiError,
    state::Api,
    view::customer_ticket,
};

/// A customer follows a request.
#[utoipa::path(
    get,
    path = "/requests/{number}",
    operation_id = "show_request",
    tag = "requests",
    params(("number" = String, Path, description = "Number of the ticket, such as `TS-20261121-0007`."), ("Query-Code" = String, Header, description = "The code from the receipt.")),
    responses(
        (status = 200, description = "The ticket as its customer sees it", body = CustomerTicket),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    Address(address): Address,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<axum::Json<CustomerTicket>, ApiError> {
    let guess = super::Guess::begin(&api, &number, address, &headers)?;
    let sheet = api.desk.follow(&number, guess.code()).await?;
    guess.was_right(&api);
    Ok(axum::Json(customer_ticket(&sheet, &api.desk.organisation())))
}
