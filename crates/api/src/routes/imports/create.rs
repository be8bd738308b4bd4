//! Imports requests with their dates; each line is judged by itself.

use axum::{
    extract::{Request, State},
    http::HeaderMap,
};
use yinuo_core::access::Operation;
use yinuo_desk::{Format, read_rows};

use crate::{
    auth::session::SignedIn,
    dto::{
        import::{ImportReport, RefusedLine},
        problem::Problem,
    },
    error::ApiError,
    input,
    state::Api,
};

/// Imports requests with their dates; each line is judged by itself.
#[utoipa::path(
    post,
    path = "/import",
    operation_id = "import_requests",
    tag = "import",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body(content((String = "application/jsonl"), (String = "text/csv"))),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "What became of each line", body = ImportReport),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    signed_in: SignedIn,
    request: Request,
) -> Result<axum::Json<ImportReport>, ApiError> {
    // Before a large body is read.
    signed_in.may(Operation::Import)?;
    let format =
        format(request.headers()).ok_or(ApiError::MediaType { wanted: "application/jsonl, text/csv" })?;
    let text = input::text(request, api.options.limits.import_bytes_max).await?;
    let report = api.desk.import(read_rows(&text, format), signed_in.actor()).await?;
    Ok(axum::Json(ImportReport {
        imported: report.imported,
        known: report.known,
        without_commitment: report.without_commitment,
        refused: report.refused.into_iter().map(|(line, text)| RefusedLine { line, text }).collect(),
    }))
}

/// The format that the headers tell.
fn format(headers: &HeaderMap) -> Option<Format> {
    if input::is_media_type(headers, "text/csv") {
        return Some(Format::Csv);
    }
    let lines = ["application/jsonl", "application/x-ndjson"];
    lines.iter().any(|wanted| input::is_media_type(headers, wanted)).then_some(Format::JsonLines)
}
