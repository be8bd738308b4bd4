//! The laws of working time, on random weeks, dates, zones, pauses and budgets, against a slow oracle.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a case that cannot be set up must fail")]

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use yinuo_calendar::{Calendar, CalendarPlan, Interval, NoDue, Pauses, RowKind, Week};

use oracle::{Oracle, Spans, duration};

#[path = "laws/oracle.rs"]
mod oracle;

const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 1_440 * MINUTE_US;

/// Days that a case plays in, and days that the oracle reads before and after them.
const DAYS: i64 = 9;
const BEFORE_DAYS: i64 = 3;
const AFTER_DAYS: i64 = 16;

/// Where cases play: zones and first dates, most of them a few days before the clock changes.
const PLACES: &[(&str, &str)] = &[
    ("Asia/Shanghai", "2026-02-12"),
    ("UTC", "2025-12-28"),
    ("America/New_York", "2026-03-05"),
    ("America/New_York", "2025-10-30"),
    ("Europe/Berlin", "2026-03-26"),
    ("Europe/Berlin", "2026-10-22"),
    // Half an hour of summer time.
    ("Australia/Lord_Howe", "2026-04-02"),
    ("Australia/Lord_Howe", "2026-10-01"),
    // The clock is set forward at midnight, and back at midnight into the date before.
    ("Africa/Cairo", "2026-04-21"),
    ("Africa/Cairo", "2026-10-27"),
    ("America/Santiago", "2026-09-03"),
    // The clock was set back at one minute past midnight.
    ("America/St_Johns", "2010-11-04"),
    // A date that does not exist: 2011-12-30.
    ("Pacific/Apia", "2011-12-26"),
    // No whole hours from UTC.
    ("Asia/Kathmandu", "2026-06-01"),
];

/// Places outside of the horizon, where only some questions have an answer.
const FAR_PLACES: &[(&str, &str)] = &[
    ("Europe/Berlin", "1996-10-24"),
    ("America/New_York", "1999-12-27"),
    ("Asia/Shanghai", "2059-12-27"),
    ("America/New_York", "2064-10-29"),
];

/// What a case is made of, before the place gives it dates.
#[derive(Debug, Clone)]
struct Case {
    place: prop::sample::Index,
    week: Option<Vec<Vec<Interval>>>,
    closed: Vec<i64>,
    open: Vec<(i64, i8)>,
    special: Vec<(i64, Vec<Interval>)>,
    start_us: i64,
    later_us: i64,
    budget_us: i64,
    more_us: i64,
    pauses: Vec<(i64, Option<i64>)>,
    extra_pause: (i64, Option<i64>),
    workdays: u32,
}

fn interval() -> impl Strategy<Value = Interval> {
    let quarter = (0_u16..96, 0_u16..=96).prop_map(|(open, close)| (open * 15, close * 15));
    let minute = (0_u16..1_440, 0_u16..=1_440);
    let night = (18_u16..24, 0_u16..9).prop_map(|(open, close)| (open * 60, close * 60));
    let office = (7_u16..12, 12_u16..20).prop_map(|(open, close)| (open * 60, close * 60));
    prop_oneof![2 => quarter, 2 => minute, 2 => night, 4 => office]
        .prop_map(|(open, close)| Interval::new(open, close).unwrap())
}

fn hours() -> impl Strategy<Value = Vec<Interval>> {
    prop::collection::vec(interval(), 0..3)
}

/// An instant of the case, in microseconds from its first midnight in UTC; often on a minute, sometimes on a quarter.
fn instant_us() -> impl Strategy<Value = i64> {
    prop_oneof![
        (0..DAYS * 96).prop_map(|quarter| quarter * 15 * MINUTE_US),
        (0..DAYS * 1_440).prop_map(|minute| minute * MINUTE_US),
        0..DAYS * DAY_US,
    ]
}

fn length_us() -> impl Strategy<Value = i64> {
    prop_oneof![
        1 => Just(0),
        1 => 1_i64..3,
        4 => (1_i64..40).prop_map(|quarters| quarters * 15 * MINUTE_US),
        4 => 1..3_000 * MINUTE_US,
    ]
}

fn pause() -> impl Strategy<Value = (i64, Option<i64>)> {
    let closed = (instant_us(), length_us()).prop_map(|(from, length)| (from, Some(from + length)));
    let open = instant_us().prop_map(|from| (from, None));
    prop_oneof![12 => closed, 1 => open]
}

fn case() -> impl Strategy<Value = Case> {
    let week = prop::option::weighted(0.95, prop::collection::vec(hours(), 7));
    let plan = (
        any::<prop::sample::Index>(),
        week,
        prop::collection::vec(0_i64..DAYS, 0..4),
        prop::collection::vec((0_i64..DAYS, 0_i8..7), 0..3),
        prop::collection::vec((0_i64..DAYS, hours()), 0..3),
    );
    let times = (instant_us(), length_us(), length_us(), length_us());
    let pauses = (prop::collection::vec(pause(), 0..5), pause());
    (plan, times, pauses, 0_u32..8).prop_map(|(plan, times, pauses, workdays)| Case {
        place: plan.0,
        week: plan.1,
        closed: plan.2,
        open: plan.3,
        special: plan.4,
        start_us: times.0,
        later_us: times.1,
        budget_us: times.2,
        more_us: times.3,
        pauses: pauses.0,
        extra_pause: pauses.1,
        workdays,
    })
}

/// A case in its place.
struct World {
    plan: CalendarPlan,
    calendar: Calendar,
    oracle: Oracle,
    start_us: i64,
    pauses: Spans,
    extra_pause: (i64, Option<i64>),
}

impl World {
    fn new(case: &Case, places: &[(&str, &str)]) -> Self {
        let (zone, first) = places[case.place.index(places.len())];
        let first: Date = first.parse().unwrap();
        let date = |days: i64| first.checked_add(SignedDuration::from_hours(days * 24)).unwrap();
        let plan = match &case.week {
            None => CalendarPlan::always(zone),
            Some(week) => {
                let week = Week(std::array::from_fn(|day| week[day].clone()));
                let mut plan = CalendarPlan::weekly(zone, week);
                plan.closed.extend(case.closed.iter().map(|days| date(*days)));
                let like = |weekday: i8| Weekday::from_monday_zero_offset(weekday).unwrap();
                plan.open.extend(case.open.iter().map(|(days, weekday)| (date(*days), like(*weekday))));
                plan.special.extend(case.special.iter().map(|(days, hours)| (date(*days), hours.clone())));
                plan
            }
        };
        let base_us = first.to_zoned(TimeZone::UTC).unwrap().timestamp().as_microsecond();
        let at = |us: i64| base_us + us;
        Self {
            calendar: plan.compile().unwrap(),
            oracle: Oracle::new(&plan, base_us - BEFORE_DAYS * DAY_US, BEFORE_DAYS + DAYS + AFTER_DAYS),
            plan,
            start_us: at(case.start_us),
            pauses: case.pauses.iter().map(|(from, to)| (at(*from), to.map(at))).collect(),
            extra_pause: (at(case.extra_pause.0), case.extra_pause.1.map(at)),
        }
    }

    fn start(&self) -> Timestamp {
        timestamp(self.start_us)
    }
}

fn timestamp(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap()
}

fn pauses(spans: &Spans) -> Pauses {
    spans.iter().map(|(from, to)| (timestamp(*from), to.map(timestamp))).collect()
}

/// A due instant in microseconds; later than all others if there is none.
fn order(due: Result<Timestamp, NoDue>) -> i64 {
    due.map_or(i64::MAX, Timestamp::as_microsecond)
}

/// What the oracle cannot see must lie beyond the minutes that it knows.
fn agree(oracle: &Oracle, wanted_us: Option<i64>, got: Result<Timestamp, NoDue>) -> TestCaseResult {
    match wanted_us {
        Some(wanted_us) => prop_assert_eq!(got, Ok(timestamp(wanted_us))),
        None => prop_assert!(order(got) > oracle.end_us(), "{:?} is too early", got),
    }
    Ok(())
}

fn due_is_the_oracles(world: &World, case: &Case) -> TestCaseResult {
    let (calendar, start, still) = (&world.calendar, world.start(), pauses(&world.pauses));
    let budget = duration(case.budget_us);
    let due = calendar.due(start, budget, &still);
    agree(&world.oracle, world.oracle.due(world.start_us, case.budget_us, &world.pauses), due)?;
    if let Ok(due) = due {
        prop_assert_eq!(calendar.elapsed(start, due, &still), budget, "elapsed is not the budget");
    }

    let later = timestamp(world.start_us + case.later_us);
    prop_assert!(order(calendar.due(later, budget, &still)) >= order(due), "due falls with the start");
    let more = duration(case.budget_us + case.more_us);
    prop_assert!(order(calendar.due(start, more, &still)) >= order(due), "due falls with the budget");
    let longer = world.pauses.iter().copied().chain([world.extra_pause]).collect();
    prop_assert!(order(calendar.due(start, budget, &pauses(&longer))) >= order(due), "a pause shortens");

    let end_us = world.start_us + case.later_us;
    let wanted_us = world.oracle.elapsed(world.start_us, end_us, &world.pauses);
    prop_assert_eq!(calendar.elapsed(start, timestamp(end_us), &still), duration(wanted_us));
    Ok(())
}

fn explanation_tells_the_time(world: &World, case: &Case) -> TestCaseResult {
    let (start, still) = (world.start(), pauses(&world.pauses));
    let told = world.calendar.explain(start, duration(case.budget_us), &still);
    prop_assert_eq!(told.due, world.calendar.due(start, duration(case.budget_us), &still));
    let mut at = start;
    let mut total = SignedDuration::ZERO;
    for row in &told.rows {
        prop_assert_eq!(row.from, at, "rows do not tile");
        prop_assert!(row.from < row.to, "an empty row");
        let (from_us, to_us) = (row.from.as_microsecond(), row.to.as_microsecond());
        if to_us <= world.oracle.end_us() {
            let counted = world.oracle.elapsed(from_us, to_us, &world.pauses);
            let worked = world.oracle.elapsed(from_us, to_us, &Vec::new());
            let length = to_us - from_us;
            let wanted = match row.kind {
                RowKind::Counted => (length, length),
                RowKind::Paused => (0, length),
                RowKind::Shut(_) => (0, 0),
            };
            prop_assert_eq!((counted, worked), wanted, "{:?}", row);
            prop_assert_eq!(row.counted, duration(counted));
        }
        total += row.counted;
        prop_assert_eq!(row.total, total);
        at = row.to;
    }
    if let Ok(due) = told.due {
        prop_assert_eq!((at, total), (due, duration(case.budget_us)));
    }
    Ok(())
}

fn workdays_are_the_oracles(world: &World, case: &Case) -> TestCaseResult {
    let (calendar, oracle, start_us, n) = (&world.calendar, &world.oracle, world.start_us, case.workdays);
    let workdays = oracle.workdays();
    let today = oracle.date(start_us);
    let still_open = |date: &Date, end_us: &i64| *date == today && *end_us > start_us;
    let after: Vec<(Date, i64)> =
        workdays.iter().filter(|(date, _)| **date > today).map(|(date, end)| (*date, *end)).collect();
    let from_start_day: Vec<(Date, i64)> = workdays
        .iter()
        .filter(|(date, end)| **date > today || still_open(date, end))
        .map(|(date, end)| (*date, *end))
        .collect();
    // The last date that the oracle knows may own hours beyond the minutes that it knows.
    let known_us = oracle.end_us() - 3 * DAY_US;
    for (days, got, told) in [
        (
            after,
            calendar.nth_workday_end(world.start(), n, &pauses(&world.pauses)),
            calendar.explain_workdays(world.start(), n, &pauses(&world.pauses)),
        ),
        (
            from_start_day,
            calendar.nth_workday_end_from_start_day(world.start(), n, &pauses(&world.pauses)),
            calendar.explain_workdays_from_start_day(world.start(), n, &pauses(&world.pauses)),
        ),
    ] {
        prop_assert_eq!(told.due, got);
        let Some(index) = n.checked_sub(1) else {
            prop_assert_eq!(got, Ok(world.start()));
            continue;
        };
        let nth = days.get(usize::try_from(index).unwrap()).filter(|(_, end_us)| *end_us < known_us);
        let Some((nth, end_us)) = nth else { continue };
        let budget_us = oracle.elapsed(start_us, *end_us, &Vec::new());
        agree(oracle, oracle.due(start_us, budget_us, &world.pauses), got)?;
        prop_assert_eq!(told.workdays.len(), usize::try_from(n).unwrap());
        prop_assert_eq!(told.workdays.last(), Some(nth));
        prop_assert_eq!(told.budget, duration(budget_us));
    }
    let mut date = today;
    while date.to_zoned(TimeZone::UTC).unwrap().timestamp().as_microsecond() < known_us {
        prop_assert_eq!(calendar.is_workday(date), workdays.contains_key(&date), "{}", date);
        date = date.tomorrow().unwrap();
    }
    Ok(())
}

fn openings_are_the_oracles(world: &World) -> TestCaseResult {
    let (calendar, oracle) = (&world.calendar, &world.oracle);
    prop_assert_eq!(calendar.is_working(world.start()), oracle.is_working(world.start_us));
    let got = calendar.next_opening(world.start());
    match oracle.next_opening(world.start_us) {
        Some(wanted_us) => prop_assert_eq!(got, Some(timestamp(wanted_us))),
        None => prop_assert!(got.is_none_or(|at| at.as_microsecond() >= oracle.end_us())),
    }
    Ok(())
}

/// How many cases to try: `PROPTEST_CASES` or the usual number, which keeps the test under twenty seconds.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(96), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clocks_obey_the_law(case in case()) {
        let world = World::new(&case, PLACES);
        due_is_the_oracles(&world, &case)?;
        explanation_tells_the_time(&world, &case)?;
    }

    #[test]
    fn workdays_obey_the_law(case in case()) {
        let world = World::new(&case, PLACES);
        workdays_are_the_oracles(&world, &case)?;
        openings_are_the_oracles(&world)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(32), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn beyond_the_horizon_the_answers_are_exact_or_none(case in case()) {
        let world = World::new(&case, FAR_PLACES);
        openings_are_the_oracles(&world)?;
        let end_us = world.start_us + case.later_us;
        let wanted_us = world.oracle.elapsed(world.start_us, end_us, &world.pauses);
        let got = world.calendar.elapsed(world.start(), timestamp(end_us), &pauses(&world.pauses));
        prop_assert_eq!(got, duration(wanted_us));
        if let Ok(due) = world.calendar.due(world.start(), duration(case.budget_us), &pauses(&world.pauses)) {
            let wanted_us = world.oracle.due(world.start_us, case.budget_us, &world.pauses);
            agree(&world.oracle, wanted_us, Ok(due))?;
        }
        let (calendar, oracle) = (&world.calendar, &world.oracle);
        let workdays = oracle.workdays();
        let today = oracle.date(world.start_us);
        prop_assert_eq!(calendar.is_workday(today), workdays.contains_key(&today), "{} {}", today, world.plan.zone);
    }
}
