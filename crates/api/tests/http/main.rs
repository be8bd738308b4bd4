//! The HTTP side as callers see it: in process, on the ledger in memory, with a clock that is stepped by hand.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "in helpers of tests, too, a value that is not there is a failed test"
)]

mod access;
mod bad_input;
mod concurrency;
mod customers;
mod erasure;
mod feed;
mod house;
mod journey;
mod knowledge;
mod letters;
mod log;
mod operators;
mod personal;
mod search;
mod sign_in;
mod wording;
