//! Approves a version of an article: customers are answered with it from then on.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{
        article::{ArticleApproval, ArticleDetail},
        problem::Problem,
    },
    error::ApiError,
    input::{self, Json},
    state::Api,
};

/// Approves a version of an article: customers are answered with it from then on.
#[utoipa::path(
    post,
    path = "/articles/{id}/approval",
    operation_id = "approve_article",
    tag = "articles",
    params(("id" = String, Path, description = "Name of the article."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = ArticleApproval,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The article", body = ArticleDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn approve(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Json(approval): Json<ArticleApproval>,
) -> Result<axum::Json<ArticleDetail>, ApiError> {
    let id = input::id("article", &id)?;
    api.desk.approve_article(&id, approval.version, signed_in.actor()).await?;
    super::detail(&api, &id, signed_in.actor()).await
}
