//! Receipts: what holds, and how everything that does not hold is found and told.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yinuo_commitment::{Kind, Language};
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Checkpoint, Hash, Ledger, Log, MemoryLedger, Stored, Tree, chain,
    checkpoint::{KeyKind, LogKey, VerifierKey},
    conformance::sample::{add, at, custody, noted, number, org, received, ticket, vault},
    receipt::{Confirmed, Evidence, Part, RECEIPT_MAX_BYTES, Receipt, ReceiptError},
    tree::{Frontier, Growth, KeptCheckpoint, TreeReader, record_leaf},
};

const SUBJECT: &str = "第 2 台机器停了";

fn key(seed: u8) -> LogKey {
    LogKey::new("yinuo.local/acme", KeyKind::Log, &[seed; 32]).unwrap()
}

/// Signs what is there.
async fn sign(ledger: &MemoryLedger, org: &OrgId, key: &LogKey) {
    let (mut frontier, mut tiles) = (Frontier::new(), Vec::new());
    for leaf in ledger.leaves(org, 0, 10_000).await.unwrap() {
        frontier.push(record_leaf(leaf), |tile| tiles.push(tile));
    }
    let (size, root) = (frontier.size(), frontier.root());
    let note = key.sign(&Checkpoint { origin: key.verifier().name().into(), size, root }).to_string();
    let checkpoint = KeptCheckpoint { size, root, at: at(0), note };
    let mut lead = ledger.lead(org).await.unwrap().unwrap();
    lead.grow(Growth { from_size: 0, tiles, checkpoint }).await.unwrap();
}

async fn receipt(ledger: &dyn Ledger, stored: &Stored, key: &LogKey) -> Receipt {
    let org = org();
    let checkpoint = ledger.checkpoint(&org).await.unwrap().unwrap();
    let mut reader = TreeReader::new(ledger, &org, checkpoint.size);
    let proof = reader.inclusion(stored.position - 1).await.unwrap();
    let contents = custody(stored.stream.ticket().unwrap()).open(&org, stored).unwrap();
    Receipt::draw_up(&Evidence {
        number: &number(2),
        received_at: at(2),
        stored,
        contents: &contents,
        previous: chain::genesis(&org, stored.stream),
        proof: &proof,
        origin: key.verifier().name(),
        key: key.verifier(),
        checkpoint: &checkpoint.note,
    })
}

/// A receipt for ticket 2, the second of five records, and its key.
async fn drawn_up() -> (Receipt, LogKey) {
    let (ledger, org, key) = (MemoryLedger::new(vault()), org(), key(7));
    for n in 1..=4 {
        add(&ledger, &org, ticket(n), &received(n, at(n.into()), Kind::Repair)).await.unwrap();
    }
    add(&ledger, &org, ticket(2), &noted(at(9), "x")).await.unwrap();
    sign(&ledger, &org, &key).await;
    let stored = &ledger.read_all(&org, 1, 1).await.unwrap()[0];
    (receipt(&ledger, stored, &key).await, key)
}

fn confirmed(receipt: &Receipt, key: &LogKey) -> Confirmed {
    receipt.verify(Some(key.verifier())).unwrap()
}

#[tokio::test]
async fn a_receipt_proves_what_was_filed() {
    let (receipt, key) = drawn_up().await;
    let receipt = Receipt::parse(receipt.json().as_bytes()).unwrap();
    let found = confirmed(&receipt, &key);
    assert_eq!((found.number.as_str(), found.position, found.key_known), ("TS-20251113-0002", 2, true));
    assert_eq!(found.received_at, at(2));
    assert_eq!(found.subject.as_deref(), Some(SUBJECT));
    assert_eq!(found.body.as_deref(), Some("早上八点起无法开机，指示灯不亮。"));
    assert_eq!((found.org, found.checkpoint.size), (org(), 5));
    assert!(!receipt.verify(None).unwrap().key_known, "its own key proves only that it fits itself");
    // Nothing personal but what was filed.
    let json = receipt.json();
    assert_eq!(receipt.contents.len(), 2);
    assert!(!json.contains("王丽") && !json.contains("13800000000") && !json.contains("5fk2-9q"), "{json}");
    assert!(!format!("{receipt:?}").contains("机器停了"), "debugging prints no words of customers");
}

#[tokio::test]
async fn erased_words_leave_a_receipt_that_holds() {
    let (receipt, key) = drawn_up().await;
    let found = confirmed(&Receipt { contents: Vec::new(), ..receipt }, &key);
    assert_eq!((found.subject, found.body), (None, None));
}

/// The receipt with one value set, read again.
fn set(receipt: &Receipt, pointer: &str, value: Value) -> Result<Receipt, ReceiptError> {
    let mut json: Value = serde_json::from_str(&receipt.json()).unwrap();
    *json.pointer_mut(pointer).unwrap() = value;
    Receipt::parse(json.to_string().as_bytes())
}

#[tokio::test]
async fn each_changed_field_is_named() {
    let (receipt, key) = drawn_up().await;
    let record = &receipt.record;
    let hash = "ab".repeat(32);
    let other = chain::link(chain::genesis(&org(), yinuo_ledger::Stream::Organisation), "").to_string();
    let mut proof: Vec<Value> = receipt.proof.iter().map(|hash| json!(hash)).collect();
    proof.swap(0, 1);
    let content = receipt.contents[0].n;
    let changed = |part| ReceiptError::Changed(part);
    let cases = [
        ("/origin", json!("yinuo.local/other"), changed(Part::Origin)),
        ("/number", json!("TS-20251113-0003"), changed(Part::Number)),
        ("/received_at", json!("2025-11-13T02:13:23Z"), changed(Part::ReceivedAt)),
        ("/received_at", json!("yesterday"), ReceiptError::Value { field: "received_at" }),
        ("/record/position", json!(3), changed(Part::Proof)),
        ("/record/position", json!(0), changed(Part::Proof)),
        ("/record/position", json!(u64::MAX), changed(Part::Proof)),
        ("/record/seq", json!(2), changed(Part::Seq)),
        ("/record/previous", json!(other), changed(Part::Previous)),
        ("/record/previous", json!("xyz"), ReceiptError::Value { field: "record.previous" }),
        ("/record/hash", json!(hash), changed(Part::Hash)),
        ("/record/hash", json!("ab"), ReceiptError::Value { field: "record.hash" }),
        ("/record/body", json!(record.body.replace("0002", "0003")), changed(Part::Body)),
        ("/record/body", json!("no JSON"), changed(Part::Body)),
        ("/contents/0/n", json!(99), changed(Part::Content(99))),
        ("/contents/0/n", json!(receipt.contents[1].n), changed(Part::Content(receipt.contents[1].n))),
        ("/contents/0/salt", json!("00".repeat(16)), changed(Part::Content(content))),
        ("/contents/0/salt", json!("00"), ReceiptError::Value { field: "contents.salt" }),
        ("/contents/0/text", json!("第 2 台机器没停"), changed(Part::Content(content))),
        ("/proof", json!([]), changed(Part::Proof)),
        ("/proof", json!(proof), changed(Part::Proof)),
        ("/proof/0", json!("AAAA"), ReceiptError::Value { field: "proof" }),
    ];
    for (pointer, value, error) in cases {
        let found = set(&receipt, pointer, value.clone()).unwrap().verify(Some(key.verifier()));
        assert_eq!(found, Err(error), "{pointer} = {value}");
    }
    let text = changed(Part::Content(content)).text();
    assert!(text.get(Language::En).starts_with("The receipt's text was changed: "), "{text:?}");
    assert!(text.get(Language::Zh).starts_with("回执已被改动："), "{text:?}");
}

#[tokio::test]
async fn what_another_server_signed_is_told() {
    let (receipt, key) = drawn_up().await;
    let other = self::key(8);
    let error = receipt.verify(Some(other.verifier())).unwrap_err();
    assert!(error.to_string().contains("signed by another server"), "{error}");
    assert!(error.text().get(Language::Zh).contains("由另一台服务器签名"), "{error}");
    // Somebody makes a checkpoint of their own and puts their own key beside it.
    let checkpoint = Checkpoint::verified(&receipt.checkpoint, key.verifier()).unwrap();
    let forged = Receipt {
        checkpoint: other.sign(&checkpoint).to_string(),
        key: other.verifier().to_string(),
        ..receipt.clone()
    };
    assert!(!forged.verify(None).unwrap().key_known);
    assert!(matches!(forged.verify(Some(key.verifier())), Err(ReceiptError::Checkpoint(_))));
    // A signed checkpoint that was changed.
    let changed = receipt.checkpoint.replacen("\n5\n", "\n6\n", 1);
    let error =
        set(&receipt, "/checkpoint", json!(changed)).unwrap().verify(Some(key.verifier())).unwrap_err();
    assert!(error.to_string().contains("it was changed"), "{error}");
    for (pointer, value) in [("/checkpoint", json!("")), ("/key", json!("a key")), ("/key", json!(""))] {
        let error = set(&receipt, pointer, value).unwrap().verify(None).unwrap_err();
        assert!(matches!(error, ReceiptError::Checkpoint(_) | ReceiptError::Key(_)), "{error}");
    }
}

#[tokio::test]
async fn files_that_are_no_receipts_are_refused() {
    let (receipt, _) = drawn_up().await;
    let json = receipt.json();
    for cut in [0, 1, json.len() / 2, json.len() - 2] {
        let error = Receipt::parse(&json.as_bytes()[..cut]).unwrap_err();
        assert!(matches!(error, ReceiptError::Unreadable { .. }), "{error}");
    }
    let huge = vec![b' '; RECEIPT_MAX_BYTES + 1];
    assert!(matches!(Receipt::parse(&huge), Err(ReceiptError::TooLarge { .. })));
    let deep = "[".repeat(100_000);
    assert!(matches!(Receipt::parse(deep.as_bytes()), Err(ReceiptError::Unreadable { .. })));
    let newer = set(&receipt, "/yinuo_receipt", json!(2)).unwrap_err();
    assert_eq!(newer, ReceiptError::Version { found: 2 });
    assert_eq!(
        Receipt::parse(br#"{"yinuo_receipt":3,"new":1}"#).unwrap_err(),
        ReceiptError::Version { found: 3 }
    );
    let unknown = json.replacen("\"origin\"", "\"orgin\"", 1);
    assert!(Receipt::parse(unknown.as_bytes()).unwrap_err().to_string().contains("orgin"));
}

#[tokio::test]
async fn a_record_that_is_no_intake_is_no_receipt() {
    let (ledger, org, key) = (MemoryLedger::new(vault()), org(), key(7));
    add(&ledger, &org, ticket(2), &received(2, at(2), Kind::Repair)).await.unwrap();
    add(&ledger, &org, ticket(2), &noted(at(3), "internal")).await.unwrap();
    sign(&ledger, &org, &key).await;
    let records = ledger.read_all(&org, 0, 2).await.unwrap();
    let mut other = receipt(&ledger, &records[1], &key).await;
    other.record.previous = records[0].hash.to_string();
    assert!(other.contents.is_empty(), "words of others stay inside");
    assert_eq!(other.verify(Some(key.verifier())).unwrap_err(), ReceiptError::NoIntake);
}

/// Receipts that the pages verify as well: `web/test/fixtures/receipts.json`. What one side confirms or refuses, the
/// other has to, too. The file is kept as it was written, like every other record of an older version.
#[derive(serde::Serialize, serde::Deserialize)]
struct ForPages {
    /// The log's key, known from elsewhere.
    key: String,
    genuine: String,
    /// What was changed, and the receipt with that change.
    forged: BTreeMap<String, String>,
    /// A checkpoint that the one of the receipt grew into, and the proof of it in base64.
    later: Later,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Later {
    checkpoint: String,
    proof: Vec<String>,
}

async fn for_pages() -> ForPages {
    let (ledger, org, key) = (MemoryLedger::new(vault()), org(), key(7));
    for n in 1..=4 {
        add(&ledger, &org, ticket(n), &received(n, at(n.into()), Kind::Repair)).await.unwrap();
    }
    sign(&ledger, &org, &key).await;
    let stored = &ledger.read_all(&org, 1, 1).await.unwrap()[0];
    let genuine = receipt(&ledger, stored, &key).await;
    let frontier = {
        let mut frontier = Frontier::new();
        for n in 5..=9 {
            add(&ledger, &org, ticket(n), &received(n, at(n.into()), Kind::Repair)).await.unwrap();
        }
        for leaf in ledger.leaves(&org, 0, 100).await.unwrap() {
            frontier.push(record_leaf(leaf), |_| {});
        }
        frontier
    };
    let origin = key.verifier().name().to_owned();
    let later = key.sign(&Checkpoint { origin, size: frontier.size(), root: frontier.root() });
    let proof = TreeReader::new(&ledger, &org, frontier.size()).consistency(4).await.unwrap();
    let other_key = self::key(8);
    let own = Checkpoint::verified(&genuine.checkpoint, key.verifier()).unwrap();
    let salt = "00".repeat(16);
    let changes = [
        ("/origin", json!("yinuo.local/other")),
        ("/key", json!("a key")),
        ("/number", json!("TS-20251113-0003")),
        ("/received_at", json!("2025-11-13T02:13:23Z")),
        ("/record/position", json!(3)),
        ("/record/seq", json!(2)),
        ("/record/previous", json!("ab".repeat(32))),
        ("/record/hash", json!("ab".repeat(32))),
        ("/record/body", json!(genuine.record.body.replace("0002", "0003"))),
        ("/contents/0/n", json!(99)),
        ("/contents/0/salt", json!(salt)),
        ("/contents/1/text", json!("一切正常。")),
        ("/proof/0", json!("AAAA")),
        ("/proof", json!([])),
        ("/checkpoint", json!(genuine.checkpoint.replacen("\n4\n", "\n5\n", 1))),
        ("/checkpoint", json!(other_key.sign(&own).to_string())),
    ];
    let forged = changes.iter().enumerate().map(|(i, (pointer, value))| {
        (format!("{i:02} {pointer}"), set(&genuine, pointer, value.clone()).unwrap().json())
    });
    ForPages {
        key: key.verifier().to_string(),
        genuine: genuine.json(),
        forged: forged.collect(),
        later: Later {
            checkpoint: later.to_string(),
            proof: proof.iter().map(yinuo_ledger::checkpoint::hash_text).collect(),
        },
    }
}

#[tokio::test]
async fn the_receipts_that_the_pages_verify_are_judged_alike_here() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/test/fixtures/receipts.json");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let json = serde_json::to_string_pretty(&for_pages().await).unwrap();
        std::fs::write(&path, json + "\n").unwrap();
    }
    let kept: ForPages = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let key: VerifierKey = kept.key.parse().unwrap();
    let genuine = Receipt::parse(kept.genuine.as_bytes()).unwrap().verify(Some(&key)).unwrap();
    assert_eq!((genuine.number.as_str(), genuine.position), ("TS-20251113-0002", 2));
    assert_eq!(genuine.subject.as_deref(), Some(SUBJECT));
    for (what, forged) in &kept.forged {
        assert!(Receipt::parse(forged.as_bytes()).unwrap().verify(Some(&key)).is_err(), "{what}");
    }
    let later = Checkpoint::verified(&kept.later.checkpoint, &key).unwrap();
    let proof: Vec<Hash> =
        kept.later.proof.iter().map(|hash| yinuo_ledger::checkpoint::hash(hash).unwrap()).collect();
    later.extends(&genuine.checkpoint, &proof).unwrap();
    // What is drawn up today is of the same form.
    let today = for_pages().await;
    assert_eq!(today.forged.keys().collect::<Vec<_>>(), kept.forged.keys().collect::<Vec<_>>());
    assert!(Receipt::parse(today.genuine.as_bytes()).unwrap().verify(Some(&key)).is_ok());
}
