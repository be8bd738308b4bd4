//! Several nodes: real processes of the binary on one PostgreSQL, behind a real haproxy, under load.
//!
//! Nothing waits for time to pass: what is waited for is a condition, and the test fails if it does not come within
//! [`yinuo_testbed::PATIENCE`].
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets something else than it states has to fail, in its helping functions, too"
)]

mod audit;
mod chaos;
mod checkpoints;
mod clocks;
mod house;
#[path = "../binary/http.rs"]
mod http;
mod load;
mod together;
