//! The same commands on PostgreSQL, with another process on the same database, and with the database away for a while.

use std::{fs, thread};

use serde_json::Value;
use yinuo_testbed::{Held, PostgresCluster};

use crate::{
    backup::elsewhere,
    support::{House, LETTER, post, question, text, until},
};

#[test]
fn everything_works_on_postgresql() {
    let cluster = PostgresCluster::start(&yinuo_testbed::Options::default());
    let url = cluster.create_database("desk");
    let house = House::new();
    let yinuo = |args: &[&str]| house.yinuo(&[&["--database", &url], args].concat());

    // A slip in the name makes no tables.
    let said = yinuo(&["user", "list"]).refused();
    assert!(said.contains("/desk is empty"), "{said}");
    assert!(yinuo(&["--lang", "zh", "replay"]).refused().contains("是空的"));
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(cluster.query("desk", tables), "0");

    let added =
        yinuo(&["user", "add", "manager", "--name", "manager", "--role", "manager", "--token"]).good();
    let manager = format!("Bearer {}", added.out.trim());
    let server = house.serve_as(&["--database", &url]);
    server.publish(LETTER, &manager);
    for number in 0..10 {
        server.ask(&format!("PLANTED-{number:02}"));
    }
    assert!(!house.database().exists(), "nothing lies in a file");
    assert!(yinuo(&["user", "list"]).good().out.contains("manager"), "while the server runs");

    // Away, then back: told at once, and nothing has to be restarted.
    cluster.stop();
    until("the server says that it cannot work", || (server.get("/readyz").status == 503).then_some(()));
    cluster.restart();
    until("the server works again", || (server.get("/readyz").status == 200).then_some(()));
    server.ask("PLANTED-10");
    assert!(server.stop().success());

    let replayed = yinuo(&["replay"]).good().out;
    assert!(replayed.contains("The ledger is sound") && replayed.contains("byte for byte"), "{replayed}");
    let dump = cluster.query("desk", "SELECT string_agg(t::text, '') FROM tickets AS t")
        + &cluster.query("desk", "SELECT string_agg(r.body, '') FROM records AS r");
    assert!(dump.contains("consultation") && !dump.contains("PLANTED"), "what people wrote is sealed");

    // The key lies with the node, not in the database: another node that has none is told where to get it.
    fs::rename(house.data().join("master.key"), house.path("kept.key")).expect("the key file is there");
    let said = yinuo(&["user", "list"]).refused();
    assert!(said.contains("is sealed under the master key") && said.contains("another node"), "{said}");
    assert!(!house.data().join("master.key").exists(), "no fresh key is made beside sealed data");
}

#[test]
fn the_password_of_a_database_is_never_shown() {
    let house = House::new();
    let variable = ("YINUO_DATABASE", "postgres://u:s3cret@db.example/desk");
    let shown = house.yinuo_with(variable, &["config", "show"]).good().out;
    assert!(shown.contains("postgres://u:***@db.example/desk"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    let variable = ("YINUO_DATABASE", "mysql://u:s3cret@db.example/desk");
    let said = house.yinuo_with(variable, &["user", "list"]).refused();
    assert!(
        said.contains("postgres://user:password@host:5432/database") && !said.contains("s3cret"),
        "{said}"
    );
}

#[test]
fn of_two_nodes_that_start_at_once_without_keys_one_makes_the_key_and_the_other_asks_for_it() {
    let cluster = PostgresCluster::start(&yinuo_testbed::Options::default());
    let url = cluster.create_database("desk");
    let houses = [House::new(), House::new()];
    // Both found the database empty and made a key before either opened it.
    let held = Held::by(&url, "SELECT pg_advisory_lock(x'79696e756f'::bigint)");
    let args = ["--database", &url, "serve", "--listen", "127.0.0.1:0"];
    let mut nodes = houses.each_ref().map(|house| house.yinuo_begun(&args));
    let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    until("both wait for the lock", || (cluster.query("desk", waiting) == "2").then_some(()));
    assert!(houses.iter().all(|house| house.data().join("master.key").exists()));
    drop(held);
    let loser = until("one gives up", || nodes.iter_mut().position(|node| node.ended().is_some()));
    let mut winner = nodes.into_iter().nth(1 - loser).expect("two nodes");
    let seals = "SELECT count(*) FROM secrets";
    until("the other one seals", || (cluster.query("desk", seals) == "2").then_some(()));
    let keys = "SELECT count(DISTINCT substring(wrapped, 2, 8)) FROM secrets";
    assert_eq!(cluster.query("desk", keys), "1", "one master key over one database");
    assert!(winner.ended().is_none(), "it serves");
    let (house, first) = (&houses[loser], &houses[1 - loser]);
    // Started again, it says what to do; with the key of the first one it works.
    let said = house.yinuo(&args).refused();
    assert!(said.contains("take them from the node that started first"), "{said}");
    fs::copy(first.data().join("master.key"), house.data().join("master.key")).expect("the key");
    let server = house.serve_as(&["--database", &url]);
    assert!(server.stop().success());
}

#[test]
fn a_first_node_that_has_sealed_nothing_yet_is_asked_for_its_key_all_the_same() {
    let cluster = PostgresCluster::start(&yinuo_testbed::Options::default());
    let url = cluster.create_database("desk");
    let (first, second) = (House::new(), House::new());
    first
        .yinuo(&["--database", &url, "user", "add", "manager", "--name", "M", "--role", "manager", "--token"])
        .good();
    // As it is in the moment after the tables were made.
    cluster.query("desk", "TRUNCATE secrets, persons");
    let said = second.yinuo(&["--database", &url, "user", "list"]).refused();
    assert!(said.contains("another node"), "{said}");
    assert!(!second.data().join("master.key").exists(), "no second key is made");
    let missing = second.yinuo(&["--database", &url, "vault", "status"]);
    assert!(missing.code == Some(1) && missing.out.contains("missing"), "{missing:?}");
    let second = elsewhere(&first);
    second.yinuo(&["--database", &url, "user", "list"]).good();
}

#[test]
fn a_database_that_stands_still_costs_no_memory_and_no_request() {
    /// Callers at once, and characters of three bytes that each of them brings.
    const CALLERS: usize = 200;
    const CHARACTERS: usize = 19_000;
    let cluster = PostgresCluster::start(&yinuo_testbed::Options { tcp: true, ..Default::default() });
    let url = cluster.create_database("desk");
    let house = House::new();
    let add = ["--database", &url, "user", "add", "manager", "--name", "M", "--role", "manager", "--token"];
    let manager = format!("Bearer {}", house.yinuo(&add).good().out.trim());
    let server = house.serve_as(&["--database", &url]);
    server.publish(LETTER, &manager);
    let wave = |name: &str| -> Vec<crate::http::Answer> {
        thread::scope(|scope| {
            let address = &server.address;
            let callers: Vec<_> = (0..CALLERS)
                .map(|caller| {
                    let key = format!("{name}-{caller}");
                    scope.spawn(move || {
                        let mut question = question(&key);
                        question["body"] = Value::from("滤".repeat(CHARACTERS));
                        post(address, "/api/v1/requests", &[("Idempotency-Key", &key)], &question)
                            .expect("an answer")
                    })
                })
                .collect();
            callers.into_iter().map(|caller| caller.join().expect("a caller")).collect()
        })
    };
    // So many at once may have to send their request again on a busy machine.
    let answered = |name: &str| -> Vec<Value> {
        until("everybody is answered", || {
            let answers = wave(name);
            assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 201 | 503)), "{answers:?}");
            let busy = answers.iter().any(|answer| answer.status == 503);
            (!busy).then(|| answers.iter().map(crate::http::Answer::json).collect())
        })
    };
    let mut receipts = answered("before");
    cluster.pause();
    let mut held = Vec::new();
    for number in 0..3 {
        for answer in wave(&format!("paused-{number}")) {
            let answer = answer.expect(503);
            assert!(answer.header("retry-after").is_some(), "{answer:?}");
        }
        held.push(server.memory());
    }
    // Two more waves brought 23 MB: what is turned away is not kept.
    println!("memory after each wave: {held:?}");
    let grown = held[2].saturating_sub(held[0]);
    assert!(grown < 8_000_000, "memory grows with what is turned away: {held:?}");
    cluster.resume();
    until("the server works again", || (server.get("/readyz").status == 200).then_some(()));
    receipts.extend(answered("paused-0"));
    for receipt in &receipts {
        server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200);
    }
    let tickets = server.tickets(&manager);
    let numbers: std::collections::BTreeSet<&str> = tickets.iter().map(|row| text(&row["number"])).collect();
    assert_eq!(numbers.len(), tickets.len());
    assert!(receipts.iter().all(|receipt| numbers.contains(text(&receipt["number"]))));
    assert!(server.stop().success());
    assert!(house.yinuo(&["--database", &url, "replay"]).good().out.contains("byte for byte"));
}
