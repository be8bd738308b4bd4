//! Somebody who watches the log from outside: every checkpoint that was ever served belongs to one history.

use std::{collections::BTreeMap, thread, time::Duration};

use serde_json::Value;
use yinuo_ledger::checkpoint::{self, Checkpoint, VerifierKey};

use crate::{http, load::Load};

/// How often the watcher looks.
const REST: Duration = Duration::from_millis(50);

/// The checkpoints that were served, by size.
#[derive(Default)]
pub(crate) struct Seen(BTreeMap<u64, Checkpoint>);

impl Seen {
    /// Collects checkpoints until the load is over.
    pub(crate) fn watch(load: &Load, address: &str, key: &VerifierKey) -> Self {
        let mut seen = Self::default();
        let mut last = 0;
        while !load.is_over() {
            if let Some(checkpoint) = served(address, key) {
                assert!(checkpoint.size >= last, "the log went back from {last} to {}", checkpoint.size);
                last = checkpoint.size;
                seen.add(&checkpoint);
            }
            thread::park_timeout(REST);
        }
        seen
    }

    /// Two checkpoints of one size are the same, or the log was forked.
    pub(crate) fn add(&mut self, checkpoint: &Checkpoint) {
        let kept = self.0.entry(checkpoint.size).or_insert_with(|| checkpoint.clone());
        assert_eq!(kept, checkpoint, "the log was forked");
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Proves that each is the beginning of the next one.
    pub(crate) fn prove(&self, address: &str) {
        for (older, newer) in self.0.values().zip(self.0.values().skip(1)) {
            let path = format!("/log/proof?from={}&to={}", older.size, newer.size);
            let answer =
                http::send(address, "GET", &path, &[], "").expect("the log answers").expect(200).json();
            let hashes = answer["proof"].as_array().expect("a list").iter();
            let hash = |text: &Value| checkpoint::hash(text.as_str().expect("a text")).expect("a hash");
            let proof: Vec<_> = hashes.map(hash).collect();
            let proven = newer.extends(older, &proof);
            assert!(proven.is_ok(), "{} does not extend {}: {proven:?}", newer.size, older.size);
        }
    }
}

/// The newest checkpoint, verified; none if nobody answers now or there is none yet.
pub(crate) fn served(address: &str, key: &VerifierKey) -> Option<Checkpoint> {
    let answer = http::send(address, "GET", "/log/checkpoint", &[], "").ok()?;
    if answer.status != 200 {
        assert!(matches!(answer.status, 404 | 502..=504), "{answer:?}");
        return None;
    }
    Some(Checkpoint::verified(&answer.body, key).unwrap_or_else(|error| panic!("{error}\n{}", answer.body)))
}
