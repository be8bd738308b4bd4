//! Phone numbers: mobiles and fixed lines of mainland China, other countries, hotlines.

use super::{
    Certainty, Sort,
    cues::Cue,
    groups::{Gap, Group, Groups, Written},
    numbers::{Reading, sure_unless_of_a_thing},
};

/// How people group the eleven digits of a mobile number.
const MOBILE_SHAPES: &[&[usize]] = &[
    &[11],
    &[3, 4, 4],
    &[3, 8],
    &[7, 4],
    &[4, 4, 3],
    &[4, 3, 4],
    &[5, 6],
    &[3, 3, 5],
    &[3, 3, 3, 2],
    &[3, 2, 3, 3],
    &[3, 2, 2, 4],
    &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
];

/// How most people do: this is a number whatever stands between.
const MOBILE_SHAPE: &[usize] = &[3, 4, 4];

/// How people group a fixed line with its area code.
const LANDLINE_SHAPES: &[&[usize]] = &[
    &[10],
    &[11],
    &[12],
    &[3, 8],
    &[3, 7],
    &[4, 8],
    &[4, 7],
    &[3, 4, 4],
    &[3, 3, 4],
    &[3, 4, 3],
    &[4, 4, 4],
    &[4, 3, 4],
    &[4, 4, 3],
    &[2, 8],
    &[2, 4, 4],
    &[3, 2, 2, 2, 2],
    &[4, 2, 2, 2, 2],
];

/// Country code before a number: groups that it takes, and digits of the next group that belong to it.
fn country_code(groups: &Groups<'_>, index: usize) -> Option<(usize, usize)> {
    let group = groups.get(index)?;
    let digits = groups.digits(index, 1, 0);
    let (length, rest) = if digits.starts_with(&[0, 0, 8, 6]) {
        (4, group.len() - 4)
    } else {
        (2, group.len().saturating_sub(2))
    };
    let coded = length == 4 || digits.starts_with(&[8, 6]);
    if !coded {
        return None;
    }
    if rest == 0 { groups.hangs_together(index + 1).then_some((1, 0)) } else { Some((0, length)) }
}

/// The country code that is there, or none of it.
fn with_and_without_code(groups: &Groups<'_>, index: usize) -> impl Iterator<Item = (usize, usize, bool)> {
    let coded = country_code(groups, index).map(|(before, skip)| (before, skip, true));
    coded.into_iter().chain(std::iter::once((0, 0, false)))
}

/// Where a number begins: with the plus sign and the bracket of its country code.
fn beginning(groups: &Groups<'_>, index: usize) -> usize {
    let letters = groups.letters;
    let mut from = groups.get(index).map_or(0, |group| group.from);
    if letters.before(from) == '+' {
        from -= 1;
    }
    if letters.before(from) == '(' {
        from -= 1;
    }
    from
}

fn end(groups: &Groups<'_>, first: usize, count: usize) -> Option<usize> {
    groups.get((first + count).checked_sub(1)?).map(|group| group.to)
}

/// A number of several groups behind a group of the same number is a part of something longer.
fn is_a_later_part(groups: &Groups<'_>, index: usize, several: bool) -> bool {
    let Some(group) = groups.get(index) else { return true };
    let before = index.checked_sub(1).and_then(|before| groups.get(before));
    match (group.gap, before) {
        (Gap::Start | Gap::Other(_), _) | (_, None) => false,
        (Gap::Dash, Some(before)) => before.len() > 1,
        (Gap::Dot, Some(before)) => several || before.len() > 2,
        (_, Some(before)) => several && (3..=6).contains(&before.len()),
    }
}

/// Hotlines: 400 and 800 numbers, however grouped. They belong to companies.
pub(super) fn hotline(groups: &Groups<'_>, index: usize) -> Option<Reading> {
    let shapes: &[&[usize]] =
        &[&[10], &[3, 7], &[3, 3, 4], &[3, 4, 3], &[4, 3, 3], &[4, 6], &[5, 5], &[6, 4]];
    let shape = shapes.iter().find(|shape| groups.fits(index, 0, shape))?;
    let digits = groups.digits(index, shape.len(), 0);
    if !digits.starts_with(&[4, 0, 0]) && !digits.starts_with(&[8, 0, 0]) {
        return None;
    }
    let to = end(groups, index, shape.len())?;
    let certainty = Certainty::Certain;
    Some(Reading { from: beginning(groups, index), to, groups: shape.len(), sort: None, certainty })
}

/// Mobile numbers: 1, then 3 to 9, then nine digits.
pub(super) fn mobile(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    for (before, skip, _) in with_and_without_code(groups, index) {
        let first = index + before;
        let usual = MOBILE_SHAPES.iter().find(|shape| groups.fits(first, skip, shape));
        let however = || Some(MOBILE_SHAPE).filter(|shape| groups.fits_however(first, skip, shape));
        let Some(shape) = usual.copied().or_else(however) else { continue };
        let digits = groups.digits(first, shape.len(), skip);
        let [1, 3..=9, rest @ ..] = digits.as_slice() else { continue };
        let same = rest.iter().all(|digit| rest.first() == Some(digit));
        let several = shape.len() > 1;
        let to = end(groups, first, shape.len())?;
        let later = before == 0 && is_a_later_part(groups, index, several);
        if rest.len() != 9 || (same && rest.first() == Some(&0)) || later || groups.goes_on_after(to) {
            continue;
        }
        if continues(groups, first + shape.len(), several) {
            continue;
        }
        let certainty = sure_unless_of_a_thing(cue);
        let groups_taken = before + shape.len();
        let from = beginning(groups, index);
        return Some(Reading { from, to, groups: groups_taken, sort: Some(Sort::Mobile), certainty });
    }
    None
}

/// Whether the number goes on behind: `138 0013 8000 1234` is eleven digits of a longer one.
fn continues(groups: &Groups<'_>, next: usize, several: bool) -> bool {
    let Some(group) = groups.get(next) else { return false };
    match group.gap {
        Gap::Start | Gap::Bracket | Gap::Other(_) => false,
        Gap::Blank => several && (3..=4).contains(&group.len()) && !starts_a_mobile(groups, next),
        Gap::Dash | Gap::Dot => several && group.len() > 2,
    }
}

fn starts_a_mobile(groups: &Groups<'_>, index: usize) -> bool {
    matches!(groups.digits(index, 1, 0).as_slice(), [1, 3..=9, _]) && groups.hangs_together(index + 1)
}

/// Fixed lines with an area code; behind a country code the area's leading nought is gone.
pub(super) fn landline(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    if cue == Some(Cue::Thing) {
        return None;
    }
    for (before, skip, coded) in with_and_without_code(groups, index) {
        let first = index + before;
        for shape in LANDLINE_SHAPES.iter().filter(|shape| groups.fits(first, skip, shape)) {
            let mut digits = groups.digits(first, shape.len(), skip);
            if coded && digits.first() != Some(&0) {
                digits.insert(0, 0);
            }
            if !is_landline(&digits) || (!coded && is_a_later_part(groups, index, true)) {
                continue;
            }
            let last = first + shape.len();
            let (to, extension) = extension(groups, last, end(groups, first, shape.len())?);
            if groups.goes_on_after(to) {
                continue;
            }
            let taken = before + shape.len() + usize::from(extension);
            let from = beginning(groups, index);
            let sort = Some(Sort::Landline);
            return Some(Reading { from, to, groups: taken, sort, certainty: Certainty::Certain });
        }
    }
    None
}

/// Area code with its nought, then seven or eight digits that begin with 2 to 9.
fn is_landline(digits: &[u8]) -> bool {
    let (area, local) = match digits {
        [0, 1 | 2, ..] => (3, digits.get(3..)),
        [0, 3..=9, ..] => (4, digits.get(4..)),
        _ => return false,
    };
    let known = match digits.get(..area) {
        Some([0, 1, third]) => *third == 0,
        Some([0, 2, third]) => *third != 6,
        Some([0, _, _, _]) => true,
        _ => false,
    };
    let right_length = |local: &[u8]| if area == 3 { local.len() == 8 } else { matches!(local.len(), 7 | 8) };
    known && local.is_some_and(|local| right_length(local) && matches!(local.first(), Some(2..=9)))
}

/// An extension behind a fixed line: `-801`, 转801, `ext. 801`. Where it ends, and whether it is a group of its own.
fn extension(groups: &Groups<'_>, next: usize, to: usize) -> (usize, bool) {
    let letters = groups.letters;
    if let Some(group) = groups.get(next).filter(|group| group.gap == Gap::Dash && group.len() <= 5) {
        return (group.to, true);
    }
    let mut place = letters.skip_blanks(to);
    let Some(sign) =
        ["转", "分机", "extension", "ext.", "ext", "#", "x"].iter().find(|sign| letters.reads(place, sign))
    else {
        return (to, false);
    };
    place += sign.chars().count();
    while matches!(letters.at(place), ' ' | ':' | '.' | '号') || letters.reads(place, "分机") {
        place += if letters.at(place) == '分' { 2 } else { 1 };
    }
    match groups.get(next) {
        Some(group) if group.from == place && group.len() <= 5 => (group.to, true),
        _ => (to, false),
    }
}

/// A fixed line without its area code: only right behind a cue.
pub(super) fn local(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    let shapes: &[&[usize]] = &[&[8], &[7], &[4, 4], &[3, 4], &[4, 3]];
    if cue != Some(Cue::Phone) || groups.written == Written::Numerals {
        return None;
    }
    let shape = shapes.iter().find(|shape| groups.fits(index, 0, shape))?;
    let digits = groups.digits(index, shape.len(), 0);
    let year = matches!(digits.as_slice(), [2, 0, 0..=4, ..] | [1, 9, ..]);
    let (to, extension) = extension(groups, index + shape.len(), end(groups, index, shape.len())?);
    let later = is_a_later_part(groups, index, true);
    if !matches!(digits.first(), Some(2..=9)) || year || later || groups.goes_on_after(to) {
        return None;
    }
    let taken = shape.len() + usize::from(extension);
    let from = beginning(groups, index);
    Some(Reading { from, to, groups: taken, sort: Some(Sort::Landline), certainty: Certainty::Possible })
}

/// Numbers with a plus sign and the code of another country.
pub(super) fn abroad(groups: &Groups<'_>, index: usize) -> Option<Reading> {
    let group = groups.get(index)?;
    let letters = groups.letters;
    let plus = letters.before(group.from) == '+';
    let nought =
        groups.digits(index, 1, 0).starts_with(&[0, 0]) && matches!(group.gap, Gap::Start | Gap::Other(_));
    let skip = if plus { 0 } else { 2 };
    if (!plus && !nought) || (plus && letters.before(group.from - 1).is_ascii_alphanumeric()) {
        return None;
    }
    let code = groups.digits(index, 1, skip);
    if matches!(code.first(), None | Some(0)) || code.starts_with(&[8, 6]) {
        return None;
    }
    let most = if code.first() == Some(&1) { 11 } else { 13 };
    let (mut total, mut count) = (code.len(), 1);
    while let Some(next) = groups.get(index + count).filter(|next| takes(next, total, most)) {
        total += next.len();
        count += 1;
    }
    let to = end(groups, index, count)?;
    // A nought twice before anything is a country code only in a number that is grouped like one.
    let enough = if plus { 8 } else { 10 };
    if total < enough || total > most || groups.goes_on_after(to) || (nought && !plus && count == 1) {
        return None;
    }
    let certainty = if total >= 10 { Certainty::Certain } else { Certainty::Possible };
    Some(Reading {
        from: beginning(groups, index),
        to,
        groups: count,
        sort: Some(Sort::PhoneAbroad),
        certainty,
    })
}

fn takes(next: &Group, total: usize, most: usize) -> bool {
    matches!(next.gap, Gap::Blank | Gap::Dash | Gap::Bracket) && total + next.len() <= most
}

/// `(415) 555-2671`, `415-555-2671`, and British numbers such as `07700 900123`.
pub(super) fn north_american(groups: &Groups<'_>, index: usize, cue: Option<Cue>) -> Option<Reading> {
    let shapes: &[&[usize]] = &[&[3, 3, 4], &[10], &[5, 6], &[11], &[5, 3, 3], &[4, 3, 4]];
    let shape = shapes.iter().find(|shape| groups.fits(index, 0, shape))?;
    let digits = groups.digits(index, shape.len(), 0);
    let spoken_of = cue == Some(Cue::Phone);
    let american = matches!(digits.as_slice(), [2..=9, _, _, 2..=9, ..]) && digits.len() == 10;
    let british = matches!(digits.as_slice(), [0, 1 | 2 | 7, ..]) && digits.len() == 11;
    let gap = groups.get(index + 1).map_or(Gap::Start, |group| group.gap);
    let telling = shape.len() == 3 && matches!(gap, Gap::Dash | Gap::Bracket);
    let to = end(groups, index, shape.len())?;
    let fits = (american && (telling || spoken_of)) || (british && spoken_of);
    let thing = cue == Some(Cue::Thing) || is_a_later_part(groups, index, true);
    if !fits || thing || groups.goes_on_after(to) || continues(groups, index + shape.len(), shape.len() > 1) {
        return None;
    }
    let certainty = if spoken_of { Certainty::Certain } else { Certainty::Possible };
    let from = beginning(groups, index);
    Some(Reading { from, to, groups: shape.len(), sort: Some(Sort::PhoneAbroad), certainty })
}
