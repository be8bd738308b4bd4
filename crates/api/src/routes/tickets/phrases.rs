//! Standard phrases for a message of a ticket.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{
        phrase::{FilledPhraseList, PhrasesQuery},
        problem::Problem,
    },
    error::ApiError,
    input::{self, Query},
    state::Api,
    view::filled_phrase,
};

/// Standard phrases for a message of a ticket, filled in as far as the ticket tells.
#[utoipa::path(
    get,
    path = "/tickets/{id}/phrases",
    operation_id = "list_phrases_for",
    tag = "phrases",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), PhrasesQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The phrases", body = FilledPhraseList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<PhrasesQuery>,
) -> Result<axum::Json<FilledPhraseList>, ApiError> {
    let found = api.desk.phrases_for(input::id("ticket", &id)?, query.step.into(), signed_in.actor()).await?;
    Ok(axum::Json(FilledPhraseList { phrases: found.into_iter().map(filled_phrase).collect() }))
}
