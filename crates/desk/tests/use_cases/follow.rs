//! Customers follow their tickets.

use yinuo_commitment::Kind;
use yinuo_core::{
    roster::Actor,
    ticket::{Command, Outcome},
};

use crate::harness::*;

#[tokio::test]
async fn a_wrong_code_and_an_unknown_number_look_the_same() {
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    let (number, code) = (receipt.number.as_str(), receipt.query_code.as_str());
    assert_eq!(code.len(), 8);
    for (number, code) in [
        (number.to_owned(), code.to_owned()),
        (number.to_lowercase(), code.to_lowercase()),
        (format!(" {number} "), format!("{code}\n")),
    ] {
        assert_eq!(company.desk.follow(&number, &code).await.unwrap().ticket.id, receipt.ticket);
    }
    let mut answers = Vec::new();
    for (number, code) in [(number, "WRONGXYZ"), (number, ""), ("ZX-20261123-9999", code), ("", "")] {
        let error = company.desk.follow(number, code).await.unwrap_err();
        answers.push(format!("{error:?}"));
        let command = Command::RecordWords { body: "x".into() };
        let error = company.desk.command_as_customer(number, code, command, None).await.unwrap_err();
        answers.push(format!("{error:?}"));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    company.finish().await;
}

#[tokio::test]
async fn customers_do_what_customers_may() {
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    let (number, code) = (receipt.number.as_str(), receipt.query_code.as_str());
    let ask = |command| company.desk.command_as_customer(number, code, command, None);
    let sheet = ask(Command::RecordWords { body: "补充一句".into() }).await.unwrap();
    assert_eq!(sheet.entries[1].actor, Actor::Customer);
    assert_eq!(ask(note("x")).await.unwrap_err().code(), "not-allowed");
    assert_eq!(ask(Command::Tick).await.unwrap_err().code(), "not-allowed");
    let settled = Command::Close { outcome: Outcome::Settled, note: "".into() };
    assert_eq!(ask(settled).await.unwrap_err().code(), "not-allowed");
    let withdrawn = Command::Close { outcome: Outcome::Withdrawn, note: "不用了".into() };
    assert!(ask(withdrawn).await.unwrap().ticket.closed_at().is_some());
    company.finish().await;
    assert!(company.told(company.owner(&receipt.sheet)).await.contains(&"customer-wrote".to_owned()));
}
