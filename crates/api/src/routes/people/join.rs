//! Somebody joins.

use axum::{extract::State, http::StatusCode};
use yinuo_core::access::Operation;
use yinuo_desk::NewMember;

use crate::{
    auth::session::SignedIn,
    dto::{
        people::{NewPerson, Person},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
    view::person,
};

/// Somebody joins.
#[utoipa::path(
    post,
    path = "/people",
    operation_id = "add_person",
    tag = "people",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = NewPerson,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The person", body = Person),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn join(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(new): Json<NewPerson>,
) -> Result<(StatusCode, axum::Json<Person>), ApiError> {
    // Before the costly hash of the password.
    signed_in.may(Operation::ManagePeople)?;
    let phc = api.passwords.hash(&api.desk, new.password).await?;
    let new = NewMember {
        account: new.account,
        name: new.name,
        role: new.role.into(),
        team: new.team.map(|team| team.0),
    };
    let member = api.desk.join(new, Some(&phc), signed_in.actor()).await?;
    Ok((StatusCode::CREATED, axum::Json(person(&member))))
}
