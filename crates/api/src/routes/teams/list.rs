//! All teams.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{people::TeamList, problem::Problem},
    error::ApiError,
    state::Api,
    view::team,
};

/// All teams.
#[utoipa::path(
    get,
    path = "/teams",
    operation_id = "list_teams",
    tag = "people",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Teams", body = TeamList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(State(api): State<Api>, _: SignedIn) -> Result<axum::Json<TeamList>, ApiError> {
    let teams = api.desk.organisation().roster.teams.values().map(team).collect();
    Ok(axum::Json(TeamList { teams }))
}
