//! The worked example: a fictional company with people, customers and weeks of tickets, so that a newcomer finds every
//! page with something true to show.
//!
//! A seeded simulation plays the weeks before an instant through the same functions of the desk that real use goes
//! through: requests are submitted, classified by the rules, routed, and every step of staff and customers is a command
//! that the domain may refuse. Nothing is written behind the desk's back, so every verdict, breach and figure of the
//! example is derived as it would be in earnest.
//!
//! **Not here:** rules of the domain, storage, passwords (the caller hands in the hash), the real clock and real
//! randomness. Nothing here runs unless somebody asks for the example.
//!
//! **Invariants:** the same seed, end and letters give the same tickets; nothing happens after the end; no command is
//! given that the domain refuses; the organisation is marked as an example before anything else happens.
//!
//! **Start reading** at [`play()`], then `course` (what happens next to a ticket) and `arrivals` (who comes when).

mod arrivals;
mod calendar;
mod clock;
mod company;
mod course;
mod customs;
mod draw;
mod error;
mod eve;
mod play;
mod remedy;
mod steps;
mod summary;
mod texts;

pub use clock::SimClock;
pub use draw::SeededEntropy;
pub use error::ExampleError;
pub use play::{Plan, play, settle_inboxes};
pub use summary::{Account, Summary};
pub use texts::{RequestText, Texts};
