//! What a solved ticket would be as an article of the knowledge base. Nothing is kept before it is drafted.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{article::ArticleProposal, problem::Problem},
    error::ApiError,
    input,
    state::Api,
    view::article_proposal,
};

/// What a solved ticket would be as an article of the knowledge base. Nothing is kept before it is drafted.
#[utoipa::path(
    get,
    path = "/tickets/{id}/article",
    operation_id = "propose_article",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The proposal, without personal data", body = ArticleProposal),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn article(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<ArticleProposal>, ApiError> {
    let proposal = api.desk.article_from(input::id("ticket", &id)?, signed_in.actor()).await?;
    Ok(axum::Json(article_proposal(&proposal)))
}
