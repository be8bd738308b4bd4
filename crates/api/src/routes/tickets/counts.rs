//! Open tickets counted.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{
        list::{KindCount, StageCount, TeamCount, TicketCounts},
        problem::Problem,
    },
    error::ApiError,
    state::Api,
};

/// Open tickets counted.
#[utoipa::path(
    get,
    path = "/tickets/counts",
    operation_id = "count_tickets",
    tag = "tickets",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The counts", body = TicketCounts),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn counts(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<axum::Json<TicketCounts>, ApiError> {
    let counts = api.desk.counts(signed_in.actor()).await?;
    Ok(axum::Json(TicketCounts {
        open: counts.open,
        overdue: counts.overdue,
        by_stage: counts
            .by_stage
            .into_iter()
            .map(|(stage, tickets)| StageCount { stage: stage.into(), tickets })
            .collect(),
        by_kind: counts
            .by_kind
            .into_iter()
            .map(|(kind, tickets)| KindCount { kind: kind.into(), tickets })
            .collect(),
        by_team: counts
            .by_team
            .into_iter()
            .map(|(team, tickets)| TeamCount { team: team.into(), tickets })
            .collect(),
        as_of: api.desk.now().into(),
    }))
}
