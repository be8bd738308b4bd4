//! Notices to oneself, newest first.

use axum::extract::State;

use crate::{
    auth::session::SignedIn,
    dto::{
        notice::{NoticeLine, NoticeList, NoticeQuery},
        problem::Problem,
    },
    error::ApiError,
    input::{Query, choice},
    state::Api,
};

/// Notices to oneself, newest first.
#[utoipa::path(
    get,
    path = "/notices",
    operation_id = "list_notices",
    tag = "notices",
    params(NoticeQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "Notices", body = NoticeList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
    Query(query): Query<NoticeQuery>,
) -> Result<axum::Json<NoticeList>, ApiError> {
    let limit = choice::limit("limit", query.limit, 50, 200)?;
    let notices = api.desk.notices(signed_in.member.id, query.unread, limit).await?;
    let unread = api.desk.unread_notices(signed_in.member.id).await?;
    let line = |notice: yinuo_desk::Notice| NoticeLine {
        id: notice.id.into(),
        at: notice.at.into(),
        read_at: notice.read_at.map(Into::into),
        kind: notice.kind,
        ticket: notice.ticket.map(Into::into),
        payload: serde_json::from_str(&notice.payload).unwrap_or_default(),
    };
    Ok(axum::Json(NoticeList { notices: notices.into_iter().map(line).collect(), unread }))
}
