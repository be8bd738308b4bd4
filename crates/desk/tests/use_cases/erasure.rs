//! Erasing a person: words and names are gone everywhere, figures and the chain stay.

use std::collections::BTreeSet;

use yinuo_commitment::{Give, Kind};
use yinuo_core::{
    id::TicketId,
    organisation::OrganisationEvent,
    personal::{ErasureReason, PersonalField},
    roster::Role,
    ticket::{Command, Customer, Outcome},
};
use yinuo_desk::{ContactQuery, DeskError, ErasureOrder, FiguresQuery, Receipt, Submission};
use yinuo_ledger::{Log as _, Page, Persons as _, Replay as _, TicketFilter};

use crate::harness::*;

const PLANTED: [&str; 5] = ["王小丽", "13800131234", "wang.li@example.com", "电梯夹了老人的手", "已安排上门"];

fn customer(phone: Option<&str>, email: Option<&str>) -> Customer {
    Customer {
        name: PLANTED[0].into(),
        phone: phone.map(Into::into),
        email: email.map(Into::into),
        address: None,
    }
}

async fn complaint(company: &Company, customer: Customer) -> Receipt {
    let words =
        Submission::new(yinuo_commitment::Channel::Web, PLANTED[3], &format!("{}，请处理", PLANTED[3]));
    company.submit(Submission { customer, kind: Some(Kind::Complaint), ..words }).await
}

async fn withdraw(company: &Company, ticket: TicketId) {
    let outcome = Outcome::Withdrawn;
    company.ok(ticket, "carol", Command::Close { outcome, note: PLANTED[4].into() }).await;
}

/// A complaint that was handled for a while, looked at, and is closed.
async fn closed(company: &Company) -> Receipt {
    let receipt = complaint(company, customer(Some(PLANTED[1]), Some(PLANTED[2]))).await;
    company.clock.step(mins(600));
    company.desk.tick_due().await.unwrap();
    company.ok(receipt.ticket, "carol", note(PLANTED[4])).await;
    company
        .desk
        .reveal(receipt.ticket, &[PersonalField::Phone], PLANTED[4], company.actor("carol"))
        .await
        .unwrap();
    withdraw(company, receipt.ticket).await;
    make_good(company, receipt.ticket).await;
    company.finish().await;
    receipt
}

/// What the breaches of a ticket demand is proposed, approved, delivered and confirmed: nothing is owed any more.
async fn make_good(company: &Company, ticket: TicketId) {
    let breaches = company.sheet(ticket).await.breaches;
    for grade in breaches.iter().map(|breach| breach.grade).collect::<BTreeSet<_>>() {
        let (form, gives) = (yinuo_commitment::Form::Written, vec![Give::FeeReduction(10)]);
        let propose = Command::ProposeRemedy { grade, notice: PLANTED[4].into(), form, gives };
        company.ok(ticket, "carol", propose).await;
        company.ok(ticket, "manager", Command::ApproveRemedy { grade }).await;
        company.ok(ticket, "carol", Command::DeliverRemedy { grade, note: PLANTED[4].into() }).await;
        company.ok(ticket, "customer", Command::ConfirmRemedy { grade }).await;
    }
}

fn order(number: &str, tickets: usize) -> ErasureOrder {
    ErasureOrder {
        reason: ErasureReason::ConsentWithdrawn,
        confirm: number.to_owned(),
        expected_tickets: tickets,
    }
}

async fn erase(
    company: &Company,
    receipt: &Receipt,
    tickets: usize,
) -> Result<yinuo_desk::Erased, DeskError> {
    let order = order(&receipt.number, tickets);
    company.desk.erase_person(receipt.ticket, &order, company.actor("manager")).await
}

#[tokio::test]
async fn words_are_gone_everywhere_and_nothing_else_changes() {
    let company = Company::open().await;
    let receipt = closed(&company).await;
    let somebody = Customer { name: "李四".into(), ..Customer::default() };
    let other = company.submit(Submission { customer: somebody, ..request(Kind::Complaint) }).await;
    let desk = &company.desk;
    let auditor = company.actor("auditor");
    let before = company.sheet(receipt.ticket).await;
    let figures = desk.figures(&FiguresQuery::default(), auditor).await.unwrap();
    let looks = desk.who_looked(receipt.ticket, auditor).await.unwrap();
    company.clock.step(mins(1));

    let erased = erase(&company, &receipt, 1).await.unwrap();
    assert_eq!((erased.persons, &erased.numbers), (1, &vec![receipt.number.clone()]));
    assert_eq!(erased.erasure.by, company.actor("manager"));
    assert_eq!(
        (erased.erasure.at, erased.erasure.reason),
        (company.clock_now(), ErasureReason::ConsentWithdrawn)
    );

    // Gone: sheet and timeline, lists, search, notices, receipts, the customer's page.
    let after = company.sheet(receipt.ticket).await;
    assert_eq!(after.erased, Some(erased.erasure));
    assert!(after.ticket.is_erased() && after.ticket.subject.text().is_none() && after.revealable.is_empty());
    let page = desk.list(&TicketFilter::default(), &Page::first(10), company.actor("manager")).await.unwrap();
    let row = page.rows.iter().find(|row| row.ticket == receipt.ticket).unwrap();
    assert_eq!((row.subject.text(), row.customer.text()), (None, None));
    let query = ContactQuery { phone: Some(PLANTED[1].into()), email: Some(PLANTED[2].into()) };
    assert!(desk.find_by_contact(&query, company.actor("carol")).await.unwrap().is_empty());
    for account in ["carol", "lead", "supervision", "manager"] {
        let notices = desk.notices(company.member(account), false, 1_000).await.unwrap();
        assert!(!PLANTED.iter().any(|planted| notices.iter().any(|notice| notice.payload.contains(planted))));
    }
    let follow = desk.follow(&receipt.number, &receipt.query_code).await;
    assert!(matches!(follow, Err(DeskError::Erased { .. })), "{follow:?}");
    let looked = desk.who_looked_at_me(&receipt.number, &receipt.query_code).await;
    assert!(matches!(looked, Err(DeskError::Erased { .. })), "{looked:?}");
    let looks_after = desk.who_looked(receipt.ticket, auditor).await.unwrap();
    assert_eq!(looks_after.len(), looks.len());
    assert_eq!(
        (looks_after[0].at, looks_after[0].by, looks_after[0].reason.text()),
        (looks[0].at, looks[0].by, None)
    );
    let everything = company.ledger.dump_views(&company.org).await.unwrap();
    let records = desk.records(receipt.ticket, auditor).await.unwrap();
    for planted in PLANTED {
        assert!(!everything.contains(planted), "{planted}");
        assert!(!records.iter().any(|record| record.body.contains(planted)), "{planted}");
    }

    // As before: clocks and their verdicts, breaches, figures, versions, chains, and what a rebuild makes of it.
    assert_eq!(states(&after), states(&before));
    assert_eq!((after.ticket.version, &after.ticket.rounds), (before.ticket.version, &before.ticket.rounds));
    assert_eq!(after.breaches, before.breaches);
    assert!(!before.breaches.is_empty(), "there is a verdict to compare");
    let figures_after = desk.figures(&FiguresQuery::default(), auditor).await.unwrap();
    assert_eq!(format!("{:?}", figures_after.groups), format!("{:?}", figures.groups));
    company.ledger.verify(&company.org).await.unwrap();
    let rebuilt = desk.rebuild().await.unwrap();
    assert!(!rebuilt.changed, "a rebuild gives the same rows");
    assert_eq!(everything, company.ledger.dump_views(&company.org).await.unwrap());

    // Somebody else is untouched, and the person may come again: as somebody new.
    let untouched = desk.follow(&other.number, &other.query_code).await.unwrap();
    assert_eq!(untouched.ticket.customer.name.text(), Some("李四"));
    let again = complaint(&company, customer(Some(PLANTED[1]), None)).await;
    let found = desk.find_by_contact(&query, company.actor("carol")).await.unwrap();
    assert_eq!(found.iter().map(|row| row.ticket).collect::<Vec<_>>(), [again.ticket]);
    company.finish().await;
}

#[tokio::test]
async fn the_record_says_who_when_why_and_no_name() {
    let company = Company::open().await;
    let receipt = closed(&company).await;
    erase(&company, &receipt, 1).await.unwrap();
    let entries = company.ledger.load_organisation(&company.org).await.unwrap().unwrap().entries;
    let last = entries.last().unwrap();
    assert_eq!((last.actor, last.at), (company.actor("manager"), company.clock_now()));
    let [OrganisationEvent::PersonErased { tickets, reason, .. }] = last.events.as_slice() else {
        panic!("{:?}", last.events)
    };
    assert_eq!((tickets.as_slice(), *reason), (&[receipt.ticket][..], ErasureReason::ConsentWithdrawn));
    company.finish().await;
}

#[tokio::test]
async fn an_open_ticket_stands_in_the_way_and_is_named() {
    let company = Company::open().await;
    let first = closed(&company).await;
    let open = complaint(&company, customer(Some(PLANTED[1]), None)).await;
    let preview = company.desk.preview_erasure(first.ticket, company.actor("manager")).await.unwrap();
    assert_eq!((preview.persons, preview.tickets.len(), preview.open()), (1, 2, vec![open.number.clone()]));
    let refused = erase(&company, &first, 2).await.unwrap_err();
    assert_eq!(refused.code(), "still-open");
    for language in yinuo_commitment::Language::ALL {
        assert!(refused.text(*language).contains(&open.number), "{}", refused.text(*language));
    }
    assert!(!company.sheet(first.ticket).await.ticket.is_erased());
    withdraw(&company, open.ticket).await;
    assert_eq!(erase(&company, &first, 2).await.unwrap().numbers, [first.number, open.number]);
    company.finish().await;
}

#[tokio::test]
async fn it_takes_the_role_the_number_and_the_same_tickets() {
    let company = Company::open().await;
    let receipt = closed(&company).await;
    let desk = &company.desk;
    for (account, role, _) in PEOPLE.into_iter().filter(|(_, role, _)| *role != Role::Manager) {
        let refused =
            desk.erase_person(receipt.ticket, &order(&receipt.number, 1), company.actor(account)).await;
        assert_eq!(refused.unwrap_err().code(), "forbidden", "{}", role.word());
        let refused = desk.preview_erasure(receipt.ticket, company.actor(account)).await;
        assert_eq!(refused.unwrap_err().code(), "forbidden", "{}", role.word());
    }
    for (confirm, tickets, field) in [
        ("", 1, "confirm"),
        ("TS-20261123-9999", 1, "confirm"),
        (receipt.number.as_str(), 2, "expected_tickets"),
    ] {
        let refused =
            desk.erase_person(receipt.ticket, &order(confirm, tickets), company.actor("manager")).await;
        let Err(DeskError::Invalid { field: named, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(named, field);
    }
    assert!(!company.sheet(receipt.ticket).await.ticket.is_erased(), "nothing was erased");
    let lower = format!(" {} ", receipt.number.to_lowercase());
    desk.erase_person(receipt.ticket, &order(&lower, 1), company.actor("manager")).await.unwrap();
    // A second time there is nothing left.
    let again = erase(&company, &receipt, 1).await.unwrap_err();
    assert!(
        matches!(again, DeskError::Erased { .. })
            && again.text(yinuo_commitment::Language::En).contains("2026-11-2")
    );
    let nobody = TicketId::from_parts(1, [0; 10]);
    let unknown = desk.erase_person(nobody, &order("x", 1), company.actor("manager")).await;
    assert_eq!(unknown.unwrap_err().code(), "not-found");
    company.finish().await;
}

#[tokio::test]
async fn whoever_shares_a_contact_is_erased_together() {
    let company = Company::open().await;
    // Known by phone; known by e-mail; one request of the first names the e-mail of the second.
    let by_phone = complaint(&company, customer(Some(PLANTED[1]), None)).await;
    let by_email = complaint(&company, customer(None, Some(PLANTED[2]))).await;
    let both = complaint(&company, customer(Some(PLANTED[1]), Some(PLANTED[2]))).await;
    let stranger = complaint(&company, customer(Some("13900139000"), None)).await;
    for receipt in [&by_phone, &by_email, &both, &stranger] {
        withdraw(&company, receipt.ticket).await;
    }
    let persons = [by_phone.ticket, by_email.ticket, both.ticket];
    let persons = company.ledger.persons_of(&company.org, &persons).await.unwrap();
    assert_ne!(persons[&by_phone.ticket], persons[&by_email.ticket], "two persons by their contacts");
    for (receipt, persons, tickets) in
        [(&by_phone, 2, 3), (&both, 2, 3), (&by_email, 2, 3), (&stranger, 1, 1)]
    {
        let preview = company.desk.preview_erasure(receipt.ticket, company.actor("manager")).await.unwrap();
        assert_eq!((preview.persons, preview.tickets.len()), (persons, tickets), "{}", receipt.number);
    }
    // From whichever side it is asked.
    let erased = erase(&company, &by_email, 3).await.unwrap();
    assert_eq!((erased.persons, erased.numbers.len()), (2, 3));
    for receipt in [&by_phone, &by_email, &both] {
        assert!(company.sheet(receipt.ticket).await.erased.is_some());
    }
    assert!(!company.sheet(stranger.ticket).await.ticket.is_erased());
    company.finish().await;
}

#[tokio::test]
async fn a_number_that_was_corrected_leads_to_the_person_too() {
    let company = Company::open().await;
    let first = complaint(&company, customer(Some(PLANTED[1]), None)).await;
    let second = complaint(&company, customer(Some("13900139000"), None)).await;
    let corrected = Customer { phone: Some(PLANTED[1].into()), ..customer(None, None) };
    company
        .ok(second.ticket, "carol", Command::CorrectCustomer { customer: corrected, why: "号码写错".into() })
        .await;
    for receipt in [&first, &second] {
        withdraw(&company, receipt.ticket).await;
    }
    for receipt in [&first, &second] {
        let preview = company.desk.preview_erasure(receipt.ticket, company.actor("manager")).await.unwrap();
        assert_eq!((preview.persons, preview.tickets.len()), (2, 2), "{}", receipt.number);
    }
    assert_eq!(erase(&company, &first, 2).await.unwrap().persons, 2);
    company.finish().await;
}

#[tokio::test]
async fn what_happens_meanwhile_is_seen_before_anything_is_erased() {
    let company = Company::open().await;
    let receipt = closed(&company).await;
    // Everything at the same moment: either the new request was there first and stands in the way, or it came after and
    // is of somebody new. Never is it sealed under a key that is gone.
    let new = complaint(&company, customer(Some(PLANTED[1]), None));
    let (erased, new) = tokio::join!(erase(&company, &receipt, 1), new);
    let sheet = company.desk.follow(&new.number, &new.query_code).await.unwrap();
    assert_eq!(sheet.ticket.subject.text(), Some(PLANTED[3]));
    assert_eq!(erased.is_ok(), company.sheet(receipt.ticket).await.erased.is_some());
    company.finish().await;
}

#[tokio::test]
async fn an_erased_ticket_takes_no_new_words_and_another_node_knows() {
    let company = Company::open().await;
    let receipt = closed(&company).await;
    let node = company.another_desk().await;
    erase(&company, &receipt, 1).await.unwrap();
    for command in [
        note("x"),
        Command::RecordWords { body: "x".into() },
        Command::Reopen { reason: yinuo_core::ticket::ReopenReason::SecondComplaint, body: "x".into() },
        Command::CorrectCustomer { customer: customer(Some("13900139000"), None), why: "x".into() },
        Command::Reveal { fields: vec![PersonalField::Phone], reason: "x".into() },
    ] {
        assert_eq!(company.refused(receipt.ticket, "carol", command).await, "person-erased");
    }
    let elsewhere = node.follow(&receipt.number, &receipt.query_code).await;
    assert!(matches!(elsewhere, Err(DeskError::Erased { .. })), "{elsewhere:?}");
    assert!(node.organisation().erased.contains_key(&receipt.ticket));
    company.finish().await;
}

#[tokio::test]
async fn the_same_request_sent_again_after_an_erasure_gives_no_receipt() {
    let company = Company::open().await;
    let sent = Submission { customer: customer(Some(PLANTED[1]), None), ..request(Kind::Complaint) };
    let actor = yinuo_core::roster::Actor::Customer;
    let key = Some("key-1".to_owned());
    let receipt = company.desk.submit(sent.clone(), actor, key.clone()).await.unwrap();
    withdraw(&company, receipt.ticket).await;
    erase(&company, &receipt, 1).await.unwrap();
    let again = company.desk.submit(sent, actor, key).await;
    assert!(matches!(again, Err(DeskError::Erased { .. })), "{again:?}");
    company.finish().await;
}
