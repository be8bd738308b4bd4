//! The example on the ledger in memory: the same seed gives the same weeks, everything occurs, nothing is refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use tokio::sync::OnceCell;
use yinuo_commitment::{Channel, Grade, Kind, Tables};
use yinuo_core::{
    id::OrgId,
    roster::{Actor, Role},
    ticket::{Outcome, ReopenReason, Stage},
    view::TicketRow,
};
use yinuo_desk::{Clock as _, Desk, FiguresQuery, InboxCourier, Ports, Settings, TicketSheet};
use yinuo_example::{Plan, SeededEntropy, Summary, play, settle_inboxes};
use yinuo_ledger::{MemoryLedger, Page, TicketFilter};

struct Played {
    desk: Desk,
    summary: Summary,
    sheets: Vec<TicketSheet>,
    rows: Vec<TicketRow>,
}

/// A Friday afternoon, in office hours, played once for all tests.
async fn friday() -> &'static Played {
    static PLAYED: OnceCell<Played> = OnceCell::const_new();
    PLAYED.get_or_init(|| played(1, FRIDAY, 6)).await
}

/// A Sunday before dawn, played once for all tests.
async fn sunday() -> &'static Played {
    static PLAYED: OnceCell<Played> = OnceCell::const_new();
    PLAYED.get_or_init(|| played(2, SUNDAY, 6)).await
}

async fn played(seed: u64, until: &str, weeks: u32) -> Played {
    let plan = Plan { seed, until: until.parse().unwrap(), weeks };
    let clock = Arc::new(plan.clock());
    let ledger = Arc::new(MemoryLedger::new(yinuo_ledger::conformance::sample::new_vault()));
    let ports = Ports {
        clock: Arc::clone(&clock) as _,
        entropy: Arc::new(SeededEntropy::new(seed)),
        courier: Arc::new(InboxCourier::new(Arc::clone(&ledger) as _)),
    };
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let settings = Settings { zone, tables: Tables::default() };
    let desk = Desk::open(OrgId::new("example").unwrap(), ledger, ports, settings).await.unwrap();
    let summary = play(&desk, &clock, &plan, "$argon2id$not-a-password").await.unwrap();
    assert_eq!(clock.now(), plan.until);
    let page = Page::first(5_000);
    let rows = desk.list(&TicketFilter::default(), &page, Actor::System).await.unwrap().rows;
    let mut sheets = Vec::new();
    for row in &rows {
        sheets.push(desk.ticket(row.ticket, Actor::System).await.unwrap());
    }
    Played { desk, summary, sheets, rows }
}

const FRIDAY: &str = "2026-11-20T07:40:00Z";
const SUNDAY: &str = "2026-11-21T21:13:00Z";

#[tokio::test]
async fn nothing_is_refused_and_nothing_lies_after_the_end() {
    // Over New Year's Eve; in the week of the national holiday, with letters that take effect half way.
    let (new_year, october) =
        (played(3, "2026-12-31T16:30:00Z", 3).await, played(4, "2026-10-09T01:30:00Z", 6).await);
    for played in [friday().await, sunday().await, &new_year, &october] {
        let end = played.summary.until;
        assert_eq!(played.summary.refused, Vec::<String>::new(), "until {end}");
        for sheet in &played.sheets {
            assert!(sheet.entries.iter().all(|entry| entry.at <= end), "{}", sheet.ticket.number);
            assert!(sheet.entries.iter().all(|entry| entry.at >= played.summary.from));
        }
        assert!(played.desk.organisation().example);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_tickets_and_figures() {
    let (first, second) = (played(7, FRIDAY, 2).await, played(7, FRIDAY, 2).await);
    assert_eq!(first.summary, second.summary);
    assert_eq!(first.rows, second.rows);
    let actor = Actor::System;
    let query = FiguresQuery::default();
    let figures = |played: &Played| {
        let (desk, query) = (played.desk.clone(), query.clone());
        async move { format!("{:?}", desk.figures(&query, actor).await.unwrap()) }
    };
    assert_eq!(figures(&first).await, figures(&second).await);
    let other = played(8, FRIDAY, 2).await;
    assert_ne!(first.rows, other.rows);
}

#[tokio::test]
async fn there_are_a_few_hundred_tickets_and_some_dozens_are_open() {
    for played in [friday().await, sunday().await] {
        assert!((350..=470).contains(&played.summary.tickets), "{} tickets", played.summary.tickets);
        assert!((38..=75).contains(&played.summary.open), "{} open", played.summary.open);
        assert_eq!(played.rows.len(), played.summary.tickets);
    }
}

#[tokio::test]
async fn every_stage_kind_channel_grade_outcome_and_clock_state_occurs() {
    for played in [friday().await, sunday().await] {
        let rows = &played.rows;
        let until = played.summary.until;
        for stage in Stage::ALL {
            assert!(
                rows.iter().any(|row| row.stage == *stage),
                "no ticket is {}, until {until}",
                stage.word()
            );
        }
        for kind in Kind::ALL {
            assert!(rows.iter().filter(|row| row.kind == *kind).count() >= 8, "{kind}");
        }
        for channel in Channel::ALL {
            assert!(rows.iter().filter(|row| row.channel == *channel).count() >= 5, "{channel}");
        }
        for grade in [Grade::Minor, Grade::Major] {
            assert!(rows.iter().any(|row| row.breach == Some(grade)), "{grade}");
        }
        let mut states = BTreeSet::new();
        let mut outcomes = BTreeSet::new();
        let mut reasons = BTreeSet::new();
        let mut causes = BTreeSet::new();
        for sheet in &played.sheets {
            states.extend(sheet.clocks.iter().map(|clock| clock.reading.state.word()));
            let rounds = &sheet.ticket.rounds;
            outcomes
                .extend(rounds.iter().filter_map(|round| round.closed.as_ref()).map(|(_, how)| how.word()));
            reasons.extend(rounds.iter().filter_map(|round| round.reopened).map(ReopenReason::word));
            causes.extend(sheet.breaches.iter().map(|breach| breach.cause.word()));
        }
        assert_eq!(Vec::from_iter(states), ["excepted", "met", "missed", "paused", "running", "void"]);
        let all = ["duplicate", "out-of-scope", "settled", "unresolved", "withdrawn"];
        assert_eq!(Vec::from_iter(outcomes), all, "until {until}");
        assert_eq!(Vec::from_iter(reasons), ["closed-by-mistake", "recurrence", "second-complaint"]);
        assert!(causes.contains("concealed") && causes.contains("missed"), "{causes:?}");
    }
}

#[tokio::test]
async fn most_promises_are_kept_and_the_rest_is_remedied() {
    let played = friday().await;
    let mut by_state: BTreeMap<&str, usize> = BTreeMap::new();
    for clock in played.sheets.iter().flat_map(|sheet| &sheet.clocks) {
        *by_state.entry(clock.reading.state.word()).or_default() += 1;
    }
    let percent_met = by_state["met"] * 100 / (by_state["met"] + by_state["missed"]);
    assert!((80..=97).contains(&percent_met), "{percent_met} % met: {by_state:?}");
    let remedies = || played.sheets.iter().flat_map(|sheet| &sheet.ticket.rounds).flat_map(|r| &r.remedies);
    assert!(remedies().filter(|remedy| remedy.confirmed_at.is_some()).count() >= 5);
    assert!(remedies().any(|remedy| remedy.approved_at.is_none()), "one waits for approval");
    assert!(remedies().any(|remedy| !remedy.gives.is_empty()), "one gives what the table says");
    let surveyed = played.rows.iter().filter(|row| !row.ratings.is_empty()).count();
    assert!(surveyed >= 80, "{surveyed} rated");
    let called_back = |sheet: &TicketSheet| {
        sheet.ticket.rounds.iter().any(|round| round.has(yinuo_commitment::Mark::CalledBack))
    };
    assert!(played.sheets.iter().filter(|sheet| called_back(sheet)).count() >= 3);
    let mediated = |sheet: &TicketSheet| {
        sheet.ticket.rounds.iter().any(|round| round.mediation.is_some_and(|m| m.concluded.is_some()))
    };
    assert!(played.sheets.iter().any(mediated));
    let scope =
        |sheet: &TicketSheet| matches!(sheet.ticket.round().closed, Some((_, Outcome::OutOfScope { .. })));
    assert!(played.sheets.iter().any(scope));
}

#[tokio::test]
async fn some_clocks_fall_due_soon_and_a_few_are_overdue_whatever_the_hour() {
    for played in [friday().await, sunday().await] {
        let end = played.summary.until;
        let dues: Vec<i64> = played
            .rows
            .iter()
            .filter(|row| row.open)
            .filter_map(|row| row.next_due_at)
            .map(|due| due.duration_since(end).as_mins())
            .collect();
        let count = |from: i64, to: i64| dues.iter().filter(|min| (from..to).contains(*min)).count();
        assert!(count(0, 60) >= 5, "within the hour: {}, {end}", count(0, 60));
        assert!(count(60, 8 * 60) >= 5, "later today: {}, {end}", count(60, 8 * 60));
        assert!((3..=30).contains(&count(-100_000, 0)), "overdue: {}, {end}", count(-100_000, 0));
    }
}

#[tokio::test]
async fn newcomers_have_an_account_for_each_role() {
    let played = friday().await;
    for role in Role::ALL {
        let account = played.summary.accounts.iter().find(|account| account.role == *role).unwrap();
        let (member, _) = played.desk.credentials(&account.account).await.unwrap().unwrap();
        assert_eq!(member.role, *role);
    }
}

#[tokio::test]
async fn inboxes_hold_what_is_new() {
    let played = played(9, FRIDAY, 1).await;
    settle_inboxes(&played.desk, played.summary.until).await.unwrap();
    assert_eq!(played.desk.job_counts().await.unwrap().given_up, 0);
    let (mut all, mut unread) = (0, 0);
    for member in played.desk.organisation().roster.members.keys() {
        for notice in played.desk.notices(*member, false, 5_000).await.unwrap() {
            let hours_old = played.summary.until.duration_since(notice.at).as_hours();
            assert_eq!(notice.read_at.is_some(), hours_old >= 36, "{hours_old} h old");
            all += 1;
            unread += usize::from(notice.read_at.is_none());
        }
    }
    assert!(unread > 20 && all > unread + 100, "{unread} of {all} unread");
}

#[tokio::test]
async fn an_organisation_with_people_is_left_alone() {
    let played = friday().await;
    let plan = Plan { seed: 1, until: FRIDAY.parse().unwrap(), weeks: 1 };
    let again = play(&played.desk, &plan.clock(), &plan, "x").await;
    assert!(matches!(again, Err(yinuo_example::ExampleError::NotEmpty)));
    assert_eq!(played.rows.len(), played.summary.tickets);
}
