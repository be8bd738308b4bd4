//! The check of wording over HTTP: places as browsers count them, problems that list what was found, the override.

use serde_json::json;
use yinuo_core::roster::Role;

use crate::house::House;

#[tokio::test]
async fn a_message_is_checked_before_it_is_sent() {
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let check = format!("/api/v1/tickets/{id}/wording");
    // An emoji is two units for JavaScript.
    let asked = json!({"step": "acknowledgement", "text": "🙏 非常抱歉，会尽快处理。"});
    let report = agent.post(&check, asked).await.expect(200);
    assert_eq!(report["blocks"], true);
    let remarks = report["remarks"].as_array().unwrap();
    let words: Vec<_> = remarks.iter().map(|remark| remark["code"].as_str().unwrap()).collect();
    assert_eq!(words, ["vague", "investigation-begun"]);
    assert_eq!(
        (&remarks[0]["from"], &remarks[0]["to"], &remarks[0]["blocks"]),
        (&json!(9), &json!(11), &json!(false))
    );
    assert_eq!(remarks[1]["from"], remarks[1]["to"]);
    for remark in remarks {
        for language in ["zh", "en"] {
            assert!(
                remark["explanation"][language].as_str().is_some_and(|text| !text.is_empty()),
                "{remark}"
            );
        }
    }
    let fine = json!({"step": "propose-solution", "text": "退还多收的费用。", "beside": ["deadline"]});
    assert_eq!(agent.post(&check, fine).await.expect(200)["blocks"], false);

    let bad = json!({"step": "farewell", "text": "您好"});
    agent.post(&check, bad).await.problem(422, "bad-value");
    house.nobody().post(&check, json!({"step": "reply", "text": "您好"})).await.problem(401, "not-signed-in");
}

#[tokio::test]
async fn what_blocks_is_listed_in_the_problem_and_overridden_by_who_may() {
    let house = House::staffed().await;
    let (number, code) = house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let commands = format!("/api/v1/tickets/{id}/commands");
    let reply = |reason: Option<&str>| {
        json!({
            "command": "reply", "purpose": "acknowledgement", "contents": ["apology", "investigation-begun"],
            "body": "非常抱歉，已开始调查，请找他 13700137000。", "override_reason": reason,
        })
    };
    let problem = agent.post(&commands, reply(None)).await.problem(422, "wording");
    assert_eq!(problem["field"], "body");
    let remark = &problem["remarks"][0];
    assert_eq!(
        (&remark["code"], &remark["from"], &remark["to"]),
        (&json!("others-data"), &json!(15), &json!(26))
    );
    assert!(!problem["detail"].as_str().unwrap().contains("137"));
    agent.post(&commands, reply(Some("无"))).await.problem(403, "forbidden");
    let lead = house.signed_in(Role::TeamLead).await;
    lead.post(&commands, reply(Some(" "))).await.problem(422, "blank");
    let ticket = lead.post(&commands, reply(Some("负责人的公务电话"))).await.expect(200);
    let last = ticket["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(last["event"], "wording-overridden");
    assert_eq!((&last["objections"], &last["text"]), (&json!(["others-data"]), &json!("负责人的公务电话")));
    let own =
        house.nobody().with("query-code", code).get(&format!("/api/v1/requests/{number}")).await.expect(200);
    assert!(own.to_string().contains("13700137000") && !own.to_string().contains("公务电话"));
}

#[tokio::test]
async fn texts_are_masked_until_somebody_says_why() {
    let house = House::staffed().await;
    let request = json!({
        "customer": {"name": "陈静", "phone": "13800000001"}, "kind": "consultation",
        "subject": "请回电 13900139000", "body": "我家住上海市浦东新区世纪大道100号，电话 13900139000。",
    });
    house.nobody().post("/api/v1/requests", request).await.expect(201);
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let seen = agent.get(&format!("/api/v1/tickets/{id}")).await.expect(200);
    let list = agent.get("/api/v1/tickets").await.expect(200);
    for shown in [seen.to_string(), list.to_string()] {
        assert!(shown.contains("139****9000") && !shown.contains("13900139000"), "{shown}");
    }
    assert_eq!(seen["revealable"], json!(["phone", "texts"]));
    let reveal = format!("/api/v1/tickets/{id}/reveal");
    let phone = agent.post(&reveal, json!({"fields": ["phone"], "reason": "回电"})).await.expect(200);
    assert!(phone.get("ticket").is_none());
    let full =
        agent.post(&reveal, json!({"fields": ["texts"], "reason": "客户另留了号码"})).await.expect(200);
    assert_eq!(full["values"], json!([]));
    assert_eq!(full["ticket"]["subject"], "请回电 13900139000");
    assert!(full["ticket"]["timeline"][0]["text"].as_str().unwrap().contains("世纪大道100号"));
    assert_eq!(full["ticket"]["customer"]["phone"], "138****0001");
    let auditor = house.signed_in(Role::Auditor).await;
    let looks = auditor.get(&format!("/api/v1/tickets/{id}/looks")).await.expect(200);
    assert_eq!(looks["looks"][1]["fields"], json!(["texts"]));
    assert_eq!(looks["looks"][1]["reason"], "客户另留了号码");
}

#[tokio::test]
async fn phrases_are_kept_checked_and_filled_in() {
    let house = House::staffed().await;
    house.complaint().await;
    let agent = house.signed_in(Role::Agent).await;
    let id = house.only_ticket(&agent).await;
    let list = agent.get("/api/v1/phrases").await.expect(200);
    assert!(list["phrases"].as_array().unwrap().len() >= 40);
    assert!(list["variables"].as_array().unwrap().iter().any(|one| one["variable"] == "due"));
    let phrase = |zh: &str| {
        json!({
            "step": "reply", "kinds": ["complaint"], "title": {"zh": "已收到", "en": "Received"},
            "text": {"zh": zh, "en": "We have your complaint {number}."},
        })
    };
    let path = "/api/v1/phrases/complaint-received";
    agent.put(path, phrase("已收到您的投诉{number}。")).await.problem(403, "forbidden");
    let manager = house.signed_in(Role::Manager).await;
    let problem = manager.put(path, phrase("投诉{number}请找 13700137000。")).await.problem(422, "wording");
    assert_eq!(
        (&problem["field"], &problem["remarks"][0]["code"]),
        (&json!("text.zh"), &json!("others-data"))
    );
    let problem = manager.put(path, phrase("投诉{num}已收到。")).await.problem(422, "invalid");
    assert_eq!(problem["field"], "text");
    let saved = manager.put(path, phrase("已收到您的投诉{number}。")).await.expect(200);
    assert_eq!((&saved["own"], &saved["shipped"]), (&json!(true), &json!(false)));
    let found = agent.get(&format!("/api/v1/tickets/{id}/phrases?step=reply")).await.expect(200);
    let all = found["phrases"].as_array().unwrap();
    let own = all.iter().find(|phrase| phrase["id"] == "complaint-received").unwrap();
    assert!(own["text"].as_str().unwrap().starts_with("已收到您的投诉TS-"), "{own}");
    agent.get(&format!("/api/v1/tickets/{id}/phrases?step=sing")).await.problem(422, "bad-value");
    manager.delete(path).await.expect(204);
    manager.delete(path).await.problem(404, "not-found");
}
