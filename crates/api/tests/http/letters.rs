//! Letters: checked, published, compared, explained.

use serde_json::json;
use yinuo_core::roster::Role;

use crate::house::{House, RESPONSE_TIME};

#[tokio::test]
async fn a_draft_with_errors_is_an_answer_and_cannot_be_published() {
    let house = House::staffed().await;
    let manager = house.signed_in(Role::Manager).await;
    let broken = RESPONSE_TIME.replacen("[[promise]]", "[[promise]]\ncolour = \"red\"", 1);
    let report = manager.post("/api/v1/commitments/check", json!({"text": broken})).await.expect(200);
    assert_eq!((&report["ok"], &report["errors"]), (&json!(false), &json!(1)));
    let mut findings = report["diagnostics"].as_array().unwrap().iter();
    let finding = findings.find(|finding| finding["level"] == "error").unwrap();
    let line = broken.lines().position(|line| line.starts_with("colour")).unwrap() + 1;
    assert_eq!((&finding["code"], &finding["line"]), (&json!("unknown-key"), &json!(line)));
    assert!(report["rendered"]["en"].as_str().unwrap().contains("colour"));
    let problem = manager.post("/api/v1/commitments", json!({"text": broken})).await;
    let problem = problem.problem(422, "commitment-has-errors");
    assert_eq!(
        (&problem["errors"][0]["code"], &problem["errors"][0]["line"]),
        (&json!("unknown-key"), &json!(line))
    );
}

#[tokio::test]
async fn a_new_version_is_checked_compared_published_and_withdrawn() {
    let house = House::staffed().await;
    let manager = house.signed_in(Role::Manager).await;
    let again = manager.post("/api/v1/commitments", json!({"text": RESPONSE_TIME})).await;
    assert_eq!(again.problem(422, "invalid")["field"], "text");
    let better = RESPONSE_TIME.replacen("within = \"15 min\"", "within = \"10 min\"", 1);
    assert_ne!(better, RESPONSE_TIME);
    let report = manager.post("/api/v1/commitments/check", json!({"text": better})).await.expect(200);
    assert_eq!((&report["ok"], &report["letter"]["version"]), (&json!(true), &json!(2)));
    let changes = report["changes"].as_array().unwrap();
    assert!(changes.iter().any(|change| change["for_customer"] == "better"), "{changes:?}");
    assert!(!report["coverage"]["rows"].as_array().unwrap().is_empty());
    let diff = json!({"number": "YN-2026-001", "text": better});
    let diff = manager.post("/api/v1/commitments/diff", diff).await.expect(200);
    assert_eq!(diff["changes"], report["changes"]);
    manager
        .post("/api/v1/commitments/diff", json!({"number": "YN-2026-001"}))
        .await
        .problem(422, "bad-value");

    let published = manager.post("/api/v1/commitments", json!({"text": better})).await.expect(201);
    assert_eq!((&published["version"], &published["in_force"]), (&json!(2), &json!(true)));
    let list = manager.get("/api/v1/commitments").await.expect(200);
    let versions: Vec<_> = list["commitments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["number"], &line["in_force"]))
        .collect();
    assert_eq!(versions.len(), 3);
    assert_eq!(versions.iter().filter(|(_, in_force)| **in_force == json!(true)).count(), 2);
    let old = manager.get("/api/v1/commitments/YN-2026-001/versions/1").await.expect(200);
    assert_eq!((&old["source"], &old["in_force"]), (&json!(RESPONSE_TIME), &json!(false)));

    let gone = manager.post("/api/v1/commitments/YN-2026-001/withdrawal", json!({})).await.expect(200);
    assert_eq!(gone["number"], "YN-2026-001");
    house.nobody().get("/api/v1/portal/commitments/YN-2026-001").await.problem(404, "not-found");
    manager.post("/api/v1/commitments/YN-2026-001/withdrawal", json!({})).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_due_instant_is_explained_over_a_holiday_and_a_pause() {
    let house = House::staffed().await;
    let manager = house.signed_in(Role::Manager).await;
    let letter = manager.get("/api/v1/commitments/YN-2026-001/versions/1").await.expect(200);
    let promises = letter["promises"].as_array().unwrap();
    let in_hours = promises.iter().find(|promise| promise["kinds"] == json!(["complaint"])).unwrap();
    let ask = json!({
        "number": "YN-2026-001", "promise": in_hours["id"], "start": "2026-09-30T23:00:00+08:00",
        "pauses": [{"from": "2026-10-08T09:30:00+08:00", "to": "2026-10-08T10:00:00+08:00"}],
    });
    let derivation = manager.post("/api/v1/commitments/explain", ask.clone()).await.expect(200);
    let rows = derivation["rows"].as_array().unwrap();
    assert!(derivation["due_at"].is_string(), "{derivation:#}");
    assert_eq!(rows.first().unwrap()["from"], "2026-09-30T15:00:00Z");
    assert_eq!(rows.last().unwrap()["to"], derivation["due_at"]);
    for (one, next) in rows.iter().zip(rows.iter().skip(1)) {
        assert_eq!(one["to"], next["from"]);
    }
    let mut backwards = ask;
    backwards["pauses"] = json!([{"from": "2026-10-08T10:00:00Z", "to": "2026-10-08T09:00:00Z"}]);
    assert_eq!(
        manager.post("/api/v1/commitments/explain", backwards).await.problem(422, "bad-value")["field"],
        "pauses"
    );
}

#[tokio::test]
async fn a_letter_may_be_sent_as_the_bare_file() {
    let house = House::staffed().await;
    let manager = house.signed_in(Role::Manager).await;
    let report =
        manager.raw("/api/v1/commitments/check", "application/toml", RESPONSE_TIME).await.expect(200);
    assert_eq!((&report["ok"], &report["letter"]["version"]), (&json!(true), &json!(2)));
    let again = manager.raw("/api/v1/commitments", "application/toml", RESPONSE_TIME).await;
    again.problem(422, "invalid");
    manager.raw("/api/v1/commitments", "text/plain", RESPONSE_TIME).await.problem(415, "media-type");
}
