//! The binary `yinuo` as people and supervisors meet it: commands, refusals, crashes, a full disk, logs.
//!
//! Each test works in a folder of its own and talks to the real binary, over a socket where it serves. Nothing waits for
//! time to pass: what is waited for is a condition, and the test fails if it does not come within [`support::PATIENCE`].
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets something else than it states has to fail, in its helping functions, too"
)]

mod adviser;
mod alarms;
mod attacks;
mod backup;
mod cli;
mod crash;
mod damage;
mod embedding;
mod erasure;
mod full_disk;
mod history;
mod http;
mod keys;
mod logs;
mod moving;
mod people;
mod postgres;
mod postgres_backup;
mod refusals;
mod start;
mod stop;
mod support;
mod texts;
mod verify;
mod witness;
