//! Flaws that are no matter of single words: shouting, placeholders, data of somebody else.

use yinuo_commitment::{Language, Text};

use super::{Code, Facts, Remark, Room, Severity, draft::Draft};
use crate::personal::{self, Certainty, Finding, Known, Sort};

/// Capital words that are no shouting: abbreviations.
const CAPITALS: &[&str] = &[
    "WIFI", "VIP", "USB", "HTTP", "HTTPS", "PDF", "APP", "SIM", "GPS", "LED", "LCD", "NFC", "OTA", "DNS",
    "SSID", "WPS", "QR", "FAQ", "SMS", "VAT", "ID", "IP", "TV", "AC", "PC", "CEO", "USA", "CNY", "RMB",
    "EUR", "USD",
];

/// Capital words in a row from which on it is shouting.
const SHOUTED_WORDS: usize = 3;

/// All capitals, and marks in heaps.
pub(super) fn shouting(draft: &Draft<'_>, remarks: &mut Vec<Remark>) {
    let letters = &draft.letters;
    let mut room = Room::default();
    let mut push = |from: usize, to: usize| {
        if !room.takes(Severity::Style) {
            return;
        }
        remarks.push(Remark {
            span: draft.span(from, to),
            severity: Severity::Style,
            code: Code::Shouting,
            explanation: Text::new("像在大声喊叫。", "This reads like shouting."),
            suggestion: Some(Text::new("用平常的大小写和标点。", "Use ordinary letters and marks.")),
        });
    };
    let (mut index, mut run) = (0, None::<(usize, usize, usize)>);
    while index < letters.len() {
        let c = letters.at(index);
        if c.is_ascii_alphabetic() {
            let to = letters.run(index, usize::MAX, |c| c.is_ascii_alphanumeric() || c == '\'');
            let word = letters.slice(index, to);
            let capital =
                word.len() >= 2 && word.iter().all(|c| !c.is_ascii_lowercase() && !c.is_ascii_digit());
            let known = CAPITALS.iter().any(|known| word.iter().copied().eq(known.chars()));
            let single = word.len() == 1 && c.is_ascii_uppercase();
            run = match run {
                Some((from, _, count)) if capital || single => {
                    Some((from, to, count + usize::from(capital && !known)))
                }
                None if capital => Some((index, to, usize::from(!known))),
                ended => {
                    if let Some((from, to, _)) = ended.filter(|(_, _, count)| *count >= SHOUTED_WORDS) {
                        push(from, to);
                    }
                    None
                }
            };
            index = to;
            continue;
        }
        if matches!(c, '!' | '?') {
            let to = letters.run(index, usize::MAX, |c| matches!(c, '!' | '?'));
            let questions = letters.slice(index, to).iter().filter(|c| **c == '?').count();
            if to - index >= 3 || questions >= 2 {
                push(index, to);
            }
            index = to;
            continue;
        }
        index += 1;
    }
    if let Some((from, to, _)) = run.filter(|(_, _, count)| *count >= SHOUTED_WORDS) {
        push(from, to);
    }
}

/// What stands between brackets where somebody has still to fill in something: alone, or at the end of a few words.
const TO_FILL_IN: &[&str] = &[
    "姓名", "名字", "名称", "称呼", "时间", "日期", "编号", "单号", "电话", "地址", "公司", "客户", "产品",
    "型号", "金额", "原因", "链接", "name", "date", "time", "number", "phone", "address", "company",
    "customer", "product", "amount", "reason", "due", "agent", "link", "xx", "xxx",
];

/// What makes anything between brackets unfinished.
const UNFINISHED: &[&str] = &["填写", "待补", "待填", "insert", "todo", "tbd", "your "];

/// Letters of a placeholder that only ends with what is to be filled in.
const LABEL_MAX: usize = 14;

/// Letters between the brackets of a placeholder.
const PLACEHOLDER_MAX: usize = 30;

/// `{姓名}`, `[name]`, `XXX`, `____`, 某某, and notes to oneself.
pub(super) fn placeholders(draft: &Draft<'_>, remarks: &mut Vec<Remark>) {
    let letters = &draft.letters;
    let mut index = 0;
    let mut room = Room::default();
    while index < letters.len() && !room.is_full() {
        let Some(to) = placeholder(draft, index) else {
            index += 1;
            continue;
        };
        room.takes(Severity::Required);
        let span = draft.span(index, to);
        let written = draft.text.get(span.clone()).unwrap_or_default();
        remarks.push(Remark {
            severity: Severity::Required,
            code: Code::Placeholder,
            explanation: Text::new(
                format!("「{written}」还没有填写。"),
                format!("\"{written}\" has not been filled in."),
            ),
            suggestion: None,
            span,
        });
        index = to.max(index + 1);
    }
}

/// One past the placeholder that begins at `index`.
fn placeholder(draft: &Draft<'_>, index: usize) -> Option<usize> {
    let letters = &draft.letters;
    let close = match letters.at(index) {
        '{' => '}',
        '[' => ']',
        '【' => '】',
        '<' => '>',
        '_' => {
            let to = letters.run(index, usize::MAX, |c| c == '_');
            return (to - index >= 3).then_some(to);
        }
        'X' | 'x' | '×' => return crosses(draft, index),
        '某' => return letters.reads(index, "某某").then_some(index + 2),
        't' | 'T' => {
            let word = ["todo", "tbd"].into_iter().find(|word| letters.reads(index, word))?;
            let to = index + word.len();
            let whole =
                !letters.before(index).is_ascii_alphanumeric() && !letters.at(to).is_ascii_alphanumeric();
            return whole.then_some(to);
        }
        _ => return None,
    };
    let end = letters.run(index + 1, PLACEHOLDER_MAX, |c| c != close && c != '\n');
    if letters.at(end) != close || end == index + 1 {
        return None;
    }
    let inside = draft.small(index + 1, end);
    // The sender's name stands in such brackets too: 【一诺公司】; a mailbox in pointed ones.
    let label = |word: &str| {
        let alone = inside.trim() == word;
        alone
            || (inside.ends_with(word)
                && !matches!(word, "公司" | "客户" | "产品")
                && end - index <= LABEL_MAX)
    };
    let address = inside.contains('@') || inside.contains("://");
    let unfinished = UNFINISHED.iter().any(|word| inside.contains(word));
    let fill_in = close == '}' || (!address && (unfinished || TO_FILL_IN.iter().any(|word| label(word))));
    fill_in.then_some(end + 1)
}

/// `XXX`, `XX`, `××`: two or more, not in a word, a size or a masked number.
fn crosses(draft: &Draft<'_>, index: usize) -> Option<usize> {
    let letters = &draft.letters;
    let first = letters.at(index);
    let to = letters.run(index, usize::MAX, |c| c == first);
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let enough = if first == 'x' { 3 } else { 2 };
    (to - index >= enough && !part(letters.before(index)) && !part(letters.at(to))).then_some(to)
}

/// Titles of the company's own people.
const STAFF_TITLES: &[&str] = &["师傅", "经理", "工程师", "主任", "老师", "客服", "专员", "店长"];

/// Personal data that are neither the customer's nor the company's own.
pub(super) fn others_data(draft: &Draft<'_>, facts: &Facts<'_>, remarks: &mut Vec<Remark>) {
    let findings = personal::find_in(&draft.letters, draft.text, facts.leave);
    let repeatable: Vec<String> = facts.written.iter().map(|text| personal::bare(text)).collect();
    let mut room = Room::default();
    for finding in findings.into_iter().filter(|finding| finding.sort.is_personal()) {
        let written = draft.text.get(finding.span.clone()).unwrap_or_default();
        if room.is_full() {
            break;
        }
        if is_allowed(draft, facts, &repeatable, &finding, written) {
            continue;
        }
        // A number goes to somebody; an address may be a shop's, and a name anybody's.
        let number = !matches!(finding.sort, Sort::Name | Sort::Address);
        let severity = if finding.certainty == Certainty::Certain && number {
            Severity::Required
        } else {
            Severity::Style
        };
        if !room.takes(severity) {
            continue;
        }
        let (zh, en) = (finding.sort.label(Language::Zh), finding.sort.label(Language::En));
        remarks.push(Remark {
            span: finding.span.clone(),
            severity,
            code: Code::OthersData,
            explanation: Text::new(
                format!("「{written}」是{zh}，但不是这位客户登记的。"),
                format!("\"{written}\" is a {en}, but not one on record of this customer."),
            ),
            suggestion: Some(Text::new(
                "核对收件人；与此事无关就删去。",
                "Check whom this is for; leave it out if it does not belong here.",
            )),
        });
    }
}

/// `repeatable` is what the customer wrote, bare.
fn is_allowed(
    draft: &Draft<'_>,
    facts: &Facts<'_>,
    repeatable: &[String],
    finding: &Finding,
    written: &str,
) -> bool {
    let bare = personal::bare(written);
    let customers = facts.customer.iter().any(|known| is_same(known, finding.sort, &bare));
    let repeated = repeatable.iter().any(|text| text.contains(&bare));
    if customers || repeated {
        return true;
    }
    if finding.sort != Sort::Name {
        return false;
    }
    let behind = draft.text.get(finding.span.end..).unwrap_or_default();
    let staff = facts.staff.iter().any(|name| same_person(&personal::bare(name), &bare));
    staff || STAFF_TITLES.iter().any(|title| bare.ends_with(title) || behind.starts_with(title))
}

/// Whether what was found is what is known, or a part of it as people write it.
fn is_same(known: &Known<'_>, sort: Sort, bare: &str) -> bool {
    let value = personal::bare(known.value);
    match (known.sort, sort) {
        (Sort::Name, Sort::Name) => same_person(&value, bare),
        (Sort::Address, Sort::Address) => value.contains(bare) || bare.contains(&value),
        (
            Sort::Mobile | Sort::Landline | Sort::PhoneAbroad,
            Sort::Mobile | Sort::Landline | Sort::PhoneAbroad,
        ) => value == bare || (bare.len() >= 7 && value.ends_with(bare)),
        (one, other) => one == other && value == bare,
    }
}

/// 王女士 and 王丽 may be one person; so may Smith and John Smith.
fn same_person(known: &str, bare: &str) -> bool {
    if known.is_empty() {
        return false;
    }
    let titled = ["先生", "女士", "小姐", "太太", "阿姨", "大叔", "大姐", "大哥"];
    let family = titled.iter().find_map(|title| bare.strip_suffix(title));
    match family {
        Some(family) => known.starts_with(family),
        None => {
            known == bare
                || (bare.chars().count() >= 2 && known.contains(bare))
                || (bare.chars().count() >= 2 && bare.contains(known))
        }
    }
}
