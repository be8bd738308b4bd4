//! What customers see, and what they must not.

use jiff::SignedDuration;
use serde_json::json;
use yinuo_api::{ApiOptions, Limits};
use yinuo_core::roster::Role;

use crate::house::{House, complaint};

#[tokio::test]
async fn nothing_internal_reaches_the_customer() {
    let house = House::staffed().await;
    let (number, code) = house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let commands = format!("/api/v1/tickets/{id}/commands");
    for command in [
        json!({"command": "note", "body": "INTERNAL-1 note"}),
        json!({"command": "start-investigation", "body": "INTERNAL-2 investigation"}),
        json!({"command": "report-loss", "major": true, "body": "INTERNAL-3 loss"}),
        json!({"command": "pause", "reason": "waiting-for-customer", "note": "INTERNAL-4 pause"}),
        json!({
            "command": "reply", "purpose": "acknowledgement", "contents": ["apology", "investigation-begun"],
            "body": "VISIBLE reply: we are sorry, the investigation has begun.",
        }),
    ] {
        agent.post(&commands, command).await.expect(200);
    }
    house.step(SignedDuration::from_hours(30));
    house.desk.tick_due().await.unwrap();
    let seen =
        house.nobody().with("query-code", code).get(&format!("/api/v1/requests/{number}")).await.expect(200);
    let text = seen.to_string();
    assert!(text.contains("VISIBLE reply"));
    for inside in ["INTERNAL", "mem_", "tkt_", "alarm", "compensation", "left-unassigned", "noted", "breach"]
    {
        assert!(!text.contains(inside), "`{inside}` in {text}");
    }
    let commands: Vec<&str> = seen["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["command"].as_str().unwrap())
        .collect();
    assert!(commands.contains(&"record-words") && !commands.contains(&"note"), "{commands:?}");
}

#[tokio::test]
async fn commands_of_the_company_are_unknown_to_customers() {
    let house = House::staffed().await;
    let (number, code) = house.complaint().await;
    let customer = house.nobody().with("query-code", code);
    let path = format!("/api/v1/requests/{number}/commands");
    customer.post(&path, json!({"command": "note", "body": "x"})).await.problem(422, "bad-value");
    let refused = customer.post(&path, json!({"command": "accept-solution"})).await;
    refused.problem(422, "no-solution-open");
}

#[tokio::test]
async fn a_wrong_code_and_an_unknown_number_look_the_same_and_guessing_slows_down() {
    let house = House::staffed().await;
    let (number, code) = house.complaint().await;
    let path = format!("/api/v1/requests/{number}");
    house.nobody().get(&path).await.problem(422, "bad-value");
    let wrong = house.nobody().with("query-code", "WRONG234").get(&path).await.problem(404, "not-found");
    let unknown =
        house.nobody().with("query-code", code.clone()).get("/api/v1/requests/TS-20261123-9999").await;
    let unknown = unknown.problem(404, "not-found");
    assert_eq!(wrong["detail"], unknown["detail"]);
    for _ in 0..9 {
        house.nobody().with("query-code", "WRONG234").get(&path).await.problem(404, "not-found");
    }
    let slowed = house.nobody().with("query-code", code.clone()).get(&path).await;
    assert_eq!(slowed.headers["retry-after"], "1");
    slowed.problem(429, "too-often");
    house.step(SignedDuration::from_secs(31));
    house.nobody().with("query-code", code.to_lowercase()).get(&path).await.expect(200);
}

#[tokio::test]
async fn flooding_is_slowed_down_and_the_brake_can_be_taken_off() {
    let limits = Limits { intakes_at_once: Some(2), intakes_per_minute: 6, ..Limits::default() };
    let house = House::staffed_with(ApiOptions { limits, behind_proxy: true, ..ApiOptions::default() }).await;
    let customer = house.nobody().with("x-forwarded-for", "203.0.113.9, 198.51.100.7");
    customer.post("/api/v1/requests", complaint()).await.expect(201);
    customer.post("/api/v1/requests", complaint()).await.expect(201);
    let slowed = customer.post("/api/v1/requests", complaint()).await;
    assert_eq!(slowed.headers["retry-after"], "10");
    slowed.problem(429, "too-often");
    let elsewhere = house.nobody().with("x-forwarded-for", "198.51.100.8");
    elsewhere.post("/api/v1/requests", complaint()).await.expect(201);
    house.step(SignedDuration::from_secs(10));
    customer.post("/api/v1/requests", complaint()).await.expect(201);

    let limits = Limits { intakes_at_once: None, ..Limits::default() };
    let house = House::staffed_with(ApiOptions { limits, ..ApiOptions::default() }).await;
    for _ in 0..100 {
        house.nobody().post("/api/v1/requests", complaint()).await.expect(201);
    }
}

#[tokio::test]
async fn everybody_may_read_the_letters_in_force() {
    let house = House::staffed().await;
    let portal = house.nobody().get("/api/v1/portal").await.expect(200);
    assert_eq!(portal["setup_needed"], false);
    assert_eq!(portal["zone"], "Asia/Shanghai");
    assert_eq!(portal["commitments"].as_array().unwrap().len(), 2);
    let letter = house.nobody().get("/api/v1/portal/commitments/YN-2026-001").await.expect(200);
    assert!(letter["html"]["zh"].as_str().unwrap().contains("<article"));
    assert!(letter["promises"].as_array().unwrap().len() > 5);
    let source = house.nobody().get("/api/v1/portal/commitments/YN-2026-001/source").await;
    assert_eq!(source.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(source.text, crate::house::RESPONSE_TIME);
}
