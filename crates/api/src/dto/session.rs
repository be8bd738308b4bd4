//! Signing in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{people::Person, scalar::Instant, words::OperationWord};

/// Account and password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Sign-in name.
    pub account: String,
    /// Password.
    pub password: String,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionDetail {
    /// The person.
    pub member: Person,
    /// What every changing request has to send in the header `X-CSRF-Token`.
    pub csrf_token: String,
    /// Until when.
    pub expires_at: Instant,
    /// What the person may do besides commands to tickets.
    pub operations: Vec<OperationWord>,
    /// The time here.
    pub now: Instant,
    /// Name of the language model that may be asked for advice; none if none is connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adviser: Option<String>,
}

/// The first admin.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The code that the server printed at its start.
    pub setup_code: String,
    /// Sign-in name.
    pub account: String,
    /// Name that people see.
    pub name: String,
    /// Password, at least 10 characters.
    pub password: String,
}
