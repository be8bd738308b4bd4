//! How a due instant comes about, row by row, for people.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinuo_calendar::{Explanation, NoDue, Row, RowKind, Shut};

use super::scalar::{Instant, Localised, millis};

/// How a due instant comes about: rows that tile the time from the start to the due instant without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Derivation {
    /// Title of the promise.
    pub title: Localised,
    /// The budget in words.
    pub budget: Localised,
    /// Working time to be used up.
    pub budget_ms: i64,
    /// Name of the calendar in the letter.
    pub calendar: Option<String>,
    /// Zone in which the dates are meant.
    pub zone: String,
    /// Where the clock starts.
    pub start: Instant,
    /// For a budget of working days: the dates that count, first to last, as `2026-11-23`.
    pub workdays: Vec<String>,
    /// What lies between.
    pub rows: Vec<DerivationRow>,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// Why nothing says when it is due.
    pub no_due: Option<NoDueReason>,
    /// The first year in between without official holiday data: the due instant is provisional.
    pub provisional_year: Option<i16>,
}

/// A stretch of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DerivationRow {
    /// Its beginning.
    pub from: Instant,
    /// Its end; not part of it.
    pub to: Instant,
    /// The local date to which it belongs, as `2026-11-23`.
    pub date: String,
    /// Whether it counts, and if not, why.
    pub kind: RowWord,
    /// Name of the holiday, if it is one.
    pub holiday: Option<String>,
    /// Working time counted in it.
    pub counted_ms: i64,
    /// Working time counted up to its end.
    pub total_ms: i64,
    /// The row in words.
    pub text: Localised,
}

/// Kind of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RowWord {
    /// Working time that uses up the budget.
    Counted,
    /// Working time in a pause.
    Paused,
    /// Before, between or after the hours of a date.
    OutsideHours,
    /// A weekday without hours.
    WeekdayOff,
    /// A closed date, such as a holiday.
    ClosedDate,
    /// A date with special hours, which are none.
    SpecialOff,
}

/// Why nothing says when it is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoDueReason {
    /// Which.
    pub code: NoDueWord,
    /// In words.
    pub text: Localised,
}

/// Why nothing says when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoDueWord {
    /// A pause without an end comes first.
    Paused,
    /// The calendar has no more hours.
    NoMoreHours,
    /// Too far away.
    BeyondHorizon,
    /// Not measured on the calendar: rings, a call, or an instant that the customer is told.
    NotOnCalendar,
}

/// What a derivation is about.
pub(crate) struct About {
    pub(crate) title: Localised,
    pub(crate) budget: Localised,
    pub(crate) calendar: Option<String>,
    pub(crate) zone: String,
    pub(crate) provisional_year: Option<i16>,
}

impl Derivation {
    /// The derivation of a due instant on a calendar.
    pub(crate) fn of(about: About, explanation: &Explanation) -> Self {
        Self {
            title: about.title,
            budget: about.budget,
            calendar: about.calendar,
            zone: about.zone,
            budget_ms: millis(explanation.budget),
            start: explanation.start.into(),
            workdays: explanation.workdays.iter().map(ToString::to_string).collect(),
            rows: explanation.rows.iter().map(DerivationRow::of).collect(),
            due_at: explanation.due.as_ref().ok().copied().map(Instant),
            no_due: explanation.due.as_ref().err().map(NoDueReason::of),
            provisional_year: about.provisional_year,
        }
    }

    /// The derivation of a due instant that a person told or a call decides: a start and an end, with nothing to count.
    pub(crate) fn untimed(about: About, start: Timestamp, due: Option<Timestamp>) -> Self {
        let no_due = NoDueReason {
            code: NoDueWord::NotOnCalendar,
            text: Localised {
                zh: "这一条款不按工作日历计时：由告知客户的时间或通话本身决定。".to_owned(),
                en: "This promise is not measured on a calendar: the instant that the customer is told, or the call itself, decides.".to_owned(),
            },
        };
        Self {
            title: about.title,
            budget: about.budget,
            calendar: about.calendar,
            zone: about.zone,
            budget_ms: 0,
            start: start.into(),
            workdays: Vec::new(),
            rows: Vec::new(),
            due_at: due.map(Instant),
            no_due: due.is_none().then_some(no_due),
            provisional_year: about.provisional_year,
        }
    }
}

impl NoDueReason {
    fn of(reason: &NoDue) -> Self {
        let code = match reason {
            NoDue::Paused { .. } => NoDueWord::Paused,
            NoDue::NoMoreHours => NoDueWord::NoMoreHours,
            NoDue::BeyondHorizon => NoDueWord::BeyondHorizon,
        };
        Self { code, text: Localised { zh: reason.zh(), en: reason.to_string() } }
    }
}

impl DerivationRow {
    fn of(row: &Row) -> Self {
        let (kind, holiday, zh, en) = match &row.kind {
            RowKind::Counted => (RowWord::Counted, None, "计入工作时间".to_owned(), "counts".to_owned()),
            RowKind::Paused => (RowWord::Paused, None, "暂停计时".to_owned(), "paused".to_owned()),
            RowKind::Shut(Shut::OutsideHours) => {
                (RowWord::OutsideHours, None, "非工作时段".to_owned(), "outside the hours".to_owned())
            }
            RowKind::Shut(Shut::WeekdayOff) => {
                (RowWord::WeekdayOff, None, "休息日".to_owned(), "a day off".to_owned())
            }
            RowKind::Shut(Shut::ClosedDate { name: Some(name) }) => (
                RowWord::ClosedDate,
                Some(name.clone()),
                format!("节假日：{name}"),
                format!("holiday: {name}"),
            ),
            RowKind::Shut(Shut::ClosedDate { name: None }) => {
                (RowWord::ClosedDate, None, "停业日".to_owned(), "closed".to_owned())
            }
            RowKind::Shut(Shut::SpecialOff) => (
                RowWord::SpecialOff,
                None,
                "当日特别安排：不工作".to_owned(),
                "special hours: none".to_owned(),
            ),
        };
        Self {
            from: row.from.into(),
            to: row.to.into(),
            date: row.date.to_string(),
            kind,
            holiday,
            counted_ms: millis(row.counted),
            total_ms: millis(row.total),
            text: Localised { zh, en },
        }
    }
}
