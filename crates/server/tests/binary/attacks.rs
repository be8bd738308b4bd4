//! What somebody with all rights on the machine can do to the database file, and how it is found.
//!
//! Every row of [`ATTACKS`] works on a copy of the same honest ledger: it was signed yesterday, went on, and was signed
//! today. What the attacker does not have is what left the machine: a receipt, a checkpoint, the public key.

mod forgery;
mod honest;
mod table;

use std::{fs, path::PathBuf};

use rusqlite::Connection;

use crate::support::House;

use self::{forgery::*, honest::*, table::*};

/// Which evidence a verification is given.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Given {
    Nothing,
    Key,
    Receipt,
    Checkpoint,
}

/// A folder with a copy of the honest ledger.
fn copied(database: &[u8]) -> House {
    let honest = honest();
    let house = House::new();
    fs::create_dir(house.data()).expect("a folder");
    for entry in fs::read_dir(honest.house.data()).expect("the folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, house.data().join(path.file_name().expect("a name"))).expect("it can be copied");
    }
    fs::write(house.database(), database).expect("it can be written");
    house
}

/// What `yinuo verify ledger` says, which has to be that the ledger is not sound.
#[track_caller]
fn found(house: &House, given: Given, language: &str) -> String {
    let honest = honest();
    let mut args = vec!["--lang".to_owned(), language.to_owned(), "verify".to_owned(), "ledger".to_owned()];
    let file = |name: &str, text: &str| house.write(name, text);
    match given {
        Given::Nothing => {}
        Given::Key => args.extend(["--key".to_owned(), honest.key.clone()]),
        Given::Receipt => args.extend(["--receipt".to_owned(), file("receipt.json", &honest.receipt)]),
        Given::Checkpoint => {
            args.extend(["--checkpoint".to_owned(), file("checkpoint", &honest.checkpoint)]);
        }
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    house.yinuo(&args).refused()
}

#[test]
fn every_attack_on_the_file_is_found() {
    let honest = honest();
    let database = fs::read(honest.house.database()).expect("the database");
    for Attack { name, done, given, at, says, zh } in ATTACKS {
        let house = copied(&database);
        let connection = Connection::open(house.database()).expect("the database");
        done(&connection);
        drop(connection);
        for given in *given {
            let said = found(&house, *given, "en");
            assert!(said.contains(says), "{name}: {said}");
            if let Some(at) = at {
                assert!(
                    said.contains(&format!("position {at} ")) || said.contains(&format!("position {at}:")),
                    "{name}: {said}"
                );
            }
        }
        let said = found(&house, Given::Nothing, "zh");
        assert!(said.contains(zh), "{name}: {said}");
    }
}

#[test]
fn words_that_are_changed_are_found() {
    let honest = honest();
    let database = fs::read(honest.house.database()).expect("the database");
    let house = copied(&database);
    let connection = Connection::open(house.database()).expect("the database");
    crate::damage::change_contents(&connection, 100);
    drop(connection);
    let said = found(&house, Given::Nothing, "en");
    assert!(said.contains("position 100 (record 1 of tkt_"), "{said}");
    assert!(said.contains("its words are not those that were recorded"), "{said}");
    assert!(found(&house, Given::Nothing, "zh").contains("文字与所记录的不符"));
}

#[test]
fn a_record_that_is_cut_off_the_end_is_found() {
    let honest = honest();
    let database = fs::read(honest.house.database()).expect("the database");
    let last = honest.records;
    for hidden in [false, true] {
        let house = copied(&database);
        let connection = Connection::open(house.database()).expect("the database");
        run(&connection, &format!("DELETE FROM records WHERE position = {last}"));
        if hidden {
            run(&connection, "UPDATE organisations SET last_position = last_position - 1");
        }
        drop(connection);
        let said = found(&house, Given::Nothing, "en");
        assert!(said.contains(&format!("position {last}")), "{said}");
        let says =
            if hidden { "the end was deleted, or the ledger was rolled back" } else { "it was deleted" };
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_rolled_back_ledger_is_found_by_what_left_the_machine() {
    let house = copied(&honest().yesterday);
    // By itself it is perfect: it is what it was.
    assert!(house.yinuo(&["verify", "ledger"]).good().out.contains("The ledger is sound"));
    for given in [Given::Receipt, Given::Checkpoint] {
        assert!(found(&house, given, "en").contains("the ledger was rolled back"));
        assert!(found(&house, given, "zh").contains("台账被回滚"));
    }
    let receipt = house.write("receipt.json", &honest().receipt);
    let data = house.data().display().to_string();
    let args = ["verify", "receipt", &receipt, "--key", &honest().key, "--against", &data];
    let said = house.yinuo(&args).refused();
    assert!(said.contains("the ledger was rolled back"), "{said}");
}

#[test]
fn a_forked_ledger_is_found_by_what_left_the_machine() {
    let house = copied(&honest().yesterday);
    let file = house.write("rows.jsonl", rows(400, "B"));
    house.yinuo(&["import", &file]).good();
    let server = house.serve();
    signed(&server);
    // A server that forked cannot prove that its log extends the receipt's.
    let receipt = house.write("receipt.json", &honest().receipt);
    let url = format!("http://{}", server.address);
    let args = ["verify", "receipt", &receipt, "--key", &honest().key, "--against", &url];
    assert!(house.yinuo(&args).refused().contains("was forked or rewritten"));
    assert!(server.stop().success());
    assert!(house.yinuo(&["verify", "ledger", "--key", &honest().key]).good().out.contains("is sound"));
    for given in [Given::Receipt, Given::Checkpoint] {
        let said = found(&house, given, "en");
        assert!(said.contains("the ledger was forked or rewritten"), "{said}");
        assert!(found(&house, given, "zh").contains("台账被分叉或改写"));
    }
    let said = found(&house, Given::Receipt, "en");
    assert!(said.contains(&format!("position {}", honest().position)), "{said}");
}

#[test]
fn a_log_whose_checkpoint_was_taken_away_is_not_signed_anew() {
    let database = fs::read(honest().house.database()).expect("the database");
    let house = copied(&database);
    let connection = Connection::open(house.database()).expect("the database");
    edit(&connection);
    make_anew(&connection);
    unsign(&connection);
    drop(connection);
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("the ledger has no checkpoint"), "{said}");
}

#[test]
fn of_a_large_ledger_the_end_and_the_signed_root_are_verified_at_every_start() {
    let database = fs::read(honest().house.database()).expect("the database");
    let attacked = |done: fn(&Connection)| {
        let house = copied(&database);
        let connection = Connection::open(house.database()).expect("the database");
        done(&connection);
        drop(connection);
        let config = house.write("small.toml", "[ledger]\nverify-at-start = 20\n");
        (house, config)
    };
    let refused = |done: fn(&Connection)| {
        let (house, config) = attacked(done);
        house.yinuo(&["--config", &config, "serve", "--listen", "127.0.0.1:0"]).refused()
    };
    // Changed at the end: found. Changed before, with the tree made anew: the signed root does not fit.
    let said = refused(|database| {
        run(
            database,
            "UPDATE records SET body = body || ' ' WHERE position = (SELECT max(position) FROM records)",
        );
    });
    assert!(said.contains("its body or its hash was changed"), "{said}");
    let said = refused(|database| {
        edit(database);
        make_anew(database);
    });
    assert!(said.contains("do not give the root that was signed"), "{said}");
    // Changed before and nothing made anew: a start does not look there and says how far it did; `verify ledger` does.
    let (house, config) = attacked(edit);
    let server = house.serve_as(&["--config", &config]);
    let (log, all) = (server.log(), format!("records={} ", honest().records));
    assert!(log.contains("the ledger was verified") && !log.contains(&all), "{log}");
    assert!(server.stop().success());
    assert!(found(&house, Given::Nothing, "en").contains("position 100 "));
    // Within the limit, a start finds it.
    assert!(house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused().contains("position 100 "));
}

#[test]
fn the_server_refuses_to_serve_what_it_did_not_sign() {
    let database = fs::read(honest().house.database()).expect("the database");
    let house = copied(&database);
    let connection = Connection::open(house.database()).expect("the database");
    edit(&connection);
    make_anew(&connection);
    drop(connection);
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains("do not give the root that was signed"), "{said}");
    let path: PathBuf = house.database();
    assert!(said.contains(&path.display().to_string()), "{said}");
}
