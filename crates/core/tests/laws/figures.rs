//! Figures against a slow count of the same rows.

use jiff::{SignedDuration, Timestamp};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use yinuo_commitment::{Channel, Grade, Kind, PromiseId};
use yinuo_core::{
    clock::{ClockEnd, ClockKey},
    figures::{
        Basis, Counts, Dimension, Figures, Filter, Month, OverdueCause, PromiseFigures, Report, Share,
        TicketFigures, TicketTrait, Value, Verdict,
    },
    view::{self, ClockRow, TicketRow},
};

use crate::{
    company::{self, Company, member, shanghai, team, ticket_id},
    course::{self, play, steps},
};

const MINUTE_US: i64 = 60_000_000;

fn basis(as_of: &str, by: Option<Dimension>) -> Basis {
    Basis { as_of: shanghai(as_of), zone: company::zone(), by, cases_max: 100, survey_standard: Some(90) }
}

/// A clock that started at `start` with a budget of fifteen minutes, and ended so many minutes later.
fn clock(ticket: u8, start: &str, end: Option<(ClockEnd, i64)>) -> ClockRow {
    let started_at = shanghai(start);
    ClockRow {
        ticket: ticket_id(ticket),
        clock: ClockKey {
            commitment: "YN-2026-001".into(),
            promise: PromiseId::new("online-first-reply"),
            round: 1,
        },
        commitment_version: 1,
        kind: Kind::Consultation,
        channel: if ticket.is_multiple_of(2) { Channel::Chat } else { Channel::Web },
        topic: None,
        team: Some(team("customer-service")),
        member: (!ticket.is_multiple_of(5)).then(|| member("agent")),
        started_at,
        due_at: Some(started_at + SignedDuration::from_mins(15)),
        end: end.map(|(end, minutes)| (end, started_at + SignedDuration::from_mins(minutes))),
        worked_us: end.map(|(_, minutes)| minutes * MINUTE_US),
        budget_us: Some(15 * MINUTE_US),
    }
}

fn report(basis: Basis, rows: &[ClockRow]) -> Report {
    let mut figures = Figures::new(basis);
    for row in rows {
        figures.add(row);
    }
    figures.report()
}

fn ten_clocks() -> Vec<ClockRow> {
    let day = "2026-09-01 10:00";
    let mut undated = clock(9, day, None);
    undated.due_at = None;
    vec![
        clock(1, day, Some((ClockEnd::Met, 1))),
        clock(2, day, Some((ClockEnd::Met, 5))),
        clock(3, day, Some((ClockEnd::Met, 15))),
        clock(4, "2026-10-01 10:00", Some((ClockEnd::Late, 45))),
        clock(5, day, None),
        clock(6, "2026-10-09 10:00", None),
        clock(7, day, Some((ClockEnd::Void, 3))),
        clock(8, day, Some((ClockEnd::Excepted, 3))),
        undated,
        clock(10, "2026-12-01 10:00", None),
    ]
}

#[test]
fn ten_clocks_by_hand() {
    let report = report(basis("2026-10-09 10:05", Some(Dimension::Month)), &ten_clocks());
    let counts = Counts { met: 3, late: 1, overdue: 1, running: 1, undated: 1, excepted: 1, void: 1 };
    assert_eq!(report.counts, counts);
    assert_eq!(report.service_level, Share::of(3, 5));
    let [promise] = report.promises.as_slice() else { panic!("one promise") };
    let times = promise.times.unwrap();
    assert_eq!(times.count, 4);
    assert_eq!(times.mean_us, 16 * MINUTE_US + 30_000_000);
    assert_eq!((times.p50_us, times.p90_us), (5 * MINUTE_US, 45 * MINUTE_US));
    assert_eq!(promise.spread.by_time, [1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    // 1 of 15 minutes is under 10 %, 5 of 15 under 50 %, 15 of 15 within 100 %, 45 of 15 over 200 %.
    assert_eq!(promise.spread.by_use, [1, 0, 1, 0, 0, 1, 0, 0, 0, 1]);
    let months: Vec<(Value, u64)> =
        report.groups.iter().map(|group| (group.value.clone(), group.counts.total())).collect();
    let month = |month| Value::Month(Month { year: 2026, month });
    assert_eq!(months, [(month(9), 7), (month(10), 2)]);
    assert_eq!(Month { year: 2026, month: 9 }.to_string(), "2026-09");
}

/// The office was closed between the due instant and the stop: no working time over the budget, and still late.
#[test]
fn late_is_never_within_the_budget() {
    let mut row = clock(1, "2026-09-01 17:45", Some((ClockEnd::Late, 60)));
    row.worked_us = row.budget_us;
    let report = report(basis("2026-10-09 10:05", None), &[row]);
    assert_eq!(report.promises[0].spread.by_use, [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!((report.cases[0].overrun_us, report.cases[0].overrun_worked_us), (45 * MINUTE_US, Some(0)));
}

#[test]
fn cases_name_their_cause_longest_first() {
    let report = report(basis("2026-10-09 10:05", None), &ten_clocks());
    assert_eq!(report.cases_total, 2);
    let shown: Vec<_> =
        report.cases.iter().map(|case| (case.ticket, case.overrun_us / MINUTE_US, case.cause)).collect();
    let days = 38 * 24 * 60 - 10;
    assert_eq!(
        shown,
        [(ticket_id(5), days, OverdueCause::NobodyOwned), (ticket_id(4), 30, OverdueCause::CameLate)]
    );
    assert_eq!(report.cases[1].overrun_worked_us, Some(30 * MINUTE_US));
}

#[test]
fn the_past_is_judged_as_it_was() {
    // The late one was still running fourteen minutes after its start, and overdue a minute past its due instant.
    let rows = [clock(4, "2026-10-01 10:00", Some((ClockEnd::Late, 45)))];
    for (as_of, verdict) in [
        ("2026-10-01 09:59", None),
        ("2026-10-01 10:15", Some(Verdict::Running)),
        ("2026-10-01 10:16", Some(Verdict::Overdue)),
        ("2026-10-01 10:45", Some(Verdict::Late)),
    ] {
        let report = report(basis(as_of, None), &rows);
        assert_eq!(report.counts.total(), u64::from(verdict.is_some()), "{as_of}");
        assert!(verdict.is_none_or(|verdict| report.counts.of(verdict) == 1), "{as_of}");
    }
}

/// Rows of a few hundred random courses, and when the last of them happened.
fn rows() -> (Vec<ClockRow>, Vec<TicketRow>, Timestamp) {
    let company = Company::both();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut clocks, mut tickets, mut last) = (Vec::new(), Vec::new(), Timestamp::MIN);
    for _ in 0..300 {
        let (first, steps) = (course::firsts(), steps()).new_tree(&mut runner).unwrap().current();
        let run = play(&company, &first, &steps);
        let views = view::views(&run.ticket, &company.facts());
        clocks.extend(views.clocks);
        tickets.push(views.ticket);
        last = last.max(run.now);
    }
    (clocks, tickets, last)
}

fn check_promise(figures: &PromiseFigures, rows: &[ClockRow], basis: &Basis) {
    let holds = |row: &&ClockRow| figures.filter.holds(row, basis.as_of, &basis.zone);
    let behind: Vec<&ClockRow> = rows.iter().filter(holds).collect();
    assert_eq!(figures.counts.total(), u64::try_from(behind.len()).unwrap());
    for verdict in Verdict::ALL {
        let narrow = figures.filter.with(*verdict);
        let listed = rows.iter().filter(|row| narrow.holds(row, basis.as_of, &basis.zone)).count();
        assert_eq!(figures.counts.of(*verdict), u64::try_from(listed).unwrap());
    }
    let stopped =
        |row: &&&ClockRow| matches!(Verdict::of(row, basis.as_of), Some(Verdict::Met | Verdict::Late));
    let mut times: Vec<i64> = behind.iter().filter(stopped).filter_map(|row| row.worked_us).collect();
    times.sort_unstable();
    assert_eq!(figures.times.map_or(0, |times| times.count), u64::try_from(times.len()).unwrap());
    if let Some(figure) = figures.times {
        for (percent, shown) in
            [(50, figure.p50_us), (90, figure.p90_us), (95, figure.p95_us), (99, figure.p99_us)]
        {
            let within = times.iter().filter(|time| **time <= shown).count();
            let below = times.iter().filter(|time| **time < shown).count();
            assert!(within * 100 >= percent * times.len() && below * 100 < percent * times.len());
        }
        assert_eq!(figures.spread.by_time.iter().sum::<u64>(), figure.count);
    }
}

fn check_tickets(figures: &TicketFigures, rows: &[TicketRow], basis: &Basis) {
    let count = |ticket: Option<TicketTrait>| {
        let filter = Filter { ticket, ..figures.filter.clone() };
        let listed = rows.iter().filter(|row| filter.holds_ticket(row, basis.as_of, &basis.zone)).count();
        u64::try_from(listed).unwrap()
    };
    assert_eq!(figures.tickets, count(None));
    assert_eq!(figures.open, count(Some(TicketTrait::Open)));
    assert_eq!(figures.closed, count(Some(TicketTrait::Closed)));
    assert_eq!(figures.reopened.map_or(0, |share| share.part), count(Some(TicketTrait::Reopened)));
    assert_eq!(
        figures.second_complaints.map_or(0, |share| share.part),
        count(Some(TicketTrait::SecondComplaint))
    );
    assert_eq!(figures.first_contact.map_or(0, |share| share.part), count(Some(TicketTrait::FirstContact)));
    assert_eq!(figures.minor_breaches, count(Some(TicketTrait::Breach(Grade::Minor))));
    assert_eq!(figures.major_breaches, count(Some(TicketTrait::Breach(Grade::Major))));
    for question in &figures.questions {
        let rated = rows.iter().filter(|row| question.filter.holds_ticket(row, basis.as_of, &basis.zone));
        assert_eq!(question.satisfied.whole, u64::try_from(rated.count()).unwrap());
    }
}

/// Every figure is the count of the rows that its filter lists, in every grouping; groups add up to the whole.
#[test]
fn figures_are_the_rows_behind_them() {
    let (clocks, tickets, last) = rows();
    assert!(
        tickets.iter().any(|row| row.second_complaint) && tickets.iter().any(|row| !row.ratings.is_empty())
    );
    for by in std::iter::once(None).chain(Dimension::ALL.iter().copied().map(Some)) {
        for days_ago in [0, 20] {
            let mut basis = basis("2026-09-01 00:00", by);
            basis.as_of = last - SignedDuration::from_hours(24 * days_ago);
            let mut figures = Figures::new(basis.clone());
            for row in &clocks {
                figures.add(row);
            }
            for row in &tickets {
                figures.add_ticket(row);
            }
            let report = figures.report();
            for promise in &report.promises {
                check_promise(promise, &clocks, &basis);
            }
            check_tickets(&report.tickets, &tickets, &basis);
            for group in &report.groups {
                for promise in &group.promises {
                    check_promise(promise, &clocks, &basis);
                }
                check_tickets(&group.tickets, &tickets, &basis);
            }
            if by.is_some() {
                let sum =
                    |of: fn(&Counts) -> u64| report.groups.iter().map(|group| of(&group.counts)).sum::<u64>();
                assert_eq!(sum(Counts::total), report.counts.total());
                assert_eq!(sum(|counts| counts.met), report.counts.met);
            }
        }
    }
}

/// The listed cases are the longest of all, whatever the order in which rows come.
#[test]
fn the_longest_cases_are_kept() {
    let (mut clocks, _, last) = rows();
    let mut basis = basis("2026-09-01 00:00", None);
    basis.as_of = last;
    let whole = report(Basis { cases_max: usize::MAX, ..basis.clone() }, &clocks);
    assert_eq!(whole.cases_total, whole.counts.late + whole.counts.overdue);
    assert!(whole.cases.windows(2).all(|pair| pair[0].overrun_us >= pair[1].overrun_us));
    clocks.reverse();
    let short = report(Basis { cases_max: 7, ..basis }, &clocks);
    assert_eq!(short.cases, whole.cases[..7]);
    assert_eq!(short.cases_total, whole.cases_total);
}
