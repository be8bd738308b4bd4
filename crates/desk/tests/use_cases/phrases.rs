//! Standard phrases: shipped, the organisation's own, filled in for a ticket.

use yinuo_commitment::{Kind, Language, Text};
use yinuo_core::roster::Actor;
use yinuo_desk::{DeskError, LibraryPhrase, NewPhrase, Step, Submission, Variable};

use crate::harness::*;

fn phrase(id: &str, zh: &str, en: &str) -> NewPhrase {
    NewPhrase {
        id: id.into(),
        kinds: vec![Kind::Complaint],
        step: Step::CarryOut,
        title: Text::new("退款已办", "Refund sent"),
        text: Text::new(zh, en),
    }
}

const ZH: &str = "{customer}，退款{amount}元已于{due}前退回，感谢您的耐心。";
const EN: &str =
    "Dear {customer}, your refund of {amount} yuan was returned by {due}. Thank you for your patience.";

fn find<'a>(all: &'a [LibraryPhrase], id: &str) -> Option<&'a LibraryPhrase> {
    all.iter().find(|entry| entry.phrase.id == id)
}

#[tokio::test]
async fn a_manager_adds_changes_and_withdraws_a_phrase() {
    let mut company = Company::open().await;
    let manager = company.actor("manager");
    let shipped = company.desk.phrases(company.actor("amy")).unwrap();
    assert!(shipped.len() >= 40 && shipped.iter().all(|entry| entry.shipped && !entry.own));

    let saved = company.desk.save_phrase(phrase("refund-sent", ZH, EN), manager).await.unwrap();
    assert!(saved.own && !saved.shipped);
    assert_eq!(saved.phrase.variables, [Variable::Due, Variable::Customer, Variable::Amount]);
    let again = company.desk.save_phrase(phrase("refund-sent", ZH, EN), manager).await;
    assert_eq!(again.unwrap_err().code(), "nothing-changes");
    let other = EN.replace("Dear", "Hello");
    company.desk.save_phrase(phrase("refund-sent", ZH, &other), manager).await.unwrap();
    // One of the product's own in the organisation's words; and one that nobody wants here.
    let id = shipped[1].phrase.id.clone();
    company.desk.save_phrase(phrase(&id, ZH, EN), manager).await.unwrap();
    company.desk.withdraw_phrase("greeting", manager).await.unwrap();

    company.restart().await;
    let all = company.desk.phrases(company.actor("amy")).unwrap();
    assert_eq!(find(&all, "refund-sent").unwrap().phrase.text.en, other);
    assert!(find(&all, &id).unwrap().own && find(&all, &id).unwrap().shipped);
    assert!(find(&all, "greeting").is_none());
    assert_eq!(all.len(), shipped.len());
    let out = company.desk.withdrawn_phrases(manager).unwrap();
    assert_eq!(out.iter().map(|entry| entry.phrase.id.as_str()).collect::<Vec<_>>(), ["greeting"]);

    company.desk.withdraw_phrase("refund-sent", manager).await.unwrap();
    assert_eq!(company.desk.withdraw_phrase("refund-sent", manager).await.unwrap_err().code(), "not-found");
    assert!(find(&company.desk.phrases(manager).unwrap(), "refund-sent").is_none());
    company.desk.save_phrase(phrase("greeting", ZH, EN), manager).await.unwrap();
    assert!(find(&company.desk.phrases(manager).unwrap(), "greeting").is_some(), "saving brings it back");
    assert!(company.desk.withdrawn_phrases(manager).unwrap().is_empty());
    let back = out.into_iter().next().unwrap().phrase;
    let as_shipped = NewPhrase {
        id: back.id.clone(),
        kinds: back.kinds.clone(),
        step: back.step,
        title: back.title.clone(),
        text: back.text.clone(),
    };
    assert!(
        !company.desk.save_phrase(as_shipped, manager).await.unwrap().own,
        "in the words that come with the product"
    );
    company.finish().await;
}

#[tokio::test]
async fn what_the_check_blocks_is_not_saved() {
    let company = Company::open().await;
    let manager = company.actor("manager");
    let before = company.desk.organisation().version;
    for (zh, en, field, code) in [
        ("请找李先生，电话 13700137000。", "Ask the foreman.", "text.zh", "others-data"),
        ("退款已办。", "You idiot, the refund is done.", "text.en", "abuse"),
        ("XX先生，退款已办。", "The refund is done.", "text.zh", "placeholder"),
    ] {
        let error = company.desk.save_phrase(phrase("bad", zh, en), manager).await.unwrap_err();
        let DeskError::Wording { field: wrong, remarks, .. } = error else { panic!("{error:?}") };
        assert_eq!(wrong, field, "{zh}");
        assert!(remarks.iter().any(|remark| remark.code.word() == code), "{remarks:?}");
    }
    for (new, field) in [
        (phrase("Bad", ZH, EN), "id"),
        (phrase("bad", ZH, "Refund sent."), "text"),
        (phrase("bad", "{name}，好。", "{name}, good."), "text"),
        (NewPhrase { title: Text::new("一", " "), ..phrase("bad", ZH, EN) }, "title"),
        (NewPhrase { title: Text::new("\u{200b}", "One"), ..phrase("bad", ZH, EN) }, "title"),
        (phrase("bad", "\u{2060}\u{3164}", EN), "text"),
        (NewPhrase { title: Text::new("找 13700137000", "Ask"), ..phrase("bad", ZH, EN) }, "title.zh"),
        (NewPhrase { title: Text::new("问", "Ask 13700137000"), ..phrase("bad", ZH, EN) }, "title.en"),
        (phrase("13700137000", ZH, EN), "id"),
    ] {
        let error = company.desk.save_phrase(new, manager).await.unwrap_err();
        assert!(matches!(&error, DeskError::Invalid { field: wrong, .. } if *wrong == field), "{error:?}");
    }
    for who in ["amy", "lead", "supervision", "auditor", "admin"] {
        let refused = company.desk.save_phrase(phrase("bad", ZH, EN), company.actor(who)).await;
        assert_eq!(refused.unwrap_err().code(), "forbidden", "{who}");
        let refused = company.desk.withdraw_phrase("greeting", company.actor(who)).await;
        assert_eq!(refused.unwrap_err().code(), "forbidden", "{who}");
    }
    assert_eq!(company.desk.organisation().version, before);
    // Style warns and no more.
    let vague = phrase("vague", "我们会尽快办理。", "We will do it by 6 pm.");
    assert!(company.desk.save_phrase(vague, manager).await.is_ok());
    company.finish().await;
}

#[tokio::test]
async fn a_phrase_is_filled_in_as_far_as_the_ticket_tells() {
    let company = Company::open().await;
    let customer = yinuo_core::ticket::Customer { name: "王丽".into(), ..Default::default() };
    let complaint = Submission { customer, ..request(Kind::Complaint) };
    let receipt = company.submit(complaint).await;
    let desk = &company.desk;
    desk.save_phrase(phrase("refund-sent", ZH, EN), company.actor("manager")).await.unwrap();
    let found = desk.phrases_for(receipt.ticket, Step::CarryOut, company.actor("carol")).await.unwrap();
    let own = found.iter().find(|phrase| phrase.id == "refund-sent").unwrap();
    assert_eq!(own.text, "王丽，退款{金额}元已于{最迟时间}前退回，感谢您的耐心。");
    assert_eq!(own.missing, [Variable::Due, Variable::Amount]);
    let begun =
        desk.phrases_for(receipt.ticket, Step::Acknowledgement, company.actor("carol")).await.unwrap();
    assert!(!begun.is_empty());
    assert!(begun.iter().any(|phrase| phrase.text.contains(&receipt.number)), "{begun:?}");
    assert!(begun.iter().all(|phrase| !phrase.text.contains("{number}")));
    let english = Submission { language: Some(Language::En), ..request(Kind::Complaint) };
    let id = company.submit(english).await.ticket;
    let found = desk.phrases_for(id, Step::CarryOut, company.actor("carol")).await.unwrap();
    assert!(found.iter().any(|phrase| phrase.text.contains("{amount}")), "{found:?}");
    assert!(desk.phrases_for(id, Step::CarryOut, Actor::Customer).await.is_err());
    company.finish().await;
}
