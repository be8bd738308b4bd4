//! What was made of the text of a request when it came in: by whom, how sure, and what else it could be. While a person has
//! not looked at what is not sure, clocks run on every reading that is not negligible, so the strictest one holds.

use jiff::Timestamp;
pub use yinuo_commitment::Dimension;
use yinuo_commitment::{Complexity, Facets, Kind, Severity, Urgency};

use crate::words::Words;

/// Who says what a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// The customer or whoever entered the request.
    Stated,
    /// A rule of the organisation, by its name.
    Rule {
        /// Its name.
        name: String,
    },
    /// The shipped lists of words.
    WordList,
    /// The learned model.
    Model,
    /// Nothing in the text says anything; the ordinary case is assumed.
    Assumed,
}

impl Basis {
    /// The word in APIs.
    pub const fn word(&self) -> &'static str {
        match self {
            Basis::Stated => "stated",
            Basis::Rule { .. } => "rule",
            Basis::WordList => "word-list",
            Basis::Model => "model",
            Basis::Assumed => "assumed",
        }
    }
}

/// The answer in one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Of what.
    pub dimension: Dimension,
    /// The value, as spelt in APIs: `complaint`, `urgent`, `yes`, a topic or `none`.
    pub value: String,
    /// How probable, in ten-thousandths.
    pub probability: u32,
    /// Who says so.
    pub basis: Basis,
    /// Whether that is sure enough for nobody to look at it.
    pub sure: bool,
    /// What else it could be, the likeliest first, with probabilities in ten-thousandths; nothing negligible.
    pub others: Vec<(String, u32)>,
}

/// What was made of a request's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Version of the model that was asked, such as `shipped` or `3`; `none` if there was none.
    pub model: String,
    /// One for each dimension, in the order of [`Dimension::ALL`].
    pub opinions: Vec<Opinion>,
    /// The words that weighed most: a line for each opinion, in their order, the words parted by tabs.
    pub words: Words,
}

impl Assessment {
    /// Joins the words that weighed most, a list for each opinion.
    pub fn joined<'a>(words: impl IntoIterator<Item = &'a [String]>) -> Words {
        let line = |words: &[String]| {
            let clean = words.iter().map(|word| word.replace(['\t', '\n'], " "));
            clean.collect::<Vec<_>>().join("\t")
        };
        Words::from(words.into_iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    /// The words that weighed most in the opinion at `place`; none once they were erased.
    pub fn words_of(&self, place: usize) -> Vec<&str> {
        let line = self.words.text().and_then(|text| text.split('\n').nth(place)).unwrap_or_default();
        line.split('\t').filter(|word| !word.trim().is_empty()).collect()
    }

    /// Whether nothing could be read from the text: what nobody stated is assumed, and probabilities say nothing.
    pub fn nothing_read(&self) -> bool {
        let mut read = self
            .opinions
            .iter()
            .filter(|opinion| !matches!(opinion.basis, Basis::Stated | Basis::Rule { .. }))
            .peekable();
        read.peek().is_some() && read.all(|opinion| opinion.basis == Basis::Assumed)
    }

    /// Dimensions whose doubt is for a person.
    pub fn doubted(&self) -> Vec<Dimension> {
        let doubted = |opinion: &&Opinion| !opinion.sure && Dimension::TRIAGED.contains(&opinion.dimension);
        self.opinions.iter().filter(doubted).map(|opinion| opinion.dimension).collect()
    }
}

/// Readings at most; what is likelier comes first, so that nothing likely is cut off.
const READINGS_MAX: usize = 64;

/// What a request may be while nobody has looked: first what was answered, then every combination in which an unsure answer
/// is replaced by what else it could be. Nothing is varied that is sure; nor is the topic, which makes no reading stricter.
pub fn readings(answered: &Facets, opinions: &[Opinion]) -> Vec<Facets> {
    let mut readings = vec![answered.clone()];
    // Of many readings the first are kept: what makes clocks strict is varied first.
    for dimension in [
        Dimension::Urgency,
        Dimension::Severity,
        Dimension::Kind,
        Dimension::Complexity,
        Dimension::Technical,
    ] {
        let unsure = opinions.iter().find(|opinion| opinion.dimension == dimension && !opinion.sure);
        let before = readings.clone();
        for (value, _) in unsure.iter().flat_map(|opinion| &opinion.others) {
            for reading in &before {
                let other = with(reading, dimension, value);
                if !readings.contains(&other) {
                    readings.push(other);
                }
            }
        }
    }
    readings.truncate(READINGS_MAX);
    readings
}

/// The same with another value. A word that this version does not know changes nothing.
fn with(reading: &Facets, dimension: Dimension, value: &str) -> Facets {
    fn put<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    let mut other = reading.clone();
    match dimension {
        Dimension::Kind => put(&mut other.kind, Kind::from_word(value)),
        Dimension::Urgency => put(&mut other.urgency, Urgency::from_word(value)),
        Dimension::Complexity => put(&mut other.complexity, Complexity::from_word(value)),
        Dimension::Severity => put(&mut other.severity, Severity::from_word(value)),
        Dimension::Technical => other.technical = value == "yes",
        Dimension::Topic | Dimension::Sentiment => {}
    }
    other
}

/// A round whose classification is not sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// In which dimensions.
    pub dimensions: Vec<Dimension>,
    /// What it may be; the first is what was answered.
    pub readings: Vec<Facets>,
    /// When a person confirmed or corrected it, or the round was closed.
    pub settled_at: Option<Timestamp>,
}

/// Whether a person has to look, or has looked, at what a ticket was classified as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Triage {
    /// It is not sure, and nobody has looked yet.
    Wanted,
    /// A person said that it is right.
    Confirmed,
    /// A person said what it is instead.
    Corrected,
}

impl Triage {
    /// Every state.
    pub const ALL: &'static [Triage] = &[Triage::Wanted, Triage::Confirmed, Triage::Corrected];

    /// The word in APIs and view rows.
    pub const fn word(self) -> &'static str {
        match self {
            Triage::Wanted => "wanted",
            Triage::Confirmed => "confirmed",
            Triage::Corrected => "corrected",
        }
    }

    /// The state that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|triage| triage.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(dimension: Dimension, sure: bool, others: &[&str]) -> Opinion {
        Opinion {
            dimension,
            value: String::new(),
            probability: 5_000,
            basis: Basis::Model,
            sure,
            others: others.iter().map(|value| ((*value).to_owned(), 1_000)).collect(),
        }
    }

    #[test]
    fn what_is_sure_has_one_reading() {
        let facets = Facets::of(Kind::Consultation);
        let opinions = [opinion(Dimension::Severity, true, &["major"])];
        assert_eq!(readings(&facets, &opinions), std::slice::from_ref(&facets));
    }

    #[test]
    fn what_is_unsure_is_read_every_way() {
        let facets = Facets::of(Kind::Consultation);
        let opinions = [
            opinion(Dimension::Kind, false, &["complaint", "no-such-kind"]),
            opinion(Dimension::Urgency, false, &["urgent"]),
            opinion(Dimension::Topic, false, &["router"]),
        ];
        let readings = readings(&facets, &opinions);
        assert_eq!(readings.len(), 4);
        assert_eq!(readings[0], facets);
        let strict = Facets { kind: Kind::Complaint, urgency: Urgency::Urgent, ..facets };
        assert!(readings.contains(&strict));
    }

    #[test]
    fn there_are_never_more_readings_than_clocks_can_be_asked_about() {
        let opinions = [
            opinion(Dimension::Kind, false, &["complaint", "repair", "suggestion", "praise"]),
            opinion(Dimension::Urgency, false, &["urgent"]),
            opinion(Dimension::Complexity, false, &["complex"]),
            opinion(Dimension::Severity, false, &["major"]),
            opinion(Dimension::Technical, false, &["yes"]),
        ];
        let readings = readings(&Facets::of(Kind::Consultation), &opinions);
        assert_eq!(readings.len(), 64);
        assert!(readings.iter().any(|facets| facets.severity == Severity::Major));
    }

    #[test]
    fn words_come_back_by_opinion() {
        let lists = [vec!["漏电".to_owned(), "a\tb".to_owned()], Vec::new(), vec!["urgent".to_owned()]];
        let assessment = Assessment {
            model: "shipped".into(),
            opinions: Vec::new(),
            words: Assessment::joined(lists.iter().map(Vec::as_slice)),
        };
        assert_eq!(assessment.words_of(0), ["漏电", "a b"]);
        assert!(assessment.words_of(1).is_empty() && assessment.words_of(9).is_empty());
        assert_eq!(assessment.words_of(2), ["urgent"]);
    }

    #[test]
    fn nothing_was_read_where_everything_is_assumed_that_nobody_stated() {
        let made = |bases: &[Basis]| {
            let of = |basis: &Basis| Opinion { basis: basis.clone(), ..opinion(Dimension::Kind, false, &[]) };
            let opinions = bases.iter().map(of).collect();
            Assessment { model: "shipped".into(), opinions, words: Words::default() }.nothing_read()
        };
        let rule = Basis::Rule { name: "停电".into() };
        assert!(made(&[Basis::Assumed, Basis::Assumed]));
        assert!(made(&[Basis::Stated, rule.clone(), Basis::Assumed]));
        assert!(!made(&[Basis::Assumed, Basis::Model]) && !made(&[Basis::Assumed, Basis::WordList]));
        assert!(!made(&[Basis::Stated, rule]) && !made(&[]));
    }

    #[test]
    fn words_lead_back() {
        assert!(Triage::ALL.iter().all(|one| Triage::from_word(one.word()) == Some(*one)));
    }
}
