//! What was played, for whoever asked for it.

use jiff::Timestamp;
use yinuo_core::roster::Role;

/// An account of the example that newcomers may sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Sign-in name.
    pub account: String,
    /// Name of the person.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// What was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Tickets received.
    pub tickets: usize,
    /// Tickets not closed at the end.
    pub open: usize,
    /// Commands given by staff and customers.
    pub commands: usize,
    /// Tickets ticked by alarms.
    pub ticks: u64,
    /// Commands that the domain refused, with ticket and reason; empty unless the letters were changed.
    pub refused: Vec<String>,
    /// One account for each role.
    pub accounts: Vec<Account>,
}
