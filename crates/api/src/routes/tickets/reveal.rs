//! Looking at personal data with a reason.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{
        personal::{RevealAnswer, RevealRequest},
        problem::Problem,
    },
    error::ApiError,
    input::{self, Json},
    state::Api,
    view::reveal_answer,
};

/// Shows personal data of the customer in full to somebody who says why; the look stays on record.
#[utoipa::path(
    post,
    path = "/tickets/{id}/reveal",
    operation_id = "reveal_customer",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = RevealRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The data that were asked for", body = RevealAnswer),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn reveal(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(request): Json<RevealRequest>,
) -> Result<axum::Json<RevealAnswer>, ApiError> {
    let id = input::id("ticket", &id)?;
    let fields: Vec<_> = request.fields.into_iter().map(Into::into).collect();
    let revealed = api.desk.reveal(id, &fields, &request.reason, signed_in.actor()).await?;
    Ok(axum::Json(reveal_answer(&revealed, &api.desk.organisation())))
}
