//! Tickets by least slack.

use axum::extract::State;
use yinuo_ledger::{Cursor, Page, TicketFilter};

use crate::{
    auth::session::SignedIn,
    dto::{
        list::{OpenOrClosed, TicketList, TicketQuery},
        problem::Problem,
    },
    error::ApiError,
    input::{Query, choice},
    state::Api,
    view::{Titles, ticket_line},
};

/// Tickets by least slack.
#[utoipa::path(
    get,
    path = "/tickets",
    operation_id = "list_tickets",
    tag = "tickets",
    params(TicketQuery),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "A part of the list", body = TicketList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
    Query(query): Query<TicketQuery>,
) -> Result<axum::Json<TicketList>, ApiError> {
    let now = api.desk.now();
    let filter = TicketFilter {
        open: match query.state {
            OpenOrClosed::Open => Some(true),
            OpenOrClosed::Closed => Some(false),
            OpenOrClosed::Any => None,
        },
        kinds: choice::words("kind", query.kind.as_deref())?,
        channels: choice::words("channel", query.channel.as_deref())?,
        stages: choice::words("stage", query.stage.as_deref())?,
        team: choice::slug("team", query.team.as_deref())?,
        member: choice::member("member", query.member.as_deref(), &signed_in)?,
        unassigned: query.unassigned,
        overdue_as_of: query.overdue.then_some(now),
        received_from: query.from.map(|from| from.0),
        received_to: query.to.map(|to| to.0),
        triage: choice::words("triage", query.triage.as_deref())?,
        number_prefix: choice::given(query.number.as_deref())
            .map(|number| number.trim().to_ascii_uppercase()),
    };
    let after = choice::given(query.after.as_deref()).map(|after| {
        after.parse::<Cursor>().map_err(|_| {
            ApiError::bad_value(
                "after",
                "after 须取自上一页的 next。",
                "`after` has to be the `next` of the answer before.",
            )
        })
    });
    let page = Page { after: after.transpose()?, limit: choice::limit("limit", query.limit, 50, 200)? };
    let found = api.desk.list(&filter, &page, signed_in.actor()).await?;
    let organisation = api.desk.organisation();
    let titles = Titles::of_all(&api.desk);
    Ok(axum::Json(TicketList {
        tickets: found.rows.iter().map(|row| ticket_line(row, &organisation.roster, &titles)).collect(),
        next: found.next.map(|next| next.to_string()),
        as_of: now.into(),
    }))
}
