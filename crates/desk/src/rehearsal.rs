//! What a rehearsal needs in place of the real world: a clock that somebody steps, numbers from a seed, a company with
//! people in every role. For tests and the simulation, as [`yinuo_ledger::MemoryLedger`] is.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a rehearsal fails by panicking"
)]

mod clock;
mod company;
mod dice;

pub use clock::SteppedClock;
pub use company::{PEOPLE, People, TEAMS, found, new_member, settings, team_id, wall, zone};
pub use dice::{Dice, SeededEntropy};
