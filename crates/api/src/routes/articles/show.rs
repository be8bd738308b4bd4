//! An article with its versions.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{article::ArticleDetail, problem::Problem},
    error::ApiError,
    input,
    state::Api,
};

/// An article with its versions.
#[utoipa::path(
    get,
    path = "/articles/{id}",
    operation_id = "get_article",
    tag = "articles",
    params(("id" = String, Path, description = "Name of the article.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The article", body = ArticleDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<ArticleDetail>, ApiError> {
    super::detail(&api, &input::id("article", &id)?, signed_in.actor()).await
}
