//! Routes of figures.

pub(crate) mod overdue;
pub(crate) mod show;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use yinuo_commitment::PromiseId;
use yinuo_core::{
    access::{self, Operation},
    figures::{Dimension, Report},
    id::TicketId,
    ticket::Facts,
    view::{self, TicketRow},
};
use yinuo_desk::{DeskError, FiguresQuery};

use crate::{
    auth::session::SignedIn, dto::figures::FiguresFilter, error::ApiError, input::choice, state::Api,
};

/// The stretch that figures are about unless a query says otherwise.
const USUAL_STRETCH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What figures were asked for.
struct Asked {
    query: FiguresQuery,
    cases_max: usize,
}

impl Asked {
    fn read(api: &Api, filter: &FiguresFilter, signed_in: &SignedIn) -> Result<Self, ApiError> {
        let from = match (filter.from, filter.to) {
            (Some(from), _) => Some(from.0),
            (None, to) => to.map_or_else(|| api.desk.now(), |to| to.0).checked_sub(USUAL_STRETCH).ok(),
        };
        let to = filter.to.map(|to| to.0);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(ApiError::bad_value("to", "结束时间早于开始时间。", "`to` lies before `from`."));
        }
        let query = FiguresQuery {
            from,
            to,
            kinds: choice::words("kind", filter.kind.as_deref())?,
            channels: choice::words("channel", filter.channel.as_deref())?,
            team: choice::slug("team", filter.team.as_deref())?,
            member: choice::member("member", filter.member.as_deref(), signed_in)?,
            commitment: choice::given(filter.commitment.as_deref()).map(str::to_owned),
            promise: choice::given(filter.promise.as_deref()).map(PromiseId::new),
            topic: choice::given(filter.topic.as_deref()).map(str::to_owned),
            by: choice::words::<Dimension>("group", filter.group.as_deref())?.first().copied(),
        };
        let cases_max = choice::limit("limit", filter.limit, 50, 200)?;
        Ok(Self { query, cases_max: usize::try_from(cases_max).unwrap_or(usize::MAX) })
    }
}

/// The lines of the tickets behind the cases of a report; none for people who may read figures but no tickets.
async fn lines(
    api: &Api,
    report: &Report,
    signed_in: &SignedIn,
) -> Result<BTreeMap<TicketId, TicketRow>, ApiError> {
    let mut lines = BTreeMap::new();
    if !access::may(signed_in.member.role, Operation::ReadTickets) {
        return Ok(lines);
    }
    let organisation = api.desk.organisation();
    let no_load = BTreeMap::new();
    for case in &report.cases {
        if lines.contains_key(&case.ticket) {
            continue;
        }
        let sheet = match api.desk.ticket(case.ticket, signed_in.actor()).await {
            Ok(sheet) => sheet,
            Err(DeskError::NotFound { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let facts = Facts { commitments: &sheet.commitments, roster: &organisation.roster, load: &no_load };
        lines.insert(case.ticket, view::views(&sheet.ticket, &facts).ticket);
    }
    Ok(lines)
}
