//! Reading rules: line by line, and what is wrong is said with its place and what to write instead.

use yinuo_commitment::{Complexity, Kind, Language, Severity, Text, Urgency};

use super::{Condition, Part, Rule, Rules, Word};
use crate::{
    dimension::{Dimension, Labels, NO_TOPIC, Sentiment, allows},
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
    pub wrong: Text,
    /// What to do instead.
    pub instead: Text,
}

impl RuleError {
    /// Place, what is wrong and what to do instead.
    pub fn text(&self, language: Language) -> String {
        let Self { line, column, wrong, instead } = self;
        let (wrong, instead) = (wrong.get(language), instead.get(language));
        match language {
            Language::Zh => format!("第 {line} 行第 {column} 列：{wrong}；{instead}"),
            Language::En => format!("line {line}, column {column}: {wrong}; {instead}"),
        }
    }
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::En))
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

    fn error(&self, wrong: Text, instead: Text) -> RuleError {
        let before = self.rest.as_ptr() as usize - self.whole.as_ptr() as usize;
        let column = self.whole.get(..before).unwrap_or_default().chars().count() + 1;
        RuleError { line: self.number, column, wrong, instead }
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
        let words = write_one_of(&alternatives(words));
        let Some(found) = self.rest.split_whitespace().next() else {
            return Err(self.error(Text::new("这一行没有写完", "the line ends too early"), words));
        };
        let wrong = Text::new(format!("此处不应为 `{found}`"), format!("`{found}` is not expected here"));
        Err(self.error(wrong, words))
    }

    /// Takes a text in quotation marks.
    fn quoted(&mut self) -> Result<&'a str, RuleError> {
        let inner = self.rest.strip_prefix(['"', '“']);
        let inner = inner.ok_or_else(|| {
            self.error(
                Text::new("缺少引号", "a quotation mark is missing"),
                Text::new("请写成 \"…\"", "write \"…\""),
            )
        })?;
        let end = inner.find(['"', '”']);
        let end = end.ok_or_else(|| {
            self.error(
                Text::new("引号没有结束", "the quotation does not end"),
                Text::new("请在末尾加上 \"", "write \" at its end"),
            )
        })?;
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
            None => Err(self.error(
                Text::new("后面有不应出现的内容", "something follows that does not belong here"),
                Text::new("各项之间请用逗号分开", "part items by a comma"),
            )),
        }
    }
}

/// `alternatives` in both languages.
fn write_one_of(alternatives: &str) -> Text {
    Text::new(format!("请写 {alternatives}"), format!("write {alternatives}"))
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
        return Err(vec![start.error(
            Text::new("规则超过 1 MB", "the rules are longer than 1 MB"),
            Text::new("请减少或缩短规则", "keep fewer or shorter ones"),
        )]);
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
        errors.push(start.error(
            Text::new(format!("规则超过 {RULES_MAX} 条"), format!("there are more than {RULES_MAX} rules")),
            Text::new("请合并一些规则", "join some of them"),
        ));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    rules.list = drafts.iter().map(|draft| draft.rule.clone()).collect();
    let Some(rules) = rules.ready() else {
        return Err(vec![start.error(
            Text::new("词语过多", "there are too many words"),
            Text::new("请减少词语", "keep fewer of them"),
        )]);
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
        return Err(start.error(
            Text::new(format!("`{verb}` 之前还没有规则"), format!("`{verb}` stands before any rule")),
            Text::new("请先写 `rule \"规则名称\"`", "begin with `rule \"its name\"`"),
        ));
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
                return Err(line.error(
                    Text::new("示例之后还有内容", "something follows the example"),
                    Text::new("每行只写一个示例", "one example a line"),
                ));
            }
            draft.examples.push((start, text, verb == "example"));
        }
    }
    Ok(())
}

fn begin<'a>(mut line: Line<'a>, at: Line<'a>, drafts: &mut Vec<Draft<'a>>) -> Result<(), RuleError> {
    let name = if line.rest.starts_with(['"', '“']) { line.quoted()? } else { line.rest };
    if name.trim().is_empty() {
        return Err(line.error(
            Text::new("规则没有名称", "the rule has no name"),
            Text::new("请写 `rule \"规则名称\"`", "write `rule \"what it is about\"`"),
        ));
    }
    if drafts.iter().any(|other| other.rule.name == name) {
        return Err(line.error(
            Text::new(format!("已有名为 `{name}` 的规则"), format!("there is already a rule `{name}`")),
            Text::new("请换一个名称", "choose another name"),
        ));
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
            return Err(at.error(
                Text::new("缺少词语", "a word is missing"),
                Text::new("请写出词语，用逗号分开", "write words, parted by commas"),
            ));
        }
        if text.chars().count() > WORD_MAX {
            return Err(at.error(
                Text::new(
                    format!("词语超过 {WORD_MAX} 个字符"),
                    format!("the word is longer than {WORD_MAX} characters"),
                ),
                Text::new("请缩短", "shorten it"),
            ));
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
            return Err(line.error(
                Text::new("缺少 `=`", "`=` is missing"),
                Text::new(format!("请写 `{name} = …`"), format!("write `{name} = …`")),
            ));
        };
        line.rest = rest.trim_start();
        let dimension = Dimension::from_word(name);
        let (value, value_at) = line.item()?;
        let Some(dimension) = dimension.filter(|dimension| allows(*dimension, value)) else {
            return Err(value_at.error(
                Text::new(format!("`{value}` 不是 {name} 的取值"), format!("`{value}` is no {name}")),
                values(name),
            ));
        };
        if labels.word(dimension).is_some() {
            return Err(at.error(
                Text::new(format!("该规则已写过 {name}"), format!("the rule already says a {name}")),
                Text::new("只写一次即可", "say it once"),
            ));
        }
        set(labels, dimension, value);
        if !line.comma()? {
            return Ok(());
        }
    }
}

/// What to write as the value of a dimension.
fn values(name: &str) -> Text {
    let words = match Dimension::from_word(name) {
        Some(Dimension::Kind) => alternatives(&Kind::ALL.iter().map(|one| one.word()).collect::<Vec<_>>()),
        Some(Dimension::Urgency) => alternatives(&["normal", "urgent"]),
        Some(Dimension::Complexity) => alternatives(&["simple", "complex"]),
        Some(Dimension::Severity) => alternatives(&["general", "major"]),
        Some(Dimension::Technical) => alternatives(&["yes", "no"]),
        Some(Dimension::Sentiment) => {
            alternatives(&Sentiment::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())
        }
        Some(Dimension::Topic) | None => {
            return Text::new("请写主题名称或 `none`", "write the name of a topic, or `none`");
        }
    };
    write_one_of(&words)
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
        return Some(draft.at.error(
            Text::new(
                format!("规则 `{name}` 没有写明何时适用"),
                format!("rule `{name}` does not say when it fits"),
            ),
            write_one_of("`when text has any of …`"),
        ));
    }
    if draft.rule.then == Labels::default() {
        return Some(draft.at.error(
            Text::new(
                format!("规则 `{name}` 没有写明结果"),
                format!("rule `{name}` does not say what follows"),
            ),
            write_one_of("`then kind = …`"),
        ));
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
            (false, true) => errors.push(at.error(
                Text::new(
                    format!("规则 `{name}` 不适用于它的示例"),
                    format!("rule `{name}` does not fit its example"),
                ),
                Text::new("请修改词语或示例", "change the words or the example"),
            )),
            (true, false) => errors.push(at.error(
                Text::new(
                    format!("规则 `{name}` 适用于它的反例"),
                    format!("rule `{name}` fits its counterexample"),
                ),
                Text::new("请加上 `unless …` 或修改反例", "add `unless …`, or change the counterexample"),
            )),
            (true, true) => errors.extend(taken(rules, place, &standing).map(|other| {
                at.error(
                    Text::new(
                        format!("前面的规则 `{other}` 对这个示例另有说法"),
                        format!("rule `{other}` stands before and says something else about this example"),
                    ),
                    Text::new(
                        "请调整规则的先后顺序，或在那条规则中加上 `unless …`",
                        "change the order of the rules, or add `unless …` to the other one",
                    ),
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
