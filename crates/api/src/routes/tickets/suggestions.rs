//! Articles that may answer a ticket.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{article::SuggestionList, problem::Problem},
    error::ApiError,
    input,
    state::Api,
    view::suggestion_list,
};

/// Articles that may answer a ticket.
#[utoipa::path(
    get,
    path = "/tickets/{id}/suggestions",
    operation_id = "list_suggestions",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The best first", body = SuggestionList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn suggestions(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<SuggestionList>, ApiError> {
    let suggestions = api.desk.suggestions(input::id("ticket", &id)?, signed_in.actor()).await?;
    Ok(axum::Json(suggestion_list(&suggestions)))
}
