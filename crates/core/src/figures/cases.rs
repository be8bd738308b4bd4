//! Overdue cases, each with its cause (S1).

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use jiff::Timestamp;

use super::Verdict;
use crate::{
    clock::ClockKey,
    id::{MemberId, TeamId, TicketId},
    ticket::Stage,
    view::{ClockRow, TicketRow},
};

/// A clock that was stopped late or is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueCase {
    /// Ticket.
    pub ticket: TicketId,
    /// Clock.
    pub clock: ClockKey,
    /// Owning team.
    pub team: Option<TeamId>,
    /// Owning person.
    pub member: Option<MemberId>,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was stopped after all.
    pub stopped_at: Option<Timestamp>,
    /// Wall-clock time from the due instant to the stop or to the instant of the figures, in microseconds.
    pub overrun_us: i64,
    /// Working time beyond the budget, once stopped and if the budget was known beforehand, in microseconds.
    pub overrun_worked_us: Option<i64>,
    /// Why, as far as the clock tells; [`OverdueCase::cause_with`] looks at the ticket, too.
    pub cause: OverdueCause,
}

/// Why a promise was missed, as far as the record tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OverdueCause {
    /// No person owned the ticket.
    NobodyOwned,
    /// Somebody owned it, and no person has told the customer anything yet.
    NobodyAnswered,
    /// The customer was awaited, and the promise knows no pause for it.
    CustomerAwaited,
    /// Work goes on beyond the due instant.
    StillOpen,
    /// What was promised came, but late.
    CameLate,
}

impl OverdueCause {
    /// Every cause.
    pub const ALL: &'static [OverdueCause] = &[
        OverdueCause::NobodyOwned,
        OverdueCause::NobodyAnswered,
        OverdueCause::CustomerAwaited,
        OverdueCause::StillOpen,
        OverdueCause::CameLate,
    ];

    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            OverdueCause::NobodyOwned => "nobody-owned",
            OverdueCause::NobodyAnswered => "nobody-answered",
            OverdueCause::CustomerAwaited => "customer-awaited",
            OverdueCause::StillOpen => "still-open",
            OverdueCause::CameLate => "came-late",
        }
    }
}

impl OverdueCase {
    fn new(row: &ClockRow, verdict: Verdict, as_of: Timestamp) -> Option<Self> {
        let due_at = row.due_at?;
        let stopped_at = row.end.filter(|_| verdict == Verdict::Late).map(|(_, at)| at);
        let until = stopped_at.unwrap_or(as_of);
        let cause = match (stopped_at, row.member) {
            (Some(_), _) => OverdueCause::CameLate,
            (None, None) => OverdueCause::NobodyOwned,
            (None, Some(_)) => OverdueCause::StillOpen,
        };
        let beyond =
            row.worked_us.zip(row.budget_us).map(|(worked, budget)| worked.saturating_sub(budget).max(0));
        Some(Self {
            ticket: row.ticket,
            clock: row.clock.clone(),
            team: row.team.clone(),
            member: row.member,
            due_at,
            stopped_at,
            overrun_us: until.as_microsecond().saturating_sub(due_at.as_microsecond()),
            overrun_worked_us: beyond.filter(|_| stopped_at.is_some()),
            cause,
        })
    }

    /// The cause as the line of its ticket tells it.
    pub fn cause_with(&self, ticket: &TicketRow) -> OverdueCause {
        match (self.cause, ticket.stage) {
            (OverdueCause::StillOpen, Stage::Waiting) => OverdueCause::NobodyAnswered,
            (OverdueCause::StillOpen, Stage::WaitingForCustomer) => OverdueCause::CustomerAwaited,
            (cause, _) => cause,
        }
    }
}

/// The cases with the longest overrun among all that were added.
#[derive(Debug, Clone)]
pub(super) struct Cases {
    max: usize,
    total: u64,
    /// The shortest of them on top, to make room for a longer one.
    kept: BinaryHeap<Reverse<ByOverrun>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ByOverrun(OverdueCase);

impl Ord for ByOverrun {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |case: &OverdueCase| (case.overrun_us, Reverse(case.ticket));
        key(&self.0).cmp(&key(&other.0)).then_with(|| other.0.clock.cmp(&self.0.clock))
    }
}

impl PartialOrd for ByOverrun {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Cases {
    pub(super) const fn new(max: usize) -> Self {
        Self { max, total: 0, kept: BinaryHeap::new() }
    }

    pub(super) fn add(&mut self, row: &ClockRow, verdict: Verdict, as_of: Timestamp) {
        self.total = self.total.saturating_add(1);
        let Some(case) = OverdueCase::new(row, verdict, as_of) else { return };
        self.kept.push(Reverse(ByOverrun(case)));
        if self.kept.len() > self.max {
            self.kept.pop();
        }
    }

    /// The kept cases, longest overrun first, and how many there were in all.
    pub(super) fn longest(self) -> (Vec<OverdueCase>, u64) {
        let sorted = self.kept.into_sorted_vec();
        (sorted.into_iter().map(|Reverse(ByOverrun(case))| case).collect(), self.total)
    }
}
