//! Every route of `/api/v1`, one file for each endpoint.

use axum::{Router, http::header, routing::get};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::Api;

mod articles;
mod commitments;
mod feed;
mod figures;
mod imports;
mod log;
mod notices;
mod operators;
mod people;
mod phrases;
mod portal;
pub(crate) mod requests;
mod search;
pub(crate) mod session;
mod setup;
mod teams;
mod tickets;
mod understanding;

/// The routes with their descriptions.
pub(crate) fn all() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(portal::show::show))
        .routes(routes!(portal::letter::letter))
        .routes(routes!(portal::source::source))
        .routes(routes!(requests::create::create))
        .routes(routes!(requests::show::show))
        .routes(routes!(requests::command::command))
        .routes(routes!(requests::looks::looks))
        .routes(routes!(requests::receipt::receipt))
        .routes(routes!(session::create::create, session::show::show, session::delete::delete))
        .routes(routes!(setup::create::create))
        .routes(routes!(tickets::list::list, tickets::create::create))
        .routes(routes!(search::search))
        .routes(routes!(tickets::counts::counts))
        .routes(routes!(tickets::show::show))
        .routes(routes!(tickets::command::command))
        .routes(routes!(tickets::wording::check))
        .routes(routes!(tickets::advice::advise))
        .routes(routes!(tickets::derivation::derivation))
        .routes(routes!(tickets::records::records))
        .routes(routes!(tickets::reveal::reveal))
        .routes(routes!(tickets::looks::looks))
        .routes(routes!(tickets::receipt::receipt))
        .routes(routes!(tickets::find::find))
        .routes(routes!(tickets::erasure::preview::preview, tickets::erasure::create::create))
        .routes(routes!(tickets::suggestions::suggestions))
        .routes(routes!(tickets::article::article))
        .routes(routes!(articles::list::list, articles::create::create))
        .routes(routes!(articles::unanswered::unanswered))
        .routes(routes!(articles::ask::ask))
        .routes(routes!(articles::show::show))
        .routes(routes!(articles::approve::approve))
        .routes(routes!(articles::withdraw::withdraw))
        .routes(routes!(commitments::list::list, commitments::publish::publish))
        .routes(routes!(commitments::show::show))
        .routes(routes!(commitments::check::check))
        .routes(routes!(commitments::withdraw::withdraw))
        .routes(routes!(commitments::diff::diff))
        .routes(routes!(commitments::coverage::coverage))
        .routes(routes!(commitments::explain::explain))
        .routes(routes!(tickets::phrases::list))
        .routes(routes!(phrases::list::list))
        .routes(routes!(phrases::save::save, phrases::withdraw::withdraw))
        .routes(routes!(figures::show::show))
        .routes(routes!(figures::overdue::overdue))
        .routes(routes!(people::list::list, people::join::join))
        .routes(routes!(people::leave::leave))
        .routes(routes!(people::password::password))
        .routes(routes!(teams::list::list, teams::form::form))
        .routes(routes!(notices::list::list))
        .routes(routes!(notices::read::read))
        .routes(routes!(imports::create::create))
        .routes(routes!(understanding::show::show))
        .routes(routes!(understanding::learn::learn))
        .routes(routes!(understanding::choose::choose))
        .routes(routes!(understanding::weigh::weigh))
        .routes(routes!(understanding::rules::write))
        .routes(routes!(feed::watch::watch))
}

/// What operators, and programs that watch the log, ask outside of the interface proper.
pub(crate) fn operators(document: &OpenApi) -> Router<Api> {
    let document = serde_json::to_string(document).unwrap_or_default();
    let describe = move || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    Router::new()
        .route("/api/v1/openapi.json", get(describe))
        .route("/healthz", get(operators::alive))
        .route("/readyz", get(operators::ready))
        .route("/metrics", get(operators::metrics))
        .merge(log::routes())
}
