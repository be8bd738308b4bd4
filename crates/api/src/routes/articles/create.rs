//! Drafts an article, or a new version of one. Nobody is answered with it before it is approved.

use axum::{extract::State, http::StatusCode};

use crate::{
    auth::session::SignedIn,
    dto::{
        article::{ArticleDetail, NewArticle},
        problem::Problem,
    },
    error::ApiError,
    input::Json,
    state::Api,
};

/// Drafts an article, or a new version of one. Nobody is answered with it before it is approved.
#[utoipa::path(
    post,
    path = "/articles",
    operation_id = "draft_article",
    tag = "articles",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = NewArticle,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 201, description = "The article with its new version", body = ArticleDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(new): Json<NewArticle>,
) -> Result<(StatusCode, axum::Json<ArticleDetail>), ApiError> {
    let id = new.id.0.clone();
    api.desk.draft_article(new.try_into()?, signed_in.actor()).await?;
    Ok((StatusCode::CREATED, super::detail(&api, &id, signed_in.actor()).await?))
}
