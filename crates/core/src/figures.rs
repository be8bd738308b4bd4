//! Figures: what the rows of clocks and tickets say about a stretch of time (S1, S3, P11).
//!
//! [`Figures`] takes rows one by one and keeps nothing of them but tallies, one duration for each clock that was stopped
//! and the gravest overdue cases; so a million rows need eight megabytes and no list. [`Figures::report`] ends the tally.
//! Rows hold dated facts only: every clock is judged as of [`Basis::as_of`], an end that lies after it has not happened.
//! Each figure carries the [`Filter`] that picks the rows, and so the tickets, behind it.

mod cases;
mod filter;
mod share;
mod spread;
mod tickets;

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use yinuo_commitment::PromiseId;

use self::{cases::Cases, tickets::TicketTally};
pub use self::{
    cases::{OverdueCase, OverdueCause},
    filter::{Dimension, Filter, Month, TicketTrait, Value, Verdict},
    share::Share,
    spread::{Spread, TIME_BUCKETS_US, Times, USE_BUCKETS_PERCENT},
    tickets::{QuestionFigures, TicketFigures},
};
use crate::view::{ClockRow, TicketRow};

/// What figures are made against.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The instant as of which clocks are judged.
    pub as_of: Timestamp,
    /// The zone whose calendar months group rows.
    pub zone: TimeZone,
    /// What rows are grouped by; none: totals only.
    pub by: Option<Dimension>,
    /// How many overdue cases are listed; all are counted.
    pub cases_max: usize,
    /// The standard of satisfaction in percent, if a letter states one (S3).
    pub survey_standard: Option<u8>,
}

/// A tally of rows.
#[derive(Debug, Clone)]
pub struct Figures {
    basis: Basis,
    groups: BTreeMap<Option<Value>, Group>,
    cases: Cases,
}

#[derive(Debug, Clone, Default)]
struct Group {
    /// In order of letter and promise.
    cells: Vec<Cell>,
    tickets: TicketTally,
}

/// Clocks of one promise in one group.
#[derive(Debug, Clone)]
struct Cell {
    commitment: String,
    promise: PromiseId,
    counts: Counts,
    spread: spread::Tally,
}

/// How many clocks stood how, as of the instant of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Stopped in time.
    pub met: u64,
    /// Stopped late.
    pub late: u64,
    /// Past the due instant and not stopped.
    pub overdue: u64,
    /// Not yet due.
    pub running: u64,
    /// Open without a due instant: a pause with no known end comes first, or nothing says yet when it is due.
    pub undated: u64,
    /// Excepted with all that it needs (T8).
    pub excepted: u64,
    /// No longer applied.
    pub void: u64,
}

/// What was promised and how it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct PromiseFigures {
    /// Number of the letter.
    pub commitment: String,
    /// The promise; `breach.minor`, `breach.major` and `survey.low` are clocks that a breach or a low rating opened.
    pub promise: PromiseId,
    /// The clocks behind it.
    pub filter: Filter,
    /// How they stood.
    pub counts: Counts,
    /// Share met of those that are decided; none while none is.
    pub service_level: Option<Share>,
    /// Times of the clocks that were stopped; none while none was.
    pub times: Option<Times>,
    /// How those times spread.
    pub spread: Spread,
}

/// Figures of one team, kind, month and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupFigures {
    /// What the rows of the group have in common.
    pub value: Value,
    /// The clocks behind it.
    pub filter: Filter,
    /// Clocks of all promises together.
    pub counts: Counts,
    /// Share met of all promises together.
    pub service_level: Option<Share>,
    /// Each promise by itself, in order of letter and promise.
    pub promises: Vec<PromiseFigures>,
    /// Tickets of the group.
    pub tickets: TicketFigures,
}

/// The figures of everything that was added.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The instant as of which clocks were judged.
    pub as_of: Timestamp,
    /// Clocks of all promises together.
    pub counts: Counts,
    /// Share met of all promises together.
    pub service_level: Option<Share>,
    /// Each promise by itself, in order of letter and promise.
    pub promises: Vec<PromiseFigures>,
    /// By the dimension of the basis, in order of its values; rows without a value come first.
    pub groups: Vec<GroupFigures>,
    /// Tickets.
    pub tickets: TicketFigures,
    /// The cases with the longest overrun, longest first.
    pub cases: Vec<OverdueCase>,
    /// How many overdue cases there are.
    pub cases_total: u64,
}

impl Counts {
    /// Counts one more.
    pub const fn add(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Met => &mut self.met,
            Verdict::Late => &mut self.late,
            Verdict::Overdue => &mut self.overdue,
            Verdict::Running => &mut self.running,
            Verdict::Undated => &mut self.undated,
            Verdict::Excepted => &mut self.excepted,
            Verdict::Void => &mut self.void,
        };
        *count = count.saturating_add(1);
    }

    /// How many clocks stood so.
    pub const fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Met => self.met,
            Verdict::Late => self.late,
            Verdict::Overdue => self.overdue,
            Verdict::Running => self.running,
            Verdict::Undated => self.undated,
            Verdict::Excepted => self.excepted,
            Verdict::Void => self.void,
        }
    }

    /// All clocks.
    pub fn total(&self) -> u64 {
        Verdict::ALL.iter().map(|verdict| self.of(*verdict)).fold(0, u64::saturating_add)
    }

    /// Share met of those that are decided: met, late and overdue. Clocks that still run cannot flatter or harm it.
    pub fn service_level(&self) -> Option<Share> {
        Share::of(self.met, self.met.saturating_add(self.late).saturating_add(self.overdue))
    }

    fn absorb(&mut self, other: &Self) {
        self.met = self.met.saturating_add(other.met);
        self.late = self.late.saturating_add(other.late);
        self.overdue = self.overdue.saturating_add(other.overdue);
        self.running = self.running.saturating_add(other.running);
        self.undated = self.undated.saturating_add(other.undated);
        self.excepted = self.excepted.saturating_add(other.excepted);
        self.void = self.void.saturating_add(other.void);
    }
}

impl Figures {
    /// An empty tally.
    pub fn new(basis: Basis) -> Self {
        let cases = Cases::new(basis.cases_max);
        Self { basis, groups: BTreeMap::new(), cases }
    }

    /// Adds a clock. One that started after the instant of the figures is left out.
    pub fn add(&mut self, row: &ClockRow) {
        let Some(verdict) = Verdict::of(row, self.basis.as_of) else { return };
        let value = self.basis.by.map(|by| Value::of_clock(row, by, &self.basis.zone));
        let cell = self.groups.entry(value).or_default().cell(row);
        cell.counts.add(verdict);
        cell.spread.add(row, verdict);
        if matches!(verdict, Verdict::Late | Verdict::Overdue) {
            self.cases.add(row, verdict, self.basis.as_of);
        }
    }

    /// Adds a ticket. One that came in after the instant of the figures is left out.
    pub fn add_ticket(&mut self, row: &TicketRow) {
        if row.received_at > self.basis.as_of {
            return;
        }
        let value = self.basis.by.map(|by| Value::of_ticket(row, by, &self.basis.zone));
        self.groups.entry(value).or_default().tickets.add(row);
    }

    /// Ends the tally.
    pub fn report(self) -> Report {
        let standard = self.basis.survey_standard;
        let mut all = Group::default();
        let mut groups = Vec::new();
        for (value, group) in self.groups {
            all.absorb(&group);
            if let Some(value) = value {
                groups.push(group.figures(value, standard));
            }
        }
        let counts = all.counts();
        let (cases, cases_total) = self.cases.longest();
        Report {
            as_of: self.basis.as_of,
            counts,
            service_level: counts.service_level(),
            tickets: all.tickets.figures(None, standard),
            promises: all.cells.into_iter().map(|cell| cell.figures(None)).collect(),
            groups,
            cases,
            cases_total,
        }
    }
}

impl Group {
    fn cell(&mut self, row: &ClockRow) -> &mut Cell {
        self.cell_of(&row.clock.commitment, &row.clock.promise)
    }

    fn cell_of(&mut self, commitment: &str, promise: &PromiseId) -> &mut Cell {
        let place = self
            .cells
            .binary_search_by(|cell| (cell.commitment.as_str(), &cell.promise).cmp(&(commitment, promise)));
        let place = place.unwrap_or_else(|place| {
            self.cells.insert(
                place,
                Cell {
                    commitment: commitment.to_owned(),
                    promise: promise.clone(),
                    counts: Counts::default(),
                    spread: spread::Tally::default(),
                },
            );
            place
        });
        #[expect(
            clippy::indexing_slicing,
            reason = "the search found this place or the line above filled it"
        )]
        &mut self.cells[place]
    }

    fn absorb(&mut self, other: &Self) {
        for cell in &other.cells {
            let own = self.cell_of(&cell.commitment, &cell.promise);
            own.counts.absorb(&cell.counts);
            own.spread.absorb(&cell.spread);
        }
        self.tickets.absorb(&other.tickets);
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.cells.iter().for_each(|cell| counts.absorb(&cell.counts));
        counts
    }

    fn figures(self, value: Value, standard: Option<u8>) -> GroupFigures {
        let counts = self.counts();
        GroupFigures {
            filter: Filter { value: Some(value.clone()), ..Filter::default() },
            counts,
            service_level: counts.service_level(),
            tickets: self.tickets.figures(Some(&value), standard),
            promises: self.cells.into_iter().map(|cell| cell.figures(Some(&value))).collect(),
            value,
        }
    }
}

impl Cell {
    fn figures(self, value: Option<&Value>) -> PromiseFigures {
        let (times, spread) = self.spread.figures();
        let promise = Some((self.commitment.clone(), self.promise.clone()));
        PromiseFigures {
            filter: Filter { promise, value: value.cloned(), ..Filter::default() },
            commitment: self.commitment,
            promise: self.promise,
            service_level: self.counts.service_level(),
            counts: self.counts,
            times,
            spread,
        }
    }
}
