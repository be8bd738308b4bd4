//! From what the readers say to what people can act on: the field, the place, the nearest known word.

use std::error::Error;

use serde_json::error::Category;
use yinuo_commitment::Text;

use crate::{
    error::{ApiError, Fault},
    nearest::nearest,
};

impl Fault {
    /// The body is not UTF-8.
    pub(super) fn not_utf8(valid_up_to: usize) -> Self {
        Self {
            code: "wrong-encoding",
            text: Text::new(
                format!("请求内容不是 UTF-8（第 {} 个字节起）；请以 UTF-8 编码发送。", valid_up_to + 1),
                format!("The body is not UTF-8 from byte {} on; send it in UTF-8.", valid_up_to + 1),
            ),
            field: None,
            place: None,
        }
    }
}

/// The body ended before it was complete.
pub(super) fn broken_off() -> Fault {
    Fault {
        code: "malformed-json",
        text: Text::new("请求内容未能完整接收，请重新发送。", "The body broke off; send it again."),
        field: None,
        place: None,
    }
}

/// Whether reading stopped because the body is longer than allowed.
pub(super) fn is_too_long(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = source {
        if inner.to_string().contains("length limit exceeded") {
            return true;
        }
        source = inner.source();
    }
    false
}

/// What is wrong with a JSON body.
pub(super) fn json(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let inner = error.inner();
    let place = (inner.line() > 0).then(|| (inner.line() as u64, inner.column() as u64));
    match inner.classify() {
        Category::Data => {
            let message = without_place(&inner.to_string());
            ApiError::Unreadable(Fault { place, ..value(&message, &error.path().to_string()) })
        }
        Category::Io | Category::Syntax | Category::Eof => malformed(&inner.to_string(), place),
    }
}

/// Something stands after the JSON value.
pub(super) fn after_json(error: &serde_json::Error) -> ApiError {
    malformed(&error.to_string(), Some((error.line() as u64, error.column() as u64)))
}

/// What is wrong with a query.
pub(super) fn query(error: &serde_path_to_error::Error<serde_urlencoded::de::Error>) -> ApiError {
    ApiError::Unreadable(value(&error.inner().to_string(), &error.path().to_string()))
}

fn malformed(message: &str, place: Option<(u64, u64)>) -> ApiError {
    let (line, column) = place.unwrap_or((1, 1));
    let what = without_place(message);
    ApiError::Unreadable(Fault {
        code: "malformed-json",
        text: Text::new(
            format!("请求内容不是合法的 JSON：第 {line} 行第 {column} 列（{what}）。"),
            format!("The body is not well-formed JSON: line {line}, column {column} ({what})."),
        ),
        field: None,
        place,
    })
}

/// What is wrong with a value, from the reader's own message: unknown and missing fields are told apart, since they are
/// slips of the program that sends them, not of its user.
fn value(message: &str, path: &str) -> Fault {
    let path = if path == "." || path == "?" { String::new() } else { path.to_owned() };
    let mut named = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field `") {
        let field = named.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = named.collect();
        return unknown("unknown-field", &field, &known, &path);
    }
    if message.starts_with("unknown variant `") {
        let word = named.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = named.collect();
        return unknown("bad-value", &word, &known, &path);
    }
    if message.starts_with("missing field `") {
        let field = named.next().unwrap_or_default();
        let field = joined(&path, field);
        return Fault {
            code: "missing-field",
            text: Text::new(format!("缺少字段「{field}」。"), format!("The field `{field}` is missing.")),
            field: Some(field),
            place: None,
        };
    }
    let (zh, en) = if path.is_empty() {
        (format!("请求内容有误：{message}。"), format!("The request does not fit: {message}."))
    } else {
        (format!("字段「{path}」有误：{message}。"), format!("`{path}` does not fit: {message}."))
    };
    Fault {
        code: "bad-value",
        text: Text::new(zh, en),
        field: (!path.is_empty()).then_some(path),
        place: None,
    }
}

fn unknown(code: &'static str, word: &str, known: &[&str], path: &str) -> Fault {
    let shown: String = word.chars().take(60).collect();
    let all = known.join(", ");
    let (zh, en) = match (nearest(&shown, known), known.is_empty()) {
        (Some(near), _) => (
            format!("不认识「{shown}」，是否想写「{near}」？可用：{all}。"),
            format!("`{shown}` is not known here; did you mean `{near}`? Known: {all}."),
        ),
        (None, false) => (
            format!("不认识「{shown}」。可用：{all}。"),
            format!("`{shown}` is not known here. Known: {all}."),
        ),
        (None, true) => (
            format!("不认识「{shown}」；这里不需要任何字段。"),
            format!("`{shown}` is not known here; nothing is."),
        ),
    };
    let field = match code {
        "unknown-field" if path.rsplit('.').next() == Some(word) => path.to_owned(),
        "unknown-field" => joined(path, word),
        _ => path.to_owned(),
    };
    Fault { code, text: Text::new(zh, en), field: (!field.is_empty()).then_some(field), place: None }
}

fn joined(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

/// The message without the place that the reader appends; it is told in fields of its own.
fn without_place(message: &str) -> String {
    match message.rfind(" at line ") {
        Some(place) => message.get(..place).unwrap_or(message).to_owned(),
        None => message.to_owned(),
    }
}
