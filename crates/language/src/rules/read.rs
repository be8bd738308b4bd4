//! Reading rules: line by line, and what is wrong is said with its place and what to write instead.

use yinuo_commitment::{Complexity, Kind, Severity, Urgency};

use super::{Condition, Part, Rule, Rules, Word};
use crate::{
    dimension::{Dimension, Labels, NO_TOPIC, Sentiment},
    normal::Normal,
};

/// Longest file of rules, in bytes.
const SOURCE_MAX: usize = 1 << 20;

/// Most rules in a file.
const RULES_MAX: usize = 1_000;

/// Longest word of a condition, in characters.
const WORD_MAX: usize = 100;

/// What is wrong in a file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub wrong: String,
    /// What to do instead.
    pub instead: String,
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: {}; {}", self.line, self.column, self.wrong, self.instead)
    }
}

impl std::error::Error for RuleError {}

/// A line and what is left of it to read.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    whole: &'a str,
    rest: &'a str,
}

impl<'a> Line<'a> {
    fn new(number: usize, whole: &'a str) -> Self {
        Self { number, whole, rest: whole.trim() }
    }

    fn error(&self, wrong: impl Into<String>, instead: impl Into<String>) -> RuleError {
        let before = self.rest.as_ptr() as usize - self.whole.as_ptr() as usize;
        let column = self.whole.get(..before).unwrap_or_default().chars().count() + 1;
        RuleError { line: self.number, column, wrong: wrong.into(), instead: instead.into() }
    }

    /// Takes `word` from the beginning, if it stands there as a whole word.
    fn take(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        if rest.starts_with(|char: char| char.is_alphanumeric() || char == '-') {
            return false;
        }
        self.rest = rest.trim_start();
        true
    }

    /// Takes the first of `words` that stands here.
    fn one_of(&mut self, words: &[&'static str]) -> Result<&'static str, RuleError> {
        for word in words {
            if self.take(word) {
                return Ok(word);
            }
        }
        let found = self.rest.split_whitespace().next().unwrap_or("nothing");
        Err(self.error(format!("`{found}` is not expected here"), format!("write {}", alternatives(words))))
    }

    /// Takes a text in quotation marks.
    fn quoted(&mut self) -> Result<&'a str, RuleError> {
        let inner = self.rest.strip_prefix(['"', '“']);
        let inner = inner.ok_or_else(|| self.error("a quotation mark is missing", "write \"…\""))?;
        let end = inner.find(['"', '”']);
        let end = end.ok_or_else(|| self.error("the quotation does not end", "write \" at its end"))?;
        let text = inner.get(..end).unwrap_or_default();
        let rest = inner.get(end..).unwrap_or_default();
        self.rest = rest.strip_prefix(['"', '”']).unwrap_or(rest).trim_start();
        Ok(text)
    }

    /// Takes a word up to the next comma.
    fn item(&mut self) -> Result<(&'a str, Self), RuleError> {
        let at = *self;
        if self.rest.starts_with(['"', '“']) {
            return Ok((self.quoted()?, at));
        }
        let end = self.rest.find([',', '，', '、']).unwrap_or(self.rest.len());
        let (item, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        Ok((item.trim(), at))
    }

    /// Takes a comma; whether there was one.
    fn comma(&mut self) -> Result<bool, RuleError> {
        if self.rest.is_empty() {
            return Ok(false);
        }
        match self.rest.strip_prefix([',', '，', '、']) {
            Some(rest) => {
                self.rest = rest.trim_start();
                Ok(true)
            }
            None => Err(self.error("something follows that does not belong here", "part items by a comma")),
        }
    }
}

fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// A rule while it is being read, with its examples and where they stand.
struct Draft<'a> {
    rule: Rule,
    at: Line<'a>,
    examples: Vec<(Line<'a>, &'a str, bool)>,
}

pub(super) fn read(source: &str) -> Result<Rules, Vec<RuleError>> {
    let start = Line::new(1, "");
    if source.len() > SOURCE_MAX {
        return Err(vec![start.error("the rules are longer than 1 MB", "keep fewer or shorter ones")]);
    }
    let mut rules = Rules::default();
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut errors = Vec::new();
    for (number, whole) in (1..).zip(source.lines()) {
        let line = Line::new(number, whole);
        if line.rest.is_empty() || line.rest.starts_with('#') {
            continue;
        }
        if let Err(error) = take(line, &mut drafts, &mut rules) {
            errors.push(error);
        }
    }
    errors.extend(drafts.iter().filter_map(complete));
    if drafts.len() > RULES_MAX {
        errors.push(start.error(format!("there are more than {RULES_MAX} rules"), "join some of them"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    rules.list = drafts.iter().map(|draft| draft.rule.clone()).collect();
    let Some(rules) = rules.ready() else {
        return Err(vec![start.error("there are too many words", "keep fewer of them")]);
    };
    let wrong: Vec<RuleError> =
        drafts.iter().enumerate().flat_map(|(place, draft)| examples(&rules, place, draft)).collect();
    if wrong.is_empty() { Ok(rules) } else { Err(wrong) }
}

/// Takes in one line.
fn take<'a>(mut line: Line<'a>, drafts: &mut Vec<Draft<'a>>, rules: &mut Rules) -> Result<(), RuleError> {
    let start = line;
    let verbs = ["rule", "when", "and", "unless", "then", "example", "counterexample"];
    let verb = line.one_of(&verbs)?;
    if verb == "rule" {
        return begin(line, start, drafts);
    }
    let Some(draft) = drafts.last_mut() else {
        return Err(start.error(format!("`{verb}` stands before any rule"), "begin with `rule \"its name\"`"));
    };
    match verb {
        "when" | "and" | "unless" => {
            let condition = condition(line, verb == "unless", rules)?;
            draft.rule.conditions.push(condition);
        }
        "then" => then(line, &mut draft.rule.then)?,
        _ => {
            let text = line.quoted()?;
            if !line.rest.is_empty() {
                return Err(line.error("something follows the example", "one example a line"));
            }
            draft.examples.push((start, text, verb == "example"));
        }
    }
    Ok(())
}

fn begin<'a>(mut line: Line<'a>, at: Line<'a>, drafts: &mut Vec<Draft<'a>>) -> Result<(), RuleError> {
    let name = if line.rest.starts_with(['"', '“']) { line.quoted()? } else { line.rest };
    if name.trim().is_empty() {
        return Err(line.error("the rule has no name", "write `rule \"what it is about\"`"));
    }
    if drafts.iter().any(|other| other.rule.name == name) {
        return Err(line.error(format!("there is already a rule `{name}`"), "choose another name"));
    }
    let rule = Rule { name: name.to_owned(), conditions: Vec::new(), then: Labels::default() };
    drafts.push(Draft { rule, at, examples: Vec::new() });
    Ok(())
}

/// `text has any of 停电, "power cut"`.
fn condition(mut line: Line<'_>, unless: bool, rules: &mut Rules) -> Result<Condition, RuleError> {
    let part = if line.one_of(&["text", "subject"])? == "subject" { Part::Subject } else { Part::Text };
    line.one_of(&["has"])?;
    let all = line.one_of(&["any", "all"])? == "all";
    line.one_of(&["of"])?;
    let mut words = Vec::new();
    loop {
        let (item, at) = line.item()?;
        let (stem, open_end) = item.strip_suffix('*').map_or((item, false), |stem| (stem, true));
        let normal = Normal::of("", stem);
        let text = normal.text.trim();
        if text.is_empty() {
            return Err(at.error("a word is missing", "write words, parted by commas"));
        }
        if text.chars().count() > WORD_MAX {
            return Err(at.error(format!("the word is longer than {WORD_MAX} characters"), "shorten it"));
        }
        let word = Word { text: text.to_owned(), open_end };
        let known = rules.words.iter().position(|own| *own == word);
        words.push(known.unwrap_or_else(|| {
            rules.words.push(word);
            rules.words.len() - 1
        }));
        if !line.comma()? {
            return Ok(Condition { part, all, unless, words });
        }
    }
}

/// `kind = complaint, urgency = urgent`.
fn then(mut line: Line<'_>, labels: &mut Labels) -> Result<(), RuleError> {
    let names: Vec<&'static str> = Dimension::ALL.iter().map(|dimension| dimension.word()).collect();
    loop {
        let at = line;
        let name = line.one_of(&names)?;
        let Some(rest) = line.rest.strip_prefix('=') else {
            return Err(line.error("`=` is missing", format!("write `{name} = …`")));
        };
        line.rest = rest.trim_start();
        let dimension = Dimension::from_word(name);
        let (value, value_at) = line.item()?;
        let Some(dimension) = dimension.filter(|dimension| dimension.allows(value)) else {
            return Err(value_at.error(format!("`{value}` is no {name}"), format!("write {}", values(name))));
        };
        if labels.word(dimension).is_some() {
            return Err(at.error(format!("the rule already says a {name}"), "say it once"));
        }
        set(labels, dimension, value);
        if !line.comma()? {
            return Ok(());
        }
    }
}

/// The values of a dimension, for people.
fn values(name: &str) -> String {
    match Dimension::from_word(name) {
        Some(Dimension::Kind) => alternatives(&Kind::ALL.iter().map(|one| one.word()).collect::<Vec<_>>()),
        Some(Dimension::Urgency) => alternatives(&["normal", "urgent"]),
        Some(Dimension::Complexity) => alternatives(&["simple", "complex"]),
        Some(Dimension::Severity) => alternatives(&["general", "major"]),
        Some(Dimension::Technical) => alternatives(&["yes", "no"]),
        Some(Dimension::Sentiment) => {
            alternatives(&Sentiment::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())
        }
        Some(Dimension::Topic) | None => "the name of a topic, or `none`".to_owned(),
    }
}

fn set(labels: &mut Labels, dimension: Dimension, value: &str) {
    match dimension {
        Dimension::Kind => labels.kind = Kind::from_word(value),
        Dimension::Urgency => labels.urgency = Urgency::from_word(value),
        Dimension::Complexity => labels.complexity = Complexity::from_word(value),
        Dimension::Severity => labels.severity = Severity::from_word(value),
        Dimension::Technical => labels.technical = Some(value == "yes"),
        Dimension::Topic => labels.topic = Some((value != NO_TOPIC).then(|| value.to_owned())),
        Dimension::Sentiment => labels.sentiment = Sentiment::from_word(value),
    }
}

/// What a rule lacks.
fn complete(draft: &Draft<'_>) -> Option<RuleError> {
    let name = &draft.rule.name;
    if !draft.rule.conditions.iter().any(|condition| !condition.unless) {
        let instead = "write `when text has any of …`";
        return Some(draft.at.error(format!("rule `{name}` does not say when it fits"), instead));
    }
    if draft.rule.then == Labels::default() {
        let instead = "write `then kind = …`";
        return Some(draft.at.error(format!("rule `{name}` does not say what follows"), instead));
    }
    None
}

/// The examples of a rule that it does not fit, or that an earlier rule takes from it.
fn examples(rules: &Rules, place: usize, draft: &Draft<'_>) -> Vec<RuleError> {
    let mut errors = Vec::new();
    for (at, text, wanted) in &draft.examples {
        let standing = rules.standing(&Normal::of("", text));
        let name = &draft.rule.name;
        match (draft.rule.fits(&standing), wanted) {
            (false, true) => {
                errors.push(at.error(
                    format!("rule `{name}` does not fit its example"),
                    "change the words or the example",
                ));
            }
            (true, false) => errors.push(at.error(
                format!("rule `{name}` fits its counterexample"),
                "add `unless …`, or change the counterexample",
            )),
            (true, true) => errors.extend(taken(rules, place, &standing).map(|other| {
                at.error(
                    format!("rule `{other}` stands before and says something else about this example"),
                    "change the order of the rules, or add `unless …` to the other one",
                )
            })),
            (false, false) => {}
        }
    }
    errors
}

/// The earlier rule that fits too and says otherwise.
fn taken<'a>(rules: &'a Rules, place: usize, standing: &[super::Standing]) -> Option<&'a str> {
    let own = rules.list.get(place)?;
    let differs = |other: &&Rule| {
        Dimension::ALL.iter().any(|dimension| {
            let (one, two) = (own.then.word(*dimension), other.then.word(*dimension));
            one.is_some() && two.is_some() && one != two
        })
    };
    let mut earlier = rules.list.iter().take(place).filter(|other| other.fits(standing));
    earlier.find(differs).map(|other| other.name.as_str())
}
