//! Personal data of customers over HTTP: masked, looked at with a reason, and who looked.

use axum::http::Method;
use serde_json::{Value, json};
use yinuo_core::roster::Role;

use crate::house::{Caller, House};

const PHONE: &str = "13800131234";
const CORRECTED: &str = "13900139000";
const EMAIL: &str = "chen.jing@example.com";
const STREET: &str = "科技园路1号";

fn request() -> Value {
    json!({
        "customer": {
            "name": "陈静静", "phone": PHONE, "email": EMAIL, "address": format!("广东省深圳市南山区{STREET}"),
        },
        "subject": "账单多收了两个月的服务费",
        "body": "我在九月就已经退订，十月和十一月仍被扣费，要求退款并说明原因。",
        "kind": "complaint",
    })
}

/// Number, query code and id of a request with everything that can be known about a customer.
async fn known_customer(house: &House) -> (String, String, String) {
    let receipt = house.nobody().post("/api/v1/requests", request()).await.expect(201);
    let text = |field: &str| receipt[field].as_str().unwrap().to_owned();
    let id = house.only_ticket(&house.signed_in(Role::Agent).await).await;
    (text("number"), text("query_code"), id)
}

#[tokio::test]
async fn nothing_that_staff_can_ask_for_tells_how_to_reach_the_customer() {
    let house = House::staffed().await;
    let (number, code, id) = known_customer(&house).await;
    let ticket = format!("/api/v1/tickets/{id}");
    let corrected = json!({
        "command": "correct-customer", "why": "号码写错",
        "customer": {"name": "陈静静", "phone": CORRECTED, "email": EMAIL, "address": format!("广东省深圳市南山区{STREET}")},
    });
    let agent = house.signed_in(Role::Agent).await;
    let answer = agent.post(&format!("{ticket}/commands"), corrected).await.expect(200);
    assert_eq!(answer["customer"]["phone"], "139****9000");
    agent.post(&format!("{ticket}/reveal"), json!({"fields": ["phone"], "reason": "回电"})).await.expect(200);
    let conflict = json!({"command": "note", "body": "x", "expected_version": 1});
    let conflict = agent.post(&format!("{ticket}/commands"), conflict).await.problem(409, "conflict");
    assert_eq!(conflict["ticket"]["customer"]["phone"], "139****9000");
    assert!(!conflict.to_string().contains(CORRECTED));
    for role in Role::ALL {
        let caller = house.signed_in(*role).await;
        for path in [
            ticket.clone(),
            format!("{ticket}/records"),
            format!("{ticket}/looks"),
            "/api/v1/tickets?state=any".to_owned(),
            "/api/v1/tickets/counts".to_owned(),
            "/api/v1/figures".to_owned(),
            "/api/v1/figures/overdue".to_owned(),
            "/api/v1/notices".to_owned(),
            "/api/v1/people".to_owned(),
        ] {
            let answer = caller.get(&path).await;
            let hidden = [PHONE, CORRECTED, EMAIL, STREET, code.as_str()];
            for secret in hidden {
                assert!(!answer.text.contains(secret), "{secret} in {path} for {}", role.word());
            }
            let name_hidden = matches!(role, Role::Auditor | Role::Admin);
            assert!(
                !name_hidden || !answer.text.contains("陈静静"),
                "the name in {path} for {}",
                role.word()
            );
        }
    }
    let own =
        house.nobody().with("query-code", code).get(&format!("/api/v1/requests/{number}")).await.expect(200);
    assert_eq!(own["customer"]["phone"], CORRECTED, "customers see their own");
}

#[tokio::test]
async fn a_ticket_says_what_is_masked_and_a_reason_shows_it() {
    let house = House::staffed().await;
    let (_, _, id) = known_customer(&house).await;
    let ticket = format!("/api/v1/tickets/{id}");
    let agent = house.signed_in(Role::Agent).await;
    let seen = agent.get(&ticket).await.expect(200);
    assert_eq!(
        seen["customer"],
        json!({
            "name": "陈静静", "phone": "138****1234", "email": "c***@example.com", "address": "广东省深圳市南山区****",
        })
    );
    assert_eq!(seen["revealable"], json!(["phone", "email", "address"]));
    assert_eq!(seen["erased"], Value::Null);
    let asked = json!({"fields": ["email", "phone"], "reason": "客户要求回电"});
    let shown = agent.post(&format!("{ticket}/reveal"), asked).await.expect(200);
    assert_eq!(
        shown["values"],
        json!([{"field": "phone", "text": PHONE}, {"field": "email", "text": EMAIL}])
    );
    assert_eq!(shown["version"].as_u64().unwrap(), seen["version"].as_u64().unwrap() + 1);
    let after = agent.get(&ticket).await.expect(200);
    assert_eq!((&after["version"], &after["customer"]), (&shown["version"], &seen["customer"]));
    let item = after["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&item["event"], &item["fields"]), (&json!("revealed"), &json!(["phone", "email"])));
    assert_eq!(item.get("text"), None, "why is for those who check");
}

#[tokio::test]
async fn who_looked_is_told_to_those_who_check_and_to_the_customer() {
    let house = House::staffed().await;
    let (number, code, id) = known_customer(&house).await;
    let agent = house.signed_in(Role::Agent).await;
    let asked = json!({"fields": ["phone"], "reason": "客户要求回电"});
    agent.post(&format!("/api/v1/tickets/{id}/reveal"), asked).await.expect(200);
    for role in [Role::TeamLead, Role::Supervision, Role::Manager, Role::Auditor] {
        let caller = house.signed_in(role).await;
        let looks = caller.get(&format!("/api/v1/tickets/{id}/looks")).await.expect(200);
        let look = &looks["looks"][0];
        assert_eq!(look["actor"]["name"], "王agent");
        assert_eq!(look["actor"]["role"], "agent");
        assert_eq!((&look["fields"], &look["reason"]), (&json!(["phone"]), &json!("客户要求回电")));
        assert_eq!(look["at"], "2026-11-23T01:00:00Z");
    }
    let mine = format!("/api/v1/requests/{number}/looks");
    let customer = house.nobody().with("query-code", code);
    let looks = customer.get(&mine).await.expect(200);
    assert_eq!(
        looks,
        json!({"looks": [
            {"at": "2026-11-23T01:00:00Z", "role": "agent", "fields": ["phone"], "reason": "客户要求回电"},
        ]}),
        "no name of a person"
    );
    house.nobody().with("query-code", "WRONG234").get(&mine).await.problem(404, "not-found");
    house.nobody().get(&mine).await.problem(422, "bad-value");
}

/// Sends what does not fit, and gives the problem.
async fn refused(caller: &Caller<'_>, id: &str, sent: Value, status: u16, code: &str) -> Value {
    caller.post(&format!("/api/v1/tickets/{id}/reveal"), sent).await.problem(status, code)
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_nothing_is_shown() {
    let house = House::staffed().await;
    let (_, _, id) = known_customer(&house).await;
    let agent = house.signed_in(Role::Agent).await;
    refused(&agent, &id, json!({"fields": ["phone"], "reason": " "}), 422, "blank").await;
    refused(&agent, &id, json!({"fields": [], "reason": "回电"}), 422, "blank").await;
    refused(&agent, &id, json!({"fields": ["phone"], "reason": "x".repeat(20_001)}), 422, "too-long").await;
    let problem = refused(&agent, &id, json!({"fields": ["phon"], "reason": "回电"}), 422, "bad-value").await;
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `phone`"), "{problem}");
    let missing = refused(&agent, &id, json!({"fields": ["phone"]}), 422, "missing-field").await;
    assert_eq!(missing["field"], "reason");
    refused(&agent, &id, json!({"fields": ["phone"], "reason": "回电", "to": "me"}), 422, "unknown-field")
        .await;
    let nowhere = "tkt_00000000000070008000000000000000";
    refused(&agent, nowhere, json!({"fields": ["phone"], "reason": "回电"}), 404, "not-found").await;
    let auditor = house.signed_in(Role::Auditor).await;
    refused(&auditor, &id, json!({"fields": ["phone"], "reason": "回电"}), 403, "not-allowed").await;
    let get = agent
        .send(Method::GET, &format!("/api/v1/tickets/{id}/reveal"), None, axum::body::Body::empty())
        .await;
    get.problem(405, "no-method");
    // A look is no ordinary command: its answer would be a sheet, which shows nothing.
    let command = json!({"command": "reveal", "fields": ["phone"], "reason": "回电"});
    agent.post(&format!("/api/v1/tickets/{id}/commands"), command).await.problem(422, "bad-value");
    let looks = auditor.get(&format!("/api/v1/tickets/{id}/looks")).await.expect(200);
    assert_eq!(looks["looks"], json!([]), "nothing was looked at");
    let sent_back = json!({
        "command": "correct-customer", "why": "号码写错",
        "customer": {"name": "陈静静", "phone": "138****9999", "email": "c***@example.com", "address": "广东省深圳市南山区****"},
    });
    let problem =
        agent.post(&format!("/api/v1/tickets/{id}/commands"), sent_back).await.problem(422, "masked-value");
    assert_eq!(problem["rule"], "confidential");
}
