//! No room left to write.

use std::fs;

use yinuo_testbed::{Options, PostgresCluster, try_query};

use crate::support::{House, LETTER, question, text, until};

/// Room for some dozens of requests.
const ROOM_BYTES: u64 = 2 * 1024 * 1024;

#[test]
fn without_room_intake_says_so_reads_go_on_and_nothing_acknowledged_is_lost() {
    let house = House::new();
    let manager = house.found();
    let bytes = fs::metadata(house.database()).expect("the database").len();
    let server = house.serve_within(bytes + ROOM_BYTES);
    let mut receipts = Vec::new();
    let full = (0..5_000).find_map(|number| {
        let subject = format!("No-{number}");
        let answer = server.post("/api/v1/requests", &[("Idempotency-Key", &subject)], &question(&subject));
        if answer.status == 201 {
            receipts.push((subject, answer.json()));
            return None;
        }
        Some((subject, answer))
    });
    let (refused, full) = full.expect("the room ends");
    assert!(receipts.len() > 5, "only {} requests found room", receipts.len());
    let full = full.expect(503);
    assert_eq!(full.header("content-type"), Some("application/problem+json"));
    assert_eq!(full.header("retry-after"), Some("60"));
    assert_eq!(text(&full.json()["code"]), "storage-full");

    server.get("/healthz").expect(200);
    let (subject, receipt) = receipts.last().expect("some found room");
    let followed = server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200).json();
    assert_eq!(text(&followed["subject"]), subject);
    assert_eq!(server.tickets(&manager).len(), receipts.len());
    server.kill();

    let server = house.serve();
    for (subject, receipt) in &receipts {
        let followed =
            server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200).json();
        assert_eq!(text(&followed["subject"]), subject);
    }
    assert_eq!(server.tickets(&manager).len(), receipts.len());
    let key = [("Idempotency-Key", refused.as_str())];
    server.post("/api/v1/requests", &key, &question(&refused)).expect(201);
    assert!(server.stop().success());
    assert!(house.yinuo(&["replay"]).good().out.contains("The ledger is sound"));
}

#[test]
fn a_full_volume_of_postgres_costs_nothing_that_was_acknowledged_and_is_left_behind_when_there_is_room() {
    if !PostgresCluster::can_have_volume() {
        println!("SKIPPED: this machine lets nobody mount a volume of their own (root, or user namespaces)");
        return;
    }
    let cluster = PostgresCluster::start(&Options { volume_mib: Some(48), ..Options::default() });
    cluster.query("postgres", "CREATE DATABASE desk TABLESPACE volume");
    let (house, url) = (House::new(), cluster.url("desk"));
    let add = ["user", "add", "manager", "--name", "M", "--role", "manager", "--token", "--database", &url];
    let manager = format!("Bearer {}", house.yinuo(&add).good().out.trim());
    let server = house.serve_as(&["--database", &url]);
    server.publish(LETTER, &manager);
    let ask = |number: u32| {
        let subject = format!("No-{number}");
        server.post("/api/v1/requests", &[("Idempotency-Key", &subject)], &question(&subject))
    };
    let mut receipts = vec![ask(0).expect(201).json()];
    // Somebody else takes all the room that is left, page by page.
    cluster.query("desk", "CREATE TABLE ballast (t text); ALTER TABLE ballast ALTER t SET STORAGE PLAIN");
    for rows in [1000, 100, 1] {
        let fill = format!("INSERT INTO ballast SELECT repeat('x', 7000) FROM generate_series(1, {rows})");
        let full = (0..10_000).find_map(|_| try_query(&url, &fill).err()).expect("the room ends");
        assert!(full.contains("No space left on device"), "{full}");
    }
    let refused = (1..5_000)
        .find(|number| {
            let answer = ask(*number);
            if answer.status == 201 {
                receipts.push(answer.json());
                return false;
            }
            let full = answer.expect(503);
            assert_eq!(full.header("retry-after"), Some("60"), "{full:?}");
            assert_eq!(text(&full.json()["code"]), "storage-full");
            true
        })
        .expect("no room is left");
    // What is there can be read.
    let there = |receipts: &[serde_json::Value]| {
        for receipt in receipts {
            server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200);
        }
        assert_eq!(server.tickets(&manager).len(), receipts.len());
    };
    there(&receipts);
    cluster.query("desk", "DROP TABLE ballast");
    // Nothing has to be restarted.
    let receipt = until("there is room again", || {
        let answer = ask(refused);
        (answer.status != 503).then_some(answer)
    });
    receipts.push(receipt.expect(201).json());
    there(&receipts);
    until("the log is signed to its end", || {
        let metrics = server.get("/metrics").expect(200).body;
        metrics.lines().any(|line| line == "yinuo_log_unsigned_records 0").then_some(())
    });
    assert!(server.stop().success());
    assert!(house.yinuo(&["replay", "--database", &url]).good().out.contains("byte for byte"));
    house.yinuo(&["verify", "ledger", "--database", &url]).good();
}
