//! What is shown instead of a finding: the look of masked contact data everywhere in the product.

use super::{
    Sort,
    letters::{Letters, is_han},
    names,
};

/// The mask of what `written` says.
///
/// | sort | shown |
/// |---|---|
/// | mobile | `138****1234` |
/// | landline | `010-****5678`, with an extension `010-****5678-***`, without area code `62****78` |
/// | phone abroad | `+****2671` |
/// | identity number | `110***********123X` |
/// | bank card | `6222****0128` |
/// | e-mail | `a***@example.com` |
/// | account, plate, passport | `zh***`, `京A***45`, `E***78` |
/// | name | `王**`, `欧阳**`, `J*** S***` |
/// | address | province, city and district, else the beginning: `广东省深圳市南山区****` |
pub(super) fn shown(sort: Sort, written: &str) -> String {
    let letters = Letters::of(written);
    match sort {
        Sort::Mobile => mobile(&letters),
        Sort::Landline => landline(&letters),
        Sort::PhoneAbroad => abroad(&letters),
        Sort::IdentityNumber => ends(&letters, 3, 4, "***********"),
        Sort::BankCard => ends(&letters, 4, 4, "****"),
        Sort::CompanyCode => written.to_owned(),
        Sort::Email => email(&letters),
        Sort::Account => ends(&letters, 2, 0, "***"),
        Sort::Ip => "***.***".to_owned(),
        Sort::Plate => ends(&letters, 2, 2, "***"),
        Sort::Passport => ends(&letters, 1, 2, "***"),
        Sort::Name => name(&letters),
        Sort::Address => address(&letters),
    }
}

fn text(letters: &[char]) -> String {
    letters.iter().collect()
}

/// The first and the last letters and digits.
fn ends(letters: &Letters, first: usize, last: usize, stars: &str) -> String {
    let all: Vec<char> = letters.all().filter(|c| c.is_alphanumeric()).collect();
    if all.len() <= first + last {
        return stars.to_owned();
    }
    let head = all.get(..first).map(text).unwrap_or_default();
    let tail = all.get(all.len() - last..).map(text).unwrap_or_default();
    format!("{head}{stars}{tail}")
}

fn digits(letters: &Letters) -> String {
    let value = |c: char| {
        let numeral = super::groups::numeral(c).map(u32::from);
        c.to_digit(10).or(numeral).and_then(|digit| char::from_digit(digit, 10))
    };
    letters.all().filter_map(value).collect()
}

fn mobile(letters: &Letters) -> String {
    let digits = digits(letters);
    let from = digits.len().saturating_sub(11);
    let bare = digits.get(from..).unwrap_or(&digits);
    format!("{}****{}", bare.get(..3).unwrap_or_default(), last(bare, 4))
}

fn last(digits: &str, count: usize) -> &str {
    digits.get(digits.len().saturating_sub(count)..).unwrap_or_default()
}

fn landline(letters: &Letters) -> String {
    let written: String = letters.all().collect::<String>().to_lowercase();
    let sign = ["转", "分机", "ext", "#", "x"].iter().filter_map(|sign| written.find(sign)).min();
    let number = sign.map_or(written.as_str(), |place| written.get(..place).unwrap_or_default());
    let all = digits(&Letters::of(number));
    let bare = all.strip_prefix("0086").or_else(|| all.strip_prefix("86")).filter(|rest| rest.len() >= 9);
    let coded = bare.is_some();
    let mut bare = bare.unwrap_or(&all).to_owned();
    if coded && !bare.starts_with('0') {
        bare.insert(0, '0');
    }
    if !bare.starts_with('0') || bare.len() < 10 {
        let extension = if sign.is_some() { "-***" } else { "" };
        let stars = format!("{}****{}", bare.get(..2).unwrap_or_default(), last(&bare, 2));
        return format!("{stars}{extension}");
    }
    let area = if bare.starts_with("01") || bare.starts_with("02") { 3 } else { 4 };
    let (area, local) = bare.split_at_checked(area).unwrap_or(("", &bare));
    let direct = local.len() > 8;
    let local = local.get(..local.len().min(8)).unwrap_or(local);
    let extension = if sign.is_some() || direct { "-***" } else { "" };
    format!("{area}-****{}{extension}", last(local, 4))
}

fn abroad(letters: &Letters) -> String {
    let digits = digits(letters);
    if digits.len() >= 9 { format!("+****{}", last(&digits, 4)) } else { "+****".to_owned() }
}

fn email(letters: &Letters) -> String {
    let close = letters.all().filter(|c| !c.is_whitespace());
    let written: String = close.map(|c| if c == '。' { '.' } else { c }).collect();
    let Some((mailbox, domain)) = written.rsplit_once('@') else { return "***".to_owned() };
    let mut letters = mailbox.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) => format!("{first}***@{domain}"),
        _ => format!("***@{domain}"),
    }
}

fn name(letters: &Letters) -> String {
    let all: Vec<char> = letters.all().collect();
    let first = all.first().copied().unwrap_or_default();
    if is_han(first) {
        let double: Vec<char> = all.iter().take(2).copied().collect();
        return if all.len() > 2 && names::is_double(&double) {
            format!("{}**", text(&double))
        } else if all.len() > 1 {
            format!("{first}**")
        } else {
            "**".to_owned()
        };
    }
    let written: String = all.iter().collect();
    let words: Vec<&str> =
        written.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    match words.as_slice() {
        [] => "***".to_owned(),
        [only] => initial(only),
        [first, .., last] => format!("{} {}", initial(first), initial(last)),
    }
}

fn initial(word: &str) -> String {
    let mut letters = word.chars().filter(|c| c.is_alphanumeric());
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) => format!("{first}***"),
        _ => "***".to_owned(),
    }
}

/// What ends the name of a province, city or district, longest first.
const LEVELS: [&[&str]; 3] = [
    &["特别行政区", "自治区", "省"],
    &["自治州", "地区", "盟", "市"],
    &["自治县", "自治旗", "区", "县", "旗", "市"],
];

/// Characters of the longest name of a province, city or district.
const LEVEL_MAX: usize = 14;

/// What tells a street or a building: no name of a district goes on behind it.
const STREET: &str = "路街道巷弄号栋幢楼村镇乡室单层座";

/// Before these, 区 and 市 name no district.
const NO_DISTRICT: &str = "小社园校厂景街城超门夜";

/// What is shown at most of an address that cannot be told apart.
const BEGINNING_CHARS: usize = 6;

fn address(letters: &Letters) -> String {
    let all: Vec<char> = letters.all().filter(|c| !c.is_whitespace()).collect();
    let mut to = 0;
    for level in 0..LEVELS.len() {
        let (_, here_and_below) = LEVELS.split_at(level);
        to += all.get(to..).and_then(|rest| level_length(rest, here_and_below)).unwrap_or_default();
    }
    if to > 0 {
        return format!("{}****", all.get(..to).map(text).unwrap_or_default());
    }
    let beginning = all.iter().take(BEGINNING_CHARS.min(all.len() / 2));
    // A number in Chinese is one as well.
    let numeral = |c: char| c.is_numeric() || super::groups::numeral(c).is_some() || c == '十';
    let mut shown = String::new();
    for c in beginning {
        shown.push(if numeral(*c) { '*' } else { *c });
    }
    format!("{shown}****")
}

/// How many characters at the beginning name something of the first of `levels`; what belongs to a level below ends it.
fn level_length(rest: &[char], levels: &[&[&str]]) -> Option<usize> {
    let (endings, below) = levels.split_first()?;
    for (place, c) in rest.iter().enumerate().take(LEVEL_MAX) {
        if c.is_ascii() || (place > 0 && STREET.contains(*c)) {
            return None;
        }
        let so_far = rest.get(..=place)?;
        let before = |ending: &&str| {
            let count = ending.chars().count();
            let from = so_far.len().checked_sub(count)?;
            let fits = so_far.get(from..).is_some_and(|tail| tail.iter().copied().eq(ending.chars()));
            fits.then(|| from.checked_sub(1).and_then(|before| so_far.get(before)).copied()).flatten()
        };
        let ended = |endings: &[&str]| endings.iter().find_map(before);
        match ended(endings) {
            Some(before) => return (!NO_DISTRICT.contains(before)).then_some(place + 1),
            None if below.iter().any(|endings| ended(endings).is_some()) => return None,
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The look of `yinuo_core::personal::masked`, row by row.
    #[test]
    fn masks_look_as_those_of_contact_data() {
        let table = [
            (Sort::Mobile, "+86 138-0013-1234", "138****1234"),
            (Sort::Mobile, "１３８００１３１２３４", "138****1234"),
            (Sort::Mobile, "一三八零零一三一二三四", "138****1234"),
            (Sort::Landline, "(010) 6234 5678", "010-****5678"),
            (Sort::Landline, "+86-755-23456789", "0755-****6789"),
            (Sort::Landline, "010-62345678 ext. 801", "010-****5678-***"),
            (Sort::Landline, "010-62345678-801", "010-****5678-***"),
            (Sort::Landline, "62345678", "62****78"),
            (Sort::PhoneAbroad, "+1 415 555 2671", "+****2671"),
            (Sort::Email, "Anna.Li+1@Example.com", "A***@Example.com"),
            (Sort::Email, "a@example.com", "***@example.com"),
            (Sort::Name, "王小丽", "王**"),
            (Sort::Name, "王女士", "王**"),
            (Sort::Name, "欧阳娜娜", "欧阳**"),
            (Sort::Name, "John Ronald Smith", "J*** S***"),
            (Sort::Address, "广东省 深圳市 南山区 科技园路 1 号", "广东省深圳市南山区****"),
            (Sort::Address, "上海浦东新区世纪大道100号", "上海浦东新区****"),
            (Sort::Address, "幸福小区3栋2单元", "幸福小区****"),
            (Sort::Address, "建国路88号", "建国路****"),
            (Sort::Address, "221B Baker Street, London", "***BBa****"),
            (Sort::IdentityNumber, "11010519491231002X", "110***********002X"),
            (Sort::BankCard, "6222 0212 3456 7890 128", "6222****0128"),
            (Sort::Plate, "京A·12345", "京A***45"),
            (Sort::Passport, "E12345678", "E***78"),
            (Sort::Account, "zhang_wei88", "zh***"),
        ];
        for (sort, written, wanted) in table {
            assert_eq!(shown(sort, written), wanted, "{sort:?} {written}");
        }
    }
}
