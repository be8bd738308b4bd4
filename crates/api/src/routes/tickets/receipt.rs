//! The receipt of a ticket, for the company's people.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, receipt::ReceiptFile},
    error::ApiError,
    input,
    state::Api,
};

/// The receipt of a ticket, to be handed to its customer.
#[utoipa::path(
    get,
    path = "/tickets/{id}/receipt",
    operation_id = "show_ticket_receipt",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The receipt, to be kept as a file", body = ReceiptFile),
        (status = 503, description = "The log is being signed: `Retry-After` tells when to ask again", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn receipt(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<ReceiptFile>, ApiError> {
    let id = input::id("ticket", &id)?;
    Ok(axum::Json(api.desk.receipt_for_staff(id, signed_in.actor()).await?.into()))
}
