//! Standard phrases (标准用语): bilingual texts by kind and step, with variables that are checked when they are read.
//!
//! `data/phrases.txt` holds the shipped ones; [`read`] reads an organisation's own in the same form:
//!
//! ```text
//! [complaint-begun]
//! kind: complaint
//! step: acknowledgement
//! title: 致歉并告知开始调查 | Apology and investigation
//! zh: …{number}…
//! en: …{number}…
//! ```

mod fit;

use std::sync::LazyLock;

use yinuo_commitment::{Kind, Language, Text};

pub use self::fit::{Flaw, Unfit, filled};
use super::Step;

/// Declares the variables together with their words and names.
macro_rules! variables {
    ($($name:ident $word:literal $zh:literal $en:literal;)+) => {
        /// What may stand in braces in a phrase.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Variable { $(#[doc = $en] $name,)+ }

        impl Variable {
            /// Every variable.
            pub const ALL: &'static [Variable] = &[$(Variable::$name,)+];

            /// The word in braces.
            pub const fn word(self) -> &'static str {
                match self { $(Variable::$name => $word,)+ }
            }

            /// The name for people.
            pub const fn label(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Variable::$name, Language::Zh) => $zh, (Variable::$name, Language::En) => $en,)+
                }
            }
        }
    };
}

variables! {
    Number "number" "工单编号" "number of the ticket";
    Code "code" "查询码" "query code";
    Due "due" "最迟时间" "latest time";
    Arrival "arrival" "到达时间" "time of arrival";
    Agent "agent" "客服姓名" "name of the agent";
    Customer "customer" "客户称呼" "how the customer is addressed";
    Company "company" "公司名称" "name of the company";
    Engineer "engineer" "工程师称呼" "how the engineer is addressed";
    Hotline "hotline" "服务热线" "hotline";
    Product "product" "产品名称" "name of the product";
    Answer "answer" "答复内容" "the answer";
    Cause "cause" "原因" "cause";
    Finding "finding" "调查结果" "what was found";
    Measure "measure" "措施" "measure";
    Plan "plan" "处理方案" "plan";
    Severity "severity" "严重程度" "severity of the fault";
    Progress "progress" "目前进展" "progress so far";
    Amount "amount" "金额" "amount";
    Term "term" "条款编号" "number of the term";
    Alternative "alternative" "替代方案" "alternative solution";
}

impl Variable {
    /// The variable that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|variable| variable.word() == word)
    }
}

/// A standard phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Its name: kebab-case, unique.
    pub id: String,
    /// Kinds of tickets that it suits; empty: every kind.
    pub kinds: Vec<Kind>,
    /// The step that it suits.
    pub step: Step,
    /// What it is, for people who look for one.
    pub title: Text,
    /// The text with its variables in braces.
    pub text: Text,
    /// The variables of both versions, in alphabetical order of no language: as they are declared.
    pub variables: Vec<Variable>,
}

impl Phrase {
    /// Whether it suits a message of `step` about a ticket of `kind`.
    pub fn suits(&self, kind: Kind, step: Step) -> bool {
        self.step == step && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }
}

/// Why phrases cannot be read: where, what is wrong, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do instead, for people.
    pub text: Text,
}

impl std::fmt::Display for PhraseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.text.en)
    }
}

impl std::error::Error for PhraseError {}

/// What a phrase still needs before it can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Variables without a value, or with a blank one.
    pub variables: Vec<Variable>,
}

impl Missing {
    /// What is missing, for people.
    pub fn text(&self) -> Text {
        let names = |language: Language, between: &str| {
            let names: Vec<&str> = self.variables.iter().map(|variable| variable.label(language)).collect();
            names.join(between)
        };
        Text::new(
            format!("还需填写：{}。", names(Language::Zh, "、")),
            format!("Still to be filled in: {}.", names(Language::En, ", ")),
        )
    }
}

static SHIPPED: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the phrases are compiled in, and a test reads them")]
    read(include_str!("../../data/phrases.txt")).expect("the shipped phrases can be read")
});

/// The shipped phrases, in the order of a ticket's life.
pub fn shipped() -> &'static [Phrase] {
    &SHIPPED
}

/// Phrases for a message of `step` about a ticket of `kind`; those for the kind alone come first.
pub fn suited(phrases: &[Phrase], kind: Kind, step: Step) -> Vec<&Phrase> {
    let mut suited: Vec<&Phrase> = phrases.iter().filter(|phrase| phrase.suits(kind, step)).collect();
    suited.sort_by_key(|phrase| phrase.kinds.is_empty());
    suited
}

/// `phrase` in `language` with its variables filled in. Braces in values stay as they are.
pub fn render(phrase: &Phrase, language: Language, values: &[(Variable, &str)]) -> Result<String, Missing> {
    let value = |wanted: Variable| {
        let given = values.iter().find(|(variable, _)| *variable == wanted).map(|(_, value)| value.trim());
        given.filter(|value| !value.is_empty())
    };
    let variables: Vec<Variable> =
        phrase.variables.iter().copied().filter(|variable| value(*variable).is_none()).collect();
    if !variables.is_empty() {
        return Err(Missing { variables });
    }
    let mut rendered = String::new();
    let mut rest = phrase.text.get(language);
    while let Some((before, from)) = rest.split_once('{') {
        rendered.push_str(before);
        let (word, after) = from.split_once('}').unwrap_or((from, ""));
        rendered.push_str(Variable::from_word(word).and_then(value).unwrap_or_default());
        rest = after;
    }
    rendered.push_str(rest);
    Ok(rendered)
}

/// A phrase while its lines are read.
#[derive(Debug, Default)]
struct Half {
    id: String,
    line: usize,
    kinds: Option<Vec<Kind>>,
    step: Option<Step>,
    title: Option<Text>,
    zh: Option<String>,
    en: Option<String>,
}

fn wrong(line: usize, zh: impl Into<String>, en: impl Into<String>) -> PhraseError {
    PhraseError { line, text: Text::new(zh, en) }
}

/// Reads phrases. Unknown keys, kinds, steps and variables are errors, and so are names that stand twice and variables
/// that one language has and the other lacks.
pub fn read(text: &str) -> Result<Vec<Phrase>, PhraseError> {
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut half: Option<Half> = None;
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(id) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if let Some(done) = half.take() {
                phrases.push(whole(done)?);
            }
            let spelled = !id.is_empty()
                && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit());
            if !spelled {
                return Err(wrong(
                    number,
                    format!("名称「{id}」只能用小写字母、数字和连字符。"),
                    format!("the name `{id}` may have small letters, digits and hyphens only"),
                ));
            }
            if phrases.iter().any(|phrase| phrase.id == id) {
                return Err(wrong(
                    number,
                    format!("名称「{id}」重复，请改名。"),
                    format!("the name `{id}` stands twice: give it another"),
                ));
            }
            half = Some(Half { id: id.to_owned(), line: number, ..Half::default() });
            continue;
        }
        let Some(half) = half.as_mut() else {
            return Err(wrong(number, "短语须以 [名称] 开头。", "a phrase begins with its [name]"));
        };
        take(half, line, number)?;
    }
    if let Some(done) = half {
        phrases.push(whole(done)?);
    }
    Ok(phrases)
}

fn take(half: &mut Half, line: &str, number: usize) -> Result<(), PhraseError> {
    let Some((key, value)) = line.split_once(':') else {
        return Err(wrong(number, "缺少冒号，应为“键: 值”。", "a line reads `key: value`"));
    };
    let value = value.trim();
    match key {
        "kind" => {
            let mut kinds = Vec::new();
            for word in value.split(',').map(str::trim).filter(|word| *word != "any") {
                let kind = Kind::from_word(word).ok_or_else(|| {
                    wrong(
                        number,
                        format!("没有类型「{word}」。"),
                        format!("there is no kind `{word}`: write one of the glossary, or `any`"),
                    )
                })?;
                kinds.push(kind);
            }
            half.kinds = Some(kinds);
        }
        "step" => {
            let step = Step::from_word(value).ok_or_else(|| {
                let known: Vec<&str> = Step::ALL.iter().map(|step| step.word()).collect();
                wrong(
                    number,
                    format!("没有步骤「{value}」。"),
                    format!("there is no step `{value}`: write one of {}", known.join(", ")),
                )
            })?;
            half.step = Some(step);
        }
        "title" => {
            let (zh, en) = value.split_once('|').ok_or_else(|| {
                wrong(number, "标题须为“中文 | English”。", "a title reads `中文 | English`")
            })?;
            half.title = Some(Text::new(zh.trim(), en.trim()));
        }
        "zh" | "en" => {
            variables(value, number)?;
            let version = if key == "zh" { &mut half.zh } else { &mut half.en };
            *version = Some(value.to_owned());
        }
        _ => {
            return Err(wrong(
                number,
                format!("没有键「{key}」。"),
                format!("there is no key `{key}`: write kind, step, title, zh or en"),
            ));
        }
    }
    Ok(())
}

/// The variables of a text, sorted, each once.
fn variables(text: &str, line: usize) -> Result<Vec<Variable>, PhraseError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find(['{', '}']) {
        let from = rest.get(place..).unwrap_or_default();
        let inside = from.strip_prefix('{').and_then(|from| from.split_once('}'));
        let Some((word, after)) = inside.filter(|(word, _)| !word.contains('{')) else {
            return Err(wrong(line, "花括号不成对。", "a brace is not closed, or closes nothing"));
        };
        let variable = Variable::from_word(word).ok_or_else(|| {
            let known: Vec<&str> = Variable::ALL.iter().map(|variable| variable.word()).collect();
            wrong(
                line,
                format!("没有变量「{word}」。"),
                format!("there is no variable `{word}`: write one of {}", known.join(", ")),
            )
        })?;
        found.push(variable);
        rest = after;
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn whole(half: Half) -> Result<Phrase, PhraseError> {
    let line = half.line;
    let missing = |key: &str| {
        wrong(
            line,
            format!("短语「{}」缺少 {key}。", half.id),
            format!("the phrase `{}` lacks `{key}`", half.id),
        )
    };
    let kinds = half.kinds.clone().ok_or_else(|| missing("kind"))?;
    let step = half.step.ok_or_else(|| missing("step"))?;
    let title = half.title.clone().ok_or_else(|| missing("title"))?;
    let zh = half.zh.clone().ok_or_else(|| missing("zh"))?;
    let en = half.en.clone().ok_or_else(|| missing("en"))?;
    let own = variables(&zh, line)?;
    if own != variables(&en, line)? {
        return Err(wrong(
            line,
            format!("短语「{}」的中英文变量不一致。", half.id),
            format!("the two versions of `{}` have different variables", half.id),
        ));
    }
    Ok(Phrase { id: half.id, kinds, step, title, text: Text::new(zh, en), variables: own })
}
