//! Personal data of customers: looked at with a reason, who looked, found by contact, erased.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    list::TicketLine,
    scalar::Instant,
    sheet::{ErasureDetail, TicketDetail},
    timeline::ActorDetail,
    words::{ErasureWord, FieldWord, RoleWord},
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
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RevealAnswer {
    /// The data that were asked for.
    pub values: Vec<RevealedValue>,
    /// The ticket with its texts in full, if those were asked for. Contact data in it are masked as ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Box<TicketDetail>>,
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

/// By what tickets are looked for: at least one of the two, in full.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactSearch {
    /// A phone number, however it is written.
    #[serde(default)]
    pub phone: Option<String>,
    /// An e-mail address, however it is written.
    #[serde(default)]
    pub email: Option<String>,
}

/// Tickets of whoever is known by a contact.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FoundTickets {
    /// The newest first.
    pub tickets: Vec<TicketLine>,
}

/// What erasing the person behind a ticket concerns.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ErasurePreview {
    /// Number of the ticket: what `confirm` has to repeat.
    pub number: String,
    /// How many persons are erased together, because a phone number or an e-mail address leads from one to the other.
    pub persons: u32,
    /// All their tickets, in order of receipt.
    pub tickets: Vec<TicketLine>,
    /// Numbers of tickets that stand in the way: they are open, or something is still owed.
    pub open: Vec<String>,
}

/// An erasure. It cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// Why.
    pub reason: ErasureWord,
    /// The number of the ticket, typed again.
    pub confirm: String,
    /// How many tickets the preview listed: if there are others by now, nothing is erased.
    pub expected_tickets: u32,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErasureAnswer {
    /// When, by whom, why.
    pub erased: ErasureDetail,
    /// How many persons.
    pub persons: u32,
    /// Numbers of their tickets.
    pub numbers: Vec<String>,
}
