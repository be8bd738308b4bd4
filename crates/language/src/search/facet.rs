//! `kind:complaint`, 类型:投诉, `from:2026-11`: what a query says besides words.

use jiff::civil::{Date, date};
use yinuo_commitment::{Language, Word};

use super::{Choice, Filter, Mistake, QueryError, parse::Item};
use crate::normal;

/// What can stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Kind,
    Channel,
    Urgency,
    Severity,
    Complexity,
    State,
    Topic,
    Team,
    From,
    To,
}

/// Every key with its names, the first ones being those that people are told.
pub(super) const KEYS: &[(Key, &[&str])] = &[
    (Key::Kind, &["kind", "类型", "type", "种类"]),
    (Key::Channel, &["channel", "渠道", "来源"]),
    (Key::Urgency, &["urgency", "紧急程度", "紧急"]),
    (Key::Severity, &["severity", "严重程度", "严重"]),
    (Key::Complexity, &["complexity", "复杂程度", "复杂"]),
    (Key::State, &["state", "状态", "status"]),
    (Key::Topic, &["topic", "主题"]),
    (Key::Team, &["team", "团队", "小组", "班组"]),
    (Key::From, &["from", "自", "从", "since", "起"]),
    (Key::To, &["to", "至", "到", "until", "止"]),
];

/// Takes one facet into the filter.
pub(super) fn take(filter: &mut Filter, item: &Item<'_>, name: &str) -> Result<(), QueryError> {
    let wrong = |mistake| Err(QueryError::new(item.span.clone(), mistake));
    let folded = fold(name);
    let Some(&(key, names)) = KEYS.iter().find(|(_, names)| names.contains(&folded.as_str())) else {
        let nearest = nearest(&folded, KEYS.iter().flat_map(|(_, names)| names.iter().copied()));
        return wrong(Mistake::UnknownFacet { name: name.to_owned(), nearest: nearest.to_owned() });
    };
    let day = |last| -> Result<Option<Date>, QueryError> {
        if item.excluded {
            return Err(QueryError::new(item.span.clone(), Mistake::ExcludedDay));
        }
        match day(item.value, last) {
            Some(day) => Ok(Some(day)),
            None => {
                Err(QueryError::new(item.span.clone(), Mistake::NotADay { value: item.value.to_owned() }))
            }
        }
    };
    match key {
        Key::Kind => words(&mut filter.kind, item, names),
        Key::Channel => words(&mut filter.channel, item, names),
        Key::Urgency => words(&mut filter.urgency, item, names),
        Key::Severity => words(&mut filter.severity, item, names),
        Key::Complexity => words(&mut filter.complexity, item, names),
        Key::State => words(&mut filter.state, item, names),
        Key::Topic => texts(&mut filter.topic, item, names),
        Key::Team => texts(&mut filter.team, item, names),
        Key::From => {
            // Of several the narrowest holds.
            filter.from = day(false)?.max(filter.from);
            Ok(())
        }
        Key::To => {
            let day = day(true)?;
            filter.to = filter.to.map_or(day, |to| day.map(|day| day.min(to)));
            Ok(())
        }
    }
}

/// Takes words of a closed vocabulary, by their spelling or their label in either language.
fn words<W: Word>(choice: &mut Choice<W>, item: &Item<'_>, names: &[&'static str]) -> Result<(), QueryError> {
    for value in values(item, names)? {
        let folded = fold(value);
        let spellings = |word: &W| {
            [word.spelling().to_owned(), fold(word.name(Language::Zh)), fold(word.name(Language::En))]
        };
        let Some(&word) = W::WORDS.iter().find(|word| spellings(word).contains(&folded)) else {
            let all: Vec<String> = W::WORDS.iter().flat_map(spellings).collect();
            let nearest = nearest(&folded, all.iter().map(String::as_str)).to_owned();
            let known = W::WORDS.iter().map(|word| (word.spelling(), word.name(Language::Zh))).collect();
            let facet = names.first().copied().unwrap_or_default();
            let mistake = Mistake::UnknownValue { facet, value: value.to_owned(), nearest, known };
            return Err(QueryError::new(item.span.clone(), mistake));
        };
        let list = if item.excluded { &mut choice.none } else { &mut choice.any };
        if !list.contains(&word) {
            list.push(word);
        }
    }
    Ok(())
}

/// Takes names that only the caller knows.
fn texts(choice: &mut Choice<String>, item: &Item<'_>, names: &[&'static str]) -> Result<(), QueryError> {
    for value in values(item, names)? {
        let list = if item.excluded { &mut choice.none } else { &mut choice.any };
        if !list.iter().any(|known| known == value) {
            list.push(value.to_owned());
        }
    }
    Ok(())
}

/// The values of a facet: between commas.
fn values<'a>(item: &Item<'a>, names: &[&'static str]) -> Result<Vec<&'a str>, QueryError> {
    let values: Vec<&str> =
        item.value.split([',', '，', '、', '|']).map(str::trim).filter(|value| !value.is_empty()).collect();
    if values.is_empty() {
        let facet = names.first().copied().unwrap_or_default();
        return Err(QueryError::new(item.span.clone(), Mistake::NoValue { facet }));
    }
    Ok(values)
}

/// A day, or the first or last day of a month or year: `2026-11-21`, `2026/11`, 2026年11月21日, `20261121`, `2026`.
fn day(value: &str, last: bool) -> Option<Date> {
    let folded = fold(value);
    let parts: Vec<&str> = if folded.len() == 8 && folded.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![folded.get(..4)?, folded.get(4..6)?, folded.get(6..)?]
    } else {
        folded
            .split(['-', '/', '.', '年', '月', '日', '号'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect()
    };
    let number = |at: usize| parts.get(at).map(|part| part.parse::<i16>().ok().filter(|number| *number > 0));
    let year = number(0)?.filter(|year| (1900..=9999).contains(year))?;
    let narrow = |number: Option<i16>| number.and_then(|number| i8::try_from(number).ok());
    match (number(1), number(2), parts.len()) {
        (None, _, 1) => Some(if last { date(year, 12, 31) } else { date(year, 1, 1) }),
        (Some(month), None, 2) => {
            let first = Date::new(year, narrow(month)?, 1).ok()?;
            Some(if last { first.last_of_month() } else { first })
        }
        (Some(month), Some(day), 3) => Date::new(year, narrow(month)?, narrow(day)?).ok(),
        _ => None,
    }
}

fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.trim().chars().for_each(|char| normal::fold(char, |char| folded.push(char)));
    folded
}

/// The candidate that takes the fewest changes to become `word`; the first of equals.
fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> &'a str {
    candidates.min_by_key(|candidate| distance(word, candidate)).unwrap_or_default()
}

/// How many characters have to be added, left out or exchanged. A candidate that begins alike is nearer.
fn distance(one: &str, other: &str) -> (usize, bool) {
    let other_chars: Vec<char> = other.chars().take(32).collect();
    let mut row: Vec<usize> = (0..=other_chars.len()).collect();
    for (line, char) in one.chars().take(32).enumerate() {
        let mut before = line;
        let mut left = line.saturating_add(1);
        for (place, theirs) in other_chars.iter().enumerate() {
            let Some(above) = row.get(place.saturating_add(1)).copied() else { break };
            let exchanged = before.saturating_add(usize::from(*theirs != char));
            let next = exchanged.min(above.saturating_add(1)).min(left.saturating_add(1));
            if let Some(cell) = row.get_mut(place) {
                *cell = left;
            }
            (before, left) = (above, next);
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    let alike = one.chars().next() == other.chars().next();
    (row.last().copied().unwrap_or_default(), !alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_changes() {
        for (one, other, changes) in [
            ("kind", "kind", 0),
            ("kinds", "kind", 1),
            ("chanel", "channel", 1),
            ("类形", "类型", 1),
            ("", "to", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other).0, changes, "{one} {other}");
            assert_eq!(distance(other, one).0, changes, "{other} {one}");
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (value, first, last) in [
            ("2026-11-21", date(2026, 11, 21), date(2026, 11, 21)),
            ("2026/2", date(2026, 2, 1), date(2026, 2, 28)),
            ("２０２６年１１月２１日", date(2026, 11, 21), date(2026, 11, 21)),
            ("20261121", date(2026, 11, 21), date(2026, 11, 21)),
            ("2026.1.2", date(2026, 1, 2), date(2026, 1, 2)),
            ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
            ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ] {
            assert_eq!(day(value, false), Some(first), "{value}");
            assert_eq!(day(value, true), Some(last), "{value}");
        }
        for value in ["2026-02-30", "26-1-1", "yesterday", "2026-13", "2026-1-1-1", "", "-", "2026--x", "0"] {
            assert_eq!(day(value, false), None, "{value}");
        }
    }
}
