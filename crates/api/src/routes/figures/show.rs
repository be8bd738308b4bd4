//! Compliance, times, satisfaction, overdue cases.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{
        figures::{FiguresFilter, FiguresReport},
        problem::Problem,
    },
    error::ApiError,
    input::Query,
    state::Api,
    view::{Titles, figures_report},
};

/// Compliance, times, satisfaction, overdue cases.
#[utoipa::path(
    get,
    path = "/figures",
    operation_id = "show_figures",
    tag = "figures",
    params(FiguresFilter),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The figures", body = FiguresReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
    Query(filter): Query<FiguresFilter>,
) -> Result<axum::Json<FiguresReport>, ApiError> {
    let asked = super::Asked::read(&api, &filter, &signed_in)?;
    let mut report = api.desk.figures(&asked.query, signed_in.actor()).await?;
    report.cases.truncate(asked.cases_max);
    let lines = super::lines(&api, &report, &signed_in).await?;
    let stretch = (asked.query.from.map(Into::into), asked.query.to.map(Into::into));
    let organisation = api.desk.organisation();
    let titles = Titles::of_all(&api.desk);
    let by = asked.query.by;
    Ok(axum::Json(figures_report(&report, stretch, by, &organisation.roster, &titles, &lines)))
}
