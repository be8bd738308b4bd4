//! Who looked at the personal data of a ticket's customer.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{personal::LookList, problem::Problem},
    error::ApiError,
    input,
    state::Api,
    view::look,
};

/// Who looked at the personal data of a ticket's customer, when and why.
#[utoipa::path(
    get,
    path = "/tickets/{id}/looks",
    operation_id = "list_looks",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The looks, the first one first", body = LookList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn looks(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<LookList>, ApiError> {
    let looks = api.desk.who_looked(input::id("ticket", &id)?, signed_in.actor()).await?;
    let organisation = api.desk.organisation();
    Ok(axum::Json(LookList { looks: looks.iter().map(|one| look(one, &organisation.roster)).collect() }))
}
