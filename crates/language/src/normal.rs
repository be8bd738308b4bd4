//! Making texts comparable: case, width, traditional characters, white space and quotation marks.

use std::sync::LazyLock;

use yinuo_commitment::Language;

/// Characters of a request that are looked at; what somebody wants stands at its beginning.
const LOOKED_AT_CHARS: usize = 4_000;

/// Pairs of a traditional character and its simplified form, sorted.
static SIMPLIFIED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut pairs: Vec<(char, char)> = include_str!("../data/traditional.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .filter_map(|pair| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect();
    pairs.sort_unstable();
    pairs
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
        let char = comparable(original);
        if char.is_whitespace() {
            if !blank {
                text.push(' ');
            }
            blank = true;
        } else {
            blank = false;
            if char.is_ascii() {
                text.push(char.to_ascii_lowercase());
            } else {
                text.extend(char.to_lowercase());
            }
        }
    }
}

/// One character in comparable form.
pub(crate) fn comparable(char: char) -> char {
    match char {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{3000}' => ' ',
        // Full-width forms of ASCII lie in the same order at a fixed distance.
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(char).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(char)
        }
        '\u{4e00}'..='\u{9fff}' => match SIMPLIFIED.binary_search_by_key(&char, |pair| pair.0) {
            Ok(index) => SIMPLIFIED.get(index).map_or(char, |pair| pair.1),
            Err(_) => char,
        },
        _ => char,
    }
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

/// The language of subject and body together.
pub(crate) fn language_of_both(subject: &str, body: &str) -> Language {
    let (subject_han, subject_words) = count(subject);
    let (body_han, body_words) = count(body);
    let (han, words) = (subject_han.saturating_add(body_han), subject_words.saturating_add(body_words));
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
    fn every_traditional_pair_changes_its_character_once() {
        for pair in SIMPLIFIED.iter() {
            assert_ne!(pair.0, pair.1, "{pair:?}");
            assert_eq!(comparable(pair.1), pair.1, "{pair:?} leads to another pair");
        }
        let mut firsts: Vec<char> = SIMPLIFIED.iter().map(|pair| pair.0).collect();
        firsts.dedup();
        assert_eq!(firsts.len(), SIMPLIFIED.len(), "a traditional character stands twice");
    }
}
