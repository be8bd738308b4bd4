//! What somebody types into the search field, and what it finds.
//!
//! ```text
//! 空调 不制冷            both, anywhere in the text
//! "air conditioner"      these words in a row
//! -退款                  not this
//! kind:complaint 类型:投诉,报修   state:open   team:"hotline"   from:2026-11-01 to:2026-11
//! ```
//! **What a term finds**, after folding (case, width, accents, traditional characters) and with everything that is
//! neither letter, digit nor Chinese character counting as a gap:
//! - Chinese characters: wherever they stand next to each other.
//! - A word of three letters or digits and more: wherever it is a word or part of one. Of one or two: whole words.
//! - Several runs (`wifi断线`, `2026-11-21`, anything in quotation marks): the runs in this order with nothing but a gap,
//!   or nothing, between them. Words in it are whole; Chinese characters at its beginning may be the end of what stands
//!   there, and at its end the beginning.
//!
//! [`Query::matches`] is that definition as a scan of the text. An index of tokens finds the same texts: a test compares
//! them. Emoji and punctuation are not searched.
//!
//! **Start reading** at [`Query::parse`].

mod expression;
mod facet;
mod mistake;
mod parse;
mod scan;

use jiff::civil::Date;
use yinuo_commitment::{Channel, Complexity, Kind, Language, Severity, Urgency, Word};

pub use self::{
    expression::{Phrase, Phrases},
    mistake::{Mistake, QueryError},
    scan::Snippet,
};
use crate::tokens::Folded;

/// Terms of one query at most.
pub const TERMS_MAX: usize = 64;

/// Characters of one query at most.
pub const QUERY_CHARS_MAX: usize = 10_000;

/// What to search for.
#[derive(Debug, Default)]
pub struct Query {
    /// What does not depend on the text.
    pub filter: Filter,
    terms: Vec<Term>,
}

impl Query {
    /// What the texts have to contain, or must not.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether it asks for nothing at all: an empty search field.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.filter == Filter::default()
    }
}

/// One word or phrase of a query.
#[derive(Debug)]
pub struct Term {
    /// As it was typed, without quotation marks and minus.
    pub typed: String,
    /// Whether texts with it are left out.
    pub excluded: bool,
    folded: Folded,
}

/// What a value has to be, and what not. Empty: anything goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// One of these, unless empty.
    pub any: Vec<T>,
    /// None of these.
    pub none: Vec<T>,
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self { any: Vec::new(), none: Vec::new() }
    }
}

impl<T: PartialEq> Choice<T> {
    /// Whether `value` will do.
    pub fn admits(&self, value: &T) -> bool {
        (self.any.is_empty() || self.any.contains(value)) && !self.none.contains(value)
    }
}

/// Whether somebody still has to do something about a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Somebody has.
    Open,
    /// Nobody has.
    Closed,
}

impl State {
    /// From whether the ticket is open.
    pub const fn of(open: bool) -> Self {
        if open { State::Open } else { State::Closed }
    }
}

impl Word for State {
    const WORDS: &'static [Self] = &[State::Open, State::Closed];

    fn spelling(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Closed => "closed",
        }
    }

    fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (State::Open, Language::Zh) => "未关闭",
            (State::Open, Language::En) => "open",
            (State::Closed, Language::Zh) => "已关闭",
            (State::Closed, Language::En) => "closed",
        }
    }
}

/// The facets of a query: what the ticket has to be, whatever its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// `kind:` 类型
    pub kind: Choice<Kind>,
    /// `channel:` 渠道
    pub channel: Choice<Channel>,
    /// `urgency:` 紧急程度
    pub urgency: Choice<Urgency>,
    /// `severity:` 严重程度
    pub severity: Choice<Severity>,
    /// `complexity:` 复杂程度
    pub complexity: Choice<Complexity>,
    /// `state:` 状态
    pub state: Choice<State>,
    /// `topic:` 主题, as typed.
    pub topic: Choice<String>,
    /// `team:` 团队, as typed.
    pub team: Choice<String>,
    /// `from:` 自: received on this day or later, in the zone of the desk.
    pub from: Option<Date>,
    /// `to:` 至: received on this day or earlier.
    pub to: Option<Date>,
}
