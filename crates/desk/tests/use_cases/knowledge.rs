//! The knowledge base: drafted, approved, answered with, suggested, judged, withdrawn; and what it does not know.

use yinuo_commitment::{Channel, Kind, Urgency};
use yinuo_core::{
    id::{ArticleId, TeamId},
    knowledge::{ArticleStanding, ArticleText, Piece},
    roster::Actor,
    ticket::{Answer, Command, Event, GivenHow, Outcome, Purpose, Stage, UsedArticle},
};
use yinuo_desk::{ArticleDraft, Band, DeskError, Submission};
use yinuo_language::answers::starter;

use crate::harness::*;

pub(crate) fn id(name: &str) -> ArticleId {
    ArticleId::new(name).unwrap()
}

pub(crate) fn text(name: &str) -> ArticleText {
    let article = starter().unwrap().into_iter().find(|article| article.id == name).unwrap();
    let piece = |piece: Option<yinuo_language::answers::Piece>| {
        piece.map(|piece| Piece { title: piece.title, body: piece.body, questions: piece.questions })
    };
    ArticleText { zh: piece(article.zh), en: piece(article.en), ..ArticleText::default() }
}

fn draft(name: &str, based_on: Option<u32>) -> ArticleDraft {
    ArticleDraft { article: id(name), based_on, text: text(name), source: None }
}

/// Articles that are unlike each other, approved.
pub(crate) const KNOWN: [&str; 12] = [
    "wifi-password",
    "opening-hours",
    "invoice-request",
    "refund-arrival",
    "delivery-time",
    "warranty-period",
    "payment-methods",
    "repair-progress",
    "change-appointment",
    "washing-machine-not-spinning",
    "smart-lock-offline",
    "air-conditioner-cleaning",
];

pub(crate) async fn with_articles() -> Company {
    let company = Company::open().await;
    for name in KNOWN {
        company.desk.draft_article(draft(name, None), company.actor("amy")).await.unwrap();
        company.desk.approve_article(&id(name), 1, company.actor("manager")).await.unwrap();
    }
    company.desk.study().await.unwrap();
    company
}

pub(crate) fn asks(question: &str) -> Submission {
    Submission { kind: Some(Kind::Consultation), ..Submission::new(Channel::Web, question, question) }
}

/// A question that stands in the knowledge base.
fn known_question() -> String {
    text("wifi-password").zh.unwrap().questions.remove(0)
}

#[tokio::test]
async fn a_draft_answers_nobody_until_it_is_approved_and_once_it_is_withdrawn() {
    let company = Company::open().await;
    let (desk, manager) = (&company.desk, company.actor("manager"));
    assert_eq!(desk.draft_article(draft("wifi-password", None), company.actor("amy")).await.unwrap(), 1);
    desk.study().await.unwrap();
    assert!(desk.ask_articles(&known_question(), manager).await.unwrap().found.is_empty());
    assert!(matches!(
        desk.approve_article(&id("wifi-password"), 1, company.actor("amy")).await,
        Err(DeskError::Forbidden { .. })
    ));
    desk.approve_article(&id("wifi-password"), 1, manager).await.unwrap();
    desk.study().await.unwrap();
    let found = desk.ask_articles(&known_question(), manager).await.unwrap().found;
    assert_eq!((&found[0].article, found[0].version), (&id("wifi-password"), 1));
    // A new version does not answer before it is approved; the old one does.
    assert_eq!(desk.draft_article(draft("wifi-password", Some(1)), manager).await.unwrap(), 2);
    let view = desk.article(&id("wifi-password"), manager).await.unwrap();
    assert_eq!((view.standing, view.article.current), (ArticleStanding::InForce, Some(1)));
    // Withdrawn: at once, although the index has not been made anew.
    desk.withdraw_article(&id("wifi-password"), manager).await.unwrap();
    assert!(desk.ask_articles(&known_question(), manager).await.unwrap().found.is_empty());
    let view = desk.article(&id("wifi-password"), manager).await.unwrap();
    assert_eq!(view.standing, ArticleStanding::Withdrawn);
    company.finish().await;
}

#[tokio::test]
async fn what_cannot_be_an_article_is_refused_with_the_field() {
    let company = Company::open().await;
    let amy = company.actor("amy");
    let field = async |change: &dyn Fn(&mut ArticleDraft)| {
        let mut changed = draft("wifi-password", None);
        change(&mut changed);
        match company.desk.draft_article(changed, amy).await {
            Err(DeskError::Invalid { field, text }) => {
                assert!(!text.zh.is_empty() && !text.en.is_empty());
                field
            }
            other => panic!("{other:?}"),
        }
    };
    let zh = |draft: &mut ArticleDraft, change: &dyn Fn(&mut Piece)| change(draft.text.zh.as_mut().unwrap());
    assert_eq!(field(&|draft| (draft.text.zh, draft.text.en) = (None, None)).await, "zh");
    assert_eq!(field(&|draft| zh(draft, &|piece| piece.title = "  ".into())).await, "title");
    assert_eq!(field(&|draft| zh(draft, &|piece| piece.title = " \u{200b}\u{2060}".into())).await, "title");
    assert_eq!(field(&|draft| zh(draft, &|piece| piece.body = "\u{feff}\u{3164}".into())).await, "body");
    assert_eq!(field(&|draft| zh(draft, &|piece| piece.body = "长".repeat(5_001))).await, "body");
    assert_eq!(
        field(&|draft| zh(draft, &|piece| piece.body = "请拨打 13812345678 找小王".into())).await,
        "body"
    );
    assert_eq!(
        field(&|draft| zh(draft, &|piece| piece.body = "请拨打 138\u{2066}0013\0 8000 找小王".into())).await,
        "body"
    );
    assert_eq!(field(&|draft| draft.article = id("13812345678")).await, "id");
    assert_eq!(field(&|draft| zh(draft, &|piece| piece.questions.push("x".repeat(201)))).await, "questions");
    assert_eq!(field(&|draft| draft.based_on = Some(3)).await, "based_on");
    assert_eq!(field(&|draft| draft.text.owner = Some(TeamId::new("nobody").unwrap())).await, "owner");
    assert_eq!(field(&|draft| draft.text.topic = Some("13812345678".into())).await, "topic");
    assert_eq!(
        field(&|draft| {
            draft.text.from = Some("2026-12-02".parse().unwrap());
            draft.text.until = Some("2026-12-01".parse().unwrap());
        })
        .await,
        "until"
    );
    assert!(company.desk.articles(amy).await.unwrap().is_empty(), "nothing half done");
    // Two who begin from the same version: the second one is told.
    company.desk.draft_article(draft("wifi-password", None), amy).await.unwrap();
    assert_eq!(field(&|_| {}).await, "based_on");
    company.finish().await;
}

#[tokio::test]
async fn dates_decide_on_which_days_an_article_answers() {
    let company = Company::open().await;
    let manager = company.actor("manager");
    let mut waiting = draft("wifi-password", None);
    waiting.text.from = Some("2026-11-25".parse().unwrap());
    waiting.text.until = Some("2026-11-25".parse().unwrap());
    company.desk.draft_article(waiting, manager).await.unwrap();
    company.desk.approve_article(&id("wifi-password"), 1, manager).await.unwrap();
    for (hours, standing, found) in [
        (0, ArticleStanding::Waiting, 0),
        (48, ArticleStanding::InForce, 1),
        (24, ArticleStanding::Expired, 0),
    ] {
        company.clock.step(mins(60 * hours));
        company.desk.study().await.unwrap();
        assert_eq!(company.desk.article(&id("wifi-password"), manager).await.unwrap().standing, standing);
        assert_eq!(company.desk.ask_articles(&known_question(), manager).await.unwrap().found.len(), found);
    }
    company.finish().await;
}

#[tokio::test]
async fn a_sure_answer_is_given_marked_and_recorded_with_its_article() {
    let company = with_articles().await;
    let standing = company.desk.knowledge_standing(company.actor("amy")).unwrap();
    assert!(standing.examined && standing.articles == KNOWN.len() && standing.answers_from.is_some());
    let receipt = company.submit(asks(&known_question())).await;
    let given = &receipt.sheet.ticket.articles[0];
    assert_eq!((&given.article, given.version, given.how), (&id("wifi-password"), 1, GivenHow::Automatic));
    let entry = receipt.sheet.entries.last().unwrap();
    assert_eq!(entry.actor, Actor::System);
    let [Event::Replied { body, automatic: true, .. }, Event::AnswerGiven { permille, method: 1, .. }] =
        entry.events.as_slice()
    else {
        panic!("{entry:?}")
    };
    assert!(body.text().unwrap().contains("转人工") && (900..=1000).contains(permille));
    // The ticket has its person, and the promise of a person's reply runs on.
    assert_eq!(receipt.sheet.ticket.stage(), Stage::Waiting);
    assert_eq!(state(&receipt.sheet, "online-first-reply"), "running");
    // In the customer's language.
    let english = text("wifi-password").en.unwrap().questions.remove(0);
    let receipt = company.submit(asks(&english)).await;
    let entry = receipt.sheet.entries.last().unwrap();
    assert!(
        matches!(&entry.events[0], Event::Replied { body, .. } if body.text().unwrap().contains("Talk to a person"))
    );
    company.finish().await;
}

#[tokio::test]
async fn people_answer_complaints_urgent_requests_callers_and_what_is_not_sure() {
    let company = with_articles().await;
    let question = known_question();
    let no_answer = async |submission: Submission, actor: Actor| {
        let receipt = company.desk.submit(submission, actor, None).await.unwrap();
        assert!(receipt.sheet.ticket.articles.is_empty(), "{:?}", receipt.sheet.ticket.subject);
    };
    no_answer(Submission { kind: Some(Kind::Complaint), ..asks(&question) }, Actor::Customer).await;
    no_answer(Submission { urgency: Some(Urgency::Urgent), ..asks(&question) }, Actor::Customer).await;
    no_answer(Submission { channel: Channel::Phone, ..asks(&question) }, company.actor("amy")).await;
    no_answer(asks("转人工"), Actor::Customer).await;
    no_answer(asks("你们公司门口能停车吗"), Actor::Customer).await;
    // Subject and text ask for different things.
    let hours = text("opening-hours").zh.unwrap().questions.remove(0);
    no_answer(Submission { subject: hours.as_str().into(), ..asks(&question) }, Actor::Customer).await;
    // Subject or text asks for a person, or the text says what no article knows.
    for other in ["转人工", "我不要机器回复"] {
        no_answer(Submission { subject: other.into(), ..asks(&question) }, Actor::Customer).await;
        no_answer(Submission { body: other.into(), ..asks(&question) }, Actor::Customer).await;
    }
    for other in ["我老婆晕倒了，快来人", "你们师傅上次弄坏了我家地板，怎么算"] {
        no_answer(Submission { body: other.into(), ..asks(&question) }, Actor::Customer).await;
    }
    let receipt = company.submit(Submission { subject: "咨询".into(), ..asks(&question) }).await;
    assert_eq!(receipt.sheet.ticket.articles.len(), 1, "subjects are often vague");
    let receipt = company.submit(Submission { body: "？".into(), ..asks(&question) }).await;
    assert_eq!(receipt.sheet.ticket.articles.len(), 1, "a sign says nothing else");
    no_answer(asks(&format!("{question}。{}", "另外还有很多别的事情想请教。".repeat(30))), Actor::Customer)
        .await;
    company.finish().await;
}

#[tokio::test]
async fn the_customer_says_whether_it_helped_and_always_reaches_a_person() {
    let company = with_articles().await;
    let receipt = company.submit(asks(&known_question())).await;
    let (number, code) = (&receipt.number, &receipt.query_code);
    let owner = company.owner(&receipt.sheet);
    let judged = Command::JudgeAnswer { helpful: true };
    let sheet = company.desk.command_as_customer(number, code, judged, None).await.unwrap();
    assert!(matches!(sheet.ticket.round().closed, Some((_, Outcome::Settled))));
    // Not settled after all: the closed ticket opens, and whoever has it is told.
    let sheet = company.desk.command_as_customer(number, code, Command::AskForPerson, None).await.unwrap();
    assert_eq!((sheet.ticket.round_number(), sheet.ticket.closed_at()), (2, None));
    company.finish().await;
    assert!(company.told(owner).await.contains(&"person-asked".to_owned()));

    // By words instead of the button.
    let receipt = company.submit(asks(&known_question())).await;
    let words = Command::RecordWords { body: "不对，转人工！".into() };
    let sheet =
        company.desk.command_as_customer(&receipt.number, &receipt.query_code, words, None).await.unwrap();
    assert!(sheet.ticket.round().person_asked_at.is_some());
    assert_eq!(sheet.ticket.articles[0].helpful, Some(false));
    let tally = company.desk.article(&id("wifi-password"), company.actor("amy")).await.unwrap().tally;
    assert_eq!((tally.automatic, tally.helpful, tally.not_helpful), (2, 0, 2));
    company.finish().await;
}

#[tokio::test]
async fn suggestions_are_inserted_and_what_became_of_them_is_on_record() {
    let company = with_articles().await;
    // Entered by a colleague: nothing is answered automatically, the article is suggested.
    let receipt = company.desk.submit(asks(&known_question()), company.actor("amy"), None).await.unwrap();
    let suggestions = company.desk.suggestions(receipt.ticket, company.actor("amy")).await.unwrap();
    assert_eq!(suggestions.band, Band::Answer);
    let best = &suggestions.found[0];
    assert_eq!(best.article, id("wifi-password"));
    let answer = |body: &str, version: u32| Command::Reply {
        answer: Answer {
            body: body.into(),
            form: yinuo_commitment::Form::Written,
            purpose: Purpose::Reply,
            contents: Vec::new(),
            told: None,
            article: Some(UsedArticle { article: best.article.clone(), version, edited: false }),
        },
    };
    let sheet = company.ok(receipt.ticket, "amy", answer(&best.piece.body, 1)).await;
    let sheet_edited =
        company.ok(receipt.ticket, "amy", answer(&format!("您好。{}", best.piece.body), 1)).await;
    let how = |sheet: &yinuo_desk::TicketSheet| sheet.ticket.articles.last().unwrap().how;
    assert_eq!(how(&sheet), GivenHow::Sent(company.member("amy")));
    assert_eq!(how(&sheet_edited), GivenHow::Edited(company.member("amy")));
    let unknown = company.desk.command(receipt.ticket, answer("x", 9), company.actor("amy"), None).await;
    assert!(matches!(unknown, Err(DeskError::NotFound { what: "article" })));
    // A draft is nobody's word yet; approved on another node, it is at once.
    company.desk.draft_article(draft("wifi-password", Some(1)), company.actor("amy")).await.unwrap();
    let drafted = company.desk.command(receipt.ticket, answer("x", 2), company.actor("amy"), None).await;
    let Err(DeskError::Invalid { field: "article", text }) = drafted else { panic!("{drafted:?}") };
    assert!(text.zh.contains("请使用第 1 版") && text.en.contains("use version 1"), "{text:?}");
    let there = company.another_desk().await;
    there.approve_article(&id("wifi-password"), 2, company.actor("manager")).await.unwrap();
    company.ok(receipt.ticket, "amy", answer(&best.piece.body, 2)).await;
    // What was approved once may still be cited.
    company.ok(receipt.ticket, "amy", answer(&best.piece.body, 1)).await;
    let tally = company.desk.article(&id("wifi-password"), company.actor("amy")).await.unwrap().tally;
    assert_eq!((tally.used, tally.edited), (3, 1));
    company.finish().await;
}

#[tokio::test]
async fn what_nobody_has_written_an_answer_to_is_listed_masked_until_it_is_known() {
    let company = with_articles().await;
    let mut first = asks("你们支持以旧换新吗，我的电话13812345678");
    first.customer.phone = Some("13812345678".into());
    let receipt = company.submit(first).await;
    for question in ["请问支持以旧换新吗", "以旧换新怎么办理", "门口有停车场吗"] {
        company.clock.step(mins(1));
        company.submit(asks(question)).await;
    }
    let groups = company.desk.unanswered(company.actor("amy")).await.unwrap();
    assert_eq!((groups[0].size, groups.len()), (3, 2), "{groups:?}");
    assert!(groups[0].label.contains("以旧换新"));
    assert!(
        groups[0]
            .tickets
            .iter()
            .any(|(ticket, number)| (*ticket, number) == (receipt.ticket, &receipt.number))
    );
    assert!(groups.iter().flat_map(|group| &group.samples).all(|sample| !sample.contains("13812345678")));
    assert!(matches!(
        company.desk.unanswered(company.actor("admin")).await,
        Err(DeskError::Forbidden { .. })
    ));

    // An answered one becomes an article, without the customer's number.
    let (desk, amy) = (&company.desk, company.actor("amy"));
    let none = desk.article_from(receipt.ticket, amy).await;
    assert!(matches!(none, Err(DeskError::Invalid { field: "ticket", .. })));
    company.ok(receipt.ticket, "amy", reply(Purpose::Reply, "支持以旧换新，会回电 13812345678。")).await;
    let proposal = desk.article_from(receipt.ticket, amy).await.unwrap();
    let piece = proposal.text.zh.clone().unwrap();
    assert!(piece.title.contains("以旧换新") && !piece.title.contains("13812345678"), "{piece:?}");
    assert!(piece.body.contains("支持以旧换新") && !piece.body.contains("13812345678"));
    let article = proposal.article.clone();
    let made = ArticleDraft {
        article: article.clone(),
        based_on: None,
        text: proposal.text,
        source: Some(proposal.source),
    };
    desk.draft_article(made, amy).await.unwrap();
    desk.approve_article(&article, 1, company.actor("manager")).await.unwrap();
    desk.study().await.unwrap();
    let groups = desk.unanswered(amy).await.unwrap();
    assert!(groups.iter().all(|group| !group.label.contains("以旧换新")), "{groups:?}");
    company.finish().await;
}

#[tokio::test]
async fn another_node_takes_up_what_was_approved_here() {
    let company = with_articles().await;
    let there = company.another_desk().await;
    there.study().await.unwrap();
    let amy = company.actor("amy");
    assert_eq!(
        there.ask_articles(&known_question(), amy).await.unwrap().found[0].article,
        id("wifi-password")
    );
    company.desk.withdraw_article(&id("wifi-password"), company.actor("manager")).await.unwrap();
    there.read_on().await.unwrap();
    let found = there.ask_articles(&known_question(), amy).await.unwrap().found;
    assert!(found.iter().all(|found| found.article != id("wifi-password")));
    there.study().await.unwrap();
    assert_eq!(there.knowledge_standing(amy).unwrap().articles, KNOWN.len() - 1);
    company.finish().await;
}

/// Each way in which an article stops holding on another node, before this one has read of it.
#[tokio::test]
async fn no_answer_leaves_with_an_article_that_another_node_took_back_or_replaced() {
    let company = with_articles().await;
    let (there, manager) = (company.another_desk().await, company.actor("manager"));
    let english = text("wifi-password").en.unwrap().questions.remove(0);
    let versions = async || {
        let mut versions = Vec::new();
        for question in [known_question(), english.clone()] {
            let ticket = company.submit(asks(&question)).await.sheet.ticket;
            assert_eq!(ticket.stage(), Stage::Waiting, "a person has it in any case");
            versions.extend(ticket.articles.iter().map(|given| given.version));
        }
        versions
    };
    there.draft_article(draft("wifi-password", Some(1)), manager).await.unwrap();
    assert_eq!(versions().await, [1, 1], "a draft replaces nothing");
    there.approve_article(&id("wifi-password"), 2, manager).await.unwrap();
    assert!(versions().await.is_empty(), "replaced");
    company.desk.study().await.unwrap();
    assert_eq!(versions().await, [2, 2]);
    there.withdraw_article(&id("wifi-password"), manager).await.unwrap();
    assert!(versions().await.is_empty(), "withdrawn");
    company.finish().await;
}
