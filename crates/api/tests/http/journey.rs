//! A complaint from the first word to the survey, with every refusal that the letters demand on the way.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yinuo_core::roster::Role;

use crate::house::{Caller, House};

fn action<'a>(ticket: &'a Value, command: &str) -> &'a Value {
    ticket["actions"].as_array().unwrap().iter().find(|action| action["command"] == command).unwrap()
}

fn clock<'a>(ticket: &'a Value, promise: &str) -> &'a Value {
    let clocks = ticket["clocks"].as_array().unwrap();
    clocks.iter().find(|clock| clock["key"]["promise"] == promise || clock["promise"] == promise).unwrap()
}

#[tokio::test]
async fn a_complaint_is_received_settled_and_rated() {
    let house = House::staffed().await;
    let (number, code) = house.complaint().await;
    assert!(number.starts_with("TS-20261123-"), "{number}");
    let customer = house.nobody().with("query-code", code);
    let own = format!("/api/v1/requests/{number}");
    let seen = customer.get(&own).await.expect(200);
    assert_eq!(seen["kind"], "complaint");
    assert!(seen["clocks"].as_array().unwrap().iter().all(|clock| clock["state"] == "running"));

    let agent = house.signed_in(Role::Agent).await;
    let list = agent.get("/api/v1/tickets?kind=complaint&overdue=false").await.expect(200);
    let line = &list["tickets"][0];
    assert_eq!(line["number"], number.as_str());
    assert!(line["next_due"]["title"]["zh"].as_str().is_some_and(|title| !title.is_empty()));
    let ticket = format!("/api/v1/tickets/{}", line["id"].as_str().unwrap());
    let commands = format!("{ticket}/commands");

    house.step(SignedDuration::from_mins(30));
    let ack = json!({"command": "reply", "purpose": "acknowledgement", "body": "我们已收到您的投诉。"});
    let refused = agent.post(&commands, ack).await.problem(422, "contents-missing");
    assert!(refused["detail"].as_str().unwrap().contains("apology"), "{refused}");
    let ack = json!({
        "command": "reply", "purpose": "acknowledgement", "contents": ["apology", "investigation-begun"],
        "body": "给您带来不便，深表歉意；我们已开始调查。",
    });
    let detail = agent.post(&commands, ack).await.expect(200);
    assert_eq!(detail["stage"], "in-progress");
    let met = detail["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == "met");
    assert!(met.count() >= 1, "{:#}", detail["clocks"]);

    let note =
        json!({"command": "start-investigation", "body": "财务核对十月、十一月账单，内部编号 INV-77。"});
    agent.post(&commands, note).await.expect(200);
    let secret = json!({"command": "note", "body": "客户情绪激动，注意措辞。"});
    agent.post(&commands, secret).await.expect(200);

    let approval = json!({"command": "approve-remedy", "grade": "minor"});
    agent.post(&commands, approval).await.problem(403, "not-allowed");

    house.step(SignedDuration::from_hours(2));
    let offer = json!({"command": "propose-solution", "body": "退还两个月费用 198 元。"});
    let refused = agent.post(&commands, offer).await.problem(422, "solution-deadline-missing");
    assert_eq!(refused["rule"], "solution-deadline");
    let late =
        json!({"command": "propose-solution", "body": "退款。", "carry_out_by": "2026-11-01T00:00:00+08:00"});
    agent.post(&commands, late).await.problem(422, "not-in-future");
    let offer = json!({
        "command": "propose-solution", "body": "退还两个月费用 198 元。", "carry_out_by": "2026-11-25T18:00:00+08:00",
    });
    let detail = agent.post(&commands, offer).await.expect(200);
    assert_eq!(detail["solution"]["carry_out_by"], "2026-11-25T10:00:00Z");
    assert_eq!(action(&detail, "carry-out")["reason"]["code"], "no-solution-accepted");

    let mine = format!("{own}/commands");
    let seen = customer.post(&mine, json!({"command": "accept-solution"})).await.expect(200);
    assert_eq!(seen["stage"], "carrying-out");
    house.step(SignedDuration::from_hours(1));
    agent.post(&commands, json!({"command": "carry-out", "body": "已原路退款。"})).await.expect(200);
    agent
        .post(&commands, json!({"command": "close", "outcome": "settled", "note": "感谢您的反馈。"}))
        .await
        .expect(200);
    house.step(SignedDuration::from_mins(5));
    rated(&customer, &own).await;
    counted(&house, &ticket).await;
}

/// The customer finds the request closed and rates the service.
async fn rated(customer: &Caller<'_>, own: &str) {
    let seen = customer.get(own).await.expect(200);
    assert_eq!(seen["stage"], "closed");
    let questions = seen["survey"]["questions"].as_array().unwrap().clone();
    assert_eq!(seen["survey"]["open"], true);
    let ratings: Vec<Value> =
        questions.iter().map(|question| json!({"question": question, "rating": 5})).collect();
    let answer = json!({"command": "answer-survey", "ratings": ratings, "comment": "处理及时。"});
    let seen = customer.post(&format!("{own}/commands"), answer).await.expect(200);
    assert_eq!(seen["survey"]["open"], false);
    assert_eq!(seen["survey"]["answer"]["ratings"].as_array().unwrap().len(), questions.len());
}

/// The manager finds the word kept in the figures, and every step on record.
async fn counted(house: &House, ticket: &str) {
    let manager = house.signed_in(Role::Manager).await;
    let figures = manager.get("/api/v1/figures?group=kind&kind=complaint").await.expect(200);
    assert_eq!(figures["tickets"]["closed"], 1);
    assert_eq!(figures["counts"]["late"], 0);
    assert_eq!(figures["service_level"]["value"], 1.0);
    assert_eq!(figures["groups"][0]["value"], "complaint");
    assert_eq!(figures["tickets"]["satisfied"]["value"], 1.0);

    let detail = manager.get(ticket).await.expect(200);
    let events: Vec<&str> =
        detail["timeline"].as_array().unwrap().iter().map(|item| item["event"].as_str().unwrap()).collect();
    for event in
        ["received", "classified", "assigned", "replied", "noted", "solution-accepted", "closed", "surveyed"]
    {
        assert!(events.contains(&event), "{event} is missing in {events:?}");
    }
}

#[tokio::test]
async fn a_missed_promise_shows_in_ticket_list_and_figures_with_its_derivation() {
    let house = House::staffed().await;
    house.complaint().await;
    let lead = house.signed_in(Role::TeamLead).await;
    let id = house.only_ticket(&lead).await;
    house.step(SignedDuration::from_hours(3));
    house.desk.tick_due().await.unwrap();

    let detail = lead.get(&format!("/api/v1/tickets/{id}")).await.expect(200);
    let missed: Vec<&Value> =
        detail["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == "missed").collect();
    assert!(!missed.is_empty(), "{:#}", detail["clocks"]);
    let overdue = missed[0];
    assert!(overdue["overrun_ms"].as_i64().unwrap() > 0);
    let fired = overdue["alarms"].as_array().unwrap().iter().any(|alarm| alarm["fired_at"].is_string());
    assert!(fired, "{overdue:#}");

    let counts = lead.get("/api/v1/tickets/counts").await.expect(200);
    assert_eq!(counts["overdue"], 1);
    let cases = lead.get("/api/v1/figures/overdue").await.expect(200);
    assert_eq!(cases["cases"][0]["ticket"], id.as_str());
    assert!(cases["cases"][0]["number"].as_str().unwrap().starts_with("TS-"));

    let key = &overdue["key"];
    let path = format!(
        "/api/v1/tickets/{id}/clocks/{}/{}/{}/derivation",
        key["commitment"].as_str().unwrap(),
        key["round"],
        key["promise"].as_str().unwrap()
    );
    let derivation = lead.get(&path).await.expect(200);
    assert_eq!(derivation["due_at"], overdue["due_at"]);
    let counted: i64 =
        derivation["rows"].as_array().unwrap().iter().map(|row| row["counted_ms"].as_i64().unwrap()).sum();
    assert_eq!(counted, derivation["budget_ms"].as_i64().unwrap());
    lead.get(&path.replace("/1/", "/7/")).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_call_is_entered_with_its_rings() {
    let house = House::staffed().await;
    let agent = house.signed_in(Role::Agent).await;
    let call = json!({
        "customer": {"name": "李雷", "phone": "021-55550000"}, "subject": "询问营业时间",
        "body": "周末是否营业？", "kind": "consultation", "rings": 2,
    });
    let receipt = agent.post("/api/v1/tickets", call.clone()).await.expect(201);
    let ticket = &receipt["ticket"];
    assert_eq!(ticket["channel"], "phone");
    let rings = ticket["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == "met").count();
    assert!(rings >= 1, "{:#}", ticket["clocks"]);
    let program = house.signed_in(Role::Agent).await.with("idempotency-key", "call-1");
    program.post("/api/v1/tickets", call.clone()).await.expect(201);
    program.post("/api/v1/tickets", call.clone()).await.expect(200);
    let mut web = call;
    web["channel"] = json!("web");
    agent.post("/api/v1/tickets", web).await.problem(422, "bad-value");
    let seen = clock(ticket, ticket["clocks"][0]["key"]["promise"].as_str().unwrap());
    assert!(seen["budget"]["en"].as_str().is_some_and(|budget| !budget.is_empty()));
}

#[tokio::test]
async fn records_show_a_chain_that_anyone_can_check() {
    use sha2::{Digest, Sha256};
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    agent
        .post(&format!("/api/v1/tickets/{id}/commands"), json!({"command": "note", "body": "一"}))
        .await
        .expect(200);
    let auditor = house.signed_in(Role::Auditor).await;
    let records = auditor.get(&format!("/api/v1/tickets/{id}/records")).await.expect(200);
    let records = records["records"].as_array().unwrap();
    assert_eq!(records.len(), 2);
    for record in records {
        let body = record["body"].as_str().unwrap();
        let mut hasher = Sha256::new();
        hasher.update(b"yinuo/record/v1\n");
        hasher.update(hex::decode(record["previous"].as_str().unwrap()).unwrap());
        hasher.update((body.len() as u64).to_be_bytes());
        hasher.update(body);
        assert_eq!(hex::encode(hasher.finalize()), record["hash"].as_str().unwrap());
        assert!(!body.contains("退订"), "words of customers are not part of the chain");
    }
    assert_eq!(records[1]["previous"], records[0]["hash"]);
}
