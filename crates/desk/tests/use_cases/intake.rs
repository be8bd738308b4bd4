//! Requests come in: routing, receipts, the same request twice.

use std::collections::BTreeMap;

use yinuo_commitment::{Channel, Kind};
use yinuo_core::{
    roster::Actor,
    ticket::{Classifier, Command, Event, Outcome, Purpose},
};
use yinuo_desk::{DeskError, Submission};

use crate::harness::*;

const KEY: &str = "0d4f6f0e-6f0b";

fn key() -> String {
    KEY.to_owned()
}

#[tokio::test]
async fn each_request_goes_to_whoever_has_the_fewest() {
    let mut company = Company::open().await;
    let mut owners = Vec::new();
    for _ in 0..8 {
        let receipt = company.submit(request(Kind::Consultation)).await;
        owners.push(company.owner(&receipt.sheet));
    }
    let mut first = owners[..4].to_vec();
    first.sort_unstable();
    assert_eq!(first, ["amy", "ben", "cao", "dan"], "leads get tickets only while nobody else can");
    assert_eq!(owners[..4], owners[4..]);

    // Closing makes room, also for a desk that is opened later.
    let closed = company.submit(request(Kind::Consultation)).await;
    let owner = company.owner(&closed.sheet);
    let withdrawn = Command::Close { outcome: Outcome::Withdrawn, note: "".into() };
    company.ok(closed.ticket, owner, withdrawn).await;
    company.restart().await;
    assert_eq!(company.owner(&company.submit(request(Kind::Consultation)).await.sheet), owner);
    company.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_at_once_spread_evenly_with_numbers_of_their_own() {
    let company = Company::open().await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let desk = company.desk.clone();
        tasks.spawn(async move { desk.submit(request(Kind::Consultation), Actor::Customer, None).await });
    }
    let receipts: Vec<_> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
    let mut owned: BTreeMap<&str, u32> = BTreeMap::new();
    for receipt in &receipts {
        *owned.entry(company.owner(&receipt.sheet)).or_default() += 1;
    }
    assert_eq!(owned, BTreeMap::from([("amy", 16), ("ben", 16), ("cao", 16), ("dan", 16)]));
    let mut numbers: Vec<String> = receipts.iter().map(|receipt| receipt.number.clone()).collect();
    numbers.sort();
    let expected: Vec<String> = (1..=64).map(|number| format!("ZX-20261123-{number:04}")).collect();
    assert_eq!(numbers, expected, "no number twice, no gap");
    let again = company.another_desk().await;
    let of_new = again.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
    assert_eq!(company.owner(&of_new.sheet), "amy", "of equals the first by id, as counted from the ledger");
    company.finish().await;
}

#[tokio::test]
async fn the_same_request_twice_is_one_ticket_with_one_answer() {
    let company = Company::open().await;
    let submit = |submission| company.desk.submit(submission, Actor::Customer, Some(key()));
    let first = submit(request(Kind::Consultation)).await.unwrap();
    let second = submit(request(Kind::Consultation)).await.unwrap();
    assert!(!first.replayed && second.replayed);

    // Also after the ticket went on: the receipt is of the first record.
    company.clock.step(mins(45));
    company.ok(first.ticket, "amy", note("问过仓库")).await;
    let third = submit(request(Kind::Consultation)).await.unwrap();
    for again in [&second, &third] {
        assert_eq!(
            (again.ticket, &again.number, &again.query_code, again.hash, again.received_at),
            (first.ticket, &first.number, &first.query_code, first.hash, first.received_at)
        );
        assert_eq!(states(&again.sheet), states(&first.sheet));
        assert_eq!(again.sheet.ticket, first.sheet.ticket);
    }
    let records = company.desk.records(first.ticket, company.actor("auditor")).await.unwrap();
    assert_eq!(records[0].hash, first.hash);
    assert_eq!(company.desk.counts(company.actor("amy")).await.unwrap().open, 1);

    let other = submit(request(Kind::Complaint)).await;
    assert_eq!(other.unwrap_err().code(), "idempotency-key-reused");
    company.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_request_many_times_at_once_is_one_ticket() {
    let company = Company::open().await;
    let mut tasks = tokio::task::JoinSet::new();
    for node in 0..16 {
        let desk = if node % 2 == 0 { company.desk.clone() } else { company.another_desk().await };
        tasks.spawn(
            async move { desk.submit(request(Kind::Consultation), Actor::Customer, Some(key())).await },
        );
    }
    let receipts: Vec<_> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
    assert!(receipts.iter().all(|receipt| receipt.hash == receipts[0].hash));
    assert_eq!(receipts.iter().filter(|receipt| !receipt.replayed).count(), 1);
    assert_eq!(company.desk.counts(company.actor("amy")).await.unwrap().open, 1);
    // Room reserved for the duplicates was given back.
    let mut owners = Vec::new();
    for _ in 0..3 {
        owners.push(company.owner(&company.submit(request(Kind::Consultation)).await.sheet));
    }
    owners.push(company.owner(&receipts[0].sheet));
    owners.sort_unstable();
    assert_eq!(owners, ["amy", "ben", "cao", "dan"]);
    company.finish().await;
}

#[tokio::test]
async fn what_was_begun_is_finished_when_the_caller_hangs_up() {
    let company = Company::open().await;
    let mut feed = company.desk.feed();
    {
        let mut submit =
            std::pin::pin!(company.desk.submit(request(Kind::Consultation), Actor::Customer, None));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(submit.as_mut().poll(&mut context).is_pending(), "the append is on its way");
    }
    let change = feed.recv().await.unwrap();
    assert_eq!(change.version, 1, "it was kept, and everybody who watches was told");
    let owner = company.owner(&company.sheet(change.ticket.unwrap()).await);
    let next = company.submit(request(Kind::Consultation)).await;
    assert_ne!(company.owner(&next.sheet), owner, "and its owner is counted");
    company.finish().await;
}

#[tokio::test]
async fn a_refused_request_leaves_no_gap_and_no_load() {
    let company = Company::open().await;
    let long = |field: &dyn Fn(&mut Submission)| {
        let mut submission = request(Kind::Consultation);
        field(&mut submission);
        submission
    };
    for (submission, code) in [
        (Submission::new(Channel::Web, "", "x"), "blank"),
        (Submission::new(Channel::Web, "x", " \n"), "blank"),
        (Submission::new(Channel::Web, "\u{200b}\u{feff}", "x"), "blank"),
        (Submission::new(Channel::Web, "x", "\u{2060} \0\u{3164}"), "blank"),
        (Submission::new(Channel::Phone, "x", "\u{ad}\u{202e}"), "blank"),
        (Submission::new(Channel::Web, "x", &"长".repeat(20_001)), "too-long"),
        (long(&|submission| submission.customer.name = "名".repeat(301).into()), "invalid"),
        (long(&|submission| submission.topic = Some("x".repeat(41))), "invalid"),
    ] {
        let refused = company.desk.submit(submission, Actor::Customer, None).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    for key in ["", "two words", "键", &"k".repeat(201)] {
        let key = Some(key.to_owned());
        let refused = company.desk.submit(request(Kind::Praise), Actor::Customer, key).await;
        assert_eq!(refused.unwrap_err().code(), "invalid");
    }
    let receipt = company.submit(request(Kind::Consultation)).await;
    assert_eq!(receipt.number, "ZX-20261123-0001");
    for unseen in [reply(Purpose::Reply, "\u{200b}\u{feff}"), note("\u{3164}")] {
        assert_eq!(company.refused(receipt.ticket, "amy", unseen).await, "blank");
    }
    let forbidden = company.desk.submit(request(Kind::Praise), company.actor("auditor"), None).await;
    assert_eq!(forbidden.unwrap_err().code(), "forbidden");
    company.finish().await;
}

#[tokio::test]
async fn a_topic_is_no_place_for_personal_data() {
    let company = Company::open().await;
    let ticket = company.submit(request(Kind::Consultation)).await.ticket;
    for topic in [
        "王小丽 138 0000 1234",
        "010-62345678",
        "１３８００００１２３４",
        "wang.li＠example.com",
        "a@b.cn",
        "a\nb",
    ] {
        let submission = Submission { topic: Some(topic.into()), ..request(Kind::Consultation) };
        let refused = company.desk.submit(submission, Actor::Customer, None).await.unwrap_err();
        assert!(matches!(refused, DeskError::Invalid { field: "topic", .. }), "{topic}: {refused:?}");
        for language in yinuo_commitment::Language::ALL {
            assert!(!refused.text(*language).contains(topic), "it repeats it");
        }
        let facets = yinuo_commitment::Facets {
            topic: Some(topic.into()),
            ..company.sheet(ticket).await.ticket.facets()
        };
        let classify = Command::Classify { facets, why: "x".into() };
        let refused = company.desk.command(ticket, classify, company.actor("carol"), None).await.unwrap_err();
        assert!(matches!(refused, DeskError::Invalid { field: "topic", .. }), "{topic}: {refused:?}");
    }
    for topic in ["water-purifier", "净水器 WP-2000", "滤芯 10 寸"] {
        company.submit(Submission { topic: Some(topic.into()), ..request(Kind::Consultation) }).await;
    }
    company.finish().await;
}

#[tokio::test]
async fn who_classified_is_on_record() {
    let company = Company::open().await;
    let unknown = || Submission::new(Channel::Phone, "投诉", "我要投诉你们的安装师傅态度恶劣。");
    for (submission, actor, by) in [
        (unknown(), Actor::Customer, Classifier::Rules),
        (request(Kind::Complaint), Actor::Customer, Classifier::Customer),
        (request(Kind::Complaint), company.actor("amy"), Classifier::Person),
    ] {
        let receipt = company.desk.submit(submission, actor, None).await.unwrap();
        let events = &receipt.sheet.entries[0].events;
        let classified = events.iter().find_map(|event| match event {
            Event::Classified { facets, by, .. } => Some((facets.kind, *by)),
            _ => None,
        });
        assert_eq!(classified, Some((Kind::Complaint, by)));
    }
    company.finish().await;
}

#[tokio::test]
async fn a_ticket_without_anybody_to_own_it_is_not_silent() {
    let company = Company::open().await;
    company.desk.leave(company.member("tom"), company.actor("admin")).await.unwrap();
    let receipt = company.submit(request(Kind::Repair)).await;
    assert_eq!(company.owner(&receipt.sheet), "nobody");
    company.finish().await;
    assert_eq!(company.told("supervision").await, ["unassigned"]);
}
