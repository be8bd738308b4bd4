//! Signs in; the answer sets the cookie `yinuo_session`.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};

use crate::{
    auth::{address::Address, session, throttle::wait_seconds},
    dto::{
        problem::Problem,
        session::{SessionDetail, SignIn},
    },
    error::ApiError,
    input::Json,
    state::Api,
};

/// Signs in; the answer sets the cookie `yinuo_session`.
#[utoipa::path(
    post,
    path = "/session",
    operation_id = "sign_in",
    tag = "session",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = SessionDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    Address(address): Address,
    headers: HeaderMap,
    Json(sign_in): Json<SignIn>,
) -> Result<impl IntoResponse, ApiError> {
    session::same_site(&headers)?;
    let account: String = sign_in.account.trim().to_ascii_lowercase().chars().take(40).collect();
    let now = api.desk.now();
    let slow_down = |wait| ApiError::TooOften { wait_s: wait_seconds(wait) };
    api.throttles.addresses.attempt(&address, now).map_err(slow_down)?;
    api.throttles.accounts.attempt(&account, now).map_err(slow_down)?;
    let (member, phc) = api.desk.credentials(&account).await?.unzip();
    let fits = api.passwords.verify(sign_in.password, phc).await?;
    let member = member.filter(|_| fits).ok_or(ApiError::SignInFailed)?;
    api.throttles.addresses.succeeded(&address);
    api.throttles.accounts.succeeded(&account);
    let (begun, cookie) = session::begin(&api, &member).await?;
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(super::detail(&api, &member, &begun))))
}
