//! How the due instant of a clock comes about.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{Derivation, problem::Problem},
    error::ApiError,
    input,
    state::Api,
    view,
};

/// How the due instant of a clock comes about.
#[utoipa::path(
    get,
    path = "/tickets/{id}/clocks/{commitment}/{round}/{promise}/derivation",
    operation_id = "derive_clock",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("commitment" = String, Path, description = "Number of the letter."), ("round" = u32, Path, description = "Round, from 1."), ("promise" = String, Path, description = "The promise.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The derivation", body = Derivation),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn derivation(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path((id, commitment, round, promise)): Path<(String, String, String, String)>,
) -> Result<axum::Json<Derivation>, ApiError> {
    let sheet = api.desk.ticket(input::id("ticket", &id)?, signed_in.actor()).await?;
    let round: u32 = input::id("clock", &round)?;
    let clock = sheet.clocks.iter().find(|sheet| {
        let key = &sheet.clock.key;
        key.commitment == commitment && key.round == round && key.promise.as_str() == promise
    });
    let clock = clock.ok_or(ApiError::not_found("clock"))?;
    Ok(axum::Json(view::derivation(clock, &sheet.commitments)))
}
