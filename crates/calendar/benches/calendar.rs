//! What one question costs. Run with `cargo bench -p yinuo-calendar`.
//!
//! The calendar is the costly ordinary one: two intervals a day, the Chinese holiday table, sixty years laid out. Starts
//! are spread over a year, so that neither the caches nor the branch predictor see the same path twice in a row.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up must fail")]

use divan::{Bencher, black_box, counter::ItemsCount};
use jiff::{SignedDuration, Timestamp};
use yinuo_calendar::{Calendar, CalendarPlan, Interval, MakeUp, Pauses, Week, china};

/// Questions in one sample; figures are for one question.
const QUESTIONS: usize = 1_024;

fn main() {
    divan::main();
}

fn office() -> CalendarPlan {
    let hours = ["09:00-12:00", "13:30-18:00"].map(|text| Interval::parse(text).unwrap());
    let mut plan = CalendarPlan::weekly("Asia/Shanghai", Week::monday_to_friday(&hours));
    plan.add_holidays(china::holidays(), MakeUp::default());
    plan
}

/// Instants all over 2026, in no order.
fn starts() -> Vec<Timestamp> {
    let year_us = 365 * 86_400 * 1_000_000_u64;
    let new_year_us = 1_767_225_600_000_000_i64;
    let scatter = |index: u64| index.wrapping_mul(0x9E37_79B9_7F4A_7C15) % year_us;
    (0..QUESTIONS as u64)
        .map(|index| Timestamp::from_microsecond(new_year_us + scatter(index).cast_signed()).unwrap())
        .collect()
}

/// Three pauses of a few hours in the fortnight after `start`.
fn three_pauses(start: Timestamp) -> Pauses {
    let at = |hours: i64| start + SignedDuration::from_hours(hours);
    Pauses::from_spans([(5, 9), (30, 52), (200, 230)].map(|(from, to)| (at(from), Some(at(to)))))
}

fn ask_each<T>(bencher: Bencher, question: impl Fn(Timestamp) -> T + Sync) {
    let starts = starts();
    bencher.counter(ItemsCount::new(QUESTIONS)).bench(|| {
        for start in &starts {
            black_box(question(black_box(*start)));
        }
    });
}

fn compiled() -> Calendar {
    office().compile().unwrap()
}

#[divan::bench(args = [15, 4 * 60, 24 * 60, 240 * 60])]
fn due_minutes(bencher: Bencher, minutes: i64) {
    let (calendar, budget) = (compiled(), SignedDuration::from_mins(minutes));
    ask_each(bencher, |start| calendar.due(start, budget, &Pauses::none()));
}

#[divan::bench(args = [15, 4 * 60, 24 * 60, 240 * 60])]
fn due_minutes_always(bencher: Bencher, minutes: i64) {
    let calendar = CalendarPlan::always("Asia/Shanghai").compile().unwrap();
    let budget = SignedDuration::from_mins(minutes);
    ask_each(bencher, |start| calendar.due(start, budget, &Pauses::none()));
}

#[divan::bench(args = [15, 4 * 60, 24 * 60, 240 * 60])]
fn due_minutes_three_pauses(bencher: Bencher, minutes: i64) {
    let (calendar, budget) = (compiled(), SignedDuration::from_mins(minutes));
    let pauses: Vec<(Timestamp, Pauses)> = starts().iter().map(|at| (*at, three_pauses(*at))).collect();
    bencher.counter(ItemsCount::new(QUESTIONS)).bench(|| {
        for (start, pauses) in &pauses {
            black_box(calendar.due(black_box(*start), budget, pauses)).ok();
        }
    });
}

#[divan::bench]
fn elapsed_14_days(bencher: Bencher) {
    let calendar = compiled();
    let span = SignedDuration::from_hours(14 * 24);
    ask_each(bencher, |start| calendar.elapsed(start, start + span, &Pauses::none()));
}

#[divan::bench(args = [1, 7, 30])]
fn nth_workday_end(bencher: Bencher, days: u32) {
    let calendar = compiled();
    ask_each(bencher, |start| calendar.nth_workday_end(start, days, &Pauses::none()));
}

#[divan::bench]
fn is_working(bencher: Bencher) {
    let calendar = compiled();
    ask_each(bencher, |at| calendar.is_working(at));
}

/// The derivation for people, which walks the dates.
#[divan::bench(args = [15, 24 * 60])]
fn explain_minutes(bencher: Bencher, minutes: i64) {
    let (calendar, budget) = (compiled(), SignedDuration::from_mins(minutes));
    ask_each(bencher, |start| calendar.explain(start, budget, &Pauses::none()));
}

/// Set-up, once for each calendar of a commitment.
#[divan::bench]
fn compile(bencher: Bencher) {
    let plan = office();
    bencher.bench(|| black_box(&plan).compile());
}
