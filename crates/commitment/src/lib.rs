//! The promise language: a commitment (承诺书) as data.
//!
//! A commitment is one TOML file that a service manager can read and a lawyer can check. This crate parses it with
//! spans, checks it, shows what it covers, compares versions and renders the letter that customers read: letter and
//! rules are one file, so they cannot disagree (requirement C3).
//!
//! **Not here:** tickets, clocks of tickets, verdicts (`yinuo-core`); files, network, databases (callers pass text).
//!
//! **Invariants:** no I/O, no clock, no randomness. A [`Commitment`] exists only if [`check`](check()) found no error in it.
//! Unknown words and keys are errors, never ignored.
//!
//! **Start reading** at [`model`] (what a commitment is), then [`vocabulary`] (the words a file may use), then
//! [`check`](check()): `read` turns text into a draft, `check/` holds what depends on several places of the file at once.
//! Complete files are in `examples/commitments`.

pub mod coverage;
pub mod diagnostic;
pub mod diff;
pub mod letter;
pub mod model;
pub mod tables;
pub mod together;
pub mod vocabulary;

mod check;
mod dimension;
mod nearest;
mod read;
mod unseen;
mod words;

pub use check::{Report, check};
pub use diagnostic::{Diagnostic, Level, render};
pub use diff::{Change, ForCustomer, diff};
pub use dimension::Dimension;
pub use letter::{budget_words, promise_sentence};
pub use model::*;
pub use tables::Tables;
pub use together::{Difference, check_together};
pub use unseen::{is_unseen, says_nothing};
pub use vocabulary::*;
