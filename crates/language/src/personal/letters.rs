//! A text as comparable letters, each with its place in the original.

use std::ops::Range;

use crate::normal;

/// Stands for what lies before the first and behind the last letter.
pub(crate) const NOTHING: char = '\0';

/// Comparable letters: half width, simplified, ASCII digits, plain dashes and spaces; case is kept. One letter for one
/// character of the original, except that invisible characters belong to the letter before them.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    chars: Vec<char>,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Letters {
    pub(crate) fn of(text: &str) -> Self {
        let room = text.len().min(text.len() / 2 + 64);
        let mut letters = Self {
            chars: Vec::with_capacity(room),
            starts: Vec::with_capacity(room),
            ends: Vec::with_capacity(room),
        };
        for (start, original) in text.char_indices() {
            let end = start + original.len_utf8();
            if is_invisible(original) {
                if let Some(last) = letters.ends.last_mut() {
                    *last = end;
                }
                continue;
            }
            letters.chars.push(plain(original));
            letters.starts.push(start);
            letters.ends.push(end);
        }
        letters
    }

    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// All letters in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = char> + '_ {
        self.chars.iter().copied()
    }

    /// The letter at `index`, or [`NOTHING`].
    pub(crate) fn at(&self, index: usize) -> char {
        self.chars.get(index).copied().unwrap_or(NOTHING)
    }

    /// The letter before `index`, or [`NOTHING`].
    pub(crate) fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or(NOTHING, |before| self.at(before))
    }

    /// Letters `from` to `to`.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &[char] {
        self.chars.get(from..to.min(self.chars.len())).unwrap_or_default()
    }

    /// Where letters `from` to `to` lie in the original, in bytes.
    pub(crate) fn span(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.starts.get(from).copied().unwrap_or_default();
        let end = to.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(start);
        start..end.max(start)
    }

    /// Whether `word` (lower case) stands at `index`; Latin letters in any case.
    pub(crate) fn reads(&self, index: usize, word: &str) -> bool {
        (index..).zip(word.chars()).all(|(place, c)| self.at(place).to_ascii_lowercase() == c)
    }

    /// Whether `word` (lower case) ends right before `index`.
    pub(crate) fn ends(&self, index: usize, word: &str) -> bool {
        let count = word.chars().count();
        index.checked_sub(count).is_some_and(|from| self.reads(from, word))
    }

    /// The first index from `from` on that is no blank.
    pub(crate) fn skip_blanks(&self, mut from: usize) -> usize {
        while self.at(from) == ' ' {
            from += 1;
        }
        from
    }

    /// One past the last of the letters from `from` on for which `is` holds, `most` at most.
    pub(crate) fn run(&self, from: usize, most: usize, is: impl Fn(char) -> bool) -> usize {
        let mut to = from;
        while to < self.len() && to - from < most && is(self.at(to)) {
            to += 1;
        }
        to
    }
}

/// What people see nothing of, or see as a stroke through the letter before it: zero-width signs, soft hyphens, directions,
/// variation selectors, tags, fillers, control characters, accents on their own.
const fn is_invisible(c: char) -> bool {
    match c {
        '\t'..='\r' | ' '..='~' | '\u{4e00}'..='\u{9fff}' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' => true,
        _ => matches!(c,
            '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'),
    }
}

/// The noughts of scripts that write ten digits in a row.
const NOUGHTS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
    0x1040, 0x17e0, 0x1810,
];

/// One character in comparable form.
fn plain(c: char) -> char {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => '\n',
        ' '..='~' => c,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{30fb}' | '\u{2027}' | '\u{22c5}' | '\u{ff65}' => '·',
        '\u{660}'..='\u{1819}' if c.is_numeric() => match NOUGHTS.iter().find(|zero| in_row(c, **zero)) {
            Some(zero) => digit(c, *zero),
            None => c,
        },
        '\u{1d7ce}'..='\u{1d7ff}' => digit(c, 0x1d7ce),
        _ if c.is_whitespace() => ' ',
        _ => normal::comparable(c),
    }
}

/// Whether `c` is one of ten digits from `zero` on.
fn in_row(c: char, zero: u32) -> bool {
    u32::from(c).checked_sub(zero).is_some_and(|value| value < 10)
}

/// The ASCII digit of a digit in a row of ten that begins at `zero`.
fn digit(c: char, zero: u32) -> char {
    let value = u32::from(c).saturating_sub(zero) % 10;
    char::from_digit(value, 10).unwrap_or(c)
}

/// Han characters.
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}' | '〇' | '々')
}

/// Latin letters, accents included.
pub(crate) fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || (matches!(c, '\u{c0}'..='\u{24f}') && c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lie_in_the_original() {
        let text = "電話：１3\u{200b}8–0";
        let letters = Letters::of(text);
        assert_eq!(letters.all().collect::<String>(), "电话:138-0");
        assert_eq!(&text[letters.span(3, 6)], "１3\u{200b}8");
        assert_eq!(letters.span(9, 12), 0..0);
        assert!(letters.reads(0, "电话") && letters.ends(2, "电话") && !letters.reads(8, "01"));
    }
}
