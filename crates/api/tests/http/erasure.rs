//! Erasing a person over HTTP, and finding tickets by contact.

use serde_json::{Value, json};
use yinuo_core::roster::Role;

use crate::house::{Caller, House, complaint};

const PHONE: &str = "13800000001";

/// Number, query code and id of a complaint that is closed.
async fn closed(house: &House) -> (String, String, String) {
    let (number, code) = house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let close = json!({"command": "close", "outcome": "withdrawn", "note": "客户撤回"});
    agent.post(&format!("/api/v1/tickets/{id}/commands"), close).await.expect(200);
    (number, code, id)
}

fn order(number: &str, tickets: u32) -> Value {
    json!({"reason": "consent-withdrawn", "confirm": number, "expected_tickets": tickets})
}

async fn found(caller: &Caller<'_>, search: Value) -> Vec<Value> {
    let found = caller.post("/api/v1/tickets/find", search).await.expect(200);
    found["tickets"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_manager_sees_what_it_concerns_and_erases() {
    let house = House::staffed().await;
    let (number, code, id) = closed(&house).await;
    let manager = house.signed_in(Role::Manager).await;
    let path = format!("/api/v1/tickets/{id}/erasure");
    let preview = manager.get(&path).await.expect(200);
    assert_eq!((&preview["number"], &preview["persons"]), (&json!(number), &json!(1)));
    assert_eq!((&preview["tickets"][0]["number"], &preview["open"]), (&json!(number), &json!([])));
    let done = manager.post(&path, order(&number, 1)).await.expect(200);
    assert_eq!((&done["numbers"], &done["persons"]), (&json!([number]), &json!(1)));
    assert_eq!(done["erased"]["reason"], "consent-withdrawn");
    assert_eq!(done["erased"]["by"]["name"], "王manager");
    assert_eq!(done["erased"]["at"], "2026-11-23T01:00:00Z");

    let seen = manager.get(&format!("/api/v1/tickets/{id}")).await.expect(200);
    assert_eq!(seen["erased"], done["erased"]);
    assert_eq!(
        (&seen["subject"], &seen["body"], &seen["customer"]["name"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(seen["timeline"].as_array().unwrap().iter().any(|item| item["erased"] == true));
    let list = manager.get("/api/v1/tickets?state=any").await.expect(200);
    assert_eq!(
        (&list["tickets"][0]["subject"], &list["tickets"][0]["customer"]),
        (&Value::Null, &Value::Null)
    );
    for answer in [seen, list, manager.get("/api/v1/figures").await.expect(200)] {
        for word in ["陈静", PHONE, "账单", "退订", "客户撤回"] {
            assert!(!answer.to_string().contains(word), "{word}");
        }
    }
    // The customer is told so, whatever code is shown: nobody can check one any more.
    for code in [code.as_str(), "WRONG234"] {
        for path in [format!("/api/v1/requests/{number}"), format!("/api/v1/requests/{number}/looks")] {
            let told = house.nobody().with("query-code", code).get(&path).await.problem(410, "erased");
            assert!(told["detail"].as_str().unwrap().contains("2026-11-23"), "{told}");
            let zh = house.nobody().with("query-code", code).with("accept-language", "zh").get(&path).await;
            assert!(zh.problem(410, "erased")["detail"].as_str().unwrap().contains("删除"));
        }
        let more = json!({"command": "record-words", "body": "x"});
        let commands = format!("/api/v1/requests/{number}/commands");
        house.nobody().with("query-code", code).post(&commands, more).await.problem(410, "erased");
    }
    manager.get(&path).await.problem(410, "erased");
    manager.post(&path, order(&number, 1)).await.problem(410, "erased");
    let agent = house.signed_in(Role::Agent).await;
    let note = json!({"command": "note", "body": "x"});
    agent.post(&format!("/api/v1/tickets/{id}/commands"), note).await.problem(422, "person-erased");
    assert!(found(&agent, json!({"phone": PHONE})).await.is_empty());
}

#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let house = House::staffed().await;
    let (number, _, id) = closed(&house).await;
    let (open, _) = house.complaint().await;
    let manager = house.signed_in(Role::Manager).await;
    let path = format!("/api/v1/tickets/{id}/erasure");
    assert_eq!(manager.get(&path).await.expect(200)["open"], json!([open]));
    let problem = manager.post(&path, order(&number, 2)).await.problem(422, "still-open");
    assert!(problem["detail"].as_str().unwrap().contains(&open), "{problem}");
    let problem = manager.post(&path, order("", 2)).await.problem(422, "invalid");
    assert_eq!(problem["field"], "confirm");
    let mut sent = order(&number, 2);
    sent["reason"] = json!("because");
    let problem = manager.post(&path, sent).await.problem(422, "bad-value");
    assert!(problem["detail"].as_str().unwrap().contains("retention-ended"), "{problem}");
    let mut sent = order(&number, 2);
    sent["force"] = json!(true);
    manager.post(&path, sent).await.problem(422, "unknown-field");
    let mut sent = order(&number, 2);
    sent.as_object_mut().unwrap().remove("confirm");
    manager.post(&path, sent).await.problem(422, "missing-field");
    manager
        .post(&path, json!({"reason": "unlawful", "confirm": number, "expected_tickets": -1}))
        .await
        .problem(422, "bad-value");
    manager
        .post("/api/v1/tickets/tkt_00000000000070008000000000000000/erasure", order("x", 1))
        .await
        .problem(404, "not-found");
    let seen = manager.get(&format!("/api/v1/tickets/{id}")).await.expect(200);
    assert_eq!((&seen["erased"], seen["subject"].is_string()), (&Value::Null, true), "nothing was erased");
}

#[tokio::test]
async fn tickets_are_found_by_phone_or_mail_however_it_is_written() {
    let house = House::staffed().await;
    let mut sent = complaint();
    sent["customer"]["email"] = json!("Chen.Jing@Example.com");
    house.nobody().post("/api/v1/requests", sent).await.expect(201);
    let agent = house.signed_in(Role::Agent).await;
    for search in [
        json!({"phone": PHONE}),
        json!({"phone": "+86 138-0000-0001"}),
        json!({"phone": "１３８０００００００１"}),
        json!({"email": " chen.jing@example.COM "}),
        json!({"phone": PHONE, "email": "nobody@example.com"}),
    ] {
        assert_eq!(found(&agent, search.clone()).await.len(), 1, "{search}");
    }
    for search in [json!({"phone": "13900000000"}), json!({"email": "chen@example.com"})] {
        assert!(found(&agent, search).await.is_empty());
    }
    for (search, field) in [
        (json!({}), "phone"),
        (json!({"phone": "", "email": " "}), "phone"),
        (json!({"phone": "王"}), "phone"),
        (json!({"email": "nobody"}), "email"),
    ] {
        let problem = agent.post("/api/v1/tickets/find", search).await.problem(422, "invalid");
        assert_eq!(problem["field"], field);
    }
    agent.post("/api/v1/tickets/find", json!({"name": "陈静"})).await.problem(422, "unknown-field");
    for role in [Role::Auditor, Role::Admin] {
        let caller = house.signed_in(role).await;
        caller.post("/api/v1/tickets/find", json!({"phone": PHONE})).await.problem(403, "forbidden");
    }
}
