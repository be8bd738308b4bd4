//! Adds a standard phrase, or replaces the one of that name.

use axum::extract::{Path, State};
use yinuo_desk::NewPhrase;

use crate::{
    auth::session::SignedIn,
    dto::{
        phrase::{PhraseDetail, PhraseRequest},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
    view::phrase,
};

/// Adds a standard phrase, or replaces the one of that name. What the check of wording blocks is refused with its remarks.
#[utoipa::path(
    put,
    path = "/phrases/{id}",
    operation_id = "save_phrase",
    tag = "phrases",
    params(("id" = String, Path, description = "Name of the phrase: small letters, digits, hyphens."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = PhraseRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The phrase", body = PhraseDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn save(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(request): Json<PhraseRequest>,
) -> Result<axum::Json<PhraseDetail>, ApiError> {
    let new = NewPhrase {
        id,
        kinds: request.kinds.into_iter().map(Into::into).collect(),
        step: request.step.into(),
        title: request.title.into(),
        text: request.text.into(),
    };
    Ok(axum::Json(phrase(&api.desk.save_phrase(new, signed_in.actor()).await?)))
}
