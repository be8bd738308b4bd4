//! The HTTP side: routes, live feed, sign-in, and the description of it all as OpenAPI.
//!
//! ```text
//! request ─▶ layers (count, problems, headers) ─▶ routes/<resource>/<verb> ─▶ one call of the desk ─▶ view ─▶ dto
//! ```
//!
//! **Not here:** any rule of the domain, any storage, the listening socket, the real clock (instants and randomness come
//! from the desk's ports).
//!
//! **Invariants**
//! - An endpoint reads what was sent, calls the desk once, and writes out what came back; nothing is decided here.
//! - Every failure is a problem (RFC 9457) whose status and code come from one table, in the caller's language.
//! - What is sent is read strictly: unknown fields are refused by name, never ignored.
//! - Customers get types of their own; nothing internal can reach them by a field that was added elsewhere.
//! - No password, token or query code is kept, logged or part of an address.
//! - The committed `openapi.json` is what the program serves; a test compares them.
//!
//! **Start reading** at [`router`], then `routes/requests/create.rs`, then `error.rs`; `docs/http.md` tells callers.

pub mod dto;

mod assets;
mod auth;
mod error;
mod input;
mod language;
mod layers;
mod metrics;
mod nearest;
mod openapi;
mod options;
mod routes;
mod state;
mod view;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use yinuo_desk::Desk;

pub use assets::Assets;
pub use auth::password::hash_password;
pub use options::{ApiOptions, Limits};

/// The whole HTTP side of one desk. To tell callers apart, serve it with
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(desk: Desk, options: ApiOptions) -> Router {
    let api: state::Api = Arc::new(state::Shared::new(desk, options));
    let (routes, document) = described().split_for_parts();
    Router::new()
        .merge(routes)
        .merge(routes::operators(&finished(document)))
        .fallback(assets::serve)
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), error::render))
        .layer(middleware::from_fn(layers::headers))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), layers::count))
        .with_state(api)
}

/// The description of the whole interface.
pub fn document() -> utoipa::openapi::OpenApi {
    finished(described().split_for_parts().1)
}

fn described() -> OpenApiRouter<state::Api> {
    OpenApiRouter::with_openapi(openapi::Head::openapi()).nest("/api/v1", routes::all())
}

fn finished(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    openapi::fold_tags(&mut document);
    document
}
