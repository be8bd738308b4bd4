//! The web interface: files that the server brings along, with the entry page for every address that is no file.

use std::borrow::Cow;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};

use crate::{error::ApiError, language, state::Api};

/// Files of the web interface.
pub trait Assets: Send + Sync {
    /// The file at `path`, which has no leading slash, such as `index.html` or `assets/main-3f9c.js`.
    fn get(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

/// Answers whatever no route does: a file, or the entry page of the part that the address belongs to.
pub(crate) async fn serve(State(api): State<Api>, request: Request) -> Result<Response, ApiError> {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Err(ApiError::NoRoute);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::NoMethod);
    }
    let file = path.trim_start_matches('/');
    let plain = file.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if plain && let Some(bytes) = api.options.assets.as_ref().and_then(|assets| assets.get(file)) {
        // Names in `assets/` carry a hash of the content, so they never change.
        let cache =
            if file.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return Ok(answer(bytes, media_type(file), cache));
    }
    if file.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return Err(ApiError::NoRoute);
    }
    let entry = if file == "desk" || file.starts_with("desk/") { "desk.html" } else { "index.html" };
    Ok(match api.options.assets.as_ref().and_then(|assets| assets.get(entry)) {
        Some(bytes) => answer(bytes, "text/html; charset=utf-8", "no-cache"),
        None => placeholder(language::wanted(request.uri(), request.headers())).into_response(),
    })
}

fn answer(bytes: Cow<'static, [u8]>, media_type: &'static str, cache: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, bytes.into_owned()).into_response()
}

fn placeholder(language: yinuo_commitment::Language) -> axum::response::Html<&'static str> {
    axum::response::Html(match language {
        yinuo_commitment::Language::Zh => {
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>一诺</title><p>服务正在运行，但未包含网页界面。接口说明：<a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p></html>"
        }
        yinuo_commitment::Language::En => {
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Yinuo</title><p>The server runs; this build carries no web interface. The interface for programs: <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p></html>"
        }
    })
}

/// The media type of a file by its name.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
