//! HTTP: routes, live feed, OpenAPI, sign-in.

pub mod dto;

mod nearest;
mod openapi;
mod routes;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The description of the whole interface.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = OpenApiRouter::<()>::with_openapi(openapi::Head::openapi())
        .nest("/api/v1", routes::all())
        .split_for_parts();
    openapi::fold_tags(&mut document);
    document
}
