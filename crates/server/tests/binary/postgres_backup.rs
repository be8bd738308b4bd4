//! Backups of PostgreSQL beside a running server, and restores into PostgreSQL: killed, doubled, under a running server.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

use serde_json::Value;
use yinuo_testbed::{Held, Options, PostgresCluster};

use crate::{
    backup::{assert_followed, elsewhere, shown},
    support::{Begun, House, LETTER, Outcome, post, question, until},
};

fn cluster() -> &'static PostgresCluster {
    static CLUSTER: OnceLock<PostgresCluster> = OnceLock::new();
    CLUSTER.get_or_init(|| PostgresCluster::start(&Options::default()))
}

fn query(database: &str, sql: &str) -> String {
    cluster().query(database, sql)
}

/// A company on a database of its own.
struct Company {
    house: House,
    url: String,
    manager: String,
}

fn company(database: &str) -> Company {
    let (house, url) = (House::new(), cluster().create_database(database));
    let add = ["user", "add", "manager", "--name", "M", "--role", "manager", "--token", "--database", &url];
    let manager = format!("Bearer {}", house.yinuo(&add).good().out.trim());
    let server = house.serve_as(&["--database", &url]);
    server.publish(LETTER, &manager);
    assert!(server.stop().success());
    Company { house, url, manager }
}

impl Company {
    /// Makes an archive beside whoever serves.
    fn back_up(&self, name: &str, since: Option<&Path>) -> PathBuf {
        let file = self.house.path(name);
        let (to, since) = (shown(&file), since.map(shown));
        let mut args = vec!["backup", "--to", &to, "--database", &self.url];
        args.extend(since.iter().flat_map(|since| ["--since", since.as_str()]));
        self.house.yinuo(&args).good();
        file
    }
}

fn restore(archives: &[&Path], house: &House, to: &str) -> Outcome {
    let files: Vec<String> = archives.iter().map(|file| shown(file)).collect();
    let args: Vec<&str> =
        ["restore"].into_iter().chain(files.iter().map(String::as_str)).chain(["--to", to]).collect();
    house.yinuo(&args)
}

#[test]
fn a_backup_of_postgres_beside_intake_is_restored_into_either_database() {
    let company = company("source");
    let Company { house, url, manager } = &company;
    let server = house.serve_as(&["--database", url]);
    let stop = house.path("stop");
    let (mut receipts, mut archives): (Vec<(String, Value)>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    let ask = |subject: String| {
        let receipt = server.ask(&subject);
        (subject, receipt)
    };
    let mut early = String::new();
    thread::scope(|scope| {
        // Somebody else asks all the time.
        let asking = scope.spawn(|| {
            for number in (0..).take_while(|_| !stop.exists()) {
                let question = question(&format!("meanwhile {number}"));
                post(&server.address, "/api/v1/requests", &[], &question).expect("an answer").expect(201);
            }
        });
        (0..60).for_each(|number| receipts.push(ask(format!("full {number}"))));
        early = house.write("early.json", server.proof(&receipts[3].1));
        archives.push(company.back_up("full.archive", None));
        (0..20).for_each(|number| receipts.push(ask(format!("increment {number}"))));
        archives.push(company.back_up("increment.archive", Some(&archives[0])));
        fs::write(&stop, "").expect("a file");
        asking.join().expect("every request was taken in");
    });
    let late = server.ask("after the backup");
    let late = house.write("late.json", server.proof(&late));
    assert!(server.stop().success());
    let [full, increment] = archives.as_slice() else { panic!("two archives") };
    house.yinuo(&["backup", "--verify", &shown(full), &shown(increment)]).good();

    let new = elsewhere(house);
    let target = cluster().create_database("restored");
    let folder = shown(&new.data());
    for (to, more) in [(&target, &["--database", &target][..]), (&folder, &[])] {
        let restored = restore(&[full, increment], &new, to).good();
        assert!(restored.out.contains("sign in again"), "{}", restored.out);
        let said = restore(&[full, increment], &new, to).refused();
        assert!(
            said.contains("records of this organisation already") || said.contains("not empty"),
            "{said}"
        );
        let with = |args: &[&str]| new.yinuo(&[args, more].concat());
        assert!(with(&["replay"]).good().out.contains("byte for byte"));
        with(&["verify", "ledger", "--receipt", &early]).good();
        let rolled_back = with(&["verify", "ledger", "--receipt", &late]);
        assert_eq!(rolled_back.code, Some(1), "{rolled_back:?}");
        assert!(format!("{rolled_back:?}").contains("rolled back"), "{rolled_back:?}");
        let server = new.serve_as(more);
        server.get_as("/api/v1/tickets", &[("Authorization", manager)]).expect(401);
        for (subject, receipt) in &receipts {
            assert_followed(&server, receipt, subject);
        }
        server.ask("goes on");
        assert!(server.stop().success());
    }
    // The restored log goes on where the archives end.
    let since = shown(increment);
    let to = shown(&new.path("next.archive"));
    new.yinuo(&["backup", "--to", &to, "--since", &since, "--database", &target]).good();
}

/// A restore that hangs when so many records have arrived, as long as the session is held.
fn hanging(database: &str, records: u32) -> Held {
    query(
        database,
        &format!(
            "CREATE OR REPLACE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS
                $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END $$;
             CREATE OR REPLACE TRIGGER hang BEFORE INSERT ON records FOR EACH ROW
                WHEN (NEW.position > {records}) EXECUTE FUNCTION hang()"
        ),
    );
    Held::by(&cluster().url(database), "SELECT pg_advisory_lock(42)")
}

fn begin_and_hang(house: &House, database: &str, args: &[&str]) -> Begun {
    let child = house.yinuo_begun(args);
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND application_name = 'yinuo'
            AND wait_event_type = 'Lock' AND query LIKE '%INTO records%'"
    );
    until("the restore hangs", || (query("postgres", &sql) != "0").then_some(()));
    child
}

/// Something is arriving, and nothing serves it.
#[track_caller]
fn assert_half(house: &House, url: &str, records: &str) {
    for command in
        [&["serve", "--listen", "127.0.0.1:0"][..], &["replay"], &["user", "list"], &["verify", "ledger"]]
    {
        let said = house.yinuo(&[command, &["--database", url]].concat()).refused();
        assert!(said.contains("still arriving"), "{said}");
    }
    let half = "SELECT standing || ' ' || last_position FROM organisations";
    assert_eq!(yinuo_testbed::query(url, half), format!("arriving {records}"));
}

#[test]
fn a_restore_into_postgres_killed_or_doubled_is_never_served_in_halves() {
    let company = company("whole");
    let server = company.house.serve_as(&["--database", &company.url]);
    let receipts: Vec<Value> = (0..600).map(|number| server.ask(&format!("No-{number}"))).collect();
    assert!(server.stop().success());
    let full = company.back_up("full.archive", None);
    let (new, url) = (elsewhere(&company.house), cluster().create_database("halves"));
    let file = shown(&full);
    let args = ["restore", &file, "--to", &url];
    // The tables have to be there for the trigger.
    new.yinuo(&["restore", "--discard", "--to", &url]).good();

    for (records, arrived) in [(0, "0"), (300, "256"), (550, "512")] {
        let held = hanging("halves", records);
        let first = begin_and_hang(&new, "halves", &args);
        assert_half(&new, &url, arrived);
        if records == 300 {
            // Another one, while the first still works: it neither clears what has arrived nor gives it up.
            let said = new.yinuo(&args).refused();
            assert!(said.contains("another move or restore works on the organisation"), "{said}");
            let said = new.yinuo(&["--lang", "zh", "restore", "--discard", "--to", &url]).refused();
            assert!(said.contains("另一个迁移或恢复"), "{said}");
            assert_half(&new, &url, arrived);
        }
        drop(first);
        drop(held);
    }
    query("halves", "DROP FUNCTION hang CASCADE");

    // Its session is ended under it while it hangs: it gives up rather than go on where others may have been.
    let held = hanging("halves", 550);
    let mut first = begin_and_hang(&new, "halves", &args);
    query(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'halves' AND application_name = 'yinuo'",
    );
    let ended = until("the restore gives up", || first.ended());
    assert_eq!(ended.code(), Some(1));
    assert_half(&new, &url, "512");
    drop(held);
    query("halves", "DROP FUNCTION hang CASCADE");

    new.yinuo_killed_at("making lists anew", &args);
    new.yinuo(&["restore", "--discard", "--to", &url]).good();
    let half = "SELECT count(*) FROM records";
    if query("halves", half) == "0" {
        restore(&[&full], &new, &url).good();
    }
    assert!(new.yinuo(&["replay", "--database", &url]).good().out.contains("byte for byte"));
    let server = new.serve_as(&["--database", &url]);
    for (number, receipt) in receipts.iter().enumerate().step_by(60) {
        assert_followed(&server, receipt, &format!("No-{number}"));
    }
    assert!(server.stop().success());
}

#[test]
fn nothing_is_restored_under_a_running_server() {
    let company = company("busy");
    let full = company.back_up("full.archive", None);
    let (new, url) = (elsewhere(&company.house), cluster().create_database("served"));
    // It serves an organisation without a record, and holds the secrets of it.
    let server = new.serve_as(&["--database", &url]);
    until("it leads", || {
        let leads = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid <> 121 AND database =
            (SELECT oid FROM pg_database WHERE datname = 'served')";
        (query("served", leads) != "0").then_some(())
    });
    let said = restore(&[&full], &new, &url).refused();
    assert!(said.contains("a server is using the target database"), "{said}");
    server.get("/readyz").expect(200);
    assert!(server.stop().success());
    restore(&[&full], &new, &url).good();
    assert!(new.yinuo(&["replay", "--database", &url]).good().out.contains("byte for byte"));
}
