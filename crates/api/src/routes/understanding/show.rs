//! How texts are understood: model, versions, rules, corrections by person.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{problem::Problem, understanding::UnderstandingDetail},
    error::ApiError,
    state::Api,
    view::understanding_detail,
};

/// How texts are understood: model, versions, rules, corrections by person. Figures are reckoned in the background.
#[utoipa::path(
    get,
    path = "/understanding",
    operation_id = "show_understanding",
    tag = "understanding",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "As it is", body = UnderstandingDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<axum::Json<UnderstandingDetail>, ApiError> {
    let report = api.desk.understanding(signed_in.actor())?;
    Ok(axum::Json(understanding_detail(&report, &api.desk.organisation().roster)))
}
