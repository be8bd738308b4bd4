//! Erasing the person behind a ticket.

use axum::extract::{Path, State};
use yinuo_desk::ErasureOrder;

use crate::{
    auth::session::SignedIn,
    dto::{
        personal::{ErasureAnswer, ErasureRequest},
        problem::Problem,
    },
    error::ApiError,
    input::{self, Json},
    state::Api,
    view::erasure_answer,
};

/// Erases the person behind a ticket, and whoever shares a phone number or an e-mail address with the person: names and
/// texts are gone for good, figures and the chain stay. Refused while a ticket of theirs is open.
#[utoipa::path(
    post,
    path = "/tickets/{id}/erasure",
    operation_id = "erase_person",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = ErasureRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What was erased", body = ErasureAnswer),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(request): Json<ErasureRequest>,
) -> Result<axum::Json<ErasureAnswer>, ApiError> {
    let order = ErasureOrder {
        reason: request.reason.into(),
        confirm: request.confirm,
        expected_tickets: usize::try_from(request.expected_tickets).unwrap_or(usize::MAX),
    };
    let erased = api.desk.erase_person(input::id("ticket", &id)?, &order, signed_in.actor()).await?;
    Ok(axum::Json(erasure_answer(&erased, &api.desk.organisation())))
}
