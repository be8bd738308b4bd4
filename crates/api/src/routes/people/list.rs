//! Everybody.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{people::PeopleList, problem::Problem},
    error::ApiError,
    state::Api,
    view::person,
};

/// Everybody.
#[utoipa::path(
    get,
    path = "/people",
    operation_id = "list_people",
    tag = "people",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "People", body = PeopleList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(State(api): State<Api>, _: SignedIn) -> Result<axum::Json<PeopleList>, ApiError> {
    let organisation = api.desk.organisation();
    let mut people: Vec<_> = organisation.roster.members.values().map(person).collect();
    people.sort_by(|one, other| (!one.active, &one.name).cmp(&(!other.active, &other.name)));
    Ok(axum::Json(PeopleList { people }))
}
