//! What is answered about a request: for each dimension the value, how probable it is, where it comes from and why.

use yinuo_commitment::{Complexity, Facets, Kind, Language, Severity, Urgency};

use crate::dimension::{Dimension, Sentiment};

/// How probable, from 0 to 1, in steps of one ten-thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Probability(u16);

impl Probability {
    /// Certain.
    pub const CERTAIN: Self = Self(10_000);
    /// Impossible.
    pub const NONE: Self = Self(0);

    /// From a share, 0 to 1; what lies outside is the nearer end, and what is no number is 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped; NaN becomes 0")]
    pub fn of(share: f32) -> Self {
        Self((share.clamp(0.0, 1.0) * 10_000.0).round() as u16)
    }

    /// From ten-thousandths; more than 10,000 is certain.
    pub const fn of_ten_thousandths(parts: u16) -> Self {
        Self(if parts > 10_000 { 10_000 } else { parts })
    }

    /// In ten-thousandths, 0 to 10,000.
    pub const fn ten_thousandths(self) -> u16 {
        self.0
    }

    /// As a share, 0 to 1.
    pub fn share(self) -> f32 {
        f32::from(self.0) / 10_000.0
    }
}

impl std::fmt::Display for Probability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} %", self.share() * 100.0)
    }
}

/// Where an answer comes from, in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Somebody stated it.
    Stated,
    /// A rule of the organisation, by its name.
    Rule(String),
    /// The shipped lists of words.
    WordList,
    /// The learned model.
    Model,
}

impl Source {
    /// The spelling in files and interfaces.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Rule(_) => "rule",
            Self::WordList => "word-list",
            Self::Model => "model",
        }
    }
}

/// The answer in one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What it is.
    pub value: T,
    /// How probable that is: what is stated and what a rule of the organisation says is certain; else as calibrated on
    /// texts that the model had not seen.
    pub probability: Probability,
    /// Where it comes from.
    pub source: Source,
    /// The words that weighed most, the strongest first, as they stand in the comparable text.
    pub words: Vec<String>,
    /// Whether the probability reaches the threshold of this value; if not, somebody should look.
    pub sure: bool,
    /// What else it could be, the likeliest first; nothing below one per mille.
    pub others: Vec<(T, Probability)>,
}

impl<T> Answer<T> {
    /// What somebody stated.
    pub(crate) fn stated(value: T) -> Self {
        Self {
            value,
            probability: Probability::CERTAIN,
            source: Source::Stated,
            words: Vec::new(),
            sure: true,
            others: Vec::new(),
        }
    }
}

impl<T: PartialEq> Answer<T> {
    /// How probable `value` is.
    pub fn probability_of(&self, value: &T) -> Probability {
        if self.value == *value {
            return self.probability;
        }
        let other = self.others.iter().find(|(other, _)| other == value);
        other.map_or(Probability::NONE, |(_, probability)| *probability)
    }
}

/// What a request is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// What it is: the values of the answers below.
    pub facets: Facets,
    /// The words that decided, for people, in the language of the request.
    pub why: String,
    /// Language of the request.
    pub language: Language,
    /// How probable the language is.
    pub language_probability: Probability,
    /// The kind.
    pub kind: Answer<Kind>,
    /// The urgency: what the lists and the model say, the higher of both.
    pub urgency: Answer<Urgency>,
    /// The complexity.
    pub complexity: Answer<Complexity>,
    /// The severity: what the lists and the model say, the higher of both.
    pub severity: Answer<Severity>,
    /// Whether it is a technical matter.
    pub technical: Answer<bool>,
    /// The topic.
    pub topic: Answer<Option<String>>,
    /// How the customer feels.
    pub sentiment: Answer<Sentiment>,
    /// Whether a person should look at it: an answer that promises hang on is not sure.
    pub needs_triage: bool,
}

impl Classification {
    /// Dimensions whose answer lies below its threshold.
    pub fn unsure(&self) -> Vec<Dimension> {
        let sure = |dimension: &Dimension| match dimension {
            Dimension::Kind => self.kind.sure,
            Dimension::Urgency => self.urgency.sure,
            Dimension::Complexity => self.complexity.sure,
            Dimension::Severity => self.severity.sure,
            Dimension::Technical => self.technical.sure,
            Dimension::Topic => self.topic.sure,
            Dimension::Sentiment => self.sentiment.sure,
        };
        Dimension::ALL.iter().copied().filter(|dimension| !sure(dimension)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_stay_between_nothing_and_certain() {
        assert_eq!(Probability::of(0.123_44).ten_thousandths(), 1_234);
        assert_eq!(Probability::of(7.0), Probability::CERTAIN);
        assert_eq!(Probability::of(f32::NAN), Probability::NONE);
        assert_eq!(Probability::of(0.876).to_string(), "87.6 %");
    }
}
