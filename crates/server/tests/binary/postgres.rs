//! The same commands on PostgreSQL, with another process on the same database, and with the database away for a while.

use std::fs;

use yinuo_testbed::PostgresCluster;

use crate::support::{House, LETTER, until};

#[test]
fn everything_works_on_postgresql() {
    let cluster = PostgresCluster::start(&yinuo_testbed::Options::default());
    let url = cluster.create_database("desk");
    let house = House::new();
    let yinuo = |args: &[&str]| house.yinuo(&[&["--database", &url], args].concat());

    // A slip in the name makes no tables.
    let said = yinuo(&["user", "list"]).refused();
    assert!(said.contains("/desk is empty"), "{said}");
    assert!(yinuo(&["--lang", "zh", "replay"]).refused().contains("是空的"));
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(cluster.query("desk", tables), "0");

    let added =
        yinuo(&["user", "add", "manager", "--name", "manager", "--role", "manager", "--token"]).good();
    let manager = format!("Bearer {}", added.out.trim());
    let server = house.serve_as(&["--database", &url]);
    server.publish(LETTER, &manager);
    for number in 0..10 {
        server.ask(&format!("PLANTED-{number:02}"));
    }
    assert!(!house.database().exists(), "nothing lies in a file");
    assert!(yinuo(&["user", "list"]).good().out.contains("manager"), "while the server runs");

    // Away, then back: told at once, and nothing has to be restarted.
    cluster.stop();
    until("the server says that it cannot work", || (server.get("/readyz").status == 503).then_some(()));
    cluster.restart();
    until("the server works again", || (server.get("/readyz").status == 200).then_some(()));
    server.ask("PLANTED-10");
    assert!(server.stop().success());

    let replayed = yinuo(&["replay"]).good().out;
    assert!(replayed.contains("The ledger is sound") && replayed.contains("byte for byte"), "{replayed}");
    let dump = cluster.query("desk", "SELECT string_agg(t::text, '') FROM tickets AS t")
        + &cluster.query("desk", "SELECT string_agg(r.body, '') FROM records AS r");
    assert!(dump.contains("consultation") && !dump.contains("PLANTED"), "what people wrote is sealed");

    // The key lies with the node, not in the database: another node that has none is told where to get it.
    fs::rename(house.data().join("master.key"), house.path("kept.key")).expect("the key file is there");
    let said = yinuo(&["user", "list"]).refused();
    assert!(said.contains("is sealed under the master key") && said.contains("another node"), "{said}");
    assert!(!house.data().join("master.key").exists(), "no fresh key is made beside sealed data");
}

#[test]
fn the_password_of_a_database_is_never_shown() {
    let house = House::new();
    let variable = ("YINUO_DATABASE", "postgres://u:s3cret@db.example/desk");
    let shown = house.yinuo_with(variable, &["config", "show"]).good().out;
    assert!(shown.contains("postgres://u:***@db.example/desk"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    let variable = ("YINUO_DATABASE", "mysql://u:s3cret@db.example/desk");
    let said = house.yinuo_with(variable, &["user", "list"]).refused();
    assert!(
        said.contains("postgres://user:password@host:5432/database") && !said.contains("s3cret"),
        "{said}"
    );
}
