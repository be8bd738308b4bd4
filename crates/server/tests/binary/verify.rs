//! `yinuo verify`: what holds, and what is said of what does not.

use std::fs;

use crate::support::{House, Server, text};

/// A receipt as the server gives it, and its public key.
fn received(server: &Server) -> (String, String) {
    let asked = server.ask("a question");
    let path = text(&asked["receipt"]);
    let receipt = server.get_as(path, &[("Query-Code", text(&asked["query_code"]))]).expect(200).body;
    (receipt, server.get("/log/key").expect(200).body.trim().to_owned())
}

#[test]
fn a_receipt_is_verified_without_the_server() {
    let house = House::new();
    house.found();
    let server = house.serve();
    let (receipt, key) = received(&server);
    let file = house.write("receipt.json", &receipt);
    let url = format!("http://{}", server.address);
    let said = house.yinuo(&["verify", "receipt", &file, "--key", &key, "--against", &url]).good();
    assert!(said.out.contains("The receipt holds: ZX-") && said.out.contains("a question"), "{}", said.out);
    assert!(said.out.contains("The server still holds it"), "{}", said.out);
    assert!(said.err.is_empty(), "{}", said.err);
    assert!(server.stop().success());
    let said = house.yinuo(&["--lang", "zh", "verify", "receipt", &file, "--key", &key]).good();
    assert!(said.out.contains("回执有效：ZX-"), "{}", said.out);
    let said = house.yinuo(&["verify", "receipt", &file]).good();
    assert!(said.err.contains("the key is the one inside of the file"), "{}", said.err);
    assert!(house.yinuo(&["--lang", "zh", "verify", "receipt", &file]).good().err.contains("自带的公钥"));
    let data = house.data().display().to_string();
    let said = house.yinuo(&["verify", "receipt", &file, "--key", &key, "--against", &data]).good();
    assert!(said.out.contains("The ledger still holds it"), "{}", said.out);
    assert!(
        house.yinuo(&["verify", "receipt", &file, "--against", &url]).refused().contains("cannot be reached")
    );
    let nowhere = house.path("nowhere").display().to_string();
    let said = house.yinuo(&["verify", "receipt", &file, "--against", &nowhere]).refused();
    assert!(said.contains("there is no database"), "{said}");
}

#[test]
fn what_is_no_receipt_is_told() {
    let house = House::new();
    house.found();
    let server = house.serve();
    let (receipt, key) = received(&server);
    assert!(server.stop().success());
    let other = House::new();
    other.found();
    let elsewhere = other.serve();
    let (_, foreign) = received(&elsewhere);
    assert!(elsewhere.stop().success());

    let good = house.write("receipt.json", &receipt);
    let said = house.yinuo(&["verify", "receipt", &good, "--key", &foreign]).refused();
    assert!(said.contains("signed by another server"), "{said}");
    let said = house.yinuo(&["--lang", "zh", "verify", "receipt", &good, "--key", &foreign]).refused();
    assert!(said.contains("由另一台服务器签名"), "{said}");
    for (name, text, says) in [
        ("changed.json", receipt.replacen("a question", "a demand", 1), "The receipt's text was changed"),
        ("cut.json", receipt[..receipt.len() / 2].to_owned(), "not a whole receipt"),
        ("empty.json", String::new(), "not a whole receipt"),
        ("newer.json", receipt.replacen("\"yinuo_receipt\":1", "\"yinuo_receipt\":9", 1), "has version 9"),
        ("huge.json", " ".repeat(3 << 20), "too large for a receipt"),
    ] {
        let file = house.write(name, text);
        let said = house.yinuo(&["verify", "receipt", &file, "--key", &key]).refused();
        assert!(said.contains(says) && said.contains(name), "{name}: {said}");
    }
    for bad in ["", "key", "a+b+c", "-----BEGIN PUBLIC KEY-----"] {
        let said = house.yinuo(&["verify", "receipt", &good, &format!("--key={bad}")]).refused();
        assert!(said.contains("--key"), "{bad}: {said}");
    }
    assert!(
        house.yinuo(&["verify", "receipt", "nothing.json"]).refused().contains("cannot read nothing.json")
    );
    let said = house.yinuo(&["verify", "ledger", "--receipt", &good, "--key", &foreign]).refused();
    assert!(said.contains("signed by another server"), "{said}");
    let note = house.write("note", "no checkpoint");
    let said = house.yinuo(&["verify", "ledger", "--checkpoint", &note]).refused();
    assert!(said.contains("it is no signed note"), "{said}");
}

#[test]
fn a_ledger_that_was_never_signed_and_one_that_is_not_there() {
    let house = House::new();
    assert!(house.yinuo(&["verify", "ledger"]).refused().contains("there is no database"));
    house.join("manager");
    let said = house.yinuo(&["verify", "ledger"]).good().out;
    assert!(said.contains("The ledger is sound: 1 records in 1 chains"), "{said}");
    assert!(said.contains("Nothing was signed yet"), "{said}");
    assert!(house.yinuo(&["--lang", "zh", "verify", "ledger"]).good().out.contains("台账尚未签名"));
    let server = house.serve();
    crate::support::until("a checkpoint", || (server.get("/log/checkpoint").status == 200).then_some(()));
    assert!(server.stop().success());
    let said = house.yinuo(&["verify", "ledger"]).good().out;
    assert!(said.contains("The signed checkpoint covers 1 records and is valid"), "{said}");
}

#[test]
fn the_key_stays_the_same_and_is_for_the_owner_alone() {
    let house = House::new();
    house.found();
    let key = |server: &Server| server.get("/log/key").expect(200).body;
    let server = house.serve();
    let first = key(&server);
    assert!(server.stop().success());
    let server = house.serve();
    assert_eq!(key(&server), first);
    assert!(server.stop().success());
    for entry in fs::read_dir(house.data()).expect("the folder") {
        let entry = entry.expect("an entry");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::MetadataExt::mode(&entry.metadata().expect("its rights"));
            let is_lock = entry.file_name().to_string_lossy().ends_with(".lock");
            assert!(is_lock || mode.trailing_zeros() >= 6, "{}: {mode:o}", entry.path().display());
        }
    }
}
