//! Searching tickets.

use axum::extract::State;
use yinuo_desk::SearchRequest;
use yinuo_ledger::SearchCursor;

use crate::{
    auth::session::SignedIn,
    dto::{
        problem::Problem,
        search::{SearchAnswer, SearchQuery},
    },
    error::ApiError,
    input::{Query, choice},
    state::Api,
    view::{Titles, search_answer},
};

/// Tickets with these words, received last first.
#[utoipa::path(
    get,
    path = "/search",
    operation_id = "search",
    tag = "tickets",
    params(SearchQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What was found", body = SearchAnswer),
        (status = "default", description = "Not done, and why; what cannot be read of a query with its place", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn search(
    State(api): State<Api>,
    signed_in: SignedIn,
    Query(query): Query<SearchQuery>,
) -> Result<axum::Json<SearchAnswer>, ApiError> {
    let after = choice::given(query.after.as_deref()).map(|after| {
        after.parse::<SearchCursor>().map_err(|_| {
            ApiError::bad_value(
                "after",
                "after 须取自上一页的 next。",
                "`after` has to be the `next` of the answer before.",
            )
        })
    });
    let request = SearchRequest {
        typed: query.q,
        audience: query.texts.into(),
        after: after.transpose()?,
        limit: choice::limit("limit", query.limit, 20, 50)?,
    };
    let page = api.desk.search(&request, signed_in.actor()).await?;
    let (organisation, titles) = (api.desk.organisation(), Titles::of_all(&api.desk));
    Ok(axum::Json(search_answer(&page, &organisation, &titles)))
}
