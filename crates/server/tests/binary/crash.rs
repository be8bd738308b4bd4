//! `kill -9` at any moment: nothing acknowledged is lost, nothing is there twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc::{Sender, channel},
    thread,
};

use serde_json::Value;

use crate::support::{House, PATIENCE, Server, post, question, text};

/// Clients that submit at the same time.
const CLIENTS: usize = 8;

/// Answers after which the server is killed.
const KILLED_AFTER: [usize; 4] = [1, 17, 60, 140];

/// A request that was sent, with its answer unless the server died before.
struct Sent {
    key: String,
    receipt: Option<Value>,
}

/// Submits one request after the other until the server is gone; the last one stays without an answer.
fn submit_until_gone(address: &str, client: &str, sent: &Sender<Sent>) {
    for number in 0.. {
        let key = format!("{client}-{number}");
        let answer = post(address, "/api/v1/requests", &[("Idempotency-Key", &key)], &question(&key));
        let receipt = answer.ok().map(|answer| answer.expect(201).json());
        let gone = receipt.is_none();
        if sent.send(Sent { key, receipt }).is_err() || gone {
            return;
        }
    }
}

/// Lets all clients submit, kills the server after so many answers, and tells what every client knows.
fn kill_under_load(server: Server, round: usize, answers: usize) -> Vec<Sent> {
    let (sender, sent) = channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (address, sender) = (server.address.clone(), sender.clone());
            thread::spawn(move || submit_until_gone(&address, &format!("{round}-{client}"), &sender))
        })
        .collect();
    drop(sender);
    let mut all: Vec<Sent> = Vec::new();
    while all.len() < answers {
        all.push(sent.recv_timeout(PATIENCE).expect("the server answers"));
    }
    server.kill();
    for client in clients {
        client.join().expect("only the server is killed");
    }
    all.extend(sent.iter());
    all
}

/// What a receipt says for good. Position is told only once; the ticket goes on living.
fn lasting(receipt: &Value) -> [&Value; 4] {
    ["number", "query_code", "received_at", "hash"].map(|field| &receipt[field])
}

#[test]
fn whatever_was_acknowledged_is_there_once_however_often_the_server_is_killed() {
    let house = House::new();
    let manager = house.found();
    let mut receipts: BTreeMap<String, Value> = BTreeMap::new();
    for (round, answers) in KILLED_AFTER.into_iter().enumerate() {
        let sent = kill_under_load(house.serve(), round, answers);
        assert!(sent.iter().filter(|sent| sent.receipt.is_some()).count() >= answers);

        let replay = house.yinuo(&["replay"]).good();
        assert!(replay.out.contains("The ledger is sound"), "{}", replay.out);
        assert!(replay.out.contains("byte for byte"), "{}", replay.out);

        let server = house.serve();
        for Sent { key, receipt } in sent {
            let again = server.post("/api/v1/requests", &[("Idempotency-Key", &key)], &question(&key));
            let again = match &receipt {
                Some(_) => again.expect(200).json(),
                // It may have been kept or not when the server died; from now on it is.
                None => again.json(),
            };
            if let Some(receipt) = receipt {
                assert_eq!(lasting(&again), lasting(&receipt));
                let number = text(&receipt["number"]);
                let followed = server.follow(number, text(&receipt["query_code"])).expect(200).json();
                assert_eq!(text(&followed["subject"]), key);
            }
            receipts.insert(key, again);
        }
        assert!(server.stop().success());
    }
    let server = house.serve();
    let tickets = server.tickets(&manager);
    let numbers: BTreeSet<&str> = tickets.iter().map(|ticket| text(&ticket["number"])).collect();
    let promised: BTreeSet<&str> = receipts.values().map(|receipt| text(&receipt["number"])).collect();
    assert_eq!(numbers, promised);
    assert_eq!(tickets.len(), receipts.len());
    assert!(receipts.len() > KILLED_AFTER.into_iter().sum());
}
