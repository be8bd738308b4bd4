//! Makes the first admin, while nobody exists, and signs in.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use subtle::ConstantTimeEq;
use yinuo_core::roster::Role;
use yinuo_desk::NewMember;

use crate::{
    auth::{address::Address, session, throttle::wait_seconds},
    dto::{
        problem::Problem,
        session::{SessionDetail, SetUp},
    },
    error::ApiError,
    input::Json,
    state::Api,
};

/// Makes the first admin, while nobody exists, and signs in.
#[utoipa::path(
    post,
    path = "/setup",
    operation_id = "set_up",
    tag = "session",
    request_body = SetUp,
    responses(
        (status = 201, description = "Signed in as the first admin", body = SessionDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    Address(address): Address,
    headers: HeaderMap,
    Json(set_up): Json<SetUp>,
) -> Result<impl IntoResponse, ApiError> {
    session::same_site(&headers)?;
    let code =
        api.options.setup_code.as_deref().filter(|_| api.desk.setup_needed()).ok_or(ApiError::SetupClosed)?;
    let attempt = api.throttles.setups.attempt(&address, api.desk.now());
    attempt.map_err(|wait| ApiError::TooOften { wait_s: wait_seconds(wait) })?;
    if !bool::from(set_up.setup_code.trim().as_bytes().ct_eq(code.as_bytes())) {
        return Err(ApiError::SetupCode);
    }
    api.throttles.setups.succeeded(&address);
    let phc = api.passwords.hash(&api.desk, set_up.password).await?;
    let first = NewMember { account: set_up.account, name: set_up.name, role: Role::Admin, team: None };
    let member = api.desk.set_up(first, &phc).await?;
    let (begun, cookie) = session::begin(&api, &member).await?;
    let detail = crate::routes::session::detail(&api, &member, &begun);
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], axum::Json(detail)))
}
