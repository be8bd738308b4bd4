//! Why a request was not done. [`ApiError::problem`] is the one place that gives every failure its status and code.

mod render;
mod texts;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use yinuo_commitment::{Diagnostic, Language, Level, Text};
use yinuo_core::{organisation::Organisation, ticket::Refusal};
use yinuo_desk::{DeskError, NoAdvice, TicketSheet};

pub(crate) use render::render;

use crate::{
    dto::{
        problem::{Problem, ProblemError},
        words::RuleWord,
    },
    view::{customer_ticket, finding_place, ticket_detail, wording_remarks},
};

/// A failure of a request. It becomes a problem in the caller's language on its way out.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The desk did not do it.
    Desk(DeskError),
    /// The customer's ticket has moved on.
    RequestMovedOn(Box<TicketSheet>),
    /// A letter has errors.
    Letter {
        /// Its text.
        text: String,
        /// What was found.
        found: Vec<Diagnostic>,
    },
    /// A part of the program failed; details are in the log.
    Panicked,
    /// The body, the query or a header cannot be read.
    Unreadable(Fault),
    /// The body is too large.
    TooLarge {
        /// Most bytes.
        bytes_max: usize,
    },
    /// The body has another media type.
    MediaType {
        /// What would do.
        wanted: &'static str,
    },
    /// Nobody is signed in.
    NotSignedIn,
    /// Account and password do not fit together.
    SignInFailed,
    /// The token of the session is missing or wrong.
    CsrfToken,
    /// The request was sent by a page of another site.
    ForeignOrigin,
    /// The set-up code is wrong.
    SetupCode,
    /// The first admin cannot be set up (any more).
    SetupClosed,
    /// Too often; wait so many seconds.
    TooOften {
        /// Seconds.
        wait_s: u64,
    },
    /// There is no such route.
    NoRoute,
    /// The route has no such method.
    NoMethod,
    /// Only for operators.
    OperatorsOnly,
    /// The server cannot do it now.
    Busy,
}

/// What is wrong with something that was sent.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Stable code: `malformed-json`, `wrong-encoding`, `unknown-field`, `missing-field`, `bad-value`.
    pub(crate) code: &'static str,
    /// In both languages.
    pub(crate) text: Text,
    /// The field.
    pub(crate) field: Option<String>,
    /// Line and column.
    pub(crate) place: Option<(u64, u64)>,
}

impl Fault {
    /// The path cannot be read.
    fn path() -> Self {
        let text = Text::new("地址不是 UTF-8，无法读取。", "The path is not UTF-8 and cannot be read.");
        Self { code: "wrong-encoding", text, field: None, place: None }
    }

    /// What cannot be read at all is a bad request; what can be read and does not fit is not.
    fn status(&self) -> StatusCode {
        match self.code {
            "malformed-json" | "wrong-encoding" => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl ApiError {
    /// A value that does not fit.
    pub(crate) fn bad_value(field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        ApiError::Unreadable(Fault {
            code: "bad-value",
            text: Text::new(zh, en),
            field: Some(field.into()),
            place: None,
        })
    }

    /// No such thing, such as an id that nothing has.
    pub(crate) const fn not_found(what: &'static str) -> Self {
        ApiError::Desk(DeskError::NotFound { what })
    }

    /// The same failure of the desk as its customer may see it.
    pub(crate) fn of_customer(error: DeskError) -> Self {
        match error {
            DeskError::Conflict { sheet } => ApiError::RequestMovedOn(sheet),
            other => ApiError::Desk(other),
        }
    }

    /// Status and code: the table of the interface.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            ApiError::Desk(DeskError::NotFound { .. }) | ApiError::NoRoute | ApiError::SetupClosed => {
                StatusCode::NOT_FOUND
            }
            ApiError::Desk(DeskError::Forbidden { .. } | DeskError::Refused(Refusal::NotAllowed { .. }))
            | ApiError::CsrfToken
            | ApiError::ForeignOrigin
            | ApiError::SetupCode
            | ApiError::OperatorsOnly => StatusCode::FORBIDDEN,
            ApiError::Desk(DeskError::Conflict { .. } | DeskError::Learning { .. })
            | ApiError::RequestMovedOn(_) => StatusCode::CONFLICT,
            ApiError::Desk(
                DeskError::Refused(_)
                | DeskError::Invalid { .. }
                | DeskError::Query(_)
                | DeskError::Commitment { .. }
                | DeskError::Wording { .. }
                | DeskError::PersonErased
                | DeskError::StillOpen { .. }
                | DeskError::KeyReused,
            )
            | ApiError::Letter { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            ApiError::Desk(DeskError::Erased { .. }) => StatusCode::GONE,
            ApiError::Unreadable(fault) => fault.status(),
            ApiError::Desk(
                DeskError::Full
                | DeskError::NotSigned
                | DeskError::OutOfService(_)
                | DeskError::NoAdvice(_)
                | DeskError::Unavailable(_),
            )
            | ApiError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            ApiError::Desk(DeskError::Internal(_)) | ApiError::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            ApiError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::MediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ApiError::NotSignedIn | ApiError::SignInFailed => StatusCode::UNAUTHORIZED,
            ApiError::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            ApiError::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// Stable code, kebab-case.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            ApiError::Desk(error) => error.code(),
            ApiError::RequestMovedOn(_) => "conflict",
            ApiError::Letter { .. } => "commitment-has-errors",
            ApiError::Panicked => "internal",
            ApiError::Unreadable(fault) => fault.code,
            ApiError::TooLarge { .. } => "too-large",
            ApiError::MediaType { .. } => "media-type",
            ApiError::NotSignedIn => "not-signed-in",
            ApiError::SignInFailed => "sign-in-failed",
            ApiError::CsrfToken => "csrf-token",
            ApiError::ForeignOrigin => "foreign-origin",
            ApiError::SetupCode => "setup-code",
            ApiError::SetupClosed => "setup-closed",
            ApiError::TooOften { .. } => "too-often",
            ApiError::NoRoute => "no-route",
            ApiError::NoMethod => "no-method",
            ApiError::OperatorsOnly => "operators-only",
            ApiError::Busy => "busy",
        }
    }

    /// Seconds to wait before another try.
    const fn retry_after_s(&self) -> Option<u64> {
        match self {
            ApiError::TooOften { wait_s }
            | ApiError::Desk(DeskError::NoAdvice(NoAdvice::Resting { wait_s })) => Some(*wait_s),
            ApiError::Desk(DeskError::Full | DeskError::OutOfService(_)) => Some(60),
            ApiError::Desk(DeskError::NotSigned | DeskError::Unavailable(_)) | ApiError::Busy => Some(1),
            _ => None,
        }
    }

    /// The problem in `language`.
    fn problem(&self, language: Language, path: &str, organisation: &Organisation) -> Problem {
        let status = self.status();
        let code = self.code();
        let mut problem = Problem {
            kind: format!("urn:yinuo:problem:{code}"),
            title: texts::title(status).get(language).to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: self.text(language),
            instance: Some(path.to_owned()),
            field: None,
            line: None,
            column: None,
            errors: Vec::new(),
            remarks: Vec::new(),
            rule: None,
            retry_after_s: self.retry_after_s(),
            ticket: None,
            request: None,
        };
        match self {
            ApiError::Desk(DeskError::Conflict { sheet }) => {
                problem.ticket = Some(Box::new(ticket_detail(sheet, organisation)));
            }
            ApiError::RequestMovedOn(sheet) => {
                problem.request = Some(Box::new(customer_ticket(sheet, organisation)));
            }
            ApiError::Desk(DeskError::Refused(refusal)) => problem.rule = refusal.rule().map(RuleWord),
            ApiError::Desk(DeskError::Invalid { field, .. }) => problem.field = Some((*field).to_owned()),
            ApiError::Desk(DeskError::Query(error)) => {
                problem.field = Some("q".to_owned());
                problem.column = Some(error.column());
                problem.errors = vec![ProblemError {
                    code: error.code().to_owned(),
                    detail: error.text(language),
                    line: None,
                    column: Some(error.column()),
                    field: Some("q".to_owned()),
                }];
            }
            ApiError::Desk(DeskError::Wording { field, text, remarks }) => {
                problem.field = Some((*field).to_owned());
                problem.remarks = wording_remarks(text, remarks);
            }
            ApiError::Desk(DeskError::Commitment { diagnostics }) => {
                problem.errors = errors(diagnostics, "", language);
            }
            ApiError::Letter { text, found } => problem.errors = errors(found, text, language),
            ApiError::Unreadable(fault) => {
                problem.field.clone_from(&fault.field);
                problem.line = fault.place.map(|(line, _)| line);
                problem.column = fault.place.map(|(_, column)| column);
            }
            _ => {}
        }
        problem
    }

    /// The answer in `language`.
    fn answer(&self, language: Language, path: &str, organisation: &Organisation) -> Response {
        let status = self.status();
        let problem = self.problem(language, path, organisation);
        let mut response = (status, axum::Json(&problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = problem.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        ApiError::Desk(error)
    }
}

impl IntoResponse for ApiError {
    /// Only carries the failure: [`render`](fn@render) turns it into a problem once it knows the caller's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

/// The errors of a letter, each with its place in `text`.
fn errors(found: &[Diagnostic], text: &str, language: Language) -> Vec<ProblemError> {
    let errors = found.iter().filter(|found| found.level == Level::Error);
    errors
        .map(|found| {
            let place = (!text.is_empty()).then(|| finding_place(found, text));
            ProblemError {
                code: found.code.to_owned(),
                detail: found.message.get(language).to_owned(),
                line: place.map(|(line, _)| line),
                column: place.map(|(_, column)| column),
                field: None,
            }
        })
        .collect()
}

/// The answer to a request during which a part of the program failed. What it failed with stays in the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer that catches hands it over")]
pub(crate) fn panicked(with: Box<dyn std::any::Any + Send>) -> Response {
    let known =
        with.downcast_ref::<String>().map(String::as_str).or_else(|| with.downcast_ref::<&str>().copied());
    tracing::error!(what = known.unwrap_or("unknown"), "a request failed by a mistake of the program");
    ApiError::Panicked.into_response()
}
