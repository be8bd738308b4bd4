//! Gives a command to a ticket.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{CommandRequest, problem::Problem, sheet::TicketDetail},
    error::ApiError,
    input::{self, Json},
    state::Api,
    view::ticket_detail,
};

/// Gives a command to a ticket.
#[utoipa::path(
    post,
    path = "/tickets/{id}/commands",
    operation_id = "command_ticket",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = CommandRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The ticket after it", body = TicketDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn command(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(request): Json<CommandRequest>,
) -> Result<axum::Json<TicketDetail>, ApiError> {
    let id = input::id("ticket", &id)?;
    let expected = request.expected_version();
    let (actor, despite) = (signed_in.actor(), request.override_reason().map(str::to_owned));
    let command = request.try_into()?;
    let sheet = match despite {
        Some(reason) => api.desk.command_despite(id, command, actor, expected, &reason).await?,
        None => api.desk.command(id, command, actor, expected).await?,
    };
    Ok(axum::Json(ticket_detail(&sheet, &api.desk.organisation())))
}
