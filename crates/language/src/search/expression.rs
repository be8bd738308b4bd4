//! A query in tokens, as every index understands it.

use super::{Query, Term};
use crate::tokens::{Class, Run, Sort, TokenKey, grams, parts};

/// Tokens that have to stand in a row. Never empty.
pub type Phrase = Vec<String>;

/// What a text has to have, in tokens. With texts of several pages each phrase is asked for the whole text, not for a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phrases {
    /// All of these.
    pub wanted: Vec<Phrase>,
    /// None of these.
    pub unwanted: Vec<Phrase>,
}

impl Query {
    /// The terms as the index has them.
    pub fn phrases(&self, key: &TokenKey) -> Phrases {
        let mut phrases = Phrases::default();
        for term in &self.terms {
            let list = if term.excluded { &mut phrases.unwanted } else { &mut phrases.wanted };
            list.push(term.phrase(key));
        }
        phrases
    }
}

impl Term {
    /// The tokens that stand in a row in every text that has the term.
    pub fn phrase(&self, key: &TokenKey) -> Phrase {
        let mut phrase = Vec::new();
        self.tokens(|sort, content| {
            let mut token = String::new();
            key.write(sort, content, &mut token);
            phrase.push(token);
        });
        phrase
    }

    fn tokens(&self, mut to: impl FnMut(Sort, &str)) {
        let runs = &self.folded.runs;
        if let [run] = runs.as_slice() {
            let text = self.folded.str(run);
            if parts(run.class).contains(&run.chars) {
                return to(Sort::Part, text);
            }
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
