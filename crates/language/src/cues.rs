//! The lists of words, and finding them in a text.
//!
//! `data/cues.txt` is read once. A section starts with `[dimension value weight]`; the lines below it list words,
//! separated by commas. A word of Latin letters stands for itself as a whole word; with `*` at its end it stands for
//! every word that begins so. `[guard]` words say nothing and silence the shorter words inside them; `[negator]` words
//! silence what follows closely.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use yinuo_commitment::Kind;

use crate::normal::Normal;

/// What a word speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// A kind.
    Kind(Kind),
    /// Urgent, or with a negative weight: not urgent.
    Urgent,
    /// Complex, or simple.
    Complex,
    /// Major, or general.
    Major,
    /// A technical matter, or not.
    Technical,
    /// A topic, by its place in [`Cues::topics`].
    Topic(usize),
    /// Nothing: it keeps the words inside it silent.
    Guard,
    /// It silences what follows closely.
    Negator,
}

/// One word of the lists. A word may stand in several sections.
#[derive(Debug)]
struct Cue {
    senses: Vec<(Sense, i32)>,
    /// Whether it stands for every word that begins so.
    open_end: bool,
}

impl Cue {
    fn speaks(&self, sense: Sense) -> bool {
        self.senses.iter().any(|(own, _)| *own == sense)
    }

    /// Whether it silences a shorter word inside it that speaks for `sense`: a guard does, and so does a word that says
    /// more about the same facet.
    fn silences(&self, sense: Sense) -> bool {
        let same_facet = |own: Sense| std::mem::discriminant(&own) == std::mem::discriminant(&sense);
        self.senses.iter().any(|(own, _)| *own == Sense::Guard || same_facet(*own))
    }
}

/// All lists.
#[derive(Debug)]
pub(crate) struct Cues {
    search: AhoCorasick,
    words: Vec<String>,
    /// What each word stands for, in the order of `words`.
    meanings: Vec<Cue>,
    topics: Vec<String>,
    longest_bytes: usize,
}

/// A word that was found and not silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// What it speaks for.
    pub(crate) sense: Sense,
    /// How strongly: twice the weight of the list, three times in the subject; negative for the opposite, 0 if negated.
    pub(crate) weight: i32,
    /// The word.
    pub(crate) word: &'static str,
}

/// Why a list cannot be read: the line, counted from 1, and what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ListError {
    line: usize,
    wrong: &'static str,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the lists are compiled in, and a test reads them")]
    read(include_str!("../data/cues.txt")).expect("the lists of words can be read")
});

/// The name of the topic at `index`.
pub(crate) fn topic(index: usize) -> Option<&'static str> {
    CUES.topics.get(index).map(String::as_str)
}

/// How many topics there are.
pub(crate) fn topics_len() -> usize {
    CUES.topics.len()
}

fn read(lists: &str) -> Result<Cues, ListError> {
    let mut words: Vec<String> = Vec::new();
    let mut cues: Vec<Cue> = Vec::new();
    let mut topics: Vec<String> = Vec::new();
    let mut place = std::collections::HashMap::new();
    let mut section: Option<(Sense, i32)> = None;
    for (line, number) in lists.lines().map(str::trim).zip(1..) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let read = section_of(header, &mut topics);
            section = Some(read.ok_or(ListError { line: number, wrong: "unknown section" })?);
            continue;
        }
        let sense = section.ok_or(ListError { line: number, wrong: "a word before any section" })?;
        for word in line.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (word, open_end) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
            let index = *place.entry((word.to_owned(), open_end)).or_insert_with(|| {
                words.push(word.to_owned());
                cues.push(Cue { senses: Vec::new(), open_end });
                cues.len().saturating_sub(1)
            });
            let cue = cues.get_mut(index).ok_or(ListError { line: number, wrong: "no place" })?;
            cue.senses.push(sense);
        }
    }
    let search = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&words);
    let search = search.map_err(|_| ListError { line: 0, wrong: "too many words" })?;
    let longest_bytes = words.iter().map(String::len).max().unwrap_or_default();
    Ok(Cues { search, words, meanings: cues, topics, longest_bytes })
}

/// What a section header announces.
fn section_of(header: &str, topics: &mut Vec<String>) -> Option<(Sense, i32)> {
    let mut parts = header.split_whitespace();
    let (dimension, value) = (parts.next()?, parts.next());
    let weight: i32 = parts.next().map_or(Some(1), |weight| weight.parse().ok())?;
    let signed = |yes: bool, sense: Sense| Some((sense, if yes { weight } else { weight.checked_neg()? }));
    match (dimension, value.unwrap_or_default()) {
        ("guard", "") => Some((Sense::Guard, 0)),
        ("negator", "") => Some((Sense::Negator, 0)),
        ("kind", word) => Some((Sense::Kind(Kind::from_word(word)?), weight)),
        ("urgency", word @ ("urgent" | "normal")) => signed(word == "urgent", Sense::Urgent),
        ("complexity", word @ ("complex" | "simple")) => signed(word == "complex", Sense::Complex),
        ("severity", word @ ("major" | "general")) => signed(word == "major", Sense::Major),
        ("technical", word @ ("yes" | "no")) => signed(word == "yes", Sense::Technical),
        ("topic", name) if !name.is_empty() => {
            let known = topics.iter().position(|topic| topic == name);
            let index = known.unwrap_or_else(|| {
                topics.push(name.to_owned());
                topics.len().saturating_sub(1)
            });
            Some((Sense::Topic(index), weight))
        }
        _ => None,
    }
}

/// A match with its place.
#[derive(Debug, Clone, Copy)]
struct Hit {
    start: usize,
    end: usize,
    cue: usize,
}

/// The words of the lists that `text` holds and that nothing silences, each once for each thing that it speaks for; a negated
/// word is among them without weight.
pub(crate) fn find(text: &Normal) -> Vec<Found> {
    let cues = &*CUES;
    let mut hits: Vec<Hit> = cues
        .search
        .find_overlapping_iter(&text.text)
        .map(|hit| Hit { start: hit.start(), end: hit.end(), cue: hit.pattern().as_usize() })
        .filter(|hit| stands_alone(text.text.as_bytes(), *hit, cues))
        .collect();
    hits.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut found: Vec<Found> = Vec::with_capacity(hits.len());
    let mut negated_from: Option<usize> = None;
    for (index, hit) in hits.iter().enumerate() {
        let (Some(cue), Some(word)) = (cues.meanings.get(hit.cue), cues.words.get(hit.cue)) else { continue };
        let around: Vec<&Cue> = longer_around(&hits, index, cues);
        if cue.speaks(Sense::Negator) {
            if around.is_empty() {
                negated_from = Some(hit.end);
            }
            continue;
        }
        let negated = negated_from.is_some_and(|from| follows_closely(&text.text, from, hit.start));
        let factor = if hit.start < text.subject_end { 3 } else { 2 };
        for (sense, weight) in &cue.senses {
            let topic = matches!(sense, Sense::Topic(_));
            let said = |earlier: &Found| earlier.word == word && earlier.sense == *sense;
            let repeated = found.iter().any(|earlier| said(earlier) && earlier.weight != 0);
            let silenced = *sense == Sense::Guard || around.iter().any(|longer| longer.silences(*sense));
            if !silenced && !repeated {
                let counts = topic || !negated;
                let weight = if counts { weight.saturating_mul(factor) } else { 0 };
                found.push(Found { sense: *sense, weight, word });
            }
        }
    }
    found
}

/// The cues of the hits that contain the one at `index` and more. `hits` are in order of their start, the longer first.
fn longer_around<'a>(hits: &[Hit], index: usize, cues: &'a Cues) -> Vec<&'a Cue> {
    let Some(inner) = hits.get(index) else { return Vec::new() };
    // Nothing that starts further back can reach so far.
    let near = |outer: &&Hit| outer.start.saturating_add(cues.longest_bytes) >= inner.end;
    let longer =
        |outer: &&Hit| outer.end >= inner.end && (outer.start, outer.end) != (inner.start, inner.end);
    let before = hits.iter().take(index).rev().take_while(near);
    before.filter(longer).filter_map(|outer| cues.meanings.get(outer.cue)).collect()
}

/// Whether a word of Latin letters is a whole word here; Chinese words need no borders.
fn stands_alone(text: &[u8], hit: Hit, cues: &Cues) -> bool {
    let part = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let begins = !part(Some(hit.start)) || !part(hit.start.checked_sub(1));
    let open_end = cues.meanings.get(hit.cue).is_some_and(|cue| cue.open_end);
    let ends = open_end || !part(hit.end.checked_sub(1)) || !part(Some(hit.end));
    begins && ends
}

/// Whether a negator that ends at `from` reaches a word that starts at `start`: at most two Chinese characters or two
/// Latin words lie between, and no punctuation.
fn follows_closely(text: &str, from: usize, start: usize) -> bool {
    let Some(between) = text.get(from..start) else { return false };
    let mut steps = 0_usize;
    let mut in_word = false;
    for char in between.chars() {
        let latin = char.is_ascii_alphanumeric() || char == '\'';
        if !latin && char != ' ' && !char.is_alphanumeric() {
            return false;
        }
        let counts = if latin { !in_word } else { char != ' ' };
        steps = steps.saturating_add(usize::from(counts));
        in_word = latin;
    }
    steps <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_can_be_read_and_hold_comparable_words() {
        let cues = read(include_str!("../data/cues.txt")).unwrap();
        assert!(cues.words.len() > 500, "{} words", cues.words.len());
        for word in &cues.words {
            let normal = Normal::of(word, "");
            assert_eq!(normal.text.trim_end_matches('\n'), word, "write it as it is compared");
        }
        for (cue, word) in cues.meanings.iter().zip(&cues.words) {
            for (index, (sense, _)) in cue.senses.iter().enumerate() {
                let earlier = cue.senses.iter().take(index).any(|(other, _)| other == sense);
                assert!(!earlier, "{word} stands twice for the same thing");
            }
        }
    }

    #[test]
    fn a_bad_list_says_where_it_is_wrong() {
        let wrong = |lists: &str| read(lists).unwrap_err();
        assert_eq!(wrong("投诉"), ListError { line: 1, wrong: "a word before any section" });
        assert_eq!(wrong("# note\n[kind wish 2]"), ListError { line: 2, wrong: "unknown section" });
        assert_eq!(wrong("[kind repair many]"), ListError { line: 1, wrong: "unknown section" });
    }

    #[test]
    fn negators_reach_near_words_only() {
        assert!(follows_closely("没有发现漏气", "没有".len(), "没有发现".len()));
        assert!(!follows_closely("没有,漏气", "没有".len(), "没有,".len()));
        assert!(follows_closely("not at all urgent", 3, 11));
        assert!(!follows_closely("not because it is urgent", 3, 18));
    }
}
