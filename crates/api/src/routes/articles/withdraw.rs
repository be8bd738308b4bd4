//! Takes an article back: nobody is answered with it any more.

use axum::extract::{Path, State};

use crate::{
    auth::session::SignedIn,
    dto::{article::ArticleDetail, problem::Problem},
    error::ApiError,
    input,
    state::Api,
};

/// Takes an article back: nobody is answered with it any more.
#[utoipa::path(
    post,
    path = "/articles/{id}/withdrawal",
    operation_id = "withdraw_article",
    tag = "articles",
    params(("id" = String, Path, description = "Name of the article."), ("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The article", body = ArticleDetail),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<ArticleDetail>, ApiError> {
    let id = input::id("article", &id)?;
    api.desk.withdraw_article(&id, signed_in.actor()).await?;
    super::detail(&api, &id, signed_in.actor()).await
}
