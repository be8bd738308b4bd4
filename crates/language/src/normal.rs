//! Making texts comparable: case, width, accents, compatibility forms, traditional characters, white space and quotation
//! marks. One form for everything that compares texts: classification, search, answers.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use yinuo_commitment::Language;

/// Characters of a request that are looked at; what somebody wants stands at its beginning.
const LOOKED_AT_CHARS: usize = 4_000;

/// First character of the block that holds the pairs.
const BLOCK_FIRST: u32 = 0x4e00;

/// Characters of that block.
const BLOCK_LEN: u32 = 0x5200;

/// Pairs of a traditional character and its simplified form.
fn pairs() -> impl Iterator<Item = (char, char)> {
    include_str!("../data/traditional.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .filter_map(|pair| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        })
}

/// The simplified form of every character of the block, by its distance from [`BLOCK_FIRST`].
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let block = BLOCK_FIRST..BLOCK_FIRST.saturating_add(BLOCK_LEN);
    let mut simplified: Vec<char> = block.map(|code| char::from_u32(code).unwrap_or('\0')).collect();
    for (traditional, simple) in pairs() {
        let place =
            u32::from(traditional).checked_sub(BLOCK_FIRST).and_then(|place| usize::try_from(place).ok());
        if let Some(entry) = place.and_then(|place| simplified.get_mut(place)) {
            *entry = simple;
        }
    }
    simplified
});

/// A request in comparable form: subject, line break, body.
#[derive(Debug)]
pub(crate) struct Normal {
    /// The text.
    pub(crate) text: String,
    /// Where the subject ends, in bytes.
    pub(crate) subject_end: usize,
    /// Length of the body in characters, a Latin word counted as two.
    pub(crate) chars: usize,
}

impl Normal {
    pub(crate) fn of(subject: &str, body: &str) -> Self {
        let mut text = String::with_capacity(subject.len().saturating_add(body.len()).min(16_384));
        append(&mut text, subject);
        let subject_end = text.len();
        text.push('\n');
        append(&mut text, body);
        let written = text.get(subject_end..).unwrap_or_default();
        let (han, latin_words) = count(written);
        Self { subject_end, chars: han.saturating_add(latin_words.saturating_mul(2)), text }
    }
}

/// Appends `source` in comparable form to `text`.
fn append(text: &mut String, source: &str) {
    let mut blank = true;
    for original in source.chars().take(LOOKED_AT_CHARS) {
        fold(original, |char| {
            let white = char.is_whitespace();
            if !white {
                text.push(char);
            } else if !blank {
                text.push(' ');
            }
            blank = white;
        });
    }
}

/// One character in comparable form, its case kept: for what needs one character for each.
pub(crate) fn comparable(char: char) -> char {
    match char {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{3000}' => ' ',
        // Full-width forms of ASCII lie in the same order at a fixed distance.
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(char).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(char)
        }
        _ => simplified(char),
    }
}

/// Gives `to` the comparable form of one character: none for marks and invisible characters, several for a ligature.
pub(crate) fn fold(char: char, mut to: impl FnMut(char)) {
    match char {
        _ if char.is_ascii() => to(char.to_ascii_lowercase()),
        '\u{4e00}'..='\u{9fff}' => to(simplified(char)),
        '\u{3001}' | '\u{3002}' => to(char),
        '\u{2018}' | '\u{2019}' => to('\''),
        '\u{201c}' | '\u{201d}' => to('"'),
        _ => decompose_compatible(char, |part| {
            for part in part.to_lowercase() {
                if !(is_combining_mark(part) || is_invisible(part)) {
                    to(simplified(part));
                }
            }
        }),
    }
}

/// The simplified form of a traditional character; any other character as it is.
fn simplified(char: char) -> char {
    let place = u32::from(char).checked_sub(BLOCK_FIRST).and_then(|place| usize::try_from(place).ok());
    place.and_then(|place| SIMPLIFIED.get(place)).copied().unwrap_or(char)
}

/// Characters that nobody sees: soft hyphens, joiners, directions, variants of the character before.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// A character of a script that writes without spaces: Chinese characters and kana.
pub(crate) fn is_han(char: char) -> bool {
    matches!(char,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3040}'..='\u{30ff}' | '\u{3005}' | '\u{3007}'
        | '\u{31f0}'..='\u{31ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Han characters and Latin words of a text.
fn count(text: &str) -> (usize, usize) {
    let (mut han, mut latin_words, mut in_word) = (0_usize, 0_usize, false);
    for char in text.chars().take(LOOKED_AT_CHARS) {
        let letter = char.is_alphabetic() && u32::from(char) < 0x0250;
        if letter && !in_word {
            latin_words = latin_words.saturating_add(1);
        }
        in_word = letter || (in_word && (char == '\'' || char == '\u{2019}'));
        if matches!(char, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}') {
            han = han.saturating_add(1);
        }
    }
    (han, latin_words)
}

/// The language of a text: English if Latin words outnumber Chinese characters, else Chinese. Product names in a Chinese
/// sentence do not change its language; a text without letters counts as Chinese, the first language of the desk.
pub fn language_of(text: &str) -> Language {
    language_of_both(text, "")
}

/// Han characters and Latin words of subject and body together.
pub(crate) fn counts(subject: &str, body: &str) -> (usize, usize) {
    let (subject_han, subject_words) = count(subject);
    let (body_han, body_words) = count(body);
    (subject_han.saturating_add(body_han), subject_words.saturating_add(body_words))
}

/// The language of subject and body together.
pub(crate) fn language_of_both(subject: &str, body: &str) -> Language {
    let (han, words) = counts(subject, body);
    if words > han { Language::En } else { Language::Zh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_comparable() {
        let normal = Normal::of("WIFI 斷線", "  電視\u{3000}Isn’t  ON ");
        assert_eq!(normal.text, "wifi 断线\n电视 isn't on ");
        assert_eq!(normal.subject_end, "wifi 断线".len());
    }

    #[test]
    fn language_follows_the_words() {
        assert_eq!(language_of("Wi-Fi 路由器 AX3000 红灯一直闪"), Language::Zh);
        assert_eq!(language_of("My 空调 is dripping again"), Language::En);
        assert_eq!(language_of("12345"), Language::Zh);
        assert_eq!(language_of(""), Language::Zh);
    }

    #[test]
    fn forms_that_look_alike_compare_alike() {
        let folded = |text: &str| {
            let mut folded = String::new();
            text.chars().for_each(|char| fold(char, |char| folded.push(char)));
            folded
        };
        for (one, other) in [
            ("ＡＸ３０００", "ax3000"),
            ("café", "cafe\u{301}"),
            ("ﬁlter", "filter"),
            ("①②㎡℃", "12m2°c"),
            ("soft\u{ad}ware\u{200b}", "software"),
            ("İstanbul", "istanbul"),
            ("電視", "电视"),
            ("\u{f900}", "豈"),
            ("…", "..."),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_eq!(folded("①②㎡℃"), "12m2°c");
        assert_eq!(folded("，。、！"), ",。、!");
    }

    #[test]
    fn every_traditional_pair_changes_its_character_once() {
        let mut firsts = std::collections::HashSet::new();
        for (traditional, simple) in pairs() {
            assert_ne!(traditional, simple);
            assert_eq!(simplified(traditional), simple, "{traditional}{simple} lies outside of the block");
            assert_eq!(simplified(simple), simple, "{traditional}{simple} leads to another pair");
            assert!(firsts.insert(traditional), "{traditional} stands twice");
        }
    }
}
