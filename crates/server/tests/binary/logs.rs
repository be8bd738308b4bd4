//! What a server tells operators: logs, health, counters. And what it keeps to itself.

use std::fs;

use serde_json::{Value, json};

use crate::{
    http,
    support::{House, LETTER, Server, text},
};

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

/// What must be found nowhere but in answers to those who may read it.
const PLANTED: [&str; 14] = [
    "PLANTED",
    "13800007777",
    "138 0000 7777",
    "1380000",
    "planted@",
    "林晚秋",
    "望江路",
    "漏水漏电",
    "不要告诉别人",
    "更正后的名字",
    "回复里的话",
    "备注里的话",
    "13911112222",
    "看看是谁",
];

/// Customers ask, twice in the right way and in every wrong one. Number and query code of the first.
fn planted_requests(server: &Server) -> (String, String) {
    let planted = json!({
        "customer": { "name": "林晚秋 PLANTEDNAME", "phone": "138 0000 7777", "email": "planted@example.com", "address": "望江路 1 号" },
        "kind": "consultation",
        "subject": "PLANTEDSUBJECT 漏水漏电",
        "body": "PLANTEDBODY 不要告诉别人",
    });
    let receipt =
        server.post("/api/v1/requests", &[("Idempotency-Key", "key-1")], &planted).expect(201).json();
    let (number, code) = (text(&receipt["number"]).to_owned(), text(&receipt["query_code"]).to_owned());
    // The same person again, the same key with other words, and everything that is refused.
    server.post("/api/v1/requests", &[], &planted).expect(201);
    let mut other = planted.clone();
    other["body"] = json!("PLANTEDOTHER");
    server.post("/api/v1/requests", &[("Idempotency-Key", "key-1")], &other).expect(422);
    let refused = [
        json!({ "subject": "PLANTEDWRONG" }),
        json!({ "customer": { "name": "PLANTED".repeat(100) }, "subject": "x", "body": "PLANTEDLONG" }),
        json!({ "customer": { "nmae": "PLANTEDKEYNAME" }, "subject": "x", "body": "y" }),
        json!({ "customer": { "name": "x", "phone": "13800007777\u{0}".repeat(60) }, "subject": "x", "body": "y" }),
        json!("PLANTEDTEXT"),
    ];
    for body in refused {
        let answer = server.post("/api/v1/requests", &[], &body);
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
    let broken = "{\"subject\": \"PLANTEDBROKEN 林晚秋";
    let json_type = [("Content-Type", "application/json")];
    http::send(&server.address, "POST", "/api/v1/requests", &json_type, broken)
        .expect("an answer")
        .expect(400);
    (number, code)
}

/// The customer and the company's people write, correct, look for and import, in right ways and in wrong ones.
fn planted_words(
    server: &Server,
    (number, code): (&str, &str),
    manager: [(&str, &str); 1],
    agent: [(&str, &str); 1],
) {
    server.follow(number, code).expect(200);
    server.follow(number, "PLANTEDCODE").expect(404);
    let own = [("Query-Code", code)];
    let commands = format!("/api/v1/requests/{number}/commands");
    server.post(&commands, &own, &json!({ "command": "record-words", "body": "PLANTEDWORDS" })).expect(200);
    let corrected = json!({ "name": "更正后的名字", "phone": "13911112222", "email": null, "address": null });
    let correct = json!({ "command": "correct-customer", "customer": corrected, "why": "PLANTEDWHY" });
    server.post(&commands, &own, &correct);
    server.post(&commands, &own, &json!({ "command": "PLANTEDCOMMAND" })).expect(422);
    let listed = server.get_as("/api/v1/tickets?limit=50", &agent).expect(200).json();
    let ticket = text(&listed["tickets"][0]["id"]).to_owned();
    for body in [
        json!({ "command": "note", "body": "备注里的话 PLANTEDNOTE" }),
        json!({ "command": "reply", "body": "回复里的话 PLANTEDREPLY", "form": "written", "purpose": "reply", "contents": [], "told": null }),
        json!({ "command": "reply", "body": "PLANTEDBADREPLY", "form": "sung" }),
    ] {
        server.post(&format!("/api/v1/tickets/{ticket}/commands"), &agent, &body);
    }
    let contact = json!({ "phone": "+86 138-0000-7777", "email": null });
    let find = "/api/v1/tickets/find";
    let found = server.post(find, &agent, &contact).expect(200).json();
    assert_eq!(found["tickets"].as_array().map(Vec::len), Some(2), "{found}");
    server.post(find, &agent, &json!({ "phone": "PLANTED 看看是谁", "email": "planted@" })).expect(422);
    let import = json!({ "format": "jsonl", "text": "{\"text\":\"PLANTEDIMPORT\",\"name\":\"林晚秋\",\"phone\":\"13800007777\"}\nPLANTEDLINE" });
    server.post("/api/v1/imports", &manager, &import);
    server.get_as("/api/v1/tickets?number=PLANTEDNUMBER", &agent);
}

#[test]
fn nothing_personal_lies_in_logs_metrics_or_the_database_file() {
    let house = House::new();
    let (manager, agent) = (house.join("manager"), house.join("agent"));
    let config = house.write("trace.toml", "[server]\nrequests-per-minute = 0\n[log]\nlevel = \"trace\"\n");
    let server = house.serve_as(&["--config", &config]);
    server.publish(LETTER, &manager);
    let (manager, agent) = ([("Authorization", manager.as_str())], [("Authorization", agent.as_str())]);
    let (number, code) = planted_requests(&server);
    planted_words(&server, (&number, &code), manager, agent);
    let metrics = server.get("/metrics").expect(200).body;
    let file = |name: &str| fs::read(house.data().join(name)).unwrap_or_default();
    let mut places = vec![("metrics", metrics.into_bytes())];
    for name in ["yinuo.db", "yinuo.db-wal"] {
        places.push((name, file(name)));
    }
    assert!(places.iter().all(|(_, bytes)| bytes.len() > 1_000), "there is something to look at");
    assert!(server.stop().success());
    places.push(("closed yinuo.db", file("yinuo.db")));
    for name in ["log", "said"] {
        places.push((name, fs::read(house.path(name)).expect("it is there")));
    }
    places.push(("replay", house.yinuo(&["replay"]).good().out.into_bytes()));
    let log = String::from_utf8_lossy(&fs::read(house.path("log")).expect("the log")).into_owned();
    assert!(log.contains("listening") && log.contains("stopped"), "{log}");
    assert!(places.iter().any(|(_, bytes)| holds(bytes, number.as_bytes())), "the test looks rightly");
    for (place, bytes) in &places {
        for words in PLANTED.into_iter().chain([code.as_str()]) {
            let found = (0..bytes.len()).find(|at| bytes[*at..].starts_with(words.as_bytes()));
            let around = found.map(|at| {
                String::from_utf8_lossy(&bytes[at.saturating_sub(120)..(at + 120).min(bytes.len())])
            });
            assert_eq!(around, None, "`{words}` in {place}");
        }
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
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
