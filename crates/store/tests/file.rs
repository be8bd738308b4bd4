//! The database file: what is refused, what survives, what happens without room.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, io::Write as _, path::Path, sync::Arc};

use tempfile::TempDir;
use yinuo_commitment::{Kind, Language};
use yinuo_ledger::{
    Accounts, Append, Idempotency, LedgerError, Log, Page, Replay, TicketFilter, Views,
    conformance::sample::{
        add, assigned, at, closed, member, next, noted, org, received, refold, ticket, vault,
    },
};
use yinuo_store::{OpenError, Options, SqliteLedger};

fn open(directory: &TempDir) -> SqliteLedger {
    SqliteLedger::open(directory.path().join("yinuo.db"), &Options::default(), vault()).unwrap()
}

fn refused(directory: &TempDir) -> OpenError {
    SqliteLedger::open(directory.path().join("yinuo.db"), &Options::default(), vault()).unwrap_err()
}

async fn fill(ledger: &SqliteLedger, tickets: std::ops::RangeInclusive<u32>) {
    for n in tickets {
        add(ledger, &org(), ticket(n), &received(n, at(i64::from(n)), Kind::Repair)).await.unwrap();
        add(ledger, &org(), ticket(n), &assigned(at(1000), "care", Some(member(n % 3)))).await.unwrap();
    }
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(&directory);
    fill(&ledger, 1..=20).await;
    let number = ledger.next_number(&org(), jiff::civil::date(2026, 11, 21)).await.unwrap();
    let dump = ledger.dump_views(&org()).await.unwrap();
    drop(ledger);
    let ledger = open(&directory);
    assert_eq!(ledger.dump_views(&org()).await.unwrap(), dump);
    assert_eq!(ledger.verify(&org()).await.unwrap().records, 40);
    let again = ledger.next_number(&org(), jiff::civil::date(2026, 11, 21)).await.unwrap();
    assert_eq!((number, again), (1, 1), "a number that no ticket uses is given again");
    fill(&ledger, 21..=21).await;
    assert_eq!(ledger.last_position(&org()).await.unwrap(), 42);
}

#[tokio::test]
async fn the_log_of_a_process_that_was_killed_is_whole() {
    // What a killed process leaves behind: the file and its write-ahead log as they are, nothing closed.
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(&directory);
    fill(&ledger, 1..=30).await;
    let after = tempfile::tempdir().unwrap();
    for name in ["yinuo.db", "yinuo.db-wal"] {
        fs::copy(directory.path().join(name), after.path().join(name)).unwrap();
    }
    assert!(fs::metadata(after.path().join("yinuo.db-wal")).unwrap().len() > 0);
    // Half a page at the end of the log, as of a write that was cut off.
    let wal = fs::OpenOptions::new().append(true).open(after.path().join("yinuo.db-wal"));
    wal.unwrap().write_all(&[0x5a; 2048]).unwrap();
    let left = open(&after);
    assert_eq!(left.dump_views(&org()).await.unwrap(), ledger.dump_views(&org()).await.unwrap());
    assert_eq!(left.verify(&org()).await.unwrap(), ledger.verify(&org()).await.unwrap());
}

#[tokio::test]
async fn a_rebuild_gives_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(&directory);
    // More tickets and records than a chunk or a batch of the rebuild holds.
    let mut appends = Vec::new();
    for n in 1..=700 {
        appends.push(next(
            &org(),
            ticket(n),
            &[],
            None,
            &received(n, at(i64::from(n % 50)), Kind::Complaint),
        ));
    }
    assert!(ledger.append_many(appends).await.iter().all(Result::is_ok));
    fill_more(&ledger).await;
    let before = ledger.dump_views(&org()).await.unwrap();
    assert_eq!(ledger.rebuild(&org(), refold()).await.unwrap(), 700);
    assert_eq!(ledger.dump_views(&org()).await.unwrap(), before);
}

async fn fill_more(ledger: &SqliteLedger) {
    for n in (1..=700).step_by(7) {
        add(ledger, &org(), ticket(n), &assigned(at(900), "care", Some(member(n % 3)))).await.unwrap();
        if n.is_multiple_of(2) {
            add(ledger, &org(), ticket(n), &closed(at(1000))).await.unwrap();
        }
    }
    // One stream longer than a chunk.
    for second in 0..300 {
        add(ledger, &org(), ticket(3), &noted(at(2000 + second), "还在等零件")).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_tasks_append_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = Arc::new(open(&directory));
    let tasks: Vec<_> = (0..64_u32)
        .map(|task| {
            let ledger = Arc::clone(&ledger);
            tokio::spawn(async move {
                for turn in 0..3 {
                    let n = task * 3 + turn + 1;
                    let first = received(n, at(i64::from(n)), Kind::Repair);
                    ledger.append(next(&org(), ticket(n), &[], None, &first)).await.unwrap();
                    // All tasks fight for ticket 0 as well, each until it gets in once.
                    loop {
                        let entry = if ledger.load_ticket(&org(), ticket(0)).await.unwrap().is_none() {
                            received(0, at(0), Kind::Praise)
                        } else {
                            noted(at(i64::from(n)), &format!("from {n}"))
                        };
                        match add(&*ledger, &org(), ticket(0), &entry).await {
                            Ok(()) => break,
                            Err(LedgerError::Conflict { .. } | LedgerError::NumberTaken { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(ledger.load_ticket(&org(), ticket(0)).await.unwrap().unwrap().version, 192);
    let verified = ledger.verify(&org()).await.unwrap();
    assert_eq!((verified.streams, verified.records), (193, 384));
    assert_eq!(
        ledger.list_tickets(&org(), &TicketFilter::default(), &Page::first(1000)).await.unwrap().rows.len(),
        193
    );
}

#[tokio::test]
async fn without_room_nothing_is_acknowledged_and_the_rest_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { max_pages: Some(120), ..Options::default() };
    let ledger = SqliteLedger::open(directory.path().join("yinuo.db"), &options, vault()).unwrap();
    let mut kept = 0;
    let error = loop {
        let n = kept + 1;
        let append = next(&org(), ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
        let key = Idempotency { key: format!("k{n}"), digest: [0; 32] };
        match ledger.append(Append { idempotency: Some(key), ..append }).await {
            Ok(appended) => assert_eq!(appended.position, u64::from(n)),
            Err(error) => break error,
        }
        kept = n;
    };
    assert!(matches!(error, LedgerError::Full), "{error}");
    assert!(kept > 20, "{kept}");
    // A batch in which one change and many appends share the fate.
    let appends: Vec<_> =
        (900..950).map(|n| next(&org(), ticket(n), &[], None, &received(n, at(0), Kind::Repair))).collect();
    let answers = ledger.append_many(appends).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(LedgerError::Full))));
    let password = ledger.set_password_hash(&org(), member(1), &"x".repeat(100_000)).await;
    assert!(matches!(password, Err(LedgerError::Full)), "{password:?}");

    // Reading goes on, and nothing of what was refused is there.
    assert_eq!(ledger.verify(&org()).await.unwrap().records, u64::from(kept));
    assert_eq!(ledger.last_position(&org()).await.unwrap(), u64::from(kept));
    assert_eq!(ledger.counts(&org(), at(0)).await.unwrap().open, u64::from(kept));
    assert_eq!(ledger.find_idempotency(&org(), &format!("k{}", kept + 1)).await.unwrap(), None);
    assert!(ledger.load_ticket(&org(), ticket(900)).await.unwrap().is_none());
    drop(ledger);
    // With room again it goes on where it stood.
    let ledger = open(&directory);
    let n = kept + 1;
    let append = next(&org(), ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
    assert_eq!(ledger.append(append).await.unwrap().position, u64::from(n));
}

#[tokio::test]
async fn a_second_opener_is_refused_until_the_first_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(&directory);
    assert!(matches!(refused(&directory), OpenError::InUse { .. }));
    drop(first);
    drop(open(&directory));
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path.join("yinuo.db"), bytes).unwrap();
}

#[tokio::test]
async fn files_of_others_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    for bytes in [b"Dear customer, thank you".as_slice(), b"x", &[0; 5000]] {
        write(directory.path(), bytes);
        assert!(matches!(refused(&directory), OpenError::Foreign { .. }));
        assert_eq!(fs::read(directory.path().join("yinuo.db")).unwrap(), bytes);
    }
    fs::remove_file(directory.path().join("yinuo.db")).unwrap();
    let other = rusqlite::Connection::open(directory.path().join("yinuo.db")).unwrap();
    other.execute_batch("CREATE TABLE recipes (name TEXT); PRAGMA user_version = 1;").unwrap();
    drop(other);
    let before = fs::read(directory.path().join("yinuo.db")).unwrap();
    let error = refused(&directory);
    assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(directory.path().join("yinuo.db")).unwrap(), before);
    assert!(error.tell(Language::Zh).contains("不是一诺的数据库"));
    assert!(error.tell(Language::En).contains("is not a database of Yinuo"));
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(&directory));
    let newer = rusqlite::Connection::open(directory.path().join("yinuo.db")).unwrap();
    newer.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(newer);
    let error = refused(&directory);
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
    assert!(error.tell(Language::En).contains("Install the newer version"));
}

#[tokio::test]
async fn a_damaged_page_is_found_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open(&directory);
    fill(&ledger, 1..=200).await;
    drop(ledger);
    let path = directory.path().join("yinuo.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 50);
    for page in [1, pages / 3, pages / 2] {
        let mut bytes = whole.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0xa5);
        fs::write(&path, &bytes).unwrap();
        let error = refused(&directory);
        assert!(matches!(error, OpenError::Damaged { .. }), "page {page}: {error}");
    }
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = refused(&directory);
    assert!(matches!(error, OpenError::Damaged { .. }), "half a file: {error}");
    fs::write(&path, &whole).unwrap();
    drop(open(&directory));
}

/// Changes the file behind the ledger's back, as somebody with a database tool would.
fn tamper(directory: &TempDir, sql: &str) {
    let connection = rusqlite::Connection::open(directory.path().join("yinuo.db")).unwrap();
    assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
}

#[tokio::test]
async fn what_was_changed_by_hand_is_found() {
    let cases = [
        ("UPDATE records SET body = replace(body, 'repair', 'praise') WHERE position = 3", true, 3),
        ("UPDATE records SET hash = zeroblob(32) WHERE position = 3", true, 3),
        ("UPDATE contents SET sealed = zeroblob(length(sealed)) WHERE position = 3 AND n = 2", true, 3),
        ("UPDATE contents SET n = 99 WHERE position = 3 AND n = 2", true, 3),
        ("UPDATE contents SET position = 3, n = 7 WHERE position = 1 AND n = 2", false, 0),
        ("UPDATE contents SET sealed = x'00' WHERE position = 3 AND n = 2", true, 3),
        ("DELETE FROM contents WHERE position = 3", true, 3),
        ("DELETE FROM contents WHERE position = 3 AND n = 2", true, 3),
        ("DELETE FROM custody WHERE ticket = (SELECT stream FROM records WHERE position = 3)", true, 3),
        (
            "UPDATE custody SET person = (SELECT person FROM custody ORDER BY ticket LIMIT 1) WHERE ticket = (SELECT stream FROM records WHERE position = 3)",
            true,
            3,
        ),
        ("DELETE FROM persons WHERE id = 2", true, 3),
        ("UPDATE persons SET wrapped = substr(wrapped, 1, length(wrapped) - 1) WHERE id = 2", false, 0),
        ("UPDATE persons SET wrapped = (SELECT wrapped FROM persons WHERE id = 1) WHERE id = 2", false, 0),
        ("DELETE FROM records WHERE position = 3", true, 4),
        ("DELETE FROM records WHERE position IN (3, 4)", false, 0),
        (
            "UPDATE records SET stream = (SELECT stream FROM records WHERE position = 1), seq = 3 WHERE position = 3",
            true,
            3,
        ),
    ];
    for (sql, named, position) in cases {
        let directory = tempfile::tempdir().unwrap();
        let ledger = open(&directory);
        fill(&ledger, 1..=4).await;
        drop(ledger);
        tamper(&directory, sql);
        let ledger = open(&directory);
        match ledger.verify(&org()).await {
            Err(LedgerError::Corrupt { position: found, .. }) if !named || found == position => {}
            other => panic!("{sql}: {other:?}"),
        }
        if position == 3 && !sql.contains("stream") {
            assert!(
                matches!(ledger.load_ticket(&org(), ticket(2)).await, Err(LedgerError::Corrupt { .. })),
                "{sql}"
            );
        }
        assert!(ledger.load_ticket(&org(), ticket(4)).await.unwrap().is_some());
    }
}
