//! A customer raises a need.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use yinuo_commitment::Channel;
use yinuo_core::roster::Actor;
use yinuo_desk::Submission;

use crate::{
    auth::{address::Address, throttle::wait_seconds},
    dto::{
        customer::{NewRequest, RequestReceipt},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
    view::customer_ticket,
};

/// A customer raises a need.
#[utoipa::path(
    post,
    path = "/requests",
    operation_id = "create_request",
    tag = "requests",
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request: sending it again with the same key makes one ticket and gives the same receipt. 1 to 200 characters.")),
    request_body = NewRequest,
    responses(
        (status = 201, description = "The receipt", body = RequestReceipt),
        (status = 200, description = "The receipt of the first time, for a repeated `Idempotency-Key`", body = RequestReceipt),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    Address(address): Address,
    headers: HeaderMap,
    Json(request): Json<NewRequest>,
) -> Result<(StatusCode, axum::Json<RequestReceipt>), ApiError> {
    if let Some(intakes) = &api.throttles.intakes {
        let taken = intakes.take(address, api.desk.now());
        taken.map_err(|wait| ApiError::TooOften { wait_s: wait_seconds(wait) })?;
    }
    let channel = request.channel.map_or(Channel::Web, Into::into);
    if channel == Channel::Phone {
        return Err(ApiError::bad_value(
            "channel",
            "电话请求由接听的同事录入，不能在此提交。",
            "Requests by phone are entered by the person who answers, not here.",
        ));
    }
    let submission = Submission {
        customer: request.customer.into(),
        language: request.language.map(Into::into),
        kind: request.kind.map(Into::into),
        urgency: request.urgency.map(Into::into),
        site: request.site.map(Into::into),
        ..Submission::new(channel, &request.subject, &request.body)
    };
    let key = super::idempotency_key(&headers)?;
    let receipt = api.desk.submit(submission, Actor::Customer, key).await?;
    let status = if receipt.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((
        status,
        axum::Json(RequestReceipt {
            receipt: format!("/api/v1/requests/{}/receipt", receipt.number),
            number: receipt.number,
            query_code: receipt.query_code,
            received_at: receipt.received_at.into(),
            position: receipt.position,
            hash: receipt.hash.to_string(),
            replayed: receipt.replayed,
            request: customer_ticket(&receipt.sheet, &api.desk.organisation()),
        }),
    ))
}
