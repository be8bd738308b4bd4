//! The layers: what somebody stated, the rules of the organisation, the shipped lists of words, the learned model.

use std::sync::{Arc, LazyLock};

use yinuo_commitment::{Complexity, Facets, Kind, Language, Severity, Site, Urgency};

use crate::{
    Given,
    answer::{Answer, Classification, Probability, Source},
    cues,
    decide::{self, Lists, Said},
    detect,
    dimension::{self, Dimension, NO_TOPIC, Sentiment},
    features::{self, Seen},
    model::{Model, ModelError, Reading, Told},
    normal::Normal,
    rules::{Rules, Verdicts},
    why,
};

/// Probability from which on urgency and severity are raised. Below one half: to overlook something grave costs more than
/// to look once too often.
const RAISED_FROM: f32 = 0.4;

/// Where the lists negate what is urgent or grave ("no smoke"), the model raises all the same from here on only.
const RAISED_AGAINST_NEGATION_FROM: f32 = 0.9;

/// Where the lists find something urgent or grave, it holds unless the model gives it less than this.
const LISTS_RAISE_FROM: f32 = 0.1;

/// What else the lists say holds if the model finds it about as likely: at least so much as a share of its own best answer.
/// Measured on shipped texts that are not held back, the lists are right less often than the model wherever they differ more.
const LISTS_STAND_FROM: f32 = 0.75;

/// A text with fewer letters that holds no word of the lists says nothing.
const LETTERS_MIN: usize = 3;

/// How often what the lists say is right, and what follows where they say nothing; measured on the shipped texts. It is
/// what is stated when there is no model.
pub(crate) const LISTS_RIGHT: [(Dimension, f32, f32); 7] = [
    (Dimension::Kind, 0.70, 0.07),
    (Dimension::Urgency, 0.41, 0.94),
    (Dimension::Complexity, 0.38, 0.90),
    (Dimension::Severity, 0.60, 0.95),
    (Dimension::Technical, 0.57, 0.77),
    (Dimension::Topic, 0.78, 0.20),
    (Dimension::Sentiment, 0.60, 0.60),
];

/// Without a model an answer is sure from here on.
const SURE_WITHOUT_MODEL: f32 = 0.5;

/// Nothing less likely is listed as another possibility.
const LISTED_FROM: f32 = 0.001;

/// The model that is shipped.
static BASE: &[u8] = include_bytes!("../data/base.model");

static SHIPPED: LazyLock<Classifier> = LazyLock::new(|| {
    // A damaged file would fail a test; should it happen all the same, the lists of words go on alone.
    Classifier::new(Rules::default(), Model::from_bytes(BASE).ok().map(Arc::new))
});

static LISTS: LazyLock<Classifier> = LazyLock::new(|| Classifier::new(Rules::default(), None));

/// Rules of an organisation and a model, ready to classify. Cheap to share, never changes: a new model or other rules make
/// a new one.
#[derive(Debug, Clone)]
pub struct Classifier {
    rules: Rules,
    model: Option<Arc<Model>>,
}

/// Reads the shipped model.
pub fn shipped_model() -> Result<Model, ModelError> {
    Model::from_bytes(BASE)
}

impl Classifier {
    /// From rules and a model; without a model the lists of words answer alone.
    pub const fn new(rules: Rules, model: Option<Arc<Model>>) -> Self {
        Self { rules, model }
    }

    /// No rules of an organisation, the shipped model.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// No rules of an organisation and no model: the lists of words alone.
    pub fn lists_alone() -> &'static Self {
        &LISTS
    }

    /// The model, if there is one. Without one somebody should be told: answers are poorer.
    pub const fn model(&self) -> Option<&Arc<Model>> {
        self.model.as_ref()
    }

    /// Classifies a request. What is stated in `given` holds; then the first rule of the organisation that fits; then the
    /// lists and the model, of which the higher urgency and severity holds.
    pub fn classify(&self, given: &Given<'_>) -> Classification {
        let (language, language_probability) = detect::language(given.subject, given.body);
        let text = Normal::of(given.subject, given.body);
        let found = cues::find(&text);
        let lists = decide::lists(&found, text.chars);
        let telling =
            !lists.silent || text.text.chars().filter(|char| char.is_alphanumeric()).count() >= LETTERS_MIN;
        let model = self.model.as_deref().filter(|_| telling);
        let seen = if model.is_some() { features::see(&text, &found) } else { Seen::default() };
        let reading = model.map(|model| model.read(&seen));
        let asked = Asked {
            given,
            verdicts: self.rules.verdicts(&text),
            lists: &lists,
            reading: reading.as_ref(),
            has_model: self.model.is_some(),
            telling,
            seen: &seen,
            text: &text,
        };
        asked.all(language, language_probability)
    }
}

/// One request with everything that is known about it.
struct Asked<'a> {
    given: &'a Given<'a>,
    verdicts: Verdicts,
    lists: &'a Lists,
    reading: Option<&'a Reading<'a>>,
    has_model: bool,
    /// Whether the text says anything.
    telling: bool,
    seen: &'a Seen,
    text: &'a Normal,
}

/// What the lists or the model have to say before it becomes an answer.
struct Opinion<T> {
    value: T,
    /// The words of the lists, if they said so.
    listed: Option<Vec<String>>,
}

impl Asked<'_> {
    fn all(&self, language: Language, language_probability: Probability) -> Classification {
        let kind = self.kind();
        let technical = self.technical(kind.value);
        let (urgency, complexity, severity) = (self.urgency(), self.complexity(), self.severity());
        let topic = self.topic();
        let facets = Facets {
            kind: kind.value,
            urgency: urgency.value,
            complexity: complexity.value,
            severity: severity.value,
            site: self.given.site.unwrap_or(Site::Local),
            technical: technical.value,
            topic: topic.value.clone(),
        };
        let sentiment = self.sentiment(kind.value);
        let mut said = Classification {
            facets,
            why: String::new(),
            language,
            language_probability,
            needs_triage: false,
            kind,
            urgency,
            complexity,
            severity,
            technical,
            topic,
            sentiment,
        };
        said.needs_triage = said.unsure().iter().any(|unsure| Dimension::TRIAGED.contains(unsure));
        said.why = if self.telling { why::why(&said, self.lists.long) } else { why::nothing_read(&said) };
        said
    }

    fn kind(&self) -> Answer<Kind> {
        self.settled(self.given.kind, self.verdicts.kind.as_ref()).unwrap_or_else(|| {
            let told = self.told(Dimension::Kind);
            let likeliest = told.as_ref().and_then(|told| Kind::from_word(told.likeliest().0));
            let listed = self.lists.kind.as_ref();
            let holds = |said: &&Said<Kind>| stands(told.as_ref(), said.value.word());
            let standing = listed.filter(holds).map(|said| said.value);
            // A text that says nothing is a question.
            let value = standing.or(likeliest).unwrap_or(Kind::Consultation);
            let listed = listed.filter(|said| said.value == value).map(words);
            self.answer(
                Dimension::Kind,
                told.as_ref(),
                Opinion { value, listed },
                Kind::word,
                Kind::from_word,
            )
        })
    }

    fn urgency(&self) -> Answer<Urgency> {
        self.settled(self.given.urgency, self.verdicts.urgency.as_ref()).unwrap_or_else(|| {
            let (told, raised, listed) =
                self.raised(Dimension::Urgency, "urgent", self.lists.urgent.as_ref(), self.lists.not_urgent);
            let value = if raised { Urgency::Urgent } else { Urgency::Normal };
            let opinion = Opinion { value, listed };
            self.answer(Dimension::Urgency, told.as_ref(), opinion, Urgency::word, Urgency::from_word)
        })
    }

    fn severity(&self) -> Answer<Severity> {
        self.settled(self.given.severity, self.verdicts.severity.as_ref()).unwrap_or_else(|| {
            let (told, raised, listed) =
                self.raised(Dimension::Severity, "major", self.lists.major.as_ref(), self.lists.not_major);
            let value = if raised { Severity::Major } else { Severity::General };
            let opinion = Opinion { value, listed };
            self.answer(Dimension::Severity, told.as_ref(), opinion, Severity::word, Severity::from_word)
        })
    }

    fn complexity(&self) -> Answer<Complexity> {
        self.settled(self.given.complexity, self.verdicts.complexity.as_ref()).unwrap_or_else(|| {
            let told = self.told(Dimension::Complexity);
            let word = Complexity::Complex.word();
            let listed = self.lists.complex.as_ref().map(words).or(self.lists.long.then(Vec::new));
            let listed = listed.filter(|_| stands(told.as_ref(), word));
            let complex = told.as_ref().is_some_and(|told| told.likeliest().0 == word);
            let value = if listed.is_some() || complex { Complexity::Complex } else { Complexity::Simple };
            let opinion = Opinion { value, listed };
            self.answer(
                Dimension::Complexity,
                told.as_ref(),
                opinion,
                Complexity::word,
                Complexity::from_word,
            )
        })
    }

    fn technical(&self, kind: Kind) -> Answer<bool> {
        self.settled(self.given.technical, self.verdicts.technical.as_ref()).unwrap_or_else(|| {
            let told = self.told(Dimension::Technical);
            // A fault is a technical matter; otherwise the words have to say so.
            let listed = self.lists.technical.as_ref().map(words);
            let listed = listed.filter(|_| stands(told.as_ref(), "yes"));
            let listed = listed.or((kind == Kind::Repair).then(Vec::new));
            let value = listed.is_some() || told.as_ref().is_some_and(|told| told.likeliest().0 == "yes");
            let opinion = Opinion { value, listed };
            let word = |yes| if yes { "yes" } else { "no" };
            self.answer(Dimension::Technical, told.as_ref(), opinion, word, |word| Some(word == "yes"))
        })
    }

    fn topic(&self) -> Answer<Option<String>> {
        let given = self.given.topic.map(|topic| Some(topic.to_owned()));
        self.settled(given, self.verdicts.topic.as_ref()).unwrap_or_else(|| {
            let told = self.told(Dimension::Topic);
            let topic = |word: &str| (word != NO_TOPIC).then(|| word.to_owned());
            let listed = self.lists.topic.as_ref();
            let holds = |said: &&Said<&str>| stands(told.as_ref(), said.value);
            let standing = listed.filter(holds).map(|said| Some(said.value.to_owned()));
            let value = standing.or_else(|| told.as_ref().map(|told| topic(told.likeliest().0))).flatten();
            let listed = listed.filter(|said| value.as_deref() == Some(said.value)).map(words);
            let label = value.clone();
            let word = move |_| label.clone().unwrap_or_else(|| NO_TOPIC.to_owned());
            let opinion = Opinion { value, listed };
            self.answer(Dimension::Topic, told.as_ref(), opinion, word, |word| Some(topic(word)))
        })
    }

    fn sentiment(&self, kind: Kind) -> Answer<Sentiment> {
        self.settled(None, self.verdicts.sentiment.as_ref()).unwrap_or_else(|| {
            let told = self.told(Dimension::Sentiment);
            let likeliest = told.as_ref().and_then(|told| Sentiment::from_word(told.likeliest().0));
            let by_kind = match kind {
                Kind::Complaint => Sentiment::Negative,
                Kind::Praise => Sentiment::Positive,
                Kind::Consultation | Kind::Repair | Kind::Suggestion => Sentiment::Neutral,
            };
            let opinion = Opinion { value: likeliest.unwrap_or(by_kind), listed: None };
            let told = told.as_ref();
            self.answer(Dimension::Sentiment, told, opinion, Sentiment::word, Sentiment::from_word)
        })
    }

    /// What is stated, or what a rule of the organisation says.
    fn settled<T: Clone>(&self, given: Option<T>, verdict: Option<&(T, usize)>) -> Option<Answer<T>> {
        let by_rule = |(value, rule): &(T, usize)| {
            let (name, words) = self.verdicts.reason(*rule);
            Answer { source: Source::Rule(name), words, ..Answer::stated(value.clone()) }
        };
        given.map(Answer::stated).or_else(|| verdict.map(by_rule))
    }

    fn told(&self, dimension: Dimension) -> Option<Told<'_>> {
        let reading = self.reading?;
        Some(reading.told(reading.model.head(dimension)?))
    }

    /// Whether lists or model raise a dimension to `high`, and the words of the lists if they do.
    fn raised(
        &self,
        dimension: Dimension,
        high: &str,
        said: Option<&Said<()>>,
        negated: bool,
    ) -> (Option<Told<'_>>, bool, Option<Vec<String>>) {
        let told = self.told(dimension);
        let share = told.as_ref().map(|told| told.probability(high));
        let said = said.filter(|_| share.is_none_or(|share| share >= LISTS_RAISE_FROM));
        let from = if negated { RAISED_AGAINST_NEGATION_FROM } else { RAISED_FROM };
        let by_model = share.is_some_and(|share| share >= from);
        (told, by_model || said.is_some(), said.map(words))
    }

    /// An answer with its probability, its words and what else it could be.
    fn answer<T: Clone, W: AsRef<str>>(
        &self,
        dimension: Dimension,
        told: Option<&Told<'_>>,
        opinion: Opinion<T>,
        word: impl Fn(T) -> W,
        read: impl Fn(&str) -> Option<T>,
    ) -> Answer<T> {
        let Opinion { value, listed } = opinion;
        let own = word(value.clone());
        let own = own.as_ref();
        let (Some(told), Some(reading)) = (told, self.reading) else {
            let others = dimension::closed(dimension)
                .iter()
                .filter(|label| **label != own)
                .filter_map(|label| read(label));
            return self.without_model(dimension, value, listed, others.collect());
        };
        let share = told.probability(own);
        let mut others: Vec<(&String, f32)> = told
            .head
            .labels
            .iter()
            .zip(told.shares.iter().copied())
            .filter(|(label, share)| label.as_str() != own && *share >= LISTED_FROM)
            .collect();
        others.sort_by(|one, other| other.1.total_cmp(&one.1));
        let others =
            others.into_iter().filter_map(|(label, share)| Some((read(label)?, Probability::of(share))));
        let place = told.head.labels.iter().position(|label| label == own);
        let (source, words) = match (listed, place) {
            (Some(words), _) => (Source::WordList, words),
            (None, Some(place)) => (Source::Model, reading.words(told, place, self.seen, &self.text.text)),
            (None, None) => (Source::Model, Vec::new()),
        };
        Answer {
            value,
            probability: Probability::of(share),
            source,
            words,
            sure: share >= told.sure_from(own),
            others: others.collect(),
        }
    }

    /// An answer by the lists alone; what else it could be is as likely as anything else. If there is a model and it was not
    /// asked, the text says nothing, and the kind is not sure.
    #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
    fn without_model<T>(
        &self,
        dimension: Dimension,
        value: T,
        listed: Option<Vec<String>>,
        others: Vec<T>,
    ) -> Answer<T> {
        let row = LISTS_RIGHT.iter().find(|(own, ..)| *own == dimension);
        let (said, silent) = row.map_or((0.0, 0.0), |(_, said, silent)| (*said, *silent));
        let share = if listed.is_some() { said } else { silent };
        let rest = Probability::of((1.0 - share) / others.len().max(1) as f32);
        let says_nothing = self.has_model && dimension == Dimension::Kind;
        Answer {
            value,
            probability: Probability::of(share),
            source: Source::WordList,
            words: listed.unwrap_or_default(),
            sure: share >= SURE_WITHOUT_MODEL && !says_nothing,
            others: others.into_iter().map(|other| (other, rest)).collect(),
        }
    }
}

/// Whether what the lists say holds against the model.
fn stands(told: Option<&Told<'_>>, label: &str) -> bool {
    told.is_none_or(|told| told.probability(label) >= told.likeliest().1 * LISTS_STAND_FROM)
}

fn words<T>(said: &Said<T>) -> Vec<String> {
    said.words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::corpus::{self, Side, side};

    /// By dimension: texts and right ones where the lists speak, and where they are silent.
    fn counted() -> Vec<(Dimension, [u32; 4])> {
        let lists = Classifier::lists_alone();
        let mut counts: Vec<(Dimension, [u32; 4])> =
            Dimension::ALL.iter().map(|one| (*one, [0; 4])).collect();
        let texts = corpus::shipped().unwrap();
        for text in texts.iter().filter(|text| side(&text.subject, &text.body) != Side::HeldBack) {
            let said = lists.classify(&Given { body: &text.body, ..Given::default() });
            let labels =
                crate::Labels { sentiment: Some(said.sentiment.value), ..crate::Labels::of(&said.facets) };
            for (dimension, [spoken, spoken_right, silent, silent_right]) in &mut counts {
                let probability = match dimension {
                    Dimension::Kind => said.kind.probability,
                    Dimension::Urgency => said.urgency.probability,
                    Dimension::Complexity => said.complexity.probability,
                    Dimension::Severity => said.severity.probability,
                    Dimension::Technical => said.technical.probability,
                    Dimension::Topic => said.topic.probability,
                    Dimension::Sentiment => said.sentiment.probability,
                };
                let row = LISTS_RIGHT.iter().find(|(own, ..)| own == dimension).unwrap();
                let right = u32::from(labels.word(*dimension) == text.labels.word(*dimension));
                if probability == Probability::of(row.1) && *dimension != Dimension::Sentiment {
                    *spoken += 1;
                    *spoken_right += right;
                } else {
                    *silent += 1;
                    *silent_right += right;
                }
            }
        }
        counts
    }

    #[test]
    fn what_is_stated_without_a_model_is_what_the_lists_reach() {
        let mut wrong = String::new();
        for (dimension, [spoken, spoken_right, silent, silent_right]) in counted() {
            let row = LISTS_RIGHT.iter().find(|(own, ..)| *own == dimension).unwrap();
            for (texts, right, stated) in [(spoken, spoken_right, row.1), (silent, silent_right, row.2)] {
                let reached = right as f32 / (texts as f32).max(1.0);
                if texts > 0 && (reached - stated).abs() > 0.04 {
                    let _ = writeln!(wrong, "{dimension:?}: {stated} is stated, {reached:.2} of {texts}");
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }
}
