//! Whether a phrase is fit for the library: its variables can be read, and what it says passes the check of wording.

use yinuo_commitment::{Kind, Language, Text, says_nothing};

use super::{Phrase, Variable, render, variables};
use crate::{
    personal::Leave,
    wording::{Code, Facts, Remark, Severity, Step, check},
};

/// Characters of a name, a title and a text at most.
const ID_MAX: usize = 60;
const TITLE_MAX_CHARS: usize = 80;
const TEXT_MAX_CHARS: usize = 2_000;

/// Why a phrase cannot be taken: which field, what is wrong, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The field: `id`, `title` or `text`.
    pub field: &'static str,
    /// For people.
    pub text: Text,
}

/// What is wrong with one version of a phrase once its variables are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Which version.
    pub language: Language,
    /// What was checked: the version with samples in place of its variables.
    pub rendered: String,
    /// What was remarked; spans are of `rendered`.
    pub remarks: Vec<Remark>,
}

fn unfit(field: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Unfit {
    Unfit { field, text: Text::new(zh, en) }
}

impl Variable {
    /// What may stand in its place, for checks and previews.
    pub const fn sample(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Variable::Number => ("TS-20261121-0007", "TS-20261121-0007"),
            Variable::Code => ("K7QW22PM", "K7QW22PM"),
            Variable::Due | Variable::Arrival => ("11月24日18:00", "24 November, 18:00"),
            Variable::Agent => ("小周", "Zhou"),
            Variable::Customer => ("客户", "customer"),
            Variable::Company => ("一诺家电", "Yinuo Home"),
            Variable::Engineer => ("周强", "Zhou Qiang"),
            Variable::Hotline => ("400-820-1234", "400-820-1234"),
            Variable::Product => ("空调", "air conditioner"),
            Variable::Answer => ("滤网每三个月清洗一次。", "clean the filter every three months."),
            Variable::Cause => ("台风", "a typhoon."),
            Variable::Finding => ("室外机电容损坏。", "the capacitor of the outdoor unit is broken."),
            Variable::Measure => {
                ("已更换电容并检测制冷。", "the capacitor is replaced and the cooling tested.")
            }
            Variable::Plan => ("更换电容。", "we replace the capacitor."),
            Variable::Severity => ("严重", "severe"),
            Variable::Progress => ("已完成现场核实。", "the check on site is done."),
            Variable::Amount => ("120", "120"),
            Variable::Term => ("3.2", "3.2"),
            Variable::Alternative => ("电话指导临时恢复供电。", "the manufacturer's own desk"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

impl Phrase {
    /// A phrase of somebody's own. Refuses a name that is none, empty versions, unknown variables, and versions whose
    /// variables differ.
    pub fn compose(id: &str, kinds: Vec<Kind>, step: Step, title: &Text, text: &Text) -> Result<Self, Unfit> {
        let spelled = !id.is_empty()
            && id.len() <= ID_MAX
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit());
        if !spelled {
            return Err(unfit(
                "id",
                format!("名称须为 1 至 {ID_MAX} 个小写字母、数字或连字符，例如 refund-sent。"),
                format!("A name has 1 to {ID_MAX} small letters, digits and hyphens, such as refund-sent."),
            ));
        }
        let trimmed = |text: &Text| Text::new(text.zh.trim(), text.en.trim());
        let (title, text) = (trimmed(title), trimmed(text));
        for (field, both, chars_max) in [("title", &title, TITLE_MAX_CHARS), ("text", &text, TEXT_MAX_CHARS)]
        {
            for version in [&both.zh, &both.en] {
                if says_nothing(version) {
                    return Err(unfit(
                        field,
                        "中文和英文都要填写：客户各用各的语言。",
                        "Write it in Chinese and in English: customers read their own language.",
                    ));
                }
                if version.chars().count() > chars_max {
                    return Err(unfit(
                        field,
                        format!("最多 {chars_max} 个字符，请精简。"),
                        format!("At most {chars_max} characters: shorten it."),
                    ));
                }
            }
        }
        let of =
            |version: &str| variables(version, 1).map_err(|error| Unfit { field: "text", text: error.text });
        let own = of(&text.zh)?;
        if own != of(&text.en)? {
            return Err(unfit(
                "text",
                "中英文所用的变量不一致，请补齐。",
                "The two versions have different variables: give both the same.",
            ));
        }
        Ok(Self { id: id.to_owned(), kinds, step, title, text, variables: own })
    }

    /// What is wrong with what it says, in either language; nothing if it is fit. A phrase is for everybody, so it may hold
    /// nobody's personal data.
    pub fn flaws(&self, leave: &Leave) -> Vec<Flaw> {
        let kinds = if self.kinds.is_empty() { Kind::ALL } else { &self.kinds };
        let both = [Language::Zh, Language::En].into_iter();
        both.filter_map(|language| {
            let values: Vec<(Variable, &str)> =
                Variable::ALL.iter().map(|variable| (*variable, variable.sample(language))).collect();
            let rendered = render(self, language, &values).ok()?;
            let mut remarks: Vec<Remark> = Vec::new();
            for kind in kinds {
                let mut facts = Facts::of(self.step, *kind, leave);
                let (engineer, agent) =
                    (Variable::Engineer.sample(language), Variable::Agent.sample(language));
                let staff = [engineer, agent];
                facts.staff = &staff;
                for remark in check(&rendered, &facts) {
                    if !remarks.contains(&remark) {
                        remarks.push(remark);
                    }
                }
            }
            for remark in &mut remarks {
                if remark.code == Code::OthersData {
                    remark.severity = Severity::Required;
                }
            }
            (!remarks.is_empty()).then_some(Flaw { language, rendered, remarks })
        })
        .collect()
    }
}

/// `phrase` in `language` with the values that are there; what is still to be filled in stands in braces by its name, which
/// the check of wording holds back.
pub fn filled(phrase: &Phrase, language: Language, values: &[(Variable, &str)]) -> (String, Vec<Variable>) {
    let open = |variable: &Variable| {
        !values.iter().any(|(known, value)| known == variable && !value.trim().is_empty())
    };
    let missing: Vec<Variable> = phrase.variables.iter().copied().filter(open).collect();
    let labels: Vec<(Variable, String)> =
        missing.iter().map(|variable| (*variable, format!("{{{}}}", variable.label(language)))).collect();
    let mut all = values.to_vec();
    all.retain(|(variable, _)| !missing.contains(variable));
    all.extend(labels.iter().map(|(variable, label)| (*variable, label.as_str())));
    (render(phrase, language, &all).unwrap_or_default(), missing)
}
