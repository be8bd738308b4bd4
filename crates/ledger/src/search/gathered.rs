//! Hits as they are gone through: which are on the page, and how many there are of each sort.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use jiff::Timestamp;

use super::{Admits, Found, FoundTicket, SearchCursor, Tally, Traits, Wanted};
use crate::LedgerError;

/// Keeps the newest of what is pushed, so many at most.
#[derive(Debug)]
struct Newest<T> {
    most: usize,
    kept: Vec<(SearchCursor, T)>,
    /// Nothing before it is among the newest.
    floor: Option<SearchCursor>,
}

impl<T> Newest<T> {
    /// Nothing yet.
    const fn new(most: usize) -> Self {
        Self { most, kept: Vec::new(), floor: None }
    }

    /// Something at its place. What is not among the newest is dropped, now or later.
    fn push(&mut self, at: SearchCursor, of: T) {
        if self.floor.is_some_and(|floor| at < floor) {
            return;
        }
        self.kept.push((at, of));
        if self.kept.len() >= self.most.saturating_mul(2).max(1) {
            self.settle();
        }
    }

    /// Whether nothing that was received at `received_at_us` or before would be among the newest any more.
    fn is_full_above(&mut self, received_at_us: i64) -> bool {
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
    fn in_order(mut self) -> Vec<(SearchCursor, T)> {
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
    ) -> Result<bool, LedgerError> {
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

/// What a combination of traits says, and whether tickets of it may be seen.
struct Group {
    text: String,
    admitted: bool,
}

/// Everything that has the words, gone through by a store in whatever order it likes, best the newest first. Traits go by
/// the number that the store gave them.
pub struct Gathered<'a> {
    wanted: &'a Wanted,
    admits: &'a Admits,
    counted: Newest<i64>,
    hits: Newest<()>,
    groups: HashMap<i64, Group>,
}

impl fmt::Debug for Gathered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gathered").field("groups", &self.groups.len()).finish_non_exhaustive()
    }
}

impl<'a> Gathered<'a> {
    /// Nothing yet.
    pub fn new(wanted: &'a Wanted, admits: &'a Admits) -> Self {
        // One more of each tells whether there are more.
        let counted = Newest::new((wanted.count_most as usize).saturating_add(1));
        let hits = Newest::new((wanted.limit.max(1) as usize).saturating_add(1));
        Self { wanted, admits, counted, hits, groups: HashMap::new() }
    }

    /// Nothing yet, for going through everything anew; which traits are what stays known.
    #[must_use]
    pub fn anew(self) -> Self {
        Self { groups: self.groups, ..Self::new(self.wanted, self.admits) }
    }

    /// Whether it knows what the traits of this number are.
    pub fn knows(&self, traits: i64) -> bool {
        self.groups.contains_key(&traits)
    }

    /// What the traits of this number are, as [`Traits::text`].
    pub fn learn(&mut self, traits: i64, text: &str) -> Result<(), LedgerError> {
        let admitted = (self.admits)(&Traits::read(text)?);
        self.groups.insert(traits, Group { text: text.to_owned(), admitted });
        Ok(())
    }

    /// One that has the words. Its traits have to be known.
    pub fn push(&mut self, at: SearchCursor, traits: i64) {
        self.counted.push(at, traits);
        let admitted = self.groups.get(&traits).is_some_and(|group| group.admitted);
        if admitted && self.wanted.after.is_none_or(|after| at < after) {
            self.hits.push(at, ());
        }
    }

    /// Whether nothing that was received at `received_at_us` or before would change what was found any more.
    pub fn is_full_above(&mut self, received_at_us: i64) -> bool {
        self.counted.is_full_above(received_at_us) && self.hits.is_full_above(received_at_us)
    }

    /// What was found.
    pub fn found(self) -> Result<Found, LedgerError> {
        let most = self.wanted.count_most as usize;
        let counted = self.counted.in_order();
        let mut counts: HashMap<(i64, u32), u64> = HashMap::new();
        for (at, traits) in counted.iter().take(most) {
            let count = counts.entry((*traits, self.wanted.span_of(instant(at)?))).or_default();
            *count = count.saturating_add(1);
        }
        let mut tallied = Tallied::default();
        for ((traits, span), tickets) in counts {
            let group = self.groups.get(&traits);
            let group = group.ok_or(LedgerError::Unfit { what: "a hit has traits that nobody looked up" })?;
            tallied.count(&group.text, span, tickets, self.admits)?;
        }
        let hit = |(at, ()): (SearchCursor, ())| -> Result<FoundTicket, LedgerError> {
            Ok(FoundTicket { ticket: at.ticket, received_at: instant(&at)? })
        };
        let hits = self.hits.in_order().into_iter().map(hit).collect::<Result<_, _>>()?;
        Ok(Found::page(hits, self.wanted.limit, tallied, counted.len() > most))
    }
}

fn instant(at: &SearchCursor) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(at.received_at_us)
        .map_err(|_| LedgerError::corrupt("the search index has an instant that does not exist"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yinuo_core::id::TicketId;

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
