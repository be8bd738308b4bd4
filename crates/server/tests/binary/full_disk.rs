//! No room left to write.

use std::fs;

use crate::support::{House, question, text};

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
