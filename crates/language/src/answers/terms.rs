//! By what a question and a similar question are compared: characters and pairs in Chinese; words, neighbouring words and
//! parts of words otherwise.

use super::index::{count, float};
use crate::tokens::{Class, Folded, Run};

/// Characters of a question that are looked at; what somebody asks stands at its beginning.
pub(super) const LOOKED_AT_CHARS: usize = 600;

/// Parts of words have 3 to 5 characters, the borders of the word counted.
const PART_CHARS: std::ops::RangeInclusive<usize> = 3..=5;

/// Characters of a word beyond which it has no parts.
const WORD_CHARS_MAX: usize = 32;

/// What a term is: equal contents of different sorts are different terms.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Sort {
    Char = 1,
    Pair = 2,
    Word = 3,
    Words = 4,
    Part = 5,
}

/// The terms of a text by their hashes, each with how much it stands for and how often it stands there; sorted, without
/// repetition. Empty for a text without letters.
pub(super) fn terms(text: &str) -> Vec<(u64, f32)> {
    let end = text.char_indices().nth(LOOKED_AT_CHARS).map_or(text.len(), |(at, _)| at);
    let folded = Folded::of(text.get(..end).unwrap_or_default());
    let mut found: Vec<(u64, f32)> = Vec::with_capacity(folded.text.len());
    let mut before: Option<&str> = None;
    for run in &folded.runs {
        match run.class {
            Class::Han => {
                han(&folded, run, &mut found);
                before = None;
            }
            Class::Word => {
                word(&folded, run, before, &mut found);
                before = Some(folded.str(run));
            }
        }
    }
    found.sort_unstable_by_key(|(term, _)| *term);
    found.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    found
}

fn han(folded: &Folded, run: &Run, found: &mut Vec<(u64, f32)>) {
    let text = folded.str(run);
    let mut last: Option<(usize, char)> = None;
    for (at, char) in text.char_indices() {
        let end = at.saturating_add(char.len_utf8());
        found.push((hash(Sort::Char, text.get(at..end).unwrap_or_default()), 1.0));
        if let Some((before, _)) = last {
            found.push((hash(Sort::Pair, text.get(before..end).unwrap_or_default()), 1.0));
        }
        last = Some((at, char));
    }
}

fn word(folded: &Folded, run: &Run, before: Option<&str>, found: &mut Vec<(u64, f32)>) {
    of_word(folded.str(run), run.chars, before, found);
}

/// The terms of a word of so many characters: itself, the pair with the word before, and its parts.
pub(super) fn of_word(text: &str, chars: usize, before: Option<&str>, found: &mut Vec<(u64, f32)>) {
    found.push((hash(Sort::Word, text), 1.0));
    if let Some(before) = before {
        found.push((fnv(fnv(hash(Sort::Words, before), b" "), text.as_bytes()), 1.0));
    }
    if !(3..=WORD_CHARS_MAX).contains(&chars) || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let chars: Vec<char> = std::iter::once('^').chain(text.chars()).chain(['$']).collect();
    let parts =
        PART_CHARS.fold(0_usize, |sum, length| sum.saturating_add((chars.len() + 1).saturating_sub(length)));
    let weight = PARTS_WEIGHT / float(count(parts)).sqrt().max(1.0);
    for length in PART_CHARS {
        for part in chars.windows(length) {
            let mut bytes = [0; 4];
            let part = part
                .iter()
                .fold(hash(Sort::Part, ""), |hash, char| fnv(hash, char.encode_utf8(&mut bytes).as_bytes()));
            found.push((part, weight));
        }
    }
}

/// What all parts of a word count together beside the word, as the length of a vector: a long word has many parts, and
/// would drown the short ones.
const PARTS_WEIGHT: f32 = 1.4;

pub(super) fn hash(sort: Sort, content: &str) -> u64 {
    fnv(fnv(0xcbf2_9ce4_8422_2325, &[sort as u8]), content.as_bytes())
}

/// FNV-1a with 64 bits: fixed, so that an index means the same everywhere.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
