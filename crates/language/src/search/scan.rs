//! What a query means: the scan that says which texts it finds, and where in them.

use std::ops::Range;

use super::{Query, Term};
use crate::tokens::{Class, Folded, Run};

/// A part of a text with what was found in it. All spans are bytes of the original text, on borders of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What to show.
    pub span: Range<usize>,
    /// What was found, in order, without overlaps, inside of the span.
    pub hits: Vec<Range<usize>>,
}

impl Query {
    /// Whether the query finds a text: it has every term, and none that is excluded. Facets do not matter here.
    pub fn matches(&self, text: &str) -> bool {
        let folded = Folded::of(text);
        self.terms.iter().all(|term| term.hits(&folded, |_| true) != term.excluded)
    }

    /// Where the terms stand in a text: bytes of the original, in order, without overlaps.
    pub fn hits(&self, text: &str) -> Vec<Range<usize>> {
        let (folded, origins) = Folded::with_origins(text);
        let mut hits = Vec::new();
        for term in self.terms.iter().filter(|term| !term.excluded) {
            term.hits(&folded, |hit| {
                hits.push(original(&hit, &origins));
                false
            });
        }
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(hits.len());
        for hit in hits {
            match merged.last_mut() {
                Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
                _ => merged.push(hit),
            }
        }
        merged
    }

    /// The parts of a text that show why it was found: at most `most` of about `chars` characters each, those with the
    /// most hits, in the order of the text. Without hits the beginning of the text.
    pub fn snippets(&self, text: &str, chars: usize, most: usize) -> Vec<Snippet> {
        let hits = self.hits(text);
        let lead = chars / 4;
        let mut snippets: Vec<Snippet> = Vec::new();
        for hit in hits {
            match snippets.last_mut() {
                Some(last) if hit.end <= last.span.end => last.hits.push(hit),
                last => {
                    // A snippet begins where the one before ended, at the earliest.
                    let floor = last.map_or(0, |last| last.span.end).min(hit.start);
                    let start = back(text, floor, hit.start, lead);
                    let end = forth(text, start, chars).max(hit.end);
                    snippets.push(Snippet { span: start..end, hits: vec![hit] });
                }
            }
        }
        if snippets.is_empty() {
            return match forth(text, 0, chars) {
                0 => Vec::new(),
                end => vec![Snippet { span: 0..end, hits: Vec::new() }],
            };
        }
        let mut places: Vec<usize> = (0..snippets.len()).collect();
        places.sort_by_key(|place| {
            std::cmp::Reverse(snippets.get(*place).map_or(0, |snippet| snippet.hits.len()))
        });
        places.truncate(most);
        let mut place = 0_usize;
        snippets.retain(|_| {
            place = place.saturating_add(1);
            places.contains(&place.saturating_sub(1))
        });
        snippets
    }
}

/// At most `chars` characters back from `from`, not before `floor`.
fn back(text: &str, floor: usize, from: usize, chars: usize) -> usize {
    let before = text.get(floor..from).unwrap_or_default();
    let start = before.char_indices().rev().take(chars).last().map_or(before.len(), |(at, _)| at);
    floor.saturating_add(start)
}

/// At most `chars` characters on from `from`.
fn forth(text: &str, from: usize, chars: usize) -> usize {
    let after = text.get(from..).unwrap_or_default();
    from.saturating_add(after.char_indices().nth(chars).map_or(after.len(), |(at, _)| at))
}

/// Bytes of the original for bytes of the folded text: whole characters, with the marks that follow the last one.
fn original(hit: &Range<usize>, origins: &[usize]) -> Range<usize> {
    let start = origins.get(hit.start).copied().unwrap_or_default();
    let last = origins.get(hit.end.saturating_sub(1)).copied().unwrap_or_default();
    let after = origins.get(hit.end..).unwrap_or_default();
    let end = after.iter().copied().find(|origin| *origin > last);
    start..end.or(origins.last().copied()).unwrap_or(last)
}

impl Term {
    /// Gives every place of the folded text at which the term stands, until `enough` says so; says whether it did.
    fn hits(&self, text: &Folded, mut enough: impl FnMut(Range<usize>) -> bool) -> bool {
        match self.folded.runs.as_slice() {
            [run] => {
                let wanted = self.folded.str(run);
                // A run of one class can only stand within a run of that class.
                let whole = run.class == Class::Word && run.chars < 3;
                text.text.match_indices(wanted).any(|(at, _)| {
                    let hit = at..at.saturating_add(wanted.len());
                    (!whole || is_whole(text, &hit)) && enough(hit)
                })
            }
            wanted => {
                text.runs.windows(wanted.len()).any(|here| self.stands(text, here).is_some_and(&mut enough))
            }
        }
    }

    /// Where the term stands if it stands in exactly these runs.
    fn stands(&self, text: &Folded, here: &[Run]) -> Option<Range<usize>> {
        let last = here.len().saturating_sub(1);
        let mut hit: Option<Range<usize>> = None;
        for (place, (wanted, run)) in self.folded.runs.iter().zip(here).enumerate() {
            let (want, have) = (self.folded.str(wanted), text.str(run));
            let cut = wanted.class == Class::Han;
            let span = match place {
                0 if cut && have.ends_with(want) => run.span.end.saturating_sub(want.len())..run.span.end,
                _ if place == last && cut && have.starts_with(want) => {
                    run.span.start..run.span.start.saturating_add(want.len())
                }
                _ if have == want => run.span.clone(),
                _ => return None,
            };
            hit = Some(hit.map_or(span.start, |hit| hit.start)..span.end);
        }
        hit
    }
}

/// Whether a hit is a whole run.
fn is_whole(text: &Folded, hit: &Range<usize>) -> bool {
    let place = text.runs.partition_point(|run| run.span.end <= hit.start);
    text.runs.get(place).is_some_and(|run| run.span == *hit)
}
