//! Single values: bilingual texts, words of vocabularies, names, percentages, dates.

use std::ops::Range;

use jiff::{Timestamp, civil::Date};
use toml::{
    de::DeValue,
    value::{Datetime, Offset},
};

use super::{
    Noted, say,
    tree::{Reader, Section, Value},
};
use crate::{
    nearest::nearest,
    vocabulary::{Text, Word},
};

impl Reader<'_> {
    /// A text in both languages: `{ zh = "…", en = "…" }`.
    pub(crate) fn text(&mut self, value: &Value<'_>) -> Option<Text> {
        const EXAMPLE: &str = r#"{ zh = "…", en = "…" }"#;
        let DeValue::Table(table) = value.get_ref() else {
            self.mistyped(value, &Text::new("中英文对照的文字", "a text in both languages"), EXAMPLE);
            return None;
        };
        let section = Section { table, span: value.span(), name: "this text", name_zh: "这段文字" };
        self.only(&section, &["zh", "en"]);
        let zh =
            self.need(&section, "zh", r#"zh = "中文""#).and_then(|value| self.string(value, r#""中文""#));
        let en = self
            .need(&section, "en", r#"en = "English""#)
            .and_then(|value| self.string(value, r#""English""#));
        Some(Text::new(zh?.trim(), en?.trim()))
    }

    /// The text under `key`, if the key is there.
    pub(crate) fn optional_text(&mut self, section: &Section<'_>, key: &str) -> Option<Text> {
        section.get(key).and_then(|value| self.text(value))
    }

    /// The text under `key`, which has to be there.
    pub(crate) fn needed_text(&mut self, section: &Section<'_>, key: &str) -> Option<Text> {
        self.need(section, key, &format!(r#"{key} = {{ zh = "…", en = "…" }}"#))
            .and_then(|value| self.text(value))
    }

    /// One of `known`; `key` is what the value belongs to.
    pub(crate) fn known<'a, T: Copy>(
        &mut self,
        value: &'a Value<'a>,
        key: &str,
        known: &[(&str, T)],
    ) -> Option<T> {
        let example = known.first().map_or(String::new(), |(word, _)| format!("\"{word}\""));
        let text = self.string(value, &example)?;
        if let Some((_, found)) = known.iter().find(|(word, _)| *word == text) {
            return Some(*found);
        }
        let list = known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let near = nearest(text, known.iter().map(|(word, _)| *word));
        let label = near.map_or_else(
            || say!("未知的词", "unknown word"),
            |near| say!("是否想写“{near}”？", "did you mean `{near}`?"),
        );
        let help = near.map_or_else(
            || say!("可用的词：{list}", "known words: {list}"),
            |near| say!("改为“{near}”；可用的词：{list}", "write `{near}`; known words: {list}"),
        );
        self.findings
            .add(
                "unknown-word",
                value.span(),
                say!("“{key}”不认识“{text}”", "`{key}` knows no word `{text}`"),
                label,
            )
            .help(help);
        None
    }

    /// A word of a vocabulary.
    pub(crate) fn word<W: Word>(&mut self, value: &Value<'_>, key: &str) -> Option<W> {
        let known: Vec<(&str, W)> = W::WORDS.iter().map(|word| (word.spelling(), *word)).collect();
        self.known(value, key, &known)
    }

    /// One or several words of a vocabulary, each once. `None`: at least one of them is wrong.
    pub(crate) fn words<W: Word>(&mut self, value: &Value<'_>, key: &str) -> Option<Vec<W>> {
        let mut words = Vec::new();
        let mut sound = true;
        for item in Self::one_or_many(value) {
            match self.word::<W>(item, key) {
                Some(word) if words.contains(&word) => self.repeated(item, word.spelling()),
                Some(word) => words.push(word),
                None => sound = false,
            }
        }
        sound.then_some(words)
    }

    fn repeated(&mut self, item: &Value<'_>, word: &str) {
        self.findings
            .add(
                "repeated-word",
                item.span(),
                say!("“{word}”写了两次", "`{word}` stands here twice"),
                say!("重复", "a second time"),
            )
            .help(say!("删去重复的词", "remove one of them"));
    }

    /// The words under `key`, or none if the key is absent.
    pub(crate) fn optional_words<W: Word>(&mut self, section: &Section<'_>, key: &str) -> Option<Vec<W>> {
        section.get(key).map_or(Some(Vec::new()), |value| self.words(value, key))
    }

    /// A name: kebab-case.
    pub(crate) fn id(&mut self, value: &Value<'_>) -> Option<Noted<String>> {
        let text = self.string(value, r#""online-first-reply""#)?;
        self.named_well(text, value.span()).then(|| Noted { value: text.to_owned(), span: value.span() })
    }

    /// Whether `text` can be a name; if not, says so.
    pub(super) fn named_well(&mut self, text: &str, span: Range<usize>) -> bool {
        if is_name(text) {
            return true;
        }
        let fixed = kebab(text);
        let finding = self.findings.add(
            "bad-id",
            span,
            say!("“{text}”不能用作名称", "`{text}` is no name"),
            say!("只能用小写字母、数字和连字符", "only lower-case letters, digits and hyphens"),
        );
        if fixed.is_empty() {
            finding.help(say!("写成 first-reply 的样子", "write it like first-reply"));
        } else {
            finding.help(say!("改为“{fixed}”", "write `{fixed}`"));
        }
        false
    }

    /// One or several names.
    pub(crate) fn ids(&mut self, value: &Value<'_>) -> Vec<Noted<String>> {
        Self::one_or_many(value).into_iter().filter_map(|item| self.id(item)).collect()
    }

    /// A share such as `"50 %"`, from `least` to `most` percent.
    pub(crate) fn percent(&mut self, value: &Value<'_>, least: u8, most: u8) -> Option<u8> {
        let text = self.string(value, r#""50 %""#)?;
        let number = text.strip_suffix('%').map(str::trim).filter(|digits| is_digits(digits));
        let Some(number) = number else {
            let finding = self.findings.add(
                "wrong-type",
                value.span(),
                say!("“{text}”不是百分比", "`{text}` is no percentage"),
                say!("应为整数加百分号", "should be a whole number and a percent sign"),
            );
            finding.help(say!("写成“50 %”的样子", "write it like \"50 %\""));
            return None;
        };
        let percent = number.parse::<u8>().ok().filter(|percent| (least..=most).contains(percent));
        if percent.is_none() {
            self.out_of_range(value.span(), text, &format!("{least} %"), &format!("{most} %"));
        }
        percent
    }

    /// A date without a time.
    pub(crate) fn date(&mut self, value: &Value<'_>) -> Option<Date> {
        if let DeValue::Datetime(Datetime { date: Some(date), time: None, offset: None }) = value.get_ref() {
            let date = civil(*date);
            if date.is_none() {
                self.no_such_date(value);
            }
            return date;
        }
        self.mistyped(value, &Text::new("日期", "a date"), "2026-09-01");
        None
    }

    /// An instant with its offset.
    pub(crate) fn instant(&mut self, value: &Value<'_>) -> Option<Timestamp> {
        const EXAMPLE: &str = "2026-09-01T00:00:00+08:00";
        let DeValue::Datetime(Datetime { date: Some(date), time: Some(time), offset: Some(offset) }) =
            value.get_ref()
        else {
            let wanted = Text::new("带时区偏移的时刻", "an instant with its offset from UTC");
            self.mistyped(value, &wanted, EXAMPLE);
            return None;
        };
        let east_minutes = match offset {
            Offset::Z => 0,
            Offset::Custom { minutes } => i64::from(*minutes),
        };
        let instant = civil(*date).and_then(|date| {
            let hour = i8::try_from(time.hour).ok()?;
            let minute = i8::try_from(time.minute).ok()?;
            let second = i8::try_from(time.second.unwrap_or(0)).ok()?;
            let nanosecond = i32::try_from(time.nanosecond.unwrap_or(0)).ok()?;
            let local = jiff::civil::Time::new(hour, minute, second, nanosecond).ok()?.on(
                date.year(),
                date.month(),
                date.day(),
            );
            let utc = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            utc.checked_sub(jiff::SignedDuration::from_mins(east_minutes)).ok()
        });
        if instant.is_none() {
            self.no_such_date(value);
        }
        instant
    }

    fn no_such_date(&mut self, value: &Value<'_>) {
        self.findings
            .add(
                "bad-date",
                value.span(),
                say!("这个日期或时刻不存在", "there is no such date or time"),
                say!("不存在", "does not exist"),
            )
            .help(say!("检查年、月、日和时刻", "check the year, month, day and time"));
    }

    /// A date that is a key, such as `2027-02-06 = "fri"`.
    pub(crate) fn date_key(&mut self, key: &toml::Spanned<toml::de::DeString<'_>>) -> Option<Date> {
        let text = key.get_ref().as_ref();
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
        if date.is_none() {
            self.findings
                .add(
                    "bad-date",
                    key.span(),
                    say!("“{text}”不是存在的日期", "`{text}` is no date"),
                    say!("应为年-月-日", "should be year-month-day"),
                )
                .help(say!("写成 2027-02-06 的样子", "write it like 2027-02-06"));
        }
        date
    }
}

fn civil(date: toml::value::Date) -> Option<Date> {
    let year = i16::try_from(date.year).ok()?;
    Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is kebab-case: lower-case ASCII letters and digits in words joined by single hyphens.
fn is_name(text: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(part)
}

/// The nearest kebab-case spelling.
fn kebab(text: &str) -> String {
    let lowered = text.to_lowercase();
    let words = lowered.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
