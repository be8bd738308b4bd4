//! Searching tickets: what is found, what is shown of it, who sees it, and what never gets into the index.

use yinuo_commitment::{Channel, Kind, Language};
use yinuo_core::{
    id::{ArticleId, TicketId},
    knowledge::{ArticleStanding, ArticleText, Piece},
    personal::ErasureReason,
    ticket::{Command, Customer, Outcome, Purpose},
};
use yinuo_desk::{
    ArticleDraft, Desk, DeskError, ErasureOrder, Indexer, IndexerStep, PartKind, Receipt, SearchPage,
    SearchRequest, Submission,
};
use yinuo_ledger::{Audience, Hash, IndexStep, Indexed, Log as _, Search as _};

use crate::harness::*;

async fn ask(company: &Company, kind: Kind, subject: &str, body: &str) -> Receipt {
    let customer = Customer {
        name: "王小丽".into(),
        phone: Some("13800131234".into()),
        email: None,
        address: Some("深圳市南山区科技园路1号".into()),
    };
    let words = Submission::new(Channel::Web, subject, body);
    company.submit(Submission { kind: Some(kind), customer, ..words }).await
}

fn request(typed: &str) -> SearchRequest {
    SearchRequest { typed: typed.to_owned(), audience: Audience::Staff, after: None, limit: 20 }
}

async fn index(desk: &Desk) -> u64 {
    Indexer::new(desk).in_steps_of(3).catch_up().await.unwrap().unwrap()
}

async fn search(company: &Company, typed: &str) -> SearchPage {
    company.desk.search(&request(typed), company.actor("carol")).await.unwrap()
}

async fn found(company: &Company, typed: &str) -> Vec<TicketId> {
    search(company, typed).await.hits.into_iter().map(|hit| hit.row.ticket).collect()
}

/// The same indexer, which has the role as long as it lives.
async fn searched(company: &Company) -> Indexer {
    let indexer = Indexer::new(&company.desk).in_steps_of(3);
    indexer.catch_up().await.unwrap().unwrap();
    indexer
}

#[tokio::test]
async fn words_are_found_in_every_text_and_shown_in_their_place() {
    let company = Company::open().await;
    let repair = ask(&company, Kind::Repair, "空调不制冷", "客厅的空調开了半小时还是不制冷。").await;
    company.clock.step(mins(1));
    let other =
        ask(&company, Kind::Consultation, "发票", "The invoice of the air conditioner is missing").await;
    company.ok(repair.ticket, "carol", reply(Purpose::Reply, "已安排师傅检查压缩机。")).await;
    company.ok(repair.ticket, "carol", note("客户上次也报修过压缩机")).await;
    let indexer = searched(&company).await;
    assert_eq!(indexer.step().await.unwrap(), IndexerStep::Current);
    for (typed, tickets) in [
        ("空调", vec![repair.ticket]),
        ("空", vec![repair.ticket]),
        ("\"air conditioner\"", vec![other.ticket]),
        ("COND", vec![other.ticket]),
        ("压缩机", vec![repair.ticket]),
        ("空调 -压缩机", vec![]),
        ("-压缩机", vec![other.ticket]),
        ("不制冷客厅", vec![]),
        ("kind:咨询", vec![other.ticket]),
        ("kind:repair,consultation", vec![other.ticket, repair.ticket]),
        ("类型:报修 invoice", vec![]),
        ("state:closed", vec![]),
        ("from:2026-11-23 to:2026-11-23 空调", vec![repair.ticket]),
        ("to:2026-11-22 空调", vec![]),
        ("冰箱", vec![]),
    ] {
        assert_eq!(found(&company, typed).await, tickets, "{typed}");
    }
    assert_eq!(found(&company, &repair.number).await, [repair.ticket], "by its number");
    let page = search(&company, "空调").await;
    let parts = &page.hits[0].parts;
    assert_eq!(
        parts.iter().map(|part| part.kind).collect::<Vec<_>>(),
        [PartKind::Subject, PartKind::Request]
    );
    let snippet = &parts[1].snippets[0];
    assert_eq!(&snippet.text[snippet.hits[0].clone()], "空調", "marked as it was written");
    assert_eq!((page.total, page.behind), (1, 0));
    let customers = SearchRequest { audience: Audience::Customer, ..request("上次") };
    let carol = company.actor("carol");
    assert!(
        company.desk.search(&customers, carol).await.unwrap().hits.is_empty(),
        "a note is for colleagues"
    );
    assert_eq!(found(&company, "上次").await, [repair.ticket]);
    company.finish().await;
}

#[tokio::test]
async fn personal_data_are_neither_in_the_index_nor_in_snippets() {
    let company = Company::open().await;
    let body = "我是王小丽，电话 138-0013-1234，备用 13912345678，住科技园路1号，空调漏水。";
    let receipt = ask(&company, Kind::Repair, "王小丽家空调漏水", body).await;
    searched(&company).await;
    for typed in ["13800131234", "13912345678", "0013", "小丽", "王小丽"] {
        assert_eq!(found(&company, typed).await, [], "{typed}");
    }
    let page = search(&company, "漏水").await;
    assert_eq!(page.hits[0].row.ticket, receipt.ticket);
    let shown = format!("{page:?}{:?}", page.hits[0].row.subject.text());
    for planted in ["小丽", "0013", "13912345678"] {
        assert!(!shown.contains(planted), "{shown}");
    }
    company.finish().await;
}

#[tokio::test]
async fn articles_stand_beside_the_tickets() {
    let company = Company::open().await;
    let (amy, manager) = (company.actor("amy"), company.actor("manager"));
    let piece = |title: &str, body: &str, question: &str| {
        Some(Piece { title: title.into(), body: body.into(), questions: vec![question.into()] })
    };
    let draft = |name: &str, text: ArticleText| ArticleDraft {
        article: ArticleId::new(name).unwrap(),
        based_on: None,
        text,
        source: None,
    };
    let filter = ArticleText {
        zh: piece("滤芯多久换一次", "净水器的滤芯半年换一次。", "滤网什么时候换"),
        en: piece("How often to change the filter", "Every six months.", "filter change"),
        ..ArticleText::default()
    };
    let hose = ArticleText {
        zh: piece("水管漏水", "先关总阀，再换滤芯垫圈。", "漏水怎么办"),
        ..ArticleText::default()
    };
    company.desk.draft_article(draft("a-hose", hose), amy).await.unwrap();
    company.desk.draft_article(draft("filter", filter), amy).await.unwrap();
    company.desk.approve_article(&ArticleId::new("filter").unwrap(), 1, manager).await.unwrap();
    ask(&company, Kind::Repair, "滤芯坏了", "滤芯裂开了").await;
    let _indexer = searched(&company).await;
    let names = async |typed: &str| -> Vec<String> {
        search(&company, typed).await.articles.iter().map(|hit| hit.article.to_string()).collect()
    };

    // What answers today comes first, whatever its name.
    assert_eq!(names("滤芯").await, ["filter", "a-hose"]);
    assert_eq!(search(&company, "滤芯").await.hits.len(), 1, "and the ticket");
    let hit = search(&company, "six months").await.articles.remove(0);
    assert_eq!((hit.language, hit.title.as_str()), (Language::En, "How often to change the filter"));
    assert_eq!(&hit.snippets[0].text[hit.snippets[0].hits[0].clone()], "six");
    assert_eq!(names("滤网").await, ["filter"], "its questions are read");
    assert_eq!(names("滤芯 -总阀").await, ["filter"]);
    // A phrase does not reach from the answer into a question.
    assert!(names("\"一次滤网\"").await.is_empty());
    // Filters choose tickets, and nothing excluded alone finds everything.
    assert!(names("滤芯 kind:repair").await.is_empty());
    assert!(names("-漏水").await.is_empty());
    company.desk.withdraw_article(&ArticleId::new("filter").unwrap(), manager).await.unwrap();
    assert_eq!(search(&company, "滤网").await.articles[0].standing, ArticleStanding::Withdrawn);
    company.finish().await;
}

#[tokio::test]
async fn only_those_who_read_tickets_search_them() {
    let company = Company::open().await;
    for (account, may) in [("carol", true), ("auditor", true), ("manager", true), ("admin", false)] {
        let asked = company.desk.search(&request("空调"), company.actor(account)).await;
        assert_eq!(asked.is_ok(), may, "{account}");
    }
    let asked = company.desk.search(&request("空调"), company.actor("customer")).await;
    assert!(matches!(asked, Err(DeskError::Forbidden { .. })));
}

#[tokio::test]
async fn facets_are_counted_and_pages_are_turned() {
    let company = Company::open().await;
    let mut all = Vec::new();
    for n in 0..7 {
        company.clock.step(mins(1));
        let kind = if n % 3 == 0 { Kind::Consultation } else { Kind::Repair };
        all.push(ask(&company, kind, "空调", &format!("第{n}台空调")).await);
    }
    searched(&company).await;
    let page = search(&company, "空调 kind:repair").await;
    assert_eq!(page.total, 4);
    assert_eq!(page.facets.kinds[&Kind::Consultation], 3, "as if no kind were chosen");
    assert_eq!(page.facets.kinds[&Kind::Repair], 4);
    assert_eq!(page.facets.channels[&Channel::Web], 4);
    let today = jiff::civil::date(2026, 11, 23);
    assert_eq!(page.facets.since[0], (today, 4));
    assert_eq!(page.facets.since.len(), 4);
    let (team, count) = page.facets.teams.first_key_value().unwrap();
    let of_team = search(&company, &format!("空调 kind:repair team:{team}")).await;
    assert_eq!(of_team.total, *count);
    let mut seen = Vec::new();
    let mut asked = SearchRequest { limit: 2, ..request("空调") };
    loop {
        let page = company.desk.search(&asked, company.actor("carol")).await.unwrap();
        seen.extend(page.hits.into_iter().map(|hit| hit.row.ticket));
        asked.after = page.next;
        if asked.after.is_none() {
            break;
        }
    }
    let newest_first: Vec<TicketId> = all.iter().rev().map(|receipt| receipt.ticket).collect();
    assert_eq!(seen, newest_first);
    company.finish().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_the_reason() {
    let company = Company::open().await;
    ask(&company, Kind::Repair, "空调", "空调").await;
    searched(&company).await;
    let long = "空".repeat(10_000);
    for (typed, code) in [
        ("\"空调", "open-quote"),
        ("kind:nothing", "unknown-value"),
        ("😀🎉", "nothing-to-search"),
        ("！？。、", "nothing-to-search"),
        (&long, "long-term"),
        ("from:2026-12 to:2026-11", "backwards"),
    ] {
        let error = company.desk.search(&request(typed), company.actor("carol")).await.unwrap_err();
        let DeskError::Query(error) = error else { panic!("{typed}: {error}") };
        assert_eq!(error.code(), code, "{typed}");
    }
    let unknown = company.desk.search(&request("team:nobody"), company.actor("carol")).await.unwrap_err();
    assert!(unknown.text(Language::En).contains("nobody"), "{unknown}");
    assert_eq!(search(&company, "").await.hits, []);
    for injected in [
        "' OR 1=1 --",
        "空调'); DROP TABLE words; --",
        "words MATCH 空",
        "空 NEAR 调",
        "a:* ^b",
        "x & !y | (z)",
        "a <-> b",
        "{tokens} : a",
        "%_\\",
        "\u{0}冰\u{2029}箱",
    ] {
        match company.desk.search(&request(injected), company.actor("carol")).await {
            Ok(page) => assert_eq!(page.hits, [], "{injected}"),
            Err(error) => assert!(matches!(error, DeskError::Query(_)), "{injected}: {error}"),
        }
    }
    company.finish().await;
}

#[tokio::test]
async fn the_erased_are_found_no_more() {
    let company = Company::open().await;
    let receipt = ask(&company, Kind::Consultation, "独角兽", "独角兽发票").await;
    let stays = ask_other(&company, "独角兽也在这里").await;
    let outcome = Outcome::Withdrawn;
    company.ok(receipt.ticket, "carol", Command::Close { outcome, note: "独角兽".into() }).await;
    let indexer = searched(&company).await;
    assert_eq!(found(&company, "独角兽").await.len(), 2);
    let order = ErasureOrder {
        reason: ErasureReason::ConsentWithdrawn,
        confirm: receipt.number.clone(),
        expected_tickets: 1,
    };
    company.desk.erase_person(receipt.ticket, &order, company.actor("manager")).await.unwrap();
    let page = search(&company, "独角兽").await;
    assert_eq!(page.hits.len(), 1, "before the index knows: what cannot be read is no hit");
    indexer.catch_up().await.unwrap();
    let page = search(&company, "独角兽").await;
    assert_eq!((page.total, page.hits[0].row.ticket), (1, stays.ticket));
    company.finish().await;
}

async fn ask_other(company: &Company, body: &str) -> Receipt {
    let customer =
        Customer { name: "李四".into(), phone: Some("13900001111".into()), ..Customer::default() };
    let words = Submission::new(Channel::Web, "其他", body);
    company.submit(Submission { kind: Some(Kind::Consultation), customer, ..words }).await
}

#[tokio::test]
async fn one_indexes_and_another_goes_on_after_it() {
    let mut company = Company::open().await;
    ask(&company, Kind::Repair, "空调", "空调").await;
    let first = Indexer::new(&company.desk).in_steps_of(2);
    assert!(matches!(first.step().await.unwrap(), IndexerStep::Indexed(2)));
    let second = Indexer::new(&company.desk);
    assert_eq!(second.step().await.unwrap(), IndexerStep::Elsewhere);
    assert!(search(&company, "空调").await.behind > 0, "what is not indexed yet is told");
    // The first one is gone without a word; its lease ends.
    company.restart().await;
    company.clock.step(mins(1));
    assert_eq!(second.catch_up().await.unwrap().map(|records| records > 0), Some(true));
    assert_eq!(found(&company, "空调").await.len(), 1);
    assert_eq!(first.step().await.unwrap(), IndexerStep::Elsewhere);
    second.step_down().await.unwrap();
    assert_eq!(first.step().await.unwrap(), IndexerStep::Current);
    let lag = company.desk.meters().search_lag.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(lag, 0);
    company.finish().await;
}

#[tokio::test]
async fn an_index_of_another_log_or_form_is_made_anew() {
    let company = Company::open().await;
    ask(&company, Kind::Repair, "空调", "空调").await;
    assert!(index(&company.desk).await > 0);
    company.clock.step(mins(1));
    let at = company.ledger.indexed(&company.org).await.unwrap().unwrap();
    for wrong in [
        Indexed { anchor: Hash([5; 32]), ..at },
        Indexed { form: at.form + 1, ..at },
        Indexed { position: at.position + 100, ..at },
    ] {
        let holder = [1; 16];
        company.clock.step(mins(1));
        let lease = mins(1) / 2;
        assert!(company.ledger.claim_index(&company.org, holder, company.clock_now(), lease).await.unwrap());
        let from = company.ledger.indexed(&company.org).await.unwrap().unwrap().position;
        let gone = vec![];
        let step = IndexStep { from, to: wrong, documents: vec![], gone };
        assert!(company.ledger.put_documents(&company.org, holder, step).await.unwrap());
        company.clock.step(mins(1));
        let all = company.ledger.last_position(&company.org).await.unwrap();
        assert_eq!(index(&company.desk).await, all, "{wrong:?}");
        assert_eq!(found(&company, "空调").await.len(), 1);
    }
    let again = Indexer::new(&company.desk);
    company.clock.step(mins(1));
    assert!(again.begin_anew().await.unwrap());
    assert_eq!(found(&company, "空调").await, []);
    again.catch_up().await.unwrap();
    assert_eq!(found(&company, "空调").await.len(), 1);
    let anew = company.ledger.indexed(&company.org).await.unwrap().unwrap();
    assert_ne!(anew.salt, at.salt, "a new key: the old tokens are worth nothing");
    company.finish().await;
}
