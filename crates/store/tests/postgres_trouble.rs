//! PostgreSQL in trouble: away, slow, killed, foreign, newer. Nothing acknowledged is lost, and everybody gets an answer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, process::Command, sync::Arc, time::Duration};

use jiff::civil::date;
use yinuo_commitment::{Kind, Language};
use yinuo_ledger::{
    Accounts as _, Alarms as _, Append, Appended, Idempotency, LedgerError, Log as _, Tree as _,
    conformance::sample::{at, next, org, received, ticket, vault},
    transfer::{Standing, Transfer as _},
};
use yinuo_store::{PostgresError, PostgresLedger, PostgresOptions};
use yinuo_testbed::{Options, PostgresCluster, until};

async fn open(url: &str, options: &PostgresOptions) -> Result<PostgresLedger, PostgresError> {
    PostgresLedger::connect(url, options, vault()).await
}

/// As short as trouble may be in a test, long enough for a busy machine.
fn short() -> PostgresOptions {
    PostgresOptions {
        lock_timeout: Duration::from_millis(300),
        statement_timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(3),
        start_patience: Duration::from_secs(20),
        ..PostgresOptions::default()
    }
}

/// The intake of ticket `n`, under a key of its own.
fn intake(n: u32) -> Append {
    let key = Idempotency { key: format!("key-{n}"), digest: [7; 32] };
    let append = next(&org(), ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
    Append { idempotency: Some(key), ..append }
}

/// What a client does: the same request again until it is answered. Its key says whether an earlier try was kept.
async fn insist(ledger: &PostgresLedger, n: u32) -> Option<Appended> {
    loop {
        match ledger.append(intake(n)).await {
            Ok(appended) => return Some(appended),
            Err(LedgerError::Duplicate { same_request: true, .. }) => return None,
            Err(LedgerError::Unavailable { .. }) => tokio::task::yield_now().await,
            Err(other) => panic!("{other}"),
        }
    }
}

/// Every ticket from 1 to `count` is there once, at positions without gaps.
async fn is_whole(ledger: &PostgresLedger, count: u32) {
    let verified = loop {
        match ledger.verify(&org()).await {
            Ok(verified) => break verified,
            Err(LedgerError::Unavailable { .. }) => tokio::task::yield_now().await,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!((verified.records, verified.streams), (u64::from(count), u64::from(count)));
    let heads = ledger.read_heads(&org(), 0, count + 10).await.unwrap();
    let positions: Vec<u64> = heads.iter().map(|head| head.position).collect();
    assert_eq!(positions, (1..=u64::from(count)).collect::<Vec<_>>());
    let tickets: BTreeSet<_> = heads.iter().filter_map(|head| head.stream.ticket()).collect();
    assert_eq!(tickets, (1..=count).map(ticket).collect());
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The processes that serve the product's connections to `database`.
fn backends(cluster: &PostgresCluster, database: &str) -> Vec<String> {
    let sql = format!(
        "SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND application_name = 'yinuo' ORDER BY pid"
    );
    cluster.query("postgres", &sql).lines().map(str::to_owned).collect()
}

#[test]
fn killed_backends_and_a_killed_server_lose_nothing() {
    let cluster = PostgresCluster::start(&Options { fsync: true, ..Options::default() });
    let url = cluster.create_database("desk");
    let runtime = runtime();
    let ledger = Arc::new(runtime.block_on(open(&url, &short())).unwrap());
    let clients: Vec<_> = (0..8_u32)
        .map(|client| {
            let ledger = Arc::clone(&ledger);
            runtime.spawn(async move {
                for n in 0..40 {
                    insist(&ledger, client * 40 + n + 1).await;
                }
            })
        })
        .collect();
    let reached = |count: usize| {
        until("requests are kept", || {
            let kept = cluster.query("desk", "SELECT coalesce(max(last_position), 0) FROM organisations");
            (kept.parse::<usize>().unwrap() >= count).then_some(())
        });
    };
    reached(20);
    // One after the other; the server ends all of its other sessions too when one of them dies like this.
    let pid = backends(&cluster, "desk").into_iter().next().unwrap();
    assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    until("the server is back", || {
        let ready = Command::new(yinuo_testbed::postgres_program("psql"))
            .args(["-XAtd", &url, "-c", "SELECT 1"])
            .output()
            .unwrap();
        ready.status.success().then_some(())
    });
    reached(100);
    cluster.kill();
    cluster.restart();
    for client in clients {
        runtime.block_on(client).unwrap();
    }
    runtime.block_on(is_whole(&ledger, 320));
    runtime.block_on(async {
        // What was not heard while nobody listened is told once somebody listens again.
        let mut appended = ledger.appended();
        appended.mark_unchanged();
        insist(&ledger, 321).await;
        appended.changed().await.unwrap();
    });
}

#[test]
fn a_lock_that_somebody_holds_is_waited_for_a_bounded_time() {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("desk");
    runtime().block_on(async {
        let ledger = open(&url, &short()).await.unwrap();
        ledger.append(intake(1)).await.unwrap();
        let (holder, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        holder.batch_execute("BEGIN; SELECT * FROM organisations FOR UPDATE").await.unwrap();
        let refused = ledger.append(intake(2)).await;
        assert!(matches!(&refused, Err(LedgerError::Unavailable { .. })), "{refused:?}");
        holder.batch_execute("ROLLBACK").await.unwrap();
        assert_eq!(ledger.append(intake(2)).await.unwrap().position, 2);

        // A process that was paused inside its transaction is put out of the way.
        let paused = PostgresOptions { lock_timeout: Duration::from_secs(20), ..short() };
        let patient = open(&url, &paused).await.unwrap();
        holder
            .batch_execute("SET idle_in_transaction_session_timeout = '300ms'; BEGIN; SELECT * FROM organisations FOR UPDATE")
            .await
            .unwrap();
        assert_eq!(patient.append(intake(3)).await.unwrap().position, 3);
        is_whole(&ledger, 3).await;
    });
}

#[test]
fn a_full_queue_turns_away_and_a_poisoned_request_harms_itself_alone() {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("desk");
    runtime().block_on(async {
        let ledger = open(&url, &short()).await.unwrap();
        // No index of PostgreSQL can hold this key; and no text of it this character.
        let long: String = (0..9_000_u32).map(|n| char::from(b'a' + (n * n % 7919 % 26) as u8)).collect();
        let poisoned = |n, key: String| {
            let key = Idempotency { key, digest: [1; 32] };
            Append { idempotency: Some(key), ..intake(n) }
        };
        let batch = vec![intake(1), poisoned(5, long), intake(2), poisoned(6, "nul \0".into()), intake(3)];
        let answers = ledger.append_many(batch).await;
        assert_eq!(answers[0].as_ref().unwrap().position, 1);
        assert!(matches!(answers[1], Err(LedgerError::Unfit { .. })), "{:?}", answers[1]);
        assert_eq!(answers[2].as_ref().unwrap().position, 2);
        assert!(matches!(answers[3], Err(LedgerError::Unfit { .. })), "{:?}", answers[3]);
        assert_eq!(answers[4].as_ref().unwrap().position, 3);
        assert_eq!(ledger.find_idempotency(&org(), "nul \0").await.unwrap(), None);
        is_whole(&ledger, 3).await;

        // A server without room says so; nothing of the batch is kept, and it goes on when there is room.
        let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON contents EXECUTE FUNCTION full_disk()";
        cluster.query("desk", full);
        assert!(matches!(ledger.append(intake(4)).await, Err(LedgerError::Full)));
        cluster.query("desk", "DROP TRIGGER full_disk ON contents");
        ledger.append(intake(4)).await.unwrap();
        is_whole(&ledger, 4).await;
        drop(ledger);

        let narrow = open(&url, &PostgresOptions { queue: 1, batch: 1, ..short() }).await.unwrap();
        let (holder, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        holder.batch_execute("BEGIN; SELECT * FROM organisations FOR UPDATE").await.unwrap();
        let waiting = yinuo_ledger::conformance::join_all((5..15).map(|n| narrow.append(intake(n)))).await;
        let told: Vec<String> =
            waiting.iter().map(|answer| answer.as_ref().unwrap_err().to_string()).collect();
        assert!(told.iter().filter(|why| why.contains("too many requests wait")).count() >= 8, "{told:?}");
        holder.batch_execute("ROLLBACK").await.unwrap();
        narrow.append(intake(5)).await.unwrap();
    });
}

#[test]
fn two_nodes_share_one_log() {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("desk");
    runtime().block_on(async {
        // Both make the tables at the same moment.
        let options = short();
        let both = yinuo_ledger::conformance::join_all([open(&url, &options), open(&url, &options)]).await;
        let [one, two] =
            <[PostgresLedger; 2]>::try_from(both.into_iter().map(Result::unwrap).collect::<Vec<_>>())
                .unwrap();
        let mut heard = two.appended();
        heard.mark_unchanged();
        let appends =
            (1..=60_u32).map(|n| if n.is_multiple_of(2) { insist(&one, n) } else { insist(&two, n) });
        yinuo_ledger::conformance::join_all(appends).await;
        heard.changed().await.unwrap();
        is_whole(&one, 60).await;

        let day = date(2026, 11, 21);
        let (acme, nodes) = (org(), [&one, &two]);
        let asked = (0..50).map(|n| nodes[n % 2].next_number(&acme, day));
        let mut given: Vec<u32> =
            yinuo_ledger::conformance::join_all(asked).await.into_iter().map(Result::unwrap).collect();
        given.sort_unstable();
        assert_eq!(given, (1..=50).collect::<Vec<_>>(), "each number once, whichever node asked");

        let (now, lease) = (at(100_000), jiff::SignedDuration::from_secs(10));
        let claims = nodes.map(|node| node.claim_alarms(&acme, now, 40, now, lease));
        let mut claimed = BTreeSet::new();
        for claim in yinuo_ledger::conformance::join_all(claims).await {
            for alarm in claim.unwrap() {
                assert!(claimed.insert(alarm.ticket), "two nodes work on {}", alarm.ticket);
            }
        }

        // The sequencer's role moves when the session of its holder ends, and the old holder can do nothing any more.
        let lead = one.lead(&org()).await.unwrap().unwrap();
        assert!(two.lead(&org()).await.unwrap().is_none());
        let leaders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'";
        cluster.query("desk", leaders);
        let mut other = two.lead(&org()).await.unwrap();
        while other.is_none() {
            other = two.lead(&org()).await.unwrap();
        }
        assert!(lead.step_down().await.is_err());
        assert!(one.lead(&org()).await.unwrap().is_none());
        other.unwrap().step_down().await.unwrap();
    });
}

#[test]
fn what_is_not_a_database_of_ours_is_left_as_it_is() {
    let cluster = PostgresCluster::start(&Options::default());
    let runtime = runtime();
    let refused = |url: &str, options: &PostgresOptions| runtime.block_on(open(url, options)).unwrap_err();
    let foreign = cluster.create_database("foreign");
    cluster.query("foreign", "CREATE TABLE invoices (id int); INSERT INTO invoices VALUES (1)");
    assert!(matches!(refused(&foreign, &short()), PostgresError::Foreign { .. }));
    let tables = "SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(cluster.query("foreign", tables), "invoices");

    let empty = cluster.create_database("empty");
    let existing = PostgresOptions { existing_only: true, ..short() };
    assert!(matches!(refused(&empty, &existing), PostgresError::Empty { .. }));
    assert_eq!(cluster.query("empty", tables), "");

    let newer = cluster.create_database("newer");
    runtime.block_on(async { drop(open(&newer, &short()).await.unwrap()) });
    cluster.query("newer", "UPDATE yinuo_format SET format = 99");
    assert!(matches!(refused(&newer, &short()), PostgresError::Newer { found: 99, .. }));

    cluster.query("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    let latin = refused(&cluster.url("latin"), &short());
    assert!(latin.to_string().contains("LATIN1"), "{latin}");

    // Beside the tables of another program, in a schema of its own.
    cluster.query("foreign", "CREATE SCHEMA yinuo");
    let url = format!("{foreign}?options=-csearch_path%3Dyinuo");
    runtime.block_on(async {
        let ledger = open(&url, &short()).await.unwrap();
        ledger.append(intake(1)).await.unwrap();
    });
    assert_eq!(cluster.query("foreign", "SELECT count(*) FROM yinuo.records"), "1");
}

#[test]
fn who_is_not_let_in_is_told_why_without_the_password() {
    let scram = "host all guarded 127.0.0.1/32 scram-sha-256".to_owned();
    let cluster = PostgresCluster::start(&Options { tcp: true, access: vec![scram], ..Options::default() });
    cluster.create_database("desk");
    cluster.query("postgres", "CREATE ROLE guarded LOGIN PASSWORD 'right'");
    cluster.query("desk", "GRANT ALL ON SCHEMA public TO guarded");
    let runtime = runtime();
    let port = cluster.port();
    let refused = |url: &str| {
        let error = runtime.block_on(open(url, &short())).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("wr0ng"), "{error:?}");
        for language in [Language::Zh, Language::En] {
            assert!(!error.tell(language).contains("wr0ng") && !error.tell(language).is_empty());
        }
        error
    };
    let wrong = refused(&format!("postgres://guarded:wr0ng@127.0.0.1:{port}/desk"));
    assert!(matches!(&wrong, PostgresError::Refused { what, .. } if what.contains("28P01")), "{wrong:?}");
    let missing = refused(&format!("postgres://guarded:right@127.0.0.1:{port}/nowhere"));
    assert!(matches!(&missing, PostgresError::Refused { what, .. } if what.contains("3D000")), "{missing:?}");
    runtime.block_on(async {
        let url = format!("postgres://guarded:right@127.0.0.1:{port}/desk");
        open(&url, &short()).await.unwrap().append(intake(1)).await.unwrap();
    });
    cluster.stop();
    let patience = PostgresOptions { start_patience: Duration::from_millis(500), ..short() };
    let url = format!("postgres://guarded:wr0ng@127.0.0.1:{port}/desk");
    let away = runtime.block_on(open(&url, &patience)).unwrap_err();
    assert!(matches!(away, PostgresError::Unreachable { .. }), "{away:?}");
    let told = away.tell(Language::En);
    assert!(told.contains(&format!("127.0.0.1:{port}")) && !told.contains("wr0ng"), "{told}");
}

#[test]
fn a_server_that_is_away_is_told_at_once_and_comes_back_by_itself() {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("desk");
    runtime().block_on(async {
        let ledger = open(&url, &short()).await.unwrap();
        ledger.append(intake(1)).await.unwrap();
        cluster.stop();
        for n in 2..40 {
            let refused = ledger.append(intake(n)).await;
            assert!(matches!(&refused, Err(LedgerError::Unavailable { .. })), "{refused:?}");
        }
        for _ in 0..20 {
            assert!(matches!(ledger.last_position(&org()).await, Err(LedgerError::Unavailable { .. })));
            let day = date(2026, 11, 21);
            assert!(matches!(ledger.next_number(&org(), day).await, Err(LedgerError::Unavailable { .. })));
        }
        cluster.restart();
        insist(&ledger, 2).await;
        is_whole(&ledger, 2).await;
        let now = ledger.database_now().await.unwrap().unwrap();
        assert!(ledger.find_session(&org(), &[1; 32], now).await.unwrap().is_none());
    });
}

#[test]
fn connections_are_encrypted_and_servers_verified() {
    let cluster = PostgresCluster::start(&Options { tcp: true, ..Options::default() });
    let files =
        |name: &str| std::fs::read(format!("{}/tests/tls/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for (setting, name) in [("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key")] {
        let file = cluster.folder().write(name, files(name));
        cluster.query("postgres", &format!("ALTER SYSTEM SET {setting} = '{}'", file.display()));
    }
    cluster.query("postgres", "ALTER SYSTEM SET ssl = on");
    let url = cluster.create_database("desk");
    cluster.restart();
    let runtime = runtime();
    let tls = format!("{}/tests/tls", env!("CARGO_MANIFEST_DIR"));
    let encrypted = |query: &str| {
        let ledger = runtime.block_on(open(&format!("{url}{query}"), &short())).unwrap();
        let sql = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'yinuo'";
        let all = cluster.query("postgres", sql);
        drop(ledger);
        let gone = || backends(&cluster, "desk").is_empty().then_some(());
        until("the sessions are gone", gone);
        all
    };
    assert_eq!(encrypted("?sslmode=disable"), "f");
    assert_eq!(encrypted(""), "t", "wherever the server can");
    assert_eq!(encrypted("?sslmode=require"), "t");
    assert_eq!(encrypted(&format!("?sslmode=verify-full&sslrootcert={tls}/ca.pem")), "t");
    let hurried = PostgresOptions { start_patience: Duration::from_secs(2), ..short() };
    for query in [
        format!("?sslmode=verify-full&sslrootcert={tls}/other-ca.pem"),
        format!("?sslmode=require&sslrootcert={tls}/other-ca.pem"),
    ] {
        let refused = runtime.block_on(open(&format!("{url}{query}"), &hurried)).unwrap_err();
        assert!(refused.to_string().contains("certificate"), "{refused}");
    }
    let by_name = url.replace("127.0.0.1", "localhost");
    let refused = runtime
        .block_on(open(&format!("{by_name}?sslmode=verify-full&sslrootcert={tls}/ca.pem"), &hurried))
        .unwrap_err();
    assert!(refused.to_string().contains("certificate"), "another name: {refused}");
}

#[test]
fn an_import_that_was_lost_to_another_one_puts_nothing_in_service() {
    let cluster = PostgresCluster::start(&Options::default());
    let url = cluster.create_database("desk");
    runtime().block_on(async {
        let (one, two) = (open(&url, &short()).await.unwrap(), open(&url, &short()).await.unwrap());
        let org = org();
        // A server is at work, if only for an organisation that has no record yet.
        let lead = one.lead(&org).await.unwrap().unwrap();
        let refused = two.begin_import(&org).await;
        assert!(matches!(refused, Err(LedgerError::InUse { server: true })), "{refused:?}");
        assert_eq!(two.standing(&org).await.unwrap(), Standing::Open);
        lead.step_down().await.unwrap();

        assert_eq!(one.begin_import(&org).await.unwrap(), 0);
        for refused in [two.begin_import(&org).await.map(drop), two.discard_import(&org).await] {
            assert!(matches!(refused, Err(LedgerError::InUse { server: false })), "{refused:?}");
        }
        // The session of the first one ends, and the second one takes over.
        for pid in backends(&cluster, "desk") {
            cluster.query("postgres", &format!("SELECT pg_terminate_backend({pid})"));
        }
        loop {
            match two.begin_import(&org).await {
                Ok(0) => break,
                Err(LedgerError::Unavailable { .. } | LedgerError::InUse { .. }) => {
                    tokio::task::yield_now().await;
                }
                other => panic!("{other:?}"),
            }
        }
        loop {
            match one.open_import(&org).await {
                Err(LedgerError::InUse { server: false }) => break,
                Err(LedgerError::Unavailable { .. }) => tokio::task::yield_now().await,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(two.standing(&org).await.unwrap(), Standing::Arriving);
        two.open_import(&org).await.unwrap();
        assert_eq!(two.standing(&org).await.unwrap(), Standing::Open);
        // Whoever is done lets go.
        one.begin_import(&org).await.unwrap();
        one.discard_import(&org).await.unwrap();
        two.begin_import(&org).await.unwrap();
    });
}
