//! The test bed itself: what it starts works, can be hurt, and leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{
    fs,
    io::{BufRead, BufReader},
    panic,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use yinuo_testbed::{Options, PostgresCluster, until};

/// Processes whose working directory lies in `folder`.
fn processes_in(folder: &Path) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let at = |number: &str| fs::read_link(format!("/proc/{number}/cwd")).unwrap_or_default();
    all.filter(|number| at(number).starts_with(folder)).collect()
}

#[test]
fn what_was_committed_outlives_a_kill_and_a_stop() {
    let cluster = PostgresCluster::start(&Options { fsync: true, checksums: true, ..Options::default() });
    assert!(cluster.create_database("desk").starts_with("postgres://yinuo@%2F"));
    cluster.query("desk", "CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 3)");
    cluster.kill();
    assert_eq!(processes_in(cluster.folder().path()), Vec::<String>::new());
    cluster.restart();
    assert_eq!(cluster.query("desk", "SELECT n, 'x' FROM t ORDER BY n"), "1|x\n2|x\n3|x");
    assert!(cluster.log().contains("automatic recovery in progress"), "{}", cluster.log());
    cluster.stop();
    cluster.restart();
    cluster.create_database_like("copy", "desk");
    assert_eq!(cluster.query("copy", "SELECT count(*) FROM t"), "3");
    assert_eq!(cluster.query("copy", "SHOW data_checksums"), "on");
    cluster.pause();
    cluster.resume();
    assert_eq!(cluster.query("copy", "SELECT count(*) FROM t"), "3");
}

#[test]
fn settings_access_and_port_are_those_asked_for() {
    let cluster = PostgresCluster::start(&Options {
        tcp: true,
        settings: vec![("max_connections", "17".to_owned()), ("cluster_name", "it's mine".to_owned())],
        access: vec!["host all guest 127.0.0.1/32 scram-sha-256".to_owned()],
        ..Options::default()
    });
    assert_eq!(cluster.url("desk"), format!("postgres://yinuo@127.0.0.1:{}/desk", cluster.port()));
    assert_eq!(cluster.query("postgres", "SHOW max_connections"), "17");
    assert_eq!(cluster.query("postgres", "SHOW cluster_name"), "it's mine");
    let rules = "SELECT user_name, auth_method FROM pg_hba_file_rules LIMIT 1";
    assert_eq!(cluster.query("postgres", rules), "{guest}|scram-sha-256");
    let other = PostgresCluster::start(&Options::default());
    assert_eq!(other.query("postgres", "SHOW listen_addresses"), "");
}

#[test]
fn sql_that_fails_fails_the_test_with_what_postgresql_said() {
    let cluster = PostgresCluster::start(&Options::default());
    let failed = panic::catch_unwind(panic::AssertUnwindSafe(|| cluster.query("postgres", "SELECT 1/0")));
    let said = *failed.unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("division by zero"), "{said}");
}

#[test]
fn nothing_is_left_behind_by_a_test_that_panics_even_with_a_paused_cluster() {
    let mut folder = PathBuf::new();
    let failed = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let cluster = PostgresCluster::start(&Options::default());
        folder = cluster.folder().path().to_owned();
        assert!(!processes_in(&folder).is_empty());
        cluster.pause();
        panic!("as a test does");
    }));
    assert!(failed.is_err());
    assert!(!folder.exists());
    assert_eq!(processes_in(&folder), Vec::<String>::new());
}

#[test]
fn nothing_is_left_behind_by_a_process_that_is_killed() {
    let segments = || {
        let listed = Command::new("ipcs").arg("-m").output().expect("util-linux is there");
        String::from_utf8(listed.stdout).unwrap()
    };
    let mut process = Command::new(env!("CARGO_BIN_EXE_yinuo-testbed"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("postgres://yinuo@127.0.0.1:"));
    let folder = PathBuf::from(said.next().unwrap().unwrap());
    let pidfile = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let segment = pidfile.lines().nth(6).unwrap().split_whitespace().nth(1).unwrap().to_owned();
    let listed = |text: &str| text.lines().any(|line| line.split_whitespace().nth(1) == Some(&segment));
    assert!(listed(&segments()));
    process.kill().unwrap();
    process.wait().unwrap();
    until("the keeper has cleared up", || (!folder.exists()).then_some(()));
    assert_eq!(processes_in(&folder), Vec::<String>::new());
    assert!(!listed(&segments()), "its shared memory is given back");
}
