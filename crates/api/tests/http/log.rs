//! The public log, and receipts.

use std::collections::BTreeMap;

use axum::http::{Method, header};
use serde_json::{Value, json};
use yinuo_core::roster::Role;
use yinuo_desk::{LogOptions, Sequencer, Witnesses};
use yinuo_ledger::{
    Checkpoint, Hash,
    checkpoint::{self, KeyKind, LogKey, VerifierKey},
    receipt::Receipt,
    tree::{hashes_of, leaf_hash, proof::verify_inclusion},
};

use crate::house::House;

async fn signed(house: &House) -> Sequencer {
    let key = LogKey::new("yinuo.local/acme", KeyKind::Log, &[7; 32]).unwrap();
    house.desk.begin_log(LogOptions { key, witnesses: Witnesses::none() });
    let mut sequencer = Sequencer::new(&house.desk).unwrap();
    sequencer.catch_up().await.unwrap();
    sequencer
}

#[tokio::test]
async fn the_log_is_public_and_may_be_kept() {
    let house = House::staffed().await;
    for path in ["/log/checkpoint", "/log/key", "/log/tile/0/000", "/log/checkpoint/cosigned"] {
        house.nobody().get(path).await.problem(404, "not-found");
    }
    house.complaint().await;
    signed(&house).await;
    let key = house.nobody().get("/log/key").await;
    let key: VerifierKey = key.text.parse().unwrap();
    let answer = house.nobody().get("/log/checkpoint").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "public, max-age=1");
    assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    let told = Checkpoint::verified(&answer.text, &key).unwrap();
    let (bytes, kept) = house.tile(&format!("/log/tile/0/000.p/{}", told.size)).await;
    assert_eq!(kept, "public, max-age=300");
    let hashes = hashes_of(&bytes).unwrap();
    assert_eq!(hashes.len() as u64, told.size);
    for missing in [
        format!("/log/tile/0/000.p/{}", told.size + 1),
        "/log/tile/0/000".into(),
        "/log/tile/1/000.p/1".into(),
        "/log/tile/0/0".into(),
        "/log/tile/entries/000".into(),
        "/log/tile/8/000".into(),
    ] {
        assert_eq!(house.nobody().get(&missing).await.status, 404, "{missing}");
    }
    let proof = house.nobody().get("/log/proof?from=3").await.expect(200);
    assert_eq!((&proof["from"], &proof["to"]), (&json!(3), &json!(told.size)));
    house.nobody().get("/log/proof?from=3&to=9999").await.problem(422, "invalid");
    house.nobody().get("/log/proof?from=9&to=3").await.problem(422, "invalid");
    house.nobody().get("/log/proof").await.problem(422, "missing-field");
    house.nobody().get("/log/proof?from=-1").await.problem(422, "bad-value");
    house.nobody().get("/log/proof?from=1&size=2").await.problem(422, "unknown-field");
    let post = house.nobody().send(Method::POST, "/log/checkpoint", None, axum::body::Body::empty()).await;
    post.problem(405, "no-method");
}

#[tokio::test]
async fn a_customer_fetches_a_receipt_that_holds() {
    let house = House::staffed().await;
    let answer = house.nobody().post("/api/v1/requests", crate::house::complaint()).await.expect(201);
    let (number, code) = (answer["number"].as_str().unwrap(), answer["query_code"].as_str().unwrap());
    let path = answer["receipt"].as_str().unwrap();
    assert_eq!(path, format!("/api/v1/requests/{number}/receipt"));
    signed(&house).await;
    let customer = house.nobody().with("query-code", code);
    let file = customer.get(path).await.expect(200);
    let key: VerifierKey = house.nobody().get("/log/key").await.text.parse().unwrap();
    let receipt = Receipt::parse(file.to_string().as_bytes()).unwrap();
    let confirmed = receipt.verify(Some(&key)).unwrap();
    assert_eq!(confirmed.number, number);
    assert_eq!(json!(confirmed.hash.to_string()), answer["hash"]);
    assert_eq!(confirmed.subject.as_deref(), Some("账单多收了两个月的服务费"));
    let text = file.to_string();
    for secret in ["陈静", "13800000001", code] {
        assert!(!text.contains(secret), "{secret}");
    }
    // The same is proven by the public tiles alone.
    let (bytes, _) = house.tile(&format!("/log/tile/0/000.p/{}", confirmed.checkpoint.size)).await;
    let leaf = hashes_of(&bytes).unwrap()[usize::try_from(confirmed.position).unwrap() - 1];
    assert_eq!(leaf, leaf_hash(&confirmed.hash.0));
    let proof: Vec<Hash> = receipt.proof.iter().map(|hash| checkpoint::hash(hash).unwrap()).collect();
    let Checkpoint { size, root, .. } = confirmed.checkpoint;
    verify_inclusion(leaf, confirmed.position - 1, size, &proof, root).unwrap();

    house.nobody().get(path).await.problem(422, "bad-value");
    house.nobody().with("query-code", "WRONGXYZ").get(path).await.problem(404, "not-found");
    let agent = house.signed_in(Role::Agent).await;
    let of_staff = agent.get(&format!("/api/v1/tickets/{}/receipt", house.only_ticket(&agent).await)).await;
    assert_eq!(of_staff.expect(200), file);
}

#[tokio::test]
async fn a_receipt_before_the_signature_says_when_to_ask_again() {
    let house = House::staffed().await;
    signed(&house).await;
    let (number, code) = house.complaint().await;
    let path = format!("/api/v1/requests/{number}/receipt");
    let customer = house.nobody().with("query-code", code);
    // The clock passes the customer's patience while nobody signs.
    let (answer, ()) = tokio::join!(customer.get(&path), async {
        for _ in 0..20 {
            tokio::task::yield_now().await;
            house.step(jiff::SignedDuration::from_millis(200));
        }
    });
    assert_eq!(answer.headers[header::RETRY_AFTER], "1");
    let problem = answer.problem(503, "not-signed-yet");
    assert_eq!(problem["retry_after_s"], 1);
}

#[tokio::test]
async fn counters_tell_how_far_the_log_is_signed() {
    let house = House::staffed().await;
    let mut sequencer = signed(&house).await;
    house.complaint().await;
    let of = async || -> BTreeMap<String, Value> {
        let text = house.read_on_machine("/metrics").await;
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.map(|(name, value)| (name.to_owned(), json!(value))).collect()
    };
    let before = of().await;
    assert_eq!(before["yinuo_log_unsigned_records"], "1");
    assert_eq!(before["yinuo_checkpoints_total"], "1");
    assert_eq!(before["yinuo_sign_refusals_total"], "0");
    sequencer.catch_up().await.unwrap();
    let after = of().await;
    assert_eq!(after["yinuo_log_unsigned_records"], "0");
    assert_eq!(after["yinuo_log_signed_records"], after["yinuo_log_records"]);
}
