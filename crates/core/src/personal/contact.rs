//! Phone numbers and e-mail addresses, masked.

/// Signs between several numbers in one field.
const BETWEEN: &[char] = &['/', ',', ';', '、', '|', '\n'];

/// Words and signs before an extension.
const EXTENSION: &[&str] = &["转", "轉", "分机", "分機", "ext", "#", "x"];

/// Each number of the field.
pub(super) fn mask_phone(text: &str) -> String {
    let text = super::plain(text).to_lowercase();
    let numbers = text.split(BETWEEN).filter(|number| !number.trim().is_empty());
    let masked: Vec<String> = numbers.map(one_number).collect();
    if masked.is_empty() { "****".to_owned() } else { masked.join(" / ") }
}

fn one_number(text: &str) -> String {
    let extension = EXTENSION.iter().filter_map(|sign| text.find(sign)).min();
    let (number, with_extension) = match extension {
        Some(place) => (text.get(..place).unwrap_or(text), true),
        None => (text, false),
    };
    let digits: String =
        number.chars().filter_map(|c| c.to_digit(10).and_then(|digit| char::from_digit(digit, 10))).collect();
    let foreign = number.trim_start().starts_with('+') && !digits.is_empty() && !digits.starts_with("86");
    let shown = if foreign { abroad(&digits) } else { at_home(&digits, number) };
    if with_extension { format!("{shown}-***") } else { shown }
}

/// A number of another country: which one is not for us to parse.
fn abroad(digits: &str) -> String {
    if digits.len() >= 9 { format!("+****{}", last(digits, 4)) } else { "+****".to_owned() }
}

/// A number of mainland China, or whatever it is.
fn at_home(digits: &str, written: &str) -> String {
    let bare = without_country(digits);
    if is_mobile(bare) {
        return format!("{}****{}", first(bare, 3), last(bare, 4));
    }
    if let Some((area, local)) = landline(bare, written, bare != digits) {
        // A short direct number after two hyphens is an extension that nobody called so.
        let (local, extension) = if local.len() > 8 { (first(local, 8), "-***") } else { (local, "") };
        return format!("{area}-****{}{extension}", last(local, 4));
    }
    match bare.len() {
        11.. => format!("{}****{}", first(bare, 3), last(bare, 4)),
        7..=10 => format!("{}****{}", first(bare, 2), last(bare, 2)),
        _ => "****".to_owned(),
    }
}

/// Without `+86`, `0086` or `86` before a number that is whole without it.
fn without_country(digits: &str) -> &str {
    let rest = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    rest.filter(|rest| rest.len() >= 10).unwrap_or(digits)
}

fn is_mobile(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    digits.len() == 11 && bytes.next() == Some(b'1') && bytes.next().is_some_and(|second| second >= b'3')
}

/// Area code and local number. Behind a country code the leading nought is gone, and the signs after the area code tell
/// where it ends.
fn landline<'a>(digits: &'a str, written: &str, country_code: bool) -> Option<(String, &'a str)> {
    let length = |area: &str| if area.starts_with("01") || area.starts_with("02") { 3 } else { 4 };
    if digits.starts_with('0') && !digits.starts_with("00") && digits.len() >= 10 {
        let area = first(digits, length(digits));
        return Some((area.to_owned(), digits.get(area.len()..)?));
    }
    let mut parts = written.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let area = parts.find(|part| !part.ends_with("86")).filter(|_| country_code)?;
    let local = digits.strip_prefix(area)?;
    let fits = (2..=3).contains(&area.len()) && (7..=8).contains(&local.len());
    fits.then(|| (format!("0{area}"), local))
}

fn first(text: &str, count: usize) -> &str {
    text.get(..count).unwrap_or(text)
}

fn last(text: &str, count: usize) -> &str {
    text.len().checked_sub(count).and_then(|from| text.get(from..)).unwrap_or(text)
}

/// The first character of the mailbox, and the domain.
pub(super) fn mask_email(text: &str) -> String {
    let text = super::plain(text.trim());
    let Some((mailbox, domain)) = text.rsplit_once('@') else { return "***".to_owned() };
    let domain = domain.trim();
    // What follows is no domain, and may be anything.
    if domain.is_empty() || domain.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return "***".to_owned();
    }
    let mut characters = mailbox.trim().chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(_)) => format!("{first}***@{domain}"),
        (Some(_), None) => format!("***@{domain}"),
        (None, _) => "***".to_owned(),
    }
}
