//! Being asked to stop.

use std::io::{Read, Write};

use crate::{
    http,
    support::{House, question, text, until},
};

#[test]
fn a_server_that_is_asked_to_stop_answers_what_is_in_flight_and_ends_well() {
    let house = House::new();
    let manager = house.found();
    let mut server = house.serve();
    let body = question("In flight").to_string();
    let headers = [("Content-Type", "application/json"), ("Expect", "100-continue")];
    let mut stream = http::connect(&server.address).expect("it listens");
    stream
        .write_all(http::head("POST", "/api/v1/requests", &headers, body.len()).as_bytes())
        .expect("it reads");
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).expect("it waits for the body");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    server.signal("TERM");
    until("it does not take connections any more", || http::connect(&server.address).is_err().then_some(()));
    stream.write_all(body.as_bytes()).expect("it still reads");
    let receipt = http::read(&mut stream).expect("it still answers").expect(201).json();
    assert_eq!(server.ended().code(), Some(0));
    let log = server.log();
    assert!(log.contains("stopping") && log.contains("stopped"), "{log}");
    let wal = house.data().join("yinuo.db-wal");
    assert!(!wal.exists(), "the write-ahead log was not folded into the file");

    let server = house.serve();
    assert_eq!(server.tickets(&manager).len(), 1);
    server.follow(text(&receipt["number"]), text(&receipt["query_code"])).expect(200);
    server.signal("INT");
    assert!(server.stop().success());
}

#[test]
fn watchers_and_idle_connections_do_not_hold_up_the_stop() {
    let house = House::new();
    let manager = house.join("manager");
    let mut server = house.serve();
    let idle = http::connect(&server.address).expect("it listens");
    let mut feed = http::connect(&server.address).expect("it listens");
    let head = http::head("GET", "/api/v1/feed", &[("Authorization", &manager)], 0);
    feed.write_all(head.as_bytes()).expect("it reads");
    let mut status = [0; 15];
    feed.read_exact(&mut status).expect("it answers");
    assert_eq!(&status, b"HTTP/1.1 200 OK");

    server.signal("TERM");
    assert_eq!(server.ended().code(), Some(0));
    let log = server.log();
    assert!(log.contains("stopped") && !log.contains("were cut"), "{log}");
    let mut rest = String::new();
    feed.read_to_string(&mut rest).expect("the feed ends as it should");
    assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    drop(idle);
}
