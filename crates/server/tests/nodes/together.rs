//! What happens on one node is known on the others.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::{
    house::{House, LETTER, Node, post, question},
    http,
};

/// Somebody who watches the live feed of a node.
struct Watcher(BufReader<TcpStream>);

impl Watcher {
    fn on(node: &Node, token: &str) -> Self {
        let mut stream = http::connect(&node.address).expect("the node takes connections");
        let head = http::head("GET", "/api/v1/feed", &[("Authorization", token)], 0);
        stream.write_all(head.as_bytes()).expect("the node reads");
        let mut watcher = Self(BufReader::new(stream));
        watcher.line(|line| line.contains("watching"));
        watcher
    }

    /// The next line that fits. The connection gives up after two minutes.
    fn line(&mut self, fits: impl Fn(&str) -> bool) -> String {
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).expect("the feed goes on");
            assert!(read > 0, "the feed ended");
            if fits(&line) {
                return line;
            }
        }
    }

    /// The next change that fits.
    fn change(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let parse = |line: &str| serde_json::from_str::<Value>(line.strip_prefix("data:")?.trim()).ok();
        let line = self.line(|line| parse(line).is_some_and(|change| fits(&change)));
        parse(&line).expect("it was read before")
    }
}

#[test]
fn what_happens_on_one_node_is_known_on_the_others() {
    let house = House::new();
    let [here, there] = ["node1", "node2"].map(|name| house.node(name));
    let manager = house.join("manager");
    let mut away = Watcher::on(&there, &manager);

    // A letter published here judges what comes in there, from the moment that watchers there are told.
    here.publish(LETTER, &manager);
    away.change(|change| change["ticket"].is_null());
    let receipt = post(&there.address, "/api/v1/requests", &[], &question("Filter")).expect("an answer");
    let receipt = receipt.expect(201).json();
    let clocks = receipt["request"]["clocks"].as_array().expect("clocks");
    assert!(clocks.iter().any(|clock| clock["promise"] == "first-reply"), "{receipt}");

    // A note made here is seen there, and told there.
    let list = here.get("/api/v1/tickets?state=any", &manager).expect(200).json();
    let ticket = list["tickets"][0]["id"].clone();
    assert_eq!(list["tickets"][0]["number"], receipt["number"]);
    let path = format!("/api/v1/tickets/{}/commands", ticket.as_str().expect("an id"));
    let done =
        here.post(&path, &manager, &json!({ "command": "note", "body": "seen here" })).expect(200).json();
    let told = away.change(|change| change["ticket"] == ticket && change["version"] == done["version"]);
    assert!(told["position"].as_u64() > Some(0), "{told}");

    // What is delivered there is announced here: nobody is on duty, so the manager is told.
    let mut at_home = Watcher::on(&here, &manager);
    post(&there.address, "/api/v1/requests", &[], &question("Pump")).expect("an answer").expect(201);
    at_home.change(|change| change["notice"] == true);

    sessions_are_those_of_the_company(&house, &here, &there);
}

/// Who signed in on one node is known on the other, and who signed out there is unknown here.
fn sessions_are_those_of_the_company(house: &House, here: &Node, there: &Node) {
    house.yinuo(&["user", "add", "li", "--name", "Li", "--role", "agent"], "correct horse\n");
    let credentials = json!({ "account": "li", "password": "correct horse" });
    let signed_in = here.post("/api/v1/session", "", &credentials).expect(200);
    let cookie =
        signed_in.header("set-cookie").expect("a cookie").split(';').next().expect("its value").to_owned();
    let csrf = signed_in.json()["csrf_token"].as_str().expect("a token").to_owned();
    let headers = [("Cookie", cookie.as_str()), ("X-CSRF-Token", csrf.as_str())];
    let ask = |node: &Node, method: &str| {
        http::send(&node.address, method, "/api/v1/session", &headers, "").expect("the node answers")
    };
    assert_eq!(ask(there, "GET").expect(200).json()["member"]["account"], "li");
    assert!(ask(there, "DELETE").status < 300);
    ask(here, "GET").expect(401);
}
