//! One tokeniser for search: the same tokens in SQLite FTS5, in PostgreSQL `tsvector('simple')`, and in a query.
//!
//! A text is folded (case, width, accents, traditional characters) and cut into *runs*: Chinese characters without
//! anything between them, or letters and digits without anything between them. Everything else only separates.
//!
//! ```text
//! 空调坏了 → 空 调 坏 了  空调 调坏 坏了  了|      each character, each pair, the last character as an end
//! AX3000   → ax3000  ax3 x30 300 000            the word, each three characters in a row
//! and then, once each, wherever they stand:
//! 空调坏 调坏了 空调坏了   ax30 x300 3000 ax300 x3000 ax3000
//! ```
//! Pairs stay adjacent, so a phrase of pairs is a substring of a run, and a phrase of threes is a part of a word. The
//! characters come first and the end last, so a phrase may also go on from one run into the next (`wifi断线`). Looking for
//! a phrase means comparing places, and in PostgreSQL reading the whole row of tokens; so whatever is a part of one run and
//! is not longer than most terms are (four Chinese characters, twelve of a word) has a token by itself.
//!
//! **What the file gives away.** The words of customers are sealed elsewhere, so no token is written as it reads: each
//! is a digest of 49 bits under a key of the organisation ([`TokenKey`], `SipHash`-2-4), ten characters of base32 of which
//! the first is a letter. Without the key nobody can test a guess, and the digests of two organisations have nothing in
//! common. But equal tokens look equal and keep their order: whoever has the file learns how long each text is, which
//! texts share words, and how frequent each token is, and with enough texts in a language that he knows he can guess
//! frequent characters and from them more, as in a puzzle of letters. So the index is a pseudonym of the text, not a
//! seal. It has to be treated like the sealed text itself: built from texts whose personal data are masked (a phone
//! number is rare and must not be there at all), dropped for a person who is erased, and kept out of exports.

mod digest;
mod layout;
mod run;

pub use self::digest::TokenKey;
pub(crate) use self::{
    digest::Sort,
    layout::{grams, parts},
    run::{Class, Folded, Run},
};

/// Put between texts that are searched as one, such as the messages of a ticket: no term is found across it.
pub const BORDER: char = '\u{2029}';

/// Longest term of a query, in folded characters. No page cuts a stretch of this length.
pub const TERM_CHARS_MAX: usize = 64;

/// Tokens in a row in one page at most: PostgreSQL tells positions beyond 16,383 not apart.
pub const PAGE_TOKENS_MAX: usize = 16_000;

/// Parts after them at most; with them, a page stays below the mebibyte of a `tsvector`.
pub const PAGE_PARTS_MAX: usize = 48_000;

/// How often one token stands in a page at most: PostgreSQL forgets the positions after the 256th.
pub const PAGE_REPEATS_MAX: u16 = 255;

impl TokenKey {
    /// What to index of a text: tokens with a blank between them, and a bar behind the last one of which the
    /// place counts. An ordinary text is one page, a text without letters
    /// none; a long one is cut into several, because PostgreSQL keeps a bounded number of positions. The pages overlap so
    /// that every term of a query lies whole in one of them: whoever asks for several terms has to intersect the texts
    /// of the pages term by term ([`crate::search::Query::terms`]).
    pub fn pages(&self, text: &str) -> Vec<String> {
        let folded = Folded::of(text);
        layout::windows(&folded)
            .into_iter()
            .map(|window| {
                let (mut page, mut in_a_row) = (String::new(), true);
                layout::tokens(&folded, &window, |sort, content| {
                    if !page.is_empty() {
                        page.push(' ');
                    }
                    if sort == Sort::Part && in_a_row {
                        in_a_row = false;
                        page.push_str("| ");
                    }
                    self.write(sort, content, &mut page);
                });
                page
            })
            .collect()
    }
}
