//! Personal data in free texts: masked for whoever sees contact data masked, given for a reason, never changed (C1).

use yinuo_commitment::{Channel, Kind, Language};
use yinuo_core::{
    personal::{
        PersonalField::{self, Address, Email, Name, Phone, Texts},
        masked,
    },
    roster::Actor,
    ticket::{Command, Customer, Event, Purpose},
};
use yinuo_desk::{Submission, TicketSheet};
use yinuo_language::personal;
use yinuo_ledger::{Page, TicketFilter};

use crate::harness::*;

const BODY: &str = "我叫王小丽，机器坏了，请打 13900139000 或 138 0013 1234，地址深圳市南山区科技园路1号3栋502，\
                    证件 11010519491231002X，车牌粤B·12345，订单号 20261120000123456。热线 400-820-8820 没人接。";

fn complaint() -> Submission {
    let customer = Customer {
        name: "王小丽".into(),
        phone: Some("13800131234".into()),
        email: Some("wang.li@example.com".into()),
        address: Some("广东省深圳市南山区科技园路1号".into()),
    };
    let written = Submission::new(Channel::Web, "请打13900139000", BODY);
    Submission { customer, kind: Some(Kind::Complaint), ..written }
}

/// Every text of a sheet, in one.
fn texts(sheet: &TicketSheet) -> String {
    let of = |words: &yinuo_core::words::Words| words.text().unwrap_or_default().to_owned();
    let said = |event: &Event| match event {
        Event::Received { subject, body, .. } => format!("{} {}", of(subject), of(body)),
        Event::Noted { body } => of(body),
        other => format!("{other:?}"),
    };
    let entries: Vec<String> = sheet.entries.iter().flat_map(|entry| entry.events.iter().map(said)).collect();
    format!("{}\n{}\n{}", of(&sheet.ticket.subject), of(&sheet.ticket.body), entries.join("\n"))
}

const HIDDEN: [&str; 6] =
    ["13900139000", "138 0013 1234", "科技园路1号3栋502", "11010519491231002X", "粤B·12345", "13700137000"];

#[tokio::test]
async fn whoever_sees_contacts_masked_sees_texts_masked() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    company.ok(receipt.ticket, "carol", note("邻居李先生 13700137000 可代收。")).await;
    for who in ["carol", "amy", "lead", "supervision", "manager", "auditor"] {
        let sheet = company.desk.ticket(receipt.ticket, company.actor(who)).await.unwrap();
        let seen = texts(&sheet);
        for hidden in HIDDEN {
            assert!(!seen.contains(hidden), "{who} reads {hidden}: {seen}");
        }
        assert!(seen.contains("139****9000") && seen.contains("138****1234"), "{who}: {seen}");
        // What is nobody's stays readable.
        assert!(seen.contains("20261120000123456") && seen.contains("400-820-8820"), "{who}: {seen}");
        assert_eq!(sheet.ticket.subject.text(), Some("请打139****9000"));
        assert!(sheet.revealable.contains(&Texts), "{who}");
        // Those who deal with customers have to know what to call them.
        assert_eq!(seen.contains("我叫王小丽"), who != "auditor", "{who}: {seen}");
    }
    let own = company.desk.follow(&receipt.number, &receipt.query_code).await.unwrap();
    assert_eq!(own.ticket.body.text(), Some(BODY), "customers read what they wrote");
    company.finish().await;
}

#[tokio::test]
async fn what_was_corrected_stays_hidden_in_texts() {
    let company = Company::open().await;
    let (desk, auditor) = (&company.desk, company.actor("auditor"));
    let customer =
        Customer {
            name: "赵钱孙".into(), address: Some("阳光花园后门小卖部".into()), ..Customer::default()
        };
    let written =
        Submission::new(Channel::Web, "收银机送修", "赵钱孙在阳光花园后门小卖部等，紫色收银机怎么送修？");
    let receipt = company.submit(Submission { customer, kind: Some(Kind::Consultation), ..written }).await;
    let corrected = Customer { name: "李四光".into(), ..Customer::default() };
    let correct = Command::CorrectCustomer { customer: corrected, why: "写错了".into() };
    desk.command_as_customer(&receipt.number, &receipt.query_code, correct, None).await.unwrap();
    company.ok(receipt.ticket, "amy", reply(Purpose::Reply, "您好，工程师会到阳光花园后门小卖部取。")).await;
    let seen = texts(&desk.ticket(receipt.ticket, auditor).await.unwrap());
    assert!(!seen.contains("赵钱孙") && !seen.contains("后门小卖部"), "{seen}");
    assert!(seen.contains("紫色收银机"));
    let seen = texts(&desk.ticket(receipt.ticket, company.actor("carol")).await.unwrap());
    assert!(!seen.contains("后门小卖部"), "{seen}");
    let proposal = format!("{:?}", desk.article_from(receipt.ticket, company.actor("amy")).await.unwrap());
    assert!(!proposal.contains("赵钱孙") && !proposal.contains("后门小卖部"), "{proposal}");
    company.finish().await;
}

#[tokio::test]
async fn lists_hide_every_name_that_the_customer_ever_had() {
    let mut company = Company::open().await;
    let customer = Customer { name: "赵钱孙".into(), ..Customer::default() };
    let written = Submission::new(Channel::Web, "赵钱孙送修，李四光取机", "收银机怎么送修？");
    let receipt = company.submit(Submission { customer, kind: Some(Kind::Consultation), ..written }).await;
    for (name, why) in [("周吴郑", "写错了"), ("李四光", "又写错了")] {
        let customer = Customer { name: name.into(), ..Customer::default() };
        let correct = Command::CorrectCustomer { customer, why: why.into() };
        company.desk.command_as_customer(&receipt.number, &receipt.query_code, correct, None).await.unwrap();
    }
    for restarted in [false, true] {
        if restarted {
            company.restart().await;
        }
        let rows = async |who: &str| {
            let page = company.desk.list(&TicketFilter::default(), &Page::first(9), company.actor(who)).await;
            page.unwrap().rows
        };
        let seen = rows("auditor").await;
        let subject = seen[0].subject.text().unwrap();
        assert!(!subject.contains("赵钱孙") && !subject.contains("李四光"), "{subject}");
        assert!(seen[0].names_before.is_empty() && seen[0].customer.text() == Some("李**"), "{seen:?}");
        let seen = rows("amy").await;
        assert_eq!(seen[0].subject.text(), Some("赵钱孙送修，李四光取机"), "who sees names sees them");
        assert_eq!(seen[0].customer.text(), Some("李四光"));
    }
    assert!(!company.desk.rebuild().await.unwrap().changed);
    company.finish().await;
}

#[tokio::test]
async fn lists_show_subjects_masked() {
    let company = Company::open().await;
    company.submit(complaint()).await;
    for who in ["carol", "manager", "auditor"] {
        let page = company.desk.list(&TicketFilter::default(), &Page::first(9), company.actor(who)).await;
        assert_eq!(page.unwrap().rows[0].subject.text(), Some("请打139****9000"), "{who}");
    }
    company.finish().await;
}

#[tokio::test]
async fn full_texts_need_a_reason_and_leave_a_record() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    let (desk, id) = (&company.desk, receipt.ticket);
    assert!(desk.reveal(id, &[Texts], " ", company.actor("carol")).await.is_err());
    for who in [Actor::Customer, company.actor("auditor")] {
        assert!(desk.reveal(id, &[Texts], "核对", who).await.is_err());
    }
    assert!(desk.reveal(id, &[Phone], "回电", company.actor("carol")).await.unwrap().sheet.is_none());
    let revealed = desk.reveal(id, &[Texts, Phone], "客户另留了电话", company.actor("carol")).await.unwrap();
    assert_eq!(revealed.values.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [Phone]);
    let sheet = revealed.sheet.unwrap();
    assert_eq!(sheet.ticket.body.text(), Some(BODY));
    assert_eq!(sheet.ticket.version, revealed.version);
    assert_eq!(
        sheet.ticket.customer.phone.as_ref().unwrap().text(),
        Some("138****1234"),
        "asked for by itself"
    );
    assert!(!sheet.revealable.contains(&Texts));
    // Colleagues, and the same person later, see them masked as before; the auditor sees who looked and why.
    let later = desk.ticket(id, company.actor("carol")).await.unwrap();
    assert!(!texts(&later).contains("13900139000"));
    let looks = desk.who_looked(id, company.actor("auditor")).await.unwrap();
    let last = looks.last().unwrap();
    assert_eq!((last.by, last.fields.as_slice()), (company.actor("carol"), &[Phone, Texts][..]));
    assert_eq!(last.reason.text(), Some("客户另留了电话"));
    assert_eq!(desk.who_looked_at_me(&receipt.number, &receipt.query_code).await.unwrap().len(), 2);
    company.finish().await;
}

#[tokio::test]
async fn texts_without_personal_data_are_as_they_were() {
    let company = Company::open().await;
    let receipt = company.submit(request(Kind::Consultation)).await;
    let sheet = company.desk.ticket(receipt.ticket, company.actor("amy")).await.unwrap();
    assert_eq!(sheet.ticket.body.text(), Some("想了解一下。"));
    assert!(!sheet.revealable.contains(&Texts));
    // What was sealed is what was written, not its mask.
    let masked_note = "已回电 139****9000。";
    let sheet = company.ok(receipt.ticket, "amy", Command::Note { body: masked_note.into() }).await;
    assert!(texts(&sheet).contains(masked_note));
    company.finish().await;
}

#[test]
fn masks_in_texts_look_like_masks_of_contacts() {
    for (field, value) in [
        (Phone, "13800131234"),
        (Phone, "138 0013 1234"),
        (Phone, "010-65125678"),
        (Phone, "010-65125678-801"),
        (Email, "wang.li@example.com"),
        (Address, "广东省深圳市南山区科技园路1号3栋502室"),
        (Name, "王小丽"),
        (Name, "欧阳晓峰"),
    ] {
        let sentence = match field {
            Name => format!("我叫{value}。"),
            Email | Address => format!("请寄{value}。"),
            _ => format!("请打电话{value}。"),
        };
        let known = match field {
            PersonalField::Name => personal::Sort::Name,
            PersonalField::Email => personal::Sort::Email,
            PersonalField::Address => personal::Sort::Address,
            _ if value.starts_with("010") => personal::Sort::Landline,
            _ => personal::Sort::Mobile,
        };
        let known = [personal::Known { sort: known, value }];
        let expected = sentence.replace(value, &masked(field, value));
        assert_eq!(personal::mask_known(&sentence, &known), expected, "{}", field.label(Language::En));
        assert_eq!(personal::mask(&sentence), expected, "{}", field.label(Language::En));
    }
}
