//! A ticket as the index has it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use yinuo_commitment::{Channel, Complexity, Kind, Severity, Urgency};
use yinuo_core::{
    id::{TeamId, TicketId},
    ticket::Stage,
};

use crate::LedgerError;

/// Which texts of a ticket are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    /// What the customer wrote and was sent.
    Customer,
    /// The same, and what colleagues noted for each other.
    Staff,
}

impl Audience {
    /// Both.
    pub const ALL: &'static [Audience] = &[Audience::Customer, Audience::Staff];

    /// The bit that stands for it in stores.
    pub const fn bit(self) -> i64 {
        match self {
            Audience::Customer => 1,
            Audience::Staff => 2,
        }
    }
}

/// What a ticket is, as far as a search can be narrowed by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Traits {
    /// Kind.
    pub kind: Kind,
    /// Channel.
    pub channel: Channel,
    /// Urgency.
    pub urgency: Urgency,
    /// Severity.
    pub severity: Severity,
    /// Complexity.
    pub complexity: Complexity,
    /// Stage.
    pub stage: Stage,
    /// Whether it is open.
    pub open: bool,
    /// Topic.
    pub topic: Option<String>,
    /// Owning team.
    pub team: Option<TeamId>,
}

/// Traits as stores keep them: words, so that a store can compare them as one text.
#[derive(Serialize, Deserialize)]
struct Kept<'a>(&'a str, &'a str, &'a str, &'a str, &'a str, &'a str, bool, Option<String>, Option<String>);

impl Traits {
    /// As one text, the same for equal traits.
    pub fn text(&self) -> String {
        let team = self.team.as_ref().map(|team| team.as_str().to_owned());
        let kept = Kept(
            self.kind.word(),
            self.channel.word(),
            self.urgency.word(),
            self.severity.word(),
            self.complexity.word(),
            self.stage.word(),
            self.open,
            self.topic.clone(),
            team,
        );
        // An array of texts has no key or value that JSON cannot hold.
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// From the text that a store kept.
    pub fn read(text: &str) -> Result<Self, LedgerError> {
        let read = || -> Option<Self> {
            let kept: Kept<'_> = serde_json::from_str(text).ok()?;
            Some(Self {
                kind: Kind::from_word(kept.0)?,
                channel: Channel::from_word(kept.1)?,
                urgency: Urgency::from_word(kept.2)?,
                severity: Severity::from_word(kept.3)?,
                complexity: Complexity::from_word(kept.4)?,
                stage: Stage::from_word(kept.5)?,
                open: kept.6,
                topic: kept.7,
                team: kept.8.map(|team| TeamId::new(&team)).transpose().ok()?,
            })
        };
        read().ok_or_else(|| LedgerError::corrupt("the traits of a ticket in the search index are damaged"))
    }
}

/// A ticket as it is to be found. A page is tokens with a blank between them: first at most 16,000 of which the order counts,
/// no one more than 255 times; then, behind a bar, others that are only ever asked for one by one. At most 64,000 in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub ticket: TicketId,
    /// What it is.
    pub traits: Traits,
    /// When it was received: hits are in this order.
    pub received_at: Timestamp,
    /// Pages for [`Audience::Customer`].
    pub customer: Vec<String>,
    /// Pages for [`Audience::Staff`], unless they are the same.
    pub staff: Option<Vec<String>>,
}

impl Document {
    /// The bits of the audiences, and the pages for them.
    pub fn parts(&self) -> Vec<(i64, &[String])> {
        let (customer, staff) = (Audience::Customer.bit(), Audience::Staff.bit());
        match &self.staff {
            None => vec![(customer | staff, &self.customer)],
            Some(pages) => vec![(customer, &self.customer), (staff, pages)],
        }
    }
}

/// By what a store sees that pages have not changed: eight bytes of their SHA-256.
pub fn pages_digest(pages: &[String]) -> [u8; 8] {
    let mut hasher = Sha256::new();
    for page in pages {
        hasher.update(page.as_bytes());
        hasher.update([0]);
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let mut digest = [0; 8];
    for (to, from) in digest.iter_mut().zip(hash) {
        *to = from;
    }
    digest
}
