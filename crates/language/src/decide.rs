//! From words found to facets.

use yinuo_commitment::{Complexity, Facets, Kind, Severity, Site, Urgency};

use crate::{
    Given,
    cues::{self, Found, Sense},
};

/// Weight that urgency, severity and a technical matter need: one plain word in the body does not suffice.
const ENOUGH: i32 = 6;

/// Weight that makes a request complex.
const ENOUGH_FOR_COMPLEX: i32 = 4;

/// A request of this length is complex whatever its words; in characters, a Latin word counted as two.
const LONG_CHARS: usize = 260;

/// The facets and the words behind each.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) facets: Facets,
    pub(crate) kind: Vec<&'static str>,
    pub(crate) urgency: Vec<&'static str>,
    pub(crate) complexity: Vec<&'static str>,
    pub(crate) severity: Vec<&'static str>,
    pub(crate) technical: Vec<&'static str>,
    pub(crate) topic: Vec<&'static str>,
    /// Whether length alone made it complex.
    pub(crate) long: bool,
}

pub(crate) fn decide(given: &Given<'_>, found: &[Found], chars: usize) -> Decided {
    let (kind, kind_words) = kind(given, found);
    let urgent = sum(found, Sense::Urgent) >= ENOUGH;
    let major = sum(found, Sense::Major) >= ENOUGH;
    let complex = sum(found, Sense::Complex) >= ENOUGH_FOR_COMPLEX;
    let long = !complex && chars >= LONG_CHARS;
    // A fault is a technical matter; otherwise the words have to say so.
    let technical = kind == Kind::Repair || sum(found, Sense::Technical) >= ENOUGH;
    let (topic, topic_words) = topic(given, found);
    let facets = Facets {
        kind,
        urgency: given.urgency.unwrap_or(if urgent { Urgency::Urgent } else { Urgency::Normal }),
        complexity: given.complexity.unwrap_or(if complex || long {
            Complexity::Complex
        } else {
            Complexity::Simple
        }),
        severity: given.severity.unwrap_or(if major { Severity::Major } else { Severity::General }),
        site: given.site.unwrap_or(Site::Local),
        technical: given.technical.unwrap_or(technical),
        topic,
    };
    let behind = |decided: bool, sense: Sense| if decided { words(found, sense) } else { Vec::new() };
    Decided {
        kind: kind_words,
        urgency: behind(urgent && given.urgency.is_none(), Sense::Urgent),
        complexity: behind(complex && given.complexity.is_none(), Sense::Complex),
        severity: behind(major && given.severity.is_none(), Sense::Major),
        technical: behind(technical && given.technical.is_none(), Sense::Technical),
        topic: topic_words,
        long: long && given.complexity.is_none(),
        facets,
    }
}

fn sum(found: &[Found], sense: Sense) -> i32 {
    found.iter().filter(|found| found.sense == sense).fold(0, |sum, found| sum.saturating_add(found.weight))
}

/// The words that speak for `sense`, the strongest first.
fn words(found: &[Found], sense: Sense) -> Vec<&'static str> {
    let mut words: Vec<&Found> =
        found.iter().filter(|found| found.sense == sense && found.weight > 0).collect();
    words.sort_by_key(|found| std::cmp::Reverse(found.weight));
    words.into_iter().map(|found| found.word).collect()
}

/// The kind with the greatest weight. Of equals the one whose promises are the strictest wins, so that doubt never costs
/// the customer; a text that says nothing is a question.
fn kind(given: &Given<'_>, found: &[Found]) -> (Kind, Vec<&'static str>) {
    if let Some(kind) = given.kind {
        return (kind, Vec::new());
    }
    let by_strictness = [Kind::Complaint, Kind::Repair, Kind::Consultation, Kind::Suggestion, Kind::Praise];
    let mut best = (Kind::Consultation, 0);
    for kind in by_strictness {
        let weight = sum(found, Sense::Kind(kind));
        if weight > best.1 {
            best = (kind, weight);
        }
    }
    (best.0, words(found, Sense::Kind(best.0)))
}

/// The topic with the greatest weight; none if no word names one.
fn topic(given: &Given<'_>, found: &[Found]) -> (Option<String>, Vec<&'static str>) {
    if let Some(topic) = given.topic {
        return (Some(topic.to_owned()), Vec::new());
    }
    let mut best: Option<(usize, i32)> = None;
    for index in 0..cues::topics_len() {
        let weight = sum(found, Sense::Topic(index));
        if weight > best.map_or(0, |best| best.1) {
            best = Some((index, weight));
        }
    }
    match best.and_then(|(index, _)| Some((index, cues::topic(index)?))) {
        Some((index, name)) => (Some(name.to_owned()), words(found, Sense::Topic(index))),
        None => (None, Vec::new()),
    }
}
