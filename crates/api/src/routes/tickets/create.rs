//! Enters a request for a customer, such as one by phone.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use yinuo_commitment::Channel;
use yinuo_core::ticket::Command;
use yinuo_desk::{DeskError, Submission};

use crate::{
    auth::session::SignedIn,
    dto::{
        enter::{EnterReceipt, EnterRequest},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    routes::requests::idempotency_key,
    state::Api,
    view::ticket_detail,
};

/// Enters a request for a customer, such as one by phone.
#[utoipa::path(
    post,
    path = "/tickets",
    operation_id = "enter_request",
    tag = "tickets",
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request: sending it again with the same key makes one ticket and gives the same receipt. 1 to 200 characters."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = EnterRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The ticket", body = EnterReceipt),
        (status = 200, description = "The ticket of the first time, for a repeated `Idempotency-Key`", body = EnterReceipt),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    signed_in: SignedIn,
    headers: HeaderMap,
    Json(request): Json<EnterRequest>,
) -> Result<(StatusCode, axum::Json<EnterReceipt>), ApiError> {
    let channel = request.channel.map_or(Channel::Phone, Into::into);
    let submission = Submission {
        customer: request.customer.into(),
        language: request.language.map(Into::into),
        kind: request.kind.map(Into::into),
        urgency: request.urgency.map(Into::into),
        complexity: request.complexity.map(Into::into),
        severity: request.severity.map(Into::into),
        site: request.site.map(Into::into),
        technical: request.technical,
        topic: request.topic,
        ..Submission::new(channel, &request.subject, &request.body)
    };
    if request.rings.is_some() && channel != Channel::Phone {
        return Err(ApiError::bad_value(
            "rings",
            "只有电话请求才有振铃次数。",
            "Only a request by phone has rings.",
        ));
    }
    let receipt = api.desk.submit(submission, signed_in.actor(), idempotency_key(&headers)?).await?;
    let mut sheet = receipt.sheet;
    if let Some(rings) = request.rings {
        let picked_up = Command::PickUp { rings };
        match api.desk.command(receipt.ticket, picked_up, signed_in.actor(), None).await {
            Ok(newer) => sheet = newer,
            // Sent again: the first time got as far as picking up.
            Err(DeskError::Refused(_)) if receipt.replayed => {}
            Err(error) => return Err(error.into()),
        }
    }
    let status = if receipt.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((
        status,
        axum::Json(EnterReceipt {
            id: receipt.ticket.into(),
            number: receipt.number,
            query_code: receipt.query_code,
            received_at: receipt.received_at.into(),
            position: receipt.position,
            hash: receipt.hash.to_string(),
            replayed: receipt.replayed,
            ticket: ticket_detail(&sheet, &api.desk.organisation()),
        }),
    ))
}
