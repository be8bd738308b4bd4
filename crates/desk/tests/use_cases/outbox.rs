//! Notices are delivered: again after a failure, once by their key, at the opening where a ladder is quiet.

use yinuo_commitment::{Kind, Urgency};
use yinuo_desk::{DeliveryError, Submission};

use crate::harness::*;

#[tokio::test]
async fn a_failed_delivery_is_tried_again_with_growing_waits() {
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    company.courier.fail(3, &DeliveryError::Later("the mail server is away".to_owned()));
    let start = company.desk.now();
    let mut tried_at = Vec::new();
    for second in 0..60 {
        company.clock.set(start + jiff::SignedDuration::from_secs(second));
        let before = company.courier.tries();
        company.desk.deliver_due().await.unwrap();
        tried_at.extend((before..company.courier.tries()).map(|_| second));
    }
    assert_eq!(tried_at, [0, 1, 3, 7], "waits of 1, 2 and 4 seconds");
    assert_eq!(company.told(company.owner(&receipt.sheet)).await, ["assigned"]);
    assert_eq!(company.jobs().done, 1);
}

#[tokio::test]
async fn a_delivery_that_cannot_work_is_given_up() {
    let company = Company::open().await;
    company.submit(request(Kind::Consultation)).await;
    company.courier.fail(1, &DeliveryError::Never("no such address".to_owned()));
    company.desk.deliver_due().await.unwrap();
    assert_eq!((company.jobs().given_up, company.jobs().waiting), (1, 0));

    company.submit(request(Kind::Consultation)).await;
    company.courier.fail(1_000, &DeliveryError::Later("still away".to_owned()));
    let start = company.desk.now();
    let mut hours = 0;
    while company.jobs().waiting > 0 {
        company.desk.deliver_due().await.unwrap();
        company.clock.step(mins(60));
        hours += 1;
        assert!(hours < 48, "it is never given up");
    }
    assert!(company.desk.now() > start + mins(12 * 60), "not before half a day has passed");
    assert_eq!(company.jobs().given_up, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_deliver_each_notice_once() {
    let company = Company::open().await;
    for _ in 0..150 {
        company.submit(request(Kind::Consultation)).await;
    }
    let other = company.another_desk().await;
    let desk = company.desk.clone();
    let (one, two) = tokio::join!(
        tokio::spawn(async move { desk.deliver_due().await.unwrap() }),
        tokio::spawn(async move { other.deliver_due().await.unwrap() }),
    );
    assert_eq!(one.unwrap() + two.unwrap(), 150);
    let mut keys: Vec<String> =
        company.courier.tries.lock().unwrap().iter().map(|(key, _)| key.clone()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), company.courier.tries()), (150, 150));
    let mut told = 0;
    for account in ["amy", "ben", "cao", "dan"] {
        told += company.told(account).await.len();
    }
    assert_eq!(told, 150);
}

#[tokio::test]
async fn a_job_claimed_by_a_worker_that_died_is_delivered_by_another_and_told_once() {
    use yinuo_desk::Courier;
    use yinuo_ledger::Outbox;
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    let lease = jiff::SignedDuration::from_secs(60);
    let claimed = company.ledger.claim(&[], 10, company.desk.now(), lease).await.unwrap();
    // It delivered, and died before it could say so.
    company.courier.deliver(&claimed[0]).await.unwrap();
    assert_eq!(company.desk.deliver_due().await.unwrap(), 0);
    company.clock.step(mins(1));
    assert_eq!(company.desk.deliver_due().await.unwrap(), 1);
    assert_eq!(company.told(company.owner(&receipt.sheet)).await, ["assigned"]);
}

#[tokio::test]
async fn quiet_notices_wait_for_the_opening_and_urgent_ones_never() {
    let company = Company::open().await;
    // Friday evening: the clock of the visit runs at all hours, that of the contact in working time.
    company.clock.set(wall("2026-11-27 17:30"));
    let normal = company.submit(request(Kind::Repair)).await;
    let urgent = Submission { urgency: Some(Urgency::Urgent), ..request(Kind::Repair) };
    let urgent = company.submit(urgent).await;
    company.desk.deliver_due().await.unwrap();
    company.clock.set(wall("2026-11-27 17:46"));
    company.desk.tick_due().await.unwrap();
    company.desk.deliver_due().await.unwrap();
    let told = company.told("tom").await;
    assert_eq!(told, ["assigned", "assigned", "clock-share 50 % urgent-contact"]);

    // The contact is half due on Friday at 18:00, when the office closes: told on Monday.
    company.clock.set(wall("2026-11-28 08:00"));
    company.desk.tick_due().await.unwrap();
    company.desk.deliver_due().await.unwrap();
    let contact = "clock-share 50 % repair-contact".to_owned();
    assert!(!company.told("tom").await.contains(&contact));
    assert!(company.jobs().waiting > 0);
    company.clock.set(wall("2026-11-30 09:00"));
    company.desk.deliver_due().await.unwrap();
    assert!(company.told("tom").await.contains(&contact));
    assert_ne!(normal.ticket, urgent.ticket);
    company.finish().await;
}

#[tokio::test(start_paused = true)]
async fn the_worker_wakes_for_new_jobs_and_stops_when_asked() {
    use std::time::Duration;
    use tokio::time::timeout;
    let company = Company::open().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(company.desk.clone().run_outbox(stopped));
    let mut feed = company.desk.feed();
    let receipt = company.submit(request(Kind::Consultation)).await;
    let notice_for = loop {
        let change = timeout(Duration::from_mins(1), feed.recv()).await.expect("a notice arrives").unwrap();
        if let Some(member) = change.notice_for {
            break member;
        }
    };
    assert_eq!(notice_for, company.member(company.owner(&receipt.sheet)));
    let slept = company.clock.slept();
    timeout(Duration::from_mins(1), feed.recv()).await.expect_err("nothing more happens");
    assert!(company.clock.slept() <= slept + 1, "the worker does not spin");
    stop.send_replace(true);
    timeout(Duration::from_mins(1), worker).await.expect("it stops").unwrap();
}
