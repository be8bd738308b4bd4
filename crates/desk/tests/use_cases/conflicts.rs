//! Two people at one ticket.

use yinuo_commitment::Kind;
use yinuo_core::{roster::Actor, ticket::Command};
use yinuo_desk::DeskError;

use crate::harness::*;

#[tokio::test]
async fn whoever_saw_an_older_version_gets_the_newer_one() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    company.ok(id, "amy", note("一")).await;
    let late = company.desk.command(id, note("二"), company.actor("ben"), Some(1)).await;
    let Err(DeskError::Conflict { sheet }) = late else { panic!("not a conflict") };
    assert_eq!((sheet.ticket.version, sheet.entries.len()), (2, 2));
    let again = company.desk.command(id, note("二"), company.actor("ben"), Some(2)).await.unwrap();
    assert_eq!(again.ticket.version, 3);
    company.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_version_everybody_gets_through() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    let other = company.another_desk().await;
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..6 {
        let desk = if turn % 2 == 0 { company.desk.clone() } else { other.clone() };
        let amy = company.actor("amy");
        tasks.spawn(async move { desk.command(id, note("x"), amy, None).await });
    }
    let done: Vec<_> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
    let mut versions: Vec<u32> = done.iter().map(|sheet| sheet.ticket.version).collect();
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4, 5, 6, 7]);
    company.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_take_a_ticket_at_once_one_is_refused() {
    let company = Company::open().await;
    let complaint = company.submit(request(Kind::Complaint)).await;
    let (id, version) = (complaint.ticket, complaint.sheet.ticket.version);
    let take = |who: &str| {
        let (desk, actor) = (company.desk.clone(), company.actor(who));
        tokio::spawn(async move { desk.command(id, Command::Take, actor, Some(version)).await })
    };
    let (amy, ben) = (take("amy"), take("ben"));
    let (amy, ben) = (amy.await.unwrap(), ben.await.unwrap());
    assert_eq!(u8::from(amy.is_ok()) + u8::from(ben.is_ok()), 1);
    let lost = amy.err().or(ben.err()).unwrap();
    assert!(matches!(lost, DeskError::Conflict { sheet } if sheet.ticket.version == version + 1));
    company.finish().await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_turn_history_around() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    company.clock.step(mins(-90));
    let sheet = company.ok(id, "amy", note("一")).await;
    assert_eq!(sheet.entries[1].at, sheet.entries[0].at);
    let unknown = yinuo_core::id::TicketId::from_parts(1, [1; 10]);
    let missing = company.desk.command(unknown, note("x"), Actor::System, None).await;
    assert_eq!(missing.unwrap_err().code(), "not-found");
    company.finish().await;
}
