//! What was wrong with a query, for the person who typed it.

use std::{fmt, ops::Range};

use jiff::civil::Date;
use yinuo_commitment::Language;

/// A query that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Bytes of what was typed.
    pub at: Range<usize>,
    /// Characters before that place.
    pub before: usize,
    /// What is wrong there.
    pub mistake: Mistake,
}

/// What can be wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// No facet is called so.
    UnknownFacet {
        /// As typed.
        name: String,
        /// The facet whose name is the most alike.
        nearest: String,
    },
    /// The facet has no such value.
    UnknownValue {
        /// The facet.
        facet: &'static str,
        /// As typed.
        value: String,
        /// The value that is the most alike.
        nearest: String,
        /// Every value: spelling and Chinese label.
        known: Vec<(&'static str, &'static str)>,
    },
    /// Nothing stands after the colon.
    NoValue {
        /// The facet.
        facet: &'static str,
    },
    /// Not a day, month or year.
    NotADay {
        /// As typed.
        value: String,
    },
    /// A day cannot be left out.
    ExcludedDay,
    /// The span of days ends before it begins.
    Backwards {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// A quotation that does not end.
    OpenQuote {
        /// The mark that opens it.
        mark: char,
    },
    /// A term longer than any index knows.
    LongTerm {
        /// Its characters.
        chars: usize,
        /// Characters allowed.
        most: usize,
    },
    /// Too many words.
    ManyTerms {
        /// Terms allowed.
        most: usize,
    },
    /// Too long as a whole.
    LongQuery {
        /// Characters allowed.
        most: usize,
    },
    /// Only punctuation or emoji.
    NothingToSearch,
}

impl QueryError {
    pub(super) fn new(at: Range<usize>, mistake: Mistake) -> Self {
        Self { at, before: 0, mistake }
    }

    /// Counts the characters before its place in what was typed.
    pub(super) fn within(self, typed: &str) -> Self {
        let before = typed.get(..self.at.start).map_or(0, |before| before.chars().count());
        Self { before, ..self }
    }

    /// The character at which it begins, from 1.
    pub fn column(&self) -> u64 {
        u64::try_from(self.before).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// The code of the mistake: a contract, unlike the text.
    pub const fn code(&self) -> &'static str {
        match self.mistake {
            Mistake::UnknownFacet { .. } => "unknown-facet",
            Mistake::UnknownValue { .. } => "unknown-value",
            Mistake::NoValue { .. } => "no-value",
            Mistake::NotADay { .. } => "not-a-day",
            Mistake::ExcludedDay => "excluded-day",
            Mistake::Backwards { .. } => "backwards",
            Mistake::OpenQuote { .. } => "open-quote",
            Mistake::LongTerm { .. } => "long-term",
            Mistake::ManyTerms { .. } => "many-terms",
            Mistake::LongQuery { .. } => "long-query",
            Mistake::NothingToSearch => "nothing-to-search",
        }
    }

    /// What is wrong and what to type instead.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Zh => self.zh(),
            Language::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match &self.mistake {
            Mistake::UnknownFacet { name, nearest } => {
                format!("没有名为“{name}”的筛选条件，是否想用“{nearest}:”？若要查找这几个字，请加引号。")
            }
            Mistake::UnknownValue { facet, value, nearest, known } => {
                let known: Vec<&str> = known.iter().map(|(_, zh)| *zh).collect();
                format!("“{facet}:”没有取值“{value}”，是否想用“{nearest}”？可用：{}。", known.join("、"))
            }
            Mistake::NoValue { facet } => format!("“{facet}:”后面缺少取值。"),
            Mistake::NotADay { value } => {
                format!("“{value}”不是日期，请写成 2026-11-21、2026-11 或 2026。")
            }
            Mistake::ExcludedDay => "日期不能排除，请用 from: 和 to: 划定范围。".to_owned(),
            Mistake::Backwards { from, to } => format!("起始日 {from} 晚于截止日 {to}，请对调。"),
            Mistake::OpenQuote { mark } => format!("引号 {mark} 没有结束，请补上另一半。"),
            Mistake::LongTerm { chars, most } => {
                format!("这个词有 {chars} 个字，最多 {most} 个；请只留最能说明问题的几个字，用空格隔开。")
            }
            Mistake::ManyTerms { most } => format!("一次最多查找 {most} 个词，请只留最重要的。"),
            Mistake::LongQuery { most } => format!("查询超过 {most} 个字，请只留最重要的几个词。"),
            Mistake::NothingToSearch => "标点和表情无法查找，请输入文字或数字。".to_owned(),
        }
    }

    fn en(&self) -> String {
        match &self.mistake {
            Mistake::UnknownFacet { name, nearest } => format!(
                "There is no filter called `{name}`; did you mean `{nearest}:`? To search for these words put them in quotation marks."
            ),
            Mistake::UnknownValue { facet, value, nearest, known } => {
                let known: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
                format!(
                    "`{facet}:` has no value `{value}`; did you mean `{nearest}`? It can be {}.",
                    known.join(", ")
                )
            }
            Mistake::NoValue { facet } => format!("A value is missing after `{facet}:`."),
            Mistake::NotADay { value } => {
                format!("`{value}` is no date; write 2026-11-21, 2026-11 or 2026.")
            }
            Mistake::ExcludedDay => "A date cannot be left out; set the span with from: and to:.".to_owned(),
            Mistake::Backwards { from, to } => format!("{from} is later than {to}; exchange the two."),
            Mistake::OpenQuote { mark } => {
                format!("The quotation mark {mark} is never closed; add the other one.")
            }
            Mistake::LongTerm { chars, most } => format!(
                "This word or phrase has {chars} characters, {most} are possible; keep the words that matter, with spaces between them."
            ),
            Mistake::ManyTerms { most } => {
                format!("At most {most} words can be searched at once; keep those that matter.")
            }
            Mistake::LongQuery { most } => {
                format!("The query is longer than {most} characters; keep the words that matter.")
            }
            Mistake::NothingToSearch => {
                "Punctuation and emoji cannot be searched; type letters, characters or digits.".to_owned()
            }
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for QueryError {}
