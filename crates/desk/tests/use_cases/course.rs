//! Whole courses of tickets through the desk.

use yinuo_commitment::{Content, Form, Kind, Severity, Site, Urgency};
use yinuo_core::{
    roster::Actor,
    ticket::{Answer, Command, Outcome, Purpose, Stage},
};
use yinuo_desk::Submission;

use crate::harness::*;

#[tokio::test]
async fn a_technical_complaint_from_receipt_to_call_back() {
    let company = Company::open().await;
    let clock = &company.clock;
    let complaint =
        Submission { severity: Some(Severity::General), technical: Some(true), ..request(Kind::Complaint) };
    let receipt = company.submit(complaint).await;
    let (id, number, code) = (receipt.ticket, receipt.number.as_str(), receipt.query_code.as_str());
    assert_eq!(number, "TS-20261123-0001");
    assert_eq!(receipt.sheet.ticket.pins.len(), 2, "both letters judge a complaint");
    assert_eq!(state(&receipt.sheet, "complaint-acknowledged"), "running");

    clock.step(mins(20));
    let answer = Answer {
        body: "非常抱歉，我们已开始调查。".into(),
        form: Form::Written,
        purpose: Purpose::Acknowledgement,
        contents: vec![Content::Apology, Content::InvestigationBegun],
        told: None,
        article: None,
    };
    let sheet = company.ok(id, "carol", Command::Reply { answer }).await;
    assert_eq!(state(&sheet, "complaint-acknowledged"), "met");
    assert_eq!(state(&sheet, "complaint-response-general"), "met");

    let propose = || Command::ProposeSolution {
        body: "更换主板。".into(),
        form: Form::Written,
        carry_out_by: Some(wall("2026-11-26 18:00")),
        meets_standard: true,
    };
    assert_eq!(company.refused(id, "carol", propose()).await, "verify-on-site-first", "L4");
    company.ok(id, "carol", Command::StartInvestigation { body: "由李工负责。".into() }).await;
    clock.set(wall("2026-11-24 09:30"));
    company.ok(id, "specialist", Command::Verify { findings: "主板受潮。".into() }).await;
    let sheet = company.ok(id, "carol", propose()).await;
    assert_eq!(sheet.ticket.stage(), Stage::SolutionProposed);

    clock.step(mins(60));
    let accept = company.desk.command_as_customer(number, code, Command::AcceptSolution, None).await;
    assert_eq!(state(&accept.unwrap(), "solution-carried-out"), "running");
    clock.set(wall("2026-11-26 18:00"));
    let sheet = company.ok(id, "carol", Command::CarryOut { body: "已更换。".into() }).await;
    assert_eq!(state(&sheet, "solution-carried-out"), "met", "the due instant itself is in time");
    company.desk.command_as_customer(number, code, Command::Confirm, None).await.unwrap();
    let closed = Command::Close { outcome: Outcome::Settled, note: "".into() };
    assert_eq!(company.ok(id, "carol", closed).await.ticket.stage(), Stage::Closed);

    let survey = Command::AnswerSurvey { ratings: vec![("quality".to_owned(), 1)], comment: "太慢".into() };
    let sheet = company.desk.command_as_customer(number, code, survey, None).await.unwrap();
    assert_eq!(state(&sheet, "survey.low"), "running");
    clock.step(mins(30));
    let sheet = company.ok(id, "supervision", Command::CallBack { body: "已致歉。".into() }).await;
    assert_eq!(state(&sheet, "survey.low"), "met");
    assert!(sheet.breaches.is_empty(), "{:?}", sheet.breaches);
    assert!(
        states(&sheet).iter().all(|state| state.ends_with(": met") || state.ends_with(": void")),
        "{:?}",
        states(&sheet)
    );
    company.finish().await;
    assert!(company.told("supervision").await.contains(&"rated-low".to_owned()));
    assert!(!company.desk.rebuild().await.unwrap().changed);
}

#[tokio::test]
async fn an_urgent_repair_that_is_late_owes_a_remedy() {
    let company = Company::open().await;
    let clock = &company.clock;
    let repair =
        Submission { urgency: Some(Urgency::Urgent), site: Some(Site::Local), ..request(Kind::Repair) };
    let id = company.submit(repair).await.ticket;
    clock.step(mins(10));
    let contact = Command::Contact {
        body: "压缩机停机，属严重故障；工程师已派出，两小时内到场。".into(),
        contents: vec![Content::Severity, Content::Plan],
    };
    let sheet = company.ok(id, "tom", contact).await;
    assert_eq!(state(&sheet, "urgent-contact"), "met");
    company.ok(id, "tom", Command::Dispatch { body: "王工，11:30 前到。".into() }).await;
    clock.step(mins(150));
    company.desk.tick_due().await.unwrap();
    let sheet = company.ok(id, "tom", Command::Arrive).await;
    assert_eq!(state(&sheet, "urgent-onsite-local"), "missed");
    assert_eq!(sheet.breaches.len(), 1, "one breach of grade major: {:?}", sheet.breaches);
    assert_eq!(sheet.compensation.len(), 1, "10 % by the table: {:?}", sheet.compensation);
    assert_eq!(state(&sheet, "breach.major"), "running");

    company.ok(id, "tom", Command::Solve { remote: false, body: "更换电容。".into() }).await;
    let grade = yinuo_commitment::Grade::Major;
    let gives = sheet.compensation.iter().map(|(_, give)| give.clone()).collect();
    let propose =
        Command::ProposeRemedy { grade, notice: "减免服务费。".into(), form: Form::Written, gives };
    assert_eq!(state(&company.ok(id, "supervision", propose).await, "breach.major"), "met");
    company.ok(id, "manager", Command::ApproveRemedy { grade }).await;
    company.ok(id, "tom", Command::DeliverRemedy { grade, note: "".into() }).await;
    let closed = Command::Close { outcome: Outcome::Settled, note: "".into() };
    let sheet = company.ok(id, "tom", closed).await;
    assert_eq!(sheet.ticket.closed_at(), Some(company.desk.now()));
    company.finish().await;
    let told = company.told("manager").await;
    assert!(told.contains(&"breach-major".to_owned()), "{told:?}");
    assert!(told.contains(&"clock-due due urgent-onsite-local".to_owned()), "{told:?}");
    assert!(told.contains(&"remedy-to-approve".to_owned()), "{told:?}");
    assert!(!company.desk.rebuild().await.unwrap().changed);
}

#[tokio::test]
async fn the_records_of_a_ticket_are_its_own_chain() {
    let company = Company::open().await;
    let (id, other) = (
        company.submit(request(Kind::Praise)).await.ticket,
        company.submit(request(Kind::Praise)).await.ticket,
    );
    company.ok(id, "amy", note("一")).await;
    company.ok(other, "amy", note("二")).await;
    let records = company.desk.records(id, company.actor("auditor")).await.unwrap();
    assert_eq!(records.iter().map(|record| record.seq).collect::<Vec<_>>(), [1, 2]);
    assert!(records.iter().all(|record| record.body.contains(&id.to_string())));
    assert!(records.iter().all(|record| !record.body.contains("想了解一下")), "words stay outside the chain");
    let refused = company.desk.records(id, company.actor("amy")).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
    let unknown = yinuo_core::id::TicketId::from_parts(1, [1; 10]);
    assert_eq!(company.desk.records(unknown, Actor::System).await.unwrap_err().code(), "not-found");
    company.finish().await;
}
