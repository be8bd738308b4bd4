//! Numbers with check digits: 身份证, bank cards, 统一社会信用代码.

use super::{
    Certainty, Sort,
    cues::Cue,
    groups::{Gap, Groups},
    numbers::Reading,
};

/// How people group an identity number.
const IDENTITY_SHAPES: &[&[usize]] = &[
    &[18],
    &[17, 1],
    &[6, 8, 4],
    &[6, 4, 4, 4],
    &[3, 3, 4, 4, 4],
    &[6, 12],
    &[4, 4, 4, 6],
    &[10, 8],
    &[4, 4, 4, 4, 2],
];

/// The same where an X takes the last place.
const IDENTITY_SHAPES_X: &[&[usize]] = &[
    &[17],
    &[6, 8, 3],
    &[6, 4, 4, 3],
    &[3, 3, 4, 4, 3],
    &[6, 11],
    &[4, 4, 4, 5],
    &[10, 7],
    &[4, 4, 4, 4, 1],
];

/// Weights of the digits of an identity number (GB 11643).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Who was born from this year on is too young to be a usual customer: a number with such a date is more likely the
/// number of a thing.
const YOUNG_FROM_YEAR: u32 = 2012;

/// An identity number of 18 characters.
pub(super) fn identity_number(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    let letters = groups.letters;
    let with_x = |shape: &&&[usize]| groups.fits(index, 0, shape);
    let (shape, x) = match IDENTITY_SHAPES.iter().find(with_x) {
        Some(shape) => (shape, false),
        None => (IDENTITY_SHAPES_X.iter().find(with_x)?, true),
    };
    let last = groups.get((index + shape.len()).checked_sub(1)?)?;
    let to = if x { last.to + 1 } else { last.to };
    if (x && !matches!(letters.at(last.to), 'x' | 'X')) || groups.goes_on_after(to) {
        return None;
    }
    let joined =
        index.checked_sub(1).is_some() && groups.get(index).is_some_and(|group| group.gap == Gap::Dash);
    let digits = groups.digits(index, shape.len(), 0);
    if joined || !is_region(&digits) || !is_date(digits.get(6..14)?) || letters.at(to).is_ascii_digit() {
        return None;
    }
    let checked = check_digit(&digits, x);
    let young = number(digits.get(6..10)?) >= YOUNG_FROM_YEAR;
    let certainty = match (checked, cue) {
        (true, Some(Cue::Identity)) => Certainty::Certain,
        (true, cue) if !young && !matches!(cue, Some(Cue::Thing | Cue::Company)) => Certainty::Certain,
        // Behind a cue without its check digit: somebody mistyped a digit of it; what is left is as telling.
        (true, _) | (false, Some(Cue::Identity)) => Certainty::Possible,
        (false, _) => return None,
    };
    let from = groups.get(index)?.from;
    Some(Reading { from, to, groups: shape.len(), sort: Some(Sort::IdentityNumber), certainty })
}

/// The form of before 1999: 15 digits, no check digit.
pub(super) fn old_identity_number(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    let group = groups.get(index).filter(|group| group.len() == 15)?;
    let digits = groups.digits(index, 1, 0);
    let mut date = vec![1, 9];
    date.extend_from_slice(digits.get(6..12)?);
    let thing = matches!(cue, Some(Cue::Thing | Cue::Card | Cue::Company));
    if thing || !is_region(&digits) || !is_date(&date) || groups.goes_on_after(group.to) {
        return None;
    }
    let certainty = if cue == Some(Cue::Identity) { Certainty::Certain } else { Certainty::Possible };
    let sort = Some(Sort::IdentityNumber);
    Some(Reading { from: group.from, to: group.to, groups: 1, sort, certainty })
}

/// Whether the first six digits can be a region: a province and something in it.
fn is_region(digits: &[u8]) -> bool {
    let known = match digits {
        [1 | 6, second, ..] => matches!(second, 1..=5),
        [2 | 8, second, ..] => matches!(second, 1..=3),
        [3, second, ..] => matches!(second, 1..=7),
        [4, second, ..] => matches!(second, 1..=6),
        [5, second, ..] => matches!(second, 0..=4),
        [7, second, ..] => *second == 1,
        _ => false,
    };
    known && digits.get(2..6).is_some_and(|rest| rest.iter().any(|digit| *digit != 0))
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + u32::from(*digit))
}

/// Whether eight digits are a date on which somebody alive can be born.
fn is_date(digits: &[u8]) -> bool {
    let (Some(year), Some(month), Some(day)) = (digits.get(..4), digits.get(4..6), digits.get(6..8)) else {
        return false;
    };
    let (year, month, day) = (number(year), number(month), number(day));
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => {
            if leap {
                29
            } else {
                28
            }
        }
        _ => return false,
    };
    (1900..2100).contains(&year) && (1..=days).contains(&day)
}

fn check_digit(digits: &[u8], x: bool) -> bool {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let wanted = (12 - sum % 11) % 11;
    match digits.get(17) {
        Some(last) => !x && wanted == u32::from(*last),
        None => x && wanted == 10,
    }
}

/// A bank card: 13 to 19 digits with Luhn's check digit, and a known beginning or a cue.
pub(super) fn bank_card(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    let first = groups.get(index)?;
    let count = card_groups(groups, index)?;
    let last = groups.get((index + count).checked_sub(1)?)?;
    let digits = groups.digits(index, count, 0);
    if !(13..=19).contains(&digits.len()) || groups.goes_on_after(last.to) {
        return None;
    }
    let told = cue == Some(Cue::Card);
    let thing = matches!(cue, Some(Cue::Thing | Cue::Identity | Cue::Company));
    let union_pay = digits.starts_with(&[6, 2]) && digits.len() >= 16;
    let known = union_pay || has_known_beginning(&digits);
    let certainty = match (is_luhn(&digits), told) {
        (true, true) => Certainty::Certain,
        (true, false) if known && !thing => {
            if union_pay || count > 1 {
                Certainty::Certain
            } else {
                Certainty::Possible
            }
        }
        // Mistyped, but said to be one.
        (false, true) if digits.len() >= 16 => Certainty::Possible,
        _ => return None,
    };
    let sort = Some(Sort::BankCard);
    Some(Reading { from: first.from, to: last.to, groups: count, sort, certainty })
}

/// How many groups a card takes: one, or fours and a rest.
fn card_groups(groups: &Groups<'_>, index: usize) -> Option<usize> {
    let first = groups.get(index)?;
    if first.len() >= 13 {
        let alone = groups.get(index + 1).is_none_or(|next| next.gap != Gap::Dash);
        return (first.len() <= 19 && alone && first.gap != Gap::Dash).then_some(1);
    }
    let shapes: &[&[usize]] = &[
        &[4, 4, 4, 4, 3],
        &[4, 4, 4, 4, 2],
        &[4, 4, 4, 4, 1],
        &[4, 4, 4, 4],
        &[6, 13],
        &[6, 10],
        &[4, 6, 5],
        &[4, 4, 4, 7],
        &[4, 4, 4, 3],
    ];
    shapes.iter().find(|shape| groups.fits(index, 0, shape)).map(|shape| shape.len())
}

fn has_known_beginning(digits: &[u8]) -> bool {
    let (two, four) =
        (number(digits.get(..2).unwrap_or_default()), number(digits.get(..4).unwrap_or_default()));
    match digits.len() {
        13 | 19 => two / 10 == 4,
        14 => matches!(two, 30 | 36 | 38),
        15 => matches!(two, 34 | 37),
        16 => {
            two / 10 == 4 || matches!(two, 35 | 51..=55 | 65) || (2221..=2720).contains(&four) || four == 6011
        }
        _ => false,
    }
}

/// Luhn's check.
fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            if place % 2 == 0 {
                digit
            } else if digit > 4 {
                digit * 2 - 9
            } else {
                digit * 2
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// Characters of a 统一社会信用代码 (GB 32100) in the order of their values.
const COMPANY_SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether 18 characters are the code of a company: its kind, region and check character (mod 31).
pub(super) fn is_company_code(code: &[char]) -> bool {
    if code.len() != 18 {
        return false;
    }
    let value = |c: char| COMPANY_SIGNS.chars().position(|sign| sign == c.to_ascii_uppercase());
    let mut values = Vec::with_capacity(18);
    for c in code {
        let Some(value) = value(*c) else { return false };
        values.push(value);
    }
    let region = code.get(2..8).is_some_and(|region| region.iter().all(char::is_ascii_digit));
    let kind = matches!(code.first(), Some('1' | '5' | '9' | 'Y' | 'y'));
    let mut weight = 1;
    let mut sum = 0;
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    region && kind && values.last() == Some(&((31 - sum % 31) % 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect()
    }

    #[test]
    fn check_digits() {
        assert!(check_digit(&digits("11010519491231002"), true));
        assert!(check_digit(&digits("440524188001010014"), false));
        assert!(!check_digit(&digits("440524188001010015"), false));
        assert!(is_luhn(&digits("6222021234567890128")) == is_luhn(&digits("6222 0212 3456 7890 128")));
        assert!(is_luhn(&digits("4111111111111111")) && !is_luhn(&digits("4111111111111112")));
        assert!(!is_luhn(&[0; 16]));
    }

    #[test]
    fn dates_and_regions() {
        assert!(
            is_date(&digits("20000229")) && !is_date(&digits("19000229")) && !is_date(&digits("19900431"))
        );
        assert!(
            is_region(&digits("110105")) && !is_region(&digits("160105")) && !is_region(&digits("110000"))
        );
    }
}
