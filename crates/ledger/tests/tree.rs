//! Tree, tiles and proofs: published vectors, and a slow oracle that is written as the standard reads.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use yinuo_ledger::{
    Hash, Tile,
    tree::{
        Frontier, ProofError, TILE_WIDTH, TilePath, empty_root, leaf_hash, node_hash,
        proof::{self, verify_consistency, verify_inclusion},
    },
};

/// The root of a list of leaf hashes as RFC 6962 defines it in section 2.1.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(root(left), root(right))
        }
    }
}

/// The audit path of section 2.1.1.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, beside) =
        if m < k { (path(m, left), root(right)) } else { (path(m - k, right), root(left)) };
    path.push(beside);
    path
}

/// The consistency proof of section 2.1.2.
fn subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known { Vec::new() } else { vec![root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, beside) = if m <= k {
        (subproof(m, left, known), root(right))
    } else {
        (subproof(m - k, right, false), root(left))
    };
    proof.push(beside);
    proof
}

fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// The tree as it grows: its frontier, and every tile that got full.
fn grown(leaves: &[Hash]) -> (Frontier, Vec<Tile>) {
    let (mut frontier, mut tiles) = (Frontier::new(), Vec::new());
    for leaf in leaves {
        frontier.push(*leaf, |tile| tiles.push(tile));
    }
    (frontier, tiles)
}

/// The proof whose subtrees the program names, with their roots by the oracle.
fn roots_of(ranges: Option<Vec<std::ops::Range<u64>>>, leaves: &[Hash]) -> Vec<Hash> {
    let place = |n: u64| usize::try_from(n).unwrap();
    ranges.unwrap().into_iter().map(|range| root(&leaves[place(range.start)..place(range.end)])).collect()
}

/// The leaves and roots that the authors of Certificate Transparency published with their implementation.
#[test]
fn published_roots() {
    let leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    assert_eq!(
        frontier.root().to_string(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    for (leaf, root) in leaves.into_iter().zip(roots) {
        frontier.push(leaf_hash(&hex::decode(leaf).unwrap()), |_| panic!("no tile is full"));
        assert_eq!(frontier.root().to_string(), root);
    }
}

#[test]
fn tiles_hold_what_the_standard_says() {
    let leaves = leaves(TILE_WIDTH * TILE_WIDTH + 300);
    let (frontier, tiles) = grown(&leaves);
    assert_eq!(frontier.root(), root(&leaves));
    let places: Vec<(u8, u64)> = tiles.iter().map(|tile| (tile.level, tile.n)).collect();
    assert_eq!(places.iter().filter(|(level, _)| *level == 0).count(), TILE_WIDTH + 1);
    assert_eq!(places[TILE_WIDTH..], [(1, 0), (0, 256)], "the tile above follows the last one below it");
    for tile in &tiles {
        assert_eq!(tile.hashes.len(), TILE_WIDTH);
        let (leaves_each, first) =
            (TILE_WIDTH.pow(tile.level.into()), usize::try_from(tile.n).unwrap() * TILE_WIDTH);
        for (place, hash) in tile.hashes.iter().enumerate() {
            let start = (first + place) * leaves_each;
            assert_eq!(
                *hash,
                root(&leaves[start..start + leaves_each]),
                "{place} of {:?}",
                (tile.level, tile.n)
            );
        }
        assert_eq!(Tile::from_bytes(tile.level, tile.n, &tile.bytes()).as_ref(), Some(tile));
    }
    let widths: Vec<usize> = frontier.levels().iter().map(Vec::len).collect();
    assert_eq!(widths, [44, 1, 1]);
    let again = Frontier::from_levels(frontier.size(), frontier.levels().to_vec());
    assert_eq!(again.as_ref(), Some(&frontier));
    assert_eq!(Frontier::from_levels(frontier.size() + 1, frontier.levels().to_vec()), None);
    assert_eq!(Tile::from_bytes(0, 0, &[0; 8191]), None);
}

#[test]
fn paths_of_tiles() {
    for (path, level, n, width) in [
        ("0/000", 0, 0, 256),
        ("1/x001/234", 1, 1_234, 256),
        ("0/x001/x234/067", 0, 1_234_067, 256),
        ("7/999.p/1", 7, 999, 1),
        ("0/x001/000.p/255", 0, 1_000, 255),
    ] {
        let parsed: TilePath = path.parse().unwrap();
        assert_eq!(parsed, TilePath { level, n, width }, "{path}");
        assert_eq!(parsed.to_string(), path);
    }
    for path in [
        "",
        "0",
        "0/",
        "/000",
        "8/000",
        "256/000",
        "00/000",
        "-1/000",
        "0/0",
        "0/0000",
        "0/x000/001",
        "0/001/002",
        "0/x001",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "0/000.p",
        "0/ 00",
        "0/+01",
        "0/000/",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "entries/000",
    ] {
        assert!(path.parse::<TilePath>().is_err(), "{path}");
    }
}

#[test]
fn small_trees_prove_everything() {
    for size in 0..=40_usize {
        let leaves = leaves(size);
        let whole = (size as u64, root(&leaves));
        assert_eq!(grown(&leaves).0.root(), whole.1);
        for index in 0..size {
            let proof = roots_of(proof::inclusion(index as u64, whole.0), &leaves);
            assert_eq!(proof, path(index, &leaves), "leaf {index} of {size}");
            verify_inclusion(leaves[index], index as u64, whole.0, &proof, whole.1).unwrap();
        }
        for from in 0..=size {
            let part = (from as u64, root(&leaves[..from]));
            let proof = roots_of(proof::consistency(part.0, whole.0), &leaves);
            if from > 0 {
                assert_eq!(proof, subproof(from, &leaves, true), "{from} in {size}");
            }
            verify_consistency(part, whole, &proof).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn larger_trees_prove_everything(size in 1_usize..1_500, at in any::<prop::sample::Index>(), from in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let whole = (size as u64, root(&leaves));
        prop_assert_eq!(grown(&leaves).0.root(), whole.1);
        let index = at.index(size);
        let inclusion = roots_of(proof::inclusion(index as u64, whole.0), &leaves);
        prop_assert_eq!(&inclusion, &path(index, &leaves));
        prop_assert!(verify_inclusion(leaves[index], index as u64, whole.0, &inclusion, whole.1).is_ok());
        let part = from.index(size) + 1;
        let older = (part as u64, root(&leaves[..part]));
        let consistency = roots_of(proof::consistency(older.0, whole.0), &leaves);
        prop_assert_eq!(&consistency, &subproof(part, &leaves, true));
        prop_assert!(verify_consistency(older, whole, &consistency).is_ok());
    }

    #[test]
    fn nothing_else_is_proven(size in 2_usize..600, at in any::<prop::sample::Index>(), bent in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let whole = (size as u64, root(&leaves));
        let index = at.index(size);
        let proof = path(index, &leaves);
        let verify = |leaf, index: usize, size: u64, proof: &[Hash]| {
            verify_inclusion(leaf, index as u64, size, proof, whole.1)
        };
        prop_assert!(verify(leaves[(index + 1) % size], index, whole.0, &proof).is_err());
        prop_assert!(verify(leaves[index], (index + 1) % size, whole.0, &proof).is_err());
        prop_assert_eq!(verify(leaves[index], size, whole.0, &proof), Err(ProofError::Outside));
        let mut longer = proof.clone();
        longer.push(whole.1);
        prop_assert_eq!(verify(leaves[index], index, whole.0, &longer), Err(ProofError::Length));
        prop_assert_eq!(verify(leaves[index], index, whole.0, &proof[1..]), Err(ProofError::Length));
        let mut changed = proof.clone();
        changed[bent.index(proof.len())].0[0] ^= 1;
        prop_assert_eq!(verify(leaves[index], index, whole.0, &changed), Err(ProofError::Root));

        let part = bent.index(size - 1) + 1;
        let older = (part as u64, root(&leaves[..part]));
        let proof = subproof(part, &leaves, true);
        prop_assert!(verify_consistency((older.0, Hash([7; 32])), whole, &proof).is_err());
        prop_assert!(verify_consistency(older, (whole.0, Hash([7; 32])), &proof).is_err());
        prop_assert_eq!(verify_consistency(whole, older, &proof), Err(ProofError::Outside));
        prop_assert!(verify_consistency(older, whole, &proof[1..]).is_err());
        let mut fork = leaves.clone();
        fork[part - 1].0[3] ^= 1;
        prop_assert!(verify_consistency(older, (whole.0, root(&fork)), &subproof(part, &fork, true)).is_err());
    }

    #[test]
    fn no_path_breaks_the_parser(path in "[0-9x/.p]{0,24}") {
        if let Ok(parsed) = path.parse::<TilePath>() {
            prop_assert_eq!(parsed.to_string(), path);
        }
    }
}

#[test]
fn edges_of_consistency() {
    let (leaves, none) = (leaves(3), [Hash([0; 32])]);
    let whole = (3, root(&leaves));
    assert_eq!(verify_consistency((0, empty_root()), whole, &[]), Ok(()));
    assert_eq!(verify_consistency((0, empty_root()), whole, &none), Err(ProofError::Length));
    assert_eq!(verify_consistency((0, whole.1), whole, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(whole, whole, &[]), Ok(()));
    assert_eq!(verify_consistency(whole, whole, &none), Err(ProofError::Length));
    assert_eq!(verify_consistency((3, empty_root()), whole, &[]), Err(ProofError::Root));
}
