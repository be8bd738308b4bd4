//! Routes of the knowledge base.

pub(crate) mod approve;
pub(crate) mod ask;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod show;
pub(crate) mod unanswered;
pub(crate) mod withdraw;

use yinuo_core::{id::ArticleId, roster::Actor};

use crate::{dto::article::ArticleDetail, error::ApiError, state::Api, view::article_detail};

/// An article as it is now.
async fn detail(api: &Api, id: &ArticleId, actor: Actor) -> Result<axum::Json<ArticleDetail>, ApiError> {
    let view = api.desk.article(id, actor).await?;
    let detail = article_detail(&view, &api.desk.organisation().roster);
    detail.map(axum::Json).ok_or(ApiError::not_found("article"))
}
