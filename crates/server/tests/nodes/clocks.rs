//! A machine whose clock is off, beside a database whose clock is right.

use jiff::{SignedDuration, Timestamp};

use crate::house::{House, LETTER, post, question};

#[expect(clippy::disallowed_methods, reason = "the binary under test lives in real time")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[test]
fn a_node_whose_clock_is_minutes_off_uses_the_time_of_the_database_and_says_so() {
    let house = House::new();
    let node = house.node_off("node1", "+7m");
    let manager = house.join("manager");
    let before = now();
    node.start();
    node.publish(LETTER, &manager);
    let receipt = post(&node.address, "/api/v1/requests", &[], &question("Filter")).expect("an answer");
    let receipt = receipt.expect(201).json();
    let received: Timestamp = receipt["received_at"].as_str().expect("a text").parse().expect("an instant");
    // What may be left uncorrected is far below what the clock is off.
    let tolerated = SignedDuration::from_secs(3);
    assert!(received >= before - tolerated && received <= now() + tolerated, "{received} is not now");
    let said = node.log().matches("the clock of this machine is off against the database").count();
    assert_eq!(said, 1, "{}", node.log());
    let metrics = node.get("/metrics", "").expect(200).body;
    let correction = metrics.lines().find_map(|line| line.strip_prefix("yinuo_clock_correction_seconds "));
    let correction: f64 = correction.expect("a metric").parse().expect("a number");
    assert!((-423.0..-417.0).contains(&correction), "{correction}");
}

#[test]
fn a_node_whose_clock_is_hours_off_is_refused_with_what_to_do() {
    let house = House::new();
    let node = house.node_off("node1", "-3h");
    node.launch();
    let said = node.await_end();
    assert!(said.contains("behind the database's by about 3 h 0 min"), "{said}");
    assert!(said.contains("timedatectl set-ntp true"), "{said}");
}
