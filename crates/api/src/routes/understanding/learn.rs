//! Begins to learn a model from everything that people confirmed and corrected; it takes over if it is not worse.

use axum::{extract::State, http::StatusCode};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, understanding::LearningDetail},
    error::ApiError,
    state::Api,
    view::learning_detail,
};

/// Begins to learn a model from everything that people confirmed and corrected. It takes seconds; `GET /understanding` says how
/// it goes and what came of it. The model takes over if it is not worse. One at a time.
#[utoipa::path(
    post,
    path = "/understanding/models",
    operation_id = "learn_model",
    tag = "understanding",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 202, description = "It has begun", body = LearningDetail),
        (status = 409, description = "A model is being learned already", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn learn(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<(StatusCode, axum::Json<LearningDetail>), ApiError> {
    let learning = api.desk.begin_learning(signed_in.actor())?;
    let detail = learning_detail(&learning, &api.desk.organisation().roster);
    Ok((StatusCode::ACCEPTED, axum::Json(detail)))
}
