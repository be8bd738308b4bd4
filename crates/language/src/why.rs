//! The words that decided, as one line for people.

use yinuo_commitment::{Complexity, Language, Severity, Urgency};

use crate::{
    answer::{Answer, Classification, Source},
    dimension::Dimension,
    topics::topic_label,
};

/// Words named for one facet at most; the rest says nothing new.
const NAMED_MAX: usize = 4;

/// The reasons behind a classification, in the language of the request. `long` says that its length alone makes it complex.
pub(crate) fn why(said: &Classification, long: bool) -> String {
    let zh = said.language == Language::Zh;
    let mut parts = Vec::new();
    let mut part = |dimension: Dimension, value: &str, reason: String| {
        let name = dimension.label(said.language);
        parts.push(if zh {
            format!("{name}：{value}（{reason}）")
        } else {
            format!("{name}: {value} ({reason})")
        });
    };
    part(Dimension::Kind, said.kind.value.label(said.language), reason(&said.kind, zh));
    if said.urgency.value == Urgency::Urgent {
        let label = said.urgency.value.label(said.language);
        part(Dimension::Urgency, label, reason(&said.urgency, zh));
    }
    if said.severity.value == Severity::Major {
        let label = said.severity.value.label(said.language);
        part(Dimension::Severity, label, reason(&said.severity, zh));
    }
    if said.complexity.value == Complexity::Complex {
        let label = said.complexity.value.label(said.language);
        let by_length = long && said.complexity.source == Source::WordList;
        let reason = if by_length {
            quoted(&[if zh { "篇幅较长" } else { "a long text" }.to_owned()], zh)
        } else {
            reason(&said.complexity, zh)
        };
        part(Dimension::Complexity, label, reason);
    }
    // That a fault is a technical matter needs no words.
    if said.technical.value && (said.technical.source == Source::Stated || !said.technical.words.is_empty()) {
        part(Dimension::Technical, if zh { "是" } else { "yes" }, reason(&said.technical, zh));
    }
    if let Some(topic) = &said.topic.value {
        part(Dimension::Topic, topic_label(topic, said.language), reason(&said.topic, zh));
    }
    parts.join(if zh { "；" } else { "; " })
}

/// The same for a text that says nothing: what somebody stated or a rule says, and that the rest is assumed.
pub(crate) fn nothing_read(said: &Classification) -> String {
    let zh = said.language == Language::Zh;
    let nothing = if zh {
        "文字中读不出内容，未指明的按一般情况处理"
    } else {
        "nothing can be read from the text; what nobody stated is taken for the ordinary case"
    };
    if matches!(said.kind.source, Source::Stated | Source::Rule(_)) {
        let (name, value) = (Dimension::Kind.label(said.language), said.kind.value.label(said.language));
        let reason = reason(&said.kind, zh);
        return if zh {
            format!("{name}：{value}（{reason}）；{nothing}")
        } else {
            format!("{name}: {value} ({reason}); {nothing}")
        };
    }
    nothing.to_owned()
}

fn reason<T>(answer: &Answer<T>, zh: bool) -> String {
    match (&answer.source, zh) {
        (Source::Stated, true) => "已指明".to_owned(),
        (Source::Stated, false) => "as stated".to_owned(),
        (Source::Rule(name), true) => format!("规则「{name}」"),
        (Source::Rule(name), false) => format!("rule \"{name}\""),
        (_, true) if answer.words.is_empty() => "无明显词语".to_owned(),
        (_, false) if answer.words.is_empty() => "no telling words".to_owned(),
        _ => quoted(&answer.words, zh),
    }
}

fn quoted(words: &[String], zh: bool) -> String {
    let (open, close, between) = if zh { ("「", "」", "") } else { ("\"", "\"", ", ") };
    let quoted: Vec<String> =
        words.iter().take(NAMED_MAX).map(|word| format!("{open}{word}{close}")).collect();
    quoted.join(between)
}
