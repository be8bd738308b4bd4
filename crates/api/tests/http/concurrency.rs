//! The same request twice, and two people at once.

use serde_json::json;
use yinuo_core::roster::Role;

use crate::house::{House, complaint};

#[tokio::test]
async fn the_same_key_makes_one_ticket_and_the_same_receipt() {
    let house = House::staffed().await;
    let customer = house.nobody().with("idempotency-key", "form-7f3a");
    let first = customer.post("/api/v1/requests", complaint()).await.expect(201);
    let again = customer.post("/api/v1/requests", complaint()).await.expect(200);
    assert_eq!(first["replayed"], false);
    assert_eq!(again["replayed"], true);
    for field in ["number", "query_code", "received_at", "hash"] {
        assert_eq!(first[field], again[field], "{field}");
    }
    let agent = house.signed_in(Role::Agent).await;
    house.only_ticket(&agent).await;
    let mut other = complaint();
    other["body"] = json!("另一件事");
    customer.post("/api/v1/requests", other).await.problem(422, "idempotency-key-reused");
    let bad =
        house.nobody().with("idempotency-key", "with blank").post("/api/v1/requests", complaint()).await;
    assert_eq!(bad.problem(422, "invalid")["field"], "Idempotency-Key");
}

#[tokio::test]
async fn who_comes_second_gets_the_newer_state() {
    let house = House::staffed().await;
    let (number, code) = house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let lead = house.signed_in(Role::TeamLead).await;
    let id = house.only_ticket(&agent).await;
    let commands = format!("/api/v1/tickets/{id}/commands");
    let note = |body: &str| json!({"command": "note", "body": body, "expected_version": 1});
    let detail = agent.post(&commands, note("先到")).await.expect(200);
    assert_eq!(detail["version"], 2);
    let conflict = lead.post(&commands, note("后到")).await.problem(409, "conflict");
    assert_eq!(conflict["ticket"]["version"], 2);
    let texts = conflict["ticket"]["timeline"].to_string();
    assert!(texts.contains("先到") && !texts.contains("后到"), "{texts}");

    let customer = house.nobody().with("query-code", code);
    let words = json!({"command": "record-words", "body": "补充一点", "expected_version": 1});
    let conflict =
        customer.post(&format!("/api/v1/requests/{number}/commands"), words).await.problem(409, "conflict");
    assert_eq!(conflict["request"]["version"], 2);
    assert!(conflict["ticket"].is_null() && !conflict.to_string().contains("先到"), "{conflict}");
}
