//! The derivation of a due instant, as data for people.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::instant::{self, SECOND_US};
use super::timeline::{DAY_SECONDS, Timeline, date_of};
use super::{Calendar, DayOne, NoDue};
use crate::pauses::Pauses;

/// How a due instant comes about: rows that tile the time from the start to the due instant without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Where the clock starts.
    pub start: Timestamp,
    /// The working time to be used up. For N working days it is what those days hold from the start on.
    pub budget: SignedDuration,
    /// For N working days: the dates that count as the first to the Nth. Empty for a budget of time.
    pub workdays: Vec<Date>,
    /// What lies between, in order. Without a due instant: as far as it can be told.
    pub rows: Vec<Row>,
    /// The answer, the same as [`super::Calendar::due`] or [`super::Calendar::nth_workday_end`] gives.
    pub due: Result<Timestamp, NoDue>,
}

/// A stretch of one kind, half-open, within one date or, when shut, over several dates for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
    /// The local date to which it belongs: for working time the date on which the hours open, else the first date.
    pub date: Date,
    /// Whether it counts, and if not, why.
    pub kind: RowKind,
    /// Working time counted in this row; zero unless it is [`RowKind::Counted`].
    pub counted: SignedDuration,
    /// Working time counted up to the end of this row.
    pub total: SignedDuration,
}

/// Whether a stretch counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// Working time that uses up the budget.
    Counted,
    /// Working time in a pause.
    Paused,
    /// No working time.
    Shut(Shut),
}

/// Why there is no working time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shut {
    /// Before, between or after the hours of a date that has some.
    OutsideHours,
    /// The weekday has no hours.
    WeekdayOff,
    /// The date is closed; with the name of the holiday, if it is known.
    ClosedDate {
        /// Such as 春节.
        name: Option<String>,
    },
    /// The date has special hours, and they are none.
    SpecialOff,
}

impl Calendar {
    /// How [`Self::due`] comes about.
    pub fn explain(&self, start: Timestamp, budget: SignedDuration, pauses: &Pauses) -> Explanation {
        let budget = SignedDuration::from_micros(instant::budget_micros(budget));
        self.explanation(start, budget, Vec::new(), self.due(start, budget, pauses), pauses)
    }

    /// How [`Self::nth_workday_end`] comes about.
    pub fn explain_workdays(&self, start: Timestamp, n: u32, pauses: &Pauses) -> Explanation {
        self.explain_days(start, n, DayOne::AfterStart, pauses)
    }

    /// How [`Self::nth_workday_end_from_start_day`] comes about.
    pub fn explain_workdays_from_start_day(&self, start: Timestamp, n: u32, pauses: &Pauses) -> Explanation {
        self.explain_days(start, n, DayOne::StartIfWorking, pauses)
    }

    fn explain_days(&self, start: Timestamp, n: u32, one: DayOne, pauses: &Pauses) -> Explanation {
        let positions = self.workday_positions(instant::micros(start), n, one).unwrap_or_default();
        let days: Vec<(i64, i64)> = positions.filter_map(|at| self.inner.workdays.at(at)).collect();
        let end = days.last().map_or(start, |(_, end)| instant::timestamp(end * SECOND_US));
        let budget = self.elapsed(start, end, &Pauses::none());
        let workdays = days.iter().map(|(day, _)| date_of(*day)).collect();
        self.explanation(start, budget, workdays, self.workdays_due(start, n, one, pauses), pauses)
    }

    fn explanation(
        &self,
        start: Timestamp,
        budget: SignedDuration,
        workdays: Vec<Date>,
        due: Result<Timestamp, NoDue>,
        pauses: &Pauses,
    ) -> Explanation {
        let to = match due {
            Ok(due) => due,
            Err(NoDue::Paused { since }) => since,
            Err(NoDue::NoMoreHours | NoDue::BeyondHorizon) => start,
        };
        Explanation { start, budget, workdays, rows: self.explain_span(start, to, pauses), due }
    }

    /// What the time from `from` to `to` is made of: rows that tile it. Their counted time sums up to
    /// [`Self::elapsed`]. For a clock that still runs, `to` is now.
    pub fn explain_span(&self, from: Timestamp, to: Timestamp, pauses: &Pauses) -> Vec<Row> {
        let (from_us, to_us) = (instant::micros(from), instant::micros(to));
        let mut teller = Teller { calendar: self, cursor_us: from_us, total_us: 0, rows: Vec::new() };
        if from_us >= to_us {
            return teller.rows;
        }
        let timeline = Timeline::new(
            &self.inner.zone,
            from_us.div_euclid(SECOND_US) - 5 * DAY_SECONDS,
            to_us.div_euclid(SECOND_US) + 5 * DAY_SECONDS,
        );
        let dates = spans_by_date(from_us, to_us, &timeline, |day, each| timeline.date_spans(day, each));
        let mut working = spans_by_date(from_us, to_us, &timeline, |day, each| {
            timeline.working_spans(&self.inner.plan, day, each);
        });
        if self.inner.table.is_none() {
            // Midnight is nothing to a 24×7 clock: one row is what people want to see.
            working = vec![(from_us, to_us, timeline.local_day(from_us.div_euclid(SECOND_US)))];
        }
        for (begin_us, end_us, day) in working {
            teller.push_shut(begin_us, &dates);
            teller.push_working(end_us, day, pauses);
        }
        teller.push_shut(to_us, &dates);
        teller.rows
    }
}

/// Spans `(from, to, day)` in microseconds, cut to `from_us..to_us` and sorted, of all dates near it.
fn spans_by_date(
    from_us: i64,
    to_us: i64,
    timeline: &Timeline,
    spans_of: impl Fn(i64, &mut dyn FnMut(i64, i64)),
) -> Vec<(i64, i64, i64)> {
    let day = |us: i64| timeline.local_day(us.div_euclid(SECOND_US));
    let mut spans = Vec::new();
    // The hours of a date reach at most into the next but one, even if the clock is set back by a day.
    for day in day(from_us) - 3..=day(to_us) + 1 {
        spans_of(day, &mut |begin, end| {
            let (begin_us, end_us) = ((begin * SECOND_US).max(from_us), (end * SECOND_US).min(to_us));
            if begin_us < end_us {
                spans.push((begin_us, end_us, day));
            }
        });
    }
    spans.sort_unstable();
    spans
}

/// Tells time as rows, in order: everything before `cursor_us` is told.
struct Teller<'a> {
    calendar: &'a Calendar,
    cursor_us: i64,
    total_us: i64,
    rows: Vec<Row>,
}

impl Teller<'_> {
    /// Tells the time up to `to_us` as shut, date by date.
    fn push_shut(&mut self, to_us: i64, dates: &[(i64, i64, i64)]) {
        let first = dates.partition_point(|span| span.1 <= self.cursor_us);
        let near = dates.get(first..).unwrap_or_default();
        for (_, end_us, day) in near.iter().take_while(|span| span.0 < to_us) {
            let date = date_of(*day);
            self.push((*end_us).min(to_us), date, RowKind::Shut(self.calendar.why_shut(date)));
        }
    }

    /// Tells the time up to `to_us` as working time of `day`, some of it paused.
    fn push_working(&mut self, to_us: i64, day: i64, pauses: &Pauses) {
        let date = date_of(day);
        for (pause_us, resume_us) in pauses.micros_after(self.cursor_us) {
            if *pause_us >= to_us {
                break;
            }
            self.push(*pause_us, date, RowKind::Counted);
            self.push((*resume_us).min(to_us), date, RowKind::Paused);
        }
        self.push(to_us, date, RowKind::Counted);
    }

    /// Tells the time up to `to_us`, if it is not told yet; the same kind goes on in the same row.
    fn push(&mut self, to_us: i64, date: Date, kind: RowKind) {
        if to_us <= self.cursor_us {
            return;
        }
        let counted_us = if kind == RowKind::Counted { to_us - self.cursor_us } else { 0 };
        self.total_us += counted_us;
        let (from, to) = (instant::timestamp(self.cursor_us), instant::timestamp(to_us));
        let (counted, total) =
            (SignedDuration::from_micros(counted_us), SignedDuration::from_micros(self.total_us));
        self.cursor_us = to_us;
        match self.rows.last_mut() {
            Some(last) if last.kind == kind && (last.date == date || matches!(kind, RowKind::Shut(_))) => {
                last.to = to;
                last.counted += counted;
                last.total = total;
            }
            _ => self.rows.push(Row { from, to, date, kind, counted, total }),
        }
    }
}

impl Calendar {
    /// Why time of `date` that is not working is not.
    fn why_shut(&self, date: Date) -> Shut {
        let plan = self.plan();
        if plan.hours_of(date).is_none_or(|hours| !hours.is_empty()) {
            Shut::OutsideHours
        } else if plan.special.contains_key(&date) {
            Shut::SpecialOff
        } else if plan.closed.contains(&date) && !plan.open.contains_key(&date) {
            Shut::ClosedDate { name: plan.names.get(&date).cloned() }
        } else {
            Shut::WeekdayOff
        }
    }
}
