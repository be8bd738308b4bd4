//! Whatever is wrong with what was sent is named, with its place and what would do.

use axum::{body::Body, http::Method};
use serde_json::json;
use yinuo_core::roster::Role;

use crate::house::{House, complaint};

const REQUESTS: &str = "/api/v1/requests";

#[tokio::test]
async fn malformed_json_is_told_with_line_and_column() {
    let house = House::staffed().await;
    let sent = "{\n  \"subject\": \"a\",\n  \"body\" \"b\"\n}";
    let problem = house.nobody().raw(REQUESTS, "application/json", sent).await.problem(400, "malformed-json");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(3), &json!(10)));
    house.nobody().raw(REQUESTS, "application/json", "").await.problem(400, "malformed-json");
    let trailing = format!("{} x", complaint());
    house.nobody().raw(REQUESTS, "application/json", trailing).await.problem(400, "malformed-json");
}

#[tokio::test]
async fn a_list_is_no_object_whose_names_are_unsaid() {
    let house = House::staffed().await;
    let sent = json!([null, {"name": "x"}, "a", "b", null, null, null, null]);
    house.nobody().post(REQUESTS, sent).await.problem(422, "bad-value");
}

#[tokio::test]
async fn other_encodings_are_told_with_their_byte() {
    let house = House::staffed().await;
    // 投诉 in GBK. Its first two bytes happen to be a letter in UTF-8 as well, the next two are none.
    let sent = [&b"{\"subject\":\""[..], &[0xcd, 0xb6, 0xcb, 0xdf], b"\"}"].concat();
    let problem = house.nobody().raw(REQUESTS, "application/json", sent).await.problem(400, "wrong-encoding");
    assert!(problem["detail"].as_str().unwrap().contains("byte 15"), "{problem}");
}

#[tokio::test]
async fn unknown_fields_are_named_with_the_nearest_known_one() {
    let house = House::staffed().await;
    let mut sent = complaint();
    sent["subjct"] = json!("x");
    let problem = house.nobody().post(REQUESTS, sent).await.problem(422, "unknown-field");
    assert_eq!(problem["field"], "subjct");
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `subject`"), "{problem}");
    let mut sent = complaint();
    sent["customer"]["fone"] = json!("1");
    let problem = house.nobody().post(REQUESTS, sent).await.problem(422, "unknown-field");
    assert_eq!(problem["field"], "customer.fone");
}

#[tokio::test]
async fn missing_fields_unknown_words_and_wrong_types_are_named() {
    let house = House::staffed().await;
    let mut sent = complaint();
    sent.as_object_mut().unwrap().remove("body");
    assert_eq!(house.nobody().post(REQUESTS, sent).await.problem(422, "missing-field")["field"], "body");
    let mut sent = complaint();
    sent["kind"] = json!("complain");
    let problem = house.nobody().post(REQUESTS, sent).await.problem(422, "bad-value");
    assert_eq!(problem["field"], "kind");
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `complaint`"), "{problem}");
    let mut sent = complaint();
    sent["subject"] = json!(7);
    assert_eq!(house.nobody().post(REQUESTS, sent).await.problem(422, "bad-value")["field"], "subject");
    let mut sent = complaint();
    sent["subject"] = json!("  ");
    house.nobody().post(REQUESTS, sent).await.problem(422, "blank");
    let mut sent = complaint();
    sent["channel"] = json!("phone");
    assert_eq!(house.nobody().post(REQUESTS, sent).await.problem(422, "bad-value")["field"], "channel");
}

#[tokio::test]
async fn impossible_dates_are_told() {
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let commands = format!("/api/v1/tickets/{}/commands", house.only_ticket(&agent).await);
    for date in ["2026-02-30T10:00:00+08:00", "2026-11-25", "tomorrow", "2026-11-25T10:00:00", ""] {
        let sent = json!({"command": "propose-solution", "body": "x", "carry_out_by": date});
        let problem = agent.post(&commands, sent).await.problem(422, "bad-value");
        assert!(problem["detail"].as_str().unwrap().contains("2026-11-21T09:00:00+08:00"), "{problem}");
    }
    let problem = agent.get("/api/v1/tickets?from=2026-13-01T00:00:00Z").await.problem(422, "bad-value");
    assert_eq!(problem["field"], "from");
}

#[tokio::test]
async fn commands_are_read_strictly() {
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let commands = format!("/api/v1/tickets/{}/commands", house.only_ticket(&agent).await);
    let problem =
        agent.post(&commands, json!({"command": "replay", "body": "x"})).await.problem(422, "bad-value");
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `reply`"), "{problem}");
    let problem =
        agent.post(&commands, json!({"command": "take", "why": "x"})).await.problem(422, "unknown-field");
    assert_eq!(problem["field"], "why");
    agent.post(&commands, json!({"body": "x"})).await.problem(422, "missing-field");
    agent.post(&commands, json!({"command": "tick"})).await.problem(422, "bad-value");
    let problem = agent.post(&commands, json!({"command": "close", "outcome": "duplicate"})).await;
    assert_eq!(problem.problem(422, "invalid")["field"], "of");
    let refused = json!({"command": "close", "outcome": "out-of-scope", "note": "不受理"});
    let refused = agent.post(&commands, refused).await.problem(422, "scope-term-unknown");
    assert_eq!(refused["rule"], "refusal-names-term");
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let house = House::staffed().await;
    let agent = house.signed_in(Role::Agent).await;
    for id in ["tkt_00000000000070008000000000000000", "tkt_x", "mem_00000000000070008000000000000000", "%20"]
    {
        agent.get(&format!("/api/v1/tickets/{id}")).await.problem(404, "not-found");
    }
    agent.get("/api/v1/tickets/%FF").await.problem(400, "wrong-encoding");
    house.nobody().get("/api/v1/portal/commitments/NONE").await.problem(404, "not-found");
    let manager = house.signed_in(Role::Manager).await;
    manager.get("/api/v1/commitments/YN-2026-001/versions/9").await.problem(404, "not-found");
    manager.get("/api/v1/commitments/YN-2026-001/versions/one").await.problem(404, "not-found");
}

#[tokio::test]
async fn large_bodies_are_refused_before_and_while_they_are_read() {
    let house = House::staffed().await;
    let mut sent = complaint();
    sent["body"] = json!("长".repeat(100_000));
    let problem = house.nobody().post(REQUESTS, sent.clone()).await.problem(413, "too-large");
    assert!(problem["detail"].as_str().unwrap().contains("256 KiB"));
    let pieces = tokio_stream::iter((0..300).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024])));
    house
        .nobody()
        .raw(REQUESTS, "application/json", Body::from_stream(pieces))
        .await
        .problem(413, "too-large");
    sent["body"] = json!("长".repeat(30_000));
    house.nobody().post(REQUESTS, sent).await.problem(422, "too-long");
}

#[tokio::test]
async fn media_types_methods_and_routes_are_told() {
    let house = House::staffed().await;
    house.nobody().raw(REQUESTS, "text/plain", "x").await.problem(415, "media-type");
    let answer = house.nobody().send(Method::DELETE, REQUESTS, None, Body::empty()).await;
    assert_eq!(answer.headers["allow"], "POST");
    answer.problem(405, "no-method");
    house.nobody().get("/api/v1/nothing").await.problem(404, "no-route");
    house.nobody().get("/api/nothing").await.problem(404, "no-route");
    house.nobody().get("/assets/none.js").await.problem(404, "no-route");
}

#[tokio::test]
async fn queries_are_read_strictly() {
    let house = House::staffed().await;
    let agent = house.signed_in(Role::Agent).await;
    let problem = agent.get("/api/v1/tickets?stat=open").await.problem(422, "unknown-field");
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `state`"), "{problem}");
    let problem = agent.get("/api/v1/tickets?kind=complaint,repairs").await.problem(422, "bad-value");
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `repair`"), "{problem}");
    for query in
        ["limit=0", "limit=201", "limit=many", "after=here", "member=someone", "team=A%20B", "state=all"]
    {
        agent.get(&format!("/api/v1/tickets?{query}")).await.problem(422, "bad-value");
    }
    agent.get("/api/v1/figures?group=colour").await.problem(422, "bad-value");
    agent
        .get("/api/v1/figures?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z")
        .await
        .problem(422, "bad-value");
    agent.get("/api/v1/tickets?kind=&lang=en&member=me").await.expect(200);
}

#[tokio::test]
async fn problems_speak_the_callers_language() {
    let house = House::staffed().await;
    let mut sent = complaint();
    sent["subject"] = json!("");
    let zh = house.nobody().with("accept-language", "zh-CN,zh;q=0.9").post(REQUESTS, sent.clone()).await;
    assert_eq!(zh.headers["content-language"], "zh-CN");
    let zh = zh.problem(422, "blank");
    assert!(zh["detail"].as_str().unwrap().contains("不能为空"), "{zh}");
    let en = house.nobody().with("accept-language", "zh").post(&format!("{REQUESTS}?lang=en"), sent).await;
    assert!(en.problem(422, "blank")["detail"].as_str().unwrap().contains("empty"));
}

#[tokio::test]
async fn imports_judge_each_line_by_itself() {
    let house = House::staffed().await;
    let manager = house.signed_in(Role::Manager).await;
    let lines = "{\"id\":\"a-1\",\"text\":\"空调不制冷，请派人维修\",\"received_at\":\"2026-10-12T09:00:00+08:00\"}\n{\"text\":\n{\"id\":\"a-1\",\"text\":\"again\"}\n{\"text\":\"x\",\"colour\":\"red\"}\n";
    let report = manager.raw("/api/v1/import", "application/jsonl", lines).await.expect(200);
    assert_eq!((&report["imported"], &report["known"]), (&json!(1), &json!(1)));
    let refused: Vec<u64> =
        report["refused"].as_array().unwrap().iter().map(|line| line["line"].as_u64().unwrap()).collect();
    assert_eq!(refused, [2, 4]);
    let csv = "id,text,channel\nb-1,发票抬头写错了，如何更换,web\n";
    assert_eq!(manager.raw("/api/v1/import", "text/csv", csv).await.expect(200)["imported"], 1);
    manager.raw("/api/v1/import", "application/json", "{}").await.problem(415, "media-type");
}
