//! The simulation: a whole company played from one seed, with everything that goes wrong, judged by an independent
//! auditor. For development only; nothing of it is shipped.
//!
//! ```text
//! seed ──▶ customers, staff, clocks, weather ──▶ nodes (desk) ──▶ faults ──▶ store: memory, SQLite
//!                     │ acknowledgements                                       │  or PostgreSQL
//!                     └──────────────▶ auditor ◀───────────────────────────────┘
//! ```
//!
//! **Not here:** any rule of the product. The auditor has reckoning of its own for courses, hours, clocks and hashes,
//! so that one mistake is not made twice.
//!
//! **Invariants**
//! - One seed determines everything: the same plan gives the same trace, line by line. Everything runs on one thread;
//!   a call of a store is finished before anything else happens.
//! - "Not now" is an answer that a fault may cause; a wrong answer never is, nor "not now" without a fault.
//! - The auditor believes acknowledgements only. What nobody was told is looked up once.
//!
//! **Start reading** at [`run`], then `simulator.rs` (what happens), `faults.rs` (what goes wrong), `auditor.rs` (what
//! has to hold). `docs/simulation.md` says how to use it.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a simulation that cannot go on fails by panicking, and nobody is served by it"
)]

mod auditor;
mod clock;
mod commands;
mod courier;
mod faults;
mod letters;
mod mischief;
mod simulator;
mod storage;
mod trace;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

pub use mischief::Mischief;
pub use storage::Store;
use trace::Trace;
use yinuo_core::id::OrgId;

/// What is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Determines everything.
    pub seed: u64,
    /// How many things happen.
    pub steps: u64,
    /// On which store.
    pub store: Store,
    /// What the store does wrong on purpose, for tests of the auditor.
    pub mischief: Option<Mischief>,
}

/// A course that the auditor had nothing to say against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// SHA-256 over the trace, in hexadecimal.
    pub digest: String,
    /// What happened, one line a step.
    pub trace: String,
    /// Whether the mischief of the plan found its occasion.
    pub mischief_done: bool,
}

/// A course that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was played.
    pub plan: Plan,
    /// What is not as it should be.
    pub objections: Vec<String>,
    /// What happened until then.
    pub trace: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { seed, steps, store, .. } = &self.plan;
        writeln!(f, "seed {seed} on {store} went wrong after:\n{}", self.trace)?;
        for objection in &self.objections {
            writeln!(f, "objection: {objection}")?;
        }
        write!(f, "repeat it with: cargo xtask sim --seed {seed} --steps {steps} --store {store}")
    }
}

/// Plays one course from its beginning to the last audit.
///
/// # Panics
/// Never: what panics inside is a failure of the course.
pub fn run(plan: &Plan) -> Result<Course, Box<Failure>> {
    let trace = Trace::default();
    let failure =
        |objections: Vec<String>| Box::new(Failure { plan: plan.clone(), objections, trace: trace.text() });
    let played = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a thread is enough");
        runtime.block_on(async {
            let mut simulator = simulator::Simulator::open(plan, &trace).await;
            simulator.play().await;
            (std::mem::take(&mut simulator.objections), faults::lock(&simulator.shared.mischief).done())
        })
    }));
    match played {
        Ok((objections, mischief_done)) if objections.is_empty() => {
            Ok(Course { digest: trace.digest(), trace: trace.text(), mischief_done })
        }
        Ok((objections, _)) => Err(failure(objections)),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(failure(vec![format!("it panicked: {}", said.unwrap_or_default())]))
        }
    }
}

/// The organisation that is played.
pub(crate) fn org() -> OrgId {
    OrgId::new("acme").expect("a short name")
}
