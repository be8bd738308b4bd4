//! The tree over all records, made anew as RFC 6962, section 2.1 says.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use yinuo_desk::DeskError;
use yinuo_ledger::Hash;

use super::Scene;

/// The root over these leaves.
pub(super) fn root(leaves: &[Hash]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest(b"").into(),
        [leaf] => {
            let mut hasher = Sha256::new();
            hasher.update([0]);
            hasher.update(leaf.0);
            hasher.finalize().into()
        }
        many => {
            // The largest power of two that is smaller than their number.
            let half = many.len().next_power_of_two() / 2;
            let (left, right) = many.split_at(half);
            let mut hasher = Sha256::new();
            hasher.update([1]);
            hasher.update(root(left));
            hasher.update(root(right));
            hasher.finalize().into()
        }
    }
}

/// The leaves are the records, and whatever was signed is the root over so many of them.
pub(super) async fn check(
    scene: &Scene<'_>,
    hashes: &[Hash],
    signed: &BTreeMap<u64, Hash>,
) -> Result<Vec<String>, DeskError> {
    let mut objections = Vec::new();
    let leaves = scene.ledger.leaves(&crate::org(), 0, 1_000_000).await?;
    if leaves != hashes {
        objections.push("the leaves of the tree are not the records".to_owned());
    }
    let kept = scene.ledger.checkpoint(&crate::org()).await?;
    let kept = kept.map(|kept| (kept.size, kept.root));
    for (size, signed_root) in signed.iter().map(|(size, root)| (*size, *root)).chain(kept) {
        let covered = usize::try_from(size).ok().and_then(|size| hashes.get(..size));
        if covered.map(root) != Some(signed_root.0) {
            objections.push(format!("the checkpoint of {size} records does not fit the records"));
        }
    }
    Ok(objections)
}
