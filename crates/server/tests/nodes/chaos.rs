//! Nodes are killed and paused under load: everything acknowledged is there once, every alarm fired once, the log is one.

use yinuo_testbed::until;

use crate::{
    audit::Audit,
    house::{House, LETTER, Node, proxy},
    load::Load,
};

/// Kills each node in turn, then pauses the one that leads.
fn hurt(house: &House, nodes: &[Node], load: &Load) {
    load.more(20, "all is well");
    for node in nodes {
        node.kill();
        load.more(20, "a node is dead");
        node.start();
        load.more(10, "the node is back");
    }
    let leads = until("somebody leads", || house.leader());
    let paused = nodes.iter().find(|node| node.name == leads).expect("one of the nodes leads");
    paused.signal("STOP");
    until("another node takes over the sequencer's role", || house.leader().filter(|other| *other != leads));
    load.more(60, "the former leader is paused");
    paused.signal("CONT");
    paused.await_ready();
    load.more(20, "the former leader is awake again");
    assert_ne!(house.leader().as_ref(), Some(&leads), "who was away leads no more");
}

#[test]
fn whatever_is_killed_or_paused_under_load_nothing_is_lost_doubled_or_forked() {
    let house = House::new();
    let nodes = ["node1", "node2", "node3"].map(|name| house.node(name));
    let manager = house.join("manager");
    let agent = house.join("agent");
    nodes[0].publish(LETTER, &manager);
    let key = until("the log has a key", || {
        let key = nodes[1].get("/log/key", "");
        (key.status == 200).then(|| key.body.trim().parse().expect("a key"))
    });
    let (_proxy, address) = proxy(&nodes);
    let load = Load::on(&address);
    let (asked, noted, seen) = load.during(&agent, &key, || hurt(&house, &nodes, &load));
    println!("{} asked, {} noted, {} sent again", asked.len(), noted.len(), load.repeated());

    let nodes: Vec<&str> = nodes.iter().map(|node| node.address.as_str()).collect();
    Audit { house: &house, address: &address, nodes: &nodes, key: &key }.all(&asked, &noted, seen);
}
