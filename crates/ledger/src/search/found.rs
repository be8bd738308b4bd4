//! What is asked of the index, and what it answers.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use jiff::Timestamp;
use yinuo_core::id::TicketId;

use super::{Audience, Traits};

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

/// Keeps the newest of what is pushed, so many at most; for stores.
#[derive(Debug)]
pub struct Newest<T> {
    most: usize,
    kept: Vec<(SearchCursor, T)>,
    /// Nothing before it is among the newest.
    floor: Option<SearchCursor>,
}

impl<T> Newest<T> {
    /// Nothing yet.
    pub const fn new(most: usize) -> Self {
        Self { most, kept: Vec::new(), floor: None }
    }

    /// Something at its place. What is not among the newest is dropped, now or later.
    pub fn push(&mut self, at: SearchCursor, of: T) {
        if self.floor.is_some_and(|floor| at < floor) {
            return;
        }
        self.kept.push((at, of));
        if self.kept.len() >= self.most.saturating_mul(2).max(1) {
            self.settle();
        }
    }

    /// Whether nothing that was received at `received_at_us` or before would be among the newest any more.
    pub fn is_full_above(&mut self, received_at_us: i64) -> bool {
        if self.kept.len() < self.most {
            return false;
        }
        if self.kept.len() > self.most || self.floor.is_none() {
            self.settle();
        }
        self.floor.is_none_or(|floor| floor.received_at_us > received_at_us)
    }

    fn settle(&mut self) {
        if self.kept.len() > self.most {
            self.kept.select_nth_unstable_by(self.most, |a, b| b.0.cmp(&a.0));
            self.kept.truncate(self.most);
        }
        if self.kept.len() >= self.most {
            self.floor = self.kept.iter().map(|(at, _)| *at).min();
        }
    }

    /// The newest, in order.
    pub fn in_order(mut self) -> Vec<(SearchCursor, T)> {
        self.kept.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
        self.kept.truncate(self.most);
        self.kept
    }
}

/// Counts tickets by the text of their traits; for stores.
#[derive(Default)]
pub struct Tallied(BTreeMap<String, Counted>);

struct Counted {
    traits: Traits,
    admitted: bool,
    spans: BTreeMap<u32, u64>,
}

impl fmt::Debug for Tallied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tallied").field("traits", &self.0.len()).finish()
    }
}

impl Tallied {
    /// Counts `tickets` of these traits; says whether `admits` lets them be seen.
    pub fn count(
        &mut self,
        text: &str,
        span: u32,
        tickets: u64,
        admits: &Admits,
    ) -> Result<bool, crate::LedgerError> {
        if !self.0.contains_key(text) {
            let traits = Traits::read(text)?;
            let admitted = admits(&traits);
            self.0.insert(text.to_owned(), Counted { traits, admitted, spans: BTreeMap::new() });
        }
        let Some(counted) = self.0.get_mut(text) else { return Ok(false) };
        let count = counted.spans.entry(span).or_default();
        *count = count.saturating_add(tickets);
        Ok(counted.admitted)
    }

    /// The texts of traits that may be seen.
    pub fn admitted(&self) -> Vec<&str> {
        self.0.iter().filter(|(_, counted)| counted.admitted).map(|(text, _)| text.as_str()).collect()
    }

    /// What was counted.
    pub fn tallies(self) -> Vec<Tally> {
        let mut tallies: Vec<Tally> = Vec::new();
        for counted in self.0.into_values() {
            for (span, tickets) in counted.spans.into_iter().filter(|(_, tickets)| *tickets > 0) {
                tallies.push(Tally { traits: counted.traits.clone(), span, tickets });
            }
        }
        tallies.sort_by(|a, b| (&a.traits, a.span).cmp(&(&b.traits, b.span)));
        tallies
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(received_at_us: i64, n: u8) -> SearchCursor {
        SearchCursor { received_at_us, ticket: TicketId::from_parts(1, [n; 10]) }
    }

    proptest! {
        #[test]
        fn the_newest_are_those_of_a_sorted_list(
            most in 0_usize..9,
            pushed in prop::collection::vec((0_i64..20, 0_u8..4), 0..60),
        ) {
            let mut newest = Newest::new(most);
            let mut all: Vec<SearchCursor> = Vec::new();
            for (received, n) in pushed {
                newest.push(place(received, n), received);
                all.push(place(received, n));
                all.sort_unstable_by(|a, b| b.cmp(a));
                let last = most.checked_sub(1).and_then(|last| all.get(last));
                let full = last.is_some_and(|last| last.received_at_us > received) || most == 0;
                prop_assert_eq!(newest.is_full_above(received), full);
            }
            all.truncate(most);
            let kept: Vec<SearchCursor> = newest.in_order().into_iter().map(|(at, _)| at).collect();
            prop_assert_eq!(kept, all);
        }
    }
}
