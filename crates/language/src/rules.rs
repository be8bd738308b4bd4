//! Rules of an organisation: what certain words mean here. They stand above the shipped lists and the model; the first rule
//! that fits decides a dimension. `docs/understanding.md` shows the format.

mod read;

use aho_corasick::{AhoCorasick, MatchKind};
use yinuo_commitment::{Complexity, Kind, Severity, Urgency};

pub use self::read::RuleError;
use crate::{
    dimension::{Labels, Sentiment},
    normal::Normal,
};

/// Where a condition looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Text,
    Subject,
}

/// One condition: words of which any or all have to stand in the text, or must not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    part: Part,
    all: bool,
    /// Whether it forbids.
    unless: bool,
    /// Places among [`Rules::words`].
    words: Vec<usize>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    name: String,
    conditions: Vec<Condition>,
    then: Labels,
}

/// A word of the conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// In comparable form.
    text: String,
    /// Whether it stands for every word that begins so.
    open_end: bool,
}

/// The rules of one organisation, in their order.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    list: Vec<Rule>,
    words: Vec<Word>,
    search: Option<AhoCorasick>,
}

/// What the rules say about one text, with the place of the rule that says so.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    pub(crate) kind: Option<(Kind, usize)>,
    pub(crate) urgency: Option<(Urgency, usize)>,
    pub(crate) complexity: Option<(Complexity, usize)>,
    pub(crate) severity: Option<(Severity, usize)>,
    pub(crate) technical: Option<(bool, usize)>,
    pub(crate) topic: Option<(Option<String>, usize)>,
    pub(crate) sentiment: Option<(Sentiment, usize)>,
    /// By place: name and words of the rules that fit.
    reasons: Vec<(usize, String, Vec<String>)>,
}

impl Verdicts {
    /// Name of a rule and the words for which it fitted.
    pub(crate) fn reason(&self, rule: usize) -> (String, Vec<String>) {
        let found = self.reasons.iter().find(|(own, ..)| *own == rule);
        found.map(|(_, name, words)| (name.clone(), words.clone())).unwrap_or_default()
    }

    fn take(&mut self, place: usize, then: &Labels) {
        fn first<T>(own: &mut Option<(T, usize)>, said: Option<T>, place: usize) {
            if own.is_none() {
                *own = said.map(|value| (value, place));
            }
        }
        first(&mut self.kind, then.kind, place);
        first(&mut self.urgency, then.urgency, place);
        first(&mut self.complexity, then.complexity, place);
        first(&mut self.severity, then.severity, place);
        first(&mut self.technical, then.technical, place);
        first(&mut self.topic, then.topic.clone(), place);
        first(&mut self.sentiment, then.sentiment, place);
    }
}

/// Where a word of the conditions stands in a text.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    text: bool,
    subject: bool,
}

impl Rules {
    /// Reads rules. Every example in them is checked: one that its rule does not fit, or that another rule takes first, is
    /// an error.
    pub fn read(source: &str) -> Result<Self, Vec<RuleError>> {
        read::read(source)
    }

    /// How many rules there are.
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Names of the rules that fit a text, in their order.
    pub fn fitting(&self, subject: &str, body: &str) -> Vec<&str> {
        let standing = self.standing(&Normal::of(subject, body));
        self.list.iter().filter(|rule| rule.fits(&standing)).map(|rule| rule.name.as_str()).collect()
    }

    /// What the rules say about a text.
    pub(crate) fn verdicts(&self, text: &Normal) -> Verdicts {
        let mut verdicts = Verdicts::default();
        if self.list.is_empty() {
            return verdicts;
        }
        let standing = self.standing(text);
        for (place, rule) in self.list.iter().enumerate().filter(|(_, rule)| rule.fits(&standing)) {
            let wanted = rule.conditions.iter().filter(|condition| !condition.unless);
            let words = wanted.flat_map(|condition| condition.standing(&standing));
            let words = words.filter_map(|word| Some(self.words.get(word)?.text.clone())).collect();
            verdicts.reasons.push((place, rule.name.clone(), words));
            verdicts.take(place, &rule.then);
        }
        verdicts
    }

    /// Which words stand in the text, and which in its subject.
    fn standing(&self, text: &Normal) -> Vec<Standing> {
        let mut standing = vec![Standing::default(); self.words.len()];
        let Some(search) = &self.search else { return standing };
        for hit in search.find_overlapping_iter(&text.text) {
            let place = hit.pattern().as_usize();
            let (Some(word), Some(own)) = (self.words.get(place), standing.get_mut(place)) else { continue };
            if word.stands_alone(text.text.as_bytes(), hit.start(), hit.end()) {
                own.text = true;
                own.subject |= hit.end() <= text.subject_end;
            }
        }
        standing
    }

    /// Makes the search over all words.
    fn ready(mut self) -> Option<Self> {
        let words = self.words.iter().map(|word| word.text.as_str());
        self.search = Some(AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok()?);
        Some(self)
    }
}

impl Rule {
    fn fits(&self, standing: &[Standing]) -> bool {
        self.conditions.iter().all(|condition| condition.holds(standing))
    }
}

impl Condition {
    fn holds(&self, standing: &[Standing]) -> bool {
        let found = self.standing(standing).count();
        let met = if self.all { found == self.words.len() } else { found > 0 };
        met != self.unless
    }

    /// The words of the condition that stand where it looks.
    fn standing(&self, standing: &[Standing]) -> impl Iterator<Item = usize> {
        let here = |word: &usize| {
            let own = standing.get(*word).copied().unwrap_or_default();
            match self.part {
                Part::Text => own.text,
                Part::Subject => own.subject,
            }
        };
        self.words.iter().copied().filter(here)
    }
}

impl Word {
    /// Whether a word of Latin letters is a whole word here; Chinese words need no borders.
    fn stands_alone(&self, text: &[u8], start: usize, end: usize) -> bool {
        let part = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        let begins = !part(Some(start)) || !part(start.checked_sub(1));
        let ends = self.open_end || !part(end.checked_sub(1)) || !part(Some(end));
        begins && ends
    }
}
