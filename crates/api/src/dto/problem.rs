//! Problem details (RFC 9457).

use serde::Serialize;
use utoipa::ToSchema;

use super::{customer::CustomerTicket, sheet::TicketDetail, wording::WordingRemark, words::RuleWord};

/// Why a request was not done, as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `urn:yinuo:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in words, in the caller's language.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code, kebab-case. Programs go by this.
    pub code: String,
    /// What is wrong and what to do, in the caller's language.
    pub detail: String,
    /// Path of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The offending field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Line of the body where reading stopped, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column of the body where reading stopped, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Several findings, each with its own place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemError>,
    /// What the check of wording remarked on `field`, what blocks and what warns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub remarks: Vec<WordingRemark>,
    /// Rule of the letters behind a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleWord>,
    /// Seconds to wait before another try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// The ticket as it is now, if it has moved on (staff).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Box<TicketDetail>>,
    /// The ticket as it is now, if it has moved on (its customer).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<CustomerTicket>>,
}

/// One of several findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemError {
    /// Stable code.
    pub code: String,
    /// What is wrong, in the caller's language.
    pub detail: String,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}
