//! Several desks on one ledger: what one does, the others know.

use std::{collections::BTreeSet, time::Duration};

use jiff::SignedDuration;
use tokio::{
    sync::{broadcast::Receiver, watch},
    time::timeout,
};
use yinuo_commitment::Kind;
use yinuo_core::{
    roster::{Actor, Role},
    ticket::Command,
};
use yinuo_desk::{Change, Desk};
use yinuo_ledger::Log;

use crate::{alarms::LITTLE_LETTER, harness::*};

/// Positions that a feed has told so far, in the order of telling.
fn told(feed: &mut Receiver<Change>) -> Vec<u64> {
    std::iter::from_fn(|| feed.try_recv().ok()).map(|change| change.position).collect()
}

#[tokio::test]
async fn each_node_tells_its_watchers_everything_once() {
    let company = Company::open().await;
    let (here, there) = (&company.desk, company.another_desk().await);
    let (mut at_home, mut away) = (here.feed(), there.feed());
    let first = company.submit(request(Kind::Consultation)).await;
    let second = there.submit(request(Kind::Repair), Actor::Customer, None).await.unwrap();
    company.ok(second.ticket, "tom", note("一")).await;
    let start = first.position.unwrap();
    assert_eq!(told(&mut at_home), [start, start + 2], "its own appends at once");
    assert_eq!(told(&mut away), [start + 1]);

    assert_eq!(here.read_on().await.unwrap(), 1);
    assert_eq!(there.read_on().await.unwrap(), 2);
    let change = at_home.try_recv().unwrap();
    assert_eq!((change.position, change.ticket, change.version), (start + 1, Some(second.ticket), 1));
    assert_eq!(change.at, company.sheet(second.ticket).await.entries[0].at);
    assert_eq!(told(&mut away), [start, start + 2]);
    for desk in [here, &there] {
        assert_eq!(desk.read_on().await.unwrap(), 0, "nothing is told twice");
    }
    assert_eq!((told(&mut at_home), told(&mut away)), (vec![], vec![]));
    company.finish().await;
}

#[tokio::test]
async fn people_and_letters_are_known_on_every_node_before_it_tells_that_they_changed() {
    let company = Company::with_people(7).await;
    let there = company.another_desk().await;
    let mut away = there.feed();
    company.desk.publish(RESPONSE_TIME, company.actor("manager")).await.unwrap();
    let joined = company.desk.join(new_member("new", Role::Agent), None, Actor::System).await.unwrap();
    assert!(there.organisation().published.is_empty());
    assert_eq!(there.read_on().await.unwrap(), 2);
    assert_eq!(away.try_recv().unwrap().ticket, None);
    assert_eq!(there.organisation().published.len(), 1);
    assert!(there.organisation().roster.members.contains_key(&joined.id));
    assert_eq!(there.commitments().len(), 1);
    company.finish().await;
}

#[tokio::test]
async fn whoever_has_just_joined_on_one_node_can_sign_in_on_the_others_at_once() {
    let company = Company::with_people(7).await;
    let there = company.another_desk().await;
    let joined =
        company.desk.join(new_member("new", Role::Agent), Some("hash"), Actor::System).await.unwrap();
    let hour = SignedDuration::from_hours(1);
    company.desk.begin_session(joined.id, [7; 32], "csrf".to_owned(), hour).await.unwrap();
    let (_, member) = there.session(&[7; 32], hour).await.unwrap().expect("a valid session");
    assert_eq!(member.id, joined.id);
    let (member, hash) = company.another_desk().await.credentials("new").await.unwrap().expect("credentials");
    assert_eq!((member.id, hash.as_str()), (joined.id, "hash"));
    let newer =
        company.desk.join(new_member("newer", Role::Agent), Some("hash"), Actor::System).await.unwrap();
    assert_eq!(there.credentials("newer").await.unwrap().map(|(member, _)| member.id), Some(newer.id));
    assert!(there.credentials("nobody").await.unwrap().is_none());
    company.finish().await;
}

#[tokio::test]
async fn requests_go_to_whoever_has_least_to_do_on_all_nodes_together() {
    let company = Company::open().await;
    let there = company.another_desk().await;
    let mut owners = Vec::new();
    for _ in 0..3 {
        let receipt = there.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
        owners.push(company.owner(&receipt.sheet));
    }
    assert_eq!(company.desk.read_on().await.unwrap(), 3);
    assert!(!company.desk.catch_up().await.unwrap(), "nothing was on its way");
    let receipt = company.submit(request(Kind::Consultation)).await;
    owners.push(company.owner(&receipt.sheet));
    let different: BTreeSet<&str> = owners.iter().copied().collect();
    assert_eq!(different.len(), 4, "one of the four agents each: {owners:?}");
    company.finish().await;
}

/// A worker of a desk, stopped in the end.
struct Running {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start<F: Future<Output = ()> + Send + 'static>(run: impl FnOnce(watch::Receiver<bool>) -> F) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(run(stopped)) }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

/// The next change; none if everybody sleeps before one comes.
async fn next(feed: &mut Receiver<Change>) -> Option<Change> {
    timeout(Duration::from_hours(1), feed.recv()).await.ok().map(Result::unwrap)
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_another_node_armed_fires_here_at_its_instant_if_that_node_is_gone() {
    let company = Company::empty(3).await;
    let letter = LITTLE_LETTER.replace("30 min", "3 s");
    company.desk.publish(&letter, Actor::System).await.unwrap();
    let here = company.desk.clone();
    let tail = Running::start(|stopped| here.clone().run_tail(stopped));
    let ticker = Running::start(|stopped| here.clone().run_ticker(stopped));
    let mut feed = here.feed();
    assert_eq!(next(&mut feed).await, None, "the ticker sleeps, for longer than three seconds");
    let there = company.another_desk().await;
    let receipt = there.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
    drop(there);
    let received = next(&mut feed).await.unwrap();
    assert_eq!((received.ticket, received.version), (Some(receipt.ticket), 1));
    assert_eq!(next(&mut feed).await, None);
    company.clock.set(wall("2026-11-23 10:00:03"));
    let fired = next(&mut feed).await.expect("the ticker was woken");
    assert_eq!((fired.ticket, fired.version), (Some(receipt.ticket), 2));
    tail.stop().await;
    ticker.stop().await;
    company.finish().await;
}

#[tokio::test(start_paused = true)]
async fn jobs_that_another_node_left_lying_are_delivered_here() {
    let company = Company::open().await;
    let here = company.desk.clone();
    let outbox = Running::start(|stopped| here.clone().run_outbox(stopped));
    let tail = Running::start(|stopped| here.clone().run_tail(stopped));
    let mut feed = here.feed();
    assert_eq!(next(&mut feed).await, None);
    company.another_desk().await.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
    assert!(next(&mut feed).await.unwrap().ticket.is_some());
    assert!(next(&mut feed).await.expect("a notice").notice_for.is_some());
    tail.stop().await;
    outbox.stop().await;
    assert_eq!(company.jobs().waiting, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_load_on_all_nodes_every_feed_tells_every_position_once() {
    const EACH: usize = 60;
    let company = Company::open().await;
    let desks = [company.desk.clone(), company.another_desk().await, company.another_desk().await];
    let before = company.ledger.last_position(&company.org).await.unwrap();
    let mut feeds: Vec<_> = desks.iter().map(Desk::feed).collect();
    let tails: Vec<_> =
        desks.iter().map(|desk| Running::start(|stopped| desk.clone().run_tail(stopped))).collect();
    let mut work = tokio::task::JoinSet::new();
    for desk in desks.clone() {
        let amy = company.actor("amy");
        work.spawn(async move {
            for _ in 0..EACH {
                let receipt = desk.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
                desk.command(receipt.ticket, Command::Note { body: "x".into() }, amy, None).await.unwrap();
            }
        });
    }
    work.join_all().await;
    let last = company.ledger.last_position(&company.org).await.unwrap();
    assert_eq!(last - before, u64::try_from(desks.len() * EACH * 2).unwrap());
    for feed in &mut feeds {
        let mut seen = BTreeSet::new();
        while seen.len() < usize::try_from(last - before).unwrap() {
            let change = feed.recv().await.expect("nobody lags behind");
            assert!(seen.insert(change.position), "{} is told twice", change.position);
        }
        assert_eq!((seen.first(), seen.last()), (Some(&(before + 1)), Some(&last)));
    }
    for tail in tails {
        tail.stop().await;
    }
    for (feed, desk) in feeds.iter_mut().zip(&desks) {
        desk.read_on().await.unwrap();
        assert_eq!(told(feed), Vec::<u64>::new(), "nothing more comes");
    }
    company.finish().await;
}
