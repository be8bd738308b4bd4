//! The honest ledger, and what left the machine.

use std::{fs, sync::OnceLock};

use rusqlite::Connection;
use serde_json::json;

use super::forgery::last_position;
use crate::support::{House, Server, text, until};

/// The honest ledger and what left the machine.
pub(super) struct Honest {
    pub(super) house: House,
    /// The file as it was yesterday.
    pub(super) yesterday: Vec<u8>,
    pub(super) receipt: String,
    pub(super) checkpoint: String,
    pub(super) key: String,
    /// Position of the record of today's receipt.
    pub(super) position: u64,
    pub(super) records: u64,
}

/// Waits until everything is signed, and gives the checkpoint.
pub(super) fn signed(server: &Server) -> String {
    let counter = |name: &str| {
        let metrics = server.get("/metrics").expect(200).body;
        let line = metrics.lines().find(|line| line.starts_with(name)).expect("the counter").to_owned();
        line.rsplit(' ').next().and_then(|value| value.parse::<u64>().ok()).expect("a number")
    };
    until("everything is signed", || {
        let covered = counter("yinuo_log_records ") > 0 && counter("yinuo_log_unsigned_records ") == 0;
        covered.then_some(())
    });
    server.get("/log/checkpoint").expect(200).body
}

/// Requests of another system: as many records.
pub(super) fn rows(count: usize, name: &str) -> String {
    let row = |n| {
        let id = format!("{name}-{n}");
        json!({ "id": id, "received_at": "2026-10-12T09:20:00+08:00", "kind": "consultation", "text": "How often?" })
    };
    let rows: Vec<String> = (0..count).map(|n| row(n).to_string()).collect();
    rows.join("\n")
}

pub(super) fn receipt(server: &Server, asked: &serde_json::Value) -> serde_json::Value {
    let path = text(&asked["receipt"]);
    server.get_as(path, &[("Query-Code", text(&asked["query_code"]))]).expect(200).json()
}

pub(super) fn honest() -> &'static Honest {
    static HONEST: OnceLock<Honest> = OnceLock::new();
    HONEST.get_or_init(|| {
        let house = House::new();
        house.found();
        let server = house.serve();
        server.ask("yesterday");
        signed(&server);
        assert!(server.stop().success());
        let yesterday = fs::read(house.database()).expect("the database");

        let file = house.write("rows.jsonl", rows(300, "A"));
        house.yinuo(&["import", &file]).good();
        let server = house.serve();
        let asked = server.ask("today");
        let receipt = receipt(&server, &asked);
        let position = receipt["record"]["position"].as_u64().expect("a position");
        server.ask("the last one");
        let key = server.get("/log/key").expect(200).body.trim().to_owned();
        assert!(server.stop().success());
        // Alarms of what was imported may fire after the checkpoint; what is attacked below is signed to its end.
        let (checkpoint, records) = until("the file holds what is signed and no more", || {
            let server = house.serve();
            let checkpoint = signed(&server);
            assert!(server.stop().success());
            let size: u64 = checkpoint.lines().nth(1).and_then(|size| size.parse().ok()).expect("a size");
            let database = Connection::open(house.database()).expect("the database");
            (last_position(&database) == size).then_some((checkpoint, size))
        });
        let said = house.yinuo(&["verify", "ledger", "--key", &key]).good().out;
        assert!(said.contains("The ledger is sound"), "{said}");
        Honest { house, yesterday, receipt: receipt.to_string(), checkpoint, key, position, records }
    })
}
