//! Withdraws a letter: requests received from now on are no longer judged by it.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{commitment::Withdrawal, problem::Problem},
    error::ApiError,
    state::Api,
};

/// Withdraws a letter: requests received from now on are no longer judged by it.
#[utoipa::path(
    post,
    path = "/commitments/{number}/withdrawal",
    operation_id = "withdraw_commitment",
    tag = "commitments",
    params(("number" = String, Path, description = "Number of the letter."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Withdrawn", body = Withdrawal),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(number): Path<String>,
) -> Result<axum::Json<Withdrawal>, ApiError> {
    api.desk.withdraw(&number, signed_in.actor()).await?;
    let organisation = api.desk.organisation();
    let withdrawn = organisation.withdrawn.iter().find(|(withdrawn, _)| *withdrawn == number);
    let (_, from) = withdrawn.ok_or(ApiError::not_found("commitment"))?;
    Ok(axum::Json(Withdrawal { number, from: (*from).into() }))
}
