//! Nodes are killed and paused under load: everything acknowledged is there once, every alarm fired once.

use crate::{
    audit::Audit,
    house::{House, LETTER, Node, proxy},
    load::Load,
};

/// Kills each node in turn, then pauses one.
fn hurt(nodes: &[Node], load: &Load) {
    load.more(20, "all is well");
    for node in nodes {
        node.kill();
        load.more(20, "a node is dead");
        node.start();
        load.more(10, "the node is back");
    }
    let paused = &nodes[0];
    paused.signal("STOP");
    load.more(60, "a node is paused");
    paused.signal("CONT");
    paused.await_ready();
    load.more(20, "the paused node is awake again");
}

#[test]
fn whatever_is_killed_or_paused_under_load_nothing_is_lost_or_doubled() {
    let house = House::new();
    let nodes = ["node1", "node2", "node3"].map(|name| house.node(name));
    let manager = house.join("manager");
    let agent = house.join("agent");
    nodes[0].publish(LETTER, &manager);
    let (_proxy, address) = proxy(&nodes);
    let load = Load::on(&address);
    let (asked, noted) = load.during(&agent, || hurt(&nodes, &load));
    println!("{} asked, {} noted, {} sent again", asked.len(), noted.len(), load.repeated());

    Audit { house: &house, address: &address }.all(&asked, &noted);
}
