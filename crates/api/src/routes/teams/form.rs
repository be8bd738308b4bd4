//! Forms a team, or changes the one of that short name.

use axum::{extract::State, http::StatusCode};
use yinuo_desk::NewTeam;

use crate::{
    auth::session::SignedIn,
    dto::{people::Team, problem::Problem},
    error::ApiError,
    input::Json,
    state::Api,
};

/// Forms a team, or changes the one of that short name.
#[utoipa::path(
    post,
    path = "/teams",
    operation_id = "form_team",
    tag = "people",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = Team,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The team", body = Team),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn form(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(team): Json<Team>,
) -> Result<(StatusCode, axum::Json<Team>), ApiError> {
    let formed = NewTeam {
        id: team.id.0.clone(),
        name: team.name.clone().into(),
        kinds: team.kinds.iter().map(|kind| kind.0).collect(),
    };
    api.desk.form_team(formed, signed_in.actor()).await?;
    Ok((StatusCode::CREATED, axum::Json(team)))
}
