//! The high availability of the database as documented: three PostgreSQL under Patroni, haproxy to the primary, two nodes.
//! The primary is lost under load, machine and all; nothing acknowledged is.
//!
//! It takes minutes rather than seconds, so `cargo xtask test` runs it as a step of its own: `--only ha`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets something else than it states has to fail, in its helping functions, too"
)]

#[path = "../nodes/audit.rs"]
mod audit;
#[path = "../nodes/checkpoints.rs"]
mod checkpoints;
#[path = "../nodes/house.rs"]
#[expect(dead_code, reason = "shared with the tests of several nodes; each uses its part")]
mod house;
#[path = "../binary/http.rs"]
mod http;
#[path = "../nodes/load.rs"]
mod load;

use std::collections::BTreeMap;

use audit::Audit;
use house::{House, LETTER, proxy};
use load::Load;
use yinuo_testbed::{Haproxy, PatroniCluster, free_port, try_query, until};

/// The configuration files of the documentation.
const PATRONI: &str = include_str!("../../../../docs/operations/patroni/patroni.yml");
const TO_PRIMARY: &str = include_str!("../../../../docs/operations/patroni/haproxy-database.cfg");

/// The password of the superuser in the documented configuration.
const SUPERUSER: &str = "CHANGE-superuser";

/// Loses the primary twice: with its machine, and only its PostgreSQL.
fn hurt(cluster: &PatroniCluster, load: &Load) {
    load.more(20, "all is well");
    let first = cluster.primary().expect("there is a primary").to_owned();
    cluster.kill_node(&first);
    load.more(40, "the machine of the first primary is gone");
    assert_ne!(cluster.primary(), Some(first.as_str()));
    cluster.start_node(&first);
    cluster.await_redundancy();
    load.more(20, "the lost machine has come back as a standby");
    let second = cluster.primary().expect("there is a primary").to_owned();
    cluster.kill_postmaster(&second);
    load.more(40, "the PostgreSQL of the second primary was killed");
}

#[test]
fn the_primary_is_lost_under_load_and_nothing_acknowledged_is() {
    let cluster = PatroniCluster::start(PATRONI);
    let port = free_port();
    let _to_primary = Haproxy::start(&cluster.proxy(TO_PRIMARY, port), port);
    // At its start haproxy takes every server for the primary, until it has asked.
    let asked = format!("postgres://postgres:{SUPERUSER}@127.0.0.1:{port}/postgres");
    until("haproxy leads to the primary alone", || {
        let only =
            (0..6).all(|_| try_query(&asked, "SELECT pg_is_in_recovery()").is_ok_and(|told| told == "f"));
        only.then_some(())
    });
    cluster.query("postgres", SUPERUSER, "CREATE ROLE yinuo LOGIN PASSWORD 'CHANGE-yinuo'");
    cluster.query("postgres", SUPERUSER, "CREATE DATABASE yinuo OWNER yinuo");
    // One node finds the primary through haproxy, the other one by itself.
    let ports = cluster.names().map(|name| format!("127.0.0.1:{}", cluster.ports(name).0));
    let all = format!("postgres://yinuo:CHANGE-yinuo@{}/yinuo", ports.collect::<Vec<_>>().join(","));
    let through_haproxy = format!("postgres://yinuo:CHANGE-yinuo@127.0.0.1:{port}/yinuo");
    let house = House::at(&through_haproxy, BTreeMap::from([("node2", all)]));
    let nodes = ["node1", "node2"].map(|name| house.node(name));
    let manager = house.join("manager");
    let agent = house.join("agent");
    nodes[0].publish(LETTER, &manager);
    let key = until("the log has a key", || {
        let key = nodes[1].get("/log/key", "");
        (key.status == 200).then(|| key.body.trim().parse().expect("a key"))
    });
    let (_proxy, address) = proxy(&nodes);
    let load = Load::on(&address);
    let (asked, noted, seen) = load.during(&agent, &key, || hurt(&cluster, &load));
    println!("{} asked, {} noted, {} sent again", asked.len(), noted.len(), load.repeated());
    let nodes: Vec<&str> = nodes.iter().map(|node| node.address.as_str()).collect();
    Audit { house: &house, address: &address, nodes: &nodes, key: &key }.all(&asked, &noted, seen);
}
