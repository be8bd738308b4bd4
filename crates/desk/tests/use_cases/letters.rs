//! Commitments are published, versioned, withdrawn, replayed; the ledger keeps them as they were.

use yinuo_calendar::Pauses;
use yinuo_commitment::Kind;
use yinuo_core::{
    organisation::{OrganisationEntry, OrganisationEvent},
    roster::Actor,
    ticket::Purpose,
};
use yinuo_desk::{DeskError, FiguresQuery};
use yinuo_ledger::{Append, Log, record};

use crate::harness::*;

/// The response-time letter with 15 minutes for the first reply changed to `within`.
fn draft(within: &str) -> String {
    let text = RESPONSE_TIME.replacen("within = \"15 min\"", &format!("within = \"{within}\""), 1);
    assert_ne!(text, RESPONSE_TIME);
    text
}

#[tokio::test]
async fn a_ticket_is_judged_by_the_version_in_force_when_it_came_in() {
    let mut company = Company::open().await;
    let manager = company.actor("manager");
    let before = company.submit(request(Kind::Consultation)).await.ticket;
    let published = company.desk.publish(&draft("5 min"), manager).await.unwrap();
    assert_eq!((published.number.as_str(), published.version), ("YN-2026-001", 2));
    let after = company.submit(request(Kind::Consultation)).await.ticket;
    company.clock.step(mins(10));
    for _ in 0..2 {
        assert_eq!(state(&company.sheet(before).await, "online-first-reply"), "running");
        assert_eq!(state(&company.sheet(after).await, "online-first-reply"), "missed");
        company.restart().await;
    }
    let in_force: Vec<_> = company
        .desk
        .commitments()
        .iter()
        .map(|view| (view.published.number.clone(), view.published.version, view.in_force))
        .collect();
    let number = |end: &str| format!("YN-2026-00{end}");
    assert_eq!(in_force, [(number("1"), 1, false), (number("2"), 1, true), (number("1"), 2, true)]);
    company.finish().await;
}

#[tokio::test]
async fn a_version_takes_effect_on_its_day() {
    let company = Company::open().await;
    let later = draft("5 min").replacen("effective = 2026-09-01", "effective = 2026-12-01", 1);
    company.desk.publish(&later, company.actor("manager")).await.unwrap();
    let pinned = async || {
        let receipt = company.submit(request(Kind::Consultation)).await;
        receipt.sheet.ticket.pins.iter().map(|pin| pin.version).collect::<Vec<_>>()
    };
    assert_eq!(pinned().await, [1, 1]);
    company.clock.set(wall("2026-11-30 23:59:59"));
    assert_eq!(pinned().await, [1, 1]);
    company.clock.set(wall("2026-12-01 00:00"));
    assert_eq!(pinned().await, [2, 1]);
    company.finish().await;
}

#[tokio::test]
async fn publishing_takes_a_sound_file_once_by_who_may() {
    let company = Company::open().await;
    let manager = company.actor("manager");
    let publish = async |text: &str, actor| match company.desk.publish(text, actor).await {
        Ok(published) => format!("version {}", published.version),
        Err(error) => error.code().to_owned(),
    };
    assert_eq!(publish(RESPONSE_TIME, manager).await, "invalid", "nothing has changed in it");
    assert_eq!(publish(&draft("5 minutos"), manager).await, "commitment-has-errors");
    assert_eq!(publish("", manager).await, "commitment-has-errors");
    assert_eq!(publish(&" ".repeat(600 * 1024), manager).await, "invalid");
    for who in ["amy", "lead", "supervision", "auditor", "admin", "customer"] {
        assert_eq!(publish(&draft("5 min"), company.actor(who)).await, "forbidden", "{who}");
    }
    assert_eq!(publish(&draft("5 min"), manager).await, "version 2");
    assert_eq!(publish(RESPONSE_TIME, manager).await, "version 3", "an earlier text is a new version");
    let broken = company.desk.check(&draft("5 minutos"));
    assert!(broken.commitment.is_none() && !broken.diagnostics.is_empty());
    let sound = company.desk.check(RESPONSE_TIME);
    assert!(sound.commitment.is_some() && sound.coverage.is_some());
}

#[tokio::test]
async fn a_withdrawn_letter_judges_nothing_new() {
    let company = Company::open().await;
    let manager = company.actor("manager");
    let before = company.submit(request(Kind::Consultation)).await.ticket;
    company.clock.step(mins(1));
    company.desk.withdraw("YN-2026-001", manager).await.unwrap();
    let again = company.desk.withdraw("YN-2026-001", manager).await;
    assert_eq!(again.unwrap_err().code(), "not-found");
    let after = company.submit(request(Kind::Consultation)).await;
    assert_eq!(after.sheet.clocks.len(), 0);
    assert_eq!(state(&company.sheet(before).await, "online-first-reply"), "running");
    let published = company.desk.publish(RESPONSE_TIME, manager).await.unwrap();
    assert_eq!(published.version, 2, "what was withdrawn can be published again");
    assert_eq!(company.submit(request(Kind::Consultation)).await.sheet.ticket.pins.len(), 2);
    company.finish().await;
}

#[tokio::test]
async fn another_node_learns_of_a_letter_from_the_ticket_that_pins_it() {
    let company = Company::open().await;
    let other = company.another_desk().await;
    company.desk.publish(&draft("5 min"), company.actor("manager")).await.unwrap();
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    let sheet = other.ticket(id, company.actor("amy")).await.unwrap();
    assert_eq!(sheet.ticket.pins[0].version, 2);
    let next = other.submit(request(Kind::Consultation), Actor::Customer, None).await.unwrap();
    assert_eq!(next.sheet.ticket.pins[0].version, 2);

    // Without such a ticket, by looking again.
    company.desk.publish(&draft("4 min"), company.actor("manager")).await.unwrap();
    other.refresh().await.unwrap();
    assert_eq!(other.organisation().published.len(), 4);
    // And whoever changes the organisation on an old state decides again on the new one.
    company.desk.publish(&draft("3 min"), company.actor("manager")).await.unwrap();
    let version = other.publish(&draft("2 min"), company.actor("manager")).await.unwrap().version;
    assert_eq!(version, 5);
    company.finish().await;
}

#[tokio::test]
async fn a_commitment_that_was_tampered_with_keeps_the_desk_closed() {
    let company = Company::open().await;
    let loaded = company.ledger.load_organisation(&company.org).await.unwrap().unwrap();
    let published = &company.desk.organisation().published[0];
    let tampered = OrganisationEvent::CommitmentPublished {
        number: published.number.clone(),
        version: 2,
        hash: published.hash,
        text: draft("5 min"),
        tables: published.tables.clone(),
    };
    let entry = OrganisationEntry { at: company.desk.now(), actor: Actor::System, events: vec![tampered] };
    let sealed = record::seal_organisation(&company.org, Some(loaded.tail()), &entry, entry.at);
    company.ledger.append(Append::new(sealed)).await.unwrap();
    let refused = open_desk(&company.org, &company.ledger, &company.ports).await;
    let Err(DeskError::Internal(error)) = refused else { panic!("it opened") };
    assert!(error.to_string().contains("YN-2026-001 version 2"), "{error}");
}

#[tokio::test]
async fn a_draft_says_what_the_record_would_have_been() {
    let company = Company::open().await;
    let manager = company.actor("manager");
    for minutes in [3, 8, 20] {
        let receipt = company.submit(request(Kind::Consultation)).await;
        company.clock.step(mins(minutes));
        company.ok(receipt.ticket, "amy", reply(Purpose::FullAnswer, "好的。")).await;
    }
    company.submit(request(Kind::Suggestion)).await;
    company.desk.tick_due().await.unwrap();
    let query = FiguresQuery { kinds: vec![Kind::Consultation], ..FiguresQuery::default() };
    let kept = |report: &yinuo_core::figures::Report| {
        let promises = report.promises.iter();
        let row = promises.clone().find(|row| row.promise.as_str() == "online-first-reply").unwrap();
        (row.counts.met, row.counts.met + row.counts.late)
    };
    let record = company.desk.figures(&query, manager).await.unwrap();
    assert_eq!(kept(&record), (2, 3));
    let draft = company.desk.check(&draft("5 min")).commitment.unwrap();
    let replayed = company.desk.replay_draft(draft, &query, manager).await.unwrap();
    assert_eq!(kept(&replayed), (1, 3));
    assert!(replayed.promises.iter().all(|row| row.promise.as_str() != "suggestion-first-reply"));
    assert_eq!(kept(&company.desk.figures(&query, manager).await.unwrap()), (2, 3), "nothing was changed");
    company.finish().await;
}

#[tokio::test]
async fn a_due_instant_is_explained() {
    let company = Company::open().await;
    let explain =
        |number, promise| company.desk.explain(number, promise, wall("2026-11-27 17:50"), &Pauses::none());
    let explanation = explain("YN-2026-001", "online-first-reply").unwrap();
    assert_eq!(explanation.due.unwrap(), wall("2026-11-30 09:05"));
    assert_eq!(explain("YN-2026-001", "phone-pick-up").unwrap_err().code(), "invalid");
    assert_eq!(explain("YN-2026-001", "no-such").unwrap_err().code(), "not-found");
    assert_eq!(explain("YN-0", "online-first-reply").unwrap_err().code(), "not-found");
}
