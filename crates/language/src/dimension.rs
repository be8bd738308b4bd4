//! What the dimensions along which a request is classified can be, and what somebody said that a text is.

pub use yinuo_commitment::Dimension;
use yinuo_commitment::{Complexity, Facets, Kind, Language, Severity, Urgency};

/// Every value of a dimension, where there is a closed list of them; topics have none.
pub(crate) const fn closed(dimension: Dimension) -> &'static [&'static str] {
    match dimension {
        Dimension::Kind => &["consultation", "repair", "complaint", "suggestion", "praise"],
        Dimension::Urgency => &["normal", "urgent"],
        Dimension::Complexity => &["simple", "complex"],
        Dimension::Severity => &["general", "major"],
        Dimension::Technical => &["yes", "no"],
        Dimension::Topic => &[],
        Dimension::Sentiment => &["negative", "neutral", "positive"],
    }
}

/// Whether `word` can be a value of a dimension.
pub(crate) fn allows(dimension: Dimension, word: &str) -> bool {
    match dimension {
        Dimension::Topic => !word.is_empty() && word.chars().count() <= 100,
        _ => closed(dimension).contains(&word),
    }
}

/// How the customer feels about it (情绪).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sentiment {
    /// Displeased.
    Negative,
    /// Neither.
    Neutral,
    /// Pleased.
    Positive,
}

impl Sentiment {
    /// Every sentiment.
    pub const ALL: &'static [Self] = &[Self::Negative, Self::Neutral, Self::Positive];

    /// The spelling in files and interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    /// The sentiment that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sentiment| sentiment.word() == word)
    }

    /// The name for people.
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Negative, Language::Zh) => "不满",
            (Self::Neutral, Language::Zh) => "平和",
            (Self::Positive, Language::Zh) => "满意",
            (_, Language::En) => self.word(),
        }
    }
}

/// The word for a topic that is none.
pub(crate) const NO_TOPIC: &str = "none";

/// What somebody said that a text is. What nobody said stays `None`, and nothing is learned about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// The kind.
    pub kind: Option<Kind>,
    /// The urgency.
    pub urgency: Option<Urgency>,
    /// The complexity.
    pub complexity: Option<Complexity>,
    /// The severity.
    pub severity: Option<Severity>,
    /// Whether it is a technical matter.
    pub technical: Option<bool>,
    /// The topic; `Some(None)` says that it has none of those that there are.
    pub topic: Option<Option<String>>,
    /// The sentiment.
    pub sentiment: Option<Sentiment>,
}

impl Labels {
    /// The labels that a person confirms by settling all facets of a ticket; facets say nothing about sentiment.
    pub fn of(facets: &Facets) -> Self {
        Self {
            kind: Some(facets.kind),
            urgency: Some(facets.urgency),
            complexity: Some(facets.complexity),
            severity: Some(facets.severity),
            technical: Some(facets.technical),
            topic: Some(facets.topic.clone()),
            sentiment: None,
        }
    }

    /// What was said in `dimension`, as it is spelt in files.
    pub fn word(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Kind => self.kind.map(Kind::word),
            Dimension::Urgency => self.urgency.map(Urgency::word),
            Dimension::Complexity => self.complexity.map(Complexity::word),
            Dimension::Severity => self.severity.map(Severity::word),
            Dimension::Technical => self.technical.map(|yes| if yes { "yes" } else { "no" }),
            Dimension::Topic => self.topic.as_ref().map(|topic| topic.as_deref().unwrap_or(NO_TOPIC)),
            Dimension::Sentiment => self.sentiment.map(Sentiment::word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back() {
        for dimension in Dimension::ALL {
            assert!(closed(*dimension).iter().all(|word| allows(*dimension, word)), "{dimension:?}");
        }
        assert!(Kind::ALL.iter().all(|kind| allows(Dimension::Kind, kind.word())));
        assert!(Urgency::ALL.iter().all(|urgency| allows(Dimension::Urgency, urgency.word())));
        assert!(Complexity::ALL.iter().all(|complexity| allows(Dimension::Complexity, complexity.word())));
        assert!(Severity::ALL.iter().all(|severity| allows(Dimension::Severity, severity.word())));
        for sentiment in Sentiment::ALL {
            assert_eq!(Sentiment::from_word(sentiment.word()), Some(*sentiment));
            assert!(allows(Dimension::Sentiment, sentiment.word()));
        }
        assert!(allows(Dimension::Technical, "yes") && !allows(Dimension::Technical, "true"));
        assert!(!allows(Dimension::Kind, "wish"));
    }

    #[test]
    fn labels_spell_what_was_said() {
        let labels = Labels::of(&Facets::of(Kind::Praise));
        assert_eq!(labels.word(Dimension::Kind), Some("praise"));
        assert_eq!(labels.word(Dimension::Technical), Some("no"));
        assert_eq!(labels.word(Dimension::Topic), Some("none"));
        assert_eq!(labels.word(Dimension::Sentiment), None);
    }
}
