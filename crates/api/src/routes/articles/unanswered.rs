//! What customers asked lately that nobody has written an answer to.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{article::UnansweredList, problem::Problem},
    error::ApiError,
    state::Api,
    view::unanswered_detail,
};

/// What customers asked lately that nobody has written an answer to.
#[utoipa::path(
    get,
    path = "/knowledge/unanswered",
    operation_id = "list_unanswered",
    tag = "articles",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Groups of like questions, the most frequent first", body = UnansweredList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn unanswered(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<axum::Json<UnansweredList>, ApiError> {
    let groups = api.desk.unanswered(signed_in.actor()).await?;
    Ok(axum::Json(UnansweredList { groups: groups.iter().map(unanswered_detail).collect() }))
}
