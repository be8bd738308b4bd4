//! Checks of tiles, checkpoint and the role of the sequencer.

use yinuo_commitment::Kind;
use yinuo_core::id::OrgId;

use super::sample::{at, next, org, other_org, received, ticket};
use crate::{
    Chained, Growth, Hash, KeptCheckpoint, Ledger, LedgerError, Tile,
    tree::{Frontier, TILE_WIDTH, TreeReader, proof, record_leaf},
};

/// Appends until the organisation has `count` records, each the first of a ticket.
async fn fill(ledger: &dyn Ledger, org: &OrgId, count: u32) {
    let there = u32::try_from(ledger.last_position(org).await.unwrap()).unwrap();
    let first = |n: u32| next(org, ticket(n), &[], None, &received(n, at(i64::from(n)), Kind::Repair));
    let appends = (there + 1..=count).map(first).collect();
    for answer in ledger.append_many(appends).await {
        answer.unwrap();
    }
}

/// Grows `frontier` by the leaves up to `size`, and says what is to be kept.
async fn growth(ledger: &dyn Ledger, org: &OrgId, frontier: &mut Frontier, size: u64) -> Growth {
    let from_size = frontier.size();
    let mut tiles = Vec::new();
    while frontier.size() < size {
        let limit = u32::try_from((size - frontier.size()).min(100)).unwrap();
        let leaves = ledger.leaves(org, frontier.size(), limit).await.unwrap();
        assert!(!leaves.is_empty(), "the log ends before {size}");
        for leaf in leaves {
            frontier.push(record_leaf(leaf), |tile| tiles.push(tile));
        }
    }
    Growth { from_size, tiles, checkpoint: kept(frontier.size(), frontier.root()) }
}

fn kept(size: u64, root: Hash) -> KeptCheckpoint {
    KeptCheckpoint { size, root, at: at(7), note: format!("acme\n{size}\n…\n\n— acme x\n") }
}

pub(super) async fn leaves_in_order(ledger: &dyn Ledger) {
    let org = org();
    assert!(ledger.leaves(&org, 0, 10).await.unwrap().is_empty());
    assert!(ledger.chained(&org, 0, 10).await.unwrap().is_empty());
    fill(ledger, &org, 37).await;
    fill(ledger, &other_org(), 3).await;
    let records = ledger.read_all(&org, 0, 100).await.unwrap();
    let hashes: Vec<Hash> = records.iter().map(|stored| stored.hash).collect();
    assert_eq!(ledger.leaves(&org, 0, 100).await.unwrap(), hashes);
    assert_eq!(ledger.leaves(&org, 5, 7).await.unwrap(), hashes[5..12]);
    assert!(ledger.leaves(&org, 37, 7).await.unwrap().is_empty());
    assert!(ledger.leaves(&org, u64::MAX, 7).await.unwrap().is_empty());
    let chained = |stored: &crate::Stored| Chained {
        position: stored.position,
        stream: stored.stream,
        seq: stored.seq,
        hash: stored.hash,
        body: stored.body.clone(),
    };
    let all: Vec<Chained> = records.iter().map(chained).collect();
    assert_eq!(ledger.chained(&org, 0, 100).await.unwrap(), all);
    assert_eq!(ledger.chained(&org, 30, 4).await.unwrap(), all[30..34]);
}

pub(super) async fn the_tree_grows(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org, 600).await;
    assert!(ledger.checkpoint(&org).await.unwrap().is_none());
    let mut lead = ledger.lead(&org).await.unwrap().unwrap();
    let mut frontier = Frontier::new();
    let mut roots = Vec::new();
    for size in [0, 1, 255, 256, 257, 600] {
        let growth = growth(ledger, &org, &mut frontier, size).await;
        lead.grow(growth.clone()).await.unwrap();
        assert_eq!(ledger.checkpoint(&org).await.unwrap().as_ref(), Some(&growth.checkpoint));
        roots.push((size, frontier.root()));
    }
    assert_eq!(ledger.tiles(&org, 0, 0, 10).await.unwrap().len(), 2);
    assert_eq!(ledger.tiles(&org, 0, 1, 1).await.unwrap()[0].n, 1);
    assert!(ledger.tiles(&org, 1, 0, 10).await.unwrap().is_empty(), "only full tiles are kept");
    assert!(ledger.tiles(&other_org(), 0, 0, 10).await.unwrap().is_empty());
    assert!(ledger.checkpoint(&other_org()).await.unwrap().is_none());

    // What was kept is enough to prove everything, and to grow on after a restart.
    let mut reader = TreeReader::new(ledger, &org, 600);
    assert_eq!(reader.root().await.unwrap(), frontier.root());
    assert_eq!(reader.frontier().await.unwrap(), frontier);
    let leaves = ledger.leaves(&org, 0, 600).await.unwrap();
    for index in [0, 255, 256, 511, 512, 599] {
        let proof = reader.inclusion(index).await.unwrap();
        let leaf = record_leaf(leaves[usize::try_from(index).unwrap()]);
        proof::verify_inclusion(leaf, index, 600, &proof, frontier.root()).unwrap();
    }
    for (size, root) in &roots {
        let mut older = TreeReader::new(ledger, &org, *size);
        assert_eq!(older.root().await.unwrap(), *root, "the tree of {size} leaves");
        let proof = reader.consistency(*size).await.unwrap();
        proof::verify_consistency((*size, *root), (600, frontier.root()), &proof).unwrap();
    }
    assert!(matches!(reader.inclusion(600).await, Err(LedgerError::Unfit { .. })));
    assert!(matches!(reader.consistency(601).await, Err(LedgerError::Unfit { .. })));
    lead.step_down().await.unwrap();
}

pub(super) async fn the_tree_is_compared_and_set(ledger: &dyn Ledger) {
    let org = org();
    fill(ledger, &org, 300).await;
    let mut lead = ledger.lead(&org).await.unwrap().unwrap();
    let mut frontier = Frontier::new();
    let first = growth(ledger, &org, &mut frontier, 280).await;
    lead.grow(first.clone()).await.unwrap();
    // The same again comes too late, as does any growth from another size.
    for from_size in [0, 279, 281] {
        let late = Growth { from_size, ..first.clone() };
        assert!(matches!(lead.grow(late).await, Err(LedgerError::Outgrown { size: 280 })), "{from_size}");
    }
    let second = growth(ledger, &org, &mut frontier, 300).await;
    let root = second.checkpoint.root;
    let other = Hash([9; 32]);
    let tile = |n, hash| Tile { level: 0, n, hashes: vec![hash; TILE_WIDTH] };
    let misfits = [
        ("fewer records", Growth { checkpoint: kept(279, root), ..second.clone() }),
        ("records that are not there", Growth { checkpoint: kept(301, root), ..second.clone() }),
        ("another root of the same size", Growth { checkpoint: kept(280, other), ..second.clone() }),
        ("a tile that is not full", Growth { tiles: vec![tile(1, other)], ..second.clone() }),
        (
            "a narrow tile",
            Growth { tiles: vec![Tile { level: 0, n: 0, hashes: vec![other] }], ..second.clone() },
        ),
    ];
    for (what, misfit) in misfits {
        assert!(matches!(lead.grow(misfit).await, Err(LedgerError::Unfit { .. })), "{what}");
    }
    // A tile that is kept never changes; the same tile again is left as it is.
    let changed = Growth { tiles: vec![tile(0, other)], ..second.clone() };
    assert!(matches!(lead.grow(changed).await, Err(LedgerError::Corrupt { .. })));
    assert_eq!(ledger.checkpoint(&org).await.unwrap(), Some(first.checkpoint), "nothing of it was kept");
    assert_eq!(ledger.tiles(&org, 0, 0, 9).await.unwrap(), first.tiles);
    lead.grow(Growth { tiles: first.tiles.clone(), ..second.clone() }).await.unwrap();
    assert_eq!(ledger.tiles(&org, 0, 0, 9).await.unwrap(), first.tiles);
    // Signatures are added to a checkpoint later.
    let signed = KeptCheckpoint { note: "more signatures".into(), ..second.checkpoint.clone() };
    lead.grow(Growth { from_size: 300, tiles: Vec::new(), checkpoint: signed.clone() }).await.unwrap();
    assert_eq!(ledger.checkpoint(&org).await.unwrap(), Some(signed));
    lead.step_down().await.unwrap();
}

pub(super) async fn one_leads(ledger: &dyn Ledger) {
    let org = org();
    ledger.append(next(&org, ticket(1), &[], None, &received(1, at(0), Kind::Repair))).await.unwrap();
    let mut lead = ledger.lead(&org).await.unwrap().unwrap();
    assert!(ledger.lead(&org).await.unwrap().is_none(), "somebody leads already");
    let other = ledger.lead(&other_org()).await.unwrap();
    assert!(other.is_some(), "each organisation has a leader of its own");
    let mut frontier = Frontier::new();
    lead.grow(growth(ledger, &org, &mut frontier, 1).await).await.unwrap();
    lead.step_down().await.unwrap();
    let lead = ledger.lead(&org).await.unwrap();
    assert!(lead.is_some(), "the role is free again");
    for lead in [lead, other].into_iter().flatten() {
        lead.step_down().await.unwrap();
    }
}
