//! English street addresses: `12B Baker Street, Flat 3, London`, `Room 1203, Building 5, No. 88 Zhongshan Road`.

use super::{
    Candidate, Certainty, Sort,
    letters::{Letters, is_latin},
    names_en::is_capital,
};

/// Words that end the name of a street.
const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "boulevard",
    "blvd",
    "terrace",
    "crescent",
    "highway",
    "hwy",
    "parkway",
];

/// The same, but they have other meanings too, so that the name before has to be written as one.
const CAPITAL_STREETS: &[&str] = &[
    "drive", "dr", "court", "ct", "way", "place", "pl", "close", "square", "sq", "circle", "gardens",
    "grove", "hill", "row", "park", "mews", "walk",
];

/// Words before which a number counts something.
const COUNTED: &[&str] = &[
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "mile",
    "miles",
    "km",
    "more",
    "times",
    "of",
    "the",
    "in",
    "a",
    "and",
    "or",
    "way",
    "different",
    "people",
    "devices",
    "weeks",
    "months",
    "on",
    "to",
    "at",
    "per",
    "pm",
    "am",
    "units",
    "items",
    "gb",
    "mb",
    "kw",
    "yuan",
    "usd",
    "percent",
    "is",
    "was",
    "from",
    "for",
    "by",
    "over",
    "under",
    "our",
    "your",
    "my",
    "this",
    "that",
    "same",
    "next",
    "whole",
    "were",
    "are",
];

/// Words before the number of a flat, a floor or a building.
const WITHIN: &[&str] =
    &["flat", "apt", "apartment", "unit", "suite", "room", "rm", "floor", "building", "bldg", "block", "no"];

/// Words of the name of a street.
const NAME_WORDS_MAX: usize = 4;

pub(super) fn find(letters: &Letters, candidates: &mut Vec<Candidate>) {
    let mut index = 0;
    let mut least = 0;
    while index < letters.len() {
        if !letters.at(index).is_ascii_digit() || letters.before(index).is_ascii_alphanumeric() {
            if letters.reads(index, "p.o. box ") || letters.reads(index, "po box ") {
                candidates.extend(post_box(letters, index));
            }
            index += 1;
            continue;
        }
        let to = letters.run(index, usize::MAX, |c| c.is_ascii_digit());
        if to - index <= 5
            && !matches!(letters.before(index), '.' | '$' | '-' | ':' | '/' | '*')
            && let Some(found) = street(letters, index, to, least)
        {
            index = found.to;
            least = found.to;
            candidates.push(found);
        } else {
            index = to;
        }
    }
}

fn post_box(letters: &Letters, from: usize) -> Option<Candidate> {
    let start = from + if letters.at(from + 1) == '.' { 9 } else { 7 };
    let to = letters.run(start, 7, |c| c.is_ascii_digit());
    (to > start && !is_latin(letters.before(from))).then_some(Candidate {
        from,
        to,
        sort: Sort::Address,
        certainty: Certainty::Certain,
    })
}

fn word(letters: &Letters, from: usize) -> (usize, String) {
    let to = letters.run(from, 24, |c| is_latin(c) || matches!(c, '\'' | '-'));
    (to, letters.slice(from, to).iter().map(char::to_ascii_lowercase).collect())
}

/// The address of the house with the number at `from`.
fn street(letters: &Letters, from: usize, number_to: usize, least: usize) -> Option<Candidate> {
    let mut place = number_to;
    if letters.at(place).is_ascii_alphabetic() && !letters.at(place + 1).is_ascii_alphanumeric() {
        place += 1;
    } else if letters.at(place) == '-' && letters.at(place + 1).is_ascii_digit() {
        place = letters.run(place + 1, 5, |c| c.is_ascii_digit());
    }
    if letters.at(place) == ',' {
        place += 1;
    }
    if letters.at(place) != ' ' {
        return None;
    }
    let name = place + 1;
    place = name;
    let mut capital = true;
    for count in 0..=NAME_WORDS_MAX {
        let (to, text) = ordinal(letters, place).unwrap_or_else(|| word(letters, place));
        if to == place || COUNTED.contains(&text.as_str()) {
            return None;
        }
        let open = STREETS.contains(&text.as_str());
        let ends =
            open || (CAPITAL_STREETS.contains(&text.as_str()) && capital && is_capital(letters.at(place)));
        if ends && count > 0 {
            let end = rest(letters, if letters.at(to) == '.' && text.len() <= 4 { to + 1 } else { to });
            let from = within_before(letters, from, least);
            let certainty = if capital { Certainty::Certain } else { Certainty::Possible };
            return (letters.at(end) != '*').then_some(Candidate {
                from,
                to: end,
                sort: Sort::Address,
                certainty,
            });
        }
        capital &= is_capital(letters.at(place)) || letters.at(place).is_ascii_digit();
        if letters.at(to) != ' ' && !(letters.at(to) == '.' && letters.at(to + 1) == ' ') {
            return None;
        }
        place = to + if letters.at(to) == '.' { 2 } else { 1 };
    }
    None
}

/// `5th`, `42nd`.
fn ordinal(letters: &Letters, from: usize) -> Option<(usize, String)> {
    let digits = letters.run(from, 3, |c| c.is_ascii_digit());
    let suffix = ["st", "nd", "rd", "th"].iter().any(|suffix| letters.reads(digits, suffix));
    (digits > from && suffix).then(|| (digits + 2, "nth".to_owned()))
}

/// What belongs to the address behind the street: flat, town, state, postal code, each behind a comma.
fn rest(letters: &Letters, mut to: usize) -> usize {
    for _ in 0..5 {
        let comma = letters.at(to) == ',';
        let start = letters.skip_blanks(to + usize::from(comma));
        if start == to {
            break;
        }
        let (word_to, text) = word(letters, start);
        let flat = WITHIN.contains(&text.as_str());
        let end = if flat || letters.at(start) == '#' {
            let number = letters.skip_blanks(if flat { word_to } else { start + 1 });
            let number = if letters.at(number) == '.' { letters.skip_blanks(number + 1) } else { number };
            letters.run(number, 6, |c| c.is_ascii_alphanumeric())
        } else if comma && is_capital(letters.at(start)) {
            town(letters, start)
        } else {
            postal_code(letters, start)
        };
        if end == start || (flat && end <= word_to) {
            break;
        }
        to = end;
    }
    to
}

/// Capital words: a town, a district, a state; with a postal code behind it.
fn town(letters: &Letters, from: usize) -> usize {
    let mut to = word(letters, from).0;
    while letters.at(to) == ' ' && is_capital(letters.at(to + 1)) {
        let (next, _) = word(letters, to + 1);
        if letters.at(next).is_ascii_digit() {
            break;
        }
        to = next;
    }
    let code = postal_code(letters, letters.skip_blanks(to));
    if code > letters.skip_blanks(to) { code } else { to }
}

/// `94107`, `200120`, `NW1 6XE`; `from` if none stands there.
fn postal_code(letters: &Letters, from: usize) -> usize {
    let digits = letters.run(from, 7, |c| c.is_ascii_digit());
    if matches!(digits - from, 5 | 6) && !letters.at(digits).is_ascii_alphanumeric() {
        return digits;
    }
    let area = letters.run(from, 4, |c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let mixed =
        letters.slice(from, area).iter().any(char::is_ascii_digit) && letters.at(from).is_ascii_uppercase();
    let inner = area + 1;
    let british = mixed
        && letters.at(area) == ' '
        && letters.at(inner).is_ascii_digit()
        && letters.slice(inner + 1, inner + 3).iter().all(char::is_ascii_uppercase);
    if british && letters.len() >= inner + 3 { inner + 3 } else { from }
}

/// Flat, room and building before the number of the house: `Room 1203, Building 5, No. 88 …`.
fn within_before(letters: &Letters, mut from: usize, least: usize) -> usize {
    let mut number_from = from;
    for _ in 0..4 {
        let mut place = number_from;
        while place > least && matches!(letters.before(place), ' ' | '.') {
            place -= 1;
        }
        let Some(word) = WITHIN
            .iter()
            .find(|word| letters.ends(place, word) && !is_latin(letters.before(place - word.len())))
        else {
            // A bare number of a house before which `Flat 3,` stands.
            let comma = letters.before(place) == ',';
            let number_to = if comma { place - 1 } else { return from };
            number_from = back_over_number(letters, number_to, least);
            if number_from == number_to {
                return from;
            }
            continue;
        };
        if place < word.len() || place - word.len() < least {
            return from;
        }
        from = place - word.len();
        let mut before = from;
        while before > least && matches!(letters.before(before), ' ' | ',') {
            before -= 1;
        }
        number_from = back_over_number(letters, before, least);
        if number_from == before {
            return from;
        }
    }
    from
}

fn back_over_number(letters: &Letters, to: usize, least: usize) -> usize {
    let mut from = to;
    while from > least && to - from < 6 && letters.before(from).is_ascii_alphanumeric() {
        from -= 1;
    }
    if letters.slice(from, to).iter().any(char::is_ascii_digit) { from } else { to }
}
