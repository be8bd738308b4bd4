//! What a file holds of people: sealed, gone for good after an erasure, and sealed anew in files of the older format.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path, sync::Arc};

use tempfile::TempDir;
use yinuo_commitment::{Kind, Language};
use yinuo_core::{
    id::{OrgId, PersonId},
    organisation::{OrganisationEntry, OrganisationEvent},
    roster::Actor,
    ticket::Event,
};
use yinuo_ledger::{
    Append, Enrolment, Log, Page, Persons, Stream, TicketFilter, Vault, Views,
    conformance::sample::{
        Counting, add, assigned, at, custody, enrolment, master_key, new_vault, next, noted, org, received,
        sealed_for, ticket, vault,
    },
    persons::{rewrap_some, secret_or_new},
    record::seal_organisation,
    vault::{Contact, ContactKind, Holder, INDEX_KEY, IndexKey, MasterKeys},
};
use yinuo_store::{OpenError, Options, SqliteLedger};

fn open_with(directory: &TempDir, vault: Arc<Vault>) -> Result<SqliteLedger, OpenError> {
    SqliteLedger::open(directory.path().join("yinuo.db"), &Options::default(), vault)
}

/// Every byte of the database and its write-ahead log.
fn bytes(directory: &Path) -> Vec<u8> {
    let mut bytes = fs::read(directory.join("yinuo.db")).unwrap();
    bytes.extend(fs::read(directory.join("yinuo.db-wal")).unwrap_or_default());
    bytes
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn person(n: u32) -> PersonId {
    custody(ticket(n)).person()
}

async fn wrapped(ledger: &SqliteLedger, n: u32) -> Vec<u8> {
    let kept = ledger.persons(&org(), &[person(n)]).await.unwrap().remove(&person(n)).unwrap();
    kept.wrapped.unwrap().as_bytes().to_vec()
}

async fn erase(ledger: &SqliteLedger, erases: Vec<PersonId>) {
    let tail = ledger.load_organisation(&org()).await.unwrap().map(|loaded| loaded.tail());
    let events = vec![OrganisationEvent::ExampleLoaded];
    let entry = OrganisationEntry { at: at(9_000), actor: Actor::System, events };
    let sealed = seal_organisation(&org(), tail, &entry, at(9_000));
    ledger.append(Append { erases, ..Append::new(sealed) }).await.unwrap();
}

#[tokio::test]
async fn an_erased_key_is_in_no_file() {
    let directory = tempfile::tempdir().unwrap();
    // Other nonces than those of the sample: what is looked for is to occur once.
    let own = Vault::new(MasterKeys::one(master_key(1)), Arc::new(Counting::from(1 << 40)));
    let ledger = open_with(&directory, Arc::new(own)).unwrap();
    // Enough for pages to split, again and again.
    for first in (1..=600).step_by(50) {
        let appends = (first..first + 50).map(|n| {
            let append = next(&org(), ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
            let contacts = vec![Contact(custody(ticket(n)).person().uuid().into_bytes())];
            Append { enrolment: Some(Enrolment { contacts, ..enrolment(&org(), ticket(n)) }), ..append }
        });
        assert!(ledger.append_many(appends.collect()).await.iter().all(Result::is_ok));
    }
    for n in [3, 30, 300, 599] {
        add(&ledger, &org(), ticket(n), &assigned(at(5_000), "care", None)).await.unwrap();
        add(&ledger, &org(), ticket(n), &noted(at(6_000), "漏水的是左边那台")).await.unwrap();
    }
    let mut before = Vec::new();
    for n in [3, 30, 300, 599] {
        before.push(wrapped(&ledger, n).await);
    }
    assert!(before.iter().all(|key| holds(&bytes(directory.path()), &key[9..])), "the test looks rightly");
    // Wrapped anew once, so that each key has lain in the file in two forms.
    let ring = format!("{}\n{}", *master_key(2).line(), *master_key(1).line());
    ledger.vault().reload(MasterKeys::parse(&ring).unwrap());
    while rewrap_some(&ledger, 100).await.unwrap() > 0 {}
    for n in [3, 30, 300, 599] {
        before.push(wrapped(&ledger, n).await);
    }
    let records = ledger.records_of(&org(), Stream::Ticket(ticket(30))).await.unwrap();
    let note = records[2].contents[0].sealed.to_vec();
    erase(&ledger, [3, 30, 300, 599].map(person).to_vec()).await;

    let log = fs::metadata(directory.path().join("yinuo.db-wal")).unwrap().len();
    assert_eq!(log, 0, "the write-ahead log is emptied before the erasure is acknowledged");
    let left = bytes(directory.path());
    for key in &before {
        // The id of the master key is no secret; what follows it is the key.
        assert!(!holds(&left, &key[9..]) && !holds(&left, &key[9..33]) && !holds(&left, &key[40..]));
    }
    assert!(!holds(&left, &note) && !holds(&left, &note[..24]));
    let kept = wrapped(&ledger, 31).await;
    assert!(holds(&left, &kept), "the key of another one is where it was");
    let verified = ledger.verify(&org()).await.unwrap();
    assert_eq!((verified.records, verified.erased), (609, 4 * 6 + 4));
}

#[tokio::test]
async fn words_do_not_lie_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open_with(&directory, new_vault()).unwrap();
    add(&ledger, &org(), ticket(1), &received(1, at(1), Kind::Repair)).await.unwrap();
    add(&ledger, &org(), ticket(1), &noted(at(2), "漏水的是左边那台")).await.unwrap();
    let rows = ledger.list_tickets(&org(), &TicketFilter::default(), &Page::first(9)).await.unwrap().rows;
    assert_eq!(rows[0].customer.text(), Some("王丽"));
    for closed in [false, true] {
        let held = bytes(directory.path());
        for words in ["王丽", "13800000000", "第 1 台机器停了", "指示灯", "左边", "5fk2-9q"] {
            assert!(!holds(&held, words.as_bytes()), "{words} (closed: {closed})");
        }
        assert!(holds(&held, b"TS-20251113-0001"), "the test looks rightly");
        if closed {
            return;
        }
        // Only now can the file be read without its log.
        erase(&ledger, Vec::new()).await;
    }
}

#[tokio::test]
async fn a_file_under_other_master_keys_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open_with(&directory, new_vault()).unwrap();
    add(&ledger, &org(), ticket(1), &received(1, at(1), Kind::Repair)).await.unwrap();
    secret_or_new(&ledger, &org(), INDEX_KEY, 32).await.unwrap();
    let path = directory.path().join("yinuo.db");
    let served = SqliteLedger::sealed_under(&path).unwrap();
    assert_eq!(served.into_iter().collect::<Vec<_>>(), [(master_key(1).id(), 2)], "also while it is served");
    drop(ledger);
    let before = fs::read(&path).unwrap();
    let other = Vault::new(MasterKeys::one(master_key(2)), Arc::new(Counting::default()));
    let error = open_with(&directory, Arc::new(other)).unwrap_err();
    let OpenError::Sealed { wanted, given, .. } = &error else { panic!("{error}") };
    assert_eq!((wanted.as_slice(), given.as_slice()), (&[master_key(1).id()][..], &[master_key(2).id()][..]));
    for language in [Language::Zh, Language::En] {
        let said = error.tell(language);
        assert!(said.contains(&wanted[0].to_string()) && said.contains(&given[0].to_string()), "{said}");
    }
    assert!(fs::read(&path).unwrap() == before);
    drop(open_with(&directory, new_vault()).unwrap());
    assert!(SqliteLedger::sealed_under(directory.path().join("none.db")).unwrap().is_empty());
    assert!(!directory.path().join("none.db").exists());
}

/// A file that a version wrote which kept words in plain: four requests, two of them by one customer.
fn older() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let file = rusqlite::Connection::open(directory.path().join("yinuo.db")).unwrap();
    file.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    file.execute_batch(include_str!("history/plain.sql")).unwrap();
    directory
}

#[tokio::test]
async fn a_file_of_the_older_format_is_sealed() {
    let directory = older();
    let words = [
        "旧客户甲",
        "旧客户丙",
        "138 0000 4321",
        "jia@example.com",
        "旧址一号",
        "旧标题",
        "旧文件里的正文",
        "663FXGYV",
    ];
    let plain = bytes(directory.path());
    assert!(words.iter().all(|word| holds(&plain, word.as_bytes())), "the test looks rightly");
    assert!(SqliteLedger::sealed_under(directory.path().join("yinuo.db")).unwrap().is_empty());
    let org = OrgId::new("main").unwrap();
    let old_digests = digests(&directory);
    for opened in 0..2 {
        let ledger = open_with(&directory, new_vault()).unwrap();
        for word in words {
            assert!(!holds(&bytes(directory.path()), word.as_bytes()), "{word} after opening {opened}");
        }
        let verified = ledger.verify(&org).await.unwrap();
        assert_eq!((verified.records, verified.contents, verified.erased), (7, 30, 0));
        let rows = ledger.list_tickets(&org, &TicketFilter::default(), &Page::first(9)).await.unwrap().rows;
        let mut names: Vec<_> = rows.iter().filter_map(|row| row.customer.text()).collect();
        names.sort_unstable();
        assert_eq!(names, ["旧客户丙", "旧客户乙", "旧客户甲", "旧客户甲"]);
        assert!(rows.iter().all(|row| row.subject.text().unwrap().starts_with("旧标题")));
        let loaded = ledger.load_ticket(&org, rows[0].ticket).await.unwrap().unwrap();
        assert!(
            matches!(&loaded.entries[0].events[0], Event::Received { body, .. } if body.text().unwrap().starts_with("旧文件"))
        );

        // One customer, found by either contact, however it is written.
        let key = secret_or_new(&ledger, &org, INDEX_KEY, 32).await.unwrap();
        let index = IndexKey::from_bytes(&key).unwrap();
        let phone = index.contact(ContactKind::Phone, "+8613800004321").unwrap();
        let email = index.contact(ContactKind::Email, "JIA@example.com").unwrap();
        let found = ledger.persons_by_contact(&org, &[phone, email]).await.unwrap();
        assert_eq!(found[&phone].person, found[&email].person);
        assert_eq!(ledger.tickets_of(&org, found[&phone].person).await.unwrap().len(), 2);
        let another = index.contact(ContactKind::Email, "bing@example.com").unwrap();
        assert_eq!(ledger.persons_by_contact(&org, &[another]).await.unwrap().len(), 1);
        assert_eq!(ledger.wrapped_counts().await.unwrap().into_values().collect::<Vec<_>>(), [4]);
        for (number, old) in old_digests.iter().enumerate() {
            let kept = ledger.find_idempotency(&org, &format!("old-key-{number}")).await.unwrap().unwrap();
            assert_eq!(kept.2, index.request(*old), "a digest of words became a keyed one");
        }
    }
}

fn digests(directory: &TempDir) -> Vec<[u8; 32]> {
    let connection = rusqlite::Connection::open(directory.path().join("yinuo.db")).unwrap();
    let mut statement = connection.prepare("SELECT digest FROM idempotency ORDER BY key").unwrap();
    let digests = statement.query_map([], |row| row.get(0)).unwrap();
    digests.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn a_damaged_file_of_the_older_format_is_left_as_it_is() {
    let directory = older();
    let path = directory.path().join("yinuo.db");
    let tool = rusqlite::Connection::open(&path).unwrap();
    tool.execute("UPDATE contents SET text = 'other words' WHERE position = 5 AND n = 0", []).unwrap();
    drop(tool);
    let before = fs::read(&path).unwrap();
    let error = open_with(&directory, new_vault()).unwrap_err();
    assert!(matches!(&error, OpenError::Damaged { what, .. } if what.contains("position 5")), "{error}");
    assert!(fs::read(&path).unwrap() == before, "nothing is half sealed");
}

#[tokio::test]
async fn a_person_who_comes_again_is_sealed_under_the_same_key() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = open_with(&directory, vault()).unwrap();
    add(&ledger, &org(), ticket(1), &received(1, at(1), Kind::Repair)).await.unwrap();
    let owner = custody(ticket(1));
    let again = sealed_for(&owner, &org(), ticket(2), &[], None, &received(2, at(2), Kind::Praise));
    let enrolment = Enrolment { person: owner.person(), new: None, contacts: Vec::new() };
    ledger.append(Append { enrolment: Some(enrolment), ..again }).await.unwrap();
    drop(ledger);
    let ledger = open_with(&directory, new_vault()).unwrap();
    let loaded = ledger.load_ticket(&org(), ticket(2)).await.unwrap().unwrap();
    assert_eq!(loaded.custody().unwrap(), &owner);
    let kept = ledger.secret(&org(), INDEX_KEY).await.unwrap();
    assert!(kept.is_none(), "secrets are made by whoever needs them");
    let made = secret_or_new(&ledger, &org(), INDEX_KEY, 32).await.unwrap();
    drop(ledger);
    let ledger = open_with(&directory, new_vault()).unwrap();
    let kept = ledger.secret(&org(), INDEX_KEY).await.unwrap().unwrap();
    assert_eq!(ledger.vault().unwrap(&org(), &Holder::Secret(INDEX_KEY.into()), &kept).unwrap(), made);
}
