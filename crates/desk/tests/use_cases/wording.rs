//! What is said to customers is checked before it leaves the desk (P9).

use yinuo_commitment::{Content, Form, Kind, Urgency};
use yinuo_core::{
    roster::Actor,
    ticket::{Answer, Command, Customer, Event, Purpose, Refusal},
};
use yinuo_desk::{Blocks, DeskError, Part, Saying, Step, Submission};

use crate::harness::*;

fn saying<'a>(step: Step, text: &'a str, beside: &'a [Part]) -> Saying<'a> {
    Saying { step, text, beside }
}

fn acknowledgement(body: &str) -> Command {
    let answer = Answer {
        body: body.into(),
        form: Form::Written,
        purpose: Purpose::Acknowledgement,
        contents: vec![Content::Apology, Content::InvestigationBegun],
        told: None,
        article: None,
    };
    Command::Reply { answer }
}

/// The words of what blocks, in order.
async fn blocking(
    company: &Company,
    ticket: yinuo_core::id::TicketId,
    said: Saying<'_>,
) -> Vec<&'static str> {
    let remarks = company.desk.check_reply(ticket, said, company.actor("carol")).await.unwrap();
    remarks.iter().filter(|remark| remark.severity == Blocks::Required).map(|one| one.code.word()).collect()
}

#[tokio::test]
async fn a_first_reply_to_a_complaint_without_its_parts_is_not_sent() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Complaint)).await.ticket;
    let before = company.sheet(id).await;
    for (body, missing) in [
        ("您的投诉已登记。", vec!["apology", "investigation-begun"]),
        ("非常抱歉。", vec!["investigation-begun"]),
        ("我们已经开始调查此事。", vec!["apology"]),
    ] {
        assert_eq!(blocking(&company, id, saying(Step::Acknowledgement, body, &[])).await, missing, "{body}");
        // The sender states the parts; the words have to hold them all the same.
        let sent = company.desk.command(id, acknowledgement(body), company.actor("carol"), None).await;
        let Err(DeskError::Wording { field, text, remarks }) = sent else { panic!("{sent:?}") };
        assert_eq!((field, text.as_str()), ("body", body));
        assert_eq!(remarks.iter().map(|remark| remark.code.word()).collect::<Vec<_>>(), missing);
        // An ordinary reply is no way around it.
        let sent = company.desk.command(id, reply(Purpose::Reply, body), company.actor("carol"), None).await;
        assert_eq!(sent.unwrap_err().code(), "wording");
    }
    assert_eq!(company.sheet(id).await.ticket.version, before.ticket.version, "nothing was kept");

    let good = "给您带来不便，非常抱歉，我们已经开始调查此事。";
    company.ok(id, "carol", acknowledgement(good)).await;
    // Once the customer has it, an ordinary reply is free of it.
    assert!(blocking(&company, id, saying(Step::Reply, "记录已调齐。", &[])).await.is_empty());
    company.finish().await;
}

#[tokio::test]
async fn an_urgent_contact_tells_severity_and_plan_once() {
    let company = Company::open().await;
    let urgent = Submission { urgency: Some(Urgency::Urgent), ..request(Kind::Repair) };
    let id = company.submit(urgent).await.ticket;
    let contact =
        |body: &str| Command::Contact { body: body.into(), contents: vec![Content::Severity, Content::Plan] };
    let sent = company.desk.command(id, contact("已电话联系客户。"), company.actor("tom"), None).await;
    assert_eq!(sent.unwrap_err().code(), "wording");
    company.ok(id, "tom", contact("故障严重程度：一般，方案：今天18点前更换。")).await;
    company.ok(id, "tom", contact("再次联系客户确认地址。")).await;
    company.finish().await;
}

#[tokio::test]
async fn a_time_may_stand_in_the_words_or_beside_them() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Complaint)).await.ticket;
    let bare = "退还两个月费用。";
    assert_eq!(blocking(&company, id, saying(Step::ProposeSolution, bare, &[])).await, ["deadline"]);
    assert!(blocking(&company, id, saying(Step::ProposeSolution, bare, &[Part::Deadline])).await.is_empty());
    let dated = "退还两个月费用，11月25日前到账。";
    assert!(blocking(&company, id, saying(Step::ProposeSolution, dated, &[])).await.is_empty());
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    let detailed = |beside| saying(Step::DetailedReply, "已转给技术同事核实。", beside);
    assert_eq!(blocking(&company, id, detailed(&[])).await, ["answer-time"]);
    assert!(blocking(&company, id, detailed(&[Part::AnswerTime])).await.is_empty());
    company.finish().await;
}

#[tokio::test]
async fn nobody_elses_data_go_out() {
    let company = Company::open().await;
    let customer = Customer {
        name: "王丽".into(),
        phone: Some("13800131234".into()),
        email: Some("wang.li@example.com".into()),
        address: Some("广东省深圳市南山区科技园路1号".into()),
    };
    let words = "请打我爱人电话 13900139000。";
    let submission =
        Submission { customer, ..Submission::new(yinuo_commitment::Channel::Web, "发票", words) };
    let id = company.submit(Submission { kind: Some(Kind::Consultation), ..submission }).await.ticket;
    for (text, what) in [
        ("我们会打 138-0013-1234 联系您。", vec![]),
        ("我们会打您留的 139 0013 9000。", vec![]),
        ("发票已寄到 wang.li@example.com。", vec![]),
        // The hotline of the letters, and any 400 number.
        ("有问题请拨 400-820-8820。", vec![]),
        ("请直接联系他：13700137000。", vec!["others-data"]),
        ("已发到 zhang@example.org。", vec!["others-data"]),
        ("证件号 11010519491231002X 已核对。", vec!["others-data"]),
    ] {
        assert_eq!(blocking(&company, id, saying(Step::Reply, text, &[])).await, what, "{text}");
    }
    let stranger = "请直接联系他：13700137000。";
    let sent = company.desk.command(id, reply(Purpose::Reply, stranger), company.actor("amy"), None).await;
    let error = sent.unwrap_err();
    assert_eq!(error.code(), "wording");
    assert!(!error.to_string().contains("13700137000"), "what may be logged tells nothing: {error}");
    company.finish().await;
}

#[tokio::test]
async fn style_warns_and_never_blocks() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    let vague = "我们会尽快处理，也许这两天。";
    let remarks =
        company.desk.check_reply(id, saying(Step::Reply, vague, &[]), company.actor("amy")).await.unwrap();
    assert!(remarks.len() >= 3, "{remarks:?}");
    assert!(remarks.iter().all(|remark| remark.severity == Blocks::Style));
    assert_eq!(&vague[remarks[0].span.clone()], "尽快");
    company.ok(id, "amy", reply(Purpose::Reply, vague)).await;
    company.finish().await;
}

#[tokio::test]
async fn who_may_sends_it_all_the_same_and_says_why() {
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Complaint)).await;
    let id = receipt.ticket;
    let body = "您的投诉已登记，负责人电话 13700137000。";
    let desk = &company.desk;
    let despite = |who: &str, reason: &'static str| {
        desk.command_despite(id, acknowledgement(body), company.actor(who), None, reason)
    };
    assert_eq!(despite("carol", "客户要求").await.unwrap_err().code(), "forbidden");
    let blank = despite("lead", "  ").await;
    assert!(
        matches!(blank, Err(DeskError::Refused(Refusal::Blank { field: "override_reason" }))),
        "{blank:?}"
    );
    let sheet = despite("lead", "客户要求留负责人的电话").await.unwrap();
    let last = sheet.entries.last().unwrap();
    assert!(matches!(&last.events[0], Event::Replied { .. }));
    let Event::WordingOverridden { objections, reason } = &last.events[1] else {
        panic!("{:?}", last.events)
    };
    assert_eq!(objections, &["others-data", "apology", "investigation-begun"]);
    assert_eq!(reason.text(), Some("客户要求留负责人的电话"));
    assert_eq!(last.actor, company.actor("lead"));
    // A reason for what nothing blocks leaves nothing behind.
    let fine = desk.command_despite(
        id,
        reply(Purpose::Progress, "记录已调齐。"),
        company.actor("carol"),
        None,
        "无",
    );
    assert_eq!(fine.await.unwrap().entries.last().unwrap().events.len(), 1);
    assert!(!company.desk.rebuild().await.unwrap().changed);
    company.finish().await;
}

#[tokio::test]
async fn who_cannot_send_it_cannot_have_it_checked() {
    let company = Company::open().await;
    let id = company.submit(request(Kind::Consultation)).await.ticket;
    for actor in [Actor::Customer, company.actor("auditor"), company.actor("manager")] {
        let refused = company.desk.check_reply(id, saying(Step::Reply, "您好", &[]), actor).await;
        assert_eq!(refused.unwrap_err().code(), "not-allowed");
    }
    let long = "长".repeat(20_001);
    let refused = company.desk.check_reply(id, saying(Step::Reply, &long, &[]), company.actor("amy")).await;
    assert_eq!(refused.unwrap_err().code(), "too-long");
    let empty = blocking(&company, id, saying(Step::Reply, " \n", &[])).await;
    assert_eq!(empty, ["empty"]);
    company.finish().await;
}
