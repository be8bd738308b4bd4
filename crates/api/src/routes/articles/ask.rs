//! What the knowledge base would say to a question: for whoever writes articles. Nothing is kept of it.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{
        article::{SuggestionList, Trial},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
    view::suggestion_list,
};

/// Longest question, in characters.
const QUESTION_MAX_CHARS: usize = 1_000;

/// What the knowledge base would say to a question: for whoever writes articles. Nothing is kept of it.
#[utoipa::path(
    post,
    path = "/knowledge/trials",
    operation_id = "try_question",
    tag = "articles",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = Trial,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What it says", body = SuggestionList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn ask(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(trial): Json<Trial>,
) -> Result<axum::Json<SuggestionList>, ApiError> {
    if trial.question.chars().count() > QUESTION_MAX_CHARS {
        return Err(ApiError::bad_value(
            "question",
            "问题过长，最多 1000 个字符。",
            "The question is too long: at most 1,000 characters.",
        ));
    }
    Ok(axum::Json(suggestion_list(&api.desk.ask_articles(&trial.question, signed_in.actor()).await?)))
}
