//! The dimensions along which a request is read.

use crate::Language;

/// What is asked of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// What the request is.
    Kind,
    /// How urgent.
    Urgency,
    /// How complex.
    Complexity,
    /// How grave.
    Severity,
    /// Whether it is a technical matter.
    Technical,
    /// What it is about.
    Topic,
    /// How the customer feels.
    Sentiment,
}

impl Dimension {
    /// Every dimension, in the order in which people list them.
    pub const ALL: &'static [Self] = &[
        Self::Kind,
        Self::Urgency,
        Self::Complexity,
        Self::Severity,
        Self::Technical,
        Self::Topic,
        Self::Sentiment,
    ];

    /// Those that decide which promises hold and how fast: their doubt is for a person.
    pub const TRIAGED: &'static [Self] = &[Self::Kind, Self::Urgency, Self::Severity];

    /// The word in files, APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Urgency => "urgency",
            Self::Complexity => "complexity",
            Self::Severity => "severity",
            Self::Technical => "technical",
            Self::Topic => "topic",
            Self::Sentiment => "sentiment",
        }
    }

    /// The dimension that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dimension| dimension.word() == word)
    }

    /// The name for people.
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Kind, Language::Zh) => "类型",
            (Self::Urgency, Language::Zh) => "紧急程度",
            (Self::Complexity, Language::Zh) => "复杂程度",
            (Self::Severity, Language::Zh) => "严重程度",
            (Self::Technical, Language::Zh) => "技术问题",
            (Self::Topic, Language::Zh) => "主题",
            (Self::Sentiment, Language::Zh) => "情绪",
            (_, Language::En) => self.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dimension;

    #[test]
    fn words_lead_back() {
        assert!(Dimension::ALL.iter().all(|one| Dimension::from_word(one.word()) == Some(*one)));
        assert_eq!(Dimension::from_word("colour"), None);
    }
}
