//! Amounts of time as people write them: `15 min`, `1 h 30 min`, `7 workdays`, `3 rings`, `as told`, `the call`.

use jiff::SignedDuration;

use super::{
    Noted, say,
    tree::{Reader, Value},
};
use crate::{model::Budget, vocabulary::Text};

/// A budget of more working time than this is a slip of the pen: over a year around the clock.
const MOST_HOURS: i64 = 10_000;
/// Four years of working days.
const MOST_WORKDAYS: u32 = 1_000;
/// Nobody lets a phone ring longer.
const MOST_RINGS: u32 = 30;

/// Why a text is no amount.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    code: &'static str,
    message: Text,
    label: Text,
    help: Text,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hour,
    Minute,
    Second,
    Workday,
    Ring,
}

impl Reader<'_> {
    /// A budget.
    pub(crate) fn budget(&mut self, value: &Value<'_>) -> Option<Noted<Budget>> {
        let text = self.string(value, r#""15 min""#)?;
        self.sound(value, budget(text)).map(|value_read| Noted { value: value_read, span: value.span() })
    }

    /// A stretch of time above zero.
    pub(crate) fn stretch(&mut self, value: &Value<'_>) -> Option<SignedDuration> {
        let text = self.string(value, r#""30 min""#)?;
        self.sound(value, stretch(text))
    }

    pub(super) fn sound<T>(&mut self, value: &Value<'_>, read: Result<T, Box<Fault>>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(fault) => {
                let Fault { code, message, label, help } = *fault;
                self.findings.add(code, value.span(), message, label).help(help);
                None
            }
        }
    }
}

/// A budget from its spelling.
fn budget(text: &str) -> Result<Budget, Box<Fault>> {
    match text.trim() {
        "as told" => return Ok(Budget::AsTold),
        "the call" => return Ok(Budget::TheCall),
        _ => {}
    }
    let parts = parts(text)?;
    let single = |most: u32, unit: &str| -> Result<u32, Box<Fault>> {
        let [(count, _)] = parts.as_slice() else { return Err(mixed(text)) };
        let count = u32::try_from(*count).ok().filter(|count| (1..=most).contains(count));
        count.ok_or_else(|| too_much(text, &format!("1 {unit}"), &format!("{most} {unit}s")))
    };
    if parts.iter().any(|(_, unit)| *unit == Unit::Workday) {
        return single(MOST_WORKDAYS, "workday").map(Budget::Workdays);
    }
    if parts.iter().any(|(_, unit)| *unit == Unit::Ring) {
        return single(MOST_RINGS, "ring").map(Budget::Rings);
    }
    stretch(text).map(Budget::Working)
}

/// A stretch of time from its spelling, above zero.
pub(super) fn stretch(text: &str) -> Result<SignedDuration, Box<Fault>> {
    let mut seconds: i64 = 0;
    let mut smallest = i64::MAX;
    for (count, unit) in parts(text)? {
        let unit_seconds = match unit {
            Unit::Hour => 3600,
            Unit::Minute => 60,
            Unit::Second => 1,
            Unit::Workday | Unit::Ring => return Err(not_a_stretch(text)),
        };
        if unit_seconds >= smallest {
            return Err(mixed(text));
        }
        smallest = unit_seconds;
        let part = i64::try_from(count).ok().and_then(|count| count.checked_mul(unit_seconds));
        let sum = part.and_then(|part| seconds.checked_add(part));
        seconds = sum.unwrap_or(i64::MAX).min(MOST_HOURS * 3600 + 1);
    }
    if seconds == 0 || seconds > MOST_HOURS * 3600 {
        return Err(too_much(text, "1 s", &format!("{MOST_HOURS} h")));
    }
    Ok(SignedDuration::from_secs(seconds))
}

/// Cuts a text into numbers and units.
fn parts(text: &str) -> Result<Vec<(u64, Unit)>, Box<Fault>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        if tail.starts_with(['.', ',']) {
            return Err(fraction(text));
        }
        let tail = tail.trim_start();
        let word_end = tail.find(|c: char| c.is_whitespace() || c.is_ascii_digit()).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(word_end);
        if number.is_empty() || word.is_empty() {
            return Err(shapeless(text));
        }
        // A number that does not fit is out of range, whatever its unit.
        let count = number.parse::<u64>().unwrap_or(u64::MAX);
        parts.push((count, unit(word, number, text)?));
        rest = tail.trim_start();
    }
    if parts.is_empty() { Err(shapeless(text)) } else { Ok(parts) }
}

fn unit(word: &str, number: &str, text: &str) -> Result<Unit, Box<Fault>> {
    let meant = match word {
        "h" => return Ok(Unit::Hour),
        "min" => return Ok(Unit::Minute),
        "s" => return Ok(Unit::Second),
        "workday" | "workdays" => return Ok(Unit::Workday),
        "ring" | "rings" => return Ok(Unit::Ring),
        "H" | "hr" | "hrs" | "hour" | "hours" | "小时" => "h",
        "mins" | "minute" | "minutes" | "分" | "分钟" => "min",
        "sec" | "secs" | "second" | "seconds" | "秒" | "秒钟" => "s",
        "wd" | "working" | "business" | "工作日" | "个工作日" => "workdays",
        "声" | "响" => "rings",
        _ => "",
    };
    let help = match word {
        _ if !meant.is_empty() => say!("写成“{number} {meant}”", "write \"{number} {meant}\""),
        "m" => say!("分钟写成“{number} min”", "minutes are written \"{number} min\""),
        "d" | "day" | "days" | "天" | "日" => {
            let hours = number.parse::<u64>().unwrap_or(0).saturating_mul(24);
            say!(
                "“天”有歧义：连续计时写成“{hours} h”，按工作日写成“{number} workdays”",
                "a day is ambiguous: write \"{hours} h\" for elapsed time or \"{number} workdays\" for working days"
            )
        }
        "week" | "weeks" | "month" | "months" | "周" | "月" | "个月" => {
            say!("改用小时（h）或工作日（workdays）", "use hours (h) or workdays")
        }
        _ => say!("可用的单位：s、min、h、workdays、rings", "units are s, min, h, workdays and rings"),
    };
    let shown = text.trim();
    Err(Box::new(Fault {
        code: "bad-duration",
        message: say!("“{shown}”中的“{word}”不是时间单位", "`{word}` in `{shown}` is no unit of time"),
        label: say!("未知的单位", "unknown unit"),
        help,
    }))
}

fn shapeless(text: &str) -> Box<Fault> {
    let shown = text.trim();
    Box::new(Fault {
        code: "bad-duration",
        message: say!("“{shown}”不是时限", "`{shown}` is no amount of time"),
        label: say!("应为数字加单位", "should be numbers, each with its unit"),
        help: say!(
            "写成“15 min”“1 h 30 min”“7 workdays”“3 rings”“as told”或“the call”",
            "write it like \"15 min\", \"1 h 30 min\", \"7 workdays\", \"3 rings\", \"as told\" or \"the call\""
        ),
    })
}

fn fraction(text: &str) -> Box<Fault> {
    let shown = text.trim();
    Box::new(Fault {
        code: "bad-duration",
        message: say!("“{shown}”用了小数", "`{shown}` has a fraction"),
        label: say!("时限只能用整数", "amounts are whole numbers"),
        help: say!("用更小的单位，例如“1 h 30 min”", "use a smaller unit, such as \"1 h 30 min\""),
    })
}

fn mixed(text: &str) -> Box<Fault> {
    let shown = text.trim();
    Box::new(Fault {
        code: "bad-duration",
        message: say!("“{shown}”中的单位不能这样组合", "the units of `{shown}` do not go together like this"),
        label: say!("单位的组合有误", "units out of order"),
        help: say!(
            "从大到小各写一次，例如“1 h 30 min”；工作日和铃声只能单独写",
            "write each unit once, the largest first, such as \"1 h 30 min\"; workdays and rings stand alone"
        ),
    })
}

fn not_a_stretch(text: &str) -> Box<Fault> {
    let shown = text.trim();
    Box::new(Fault {
        code: "bad-duration",
        message: say!("此处不能用“{shown}”", "`{shown}` cannot stand here"),
        label: say!("此处应为小时、分钟或秒", "hours, minutes or seconds are needed here"),
        help: say!("写成“30 min”或“2 h”的样子", "write it like \"30 min\" or \"2 h\""),
    })
}

fn too_much(text: &str, least: &str, most: &str) -> Box<Fault> {
    let shown = text.trim();
    Box::new(Fault {
        code: "out-of-range",
        message: say!("“{shown}”超出允许的范围", "`{shown}` is out of range"),
        label: say!("应在“{least}”到“{most}”之间", "must lie from {least} to {most}"),
        help: say!("写一个“{least}”到“{most}”之间的时限", "write an amount from \"{least}\" to \"{most}\""),
    })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{Budget, budget, stretch};

    #[test]
    fn reads_what_people_write() {
        let working = |seconds| Budget::Working(SignedDuration::from_secs(seconds));
        let cases = [
            ("15 min", working(900)),
            ("15min", working(900)),
            (" 90 s ", working(90)),
            ("2 h", working(7200)),
            ("1 h 30 min", working(5400)),
            ("1h30min15s", working(5415)),
            ("1 workday", Budget::Workdays(1)),
            ("7 workdays", Budget::Workdays(7)),
            ("3 rings", Budget::Rings(3)),
            ("as told", Budget::AsTold),
            ("the call", Budget::TheCall),
        ];
        for (text, expected) in cases {
            assert_eq!(budget(text).ok(), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        let bad = "bad-duration";
        let cases = [
            ("15", bad),
            ("min", bad),
            ("15 minutes", bad),
            ("2 days", bad),
            ("1.5 h", bad),
            ("30 min 1 h", bad),
            ("1 h 1 h", bad),
            ("2 workdays 3 h", bad),
            ("-3 h", bad),
            ("１ h", bad),
            ("15 分钟", bad),
            ("0 min", "out-of-range"),
            ("0 workdays", "out-of-range"),
            ("99999999999999999999 h", "out-of-range"),
            ("4000 rings", "out-of-range"),
        ];
        for (text, code) in cases {
            assert_eq!(budget(text).expect_err(text).code, code, "{text}");
        }
        assert_eq!(stretch("3 workdays").expect_err("workdays are no stretch").code, bad);
    }
}
