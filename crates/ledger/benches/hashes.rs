//! What it costs to re-hash a record: body, chain and leaf of the tree, without reading it from anywhere.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::collections::HashMap;

use divan::{Bencher, counter::ItemsCount};
use yinuo_ledger::{
    Chained, Hash, Stream,
    audit::HashPass,
    chain,
    conformance::sample::{org, ticket},
};

fn main() {
    divan::main();
}

/// Records of a usual size, five a ticket, the tickets side by side.
fn records(count: u32) -> Vec<Chained> {
    let (org, body) = (org(), "x".repeat(700));
    let mut records = Vec::new();
    let mut heads: HashMap<Stream, (u32, Hash)> = HashMap::new();
    for n in 0..count {
        let stream = Stream::Ticket(ticket(n % (count / 5) + 1));
        let (seq, previous) =
            heads.get(&stream).copied().unwrap_or_else(|| (0, chain::genesis(&org, stream)));
        let hash = chain::link(previous, &body);
        heads.insert(stream, (seq + 1, hash));
        records.push(Chained { position: u64::from(n) + 1, stream, seq: seq + 1, hash, body: body.clone() });
    }
    records
}

/// Items a second are records a second on one core.
#[divan::bench(sample_count = 20)]
fn hash_pass(bencher: Bencher<'_, '_>) {
    let records = records(100_000);
    bencher.counter(ItemsCount::new(records.len())).bench_local(|| {
        let mut pass = HashPass::new(&org());
        for record in &records {
            pass.take(record, None).unwrap();
        }
        pass.size()
    });
}
