//! Both databases find what a scan of the texts finds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod index;

use std::sync::Arc;

use jiff::SignedDuration;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use yinuo_commitment::Kind;
use yinuo_language::search::Query;
use yinuo_ledger::{
    Admits, Audience, Document, IndexStep, Ledger, Search as _, Traits, Wanted,
    conformance::sample::{at, org, vault},
};
use yinuo_store::{Options, PostgresLedger, PostgresOptions, SqliteLedger};
use yinuo_testbed::PostgresCluster;

use crate::index::{HOLDER, document, fill, found, key, state};

/// Whether the words of a query stand in each text, the last text first, as hits are.
fn scanned(query: &Query, texts: &[String]) -> Vec<u32> {
    let found = (0..).zip(texts).filter(|(_, text)| query.matches(text)).map(|(n, _)| n);
    let mut found: Vec<u32> = found.collect();
    found.reverse();
    found
}

#[test]
fn both_databases_find_what_a_scan_finds() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteLedger::open(folder.path().join("yinuo.db"), &Options::default(), vault()).unwrap();
    let cluster = PostgresCluster::start(&yinuo_testbed::Options::default());
    let url = cluster.create_database("search");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let postgres =
        runtime.block_on(PostgresLedger::connect(&url, &PostgresOptions::default(), vault())).unwrap();
    let text = "[空调坏了修Wwiab12é\u{2029} ，。]{0,30}";
    let long = "([空调坏了修的 ]{1,8}wifi){1,120}";
    let texts = prop::collection::vec(prop_oneof![6 => text, 1 => long], 1..25);
    let terms = prop::collection::vec("-?\"?[空调坏了修Wwiab12é ，]{1,4}", 1..4);
    let queries = prop::collection::vec(terms, 1..12);
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 40, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let checked = runner.run(&(texts, queries), |(texts, queries)| {
        runtime.block_on(async {
            fill(&sqlite, &texts).await;
            fill(&postgres, &texts).await;
            for terms in queries {
                let mut typed = terms.join(" ");
                if typed.matches('"').count() % 2 == 1 {
                    typed.push('"');
                }
                let Ok(query) = Query::parse(&typed) else { continue };
                let wanted = scanned(&query, &texts);
                prop_assert_eq!(&found(&sqlite, &query).await, &wanted, "SQLite: {} in {:?}", typed, texts);
                prop_assert_eq!(
                    &found(&postgres, &query).await,
                    &wanted,
                    "PostgreSQL: {} in {:?}",
                    typed,
                    texts
                );
            }
            Ok(())
        })
    });
    checked.unwrap();
}

/// Thousands of tickets, received in another order than they came into the index, so that a search among them may end early.
#[tokio::test]
async fn the_newest_are_found_and_counted_in_whatever_order_tickets_came() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteLedger::open(folder.path().join("yinuo.db"), &Options::default(), vault()).unwrap();
    let cluster = PostgresCluster::start(&yinuo_testbed::Options::default());
    let url = cluster.create_database("newest");
    let postgres = PostgresLedger::connect(&url, &PostgresOptions::default(), vault()).await.unwrap();
    let memory = yinuo_ledger::MemoryLedger::new(vault());
    let ledgers: [&dyn Ledger; 3] = [&memory, &sqlite, &postgres];
    let words = ["空调", "漏水", "退款", "refund", "慢"];
    for ledger in ledgers {
        assert!(ledger.claim_index(&org(), HOLDER, at(0), SignedDuration::from_secs(60)).await.unwrap());
        assert!(ledger.begin_index(&org(), HOLDER, state(0)).await.unwrap());
        for step in 0_u32..10 {
            let documents = (step * 4_000..step * 4_000 + 4_000).map(|n| {
                // Some in order, some backwards, some anywhere and many at the same instant, and the newest in order, as usual.
                let received = match n {
                    8_000..12_000 => 20_000 - n,
                    12_000..16_000 => n.wrapping_mul(2_654_435_761) % 97,
                    _ => n,
                };
                let said: Vec<&str> = (0..)
                    .zip(words)
                    .filter(|(bit, _)| n.wrapping_mul(40_503) >> 3 & 1 << bit != 0)
                    .map(|(_, word)| word)
                    .collect();
                let traits = Traits {
                    kind: match n {
                        1_234 => Kind::Praise,
                        n if n % 7 == 0 => Kind::Complaint,
                        _ => Kind::Repair,
                    },
                    ..document(n, "").traits
                };
                Document { received_at: at(received.into()), traits, ..document(n, &said.join("，")) }
            });
            let (from, to) = (u64::from(step), u64::from(step) + 1);
            let step = IndexStep { from, to: state(to), documents: documents.collect(), gone: Vec::new() };
            assert!(ledger.put_documents(&org(), HOLDER, step).await.unwrap());
        }
    }
    let complaints: Admits = Arc::new(|traits| traits.kind == Kind::Complaint);
    let praise: Admits = Arc::new(|traits| traits.kind == Kind::Praise);
    let everything: Admits = Arc::new(|_| true);
    for typed in ["空调", "空调 漏水", "refund -慢", "-退款", "慢 refund 退款 漏水", "没有"] {
        let phrases = Query::parse(typed).unwrap().phrases(&key());
        let mut after = None;
        for (limit, count_most) in [(1, 1), (20, 300), (50, 700), (50, 1_500), (50, 100_000), (700, 10)] {
            let wanted = Wanted {
                audience: Audience::Staff,
                phrases: phrases.wanted.clone(),
                unwanted: phrases.unwanted.clone(),
                received_from: (limit == 20).then(|| at(50)),
                received_to: (limit == 1).then(|| at(1_500)),
                spans: vec![at(50), at(1_000)],
                after,
                limit,
                count_most,
            };
            for admits in [&everything, &complaints, &praise] {
                let expected = memory.search(&org(), &wanted, Arc::clone(admits)).await.unwrap();
                for ledger in ledgers {
                    let found = ledger.search(&org(), &wanted, Arc::clone(admits)).await.unwrap();
                    assert_eq!(found, expected, "`{typed}`, {limit} of {count_most}");
                }
                after = expected.next;
            }
        }
    }
}
