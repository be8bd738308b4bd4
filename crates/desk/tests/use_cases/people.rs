//! People join and leave; sessions begin and end.

use jiff::SignedDuration;
use yinuo_commitment::Kind;
use yinuo_core::roster::{Actor, Role};
use yinuo_desk::NewMember;

use crate::harness::*;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_first_administrator_is_set_up_once() {
    let company = Company::empty(1).await;
    assert!(company.desk.setup_needed());
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..8 {
        let desk = company.desk.clone();
        let new = new_member(&format!("root{turn}"), Role::Agent);
        tasks.spawn(async move { desk.set_up(new, "hash").await });
    }
    let done: Vec<_> = tasks.join_all().await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    assert!(!company.desk.setup_needed());
    let members = company.desk.organisation().roster.members.clone();
    assert_eq!(members.len(), 1);
    assert!(members.values().all(|member| member.role == Role::Admin));
}

#[tokio::test]
async fn joining_refuses_what_does_not_fit() {
    let company = Company::open().await;
    let admin = company.actor("admin");
    let join = async |account: &str, name: &str, team: &str, actor| {
        let team = (!team.is_empty()).then(|| team_id(team));
        let new = NewMember { account: account.to_owned(), name: name.to_owned(), role: Role::Agent, team };
        match company.desk.join(new, None, actor).await {
            Ok(member) => member.account,
            Err(error) => error.code().to_owned(),
        }
    };
    assert_eq!(join(" New.Person ", "新人", "customer-service", admin).await, "new.person");
    assert_eq!(join("new.person", "另一人", "", admin).await, "invalid", "the account is taken");
    assert_eq!(join("x", "一", "", admin).await, "invalid");
    assert_eq!(join("a b", "一", "", admin).await, "invalid");
    assert_eq!(join("ok", " ", "", admin).await, "invalid");
    assert_eq!(join("ok", "\u{2060}\u{3164}", "", admin).await, "invalid");
    assert_eq!(join("ok", "一", "no-such-team", admin).await, "invalid");
    assert_eq!(join("ok", "一", "", company.actor("manager")).await, "forbidden");
    assert!(company.desk.credentials("new.person").await.unwrap().is_none(), "no password, no sign-in");
    assert!(company.desk.credentials(" AMY ").await.unwrap().is_some());
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let company = Company::open().await;
    let admin = company.actor("admin");
    let last = company.desk.leave(company.member("admin"), admin).await;
    assert_eq!(last.unwrap_err().code(), "invalid");
    let second = company.desk.join(new_member("second", Role::Admin), None, admin).await.unwrap();
    company.desk.leave(company.member("admin"), admin).await.unwrap();
    let gone = company.desk.leave(company.member("admin"), Actor::System).await;
    assert_eq!(gone.unwrap_err().code(), "not-found");
    assert_eq!(company.desk.leave(second.id, Actor::System).await.unwrap_err().code(), "invalid");
}

#[tokio::test]
async fn whoever_leaves_is_signed_out_and_leaves_no_ticket_behind() {
    let company = Company::open().await;
    let mut tickets = Vec::new();
    for _ in 0..8 {
        let receipt = company.submit(request(Kind::Consultation)).await;
        if company.owner(&receipt.sheet) == "amy" {
            tickets.push(receipt.ticket);
        }
    }
    let amy = company.member("amy");
    company.desk.begin_session(amy, [1; 32], "csrf".to_owned(), HOUR).await.unwrap();
    company.desk.leave(amy, company.actor("admin")).await.unwrap();
    assert!(company.desk.session(&[1; 32], HOUR).await.unwrap().is_none());
    assert!(company.desk.credentials("amy").await.unwrap().is_none());
    assert_eq!(tickets.len(), 2);
    for ticket in tickets {
        let owner = company.owner(&company.sheet(ticket).await);
        assert!(["ben", "cao", "dan"].contains(&owner), "{owner}");
    }
    for _ in 0..6 {
        assert_ne!(company.owner(&company.submit(request(Kind::Consultation)).await.sheet), "amy");
    }
    company.finish().await;
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used() {
    let company = Company::open().await;
    let ben = company.member("ben");
    let begin = async |token: u8, lifetime| {
        company.desk.begin_session(ben, [token; 32], "csrf".to_owned(), lifetime).await.unwrap();
    };
    let valid =
        async |token: u8, lifetime| company.desk.session(&[token; 32], lifetime).await.unwrap().is_some();
    begin(1, HOUR).await;
    for _ in 0..5 {
        company.clock.step(mins(40));
        assert!(valid(1, HOUR).await);
    }
    company.clock.step(mins(60));
    assert!(!valid(1, HOUR).await, "not valid at the instant of its end");

    let short = mins(4);
    begin(2, short).await;
    for _ in 0..5 {
        company.clock.step(mins(3));
        assert!(valid(2, short).await, "short sessions are prolonged too");
    }
    company.desk.end_session(&[2; 32]).await.unwrap();
    assert!(!valid(2, short).await);

    // A program's token was given for longer than a browser's session: using it does not cut it short.
    begin(4, mins(60 * 24 * 90)).await;
    company.clock.step(mins(60));
    assert!(valid(4, HOUR).await);
    company.clock.step(mins(60 * 24));
    assert!(valid(4, HOUR).await);

    begin(3, HOUR).await;
    assert_eq!(
        company.desk.set_password(ben, "new", company.actor("amy")).await.unwrap_err().code(),
        "forbidden"
    );
    assert!(valid(3, HOUR).await);
    company.desk.set_password(ben, "new", company.actor("ben")).await.unwrap();
    assert!(!valid(3, HOUR).await, "a new password ends all sessions");
    assert_eq!(company.desk.credentials("ben").await.unwrap().unwrap().1, "new");
    assert!(!valid(9, HOUR).await);
}
