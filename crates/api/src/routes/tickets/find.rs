//! Tickets by phone number or e-mail address.

use axum::extract::State;
use yinuo_desk::ContactQuery;

use crate::{
    auth::session::SignedIn,
    dto::{
        personal::{ContactSearch, FoundTickets},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
    view::{Titles, ticket_line},
};

/// The tickets of whoever is known by a phone number or an e-mail address. In the body, for addresses end up in logs.
#[utoipa::path(
    post,
    path = "/tickets/find",
    operation_id = "find_tickets",
    tag = "tickets",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = ContactSearch,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The tickets, the newest first", body = FoundTickets),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn find(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(search): Json<ContactSearch>,
) -> Result<axum::Json<FoundTickets>, ApiError> {
    let query = ContactQuery { phone: search.phone, email: search.email };
    let rows = api.desk.find_by_contact(&query, signed_in.actor()).await?;
    let (organisation, titles) = (api.desk.organisation(), Titles::of_all(&api.desk));
    let tickets = rows.iter().map(|row| ticket_line(row, &organisation.roster, &titles)).collect();
    Ok(axum::Json(FoundTickets { tickets }))
}
