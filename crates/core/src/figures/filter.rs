//! Which rows a figure is made of.

use std::fmt;

use jiff::{Timestamp, tz::TimeZone};
use yinuo_commitment::{Channel, Grade, Kind, PromiseId};

use crate::{
    clock::ClockEnd,
    id::{MemberId, TeamId},
    view::{ClockRow, TicketRow},
};

/// How a clock stands as of an instant, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Stopped in time.
    Met,
    /// Stopped late.
    Late,
    /// Past the due instant and not stopped.
    Overdue,
    /// Not yet due.
    Running,
    /// Open without a due instant.
    Undated,
    /// Excepted.
    Excepted,
    /// No longer applies.
    Void,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: &'static [Verdict] = &[
        Verdict::Met,
        Verdict::Late,
        Verdict::Overdue,
        Verdict::Running,
        Verdict::Undated,
        Verdict::Excepted,
        Verdict::Void,
    ];

    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::Late => "late",
            Verdict::Overdue => "overdue",
            Verdict::Running => "running",
            Verdict::Undated => "undated",
            Verdict::Excepted => "excepted",
            Verdict::Void => "void",
        }
    }

    /// The verdict that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verdict| verdict.word() == word)
    }

    /// How the clock of `row` stands as of `as_of`; none before it has started. The due instant counts in the pauses
    /// known to the row, later ones included.
    pub fn of(row: &ClockRow, as_of: Timestamp) -> Option<Self> {
        if row.started_at > as_of {
            return None;
        }
        Some(match (row.end.filter(|(_, at)| *at <= as_of), row.due_at) {
            (Some((ClockEnd::Met, _)), _) => Verdict::Met,
            (Some((ClockEnd::Late, _)), _) => Verdict::Late,
            (Some((ClockEnd::Excepted, _)), _) => Verdict::Excepted,
            (Some((ClockEnd::Void, _)), _) => Verdict::Void,
            (None, Some(due)) if as_of > due => Verdict::Overdue,
            (None, Some(_)) => Verdict::Running,
            (None, None) => Verdict::Undated,
        })
    }
}

/// What rows can be grouped by, besides their promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Kind of the request.
    Kind,
    /// The way it came in.
    Channel,
    /// Owning team.
    Team,
    /// Owning person.
    Member,
    /// Topic.
    Topic,
    /// Month in which the clock started or the ticket came in.
    Month,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: &'static [Dimension] = &[
        Dimension::Kind,
        Dimension::Channel,
        Dimension::Team,
        Dimension::Member,
        Dimension::Topic,
        Dimension::Month,
    ];

    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            Dimension::Kind => "kind",
            Dimension::Channel => "channel",
            Dimension::Team => "team",
            Dimension::Member => "member",
            Dimension::Topic => "topic",
            Dimension::Month => "month",
        }
    }

    /// The dimension that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dimension| dimension.word() == word)
    }
}

/// A calendar month; prints as `2026-09`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// Year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month of `at` in `zone`.
    pub fn of(at: Timestamp, zone: &TimeZone) -> Self {
        let date = zone.to_datetime(at).date();
        Self { year: date.year(), month: date.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What the rows of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Kind of the request.
    Kind(Kind),
    /// The way it came in.
    Channel(Channel),
    /// Owning team, or nobody's.
    Team(Option<TeamId>),
    /// Owning person, or nobody's.
    Member(Option<MemberId>),
    /// Topic, or none given.
    Topic(Option<String>),
    /// Month.
    Month(Month),
}

impl Value {
    /// What `row` has in the dimension `by`.
    pub fn of_clock(row: &ClockRow, by: Dimension, zone: &TimeZone) -> Self {
        match by {
            Dimension::Kind => Value::Kind(row.kind),
            Dimension::Channel => Value::Channel(row.channel),
            Dimension::Team => Value::Team(row.team.clone()),
            Dimension::Member => Value::Member(row.member),
            Dimension::Topic => Value::Topic(row.topic.clone()),
            Dimension::Month => Value::Month(Month::of(row.started_at, zone)),
        }
    }

    /// What `row` has in the dimension `by`.
    pub fn of_ticket(row: &TicketRow, by: Dimension, zone: &TimeZone) -> Self {
        match by {
            Dimension::Kind => Value::Kind(row.kind),
            Dimension::Channel => Value::Channel(row.channel),
            Dimension::Team => Value::Team(row.team.clone()),
            Dimension::Member => Value::Member(row.member),
            Dimension::Topic => Value::Topic(row.topic.clone()),
            Dimension::Month => Value::Month(Month::of(row.received_at, zone)),
        }
    }

    /// Its dimension.
    pub const fn dimension(&self) -> Dimension {
        match self {
            Value::Kind(_) => Dimension::Kind,
            Value::Channel(_) => Dimension::Channel,
            Value::Team(_) => Dimension::Team,
            Value::Member(_) => Dimension::Member,
            Value::Topic(_) => Dimension::Topic,
            Value::Month(_) => Dimension::Month,
        }
    }
}

/// What a ticket may have that rates count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketTrait {
    /// Somebody still has to do something.
    Open,
    /// Its last round is closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// The customer complained again about the same matter.
    SecondComplaint,
    /// Settled at the first contact.
    FirstContact,
    /// Its gravest breach is of this grade.
    Breach(Grade),
    /// The customer rated this question.
    Rated(String),
}

/// Picks the rows behind a figure. What is none means any; everything given has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Letter and promise, for clocks.
    pub promise: Option<(String, PromiseId)>,
    /// What the rows have in common.
    pub value: Option<Value>,
    /// How the clocks stand.
    pub verdict: Option<Verdict>,
    /// What the tickets have.
    pub ticket: Option<TicketTrait>,
}

impl Filter {
    /// The same, narrowed to clocks that stand so: the list behind one count.
    #[must_use]
    pub fn with(&self, verdict: Verdict) -> Self {
        Self { verdict: Some(verdict), ..self.clone() }
    }

    /// Whether a clock is behind the figure.
    pub fn holds(&self, row: &ClockRow, as_of: Timestamp, zone: &TimeZone) -> bool {
        let Some(verdict) = Verdict::of(row, as_of) else { return false };
        self.verdict.is_none_or(|wanted| wanted == verdict)
            && self.promise.as_ref().is_none_or(|(commitment, promise)| {
                *commitment == row.clock.commitment && *promise == row.clock.promise
            })
            && self.value.as_ref().is_none_or(|value| *value == Value::of_clock(row, value.dimension(), zone))
    }

    /// Whether a ticket is behind the figure; letter, promise and verdict say nothing about tickets.
    pub fn holds_ticket(&self, row: &TicketRow, as_of: Timestamp, zone: &TimeZone) -> bool {
        row.received_at <= as_of
            && self
                .value
                .as_ref()
                .is_none_or(|value| *value == Value::of_ticket(row, value.dimension(), zone))
            && self.ticket.as_ref().is_none_or(|wanted| wanted.fits(row))
    }
}

impl TicketTrait {
    /// Whether the ticket of `row` has it.
    pub fn fits(&self, row: &TicketRow) -> bool {
        match self {
            TicketTrait::Open => row.open,
            TicketTrait::Closed => row.closed_at.is_some(),
            TicketTrait::Reopened => row.round > 1,
            TicketTrait::SecondComplaint => row.second_complaint,
            TicketTrait::FirstContact => row.first_contact,
            TicketTrait::Breach(grade) => row.breach == Some(*grade),
            TicketTrait::Rated(question) => row.ratings.iter().any(|(rated, _)| rated == question),
        }
    }
}
