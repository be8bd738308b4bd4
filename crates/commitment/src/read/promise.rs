//! `[[promise]]`: one enforceable term.

use std::{collections::BTreeMap, ops::Range};

use toml::de::DeValue;

use super::{
    Noted, say,
    tree::{Reader, Section, Value},
};
use crate::{
    model::{Budget, PromiseId, When},
    vocabulary::{Content, Grade, Ground, Mark, Need, PauseReason, Text},
};

/// A promise as far as it could be read.
#[derive(Debug)]
pub(crate) struct PromiseDraft {
    pub(crate) header: Range<usize>,
    pub(crate) id: Option<Noted<PromiseId>>,
    pub(crate) title: Option<Text>,
    pub(crate) text: Option<Text>,
    pub(crate) when: Option<Noted<When>>,
    pub(crate) from: Option<Noted<Mark>>,
    pub(crate) until: Option<Noted<Vec<Mark>>>,
    pub(crate) within: Option<Noted<Budget>>,
    pub(crate) on: Option<Noted<String>>,
    pub(crate) pause: Vec<PauseReason>,
    pub(crate) except: BTreeMap<Ground, Vec<Need>>,
    pub(crate) requires: Vec<Content>,
    pub(crate) tells: Option<Noted<Mark>>,
    pub(crate) automatic: bool,
    pub(crate) ladder: Option<Noted<String>>,
    pub(crate) grade: Option<Noted<Grade>>,
    pub(crate) over: Vec<Noted<PromiseId>>,
}

const KEYS: &[&str] = &[
    "id",
    "title",
    "text",
    "when",
    "from",
    "until",
    "within",
    "on",
    "pause",
    "except",
    "requires",
    "tells",
    "automatic",
    "ladder",
    "grade",
    "over",
];
const WHEN_KEYS: &[&str] =
    &["kind", "channel", "urgency", "complexity", "severity", "site", "technical", "topic"];

impl Reader<'_> {
    pub(super) fn promises(&mut self, root: &Section<'_>) -> Vec<PromiseDraft> {
        let sections = self.list(root, "promise", "[[promise]]");
        if sections.is_empty() && root.get("promise").is_none() {
            self.need(root, "promise", r#"[[promise]] id = "online-first-reply" …"#);
        }
        sections.iter().map(|section| self.promise(section)).collect()
    }

    fn promise(&mut self, section: &Section<'_>) -> PromiseDraft {
        self.only(section, KEYS);
        let id = self.need(section, "id", r#"id = "online-first-reply""#).and_then(|value| self.id(value));
        let until = self.need(section, "until", r#"until = "first-reply""#).and_then(|value| {
            let marks = self.words::<Mark>(value, "until")?;
            if marks.is_empty() {
                self.empty_list(value, "until", r#""first-reply""#);
                return None;
            }
            Some(Noted { value: marks, span: value.span() })
        });
        let mark = |reader: &mut Self, key: &str, value: &Value<'_>| {
            Some(Noted { value: reader.word::<Mark>(value, key)?, span: value.span() })
        };
        let id_of = |noted: Noted<String>| Noted { value: PromiseId::new(&noted.value), span: noted.span };
        PromiseDraft {
            header: section.span.clone(),
            id: id.map(id_of),
            title: self.needed_text(section, "title"),
            text: self.optional_text(section, "text"),
            when: self.when(section),
            from: self
                .need(section, "from", r#"from = "received""#)
                .and_then(|value| mark(self, "from", value)),
            until,
            within: self.need(section, "within", r#"within = "15 min""#).and_then(|value| self.budget(value)),
            on: section.get("on").and_then(|value| self.id(value)),
            pause: self.optional_words(section, "pause").unwrap_or_default(),
            except: section.get("except").map(|value| self.except(value)).unwrap_or_default(),
            requires: self.optional_words(section, "requires").unwrap_or_default(),
            tells: section.get("tells").and_then(|value| mark(self, "tells", value)),
            automatic: section.get("automatic").and_then(|value| self.flag(value)).unwrap_or(false),
            ladder: section.get("ladder").and_then(|value| self.id(value)),
            grade: section.get("grade").and_then(|value| {
                Some(Noted { value: self.word::<Grade>(value, "grade")?, span: value.span() })
            }),
            over: section
                .get("over")
                .map(|value| self.ids(value))
                .unwrap_or_default()
                .into_iter()
                .map(id_of)
                .collect(),
        }
    }

    fn empty_list(&mut self, value: &Value<'_>, key: &str, example: &str) {
        self.findings
            .add("empty-text", value.span(), say!("“{key}”是空的", "`{key}` is empty"), say!("空", "empty"))
            .help(say!(
                "至少写一个词，例如 {key} = {example}",
                "give at least one word, such as {key} = {example}"
            ));
    }

    fn when(&mut self, section: &Section<'_>) -> Option<Noted<When>> {
        const EXAMPLE: &str = r#"when = { kind = "consultation", channel = ["web", "chat"] }"#;
        let value = self.need(section, "when", EXAMPLE)?;
        let section = self.table(value, "`when`", "“when”", EXAMPLE)?;
        self.only(&section, WHEN_KEYS);
        for (key, value) in section.entries() {
            if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
                self.empty_list(value, key.get_ref(), "…");
                return None;
            }
        }
        let kind = self.optional_words(&section, "kind");
        let channel = self.optional_words(&section, "channel");
        let urgency = self.optional_words(&section, "urgency");
        let complexity = self.optional_words(&section, "complexity");
        let severity = self.optional_words(&section, "severity");
        let site = self.optional_words(&section, "site");
        let technical = section.get("technical").map(|value| self.flag(value));
        let topic = section.get("topic").map(|value| self.ids(value)).unwrap_or_default();
        if section.table.is_empty() {
            self.findings
                .add(
                    "empty-when",
                    section.span,
                    say!(
                        "“when”是空的：没有说明条款适用于哪些请求",
                        "`when` is empty: it does not say which requests the promise covers"
                    ),
                    say!("没有条件", "no condition"),
                )
                .help(say!(
                    "至少写一个条件，例如 {EXAMPLE}",
                    "give at least one condition, such as {EXAMPLE}"
                ));
            return None;
        }
        let when = When {
            kind: kind?,
            channel: channel?,
            urgency: urgency?,
            complexity: complexity?,
            severity: severity?,
            site: site?,
            technical: technical.map_or(Some(None), |flag| flag.map(Some))?,
            topic: topic.into_iter().map(|topic| topic.value).collect(),
        };
        // Only unknown keys: those are reported already, and no condition is left.
        (when != When::default()).then_some(Noted { value: when, span: value.span() })
    }

    fn except(&mut self, value: &Value<'_>) -> BTreeMap<Ground, Vec<Need>> {
        const EXAMPLE: &str =
            r#"{ force-majeure = { needs = ["evidence", "word-to-customer", "alternative"] } }"#;
        let mut grounds = BTreeMap::new();
        let Some(section) = self.table(value, "`except`", "“except”", EXAMPLE) else { return grounds };
        let words: Vec<&str> = Ground::ALL.iter().map(|ground| ground.word()).collect();
        self.only(&section, &words);
        for ground in Ground::ALL {
            let Some(value) = section.get(ground.word()) else { continue };
            let Some(terms) = self.table(value, "the exception", "除外条件", EXAMPLE) else { continue };
            self.only(&terms, &["needs"]);
            let needs = self.optional_words::<Need>(&terms, "needs");
            if needs.as_ref().is_some_and(Vec::is_empty) {
                let word = ground.word();
                self.findings
                    .add(
                        "exception-unproved",
                        value.span(),
                        say!("除外情形“{word}”不要求任何证明", "the exception `{word}` needs no proof at all"),
                        say!("没有“needs”", "no `needs`"),
                    )
                    .help(say!(
                        "写明成立的条件，例如 needs = [\"evidence\", \"word-to-customer\", \"alternative\"]",
                        "say what it needs to count, such as needs = [\"evidence\", \"word-to-customer\", \"alternative\"]"
                    ));
            }
            grounds.insert(*ground, needs.unwrap_or_default());
        }
        grounds
    }
}
