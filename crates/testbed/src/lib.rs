//! The test bed: servers of one's own for tests, in a folder of their own, gone when the test is.
//!
//! ```no_run
//! use yinuo_testbed::{Options, PostgresCluster};
//! let cluster = PostgresCluster::start(&Options::default());
//! let url = cluster.create_database("desk");
//! cluster.kill(); // as a power cut would
//! cluster.restart();
//! ```
//!
//! **Not here:** anything of the product; nothing that is shipped depends on this crate. No database client: the
//! programs of PostgreSQL are asked instead.
//!
//! **Invariants**
//! - Nothing of the machine is used but its programs: no system cluster, no fixed port, no user that has to be made.
//!   PostgreSQL refuses to run as root; then it runs as the user `postgres`, or `nobody`.
//! - Nothing is left behind, however the test ends: by returning, panicking, leaving values in statics, or being killed.
//!   See [`Folder`].
//! - What cannot be set up fails the test and says what is missing. Nothing is skipped.
//!
//! **Start reading** at [`PostgresCluster`], then [`Folder`].
#![expect(clippy::expect_used, reason = "what cannot be set up fails the test that asked for it")]
#![expect(clippy::missing_panics_doc, reason = "everything here panics if the machine does not play along")]

mod folder;
mod haproxy;
mod patience;
mod patroni;
mod postgres;
mod process;
mod programs;

pub use folder::Folder;
pub use haproxy::Haproxy;
pub use patience::{PATIENCE, until};
pub use patroni::PatroniCluster;
pub use postgres::{Held, Options, PostgresCluster, query, try_query};
pub use process::Process;
pub use programs::{free_port, postgres_program, program};
