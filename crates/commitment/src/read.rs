//! From text to a draft: syntax, keys, types and single values. What depends on several places of the file at once is
//! the business of `check`.

mod amount;
mod calendar;
mod head;
mod promise;
mod terms;
mod tree;
mod values;

use std::{collections::BTreeMap, ops::Range};

use toml::de::DeTable;
use yinuo_calendar::Calendar;

pub(crate) use head::Head;
pub(crate) use promise::PromiseDraft;
pub(crate) use terms::{CompensationDraft, LadderDraft, OnCalendar};
pub(crate) use tree::{Reader, Section};

use crate::{
    diagnostic::Findings,
    model::{Capacity, Duty, RuleClause, ScopeTerm, Surge},
    tables::Tables,
    vocabulary::{Grade, Text},
};

/// Two versions of one sentence with the names in scope filled in: `say!("中文 {name}", "English {name}")`.
macro_rules! say {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::vocabulary::Text::new(format!($zh), format!($en))
    };
}
pub(crate) use say;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Noted<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// A calendar and where it stands.
#[derive(Debug)]
pub(crate) struct CalendarDraft {
    /// The name in the header.
    pub(crate) header: Range<usize>,
    /// Whether the file says that it is 24×7, sound or not.
    pub(crate) always: bool,
    /// `None`: an error was found in it.
    pub(crate) calendar: Option<Calendar>,
    /// Where the holiday tables are named.
    pub(crate) holidays: Option<Range<usize>>,
    /// The tables that it uses.
    pub(crate) tables: Vec<String>,
}

/// What a breach of one grade entails, before its calendar is known to exist.
#[derive(Debug)]
pub(crate) struct BreachDraft {
    pub(crate) text: Option<Text>,
    pub(crate) remedy: Option<OnCalendar>,
    pub(crate) notice: Option<crate::vocabulary::Form>,
    pub(crate) tell: Vec<crate::vocabulary::Audience>,
}

/// The survey, before its calendar is known to exist.
#[derive(Debug)]
pub(crate) struct SurveyDraft {
    pub(crate) after: Option<crate::vocabulary::Mark>,
    pub(crate) standard: Option<u8>,
    pub(crate) ask: Vec<String>,
    pub(crate) low: Option<(u8, OnCalendar)>,
}

/// Everything that could be read. A part with an error is `None` or left out; the error is among the findings.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) head: Head,
    pub(crate) calendars: BTreeMap<String, CalendarDraft>,
    pub(crate) promises: Vec<PromiseDraft>,
    pub(crate) ladders: BTreeMap<String, LadderDraft>,
    pub(crate) breaches: BTreeMap<Grade, BreachDraft>,
    pub(crate) compensations: Vec<CompensationDraft>,
    pub(crate) capacity: Option<Capacity>,
    pub(crate) survey: Option<SurveyDraft>,
    pub(crate) duties: Vec<Noted<Duty>>,
    pub(crate) rules: Vec<Noted<RuleClause>>,
    pub(crate) scope: Vec<Noted<ScopeTerm>>,
    pub(crate) surge: Option<Surge>,
}

const SECTIONS: &[&str] = &[
    "commitment",
    "calendar",
    "promise",
    "ladder",
    "breach",
    "compensation",
    "capacity",
    "survey",
    "duty",
    "rule",
    "scope",
    "surge",
];

/// Reads a file. After a syntax error nothing else is read: what the rest means would be a guess.
pub(crate) fn read(text: &str, tables: &Tables, findings: &mut Findings) -> Option<Draft> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            syntax(&error, text, findings);
        }
        return None;
    }
    let mut reader = Reader { findings, tables };
    let span = text.find(|c: char| !c.is_whitespace()).map_or(0..0, |at| at..at);
    let root = Section { table: root.get_ref(), span, name: "the file", name_zh: "文件" };
    reader.only(&root, SECTIONS);
    let mut draft = Draft { head: reader.head(&root), ..Draft::default() };
    draft.calendars = reader.calendars(&root);
    draft.promises = reader.promises(&root);
    reader.terms(&root, &mut draft);
    Some(draft)
}

fn syntax(error: &toml::de::Error, text: &str, findings: &mut Findings) {
    let span = error.span().unwrap_or(0..0);
    let said = error.message();
    let offending = text.get(span.clone()).unwrap_or_default();
    if said.contains("invalid day")
        || said.contains("invalid month")
        || said.contains("invalid datetime")
        || said.contains("invalid date")
    {
        findings
            .add(
                "bad-date",
                span,
                say!("日期“{offending}”不存在或写法不对", "`{offending}` is no date or time"),
                say!("日历上没有这一天，或写法不对", "{said}"),
            )
            .help(say!(
                "日期写成 2026-09-01，时刻写成 2026-09-01T00:00:00+08:00",
                "write a date as 2026-09-01 and an instant as 2026-09-01T00:00:00+08:00"
            ));
        return;
    }
    let zh = syntax_zh(said);
    let help = if said.starts_with("duplicate key") {
        say!("每个键只能写一次：删去其中一个", "a key stands once in a table: remove one of the two")
    } else if said.contains("string") {
        say!(
            "文字放在一对英文引号中，例如 \"YN-2026-001\"",
            "put text between quotation marks, such as \"YN-2026-001\""
        )
    } else {
        say!(
            "每行写成“键 = 值”，列表用 [ ]，表用 {{ }}，小节名用 [名称]",
            "write `key = value` on each line, lists in [ ], tables in {{ }}, and sections as [name]"
        )
    };
    findings
        .add("syntax", span, say!("TOML 语法错误：{zh}", "this is not TOML: {said}"), say!("{zh}", "{said}"))
        .help(help);
}

/// The parser speaks English only; its sentences are few.
fn syntax_zh(said: &str) -> String {
    let table = [
        ("duplicate key", "键重复"),
        ("unclosed string", "字符串没有结束引号"),
        ("invalid basic string", "字符串写法有误，可能缺少结束引号"),
        ("invalid literal string", "单引号字符串写法有误"),
        ("unclosed array", "数组缺少“]”"),
        ("unclosed inline table", "内联表缺少“}”"),
        ("unclosed table", "表头缺少“]”"),
        ("missing value", "等号后缺少值"),
        ("key with no value", "键后缺少“=”和值"),
        ("string values must be quoted", "字符串必须加引号"),
        ("missing comma", "缺少逗号"),
        ("extra comma", "多了一个逗号"),
        ("unexpected", "此处出现了意外的内容"),
        ("invalid", "写法无效"),
        ("missing", "此处缺少内容"),
    ];
    let known = table.iter().find(|(start, _)| said.starts_with(start)).map(|(_, zh)| *zh);
    known.map_or_else(|| format!("无法读懂（{said}）"), str::to_owned)
}
