//! A query as the databases understand it.

use super::{Query, Term};
use crate::tokens::{Class, Run, Sort, TokenKey, grams};

/// A query in the language of a database. A text is found if it matches `wanted` and does not match `unwanted`; with
/// texts of several pages both are asked for the whole text, not for a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expressions {
    /// All of these; none if the query names no word that has to be there.
    pub wanted: Option<String>,
    /// Any of these; none if the query leaves nothing out.
    pub unwanted: Option<String>,
}

/// How a database writes an expression.
struct Dialect {
    /// Between the tokens of a phrase.
    next: &'static str,
    /// Around a phrase.
    marks: (&'static str, &'static str),
    and: &'static str,
    or: &'static str,
}

const FTS5: Dialect = Dialect { next: " ", marks: ("\"", "\""), and: " AND ", or: " OR " };
const TSQUERY: Dialect = Dialect { next: " <-> ", marks: ("(", ")"), and: " & ", or: " | " };

impl Query {
    /// For `MATCH` of SQLite FTS5, with the tokenizer `ascii` or `unicode61`.
    pub fn fts5(&self, key: &TokenKey) -> Expressions {
        self.expressions(key, &FTS5)
    }

    /// For PostgreSQL: text to cast to `tsquery`.
    pub fn tsquery(&self, key: &TokenKey) -> Expressions {
        self.expressions(key, &TSQUERY)
    }

    fn expressions(&self, key: &TokenKey, dialect: &Dialect) -> Expressions {
        let joined = |excluded: bool, between: &str| {
            let terms: Vec<String> = self
                .terms
                .iter()
                .filter(|term| term.excluded == excluded)
                .map(|term| term.expression(key, dialect))
                .collect();
            (!terms.is_empty()).then(|| terms.join(between))
        };
        Expressions { wanted: joined(false, dialect.and), unwanted: joined(true, dialect.or) }
    }
}

impl Term {
    /// This term alone for SQLite FTS5.
    pub fn fts5(&self, key: &TokenKey) -> String {
        self.expression(key, &FTS5)
    }

    /// This term alone for PostgreSQL.
    pub fn tsquery(&self, key: &TokenKey) -> String {
        self.expression(key, &TSQUERY)
    }

    fn expression(&self, key: &TokenKey, dialect: &Dialect) -> String {
        let mut phrase = dialect.marks.0.to_owned();
        let mut first = true;
        self.phrase(|sort, content| {
            if !first {
                phrase.push_str(dialect.next);
            }
            first = false;
            key.write(sort, content, &mut phrase);
        });
        phrase.push_str(dialect.marks.1);
        phrase
    }

    /// The tokens that stand in a row in every text that has the term.
    pub(super) fn phrase(&self, mut to: impl FnMut(Sort, &str)) {
        let runs = &self.folded.runs;
        if let [run] = runs.as_slice() {
            let text = self.folded.str(run);
            return match (run.class, run.chars) {
                (Class::Han, 1) => to(Sort::Char, text),
                (Class::Han, _) => grams(text, &starts(text), 2, |pair| to(Sort::Pair, pair)),
                (Class::Word, 1 | 2) => to(Sort::Word, text),
                (Class::Word, _) => grams(text, &starts(text), 3, |three| to(Sort::Three, three)),
            };
        }
        let last = runs.len().saturating_sub(1);
        for (place, run) in runs.iter().enumerate() {
            self.part(run, place > 0, place < last, &mut to);
        }
    }

    /// The tokens of one run of several: `before` and `after` say whether it has neighbours in the term.
    fn part(&self, run: &Run, before: bool, after: bool, to: &mut impl FnMut(Sort, &str)) {
        let text = self.folded.str(run);
        let starts = starts(text);
        match run.class {
            Class::Han => {
                // The beginning of a run stands in its characters, its end in the pairs.
                if before {
                    grams(text, &starts, 1, |char| to(Sort::Char, char));
                }
                if after {
                    grams(text, &starts, 2, |pair| to(Sort::Pair, pair));
                    if let Some((at, _)) = text.char_indices().next_back() {
                        to(Sort::End, text.get(at..).unwrap_or_default());
                    }
                }
            }
            Class::Word => {
                to(Sort::Word, text);
                if after {
                    grams(text, &starts, 3, |three| to(Sort::Three, three));
                }
            }
        }
    }
}

/// Where the characters begin, and where the last one ends.
fn starts(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}
