//! Advice of a language model on a ticket.

use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
};
use yinuo_desk::{AdviceTask, Advised};

use crate::{
    auth::session::SignedIn,
    dto::{
        advice::{AdviceAnswer, AdviceRequest, AdviceTaskWord},
        list::Facets,
        problem::Problem,
    },
    error::ApiError,
    input::{self, Json},
    language,
    state::Api,
};

/// Asks the language model, if the operator connected one: a second opinion on what the request is, a draft of the next
/// reply, or a summary for whoever takes over. What leaves the house is masked; what comes back is neither recorded nor
/// sent, and is for a person to use.
#[utoipa::path(
    post,
    path = "/tickets/{id}/advice",
    operation_id = "advise",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = AdviceRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The advice", body = AdviceAnswer),
        (status = "default", description = "No advice, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn advise(
    State(api): State<Api>,
    signed_in: SignedIn,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(request): Json<AdviceRequest>,
) -> Result<axum::Json<AdviceAnswer>, ApiError> {
    let id = input::id("ticket", &id)?;
    let task = match request.task {
        AdviceTaskWord::Opinion => AdviceTask::Opinion,
        AdviceTaskWord::Draft => AdviceTask::Draft,
        AdviceTaskWord::Handover => AdviceTask::Handover,
    };
    let language = language::wanted(&uri, &headers);
    let advice = api.desk.advise(id, task, language, signed_in.actor()).await?;
    let (facets, text) = match advice.advised {
        Advised::Opinion { facets, why } => (Some(Facets::from(&facets)), why),
        Advised::Text(text) => (None, text),
    };
    Ok(axum::Json(AdviceAnswer { model: advice.model, facets, text }))
}
