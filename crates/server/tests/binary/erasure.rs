//! Erasures and the file: a key that vanished without an entry is found, and so is one that came back after its entry.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::support::{House, Server, post, text};

/// A house with a manager and an agent, and their tokens.
fn staffed() -> (House, String, String) {
    let house = House::new();
    let manager = house.found();
    let agent = house.join("agent");
    (house, manager, agent)
}

/// A request of somebody with this phone number: number and id.
fn asked(server: &Server, manager: &str, phone: &str, email: Option<&str>) -> (String, String) {
    let request = json!({
        "customer": { "name": "PLANTED-name", "phone": phone, "email": email },
        "kind": "consultation", "subject": "PLANTED-subject", "body": "PLANTED-body",
    });
    let answer =
        post(&server.address, "/api/v1/requests", &[], &request).expect("an answer").expect(201).json();
    let number = text(&answer["number"]).to_owned();
    let listed = server.tickets(manager);
    let row = listed.iter().find(|row| text(&row["number"]) == number).expect("it is listed");
    (number, text(&row["id"]).to_owned())
}

fn close(server: &Server, agent: &str, id: &str) {
    let close = json!({ "command": "close", "outcome": "withdrawn", "note": "PLANTED-note" });
    server.post(&format!("/api/v1/tickets/{id}/commands"), &[("Authorization", agent)], &close).expect(200);
}

fn erase(server: &Server, manager: &str, (number, id): (&str, &str), tickets: u32) -> Value {
    let order = json!({ "reason": "consent-withdrawn", "confirm": number, "expected_tickets": tickets });
    let path = format!("/api/v1/tickets/{id}/erasure");
    server.post(&path, &[("Authorization", manager)], &order).expect(200).json()
}

/// Every wrapped key, by person.
fn keys(database: &Connection) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let mut statement = database.prepare("SELECT person, wrapped FROM persons ORDER BY id").expect("a table");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows")
}

fn open(house: &House) -> Connection {
    Connection::open(house.database()).expect("the database")
}

/// What `verify ledger` says, which has to be that the ledger is not sound, and the same of a start.
#[track_caller]
fn found(house: &House, says: &str, zh: &str) {
    let said = house.yinuo(&["verify", "ledger"]).refused();
    assert!(said.contains("the ledger is not sound") && said.contains(says), "{said}");
    let said = house.yinuo(&["--lang", "zh", "verify", "ledger"]).refused();
    assert!(said.contains(zh), "{said}");
    let said = house.yinuo(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(said.contains(says), "{said}");
}

#[test]
fn an_erased_person_is_gone_and_the_ledger_verifies() {
    let (house, manager, agent) = staffed();
    let server = house.serve();
    let (number, id) = asked(&server, &manager, "13800131234", None);
    let proof = server.proof(&server.ask("somebody else"));
    close(&server, &agent, &id);
    erase(&server, &manager, (&number, &id), 1);
    assert!(server.stop().success());
    let receipt = house.write("receipt.json", proof);
    let said = house.yinuo(&["verify", "ledger", "--receipt", &receipt]).good().out;
    assert!(said.contains("The ledger is sound"), "{said}");
    let served = house.serve();
    assert!(
        !served
            .get_as(&format!("/api/v1/tickets/{id}"), &[("Authorization", &manager)])
            .expect(200)
            .body
            .contains("PLANTED")
    );
    assert!(served.stop().success());
}

#[test]
fn a_key_that_vanished_without_an_entry_is_found() {
    let (house, manager, _) = staffed();
    let server = house.serve();
    let (_, id) = asked(&server, &manager, "13800131234", None);
    assert!(server.stop().success());
    house.yinuo(&["verify", "ledger"]).good();
    // As an erasure does it, but for the entry.
    let database = open(&house);
    let person: String = {
        let bytes: Vec<u8> =
            database.query_row("SELECT person FROM persons", [], |row| row.get(0)).expect("a person");
        bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    database
        .execute_batch(
            "UPDATE persons SET wrapped = NULL, erased_at_us = 1; DELETE FROM contents; DELETE FROM contacts;
             UPDATE tickets SET subject = NULL, customer = NULL",
        )
        .expect("it can be changed");
    drop(database);
    found(&house, &format!("the key of its words (psn_{person}) is gone"), "而没有任何记录说明它被删除");
    let said = house.yinuo(&["verify", "ledger"]).refused();
    assert!(said.contains(&format!("(record 1 of {id})")), "it names the ticket: {said}");
}

#[test]
fn a_ticket_that_is_given_to_somebody_erased_is_found() {
    let (house, manager, agent) = staffed();
    let server = house.serve();
    let (number, id) = asked(&server, &manager, "13800131234", None);
    close(&server, &agent, &id);
    erase(&server, &manager, (&number, &id), 1);
    let (_, hidden) = asked(&server, &manager, "13900139000", None);
    assert!(server.stop().success());
    let database = open(&house);
    let erased = keys(&database).into_iter().find(|(_, key)| key.is_none()).expect("somebody erased").0;
    database
        .execute("UPDATE custody SET person = ?1 WHERE person <> ?1", params![erased])
        .expect("it can be changed");
    database
        .execute_batch("DELETE FROM contents; UPDATE tickets SET subject = NULL, customer = NULL")
        .expect("it can be changed");
    drop(database);
    let says = format!("(record 1 of {hidden}): the key of its words");
    found(&house, &says, "而没有任何记录说明它被删除");
}

#[test]
fn a_key_that_came_back_after_its_entry_is_found() {
    let (house, manager, agent) = staffed();
    let server = house.serve();
    let (number, id) = asked(&server, &manager, "13800131234", None);
    close(&server, &agent, &id);
    assert!(server.stop().success());
    let database = open(&house);
    let (person, key) = keys(&database).pop().expect("a person");
    let digest: Vec<u8> =
        database.query_row("SELECT digest FROM contacts", [], |row| row.get(0)).expect("a contact");
    drop(database);
    let server = house.serve();
    erase(&server, &manager, (&number, &id), 1);
    assert!(server.stop().success());
    house.yinuo(&["verify", "ledger"]).good();

    let database = open(&house);
    let contact = "INSERT INTO contacts (org, digest, person) VALUES ('main', ?1, ?2)";
    database.execute(contact, params![digest, person]).expect("it can be put back");
    drop(database);
    found(&house, "was erased, and the key or a contact of the person is there", "而其密钥或联系方式仍在");
    let database = open(&house);
    database.execute_batch("DELETE FROM contacts").expect("it can be changed");
    let back = "UPDATE persons SET wrapped = ?1, erased_at_us = NULL WHERE person = ?2";
    database.execute(back, params![key, person]).expect("it can be put back");
    drop(database);
    found(&house, "was erased, and the key or a contact of the person is there", "而其密钥或联系方式仍在");
}

#[test]
fn who_shares_a_contact_is_previewed_from_both_sides() {
    let (house, manager, agent) = staffed();
    let server = house.serve();
    let by_email = json!({
        "customer": { "name": "PLANTED", "email": "wang.li@example.com" },
        "kind": "consultation", "subject": "a", "body": "b",
    });
    post(&server.address, "/api/v1/requests", &[], &by_email).expect("an answer").expect(201);
    asked(&server, &manager, "13800131234", None);
    asked(&server, &manager, "13800131234", Some("wang.li@example.com"));
    let listed = server.tickets(&manager);
    assert_eq!(listed.len(), 3);
    for row in &listed {
        close(&server, &agent, text(&row["id"]));
        let path = format!("/api/v1/tickets/{}/erasure", text(&row["id"]));
        let preview = server.get_as(&path, &[("Authorization", &manager)]).expect(200).json();
        assert_eq!(preview["persons"], 2, "{preview}");
        let mut named: Vec<&str> =
            preview["tickets"].as_array().expect("a list").iter().map(|row| text(&row["number"])).collect();
        let mut all: Vec<&str> = listed.iter().map(|row| text(&row["number"])).collect();
        named.sort_unstable();
        all.sort_unstable();
        assert_eq!(named, all, "all of them are named before anything is erased");
    }
    // A restart knows it as well.
    assert!(server.stop().success());
    let server = house.serve();
    let first = (text(&listed[0]["number"]), text(&listed[0]["id"]));
    let erased = erase(&server, &manager, first, 3);
    assert_eq!(erased["persons"], 2, "{erased}");
    assert!(server.stop().success());
    house.yinuo(&["verify", "ledger"]).good();
    let left: i64 = open(&house)
        .query_row("SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM mentions)", [], |row| {
            row.get(0)
        })
        .expect("a number");
    assert_eq!(left, 0, "no contact of theirs is left");
}
