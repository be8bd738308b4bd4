//! Walking the tree of a file: tables, keys, types.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::say;
use crate::{diagnostic::Findings, nearest::nearest, tables::Tables, vocabulary::Text};

pub(crate) type Value<'a> = Spanned<DeValue<'a>>;

/// Reads values and records what is wrong with them.
pub(crate) struct Reader<'r> {
    pub(crate) findings: &'r mut Findings,
    pub(crate) tables: &'r Tables,
}

/// A table of the file.
pub(crate) struct Section<'a> {
    pub(crate) table: &'a DeTable<'a>,
    /// Its header, or the whole inline table.
    pub(crate) span: Range<usize>,
    /// How messages name it.
    pub(crate) name: &'a str,
    /// The same in Chinese.
    pub(crate) name_zh: &'a str,
}

impl<'a> Section<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value<'a>> {
        self.table.get(key)
    }

    /// The Chinese name, set off from the words that follow if it is not Chinese.
    fn zh(&self) -> String {
        let blank = if self.name_zh.is_ascii() { " " } else { "" };
        format!("{}{blank}", self.name_zh)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a Spanned<DeString<'a>>, &'a Value<'a>)> {
        self.table.iter()
    }
}

/// The types of TOML, as messages name them.
fn type_of(value: &DeValue<'_>) -> (&'static str, &'static str) {
    match value {
        DeValue::String(_) => ("字符串", "a string"),
        DeValue::Integer(_) => ("整数", "a whole number"),
        DeValue::Float(_) => ("小数", "a decimal number"),
        DeValue::Boolean(_) => ("布尔值", "true or false"),
        DeValue::Datetime(_) => ("日期时间", "a date or time"),
        DeValue::Array(_) => ("数组", "a list"),
        DeValue::Table(_) => ("表", "a table"),
    }
}

impl Reader<'_> {
    /// Every key of the table has to be one of `keys`.
    pub(crate) fn only(&mut self, section: &Section<'_>, keys: &[&str]) {
        for (key, _) in section.entries() {
            let word = key.get_ref().as_ref();
            if keys.contains(&word) {
                continue;
            }
            let (name, name_zh) = (section.name, section.zh());
            let near = nearest(word, keys.iter().copied());
            let list = keys.join(", ");
            let label = near.map_or_else(
                || say!("未知的键", "unknown key"),
                |near| say!("是否想写“{near}”？", "did you mean `{near}`?"),
            );
            let help = near.map_or_else(
                || say!("可用的键：{list}", "known keys: {list}"),
                |near| say!("改为“{near}”；可用的键：{list}", "write `{near}`; known keys: {list}"),
            );
            self.findings
                .add(
                    "unknown-key",
                    key.span(),
                    say!("{name_zh}中没有“{word}”这个键", "{name} has no key `{word}`"),
                    label,
                )
                .help(help);
        }
    }

    /// The value of a key that has to be there; `example` is what to write.
    pub(crate) fn need<'a>(
        &mut self,
        section: &Section<'a>,
        key: &str,
        example: &str,
    ) -> Option<&'a Value<'a>> {
        let value = section.get(key);
        if value.is_none() {
            let (name, name_zh) = (section.name, section.zh());
            self.findings
                .add(
                    "missing-key",
                    section.span.clone(),
                    say!("{name_zh}缺少“{key}”", "{name} has no `{key}`"),
                    say!("此处缺少“{key}”", "`{key}` is missing here"),
                )
                .help(say!("补上，例如 {example}", "add it, such as {example}"));
        }
        value
    }

    /// Says that a value is not what it should be.
    pub(crate) fn mistyped(&mut self, value: &Value<'_>, wanted: &Text, example: &str) {
        let (zh, en) = type_of(value.get_ref());
        let Text { zh: wanted_zh, en: wanted_en } = wanted;
        self.findings
            .add(
                "wrong-type",
                value.span(),
                say!("此处应为{wanted_zh}，却是{zh}", "this should be {wanted_en}, not {en}"),
                say!("{zh}", "{en}"),
            )
            .help(say!("写成 {example} 的样子", "write it like {example}"));
    }

    /// A value that is a table.
    pub(crate) fn table<'a>(
        &mut self,
        value: &'a Value<'a>,
        name: &'a str,
        name_zh: &'a str,
        example: &str,
    ) -> Option<Section<'a>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Section { table, span: value.span(), name, name_zh });
        }
        self.mistyped(value, &Text::new("表", "a table"), example);
        None
    }

    /// The tables under `[[key]]`.
    pub(crate) fn list<'a>(&mut self, root: &Section<'a>, key: &str, name: &'a str) -> Vec<Section<'a>> {
        let Some(value) = root.get(key) else { return Vec::new() };
        if let DeValue::Array(items) = value.get_ref() {
            return items.iter().filter_map(|item| self.table(item, name, name, name)).collect();
        }
        self.mistyped(value, &Text::new("表的数组", "a list of tables"), name);
        Vec::new()
    }

    /// The tables under `[key.NAME]`, by name. The span is that of the name.
    pub(crate) fn named<'a>(
        &mut self,
        root: &Section<'a>,
        key: &str,
        name: &'a str,
    ) -> Vec<(String, Section<'a>)> {
        let Some(value) = root.get(key) else { return Vec::new() };
        let Some(section) = self.table(value, name, name, name) else { return Vec::new() };
        let mut found = Vec::new();
        for (label, value) in section.entries() {
            if let Some(section) = self.table(value, name, name, name) {
                found.push((label.get_ref().to_string(), Section { span: label.span(), ..section }));
            }
        }
        found
    }

    pub(crate) fn string<'a>(&mut self, value: &'a Value<'a>, example: &str) -> Option<&'a str> {
        if let DeValue::String(text) = value.get_ref() {
            if crate::says_nothing(text) {
                self.findings
                    .add(
                        "empty-text",
                        value.span(),
                        say!("文字为空", "this text is empty"),
                        say!("空", "empty"),
                    )
                    .help(say!("写成 {example} 的样子", "write it like {example}"));
                return None;
            }
            return Some(text.as_ref());
        }
        self.mistyped(value, &Text::new("字符串", "a string"), example);
        None
    }

    pub(crate) fn flag(&mut self, value: &Value<'_>) -> Option<bool> {
        if let DeValue::Boolean(flag) = value.get_ref() {
            return Some(*flag);
        }
        self.mistyped(value, &Text::new("true 或 false", "true or false"), "true");
        None
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn count(&mut self, value: &Value<'_>, least: u32, most: u32) -> Option<u32> {
        let DeValue::Integer(number) = value.get_ref() else {
            self.mistyped(value, &Text::new("整数", "a whole number"), &least.to_string());
            return None;
        };
        let count = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let count = count.filter(|count| (least..=most).contains(count));
        if count.is_none() {
            self.out_of_range(value.span(), &number.to_string(), &format!("{least}"), &format!("{most}"));
        }
        count
    }

    pub(crate) fn out_of_range(&mut self, span: Range<usize>, found: &str, least: &str, most: &str) {
        self.findings
            .add(
                "out-of-range",
                span,
                say!("{found} 超出允许的范围", "{found} is out of range"),
                say!("应在 {least} 到 {most} 之间", "must lie from {least} to {most}"),
            )
            .help(say!("写一个 {least} 到 {most} 之间的数", "write a number from {least} to {most}"));
    }

    /// A value or a list of values.
    pub(crate) fn one_or_many<'a>(value: &'a Value<'a>) -> Vec<&'a Value<'a>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        }
    }
}
