//! Whatever the text is, the check answers: it never panics, and what it points at lies in the text.

use proptest::prelude::*;
use yinuo_commitment::{Language, Tables, check, coverage, diff, letter, render};

const LETTERS: [&str; 2] = [
    include_str!("../../../examples/commitments/response-time.toml"),
    include_str!("../../../examples/commitments/hotline-complaints.toml"),
];

/// Checks, draws, and, if a commitment comes out, uses it for everything that a commitment is for.
fn survives(text: &str) {
    let report = check(text, &Tables::shipped());
    assert_eq!(report.commitment.is_none(), report.has_errors());
    for diagnostic in &report.diagnostics {
        assert!(text.get(diagnostic.span.clone()).is_some(), "{diagnostic:?}");
        for (span, _) in &diagnostic.related {
            assert!(text.get(span.clone()).is_some(), "{diagnostic:?}");
        }
        let (line, column) = diagnostic.line_column(text);
        assert!(line >= 1 && column >= 1);
    }
    for language in [Language::Zh, Language::En] {
        let drawn = render("letter.toml", text, &report.diagnostics, language, false);
        assert!(report.diagnostics.iter().all(|diagnostic| drawn.contains(diagnostic.code)), "{drawn}");
    }
    if let Some(commitment) = report.commitment {
        assert!(diff(&commitment, &commitment).is_empty());
        let table = coverage::table(&[&commitment]);
        assert!(!table.rows.is_empty());
        for language in [Language::Zh, Language::En] {
            assert!(!letter::markdown(&commitment, language).is_empty());
            assert!(!table.render(language).is_empty());
        }
    }
}

/// Words of the language and characters that are likely to hurt.
const SPLINTERS: &[&str] = &[
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{feff}",
    "。",
    "é",
    "𝟙",
    "\u{200f}",
    "[[",
    "]]",
    "[[promise]]",
    "0",
    "-1",
    "9999999999999999999999",
    "2026-02-30",
    "9999-12-31T23:59:59-23:59",
    "\"15 min\"",
    "\"as told\"",
    "\"the call\"",
    "\"3 rings\"",
    "\"000000000000000000000000000001 h\"",
    "\"99 %\"",
    "true",
    "1.5",
    "inf",
    "{}",
    "[]",
    "when",
    "over",
    "kind",
    "tells",
    "always = true",
    "\"phone\"",
    "\"repair\"",
    "\"arrived\"",
    "open",
    "special",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn splinters_alone(picks in proptest::collection::vec(0..SPLINTERS.len(), 0..40)) {
        let text: String = picks.iter().map(|pick| SPLINTERS[*pick]).collect();
        survives(&text);
    }

    #[test]
    fn mutated_letters(
        letter in 0..LETTERS.len(),
        edits in proptest::collection::vec((0.0..1.0_f64, 0..60_usize, 0..SPLINTERS.len(), 0..3_u8), 1..6),
    ) {
        let mut chars: Vec<char> = LETTERS[letter].chars().collect();
        for (place, length, splinter, action) in edits {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small text")]
            let start = (place * chars.len() as f64) as usize;
            let end = (start + length).min(chars.len());
            match action {
                0 => drop(chars.drain(start..end)),
                1 => drop(chars.splice(start..end, SPLINTERS[splinter].chars())),
                _ => {
                    let copy: Vec<char> = chars[start..end].to_vec();
                    drop(chars.splice(start..start, copy));
                }
            }
        }
        survives(&chars.into_iter().collect::<String>());
    }

    /// Strings of the letters change places: the syntax stays sound, so that every later check is reached.
    #[test]
    fn strings_change_places(
        letter in 0..LETTERS.len(),
        swaps in proptest::collection::vec((any::<proptest::sample::Index>(), any::<proptest::sample::Index>()), 1..5),
    ) {
        // Odd pieces are the contents of strings: the letters hold no escaped quotation mark.
        let mut pieces: Vec<&str> = LETTERS[letter].split('"').collect();
        let strings = pieces.len() / 2;
        for (one, other) in swaps {
            pieces.swap(2 * one.index(strings) + 1, 2 * other.index(strings) + 1);
        }
        survives(&pieces.join("\""));
    }
}

#[test]
fn empty_and_crlf() {
    for text in [
        "",
        "\n",
        "   ",
        "\u{feff}",
        "a",
        "[",
        "[commitment]",
        "promise = 3",
        "[[promise]]",
        "promise = [1, \"x\"]",
    ] {
        survives(text);
    }
    for letter in LETTERS {
        survives(&letter.replace('\n', "\r\n"));
        survives(&format!("\u{feff}{letter}"));
    }
}

#[test]
fn depth_is_bounded() {
    survives(&format!("a = {}", "[".repeat(5_000)));
    survives(&format!("[{}]", vec!["a"; 3_000].join(".")));
}
