//! One ticket with everything its page shows.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, sheet::TicketDetail},
    error::ApiError,
    input,
    state::Api,
    view::ticket_detail,
};

/// One ticket with everything its page shows.
#[utoipa::path(
    get,
    path = "/tickets/{id}",
    operation_id = "show_ticket",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The ticket", body = TicketDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<TicketDetail>, ApiError> {
    let sheet = api.desk.ticket(input::id("ticket", &id)?, signed_in.actor()).await?;
    Ok(axum::Json(ticket_detail(&sheet, &api.desk.organisation())))
}
