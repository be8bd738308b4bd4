//! The texts of the example, read from its data files.

use std::collections::BTreeMap;

use serde::Deserialize;
use yinuo_commitment::{Complexity, Facets, Kind, Language, Severity, Site, Urgency};

use crate::error::ExampleError;

/// Texts in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Both {
    pub(crate) zh: Vec<String>,
    pub(crate) en: Vec<String>,
}

impl Both {
    pub(crate) fn of(&self, language: Language) -> &[String] {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A request as the data file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequest {
    kind: Option<String>,
    topic: Option<String>,
    #[serde(default)]
    is: String,
    scope: Option<(String, String)>,
    subject: String,
    body: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    plan: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    remote: bool,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    solution: String,
    #[serde(default)]
    carried: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequests {
    request: Vec<RawRequest>,
}

/// A request with everything that settles it.
#[derive(Debug, Clone)]
pub struct RequestText {
    /// What a careful person would say that it is.
    pub facets: Facets,
    /// Language it is written in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The whole text, with places to fill in.
    pub body: String,
    /// Number and term of the letter that exclude it, if they do.
    pub scope: Option<(String, String)>,
    pub(crate) answer: String,
    pub(crate) plan: String,
    pub(crate) done: String,
    /// Whether a repair is solved from afar.
    pub(crate) from_afar: bool,
    pub(crate) finding: String,
    pub(crate) solution: String,
    pub(crate) carried: String,
}

/// Names and addresses of customers who do not exist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Customers {
    pub(crate) names: Both,
    pub(crate) companies: Both,
    pub(crate) addresses: Both,
    pub(crate) mailboxes: Both,
    pub(crate) models: BTreeMap<String, Both>,
}

/// All texts.
#[derive(Debug)]
pub struct Texts {
    requests: Vec<RequestText>,
    phrases: BTreeMap<String, Both>,
    pub(crate) customers: Customers,
}

impl Texts {
    /// The texts that ship with the example.
    pub fn shipped() -> Result<Self, ExampleError> {
        let mut requests = Vec::new();
        for (file, kind, text) in [
            ("consultations", Some(Kind::Consultation), include_str!("../data/requests/consultations.toml")),
            ("repairs", Some(Kind::Repair), include_str!("../data/requests/repairs.toml")),
            ("complaints", Some(Kind::Complaint), include_str!("../data/requests/complaints.toml")),
            ("others", None, include_str!("../data/requests/others.toml")),
        ] {
            let raw: RawRequests = read(file, text)?;
            for request in raw.request {
                requests.push(request_text(request, kind)?);
            }
        }
        let phrases: BTreeMap<String, Both> = read("phrases", include_str!("../data/phrases.toml"))?;
        if let Some((name, _)) = phrases.iter().find(|(_, both)| both.zh.is_empty() || both.en.is_empty()) {
            return Err(ExampleError::data(format!("`{name}` lacks a language")));
        }
        let customers: Customers = read("customers", include_str!("../data/customers.toml"))?;
        Ok(Self { requests, phrases, customers })
    }

    /// Every request.
    pub fn requests(&self) -> &[RequestText] {
        &self.requests
    }

    /// What is written on occasion of `name`, in `language`.
    pub(crate) fn phrases(&self, name: &str, language: Language) -> Result<&[String], ExampleError> {
        let both = self.phrases.get(name);
        both.map(|both| both.of(language)).ok_or_else(|| ExampleError::data(format!("no phrases `{name}`")))
    }
}

/// Reads a shipped file.
pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, ExampleError> {
    toml::from_str(text).map_err(|error| ExampleError::data(format!("{file}.toml: {error}")))
}

fn request_text(raw: RawRequest, kind: Option<Kind>) -> Result<RequestText, ExampleError> {
    let wrong = |what: &str| ExampleError::data(format!("request `{}`: {what}", raw.subject));
    let named = raw.kind.as_deref().map(|word| Kind::from_word(word).ok_or_else(|| wrong("unknown kind")));
    let kind = named.transpose()?.or(kind).ok_or_else(|| wrong("no kind"))?;
    let mut facets = Facets::of(kind);
    facets.topic.clone_from(&raw.topic);
    // A fault is a technical matter.
    facets.technical = kind == Kind::Repair;
    for word in raw.is.split_whitespace() {
        match word {
            "urgent" => facets.urgency = Urgency::Urgent,
            "complex" => facets.complexity = Complexity::Complex,
            "major" => facets.severity = Severity::Major,
            "technical" => facets.technical = true,
            "remote" => facets.site = Site::Remote,
            _ => return Err(wrong("unknown facet")),
        }
    }
    let needed: &[(&str, &str)] = match (kind, raw.scope.is_some()) {
        (_, true) | (Kind::Consultation | Kind::Suggestion | Kind::Praise, _) => &[("answer", &raw.answer)],
        (Kind::Repair, _) => &[("plan", &raw.plan), ("done", &raw.done)],
        (Kind::Complaint, _) => {
            &[("finding", &raw.finding), ("solution", &raw.solution), ("carried", &raw.carried)]
        }
    };
    if let Some((field, _)) = needed.iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(wrong(&format!("`{field}` is missing")));
    }
    Ok(RequestText {
        language: yinuo_language::language_of(&raw.body),
        facets,
        subject: raw.subject,
        body: raw.body,
        scope: raw.scope,
        answer: raw.answer,
        plan: raw.plan,
        done: raw.done,
        from_afar: raw.remote,
        finding: raw.finding,
        solution: raw.solution,
        carried: raw.carried,
    })
}

/// Fills the places of a text in.
pub(crate) fn filled(text: &str, places: &[(&str, &str)]) -> String {
    let mut filled = text.to_owned();
    for (place, value) in places {
        filled = filled.replace(&format!("{{{place}}}"), value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_texts_are_many_and_in_both_languages() {
        let texts = Texts::shipped().unwrap();
        assert!(texts.requests().len() >= 160, "{}", texts.requests().len());
        let english = texts.requests().iter().filter(|request| request.language == Language::En).count();
        let percent = english * 100 / texts.requests().len();
        assert!((25..=35).contains(&percent), "{percent} % English");
        let phrases: usize = texts.phrases.values().map(|both| both.zh.len() + both.en.len()).sum();
        assert!(phrases >= 60, "{phrases}");
        for kind in Kind::ALL {
            for language in Language::ALL {
                let of =
                    |request: &&RequestText| request.facets.kind == *kind && request.language == *language;
                assert!(texts.requests().iter().filter(of).count() >= 3, "{kind} {language}");
            }
        }
    }

    #[test]
    fn no_request_stands_twice() {
        let texts = Texts::shipped().unwrap();
        let mut bodies: Vec<&str> = texts.requests().iter().map(|request| request.body.as_str()).collect();
        bodies.sort_unstable();
        let all = bodies.len();
        bodies.dedup();
        assert_eq!(bodies.len(), all);
    }

    #[test]
    fn places_are_filled_in() {
        assert_eq!(filled("{name}，{by} 前", &[("name", "方圆"), ("by", "9:00")]), "方圆，9:00 前");
    }
}
