//! A draft in the form in which it is searched.

use std::ops::Range;

use crate::personal::Letters;

/// Letters of a sentence that are looked at on either side of a word.
const SENTENCE_MAX: usize = 200;

/// The text, its letters, and those letters in small as one string.
pub(super) struct Draft<'a> {
    pub(super) text: &'a str,
    pub(super) letters: Letters,
    /// The letters in lower case; one letter of it for one of `letters`.
    pub(super) small: String,
    /// Where each letter begins in `small`, in bytes.
    places: Vec<usize>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let letters = Letters::of(text);
        let mut small = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(letters.len());
        for c in letters.all() {
            places.push(small.len());
            small.push(c.to_ascii_lowercase());
        }
        Self { text, letters, small, places }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.small.trim().is_empty()
    }

    /// The letter that begins at byte `place` of `small`.
    pub(super) fn letter(&self, place: usize) -> usize {
        self.places.partition_point(|begin| *begin < place)
    }

    /// Letters `from` to `to` in small.
    pub(super) fn small(&self, from: usize, to: usize) -> &str {
        let begin = self.places.get(from).copied().unwrap_or(self.small.len());
        let end = self.places.get(to).copied().unwrap_or(self.small.len());
        self.small.get(begin..end).unwrap_or_default()
    }

    /// Where letters `from` to `to` lie in the text, in bytes.
    pub(super) fn span(&self, from: usize, to: usize) -> Range<usize> {
        self.letters.span(from, to)
    }

    /// The sentence around the letter at `index`, as letters.
    pub(super) fn sentence(&self, index: usize) -> (usize, usize) {
        let (mut from, mut to) = (index, index);
        while from > 0 && index - from < SENTENCE_MAX && !self.ends_sentence(from - 1) {
            from -= 1;
        }
        while to < self.letters.len() && to - index < SENTENCE_MAX && !self.ends_sentence(to) {
            to += 1;
        }
        (from, to)
    }

    fn ends_sentence(&self, index: usize) -> bool {
        match self.letters.at(index) {
            '\n' | '。' | '!' | '?' | ';' => true,
            '.' => {
                let next = self.letters.at(index + 1);
                // `a.m.` and `18.30` end nothing.
                (next == ' ' || next == '\0') && !self.letters.ends(index, ".m")
            }
            _ => false,
        }
    }
}
