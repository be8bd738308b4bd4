//! Whether the ledger as a whole is sound: positions, chains, lists. The hashes are made anew here.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use yinuo_desk::DeskError;
use yinuo_ledger::{Hash, Stream};

use super::Scene;

/// What every record of a stream is chained to at its beginning.
fn beginning(stream: Stream) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"yinuo/genesis/v1\n");
    for part in [crate::org().to_string(), stream.to_string()] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

fn next(before: [u8; 32], body: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"yinuo/record/v1\n");
    hasher.update(before);
    hasher.update((body.len() as u64).to_be_bytes());
    hasher.update(body.as_bytes());
    hasher.finalize().into()
}

/// Positions run on without gaps, chains fit, what was acknowledged lies where it was said to, the lists are what the
/// ledger says.
pub(super) async fn check(
    scene: &Scene<'_>,
    positions: &BTreeMap<u64, Hash>,
    signed: &BTreeMap<u64, Hash>,
) -> Result<Vec<String>, DeskError> {
    let mut objections = Vec::new();
    let mut records = Vec::new();
    loop {
        let after = records.last().map_or(0, |record: &yinuo_ledger::Stored| record.position);
        let some = scene.ledger.read_all(&crate::org(), after, 50).await?;
        if some.is_empty() {
            break;
        }
        records.extend(some);
    }
    if !records.iter().zip(1..).all(|(record, position)| record.position == position) {
        objections.push("positions have gaps".to_owned());
    }
    let mut heads: BTreeMap<Stream, (u32, [u8; 32])> = BTreeMap::new();
    for record in &records {
        let (version, head) = heads.entry(record.stream).or_insert_with(|| (0, beginning(record.stream)));
        *version += 1;
        *head = next(*head, &record.body);
        if record.seq != *version {
            objections.push(format!("record {} is number {} of its stream", record.position, record.seq));
        }
        if record.hash.0 != *head {
            objections.push(format!("record {} does not follow from the one before it", record.position));
        }
    }
    let hashes: BTreeMap<u64, Hash> = records.iter().map(|record| (record.position, record.hash)).collect();
    for (position, hash) in positions {
        if hashes.get(position) != Some(hash) {
            objections.push(format!("position {position} holds another record than the receipt says"));
        }
    }
    let in_order: Vec<Hash> = records.iter().map(|record| record.hash).collect();
    objections.extend(super::tree::check(scene, &in_order, signed).await?);
    match scene.desk.rebuild().await {
        Ok(rebuilt) if rebuilt.changed => objections.push("the lists differ from the ledger".to_owned()),
        Ok(rebuilt) if rebuilt.records != records.len() as u64 => {
            objections.push(format!("{} records verified, {} are there", rebuilt.records, records.len()));
        }
        Ok(_) => {}
        Err(error) => objections.push(format!("the ledger cannot be read: {error}")),
    }
    Ok(objections)
}
