//! Runs every clock vector: the fixture beside this file, or the file that `CLOCK_VECTORS` names.

#![expect(clippy::unwrap_used, reason = "a malformed vector file must fail the test")]

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use yinuo_calendar::{Calendar, CalendarPlan, Interval, NoDue, Pauses, Week};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clock-vectors.jsonl");

#[test]
fn every_vector_holds() {
    let path = std::env::var("CLOCK_VECTORS").unwrap_or_else(|_| FIXTURE.to_owned());
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
    let mut calendars: Vec<(Value, Calendar)> = Vec::new();
    let (mut ran, mut failures) = (0, Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let case: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{path}:{}: {error}", index + 1));
        let source = &case["calendar"];
        let known = calendars.iter().find(|(value, _)| value == source).map(|(_, calendar)| calendar.clone());
        let calendar = known.unwrap_or_else(|| {
            let calendar = plan(source).compile().unwrap();
            calendars.push((source.clone(), calendar.clone()));
            calendar
        });
        ran += 1;
        failures.extend(failures_of(&case, &calendar));
    }
    println!("{ran} vectors of {path}");
    assert!(ran > 0, "{path} holds no vector");
    assert!(failures.is_empty(), "{} of {ran} vectors fail:\n{}", failures.len(), failures.join("\n"));
}

fn failures_of(case: &Value, calendar: &Calendar) -> Vec<String> {
    let pauses = pauses(&case["pauses"]);
    match case["kind"].as_str().unwrap() {
        "due" => {
            let (start, budget) = (instant(&case["start"]), minutes(&case["budget_minutes"]));
            let due = calendar.due(start, budget, &pauses);
            let mut failures = differs(case, "due", due);
            let explained = calendar.explain(start, budget, &pauses);
            failures.extend(differs(case, "due", explained.due));
            if let Ok(due) = due {
                let total = explained.rows.last().map_or(SignedDuration::ZERO, |row| row.total);
                if calendar.elapsed(start, due, &pauses) != budget || total != budget {
                    failures.push(format!("{}: the time to its due instant is not its budget", case["id"]));
                }
            }
            failures
        }
        "elapsed" => {
            let elapsed = calendar.elapsed(instant(&case["from"]), instant(&case["to"]), &pauses);
            let wanted = SignedDuration::from_secs(case["elapsed_seconds"].as_i64().unwrap());
            if elapsed == wanted {
                return Vec::new();
            }
            vec![format!("{}: elapsed {elapsed}, wanted {wanted}", case["id"])]
        }
        "business_days" => {
            let days = u32::try_from(case["days"].as_u64().unwrap()).unwrap();
            let start = instant(&case["start"]);
            let due = calendar.nth_workday_end(start, days, &pauses);
            let from_start_day = calendar.nth_workday_end_from_start_day(start, days, &pauses);
            let mut failures = differs(case, "due", due);
            failures.extend(differs(case, "due_if_start_day_counts", from_start_day));
            failures.extend(differs(case, "due", calendar.explain_workdays(start, days, &pauses).due));
            failures
        }
        other => panic!("{}: unknown kind {other}", case["id"]),
    }
}

/// The failure, if the answer is not the one that the case wants under `key`.
fn differs(case: &Value, key: &str, got: Result<Timestamp, NoDue>) -> Vec<String> {
    let wanted = &case[key];
    let agrees = match got {
        Ok(at) => !wanted.is_null() && at == instant(wanted),
        Err(NoDue::Paused { .. } | NoDue::NoMoreHours) => wanted.is_null(),
        Err(NoDue::BeyondHorizon) => false,
    };
    if agrees { Vec::new() } else { vec![format!("{}: {key} is {got:?}, wanted {wanted}", case["id"])] }
}

fn plan(source: &Value) -> CalendarPlan {
    let zone = source["tz"].as_str().unwrap();
    if source["always_open"].as_bool() == Some(true) {
        return CalendarPlan::always(zone);
    }
    let mut week = Week::default();
    for (day, hours) in source["weekly"].as_object().unwrap() {
        let hours = hours.as_array().unwrap().iter().map(|pair| {
            Interval::parse(&format!("{}-{}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).unwrap()
        });
        week.set(weekday(day), hours.collect());
    }
    let mut plan = CalendarPlan::weekly(zone, week);
    for date in source["holidays"].as_array().into_iter().flatten() {
        plan.closed.insert(date.as_str().unwrap().parse().unwrap());
    }
    for day in source["workdays"].as_array().into_iter().flatten() {
        let date = day["date"].as_str().unwrap().parse().unwrap();
        plan.open.insert(date, weekday(day["like"].as_str().unwrap()));
    }
    plan
}

fn pauses(source: &Value) -> Pauses {
    let spans = source.as_array().into_iter().flatten();
    Pauses::from_spans(spans.map(|span| (instant(&span[0]), (!span[1].is_null()).then(|| instant(&span[1])))))
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn minutes(value: &Value) -> SignedDuration {
    SignedDuration::from_mins(value.as_i64().unwrap())
}

fn weekday(name: &str) -> Weekday {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let index = names.iter().position(|known| *known == name).unwrap();
    Weekday::from_monday_zero_offset(i8::try_from(index).unwrap()).unwrap()
}
