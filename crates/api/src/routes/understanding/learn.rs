//! Learns a model from everything that people confirmed and corrected; it takes over if it is not worse.

use axum::{extract::State, http::StatusCode};

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, understanding::ModelDetail},
    error::ApiError,
    state::Api,
    view::{actor, model_detail},
};

/// Learns a model from everything that people confirmed and corrected; it takes over if it is not worse.
#[utoipa::path(
    post,
    path = "/understanding/models",
    operation_id = "learn_model",
    tag = "understanding",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The model, and what became of it", body = ModelDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn learn(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<(StatusCode, axum::Json<ModelDetail>), ApiError> {
    // Seconds of work, which go on if the caller does not wait for them.
    let (desk, by_whom) = (api.desk.clone(), signed_in.actor());
    let learned = tokio::spawn(async move { desk.learn(by_whom).await });
    let model = learned.await.map_err(|_| ApiError::Panicked)??;
    let organisation = api.desk.organisation();
    let by = actor(signed_in.actor(), &organisation.roster);
    let detail = model_detail(&model, api.desk.now().into(), &organisation.roster);
    Ok((StatusCode::CREATED, axum::Json(ModelDetail { by, ..detail })))
}
