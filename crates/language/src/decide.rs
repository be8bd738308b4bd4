//! What the lists of words say about a request, dimension by dimension. They may say nothing.

use yinuo_commitment::Kind;

use crate::cues::{self, Found, Sense};

/// Weight that urgency, severity and a technical matter need: one plain word in the body does not suffice.
const ENOUGH: i32 = 6;

/// Weight that makes a request complex.
const ENOUGH_FOR_COMPLEX: i32 = 4;

/// A request of this length is complex whatever its words; in characters, a Latin word counted as two.
const LONG_CHARS: usize = 260;

/// Something the lists say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    /// By how much it outweighs the next best.
    pub(crate) margin: i32,
    /// The words, the strongest first.
    pub(crate) words: Vec<&'static str>,
}

/// Everything that the lists say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four findings that have nothing to do with one another")]
pub(crate) struct Lists {
    pub(crate) kind: Option<Said<Kind>>,
    pub(crate) urgent: Option<Said<()>>,
    pub(crate) complex: Option<Said<()>>,
    pub(crate) major: Option<Said<()>>,
    pub(crate) technical: Option<Said<()>>,
    pub(crate) topic: Option<Said<&'static str>>,
    /// Whether its length alone makes the request complex.
    pub(crate) long: bool,
    /// Whether nothing was found at all.
    pub(crate) silent: bool,
    /// Whether urgency was named and negated ("no smoke"), and never without negation.
    pub(crate) not_urgent: bool,
    /// The same for severity.
    pub(crate) not_major: bool,
}

pub(crate) fn lists(found: &[Found], chars: usize) -> Lists {
    let complex = enough(found, Sense::Complex, ENOUGH_FOR_COMPLEX);
    Lists {
        kind: kind(found),
        urgent: enough(found, Sense::Urgent, ENOUGH),
        major: enough(found, Sense::Major, ENOUGH),
        technical: enough(found, Sense::Technical, ENOUGH),
        topic: topic(found),
        long: complex.is_none() && chars >= LONG_CHARS,
        silent: found.is_empty(),
        not_urgent: negated(found, Sense::Urgent),
        not_major: negated(found, Sense::Major),
        complex,
    }
}

fn sum(found: &[Found], sense: Sense) -> i32 {
    found.iter().filter(|found| found.sense == sense).fold(0, |sum, found| sum.saturating_add(found.weight))
}

/// Whether words speak for `sense`, and all of them are negated or speak for the opposite.
fn negated(found: &[Found], sense: Sense) -> bool {
    let mut own = found.iter().filter(|found| found.sense == sense).peekable();
    own.peek().is_some() && own.all(|found| found.weight <= 0)
}

fn enough(found: &[Found], sense: Sense, needed: i32) -> Option<Said<()>> {
    let margin = sum(found, sense);
    (margin >= needed).then(|| Said { value: (), margin, words: words(found, sense) })
}

/// The words that speak for `sense`, the strongest first.
fn words(found: &[Found], sense: Sense) -> Vec<&'static str> {
    let mut words: Vec<&Found> =
        found.iter().filter(|found| found.sense == sense && found.weight > 0).collect();
    words.sort_by_key(|found| std::cmp::Reverse(found.weight));
    words.into_iter().map(|found| found.word).collect()
}

/// The kind with the greatest weight. Of equals the one whose promises are the strictest wins, so that doubt never costs
/// the customer.
fn kind(found: &[Found]) -> Option<Said<Kind>> {
    let by_strictness = [Kind::Complaint, Kind::Repair, Kind::Consultation, Kind::Suggestion, Kind::Praise];
    let weights = by_strictness.map(|kind| (kind, sum(found, Sense::Kind(kind))));
    let (value, margin) = strongest(weights.into_iter())?;
    Some(Said { value, margin, words: words(found, Sense::Kind(value)) })
}

/// The topic with the greatest weight; none if no word names one.
fn topic(found: &[Found]) -> Option<Said<&'static str>> {
    let weights = (0..cues::topics_len()).map(|index| (index, sum(found, Sense::Topic(index))));
    let (index, margin) = strongest(weights)?;
    Some(Said { value: cues::topic(index)?, margin, words: words(found, Sense::Topic(index)) })
}

/// The first of those with the greatest weight above zero, and how far the next one lies behind.
fn strongest<T>(weights: impl Iterator<Item = (T, i32)>) -> Option<(T, i32)> {
    let mut best: Option<(T, i32)> = None;
    let mut next = 0;
    for (value, weight) in weights.filter(|(_, weight)| *weight > 0) {
        match &best {
            Some((_, highest)) if weight <= *highest => next = next.max(weight),
            _ => {
                next = best.as_ref().map_or(0, |(_, highest)| *highest);
                best = Some((value, weight));
            }
        }
    }
    best.map(|(value, weight)| (value, weight - next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_wins_by_its_margin() {
        assert_eq!(strongest([('a', 2), ('b', 6), ('c', 6), ('d', 0)].into_iter()), Some(('b', 0)));
        assert_eq!(strongest([('a', 5), ('b', 2)].into_iter()), Some(('a', 3)));
        assert_eq!(strongest([('a', 0)].into_iter()), None);
    }
}
