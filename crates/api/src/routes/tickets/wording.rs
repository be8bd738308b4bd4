//! Checks a message before it is sent.

use axum::extract::{Path, State};
use yinuo_desk::Saying;

use crate::{
    auth::session::SignedIn,
    dto::{
        problem::Problem,
        wording::{WordingCheck, WordingReport},
    },
    error::ApiError,
    input::{self, Json},
    state::Api,
    view::wording_report,
};

/// Checks a message to the customer before it is sent: what has to be mended, and what had better be. Nothing is kept.
#[utoipa::path(
    post,
    path = "/tickets/{id}/wording",
    operation_id = "check_wording",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = WordingCheck,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What was found", body = WordingReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn check(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(request): Json<WordingCheck>,
) -> Result<axum::Json<WordingReport>, ApiError> {
    let id = input::id("ticket", &id)?;
    let beside: Vec<_> = request.beside.into_iter().map(Into::into).collect();
    let saying = Saying { step: request.step.into(), text: &request.text, beside: &beside };
    let remarks = api.desk.check_reply(id, saying, signed_in.actor()).await?;
    Ok(axum::Json(wording_report(&request.text, &remarks)))
}
