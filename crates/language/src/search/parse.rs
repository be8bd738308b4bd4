//! From the search field to a query.

use std::ops::Range;

use super::{Mistake, QUERY_CHARS_MAX, Query, QueryError, TERMS_MAX, Term, facet};
use crate::tokens::{Folded, TERM_CHARS_MAX};

impl Query {
    /// Reads what somebody typed. A mistake names its place and what to type instead; an empty text is an empty query.
    pub fn parse(typed: &str) -> Result<Self, QueryError> {
        Self::read(typed).map_err(|error| error.within(typed))
    }

    fn read(typed: &str) -> Result<Self, QueryError> {
        let mut query = Query::default();
        if typed.chars().nth(QUERY_CHARS_MAX).is_some() {
            return Err(QueryError::new(0..typed.len(), Mistake::LongQuery { most: QUERY_CHARS_MAX }));
        }
        let mut rest = Rest { typed, at: 0 };
        while let Some(item) = rest.item()? {
            query.take(item)?;
        }
        let written = typed.trim();
        if query.is_empty() && !written.is_empty() {
            return Err(QueryError::new(0..typed.len(), Mistake::NothingToSearch));
        }
        if let (Some(from), Some(to)) = (query.filter.from, query.filter.to)
            && from > to
        {
            return Err(QueryError::new(0..typed.len(), Mistake::Backwards { from, to }));
        }
        Ok(query)
    }

    fn take(&mut self, item: Item<'_>) -> Result<(), QueryError> {
        if let Some(key) = item.key {
            return facet::take(&mut self.filter, &item, key);
        }
        let folded = Folded::of(item.value);
        let chars = folded.runs.iter().fold(0_usize, |sum, run| sum.saturating_add(run.chars));
        if chars == 0 {
            return Ok(());
        }
        if chars > TERM_CHARS_MAX {
            return Err(QueryError::new(item.span, Mistake::LongTerm { chars, most: TERM_CHARS_MAX }));
        }
        if self.terms.len() >= TERMS_MAX {
            return Err(QueryError::new(item.span, Mistake::ManyTerms { most: TERMS_MAX }));
        }
        self.terms.push(Term { typed: item.value.to_owned(), excluded: item.excluded, folded });
        Ok(())
    }
}

/// One word, phrase or facet as typed.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) span: Range<usize>,
    pub(super) excluded: bool,
    /// Before the colon, if it is a facet; with its place.
    pub(super) key: Option<&'a str>,
    /// The word, the phrase, or what stands after the colon, without quotation marks.
    pub(super) value: &'a str,
}

/// What is left to read.
struct Rest<'a> {
    typed: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn left(&self) -> &'a str {
        self.typed.get(self.at..).unwrap_or_default()
    }

    fn item(&mut self) -> Result<Option<Item<'a>>, QueryError> {
        let left = self.left();
        self.at = self.at.saturating_add(left.len().saturating_sub(left.trim_start().len()));
        let start = self.at;
        let Some(first) = self.left().chars().next() else { return Ok(None) };
        let minus = matches!(first, '-' | '－' | '\u{2212}');
        let after = self.left().get(first.len_utf8()..).unwrap_or_default();
        // A minus with a gap after it is punctuation.
        let excluded =
            minus && after.starts_with(|char: char| char.is_alphanumeric() || closing(char).is_some());
        if excluded {
            self.at = self.at.saturating_add(first.len_utf8());
        }
        let key = self.key();
        let value = match self.left().chars().next() {
            Some(mark) if closing(mark).is_some() => self.quoted(mark)?,
            _ => self.bare(),
        };
        Ok(Some(Item { span: start..self.at, excluded, key, value }))
    }

    /// The facet's name and its colon, if one stands here: letters before a colon that begins neither a gap nor `//`.
    fn key(&mut self) -> Option<&'a str> {
        let left = self.left();
        let end = left.find(|char: char| !char.is_alphabetic())?;
        let (name, rest) = left.split_at_checked(end)?;
        let mut chars = rest.chars();
        let colon = chars.next().filter(|char| matches!(char, ':' | '：'))?;
        let value = chars.as_str();
        let gap = value.chars().next().is_none_or(char::is_whitespace);
        if name.is_empty() || gap || value.starts_with("//") {
            return None;
        }
        self.at = self.at.saturating_add(end).saturating_add(colon.len_utf8());
        Some(name)
    }

    /// Up to the closing mark, which must be there.
    fn quoted(&mut self, mark: char) -> Result<&'a str, QueryError> {
        let start = self.at;
        self.at = self.at.saturating_add(mark.len_utf8());
        let inside = self.left();
        let end = inside.find(|char| closing(mark).is_some_and(|closing| closing.contains(char)));
        let Some((value, rest)) = end.and_then(|end| inside.split_at_checked(end)) else {
            return Err(QueryError::new(start..self.typed.len(), Mistake::OpenQuote { mark }));
        };
        let close = rest.chars().next().map_or(0, char::len_utf8);
        self.at = self.at.saturating_add(value.len()).saturating_add(close);
        Ok(value)
    }

    /// Up to the next gap or quotation mark.
    fn bare(&mut self) -> &'a str {
        let left = self.left();
        let end =
            left.find(|char: char| char.is_whitespace() || closing(char).is_some()).unwrap_or(left.len());
        // A closing mark that nothing opened is a gap.
        let end = if end == 0 { left.chars().next().map_or(0, char::len_utf8) } else { end };
        self.at = self.at.saturating_add(end);
        left.get(..end).unwrap_or_default()
    }
}

/// What closes a quotation that `open` opens.
fn closing(open: char) -> Option<&'static str> {
    match open {
        '"' | '“' | '”' | '＂' => Some("\"“”＂"),
        '「' => Some("」"),
        '『' => Some("』"),
        '《' => Some("》"),
        _ => None,
    }
}
