//! Alarms that fall due while the process is down.

use serde_json::Value;

use crate::support::{House, Server, now, text, until};

/// The alarms of the first reply that are on record.
fn alarms(server: &Server, manager: &str) -> Vec<Value> {
    let tickets = server.tickets(manager);
    let path = format!("/api/v1/tickets/{}", text(&tickets[0]["id"]));
    let ticket = server.get_as(&path, &[("Authorization", manager)]).expect(200).json();
    let timeline = ticket["timeline"].as_array().expect("a timeline").iter();
    let fired = timeline.filter(|item| item["event"] == "alarm-fired");
    let of_first_reply = fired.filter(|item| item["clock"]["promise"] == "first-reply");
    of_first_reply.cloned().collect()
}

#[test]
fn an_alarm_that_fell_due_while_the_process_was_down_fires_once_with_both_instants() {
    let (house, manager, due_at) = until("a request is killed before its clock runs out", || {
        let house = House::new();
        let manager = house.found();
        let server = house.serve();
        let receipt = server.ask("Filter");
        server.kill();
        let clocks = receipt["request"]["clocks"].as_array().expect("clocks").iter();
        let mut due =
            clocks.filter(|clock| clock["promise"] == "first-reply").map(|clock| text(&clock["due_at"]));
        let due: jiff::Timestamp = due.next_back().expect("its clock").parse().expect("an instant");
        (now() < due).then_some((house, manager, due))
    });
    until("the due instant passes while the ledger is verified", || {
        assert!(house.yinuo(&["replay"]).good().out.contains("byte for byte"));
        (now() > due_at).then_some(())
    });
    let began_at = now();
    let server = house.serve();
    let fired =
        until("the alarm fires", || Some(alarms(&server, &manager)).filter(|fired| !fired.is_empty()));
    let [alarm] = fired.as_slice() else { panic!("once, not {fired:?}") };
    let instant = |field: &str| text(&alarm[field]).parse::<jiff::Timestamp>().expect("an instant");
    assert_eq!(instant("planned_at"), due_at);
    assert!(instant("noticed_at") >= began_at, "{alarm}");
    assert!(server.stop().success());

    let server = house.serve();
    assert_eq!(alarms(&server, &manager), fired);
}
