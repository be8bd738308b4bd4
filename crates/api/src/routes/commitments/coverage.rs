//! Which promises run for which cases, and what nobody promised.

use axum::extract::State;
use yinuo_commitment::Commitment;
use yinuo_core::access::Operation;

use crate::{
    auth::session::SignedIn,
    dto::{
        commitment::{Coverage, CoverageQuery},
        problem::Problem,
    },
    error::ApiError,
    input::Query,
    state::Api,
    view,
};

/// Which promises run for which cases, and what nobody promised.
#[utoipa::path(
    get,
    path = "/commitments/coverage",
    operation_id = "cover_commitments",
    tag = "commitments",
    params(CoverageQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The table", body = Coverage),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn coverage(
    State(api): State<Api>,
    signed_in: SignedIn,
    Query(query): Query<CoverageQuery>,
) -> Result<axum::Json<Coverage>, ApiError> {
    signed_in.may(Operation::CheckCommitment)?;
    let published = match query.number {
        Some(number) => vec![super::version(&api, &number, None)?],
        None => api.desk.commitments().into_iter().filter(|view| view.in_force).collect(),
    };
    let letters: Vec<&Commitment> = published.iter().map(|view| &*view.commitment).collect();
    Ok(axum::Json(view::coverage(&letters)))
}
