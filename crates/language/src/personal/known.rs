//! What is known of the customer of a ticket, wherever it stands in a text.

use super::{Candidate, Certainty, Finding, Letters, Sort, letters::is_latin, settle, with_masks};

/// A value that is on record: the customer's name, phone number, mailbox or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// What it is, which decides how it is compared and masked.
    pub sort: Sort,
    /// As it was given.
    pub value: &'a str,
}

/// Letters of separators between two of a value, as in `138 0013 8000`.
const GAP_MAX: usize = 3;

/// Letters of a value that are too few to look for.
const LETTERS_MIN: usize = 2;

/// A part of a known address that is looked for by itself: its end, from the district on.
const ADDRESS_TAIL_MIN: usize = 6;

/// Where `known` values stand in `text`, in order, without overlap: whatever their width, script, case and separators.
pub fn find_known(text: &str, known: &[Known<'_>]) -> Vec<Finding> {
    let letters = Letters::of(text);
    let places: Vec<usize> =
        (0..letters.len()).filter(|index| letters.at(*index).is_alphanumeric()).collect();
    let bare: String = places.iter().map(|index| comparable(letters.at(*index))).collect();
    let mut candidates = Vec::new();
    for one in known {
        for wanted in spellings(one) {
            search(&letters, &places, &bare, &wanted, one.sort, &mut candidates);
        }
    }
    let finding = |one: Candidate| Finding {
        span: letters.span(one.from, one.to),
        sort: one.sort,
        certainty: one.certainty,
    };
    settle(candidates).into_iter().map(finding).collect()
}

/// `text` with every `known` value masked.
pub fn mask_known(text: &str, known: &[Known<'_>]) -> String {
    with_masks(text, &find_known(text, known))
}

/// A letter in the form in which values are compared.
fn comparable(c: char) -> char {
    match c.to_lowercase().next() {
        Some(lower) if c.is_alphabetic() => lower,
        _ => c,
    }
}

/// What is looked for: the value, a phone number without its country code, an address from its district on.
fn spellings(known: &Known<'_>) -> Vec<String> {
    let letters: Vec<char> =
        Letters::of(known.value).all().filter(|c| c.is_alphanumeric()).map(comparable).collect();
    let whole: String = letters.iter().collect();
    if letters.len() < LETTERS_MIN {
        return Vec::new();
    }
    match known.sort {
        Sort::Mobile | Sort::Landline | Sort::PhoneAbroad => {
            let bare = super::bare(known.value);
            if bare.chars().count() < 5 { Vec::new() } else { vec![bare] }
        }
        Sort::Address => {
            let district =
                letters.iter().take(20).rposition(|c| "区县市".contains(*c)).map_or(0, |place| place + 1);
            let tail: String = letters.iter().skip(district).collect();
            let tail_counts = district > 0 && tail.chars().count() >= ADDRESS_TAIL_MIN;
            if tail_counts { vec![whole, tail] } else { vec![whole] }
        }
        _ => vec![whole],
    }
}

fn search(
    letters: &Letters,
    places: &[usize],
    bare: &str,
    wanted: &str,
    sort: Sort,
    candidates: &mut Vec<Candidate>,
) {
    let count = wanted.chars().count();
    // Bytes of `bare` counted as letters on the way, so that a long text costs one walk.
    let (mut counted_to, mut counted) = (0, 0);
    for (byte, _) in bare.match_indices(wanted) {
        counted += bare.get(counted_to..byte).map_or(0, |between| between.chars().count());
        counted_to = byte;
        let (Some(from), Some(last)) = (places.get(counted), places.get(counted + count - 1)) else {
            continue;
        };
        let (from, to) = (with_trunk_prefix(letters, *from, sort), *last + 1);
        let near = |pair: &[usize]| matches!(pair, [one, two] if two - one <= GAP_MAX + 1);
        let together = places.get(counted..counted + count).is_some_and(|own| own.windows(2).all(near));
        if together && !is_inside_a_word(letters, from, to, sort) {
            candidates.push(Candidate { from, to, sort, certainty: Certainty::Certain });
        }
    }
}

/// A fixed line is looked for without the nought of its area code, which belongs to it where it is written.
fn with_trunk_prefix(letters: &Letters, from: usize, sort: Sort) -> usize {
    let phone = matches!(sort, Sort::Mobile | Sort::Landline | Sort::PhoneAbroad);
    let Some(before) = from.checked_sub(1).filter(|_| phone && letters.before(from) == '0') else {
        return from;
    };
    if letters.before(before).is_ascii_digit() { from } else { before }
}

/// Whether a Latin word or a number goes on before or behind.
fn is_inside_a_word(letters: &Letters, from: usize, to: usize, sort: Sort) -> bool {
    let same = |one: char, two: char| {
        (is_latin(one) && is_latin(two)) || (one.is_ascii_digit() && two.is_ascii_digit())
    };
    let behind = same(letters.before(to), letters.at(to));
    let before = same(letters.before(from), letters.at(from));
    // A number may stand behind its country code.
    let coded = matches!(sort, Sort::Mobile | Sort::Landline) && letters.ends(from, "86");
    // `sam` is no `sam@example.com`; but then more than the name is masked, which is the safe side.
    behind || (before && !coded)
}
