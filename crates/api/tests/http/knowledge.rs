//! The knowledge base over HTTP: who drafts, who approves, what is suggested and refused.

use serde_json::{Value, json};
use yinuo_core::roster::Role;

use crate::house::House;

const ARTICLES: &str = "/api/v1/articles";

fn parking(based_on: Option<u32>) -> Value {
    json!({
        "id": "parking",
        "based_on": based_on,
        "text": {
            "topic": "parking",
            "until": "2099-12-31",
            "zh": {
                "title": "来店里哪里可以停车",
                "body": "门店地下一层有停车场，凭小票免费停两小时。",
                "questions": ["门口能停车吗", "有没有停车场", "停车要钱吗"],
            },
        },
    })
}

#[tokio::test]
async fn an_article_is_drafted_approved_tried_and_withdrawn() {
    let house = House::staffed().await;
    let (agent, manager) = (house.signed_in(Role::Agent).await, house.signed_in(Role::Manager).await);
    let drafted = agent.post(ARTICLES, parking(None)).await.expect(201);
    assert_eq!((&drafted["standing"], &drafted["version"]), (&json!("draft"), &json!(1)));
    agent.post("/api/v1/articles/parking/approval", json!({"version": 1})).await.problem(403, "forbidden");
    let approved = manager.post("/api/v1/articles/parking/approval", json!({"version": 1})).await.expect(200);
    assert_eq!(approved["standing"], "in-force");
    assert_eq!(approved["versions"][0]["text"]["zh"]["questions"].as_array().unwrap().len(), 3);
    house.desk.study().await.unwrap();
    let list = agent.get(ARTICLES).await.expect(200);
    assert_eq!(list["knowledge"]["articles"], 1);
    // Three similar questions are too few to be sure of anything.
    assert_eq!(list["knowledge"]["answers_from"], Value::Null);
    let trial = json!({"question": "请问有停车场吗"});
    let said = agent.post("/api/v1/knowledge/trials", trial.clone()).await.expect(200);
    assert_eq!((&said["band"], &said["suggestions"][0]["id"]), (&json!("suggest"), &json!("parking")));
    manager.post("/api/v1/articles/parking/withdrawal", json!({})).await.expect(200);
    let said = agent.post("/api/v1/knowledge/trials", trial).await.expect(200);
    assert!(said["suggestions"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_field() {
    let house = House::staffed().await;
    let agent = house.signed_in(Role::Agent).await;
    let problem = async |change: &dyn Fn(&mut Value), code: &str| {
        let mut draft = parking(None);
        change(&mut draft);
        agent.post(ARTICLES, draft).await.problem(422, code)["field"].clone()
    };
    assert_eq!(problem(&|draft| draft["text"]["until"] = json!("2026-02-30"), "invalid").await, "until");
    assert_eq!(problem(&|draft| draft["text"]["zh"] = Value::Null, "invalid").await, "zh");
    assert_eq!(problem(&|draft| draft["based_on"] = json!(4), "invalid").await, "based_on");
    problem(&|draft| draft["text"]["fr"] = json!({}), "unknown-field").await;
    problem(&|draft| draft["id"] = json!("Not A Name"), "bad-value").await;
    let long = json!({"question": "x".repeat(1_001)});
    agent.post("/api/v1/knowledge/trials", long).await.problem(422, "bad-value");
}

#[tokio::test]
async fn a_message_names_its_article_and_the_timeline_shows_it() {
    let house = House::staffed().await;
    let (agent, manager) = (house.signed_in(Role::Agent).await, house.signed_in(Role::Manager).await);
    agent.post(ARTICLES, parking(None)).await.expect(201);
    manager.post("/api/v1/articles/parking/approval", json!({"version": 1})).await.expect(200);
    house.desk.study().await.unwrap();
    let asked = json!({"customer": {"name": "赵"}, "subject": "有停车场吗", "body": "有没有停车场？", "kind": "consultation"});
    let receipt = house.nobody().post("/api/v1/requests", asked).await.expect(201);
    let (number, code) = (receipt["number"].as_str().unwrap(), receipt["query_code"].as_str().unwrap());
    // Not sure enough: nothing was answered, so there is nothing to judge.
    let customer = house.nobody().with("query-code", code);
    let commands = format!("/api/v1/requests/{number}/commands");
    let judged = json!({"command": "judge-answer", "helpful": true});
    customer.post(&commands, judged).await.problem(422, "no-automatic-answer");
    customer.post(&commands, json!({"command": "ask-for-person"})).await.problem(422, "no-automatic-answer");

    let id = house.only_ticket(&agent).await;
    let suggested = agent.get(&format!("/api/v1/tickets/{id}/suggestions")).await.expect(200);
    let best = &suggested["suggestions"][0];
    assert_eq!(best["id"], "parking");
    let reply = json!({
        "command": "reply", "purpose": "full-answer", "body": best["body"],
        "article": {"id": "parking", "version": 1},
    });
    let ticket = agent.post(&format!("/api/v1/tickets/{id}/commands"), reply).await.expect(200);
    let used =
        ticket["timeline"].as_array().unwrap().iter().find(|item| item["event"] == "article-used").unwrap();
    assert_eq!((&used["article"], &used["edited"]), (&json!("parking"), &json!(false)));
    let seen = customer.get(&format!("/api/v1/requests/{number}")).await.expect(200);
    assert!(!seen.to_string().contains("article-used"), "that it came from an article is between colleagues");

    let proposal = agent.get(&format!("/api/v1/tickets/{id}/article")).await.expect(200);
    assert_eq!(proposal["text"]["zh"]["title"], "有停车场吗");
    let unanswered = agent.get("/api/v1/knowledge/unanswered").await.expect(200);
    assert!(unanswered["groups"].as_array().unwrap().is_empty(), "{unanswered}");
}
