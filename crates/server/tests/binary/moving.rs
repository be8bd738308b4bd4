//! Moves between SQLite and PostgreSQL, with proofs intact, cut off anywhere.

use std::{fs, path::Path, sync::OnceLock};

use serde_json::Value;
use yinuo_testbed::{Options, PostgresCluster};

use crate::support::{House, Server, text};

fn cluster() -> &'static PostgresCluster {
    static CLUSTER: OnceLock<PostgresCluster> = OnceLock::new();
    CLUSTER.get_or_init(|| PostgresCluster::start(&Options::default()))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A house with so many requests, what customers got, and files that prove some of it: receipts and a checkpoint.
struct Kept {
    house: House,
    receipts: Vec<Value>,
    proofs: Vec<[String; 2]>,
}

fn kept(requests: u32) -> Kept {
    let house = House::new();
    house.found();
    let server = house.serve();
    let receipts: Vec<Value> = (0..requests).map(|number| server.ask(&format!("No-{number}"))).collect();
    let mut proofs = Vec::new();
    for receipt in receipts.iter().rev().step_by(50) {
        let file = format!("{}.json", text(&receipt["number"]));
        proofs.push(["--receipt".into(), house.write(&file, server.proof(receipt))]);
    }
    let checkpoint = server.get("/log/checkpoint").expect(200).body;
    proofs.push(["--checkpoint".into(), house.write("checkpoint", checkpoint)]);
    assert!(server.stop().success());
    Kept { house, receipts, proofs }
}

/// The ledger is sound, and lists are those that follow from it.
#[track_caller]
fn assert_sound(house: &House, more: &[&str]) {
    let replayed = house.yinuo(&[&["replay"], more].concat()).good();
    assert!(replayed.out.contains("byte for byte"), "{}", replayed.out);
}

/// The ledger is sound, and everything that was promised before the move is in it.
#[track_caller]
fn assert_proven(house: &House, proofs: &[[String; 2]], more: &[&str]) {
    let mut args = vec!["verify", "ledger"];
    args.extend(proofs.iter().flatten().map(String::as_str));
    args.extend(more);
    house.yinuo(&args).good();
}

fn elsewhere(house: &House) -> House {
    let other = House::new();
    fs::create_dir(other.data()).expect("a folder");
    fs::copy(house.data().join("master.key"), other.data().join("master.key")).expect("the key");
    other
}

#[track_caller]
fn assert_followed(server: &Server, receipts: &[Value]) {
    for receipt in receipts {
        server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200);
    }
}

#[test]
fn there_and_back_again_with_the_same_checkpoint() {
    let Kept { house, receipts, proofs } = kept(40);
    let (url, data) = (cluster().create_database("there"), shown(&house.data()));
    let rehearsed = house.yinuo(&["move", "--from", &data, "--to", &url, "--dry-run"]).good();
    assert!(rehearsed.out.contains("Nothing was changed"), "{}", rehearsed.out);
    let moved = house.yinuo(&["move", "--from", &data, "--to", &url]).good();
    assert!(moved.out.contains("old receipts hold"), "{}", moved.out);
    // The source is out of service, whatever is tried.
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["replay"], &["user", "list"]] {
        let said = house.yinuo(command).refused();
        assert!(said.contains("was moved to another database"), "{said}");
    }
    let said = house.yinuo(&["--lang", "zh", "replay"]).refused();
    assert!(said.contains("已迁往另一个数据库"), "{said}");
    // The same move again says that it is done.
    house.yinuo(&["move", "--from", &data, "--to", &url]).good();
    let said = house.yinuo(&["move", "--from", &data, "--to", &url, "--discard"]).refused();
    assert!(said.contains("cannot be called off"), "{said}");

    let there = elsewhere(&house);
    assert_sound(&there, &["--database", &url]);
    assert_proven(&there, &proofs, &["--database", &url]);
    let manager = there.token_of("manager", &["--database", &url]);
    let server = there.serve_as(&["--database", &url]);
    assert_followed(&server, &receipts);
    assert_eq!(server.tickets(&manager).len(), 40);
    let late = server.ask("goes on there");
    let late = there.write("late.json", server.proof(&late));
    assert!(server.stop().success());

    let back = elsewhere(&house);
    let data = shown(&back.data());
    there.yinuo(&["move", "--from", &url, "--to", &data]).good();
    let said = there.yinuo(&["serve", "--listen", "127.0.0.1:0", "--database", &url]).refused();
    assert!(said.contains("was moved to another database"), "{said}");
    assert_sound(&back, &[]);
    assert_proven(&back, &proofs, &["--receipt", &late]);
    let manager = back.token_of("manager", &[]);
    let server = back.serve();
    assert_eq!(server.tickets(&manager).len(), 41);
    assert_followed(&server, &receipts);
    server.ask("goes on here");
    assert!(server.stop().success());
}

#[test]
fn a_move_killed_anywhere_serves_nobody_twice_and_goes_on() {
    let Kept { house, receipts, proofs } = kept(400);
    let (new, from) = (elsewhere(&house), shown(&house.data()));
    let to = shown(&new.data());
    let args = ["move", "--from", &from, "--to", &to];
    for moment in [
        "copying records",
        "(50 %)",
        "taking the source",
        "copying the rest",
        "making lists anew",
        "putting the target",
    ] {
        house.yinuo_killed_at(moment, &args);
        assert_one_at_most(&house, &new);
    }
    house.yinuo(&args).good();
    assert_one_at_most(&house, &new);
    assert!(new.database().exists());
    assert_sound(&new, &[]);
    assert_proven(&new, &proofs, &[]);
    let manager = new.token_of("manager", &[]);
    let server = new.serve();
    assert_eq!(server.tickets(&manager).len(), 400);
    assert_followed(&server, &receipts[..20]);
    assert!(server.stop().success());
    assert!(new.yinuo(&["replay"]).good().out.contains("byte for byte"));
}

/// A log that two servers take requests for would have two ends.
#[track_caller]
fn assert_one_at_most(one: &House, two: &House) {
    let serves = |house: &House| house.yinuo(&["user", "list"]).code == Some(0);
    assert!(!(serves(one) && serves(two)), "both would serve");
    assert!(two.database().exists() || !serves(two));
}

#[test]
fn a_move_to_postgres_killed_anywhere_goes_on_or_is_called_off() {
    let Kept { house, .. } = kept(300);
    let (url, from) = (cluster().create_database("killed"), shown(&house.data()));
    let args = ["move", "--from", &from, "--to", &url];
    let there = elsewhere(&house);
    for moment in ["(80 %)", "taking the source", "making lists anew"] {
        house.yinuo_killed_at(moment, &args);
        let said = there.yinuo(&["user", "list", "--database", &url]);
        let here = house.yinuo(&["user", "list"]);
        assert!(said.code != Some(0) || here.code != Some(0), "both would serve");
    }
    let moved = there.yinuo(&["user", "list", "--database", &url]).code == Some(0);
    if !moved {
        house.yinuo(&["move", "--from", &from, "--to", &url, "--discard"]).good();
        let server = house.serve();
        server.ask("the move was called off");
        assert!(server.stop().success());
        house.yinuo(&args).good();
    }
    let manager = there.token_of("manager", &["--database", &url]);
    let server = there.serve_as(&["--database", &url]);
    assert_eq!(server.tickets(&manager).len(), if moved { 300 } else { 301 });
    assert!(server.stop().success());
    assert_sound(&there, &["--database", &url]);
}

#[test]
fn another_ring_of_keys_a_full_target_and_a_busy_source_are_refused() {
    let Kept { house, .. } = kept(3);
    let (from, strange) = (shown(&house.data()), House::new());
    strange.found();
    // Another key at the target.
    let other = House::new();
    fs::create_dir(other.data()).expect("a folder");
    fs::copy(strange.data().join("master.key"), other.data().join("master.key")).expect("the key");
    let to = shown(&other.data());
    let said = house.yinuo(&["move", "--from", &from, "--to", &to]).refused();
    assert!(said.contains("another master key than the source"), "{said}");
    // No key at the target.
    let bare = House::new();
    let said = house.yinuo(&["move", "--from", &from, "--to", &shown(&bare.data())]).refused();
    assert!(said.contains("master key"), "{said}");
    // Something is there already.
    fs::copy(house.data().join("master.key"), strange.data().join("master.key")).expect("the key");
    let said = house.yinuo(&["move", "--from", &from, "--to", &shown(&strange.data())]).refused();
    assert!(said.contains("the target is not empty"), "{said}");
    // To itself.
    let said = house.yinuo(&["move", "--from", &from, "--to", &from]).refused();
    assert!(said.contains("are the same"), "{said}");
    // An organisation that is not there.
    let new = elsewhere(&house);
    let target = shown(&new.data());
    let said = house.yinuo(&["move", "--from", &from, "--to", &target, "--org", "nobody"]).refused();
    assert!(said.contains("no records of the organisation nobody"), "{said}");
    // A server runs on the source.
    let server = house.serve();
    let said = house.yinuo(&["move", "--from", &from, "--to", &target]).refused();
    assert!(said.contains("in use by another process"), "{said}");
    assert!(server.stop().success());
    assert_eq!(house.yinuo(&["user", "list"]).code, Some(0), "the source is as it was");
}
