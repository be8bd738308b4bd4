//! Chores in Rust: run the product, run every test, measure it, keep the tree tidy.
//!
//! **What it is.** The one place with logic that is needed to work on the project and is no part of the product:
//! `cargo xtask run | test | bench | tidy`. What a chore needs and the machine lacks it installs, and says so.
//!
//! **What it is not.** No product code: it depends on no crate of the product, speaks to it through its binary and
//! its files only, and must build in seconds.
//!
//! **Invariants.**
//! - Every rule of [`tidy`] is a pure function of a [`tree::Tree`], so that each is tested on small made-up trees.
//! - A chore never hides a failure: a step that was left out is counted as skipped, with the reason.
//! - Nothing is installed silently, and nothing at all without the right to.
//!
//! **Where to start reading.** [`suite`] for what `cargo xtask test` does, [`tidy`] for the rules.

pub mod bench;
pub mod install;
pub mod mask;
pub mod process;
pub mod readme;
pub mod run;
pub mod suite;
pub mod tidy;
pub mod tree;
pub mod web;
