//! Cases that people can read: a calendar, then rows of question and answer in its local time.

#![expect(clippy::unwrap_used, reason = "a malformed table must fail the test")]

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use yinuo_calendar::{
    Calendar, CalendarPlan, HORIZON_YEARS, Interval, MakeUp, NoDue, Pauses, Row, RowKind, Shut, Week, china,
};

/// Asks every row of `table` and shows those that the calendar answers otherwise. A row is one of
/// ```text
/// START + BUDGET = DUE                          budget: `90 min`, `4 h`, `3 workdays`, `3 workdays from today`
/// START + BUDGET paused FROM..TO FROM.. = DUE
/// elapsed FROM..TO = MINUTES min
/// ```
/// Times are local, `02-14 09:00`, in the year of the table; a time that comes twice has its offset from UTC behind it,
/// like `11-01 01:30-04`, in questions and in answers.
#[track_caller]
fn check(plan: &CalendarPlan, year: i16, table: &str) {
    let calendar = plan.compile().unwrap();
    let rows: Vec<&str> = table.lines().map(str::trim).filter(|row| !row.is_empty()).collect();
    assert!(!rows.is_empty(), "an empty table");
    let wrong: Vec<String> = rows
        .iter()
        .map(|row| (row, answer(&calendar, year, row)))
        .filter(|(row, answer)| *row != answer)
        .map(|(row, answer)| format!("table:    {row}\ncalendar: {answer}\n"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn answer(calendar: &Calendar, year: i16, row: &str) -> String {
    let (question, _) = row.split_once(" = ").unwrap();
    let result = if let Some(span) = question.strip_prefix("elapsed ") {
        let (from, to) = span.split_once("..").unwrap();
        let (from, to) = (read(calendar, year, from), read(calendar, year, to));
        format!("{} min", calendar.elapsed(from, to, &Pauses::none()).as_mins())
    } else {
        let (start, rest) = question.split_once(" + ").unwrap();
        let (budget, spans) = rest.split_once(" paused ").unwrap_or((rest, ""));
        let (start, pauses) = (read(calendar, year, start), read_pauses(calendar, year, spans));
        let (number, unit) = budget.split_once(' ').unwrap();
        let number: i64 = number.parse().unwrap();
        let days = u32::try_from(number).unwrap();
        let due = match unit {
            "min" => calendar.due(start, SignedDuration::from_mins(number), &pauses),
            "h" => calendar.due(start, SignedDuration::from_hours(number), &pauses),
            "workdays" => calendar.nth_workday_end(start, days, &pauses),
            "workdays from today" => calendar.nth_workday_end_from_start_day(start, days, &pauses),
            other => panic!("unknown unit {other}"),
        };
        due.map_or_else(|none| none.to_string(), |at| write(calendar, year, at))
    };
    format!("{question} = {result}")
}

fn read_pauses(calendar: &Calendar, year: i16, spans: &str) -> Pauses {
    let spans = spans.split(", ").filter_map(|span| span.split_once(".."));
    let at = |text: &str| read(calendar, year, text);
    spans.map(|(from, to)| (at(from), (!to.is_empty()).then(|| at(to)))).collect()
}

fn read(calendar: &Calendar, year: i16, text: &str) -> Timestamp {
    let (local, offset) = text.split_at("02-14 09:00".len());
    let local = format!("{year}-{}", local.replace(' ', "T"));
    if !offset.is_empty() {
        return format!("{local}:00{offset}:00").parse().unwrap();
    }
    let ambiguous = calendar.time_zone().to_ambiguous_timestamp(local.parse().unwrap());
    assert!(!ambiguous.is_ambiguous(), "{text} does not exist or comes twice: write its offset");
    ambiguous.compatible().unwrap()
}

fn write(calendar: &Calendar, year: i16, at: Timestamp) -> String {
    let zoned = at.to_zoned(calendar.time_zone().clone());
    let twice = calendar.time_zone().to_ambiguous_timestamp(zoned.datetime()).is_ambiguous();
    let offset = if twice { format!("{:+03}", zoned.offset().seconds() / 3_600) } else { String::new() };
    let pattern = match (zoned.year() == year, zoned.second()) {
        (true, 0) => "%m-%d %H:%M",
        (true, _) => "%m-%d %H:%M:%S",
        (false, _) => "%Y-%m-%d %H:%M",
    };
    zoned.strftime(pattern).to_string() + &offset
}

fn hours(text: &str) -> Vec<Interval> {
    text.split_whitespace().map(|interval| Interval::parse(interval).unwrap()).collect()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn office() -> CalendarPlan {
    CalendarPlan::weekly("Asia/Shanghai", Week::monday_to_friday(&hours("09:00-12:00 13:30-18:00")))
}

fn chinese_office() -> CalendarPlan {
    let mut plan = office();
    plan.add_holidays(china::holidays(), MakeUp::default());
    plan
}

#[test]
fn a_lunch_break_is_not_worked() {
    // 2026-11-16 is a Monday.
    check(
        &office(),
        2026,
        "
        11-16 11:50 + 15 min = 11-16 13:35
        11-16 11:45 + 15 min = 11-16 12:00
        11-16 12:00 + 15 min = 11-16 13:45
        11-16 12:40 + 1 min = 11-16 13:31
        11-16 12:40 + 0 min = 11-16 12:40
        11-16 09:00 + 450 min = 11-16 18:00
        11-16 09:00 + 451 min = 11-17 09:01
        11-20 17:00 + 4 h = 11-23 12:00
        11-21 03:00 + 24 h = 11-26 10:30
        elapsed 11-16 08:00..11-16 19:00 = 450 min
        elapsed 11-16 12:00..11-16 13:30 = 0 min
        elapsed 11-20 17:00..11-23 09:10 = 70 min
        elapsed 11-23 09:10..11-20 17:00 = 0 min
        ",
    );
}

#[test]
fn a_pause_adds_the_working_time_that_it_covers() {
    check(
        &office(),
        2026,
        "
        11-16 10:00 + 4 h paused 11-16 11:00..11-16 12:00 = 11-16 16:30
        11-16 10:00 + 4 h paused 11-16 11:00..11-16 13:30 = 11-16 16:30
        11-16 10:00 + 4 h paused 11-16 11:00..11-16 11:40, 11-16 11:20..11-16 12:00 = 11-16 16:30
        11-16 10:00 + 4 h paused 11-16 12:00..11-16 13:30 = 11-16 15:30
        11-16 10:00 + 4 h paused 11-16 15:30..11-17 09:00 = 11-16 15:30
        11-16 10:00 + 4 h paused 11-16 09:00..11-16 10:30 = 11-16 16:00
        11-16 10:00 + 4 h paused 11-16 15:30.. = 11-16 15:30
        11-16 10:00 + 4 h paused 11-16 15:29.. = paused since 2026-11-16T07:29:00Z with no end known
        11-16 10:00 + 2 workdays paused 11-17 09:00..11-17 18:00 = 11-19 18:00
        11-16 10:00 + 2 workdays paused 11-18 18:00..11-18 23:00 = 11-18 18:00
        ",
    );
}

#[test]
fn spring_festival_and_its_make_up_days() {
    // Off from 15 to 23 February 2026; 14 February and 28 February, both Saturdays, are worked.
    check(
        &chinese_office(),
        2026,
        "
        02-13 17:30 + 60 min = 02-14 09:30
        02-14 17:30 + 60 min = 02-24 09:30
        02-18 10:00 + 15 min = 02-24 09:15
        02-27 17:30 + 60 min = 02-28 09:30
        02-28 17:30 + 60 min = 03-02 09:30
        02-12 10:00 + 7 workdays = 02-28 18:00
        02-12 10:00 + 7 workdays from today = 02-27 18:00
        02-12 18:00 + 7 workdays from today = 02-28 18:00
        02-16 10:00 + 1 workdays = 02-24 18:00
        12-31 17:30 + 60 min = 2027-01-04 09:30
        ",
    );
}

#[test]
fn make_up_days_take_the_hours_that_the_company_says() {
    let mut week = Week::monday_to_friday(&hours("09:00-18:00"));
    week.set(Weekday::Friday, hours("09:00-16:00"));
    let mut plan = CalendarPlan::weekly("Asia/Shanghai", week);
    let mut like_friday = plan.clone();
    like_friday.add_holidays(china::holidays(), MakeUp::Like(Weekday::Friday));
    check(&like_friday, 2026, "02-13 16:00 + 1 workdays = 02-14 16:00");
    let mut ignored = plan.clone();
    ignored.add_holidays(china::holidays(), MakeUp::Ignored);
    check(&ignored, 2026, "02-13 16:00 + 1 workdays = 02-24 18:00");
    // The company's own word about a date beats the table.
    plan.closed.insert(date("2026-02-14"));
    plan.add_holidays(china::holidays(), MakeUp::default());
    check(&plan, 2026, "02-13 16:00 + 1 workdays = 02-24 18:00");
}

#[test]
fn special_hours_beat_everything() {
    let mut plan = chinese_office();
    plan.special.insert(date("2026-12-24"), hours("09:00-12:00"));
    plan.special.insert(date("2026-10-01"), hours("10:00-11:00"));
    plan.special.insert(date("2026-12-25"), Vec::new());
    check(
        &plan,
        2026,
        "
        12-24 11:00 + 2 h = 12-28 10:00
        12-23 18:00 + 1 workdays = 12-24 12:00
        12-24 18:00 + 1 workdays = 12-28 18:00
        09-30 18:00 + 1 h = 10-01 11:00
        09-30 18:00 + 61 min = 10-08 09:01
        ",
    );
}

#[test]
fn a_night_shift_belongs_to_the_date_on_which_it_opens() {
    let mut plan = CalendarPlan::weekly("Asia/Shanghai", Week::every_day(&hours("22:00-06:00")));
    plan.closed.insert(date("2026-11-18"));
    check(
        &plan,
        2026,
        "
        11-16 23:00 + 7 h = 11-17 06:00
        11-16 23:00 + 8 h = 11-17 23:00
        11-17 23:00 + 7 h = 11-18 06:00
        11-17 23:00 + 8 h = 11-19 23:00
        11-16 12:00 + 1 workdays = 11-18 06:00
        11-17 03:00 + 1 workdays = 11-20 06:00
        11-17 03:00 + 1 workdays from today = 11-18 06:00
        elapsed 11-18 00:00..11-19 22:00 = 360 min
        ",
    );
}

#[test]
fn twenty_four_by_seven_counts_real_time() {
    check(
        &CalendarPlan::always("America/New_York"),
        2026,
        "
        03-07 12:00 + 24 h = 03-08 13:00
        10-31 12:00 + 24 h = 11-01 11:00
        11-01 00:30 + 90 min = 11-01 01:00-05
        02-16 10:00 + 1 workdays = 02-18 00:00
        03-07 10:00 + 1 workdays = 03-09 00:00
        03-07 10:00 + 1 workdays paused 03-07 12:00..03-07 13:00 = 03-09 01:00
        12-31 23:59 + 1 workdays from today = 2027-01-01 00:00
        ",
    );
}

#[test]
fn a_skipped_hour_is_not_worked() {
    // New York: 2026-03-08, 02:00 to 03:00 does not exist. Berlin: 2026-03-29, likewise.
    let night = |zone| CalendarPlan::weekly(zone, Week::every_day(&hours("01:30-04:30")));
    check(
        &night("America/New_York"),
        2026,
        "
        03-08 00:00 + 30 min = 03-08 03:00
        03-08 00:00 + 31 min = 03-08 03:01
        elapsed 03-08 00:00..03-09 00:00 = 120 min
        elapsed 03-07 00:00..03-08 00:00 = 180 min
        ",
    );
    check(
        &CalendarPlan::weekly("Europe/Berlin", Week::every_day(&hours("02:30-04:30"))),
        2026,
        "
        03-29 00:00 + 1 min = 03-29 03:01
        elapsed 03-29 00:00..03-30 00:00 = 90 min
        ",
    );
    check(
        &CalendarPlan::weekly("Europe/Berlin", Week::every_day(&hours("02:00-03:00"))),
        2026,
        "
        03-28 12:00 + 1 min = 03-30 02:01
        03-28 12:00 + 1 workdays = 03-30 03:00
        ",
    );
}

#[test]
fn a_repeated_hour_is_worked_twice() {
    // New York: 2026-11-01, 01:00 to 02:00 comes twice.
    check(
        &CalendarPlan::weekly("America/New_York", Week::every_day(&hours("01:30-04:30"))),
        2026,
        "
        11-01 00:00 + 30 min = 11-01 01:00-05
        11-01 00:00 + 31 min = 11-01 01:31-05
        11-01 01:45-04 + 30 min = 11-01 01:45-05
        11-01 01:15-05 + 30 min = 11-01 02:00
        elapsed 11-01 00:00..11-02 00:00 = 210 min
        ",
    );
    // Berlin: 2026-10-25, 02:00 to 03:00 comes twice.
    check(
        &CalendarPlan::weekly("Europe/Berlin", Week::every_day(&hours("00:00-24:00"))),
        2026,
        "
        10-25 00:00 + 24 h = 10-25 23:00
        10-24 12:00 + 1 workdays = 10-26 00:00
        elapsed 10-25 00:00..10-26 00:00 = 1500 min
        ",
    );
}

#[test]
fn overlaps_count_once() {
    check(
        &CalendarPlan::weekly(
            "UTC",
            Week::every_day(&hours("13:00-18:00 09:00-12:00 11:00-14:00 22:00-10:00")),
        ),
        2026,
        "
        elapsed 11-16 00:00..11-17 00:00 = 1200 min
        11-16 17:00 + 2 h = 11-16 23:00
        ",
    );
}

#[test]
fn what_never_opens_is_never_due() {
    let empty = CalendarPlan::weekly("UTC", Week::default());
    assert!(empty.compile().unwrap().never_opens());
    let mut once = empty.clone();
    once.special.insert(date("2026-11-16"), hours("09:00-10:00"));
    assert!(!once.compile().unwrap().never_opens());
    let no_more = "the calendar has no working time left to use the budget up";
    check(&empty, 2026, &format!("11-16 09:00 + 1 min = {no_more}"));
    check(&empty, 2026, &format!("11-16 09:00 + 1 workdays = {no_more}"));
    check(
        &once,
        2026,
        &format!(
            "
            11-15 09:00 + 60 min = 11-16 10:00
            11-15 09:00 + 61 min = {no_more}
            11-15 09:00 + 1 workdays = 11-16 10:00
            11-16 09:00 + 1 workdays = {no_more}
            11-16 09:00 + 1 workdays from today = 11-16 10:00
            "
        ),
    );
    let calendar = once.compile().unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let opening = Some(at("2026-11-16T09:00:00Z"));
    assert_eq!(calendar.next_opening(at("1981-01-01T00:00:00Z")), opening);
    assert_eq!(calendar.next_opening(at("2026-11-16T10:00:00Z")), None);
    assert_eq!(calendar.next_opening(at("2090-01-01T00:00:00Z")), None);
}

#[test]
fn beyond_the_horizon_there_is_a_refusal() {
    let beyond = "the start or the answer lies outside the years 2000 to 2059, which the calendar lays out";
    check(&office(), 1999, &format!("12-31 10:00 + 1 min = {beyond}"));
    check(&office(), 2060, &format!("01-05 10:00 + 1 min = {beyond}"));
    check(&office(), 2059, &format!("12-31 10:00 + 900 h = {beyond}"));
    check(&office(), 2059, &format!("12-01 10:00 + 900 workdays = {beyond}"));
    // A pause without an end that begins out there is not the reason: the budget may be used up before it.
    let calendar = office().compile().unwrap();
    let start = read(&calendar, 2059, "12-31 10:00");
    let pauses = Pauses::from_spans([(read(&calendar, 2060, "06-01 10:00"), None)]);
    let due = calendar.due(start, SignedDuration::from_hours(900), &pauses);
    assert_eq!(due, Err(NoDue::BeyondHorizon));
    // The edges, to the microsecond.
    let all_day = CalendarPlan::weekly("UTC", Week::every_day(&[Interval::DAY])).compile().unwrap();
    let (first, last) = HORIZON_YEARS;
    let edge = |year: i16| date(&format!("{year}-01-01")).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let microsecond = SignedDuration::from_micros(1);
    let due = |start: Timestamp| all_day.due(start, microsecond, &Pauses::none());
    assert_eq!(due(edge(first) - microsecond), Err(NoDue::BeyondHorizon));
    assert_eq!(due(edge(first)), Ok(edge(first) + microsecond));
    assert_eq!(due(edge(last + 1) - microsecond), Ok(edge(last + 1)));
    assert_eq!(due(edge(last + 1)), Err(NoDue::BeyondHorizon));
    check(&CalendarPlan::always("Asia/Shanghai"), 2060, "01-05 10:00 + 1 min = 01-05 10:01");
}

#[test]
fn the_microsecond_counts() {
    let calendar = office().compile().unwrap();
    let start: Timestamp = "2026-11-16T10:00:00.000001+08:00".parse().unwrap();
    let budget = SignedDuration::from_micros(7_200_000_001);
    let due: Timestamp = "2026-11-16T13:30:00.000002+08:00".parse().unwrap();
    assert_eq!(calendar.due(start, budget, &Pauses::none()), Ok(due));
    assert_eq!(calendar.elapsed(start, due, &Pauses::none()), budget);
    // Finer digits are cut off, before 1970 too.
    let fine: Timestamp = "1969-12-31T23:59:59.9999995Z".parse().unwrap();
    let cut: Timestamp = "1969-12-31T23:59:59.999999Z".parse().unwrap();
    let always = CalendarPlan::always("UTC").compile().unwrap();
    let microsecond = SignedDuration::from_micros(1);
    assert_eq!(always.due(fine, microsecond, &Pauses::none()), Ok(cut + microsecond));
}

/// One line a row: from, to, what, minutes counted in it and up to its end.
fn told(calendar: &Calendar, year: i16, rows: &[Row]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let what = match &row.kind {
                RowKind::Counted => "counted".to_owned(),
                RowKind::Paused => "paused".to_owned(),
                RowKind::Shut(Shut::OutsideHours) => "outside hours".to_owned(),
                RowKind::Shut(Shut::WeekdayOff) => "weekday off".to_owned(),
                RowKind::Shut(Shut::SpecialOff) => "special day off".to_owned(),
                RowKind::Shut(Shut::ClosedDate { name }) => {
                    format!("closed {}", name.as_deref().unwrap_or("date"))
                }
            };
            format!(
                "{} | {} | {what} | {} | {}",
                write(calendar, year, row.from),
                write(calendar, year, row.to),
                row.counted.as_mins(),
                row.total.as_mins()
            )
        })
        .collect()
}

#[test]
fn an_explanation_tells_every_stretch() {
    let calendar = chinese_office().compile().unwrap();
    let start = read(&calendar, 2026, "02-14 16:00");
    let pauses = read_pauses(&calendar, 2026, "02-14 16:30..02-14 17:00, 02-24 11:00..02-24 14:00");
    let explanation = calendar.explain(start, SignedDuration::from_hours(4), &pauses);
    assert_eq!(
        told(&calendar, 2026, &explanation.rows),
        [
            "02-14 16:00 | 02-14 16:30 | counted | 30 | 30",
            "02-14 16:30 | 02-14 17:00 | paused | 0 | 30",
            "02-14 17:00 | 02-14 18:00 | counted | 60 | 90",
            "02-14 18:00 | 02-15 00:00 | outside hours | 0 | 90",
            "02-15 00:00 | 02-24 00:00 | closed 春节 | 0 | 90",
            "02-24 00:00 | 02-24 09:00 | outside hours | 0 | 90",
            "02-24 09:00 | 02-24 11:00 | counted | 120 | 210",
            "02-24 11:00 | 02-24 12:00 | paused | 0 | 210",
            "02-24 12:00 | 02-24 13:30 | outside hours | 0 | 210",
            "02-24 13:30 | 02-24 14:00 | paused | 0 | 210",
            "02-24 14:00 | 02-24 14:30 | counted | 30 | 240",
        ]
    );
    assert_eq!(explanation.due, Ok(read(&calendar, 2026, "02-24 14:30")));
}

#[test]
fn an_explanation_of_working_days_names_them() {
    let mut plan = chinese_office();
    plan.closed.insert(date("2026-12-29"));
    let calendar = plan.compile().unwrap();
    let start = read(&calendar, 2026, "12-25 17:00");
    let explanation = calendar.explain_workdays(start, 2, &Pauses::none());
    assert_eq!(explanation.workdays, [date("2026-12-28"), date("2026-12-30")]);
    assert_eq!(explanation.budget, SignedDuration::from_hours(16));
    assert_eq!(
        told(&calendar, 2026, &explanation.rows),
        [
            "12-25 17:00 | 12-25 18:00 | counted | 60 | 60",
            "12-25 18:00 | 12-26 00:00 | outside hours | 0 | 60",
            "12-26 00:00 | 12-28 00:00 | weekday off | 0 | 60",
            "12-28 00:00 | 12-28 09:00 | outside hours | 0 | 60",
            "12-28 09:00 | 12-28 12:00 | counted | 180 | 240",
            "12-28 12:00 | 12-28 13:30 | outside hours | 0 | 240",
            "12-28 13:30 | 12-28 18:00 | counted | 270 | 510",
            "12-28 18:00 | 12-29 00:00 | outside hours | 0 | 510",
            "12-29 00:00 | 12-30 00:00 | closed date | 0 | 510",
            "12-30 00:00 | 12-30 09:00 | outside hours | 0 | 510",
            "12-30 09:00 | 12-30 12:00 | counted | 180 | 690",
            "12-30 12:00 | 12-30 13:30 | outside hours | 0 | 690",
            "12-30 13:30 | 12-30 18:00 | counted | 270 | 960",
        ]
    );
}

#[test]
fn an_explanation_stops_where_a_pause_has_no_end() {
    let calendar = office().compile().unwrap();
    let start = read(&calendar, 2026, "11-16 10:00");
    let pauses = read_pauses(&calendar, 2026, "11-16 11:00..");
    let explanation = calendar.explain(start, SignedDuration::from_hours(4), &pauses);
    let since = pauses.open_since().unwrap();
    assert_eq!(explanation.due, Err(NoDue::Paused { since }));
    assert_eq!(told(&calendar, 2026, &explanation.rows), ["11-16 10:00 | 11-16 11:00 | counted | 60 | 60"]);
}

#[test]
fn a_year_without_official_holidays_is_provisional() {
    let calendar = chinese_office().compile().unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let provisional = |from: &str, to: &str| calendar.provisional_year(at(from), at(to));
    assert_eq!(provisional("2026-11-16T00:00:00Z", "2026-12-31T15:59:59Z"), None);
    // 16:00 UTC on New Year's Eve is New Year in Shanghai.
    assert_eq!(provisional("2026-11-16T00:00:00Z", "2026-12-31T16:00:00Z"), Some(2027));
    assert_eq!(provisional("2027-06-01T00:00:00Z", "2029-06-01T00:00:00Z"), Some(2027));
    assert_eq!(provisional("2019-06-01T00:00:00Z", "2021-06-01T00:00:00Z"), Some(2019));
    assert_eq!(calendar.plan().official_until(), Some(2026));
    let without_table = office().compile().unwrap();
    let (from, to) = (at("2027-06-01T00:00:00Z"), at("2029-06-01T00:00:00Z"));
    assert_eq!(without_table.provisional_year(from, to), None);
    assert_eq!(without_table.plan().official_until(), None);
}
