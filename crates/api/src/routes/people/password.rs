//! Sets a password: an admin anybody's, everybody the own one. All sessions of that person end.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use yinuo_core::access::Operation;

use crate::{
    auth::{session::SignedIn, throttle::wait_seconds},
    dto::{people::NewPassword, problem::Problem},
    error::ApiError,
    input::{self, Json},
    state::{Api, Ended},
};

/// Sets a password: an admin anybody's, everybody the own one. All sessions of that person end.
#[utoipa::path(
    put,
    path = "/people/{id}/password",
    operation_id = "set_password",
    tag = "people",
    params(("id" = String, Path, description = "Id of the person, `mem_…`, or `me`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = NewPassword,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "Set"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn password(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, ApiError> {
    let own = signed_in.member.id;
    let id = if id == "me" { own } else { input::id("member", &id)? };
    if id == own {
        // A session left open must not be enough to take the account over.
        let account = &signed_in.member.account;
        let attempt = api.throttles.accounts.attempt(account, api.desk.now());
        attempt.map_err(|wait| ApiError::TooOften { wait_s: wait_seconds(wait) })?;
        let (_, phc) = api.desk.credentials(account).await?.unzip();
        if !api.passwords.verify(new.current.unwrap_or_default(), phc).await? {
            return Err(ApiError::bad_value(
                "current",
                "现用密码不正确。",
                "The password in use is not right.",
            ));
        }
        api.throttles.accounts.succeeded(account);
    } else {
        signed_in.may(Operation::ManagePeople)?;
    }
    let phc = api.passwords.hash(&api.desk, new.password).await?;
    api.desk.set_password(id, &phc, signed_in.actor()).await?;
    // Nobody watching is fine.
    let _ = api.ended.send(Ended::Member(id));
    Ok(StatusCode::NO_CONTENT)
}
