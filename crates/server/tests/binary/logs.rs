//! What a server tells operators: logs, health, counters. And what it keeps to itself.

use serde_json::{Value, json};

use crate::support::{House, LETTER, text};

#[test]
fn logs_are_json_lines_without_a_word_of_customers() {
    let house = House::new();
    let manager = house.join("manager");
    let config = house.write(
        "json.toml",
        "[server]\nrequests-per-minute = 0\n[log]\nlevel = \"trace\"\nformat = \"json\"\n",
    );
    let server = house.serve_as(&["--config", &config]);
    server.publish(LETTER, &manager);
    let planted = json!({
        "customer": { "name": "PLANTEDNAME", "phone": "13800007777", "email": "planted@example.com", "address": "PLANTEDSTREET" },
        "kind": "consultation",
        "subject": "PLANTEDSUBJECT",
        "body": "PLANTEDBODY does it leak?",
    });
    let receipt =
        server.post("/api/v1/requests", &[("Idempotency-Key", "PLANTEDKEY")], &planted).expect(201).json();
    let (number, code) = (text(&receipt["number"]), text(&receipt["query_code"]));
    server.follow(number, code).expect(200);
    server.follow(number, "WRONGCODE").expect(404);
    let withdraw = json!({ "command": "withdraw", "reason": "PLANTEDREASON" });
    server.post(&format!("/api/v1/requests/{number}/commands"), &[("Query-Code", code)], &withdraw);
    server.post("/api/v1/requests", &[], &json!({ "subject": "PLANTEDWRONG" })).expect(422);
    server
        .post("/api/v1/session", &[], &json!({ "account": "manager", "password": "PLANTEDPASSWORD" }))
        .expect(401);
    let log_file = house.path("log");
    assert!(server.stop().success());

    let log = std::fs::read_to_string(log_file).expect("the log");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        assert!(
            line["timestamp"].is_string() && line["level"].is_string() && line["target"].is_string(),
            "{line}"
        );
    }
    assert!(log.contains("\"listening\"") && log.contains("\"stopped\""), "{log}");
    let token = manager.trim_start_matches("Bearer ");
    for secret in ["PLANTED", "13800007777", "planted@", code, token] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "`{secret}` is in the log");
    }
}

#[test]
fn health_readiness_and_counters_are_there_for_operators() {
    let house = House::new();
    house.found();
    let config = house.write("token.toml", "[server]\nmetrics-token = \"0123456789abcdef\"\n");
    let server = house.serve_as(&["--config", &config]);
    assert_eq!(server.get("/healthz").expect(200).body, "alive\n");
    assert_eq!(server.get("/readyz").expect(200).body, "ready\n");
    server.ask("One");
    server.get("/metrics").expect(403);
    server.get_as("/metrics", &[("Authorization", "Bearer 0123456789abcdeX")]).expect(403);
    let metrics = server.get_as("/metrics", &[("Authorization", "Bearer 0123456789abcdef")]).expect(200).body;
    for line in ["yinuo_intakes_total 1", "yinuo_open_tickets 1", "yinuo_outbox_given_up 0"] {
        assert!(metrics.lines().any(|found| found == line), "no `{line}` in\n{metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    assert!(server.stop().success());

    let server = house.serve();
    server.get("/metrics").expect(200);
    let page = server.get("/").expect(200);
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{page:?}");
    server.get("/api/v1/nowhere").expect(404);
}

#[test]
fn one_address_cannot_flood_the_desk() {
    let house = House::new();
    let config = house.write("few.toml", "[server]\nrequests-per-minute = 3\n");
    let server = house.serve_as(&["--config", &config]);
    for number in 0..3 {
        server.ask(&format!("No {number}"));
    }
    let refused = server.post("/api/v1/requests", &[], &crate::support::question("One more")).expect(429);
    assert_eq!(text(&refused.json()["code"]), "too-often");
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
}
