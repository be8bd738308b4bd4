//! Requests that the company's people enter for customers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    scalar::{Instant, TicketRef},
    sheet::{Customer, TicketDetail},
    words::{ChannelWord, ComplexityWord, KindWord, LanguageWord, SeverityWord, SiteWord, UrgencyWord},
};

/// A request as somebody took it down.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterRequest {
    /// The way it came in; by phone unless said otherwise.
    #[serde(default)]
    pub channel: Option<ChannelWord>,
    /// Who asks.
    pub customer: Customer,
    /// One line.
    pub subject: String,
    /// The whole text.
    pub body: String,
    /// Language of the customer; by the text unless said.
    #[serde(default)]
    pub language: Option<LanguageWord>,
    /// What it is; by the company's rules unless said. The same holds for the rest.
    #[serde(default)]
    pub kind: Option<KindWord>,
    /// How urgent.
    #[serde(default)]
    pub urgency: Option<UrgencyWord>,
    /// How complex.
    #[serde(default)]
    pub complexity: Option<ComplexityWord>,
    /// How severe.
    #[serde(default)]
    pub severity: Option<SeverityWord>,
    /// Where the site is.
    #[serde(default)]
    pub site: Option<SiteWord>,
    /// Whether it is a technical matter.
    #[serde(default)]
    pub technical: Option<bool>,
    /// What it is about.
    #[serde(default)]
    pub topic: Option<String>,
    /// Rings before the phone was picked up, for a call that is going on.
    #[serde(default)]
    pub rings: Option<u32>,
}

/// What the person gets who entered a request.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EnterReceipt {
    /// Id of the ticket.
    pub id: TicketRef,
    /// Its number.
    pub number: String,
    /// Code to tell the customer.
    pub query_code: String,
    /// When it came in.
    pub received_at: Instant,
    /// Place of the entry in the ledger; none if the receipt is given again.
    pub position: Option<u64>,
    /// Hash of the entry in the ledger.
    pub hash: String,
    /// Whether the same `Idempotency-Key` was sent before.
    pub replayed: bool,
    /// The ticket.
    pub ticket: TicketDetail,
}
