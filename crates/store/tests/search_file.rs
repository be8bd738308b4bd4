//! The file of the search index: what lies in it, and what becomes of one that cannot be used. A program of its own: a test
//! beside these that starts other programs could hold their files open for a moment.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod index;

use yinuo_language::search::Query;
use yinuo_ledger::{
    IndexStep, Log as _, Search as _,
    conformance::sample::{org, ticket, vault},
};
use yinuo_store::{Options, SqliteLedger};

use crate::index::{HOLDER, fill, found, key, state};

#[tokio::test]
async fn nothing_of_the_texts_lies_in_the_file_and_what_is_removed_leaves_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yinuo.db");
    let ledger = SqliteLedger::open(&path, &Options::default(), vault()).unwrap();
    let texts: Vec<String> = (0..50).map(|n| format!("独角兽 dishwasher {n} 号机漏水")).collect();
    fill(&ledger, &texts).await;
    let files = || -> Vec<u8> {
        let names = ["yinuo.db-search", "yinuo.db-search-wal"];
        names.iter().flat_map(|name| std::fs::read(folder.path().join(name)).unwrap_or_default()).collect()
    };
    let holds = |needle: &str| files().windows(needle.len()).any(|here| here == needle.as_bytes());
    // FTS5 keeps of a token what differs from the token before it in order: hardly ever less than its last seven letters.
    let token = Query::parse("\"49 号机\"").unwrap().phrases(&key()).wanted.remove(0).remove(0);
    let token = token.get(3..).unwrap();
    assert!(holds(token), "the token lies in the file");
    for word in ["独角兽", "dishwasher", "漏水"] {
        assert!(!holds(word), "{word}");
    }
    let step = IndexStep { from: 1, to: state(2), documents: Vec::new(), gone: vec![ticket(49)] };
    assert!(ledger.put_documents(&org(), HOLDER, step).await.unwrap());
    while ledger.sweep_index(&org()).await.unwrap() {}
    assert!(!holds(token), "nothing else has this number: its token is gone");
    assert_eq!(found(&ledger, &Query::parse("独角兽").unwrap()).await.len(), 49);
}

#[tokio::test]
async fn an_index_that_cannot_be_used_is_made_anew_and_never_keeps_the_desk_from_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yinuo.db");
    let index = folder.path().join("yinuo.db-search");
    let open = || SqliteLedger::open(&path, &Options::default(), vault()).unwrap();
    let ledger = open();
    fill(&ledger, &["空调".to_owned()]).await;
    drop(ledger);
    let ledger = open();
    assert_eq!(found(&ledger, &Query::parse("空调").unwrap()).await, [0], "it is there after a restart");
    drop(ledger);
    for damage in [&b"no database at all, but something else"[..], b""] {
        std::fs::write(&index, damage).unwrap();
        let ledger = open();
        assert_eq!(ledger.indexed(&org()).await.unwrap(), None, "begun anew");
        drop(ledger);
    }
    std::fs::remove_file(&index).unwrap();
    std::fs::create_dir(&index).unwrap();
    let ledger = open();
    assert!(ledger.indexed(&org()).await.is_err(), "said when somebody searches");
    assert_eq!(ledger.last_position(&org()).await.unwrap(), 0, "and everything else works");
}
