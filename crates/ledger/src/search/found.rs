//! What is asked of the index, and what it answers.

use std::{fmt, str::FromStr, sync::Arc};

use jiff::Timestamp;
use yinuo_core::id::TicketId;

use super::{Audience, Traits, gathered::Tallied};

/// Whether whoever asks may see and wants to see tickets of these traits.
pub type Admits = Arc<dyn Fn(&Traits) -> bool + Send + Sync>;

/// What to find. Every token is ten characters of `a-z2-7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which texts are searched.
    pub audience: Audience,
    /// Phrases that all have to be there: each in some page of the ticket, its tokens in a row.
    pub phrases: Vec<Vec<String>>,
    /// Phrases of which none may be there.
    pub unwanted: Vec<Vec<String>>,
    /// Received at or after.
    pub received_from: Option<Timestamp>,
    /// Received before.
    pub received_to: Option<Timestamp>,
    /// Instants, in order, between which hits are counted.
    pub spans: Vec<Timestamp>,
    /// After this hit; none for the first page.
    pub after: Option<SearchCursor>,
    /// At most so many hits.
    pub limit: u32,
    /// So many of the newest hits are counted, no more: what is found in half of all tickets need not be gone through.
    pub count_most: u32,
}

impl Wanted {
    /// In which span `at` lies: 0 before the first instant, 1 at or after it and before the second, and so on.
    pub fn span_of(&self, at: Timestamp) -> u32 {
        u32::try_from(self.spans.partition_point(|span| *span <= at)).unwrap_or(u32::MAX)
    }
}

/// A hit's place in the order of hits: received last first, then by id, the greatest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SearchCursor {
    /// `received_at` in microseconds.
    pub received_at_us: i64,
    /// Ticket.
    pub ticket: TicketId,
}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.received_at_us, self.ticket)
    }
}

/// A text that is not a place in the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the place of a hit: take it from the page before")]
pub struct SearchCursorError;

impl FromStr for SearchCursor {
    type Err = SearchCursorError;

    fn from_str(text: &str) -> Result<Self, SearchCursorError> {
        let (at, ticket) = text.split_once('~').ok_or(SearchCursorError)?;
        let received_at_us = at.parse().map_err(|_| SearchCursorError)?;
        Ok(Self { received_at_us, ticket: ticket.parse().map_err(|_| SearchCursorError)? })
    }
}

/// A ticket that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundTicket {
    /// Which.
    pub ticket: TicketId,
    /// When it was received.
    pub received_at: Timestamp,
}

impl FoundTicket {
    /// Where it stands.
    pub fn cursor(&self) -> SearchCursor {
        SearchCursor { received_at_us: self.received_at.as_microsecond(), ticket: self.ticket }
    }
}

/// Tickets with the same traits, received in the same span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What they are.
    pub traits: Traits,
    /// In which span of [`Wanted::spans`] they were received.
    pub span: u32,
    /// How many.
    pub tickets: u64,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// One page of hits in the order of [`SearchCursor`].
    pub hits: Vec<FoundTicket>,
    /// Where the next page begins; none on the last one.
    pub next: Option<SearchCursor>,
    /// The newest [`Wanted::count_most`] of everything that has the words and lies between the bounds, whether `admits` lets
    /// it be seen or not, counted; in the order of traits and spans.
    pub tallies: Vec<Tally>,
    /// Whether more have the words than were counted.
    pub uncounted: bool,
}

impl Found {
    /// The first `limit` of hits in order, with what was counted.
    pub fn page(mut hits: Vec<FoundTicket>, limit: u32, tallied: Tallied, uncounted: bool) -> Self {
        let limit = limit.max(1) as usize;
        let more = hits.len() > limit;
        hits.truncate(limit);
        let next = if more { hits.last().map(FoundTicket::cursor) } else { None };
        Self { hits, next, tallies: tallied.tallies(), uncounted }
    }
}
