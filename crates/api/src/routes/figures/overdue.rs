//! The cases behind the count of late and overdue clocks.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{
        figures::{FiguresFilter, OverdueCases},
        problem::Problem,
    },
    error::ApiError,
    input::Query,
    state::Api,
    view::{self, Titles},
};

/// The cases behind the count of late and overdue clocks.
#[utoipa::path(
    get,
    path = "/figures/overdue",
    operation_id = "list_overdue",
    tag = "figures",
    params(FiguresFilter),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The cases, longest overrun first", body = OverdueCases),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn overdue(
    State(api): State<Api>,
    signed_in: SignedIn,
    Query(filter): Query<FiguresFilter>,
) -> Result<axum::Json<OverdueCases>, ApiError> {
    let asked = super::Asked::read(&api, &filter, &signed_in)?;
    let mut report = api.desk.figures(&asked.query, signed_in.actor()).await?;
    report.cases.truncate(asked.cases_max);
    let lines = super::lines(&api, &report, &signed_in).await?;
    let organisation = api.desk.organisation();
    Ok(axum::Json(OverdueCases {
        as_of: report.as_of.into(),
        cases: view::overdue_cases(&report, &organisation.roster, &Titles::of_all(&api.desk), &lines),
        cases_total: report.cases_total,
    }))
}
