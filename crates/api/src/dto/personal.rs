//! Personal data of customers: looked at with a reason, and who looked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    scalar::Instant,
    timeline::ActorDetail,
    words::{FieldWord, RoleWord},
};

/// What somebody wants to see in full, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealRequest {
    /// Which data; at least one.
    #[schema(min_items = 1)]
    pub fields: Vec<FieldWord>,
    /// Why. It stays on record, and the customer may ask for it.
    pub reason: String,
}

/// What was asked for, in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RevealAnswer {
    /// The data that were asked for.
    pub values: Vec<RevealedValue>,
    /// Version of the ticket after the look was put on record: the `expected_version` of the next command.
    pub version: u32,
    /// When it was put on record.
    pub at: Instant,
}

/// One of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RevealedValue {
    /// Which.
    pub field: FieldWord,
    /// In full.
    pub text: String,
}

/// Who looked at the personal data of a ticket's customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LookList {
    /// In order of time.
    pub looks: Vec<LookDetail>,
}

/// Somebody looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LookDetail {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: ActorDetail,
    /// At what.
    pub fields: Vec<FieldWord>,
    /// Why; none after an erasure.
    pub reason: Option<String>,
}

/// Who looked at one's own data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerLookList {
    /// In order of time.
    pub looks: Vec<CustomerLook>,
}

/// Somebody of the company looked at one's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerLook {
    /// When.
    pub at: Instant,
    /// In which role.
    pub role: Option<RoleWord>,
    /// At what.
    pub fields: Vec<FieldWord>,
    /// Why.
    pub reason: Option<String>,
}
