//! Whose a ticket is: found by phone or e-mail however they are written, or somebody new.

use yinuo_commitment::Kind;
use yinuo_core::{
    id::{PersonId, TicketId},
    roster::Actor,
    ticket::{Command, Customer},
};
use yinuo_desk::{ContactQuery, DeskError, Format, Submission, read_rows};
use yinuo_ledger::{Log, Persons, Stream, conformance::join_all};

use crate::harness::*;

fn by(phone: Option<&str>, email: Option<&str>) -> Submission {
    let customer = Customer {
        name: "王丽".into(),
        phone: phone.map(Into::into),
        email: email.map(Into::into),
        address: None,
    };
    Submission { customer, ..request(Kind::Consultation) }
}

impl Company {
    async fn person(&self, ticket: TicketId) -> PersonId {
        self.ledger.persons_of(&self.org, &[ticket]).await.unwrap()[&ticket]
    }

    async fn person_of(&self, submission: Submission) -> PersonId {
        self.person(self.submit(submission).await.ticket).await
    }

    async fn found(&self, phone: &str, email: &str) -> Vec<TicketId> {
        let query = ContactQuery { phone: Some(phone.into()), email: Some(email.into()) };
        let rows = self.desk.find_by_contact(&query, self.actor("amy")).await.unwrap();
        rows.iter().map(|row| row.ticket).collect()
    }
}

#[tokio::test]
async fn whoever_comes_again_is_the_same_person() {
    let company = Company::open().await;
    let first = company.person_of(by(Some("138 0000 1234"), Some("li@example.com"))).await;
    for again in [
        by(Some("+86 13800001234"), None),
        by(None, Some(" LI@Example.com ")),
        by(Some("１３８００００１２３４"), Some("other@example.com")),
        by(Some("0086-138-0000-1234"), Some("li@example.com")),
    ] {
        assert_eq!(company.person_of(again).await, first);
    }
    // What the third one brought leads to the same person by now.
    assert_eq!(company.person_of(by(None, Some("other@example.com"))).await, first);
    for other in
        [by(Some("13800001235"), None), by(None, None), by(Some("无"), None), by(Some("000000"), None)]
    {
        assert_ne!(company.person_of(other.clone()).await, first);
        let twice = (company.person_of(other.clone()).await, company.person_of(other.clone()).await);
        let telling = other.customer.phone.as_ref().and_then(|phone| phone.text()) == Some("13800001235");
        assert_eq!(twice.0 == twice.1, telling, "what tells nobody apart joins nobody: {other:?}");
    }
    company.finish().await;
}

#[tokio::test]
async fn the_phone_decides_and_two_persons_do_not_merge() {
    let company = Company::open().await;
    let phone = company.person_of(by(Some("13800001111"), None)).await;
    let email = company.person_of(by(None, Some("b@example.com"))).await;
    assert_eq!(company.person_of(by(Some("13800001111"), Some("b@example.com"))).await, phone);
    assert_eq!(
        company.person_of(by(None, Some("b@example.com"))).await,
        email,
        "the address stays where it was"
    );
    company.finish().await;
}

#[tokio::test]
async fn requests_from_a_new_phone_at_the_same_moment_are_one_person() {
    let company = Company::open().await;
    let requests = (0..6).map(|_| company.desk.submit(by(Some("13800002222"), None), Actor::Customer, None));
    let mut persons = Vec::new();
    for receipt in join_all(requests).await {
        persons.push(company.person(receipt.unwrap().ticket).await);
    }
    assert_eq!(persons.len(), 6);
    assert!(persons.iter().all(|person| *person == persons[0]), "{persons:?}");
    company.finish().await;
}

#[tokio::test]
async fn a_corrected_number_leads_to_the_same_person() {
    let company = Company::open().await;
    let receipt = company.submit(by(Some("13800003333"), None)).await;
    let customer = by(Some("13900003333"), Some("new@example.com")).customer;
    let correct = Command::CorrectCustomer { customer, why: "换了号码".into() };
    company.ok(receipt.ticket, "customer", correct).await;
    for (phone, email) in [("139-0000-3333", ""), ("", "NEW@example.com"), ("138 0000 3333", "")] {
        assert_eq!(company.found(phone, email).await, [receipt.ticket], "{phone}{email}");
    }
    let again = company.submit(by(Some("13900003333"), None)).await.ticket;
    assert_eq!(company.person(again).await, company.person(receipt.ticket).await);
    assert_eq!(company.found("13800003333", "new@example.com").await.len(), 2, "each ticket once");
    company.finish().await;
}

#[tokio::test]
async fn imported_history_joins_the_person_too() {
    let company = Company::open().await;
    let known = company.person_of(by(Some("13800004444"), None)).await;
    let lines = read_rows(
        "{\"text\":\"旧问题\",\"phone\":\"+86 138 0000 4444\",\"email\":\"old@example.com\",\"id\":\"x-1\",\
         \"received_at\":\"2026-11-02T09:00:00+08:00\",\"reply\":\"好\",\"replied_at\":\"2026-11-02T09:10:00+08:00\"}\n\
         {\"text\":\"再问\",\"email\":\"OLD@example.com\",\"received_at\":\"2026-11-03T09:00:00+08:00\"}",
        Format::JsonLines,
    );
    let report = company.desk.import(lines, company.actor("manager")).await.unwrap();
    assert_eq!((report.imported, report.refused.len()), (2, 0), "{report:?}");
    let found = company.found("13800004444", "").await;
    assert_eq!(found.len(), 3);
    for ticket in found {
        assert_eq!(company.person(ticket).await, known);
    }
    company.finish().await;
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_said() {
    let company = Company::open().await;
    company.submit(by(Some("13800005555"), None)).await;
    let ask =
        |phone: Option<String>, email: Option<&str>| ContactQuery { phone, email: email.map(Into::into) };
    for (query, field) in [
        (ask(None, None), "phone"),
        (ask(Some("  ".into()), Some("")), "phone"),
        (ask(Some("无".into()), None), "phone"),
        (ask(Some("1380000\u{0}5555".into()), None), "phone"),
        (ask(Some("1".repeat(20_000)), None), "phone"),
        (ask(None, Some("nobody")), "email"),
        (ask(Some("13800005555".into()), Some("a@b\u{0}.cn")), "email"),
    ] {
        match company.desk.find_by_contact(&query, company.actor("amy")).await {
            Err(DeskError::Invalid { field: found, .. }) => assert_eq!(found, field),
            other => panic!("{other:?}"),
        }
        assert_eq!(format!("{query:?}"), "ContactQuery { .. }", "no contact in logs");
    }
    let query = ask(Some("13800005555".into()), None);
    for nobody in [company.actor("admin"), Actor::Customer] {
        let refused = company.desk.find_by_contact(&query, nobody).await;
        assert!(matches!(refused, Err(DeskError::Forbidden { .. })), "{refused:?}");
    }
    assert!(company.found("13899999999", "").await.is_empty());
    company.finish().await;
}

#[tokio::test]
async fn what_is_kept_of_a_request_tells_nothing_by_itself() {
    let company = Company::open().await;
    let submission = by(Some("13800006666"), Some("c@example.com"));
    let key = Some("key-1".to_owned());
    let first = company.desk.submit(submission.clone(), Actor::Customer, key.clone()).await.unwrap();
    let digest = company.ledger.find_idempotency(&company.org, "key-1").await.unwrap().unwrap().2;
    // Another organisation's key gives another digest of the very same request: it cannot be tested by guessing.
    let elsewhere = Company::with_people(8).await;
    elsewhere.desk.submit(submission.clone(), Actor::Customer, key.clone()).await.unwrap();
    let other = elsewhere.ledger.find_idempotency(&elsewhere.org, "key-1").await.unwrap().unwrap().2;
    assert_ne!(digest, other);
    let again = company.desk.submit(submission, Actor::Customer, key).await.unwrap();
    assert!(again.replayed && again.number == first.number);
    for stored in company.ledger.records_of(&company.org, Stream::Ticket(first.ticket)).await.unwrap() {
        assert!(!stored.body.contains("6666") && !stored.body.contains("example.com"), "{}", stored.body);
        let sealed =
            stored.contents.iter().flat_map(|content| content.sealed.iter().copied()).collect::<Vec<_>>();
        assert!(!String::from_utf8_lossy(&sealed).contains("6666"));
    }
    company.finish().await;
    elsewhere.finish().await;
}
