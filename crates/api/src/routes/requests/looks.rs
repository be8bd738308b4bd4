//! A customer asks who looked at the own data.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
};

use crate::{
    auth::address::Address,
    dto::{personal::CustomerLookList, problem::Problem},
    error::ApiError,
    state::Api,
    view::customer_look,
};

/// A customer asks who of the company looked at name, phone, e-mail or address, when and why.
#[utoipa::path(
    get,
    path = "/requests/{number}/looks",
    operation_id = "list_request_looks",
    tag = "requests",
    params(("number" = String, Path, description = "Number of the ticket, such as `TS-20261121-0007`."), ("Query-Code" = String, Header, description = "The code from the receipt.")),
    responses(
        (status = 200, description = "The looks, the first one first", body = CustomerLookList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn looks(
    State(api): State<Api>,
    Address(address): Address,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<axum::Json<CustomerLookList>, ApiError> {
    let guess = super::Guess::begin(&api, &number, address, &headers)?;
    let looks = api.desk.who_looked_at_me(&number, guess.code()).await?;
    guess.was_right(&api);
    Ok(axum::Json(CustomerLookList { looks: looks.iter().map(customer_look).collect() }))
}
