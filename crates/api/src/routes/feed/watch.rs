//! What happens, as server-sent events: `change` (an object of this schema), `lagged` (load again), `ended` (sign in again). Ids are positions in the ledger.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use yinuo_core::{access::Operation, id::NoticeId};
use yinuo_desk::{Change, DeskError};

use crate::{
    auth::session::{LIFETIME, SignedIn},
    dto::{feed::FeedChange, problem::Problem},
    error::ApiError,
    state::{Api, Ended},
};

/// What happens, as server-sent events: `change` (an object of this schema), `lagged` (load again), `ended` (sign in again). Ids are positions in the ledger.
#[utoipa::path(
    get,
    path = "/feed",
    operation_id = "watch",
    tag = "feed",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "A stream of events", body = FeedChange, content_type = "text/event-stream"),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn watch(
    State(api): State<Api>,
    signed_in: SignedIn,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let (events, stream) = mpsc::channel(EVENTS_AHEAD);
    // What happened while a watcher was away is not sent again: it reads everything anew.
    let away = headers.contains_key("last-event-id");
    tokio::spawn(run(api, signed_in, events, away));
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::default()))
}

/// Events written ahead of a slow reader. Behind it the desk's own feed waits, and skips when it is full.
const EVENTS_AHEAD: usize = 64;

type Events = mpsc::Sender<Result<Event, Infallible>>;

/// Passes on what happens until the reader leaves, the session ends or the server stops.
async fn run(api: Api, signed_in: SignedIn, events: Events, away: bool) {
    let mut changes = api.desk.feed();
    let mut ended = api.ended.subscribe();
    let mut shutdown = api.options.shutdown.clone();
    let mut elsewhere = api.desk.elsewhere();
    let mut newest = newest_notice(&api, &signed_in).await;
    let mut ask_at = soon(&api, signed_in.session.expires_at);
    let hello = if away { lagged() } else { Event::default().comment("watching") };
    if events.send(Ok(hello)).await.is_err() {
        return;
    }
    loop {
        let event = tokio::select! {
            () = events.closed() => return,
            () = stopped(&mut shutdown) => return,
            over = ended.recv() => match over {
                Ok(over) if !concerns(over, &signed_in) => continue,
                // Too many ended at once to know: ask.
                Ok(_) | Err(RecvError::Lagged(_)) => {
                    if still_valid(&api, &signed_in).await.is_some() { continue }
                    let _ = events.send(Ok(over_and_out())).await;
                    return;
                }
                Err(RecvError::Closed) => return,
            },
            Ok(()) = elsewhere.changed() => {
                let found = newest_notice(&api, &signed_in).await;
                if found.is_none() || found == newest { continue }
                newest = found;
                noticed(&api)
            },
            change = changes.recv() => match change {
                Ok(change) => match told(change, &signed_in) {
                    Some(event) => event,
                    None => continue,
                },
                Err(RecvError::Lagged(_)) => lagged(),
                Err(RecvError::Closed) => return,
            },
        };
        if api.desk.now() >= ask_at {
            let Some(later) = still_valid(&api, &signed_in).await else {
                let _ = events.send(Ok(over_and_out())).await;
                return;
            };
            ask_at = soon(&api, later);
        }
        if events.send(Ok(event)).await.is_err() {
            return;
        }
    }
}

/// The newest notice to the person. A store that cannot answer has none.
async fn newest_notice(api: &Api, signed_in: &SignedIn) -> Option<NoticeId> {
    let newest = api.desk.notices(signed_in.member.id, false, 1).await.ok()?;
    newest.first().map(|notice| notice.id)
}

/// A notice came that another node delivered.
fn noticed(api: &Api) -> Event {
    let told = FeedChange { position: 0, ticket: None, version: 0, at: api.desk.now().into(), notice: true };
    // Plain numbers and instants become JSON without fail; an empty comment says nothing.
    Event::default().event("change").json_data(&told).unwrap_or_else(|_| Event::default().comment(""))
}

/// How long a session is believed to be valid without asking: it may have been ended on another node.
const BELIEVED: SignedDuration = SignedDuration::from_mins(1);

/// When to ask again whether a session is valid.
fn soon(api: &Api, expires_at: Timestamp) -> Timestamp {
    api.desk.now().saturating_add(BELIEVED).map_or(expires_at, |at| at.min(expires_at))
}

/// Waits until the server is to stop; for ever if nobody will say so.
async fn stopped(shutdown: &mut Option<tokio::sync::watch::Receiver<bool>>) {
    if let Some(shutdown) = shutdown
        && shutdown.wait_for(|stop| *stop).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

fn concerns(over: Ended, signed_in: &SignedIn) -> bool {
    match over {
        Ended::Session(token_hash) => token_hash == signed_in.session.token_hash,
        Ended::Member(member) => member == signed_in.member.id,
    }
}

/// Until when the session is valid now; none if it ended. A store that cannot answer ends no feed.
async fn still_valid(api: &Api, signed_in: &SignedIn) -> Option<Timestamp> {
    match api.desk.session(&signed_in.session.token_hash, LIFETIME).await {
        Ok(found) => found.map(|(session, _)| session.expires_at),
        Err(DeskError::Unavailable(_) | DeskError::Full) => Some(signed_in.session.expires_at),
        Err(_) => None,
    }
}

/// The event for this person; none if the change is none of the person's business.
fn told(change: Change, signed_in: &SignedIn) -> Option<Event> {
    let notice = change.notice_for == Some(signed_in.member.id);
    let may_see = change.ticket.is_none() || signed_in.may(Operation::ReadTickets).is_ok();
    if (change.notice_for.is_some() && !notice) || !may_see {
        return None;
    }
    let told = FeedChange {
        position: change.position,
        ticket: change.ticket.map(Into::into),
        version: change.version,
        at: change.at.into(),
        notice,
    };
    let event = Event::default().event("change").json_data(&told).ok()?;
    // A notice is no record: it has no position to go on from.
    Some(if change.position > 0 { event.id(change.position.to_string()) } else { event })
}

fn lagged() -> Event {
    Event::default().event("lagged").data("{}")
}

fn over_and_out() -> Event {
    Event::default().event("ended").data("{}")
}
