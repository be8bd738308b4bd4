//! The words that decided, as one line for people.

use yinuo_commitment::{Complexity, Language, Severity, Urgency};

use crate::{Given, decide::Decided};

/// Words named for one facet at most; the rest says nothing new.
const NAMED_MAX: usize = 4;

/// The reasons behind a classification, in the language of the request.
pub(crate) fn why(given: &Given<'_>, decided: &Decided, language: Language) -> String {
    let zh = language == Language::Zh;
    let facets = &decided.facets;
    let mut parts = Vec::new();
    let mut part = |name: (&str, &str), value: &str, stated: bool, words: &[&str]| {
        let name = if zh { name.0 } else { name.1 };
        let reason = match (stated, words.is_empty(), zh) {
            (true, _, true) => "已指明".to_owned(),
            (true, _, false) => "as stated".to_owned(),
            (false, true, true) => "无明显词语".to_owned(),
            (false, true, false) => "no telling words".to_owned(),
            (false, false, true) => quoted(words, "「", "」", ""),
            (false, false, false) => quoted(words, "\"", "\"", ", "),
        };
        parts.push(if zh {
            format!("{name}：{value}（{reason}）")
        } else {
            format!("{name}: {value} ({reason})")
        });
    };
    part(("类型", "kind"), facets.kind.label(language), given.kind.is_some(), &decided.kind);
    if facets.urgency == Urgency::Urgent {
        let label = facets.urgency.label(language);
        part(("紧急程度", "urgency"), label, given.urgency.is_some(), &decided.urgency);
    }
    if facets.severity == Severity::Major {
        let label = facets.severity.label(language);
        part(("严重程度", "severity"), label, given.severity.is_some(), &decided.severity);
    }
    if facets.complexity == Complexity::Complex {
        let long = [if zh { "篇幅较长" } else { "a long text" }];
        let words = if decided.long { &long[..] } else { &decided.complexity };
        let label = facets.complexity.label(language);
        part(("复杂程度", "complexity"), label, given.complexity.is_some(), words);
    }
    if facets.technical && (given.technical.is_some() || !decided.technical.is_empty()) {
        let label = if zh { "是" } else { "yes" };
        part(("技术问题", "technical"), label, given.technical.is_some(), &decided.technical);
    }
    if let Some(topic) = &facets.topic {
        part(("主题", "topic"), topic, given.topic.is_some(), &decided.topic);
    }
    parts.join(if zh { "；" } else { "; " })
}

fn quoted(words: &[&str], open: &str, close: &str, between: &str) -> String {
    let quoted: Vec<String> =
        words.iter().take(NAMED_MAX).map(|word| format!("{open}{word}{close}")).collect();
    quoted.join(between)
}
