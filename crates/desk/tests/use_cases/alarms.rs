//! Alarms: at their instant, once and only once, also when nobody was there.

use std::time::Duration;

use jiff::Timestamp;
use tokio::{sync::watch, time::timeout};
use yinuo_commitment::{Kind, StepAt};
use yinuo_core::{
    id::{PersonId, TicketId},
    roster::Actor,
    ticket::{Entry, Event, Facts, Purpose},
    view,
};
use yinuo_desk::{Change, TicketSheet};
use yinuo_ledger::{Append, Enrolment, Log, Page, Persons, SealedViews, TicketFilter, record};

use crate::harness::*;

/// Alarms on record as (promise, step, planned, noticed).
fn fired(sheet: &TicketSheet) -> Vec<(String, StepAt, Timestamp, Timestamp)> {
    let events = sheet.entries.iter().flat_map(|entry| &entry.events);
    let fired = events.filter_map(|event| match event {
        Event::AlarmFired { clock, step, planned_at, noticed_at } => {
            Some((clock.promise.to_string(), *step, *planned_at, *noticed_at))
        }
        _ => None,
    });
    fired.collect()
}

fn first_reply(step: StepAt, planned: &str, noticed: &str) -> (String, StepAt, Timestamp, Timestamp) {
    ("online-first-reply".to_owned(), step, wall(planned), wall(noticed))
}

#[tokio::test]
async fn an_alarm_fires_at_its_instant_and_only_then() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    company.clock.set(wall("2026-11-23 10:08:59.999999"));
    assert_eq!(company.desk.tick_due().await.unwrap().ticked, 0);
    for _ in 0..3 {
        company.clock.set(wall("2026-11-23 10:09"));
        company.desk.tick_due().await.unwrap();
    }
    let share = first_reply(StepAt::Share(60), "2026-11-23 10:09", "2026-11-23 10:09");
    assert_eq!(fired(&company.sheet(id).await), [share]);
    company.finish().await;
}

#[tokio::test]
async fn what_was_missed_while_shut_down_is_noticed_later_and_once() {
    let mut company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    let (id, owner) = (receipt.ticket, company.owner(&receipt.sheet));
    company.clock.set(wall("2026-11-23 10:40"));
    company.restart().await;
    let other = company.another_desk().await;
    company.desk.tick_due().await.unwrap();
    other.tick_due().await.unwrap();
    let sheet = company.sheet(id).await;
    let expected = [
        first_reply(StepAt::Share(60), "2026-11-23 10:09", "2026-11-23 10:40"),
        first_reply(StepAt::Due, "2026-11-23 10:15", "2026-11-23 10:40"),
    ];
    assert_eq!(fired(&sheet), expected);
    assert_eq!(state(&sheet, "online-first-reply"), "missed");
    assert_ne!(company.owner(&sheet), owner, "the ladder hands it over");
    company.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_alarms_on_two_nodes_fire_once_each() {
    const TICKETS: u64 = 10_000;
    let company = Company::empty(3).await;
    company.desk.publish(LITTLE_LETTER, Actor::System).await.unwrap();
    for _ in 0..TICKETS {
        company.submit(request(Kind::Consultation)).await;
    }
    company.clock.step(mins(31));
    let (one, two) = (company.desk.clone(), company.another_desk().await);
    let (one, two) = tokio::join!(
        tokio::spawn(async move { one.tick_due().await.unwrap() }),
        tokio::spawn(async move { two.tick_due().await.unwrap() }),
    );
    assert_eq!(one.unwrap().ticked + two.unwrap().ticked, TICKETS);
    assert_eq!(company.desk.tick_due().await.unwrap().ticked, 0);
    let page = Page::first(20_000);
    let rows = company.desk.list(&TicketFilter::default(), &page, Actor::System).await.unwrap().rows;
    assert_eq!(rows.len() as u64, TICKETS);
    assert!(rows.iter().all(|row| row.version == 2), "one entry for the receipt, one for the alarm");
}

/// One promise without a ladder: its due is the only alarm, and nobody is told.
pub(crate) const LITTLE_LETTER: &str = r#"
[commitment]
number    = "L-1"
title     = { zh = "短信", en = "Little letter" }
company   = { zh = "示例", en = "Example" }
hotline   = "400-000-0000"
effective = 2026-09-01T00:00:00+08:00
signed    = { by = "陈", post = { zh = "经理", en = "Manager" }, on = 2026-08-20 }

[calendar.always]
always = true

[[promise]]
id     = "reply"
title  = { zh = "回应", en = "Reply" }
when   = { kind = ["consultation", "repair"] }
from   = "received"
until  = "first-reply"
within = "30 min"
on     = "always"
"#;

/// A ticker that runs on the stepped clock. Nothing else takes time, so a test that waits in vain times out at once.
struct Running {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
    feed: tokio::sync::broadcast::Receiver<Change>,
}

impl Running {
    fn start(company: &Company) -> Self {
        let (stop, stopped) = watch::channel(false);
        let feed = company.desk.feed();
        Self { stop, task: tokio::spawn(company.desk.clone().run_ticker(stopped)), feed }
    }

    async fn next(&mut self) -> Option<Change> {
        timeout(Duration::from_hours(1), self.feed.recv()).await.ok().map(Result::unwrap)
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        timeout(Duration::from_hours(1), self.task).await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn the_ticker_wakes_at_the_instant_and_for_an_earlier_alarm() {
    let company = Company::open().await;
    let mut ticker = Running::start(&company);
    assert_eq!(ticker.next().await, None, "nothing to do: asleep");

    // Kept while the ticker sleeps until it looks again in five seconds: this alarm falls earlier.
    let slow = company.submit(request(Kind::Complaint)).await.ticket;
    assert_eq!(ticker.next().await.map(|change| change.ticket), Some(Some(slow)));
    company.clock.set(wall("2026-11-23 10:08:59"));
    assert_eq!(ticker.next().await, None);
    let hurried = company.submit(request(Kind::Consultation)).await.ticket;
    assert_eq!(ticker.next().await.and_then(|change| change.ticket), Some(hurried));
    company.clock.set(wall("2026-11-23 10:17:58.999999"));
    assert_eq!(ticker.next().await, None, "not a microsecond too early");
    company.clock.set(wall("2026-11-23 10:17:59"));
    let change = ticker.next().await.expect("the alarm fires");
    assert_eq!((change.ticket, change.version), (Some(hurried), 2));

    let slept = company.clock.slept();
    assert_eq!(ticker.next().await, None);
    assert!(company.clock.slept() <= slept + 1, "the ticker does not spin");
    ticker.stop().await;
    company.finish().await;
}

#[tokio::test(start_paused = true)]
async fn the_ticker_ends_when_nobody_is_left_to_stop_it() {
    let company = Company::open().await;
    let Running { stop, task, feed: _ } = Running::start(&company);
    tokio::task::yield_now().await;
    drop(stop);
    timeout(Duration::from_hours(1), task).await.expect("it ends").unwrap();
}

#[tokio::test(start_paused = true)]
async fn another_organisation_on_the_same_ledger_does_not_keep_the_ticker_awake() {
    let company = Company::open().await;
    let other = yinuo_core::id::OrgId::new("other").unwrap();
    let other = open_desk(&other, &company.ledger, &company.ports).await.unwrap();
    other
        .form_team(
            yinuo_desk::NewTeam {
                id: team_id("all"),
                name: yinuo_commitment::Text::new("全部", "All"),
                kinds: vec![Kind::Consultation],
            },
            Actor::System,
        )
        .await
        .unwrap();
    other.publish(LITTLE_LETTER, Actor::System).await.unwrap();
    other.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
    company.clock.step(mins(60));
    let mut ticker = Running::start(&company);
    assert_eq!(ticker.next().await, None, "asleep, with an alarm of another organisation long due");
    assert!(company.clock.slept() <= 2);
    ticker.stop().await;
    assert_eq!(other.tick_due().await.unwrap().ticked, 1);
    // The courier carries the jobs of every organisation on the ledger.
    company.finish().await;
}

#[tokio::test]
async fn a_late_reply_before_the_tick_is_on_record_but_hurries_nobody() {
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    company.clock.step(mins(16));
    let owner = company.owner(&receipt.sheet);
    company.ok(receipt.ticket, owner, reply(Purpose::Reply, "您好。")).await;
    company.desk.tick_due().await.unwrap();
    let sheet = company.sheet(receipt.ticket).await;
    assert_eq!(fired(&sheet).len(), 2);
    assert_eq!(company.owner(&sheet), owner, "nothing is left to hand over");
    company.finish().await;
    let told = company.told(owner).await;
    assert!(!told.iter().any(|says| says.starts_with("clock-share")), "{told:?}");
    assert!(company.told("supervision").await.contains(&"clock-due due online-first-reply".to_owned()));
}

/// A ticket whose stream does not begin with a receipt, with an alarm long due.
async fn damage(company: &Company, like: TicketId) -> TicketId {
    let sheet = company.sheet(like).await;
    let organisation = company.desk.organisation();
    let load = std::collections::BTreeMap::new();
    let facts = Facts { commitments: &sheet.commitments, roster: &organisation.roster, load: &load };
    let mut views = view::views(&sheet.ticket, &facts);
    let id = TicketId::from_parts(1, [1; 10]);
    views.ticket.ticket = id;
    views.ticket.version = 1;
    "ZX-0".clone_into(&mut views.ticket.number);
    views.clocks.clear();
    views.alarm_at = Some(wall("2026-11-23 09:00"));
    let now = company.desk.now();
    let entry = Entry { at: now, actor: Actor::System, events: vec![Event::Noted { body: "x".into() }] };
    let vault = company.ledger.vault();
    let person = PersonId::from_parts(1, [1; 10]);
    let (custody, wrapped) = vault.new_person(&company.org, person);
    let mut random = |bytes: &mut [u8]| vault.fill(bytes);
    let sealed = record::seal_ticket(&company.org, id, None, &entry, now, &custody, &mut random);
    let views = Some(SealedViews::seal(&company.org, views, &custody, &mut random));
    let enrolment = Some(Enrolment { person, new: Some((wrapped, now)), contacts: Vec::new() });
    company.ledger.append(Append { views, enrolment, ..Append::new(sealed) }).await.unwrap();
    id
}

#[tokio::test(start_paused = true)]
async fn a_damaged_ticket_holds_up_no_other_alarm() {
    let company = Company::open().await;
    let sound = company.submit(request(Kind::Consultation)).await.ticket;
    let damaged = damage(&company, sound).await;
    company.clock.set(wall("2026-11-23 10:09"));
    let report = company.another_desk().await.tick_due().await.unwrap();
    assert_eq!((report.ticked, report.stale), (1, 1));
    assert_eq!(company.sheet(sound).await.ticket.version, 2);
    assert_eq!(company.desk.ticket(damaged, Actor::System).await.unwrap_err().code(), "internal");

    let mut ticker = Running::start(&company);
    assert_eq!(ticker.next().await, None);
    assert!(company.clock.slept() <= 2, "left alone, without looking at it again and again");
    company.clock.set(wall("2026-11-23 10:15"));
    assert_eq!(ticker.next().await.and_then(|change| change.ticket), Some(sound), "the others go on");
    ticker.stop().await;
    company.finish().await;
}
