//! Vectors of the organisation's own texts.

use super::sample::{org, other_org};
use crate::{KeptVector, Ledger};

fn vector(n: u8) -> KeptVector {
    KeptVector { digest: [n; 32], numbers: vec![n, 0, 255, n] }
}

pub(super) async fn vectors_are_kept_by_model(ledger: &dyn Ledger) {
    let org = org();
    let of = async |model: &str| {
        let mut vectors = ledger.vectors(&org, model).await.unwrap();
        vectors.sort();
        vectors
    };
    assert!(of("one").await.is_empty());
    ledger.put_vectors(&org, "one", Vec::new()).await.unwrap();
    ledger.put_vectors(&org, "one", vec![vector(2), vector(1), vector(3)]).await.unwrap();
    ledger.put_vectors(&org, "other", vec![vector(1)]).await.unwrap();
    ledger.put_vectors(&other_org(), "one", vec![vector(9)]).await.unwrap();
    assert_eq!(of("one").await, [vector(1), vector(2), vector(3)]);
    // Two nodes make the same: the first one stays.
    let again = KeptVector { numbers: vec![7], ..vector(1) };
    ledger.put_vectors(&org, "one", vec![again, vector(4)]).await.unwrap();
    assert_eq!(of("one").await, [vector(1), vector(2), vector(3), vector(4)]);
    assert_eq!(of("other").await, [vector(1)]);
    ledger.keep_only_vectors(&org, "one", &[[1; 32], [4; 32], [8; 32]]).await.unwrap();
    assert_eq!(of("one").await, [vector(1), vector(4)]);
    assert!(of("other").await.is_empty(), "what another model made is gone");
    assert_eq!(ledger.vectors(&other_org(), "one").await.unwrap(), [vector(9)], "organisations do not meet");
    ledger.keep_only_vectors(&org, "one", &[]).await.unwrap();
    assert!(of("one").await.is_empty());
}
