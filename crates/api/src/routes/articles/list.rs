//! The knowledge base.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{article::ArticleList, problem::Problem},
    error::ApiError,
    state::Api,
    view::{article_line, knowledge_detail},
};

/// The knowledge base.
#[utoipa::path(
    get,
    path = "/articles",
    operation_id = "list_articles",
    tag = "articles",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Articles by name", body = ArticleList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<axum::Json<ArticleList>, ApiError> {
    let articles = api.desk.articles(signed_in.actor()).await?;
    let knowledge = knowledge_detail(&api.desk.knowledge_standing(signed_in.actor())?);
    Ok(axum::Json(ArticleList { articles: articles.iter().filter_map(article_line).collect(), knowledge }))
}
