//! Who sees a customer's personal data, and who looked (C1).

use yinuo_commitment::Kind;
use yinuo_core::{
    personal::PersonalField::{Address, Email, Name, Phone},
    roster::{Actor, Role},
    ticket::{Command, Customer, Event, Refusal},
    words::Words,
};
use yinuo_desk::{DeskError, Submission, TicketSheet};
use yinuo_ledger::{Page, TicketFilter};

use crate::harness::*;

const PLANTED: [&str; 4] = ["王小丽", "13800131234", "wang.li@example.com", "科技园路1号"];

fn customer() -> Customer {
    Customer {
        name: PLANTED[0].into(),
        phone: Some(PLANTED[1].into()),
        email: Some(PLANTED[2].into()),
        address: Some("广东省深圳市南山区科技园路1号".into()),
    }
}

fn complaint() -> Submission {
    Submission { customer: customer(), ..request(Kind::Complaint) }
}

/// Everything that a sheet says about the customer: the ticket's state, and every entry that repeats it.
fn shown(sheet: &TicketSheet) -> String {
    let mut customers = vec![&sheet.ticket.customer];
    for event in sheet.entries.iter().flat_map(|entry| &entry.events) {
        match event {
            Event::Received { customer, .. } | Event::CustomerCorrected { customer, .. } => {
                customers.push(customer);
            }
            _ => {}
        }
    }
    let words = |customer: &Customer| {
        let fields = [Name, Phone, Email, Address];
        fields.map(|field| field.of(customer).and_then(Words::text).unwrap_or("-").to_owned()).join(" ")
    };
    customers.into_iter().map(words).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_sheet_of_the_company_never_shows_how_to_reach_the_customer() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    let corrected = Customer { phone: Some("13900139000".into()), ..customer() };
    let correct = Command::CorrectCustomer { customer: corrected, why: "号码写错".into() };
    company.ok(receipt.ticket, "carol", correct).await;
    for (account, role, _) in PEOPLE {
        let sheet = match company.desk.ticket(receipt.ticket, company.actor(account)).await {
            Ok(sheet) => sheet,
            Err(DeskError::Forbidden { .. }) if role == Role::Admin => continue,
            Err(error) => panic!("{account}: {error}"),
        };
        let name = if role == Role::Auditor { "王**" } else { "王小丽" };
        let (known, corrected) =
            ("w***@example.com 广东省深圳市南山区****", "w***@example.com 广东省深圳市南山区****");
        assert_eq!(
            shown(&sheet),
            format!(
                "{name} 139****9000 {corrected}\n{name} 138****1234 {known}\n{name} 139****9000 {corrected}"
            ),
            "{account}"
        );
        let hidden: &[_] =
            if role == Role::Auditor { &[Name, Phone, Email, Address] } else { &[Phone, Email, Address] };
        assert_eq!(sheet.revealable, hidden, "{account}");
    }
    // Also the newer state that a conflict brings.
    let conflict = company.desk.command(receipt.ticket, note("x"), company.actor("carol"), Some(1)).await;
    let Err(DeskError::Conflict { sheet }) = conflict else { panic!("{conflict:?}") };
    assert!(!PLANTED[1..].iter().any(|planted| shown(&sheet).contains(planted)));
    // Customers see their own.
    let own = company.desk.follow(&receipt.number, &receipt.query_code).await.unwrap();
    assert!(shown(&own).contains("13900139000") && own.revealable.is_empty());
    company.finish().await;
}

#[tokio::test]
async fn lists_name_customers_to_those_who_deal_with_them() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    for (who, name) in
        [("carol", "王小丽"), ("manager", "王小丽"), ("supervision", "王小丽"), ("auditor", "王**")]
    {
        let page =
            company.desk.list(&TicketFilter::default(), &Page::first(10), company.actor(who)).await.unwrap();
        assert_eq!(page.rows[0].ticket, receipt.ticket);
        assert_eq!(page.rows[0].customer.text(), Some(name), "{who}");
    }
    company.finish().await;
}

#[tokio::test]
async fn a_look_needs_a_reason_is_on_record_and_gives_the_values_to_the_asker_alone() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    let desk = &company.desk;
    let before = company.sheet(receipt.ticket).await;
    let refused = |result: Result<yinuo_desk::Revealed, DeskError>| match result {
        Err(DeskError::Refused(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    };
    for reason in ["", "  \n"] {
        let result = desk.reveal(receipt.ticket, &[Phone], reason, company.actor("carol")).await;
        assert_eq!(refused(result), "blank");
    }
    assert_eq!(refused(desk.reveal(receipt.ticket, &[], "回电", company.actor("carol")).await), "blank");
    for who in [Actor::Customer, company.actor("auditor"), company.actor("admin")] {
        assert_eq!(refused(desk.reveal(receipt.ticket, &[Phone], "回电", who).await), "not-allowed");
    }
    assert_eq!(
        company.sheet(receipt.ticket).await.ticket.version,
        before.ticket.version,
        "nothing was recorded"
    );

    company.clock.step(mins(3));
    let revealed = desk
        .reveal(receipt.ticket, &[Address, Phone, Phone], "客户要求回电", company.actor("carol"))
        .await
        .unwrap();
    let values: Vec<_> =
        revealed.values.iter().map(|(field, words)| (*field, words.text().unwrap())).collect();
    assert_eq!(values, [(Phone, "13800131234"), (Address, "广东省深圳市南山区科技园路1号")]);
    assert_eq!((revealed.version, revealed.at), (before.ticket.version + 1, company.clock_now()));
    // The next sheet is masked again, for the asker too.
    let sheet = desk.ticket(receipt.ticket, company.actor("carol")).await.unwrap();
    assert!(!shown(&sheet).contains("13800131234"));
    // Nothing about the ticket changed but that it was looked at.
    assert_eq!(states(&sheet), states(&before));
    assert_eq!(
        (sheet.ticket.stage(), sheet.ticket.rounds.clone()),
        (before.ticket.stage(), before.ticket.rounds)
    );
    company.finish().await;
}

#[tokio::test]
async fn what_is_not_on_record_cannot_be_looked_at() {
    let company = Company::open().await;
    let only_phone = Customer { email: None, address: None, ..customer() };
    let receipt = company.submit(Submission { customer: only_phone, ..request(Kind::Complaint) }).await;
    let result = company.desk.reveal(receipt.ticket, &[Phone, Email], "回电", company.actor("carol")).await;
    let Err(DeskError::Refused(Refusal::NotOnRecord { fields })) = result else { panic!("{result:?}") };
    assert_eq!(fields, [Email]);
    let nobody = company.submit(request(Kind::Complaint)).await;
    let refused = company.desk.reveal(nobody.ticket, &[Name], "回电", company.actor("carol")).await;
    assert_eq!(refused.unwrap_err().code(), "not-on-record");
    company.finish().await;
}

#[tokio::test]
async fn who_looked_is_told_to_those_who_check_and_to_the_customer() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    let desk = &company.desk;
    desk.reveal(receipt.ticket, &[Phone], "客户要求回电", company.actor("carol")).await.unwrap();
    company.clock.step(mins(5));
    desk.reveal(receipt.ticket, &[Phone, Email], "复核", company.actor("supervision")).await.unwrap();
    for who in ["lead", "supervision", "manager", "auditor"] {
        let looks = desk.who_looked(receipt.ticket, company.actor(who)).await.unwrap();
        let told: Vec<_> =
            looks.iter().map(|look| (look.by, look.fields.clone(), look.reason.text().unwrap())).collect();
        let expected = [
            (company.actor("carol"), vec![Phone], "客户要求回电"),
            (company.actor("supervision"), vec![Phone, Email], "复核"),
        ];
        assert_eq!(told, expected, "{who}");
        assert_eq!(looks[1].at, looks[0].at + mins(5));
    }
    for who in ["carol", "specialist", "admin"] {
        assert_eq!(
            desk.who_looked(receipt.ticket, company.actor(who)).await.unwrap_err().code(),
            "forbidden"
        );
    }
    // Colleagues see that somebody looked, and not why; those who check see both.
    let reason = |sheet: &TicketSheet| {
        sheet.entries.iter().flat_map(|entry| &entry.events).find_map(|event| match event {
            Event::Revealed { reason, .. } => reason.text().map(str::to_owned),
            _ => None,
        })
    };
    let sheet = desk.ticket(receipt.ticket, company.actor("carol")).await.unwrap();
    assert_eq!(reason(&sheet).as_deref(), Some(""));
    assert_eq!(reason(&company.sheet(receipt.ticket).await).as_deref(), Some("客户要求回电"));
    let own = desk.who_looked_at_me(&receipt.number, &receipt.query_code).await.unwrap();
    assert_eq!(own, desk.who_looked(receipt.ticket, company.actor("auditor")).await.unwrap());
    let wrong = desk.who_looked_at_me(&receipt.number, "WRONGXYZ").await;
    assert_eq!(wrong.unwrap_err().code(), "not-found");
    company.finish().await;
}

#[tokio::test]
async fn a_mask_that_is_sent_back_keeps_the_value() {
    let company = Company::open().await;
    let receipt = company.submit(complaint()).await;
    let seen = company.desk.ticket(receipt.ticket, company.actor("carol")).await.unwrap().ticket.customer;
    let renamed = Customer { name: "王晓丽".into(), ..seen.clone() };
    company
        .ok(receipt.ticket, "carol", Command::CorrectCustomer { customer: renamed, why: "名字写错".into() })
        .await;
    let own = company.desk.follow(&receipt.number, &receipt.query_code).await.unwrap();
    assert_eq!(own.ticket.customer, Customer { name: "王晓丽".into(), ..customer() });
    let garbled = Customer { phone: Some("138****9999".into()), ..seen };
    let command = Command::CorrectCustomer { customer: garbled, why: "号码写错".into() };
    assert_eq!(company.refused(receipt.ticket, "carol", command).await, "masked-value");
    company.finish().await;
}
