//! The outermost layer of the interface: failures become problems in the caller's language.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use yinuo_commitment::Language;

use super::{ApiError, Fault};
use crate::{language, state::Api};

/// Runs the request, then writes out what failed. Failures that the framework found itself (no route, no method, a
/// panic) get their problem, too.
pub(crate) async fn render(State(api): State<Api>, request: Request, next: Next) -> Response {
    let language = language::wanted(request.uri(), request.headers());
    let path = request.uri().path().to_owned();
    let head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let failure = response.extensions_mut().remove::<Arc<ApiError>>().unwrap_or_else(|| framework(status));
    api.metrics.refused(failure.code());
    let allow = response.headers_mut().remove(header::ALLOW);
    let mut answer = failure.answer(language, &path, &api.desk.organisation());
    answer.headers_mut().insert(header::CONTENT_LANGUAGE, language_tag(language));
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    if head {
        *answer.body_mut() = axum::body::Body::empty();
    }
    answer
}

/// What the framework refuses by itself, before or after an endpoint.
fn framework(status: StatusCode) -> Arc<ApiError> {
    Arc::new(match status {
        StatusCode::NOT_FOUND => ApiError::NoRoute,
        StatusCode::METHOD_NOT_ALLOWED => ApiError::NoMethod,
        // All that it reads of a request by itself is the path.
        status if status.is_client_error() => ApiError::Unreadable(Fault::path()),
        _ => ApiError::Panicked,
    })
}

fn language_tag(language: Language) -> HeaderValue {
    HeaderValue::from_static(match language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    })
}
