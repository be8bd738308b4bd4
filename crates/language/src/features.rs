//! What the model sees of a text: n-grams by their hash, and a few facts about it.
//!
//! A run of Han characters gives its n-grams of 1, 2 and 3 characters. A word of other letters gives itself, its pair
//! with the word before, and the n-grams of 3, 4 and 5 characters of the word between its borders; digits are all alike.
//! Question marks, exclamation marks and pictures stand for themselves. Each is hashed with FNV-1a of 64 bits, a byte
//! that names the sort first, and folded to [`BITS`] bits.
//!
//! Facts are what the lists of words found, and the shape of the text. They are few and known to tell something, so that
//! they do not share the length to which the n-grams of a text are normed.

use crate::{
    cues::{self, Found, Sense},
    normal::Normal,
};

/// Bits of a bucket.
pub(crate) const BITS: u32 = 18;

/// Buckets that n-grams are hashed to.
pub(crate) const BUCKETS: usize = 1 << BITS;

/// Says which way of making features a model knows; a change of anything in this file raises it.
pub(crate) const METHOD: u16 = 1;

/// How often something in the subject counts.
const SUBJECT_TIMES: f32 = 2.0;

/// Longest Han n-gram.
const HAN_MAX: usize = 3;

/// Shortest and longest n-gram inside a word.
const INSIDE: std::ops::RangeInclusive<usize> = 3..=5;

/// One occurrence of something in a text, with its place in the comparable text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gram {
    pub(crate) bucket: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// How often it counts.
    pub(crate) times: f32,
}

/// A fact about the text and how strongly it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fact {
    pub(crate) bucket: u32,
    pub(crate) value: f32,
}

/// Everything that the model sees of one text.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) grams: Vec<Gram>,
    pub(crate) facts: Vec<Fact>,
}

/// Sorts of n-grams: the first byte that is hashed.
#[derive(Clone, Copy)]
enum Sort {
    Han = 1,
    Word = 2,
    Pair = 3,
    Inside = 4,
    Sign = 5,
    Cue = 6,
    Shape = 7,
    Negated = 8,
}

/// FNV-1a of 64 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |hash, byte| hash.byte(*byte))
    }

    pub(crate) const fn finish(self) -> u64 {
        self.0
    }

    fn of(sort: Sort) -> Self {
        Self::new().byte(sort as u8)
    }

    /// One character, as its three lower bytes: no character has more.
    fn char(self, char: char) -> Self {
        let [low, middle, high, _] = u32::from(char).to_le_bytes();
        self.byte(low).byte(middle).byte(high)
    }

    fn bucket(self) -> u32 {
        let folded = (self.0 >> BITS) ^ self.0;
        u32::try_from(folded & (BUCKETS as u64 - 1)).unwrap_or_default()
    }
}

/// What the model sees of `text`, in which the lists found `found`.
pub(crate) fn see(text: &Normal, found: &[Found]) -> Seen {
    let mut seen = Seen { grams: Vec::with_capacity(text.text.len().saturating_mul(3)), facts: Vec::new() };
    grams(text, &mut seen.grams);
    facts(text, found, &mut seen.facts);
    seen
}

/// What a character is to the n-grams.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Han,
    Letter,
    Telling,
    Blank,
    Border,
}

fn sign(char: char) -> Sign {
    match char {
        ' ' | '\n' => Sign::Blank,
        'a'..='z' | '0'..='9' | '\'' => Sign::Letter,
        '?' | '!' | '~' => Sign::Telling,
        _ if char.is_ascii() => Sign::Border,
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}' => Sign::Han,
        // Arrows, signs and pictures. The Han punctuation lies above them, the European one below.
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => Sign::Telling,
        _ if char.is_alphanumeric() => Sign::Letter,
        _ => Sign::Border,
    }
}

/// A place in the text and what stands there.
type Place = (u32, char);

fn grams(text: &Normal, into: &mut Vec<Gram>) {
    let places: Vec<Place> =
        text.text.char_indices().map(|(at, char)| (u32::try_from(at).unwrap_or(u32::MAX), char)).collect();
    let end = u32::try_from(text.text.len()).unwrap_or(u32::MAX);
    let subject_end = u32::try_from(text.subject_end).unwrap_or(u32::MAX);
    let mut before: Option<(u64, u32)> = None;
    let mut rest = places.as_slice();
    while let Some(&(start, first)) = rest.first() {
        let sort = sign(first);
        let same = rest.iter().take_while(|(_, char)| sign(*char) == sort).count().max(1);
        let (run, after) = rest.split_at_checked(same).unwrap_or((rest, &[]));
        let run_end = after.first().map_or(end, |place| place.0);
        let times = if start < subject_end { SUBJECT_TIMES } else { 1.0 };
        rest = after;
        match sort {
            Sign::Han => han(run, run_end, times, into),
            Sign::Letter => {
                let whole = word(run, run_end, times, into);
                if let Some((earlier, from)) = before {
                    let bucket = Fnv::of(Sort::Pair)
                        .bytes(&earlier.to_le_bytes())
                        .bytes(&whole.to_le_bytes())
                        .bucket();
                    into.push(Gram { bucket, start: from, end: run_end, times });
                }
                before = Some((whole, start));
                continue;
            }
            Sign::Telling => {
                for (at, char) in run {
                    let bucket = Fnv::of(Sort::Sign).char(*char).bucket();
                    let end = at.saturating_add(u32::try_from(char.len_utf8()).unwrap_or_default());
                    into.push(Gram { bucket, start: *at, end, times });
                }
            }
            Sign::Blank => continue,
            Sign::Border => {}
        }
        before = None;
    }
}

/// The n-grams of a run of Han characters.
fn han(run: &[Place], run_end: u32, times: f32, into: &mut Vec<Gram>) {
    for (index, (start, _)) in run.iter().enumerate() {
        let mut hash = Fnv::of(Sort::Han);
        for length in 0..HAN_MAX {
            let Some((_, char)) = run.get(index + length) else { break };
            hash = hash.char(*char);
            let end = run.get(index + length + 1).map_or(run_end, |place| place.0);
            into.push(Gram { bucket: hash.bucket(), start: *start, end, times });
        }
    }
}

/// The n-grams of a word, and the word. Returns the hash of the word.
fn word(run: &[Place], run_end: u32, times: f32, into: &mut Vec<Gram>) -> u64 {
    let start = run.first().map_or(run_end, |place| place.0);
    let like = |char: char| if char.is_ascii_digit() { '0' } else { char };
    let whole = run.iter().fold(Fnv::of(Sort::Word), |hash, (_, char)| hash.char(like(*char)));
    into.push(Gram { bucket: whole.bucket(), start, end: run_end, times });
    // The borders stand for themselves: "<rude>" has "<ru" and "de>".
    let bordered = run.len() + 2;
    let at = |index: usize| match index.checked_sub(1) {
        None => '<',
        Some(inner) => run.get(inner).map_or('>', |place| like(place.1)),
    };
    for from in 0..bordered {
        let mut hash = Fnv::of(Sort::Inside);
        for length in 1..=*INSIDE.end() {
            let to = from + length;
            if to > bordered {
                break;
            }
            hash = hash.char(at(to - 1));
            if length >= *INSIDE.start() {
                into.push(Gram { bucket: hash.bucket(), start, end: run_end, times });
            }
        }
    }
    whole.finish()
}

/// Weight of the lists at which a fact holds fully: a plain word in the body.
const FULL: f32 = 6.0;

/// How much a fact counts beside all n-grams of the text together.
const FACT: f32 = 0.5;

#[expect(clippy::cast_precision_loss, reason = "counts in a text of a few thousand characters")]
fn facts(text: &Normal, found: &[Found], into: &mut Vec<Fact>) {
    let mut sums: Vec<(Sense, i32)> = Vec::new();
    let mut negated: Vec<Sense> = Vec::new();
    for one in found {
        if one.weight == 0 {
            if !negated.contains(&one.sense) {
                negated.push(one.sense);
            }
            continue;
        }
        match sums.iter_mut().find(|(sense, _)| *sense == one.sense) {
            Some((_, sum)) => *sum = sum.saturating_add(one.weight),
            None => sums.push((one.sense, one.weight)),
        }
    }
    let mut topics = 0_usize;
    for (sense, sum) in sums {
        let Some(bucket) = cue_bucket(Sort::Cue, sense) else { continue };
        topics += usize::from(matches!(sense, Sense::Topic(_)));
        let value = (sum.clamp(-100, 100) as f32 / FULL).clamp(-2.0, 2.0) * FACT;
        into.push(Fact { bucket, value });
    }
    for bucket in negated.into_iter().filter_map(|sense| cue_bucket(Sort::Negated, sense)) {
        into.push(Fact { bucket, value: FACT });
    }
    let count = |signs: &[char]| text.text.chars().filter(|char| signs.contains(char)).count() as f32;
    let letters = text.text.chars().filter(char::is_ascii_alphabetic).count() as f32;
    let digits = text.text.chars().filter(char::is_ascii_digit).count() as f32;
    let shape = [
        ("length", (1.0 + text.chars as f32).ln() / 6.0),
        ("clauses", (1.0 + count(&[',', '.', ';', '。', '、', ':', '\n'])).ln() / 3.0),
        ("questions", count(&['?']).min(3.0) / 3.0),
        ("exclamations", count(&['!']).min(3.0) / 3.0),
        ("digits", (1.0 + digits).ln() / 4.0),
        ("topics", (topics as f32).min(4.0) / 4.0),
        ("letters", letters / (text.text.chars().count() as f32).max(1.0)),
    ];
    for (name, value) in shape {
        let bucket = Fnv::of(Sort::Shape).bytes(name.as_bytes()).bucket();
        into.push(Fact { bucket, value: value * FACT });
    }
}

/// The bucket of what the lists say, or of what they find negated.
fn cue_bucket(sort: Sort, sense: Sense) -> Option<u32> {
    let hash = Fnv::of(sort);
    let hash = match sense {
        Sense::Kind(kind) => hash.bytes(b"kind ").bytes(kind.word().as_bytes()),
        Sense::Urgent => hash.bytes(b"urgent"),
        Sense::Complex => hash.bytes(b"complex"),
        Sense::Major => hash.bytes(b"major"),
        Sense::Technical => hash.bytes(b"technical"),
        Sense::Topic(index) => hash.bytes(b"topic ").bytes(cues::topic(index)?.as_bytes()),
        Sense::Guard | Sense::Negator => return None,
    };
    Some(hash.bucket())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(subject: &str, body: &str) -> Vec<(String, f32)> {
        let text = Normal::of(subject, body);
        let seen = see(&text, &[]);
        seen.grams
            .iter()
            .map(|gram| (text.text[gram.start as usize..gram.end as usize].to_owned(), gram.times))
            .collect()
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(Fnv::new().bytes(b"").finish(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(Fnv::new().bytes(b"a").finish(), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(Fnv::new().bytes(b"foobar").finish(), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn han_runs_give_their_one_to_three_grams() {
        let said: Vec<String> = spans("", "空调坏了").into_iter().map(|(text, _)| text).collect();
        assert_eq!(said, ["空", "空调", "空调坏", "调", "调坏", "调坏了", "坏", "坏了", "了"]);
    }

    #[test]
    fn punctuation_parts_runs_and_pairs() {
        let said: Vec<String> = spans("", "好。坏").into_iter().map(|(text, _)| text).collect();
        assert_eq!(said, ["好", "坏"]);
        let pairs = |text: &str| spans("", text).iter().filter(|(span, _)| span.contains(' ')).count();
        assert_eq!(pairs("too slow"), 1);
        assert_eq!(pairs("too. slow"), 0);
    }

    #[test]
    fn words_give_themselves_and_their_inside() {
        let text = Normal::of("", "AC E4");
        let seen = see(&text, &[]);
        // ac: the word, <ac ac> <ac>; e4 the same, and the pair.
        assert_eq!(seen.grams.len(), 4 + 4 + 1);
        let other = see(&Normal::of("", "ac e9"), &[]);
        assert_eq!(seen.grams, other.grams, "digits are all alike");
    }

    #[test]
    fn the_subject_counts_twice() {
        assert_eq!(spans("坏", "好"), [("坏".to_owned(), 2.0), ("好".to_owned(), 1.0)]);
    }

    #[test]
    fn pictures_and_marks_tell_something() {
        let said: Vec<String> = spans("", "😡!?,").into_iter().map(|(text, _)| text).collect();
        assert_eq!(said, ["😡", "!", "?"]);
        assert!(spans("", "、。,.;").is_empty());
    }
}
