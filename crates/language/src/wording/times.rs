//! Times that a customer can count on: by when, not "soon".

use super::draft::Draft;
use crate::personal::Letters;

/// Days by name.
const DAYS: &[&str] = &[
    "今天",
    "今日",
    "今晚",
    "今早",
    "当天",
    "当日",
    "明天",
    "明日",
    "明早",
    "明晚",
    "后天",
    "大后天",
    "本周",
    "下周",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
    "周六",
    "周日",
    "星期",
    "月底",
    "本月",
    "次日",
    "周末前",
];

/// What makes a day a time that something is done by, when it follows closely.
const DONE_BY: &[&str] = &[
    "前", "内", "上午", "下午", "中午", "晚上", "傍晚", "早上", "点", ":", "完成", "回复", "答复", "上门",
    "处理", "致电", "给您", "联系", "告知", "送达", "到账", "寄出", "退款", "更换", "到达", "修复", "安排",
    "为您", "派", "底", "之间",
];

/// Units behind a number.
const UNITS: &[&str] = &[
    "分钟",
    "小时",
    "个小时",
    "个钟头",
    "天",
    "日",
    "个工作日",
    "工作日",
    "个自然日",
    "周",
    "个月",
    "个工作小时",
];

const DAYS_EN: &[&str] = &[
    "today",
    "tomorrow",
    "tonight",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "noon",
    "midnight",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

const UNITS_EN: &[&str] = &[
    "minute", "minutes", "min", "mins", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "working", "business",
];

/// Whether letters `from` to `to` name any day or time of day, or a span that ends.
pub(super) fn names(draft: &Draft<'_>, from: usize, to: usize) -> bool {
    tells(draft, from, to)
        || (from..to).any(|index| DAYS.iter().any(|day| draft.letters.reads(index, day)))
        || day_en(draft.small(from, to))
}

/// Whether letters `from` to `to` tell by when something is done.
pub(super) fn tells(draft: &Draft<'_>, from: usize, to: usize) -> bool {
    let letters = &draft.letters;
    let mut index = from;
    while index < to {
        if is_number(letters.at(index)) {
            let number_to = letters.run(index, 8, is_number);
            if by_number(letters, index, number_to) {
                return true;
            }
            index = number_to;
            continue;
        }
        if DAYS.iter().any(|day| letters.reads(index, day)) && followed(letters, index + 2) {
            return true;
        }
        index += 1;
    }
    tells_en(draft.small(from, to))
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十两半几零〇".contains(c) && c != '几'
}

/// Whether a word of doing or an end follows a day within a few letters.
fn followed(letters: &Letters, from: usize) -> bool {
    for place in from..from + 9 {
        if matches!(letters.at(place), '\0' | '\n' | '。' | '!' | '?' | ';') {
            return false;
        }
        if DONE_BY.iter().any(|word| letters.reads(place, word)) {
            return true;
        }
    }
    false
}

/// Whether the number at `from` begins a date, a time of day or a span that ends.
fn by_number(letters: &Letters, from: usize, to: usize) -> bool {
    let next = letters.at(to);
    let (one, two) = (letters.at(to + 1), letters.at(to + 2));
    if next == ':' && one.is_ascii_digit() && two.is_ascii_digit() {
        return true;
    }
    // 18点, 3点半; but not 3点建议.
    if next == '点'
        && (is_number(one) || "半整前之钟到至左".contains(one) || one == '\0' || !one.is_alphanumeric())
    {
        return from > 0 && to - from <= 3;
    }
    if next == '月' && is_number(one) {
        let day_to = letters.run(to + 1, 3, is_number);
        return matches!(letters.at(day_to), '日' | '号');
    }
    if matches!(next, '日' | '号') && "前之上下晚".contains(one) {
        return true;
    }
    if next == '-' && to - from == 4 && one.is_ascii_digit() {
        let month_to = letters.run(to + 1, 2, |c| c.is_ascii_digit());
        return letters.at(month_to) == '-' && letters.at(month_to + 1).is_ascii_digit();
    }
    let unit_from = letters.skip_blanks(to);
    let unit = UNITS.iter().filter(|unit| letters.reads(unit_from, unit)).max_by_key(|unit| unit.len());
    unit.is_some_and(|unit| {
        let end = unit_from + unit.chars().count();
        ["内", "以内", "之内", "前", "之前", "后", "之后", "左右到"]
            .iter()
            .any(|word| letters.reads(end, word))
    })
}

fn words(small: &str) -> Vec<&str> {
    small
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == ':' || c == '-'))
        .filter(|word| !word.is_empty())
        .collect()
}

fn day_en(small: &str) -> bool {
    // `may` and `mar` alone are no days.
    words(small)
        .iter()
        .any(|word| DAYS_EN.contains(word) && !matches!(*word, "may" | "mar" | "march" | "sun"))
}

/// Whether English words tell a time: `by 6 pm`, `within two hours`, `on 24 November`, `tomorrow at noon`.
fn tells_en(small: &str) -> bool {
    let words = words(small);
    let number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || [
                "one", "two", "three", "four", "five", "six", "seven", "ten", "twelve", "twenty", "thirty",
                "a", "an", "half",
            ]
            .contains(&word)
    };
    let clock = |word: &str, next: &str| {
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        let marked =
            word.ends_with("am") || word.ends_with("pm") || matches!(next, "am" | "pm" | "a" | "p" | "o");
        digits && ((word.contains(':') && word.len() <= 5) || (marked && word.len() <= 7) || is_date(word))
    };
    words.iter().enumerate().any(|(index, word)| {
        let at = |ahead: usize| words.get(index + ahead).copied().unwrap_or_default();
        let day = |word: &str| DAYS_EN.contains(&word);
        match *word {
            "within" | "in" => {
                let unit = |ahead: usize| UNITS_EN.contains(&at(ahead));
                number(at(1)) && (unit(2) || (at(2) == "more" && unit(3)))
                    || (at(1) == "the" && at(2) == "next" && (unit(3) || unit(4)))
            }
            "by" | "before" | "until" | "on" | "than" | "at" => {
                let end_of = at(1) == "the" && at(2) == "end" || at(1) == "end" || at(1) == "close";
                let dated = number(at(1))
                    && (day(at(2)) || (at(2) == "of" && day(at(3))) || matches!(at(2), "am" | "pm" | "o"));
                clock(at(1), at(2))
                    || day(at(1))
                    || end_of
                    || dated
                    || (at(1) == "next" && day(at(2)))
                    || (at(1) == "the" && number(at(2)) && at(1) != "a")
            }
            "tomorrow" | "tonight" => true,
            _ => clock(word, at(1)) && (word.contains(':') || is_date(word)),
        }
    })
}

/// `2026-11-24`.
fn is_date(word: &str) -> bool {
    let mut parts = word.split('-');
    let digits = |part: Option<&str>, length: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| {
            length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    digits(parts.next(), 4..=4) && digits(parts.next(), 1..=2) && digits(parts.next(), 1..=2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_can_be_counted_on() {
        for text in [
            "今天18点前",
            "明天上午给您回电",
            "24小时内",
            "两个工作日内",
            "11月24日前",
            "2026-11-24",
            "30分钟内",
            "周五前完成",
            "18:30",
            "下周三上门",
            "三天之内",
            "本月底前",
            "by 6 pm",
            "within two hours",
            "within 24 hours",
            "by tomorrow",
            "before Friday",
            "on 24 November",
            "by 2026-11-24 18:00",
            "no later than 17:30",
            "in 30 minutes",
            "by the end of today",
            "at 9am",
            "within the next 48 hours",
        ] {
            let draft = Draft::of(text);
            assert!(tells(&draft, 0, draft.letters.len()), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_time() {
        for text in [
            "已经三天了",
            "24小时为您服务",
            "三点建议",
            "第2次",
            "您今天反映的问题",
            "过几天",
            "soon",
            "a few days",
            "it may take days",
            "in a while",
            "on the phone",
            "at the shop",
            "5 engineers",
            "by our team",
        ] {
            let draft = Draft::of(text);
            assert!(!tells(&draft, 0, draft.letters.len()), "{text}");
        }
    }
}
