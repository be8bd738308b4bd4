//! Which buckets the model keeps, and the row of each: a bit per bucket and the number of bits before each word of bits.

use crate::features::{BUCKETS, Seen};

/// Words of bits.
const WORDS: usize = BUCKETS / 64;

/// The buckets that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buckets {
    bits: Vec<u64>,
    /// Bits set before each word.
    before: Vec<u32>,
    rows: u32,
}

impl Buckets {
    /// From the buckets to keep, in any order.
    pub(crate) fn of(kept: impl IntoIterator<Item = u32>) -> Self {
        let mut bits = vec![0_u64; WORDS];
        for bucket in kept {
            if let Some(word) = bits.get_mut(bucket as usize / 64) {
                *word |= 1 << (bucket % 64);
            }
        }
        Self::from_bits(bits)
    }

    /// From the bits of all buckets.
    pub(crate) fn from_bits(mut bits: Vec<u64>) -> Self {
        bits.resize(WORDS, 0);
        let mut before = Vec::with_capacity(WORDS);
        let mut rows = 0_u32;
        for word in &bits {
            before.push(rows);
            rows += word.count_ones();
        }
        Self { bits, before, rows }
    }

    pub(crate) fn bits(&self) -> &[u64] {
        &self.bits
    }

    /// How many are kept.
    pub(crate) const fn len(&self) -> u32 {
        self.rows
    }

    /// The row of a bucket, if it is kept.
    #[inline]
    pub(crate) fn row(&self, bucket: u32) -> Option<u32> {
        let place = bucket as usize / 64;
        let (word, before) = (*self.bits.get(place)?, *self.before.get(place)?);
        let bit = 1_u64 << (bucket % 64);
        (word & bit != 0).then(|| before + (word & (bit - 1)).count_ones())
    }
}

/// The kept buckets with the weight of each by how rare it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words {
    pub(crate) buckets: Buckets,
    /// Inverse document frequency by row; 1 for facts.
    pub(crate) rarity: Vec<f32>,
}

impl Words {
    /// What of `seen` is kept, as rows with values: n-grams normed to length 1 together, facts as they are. Rows come in
    /// ascending order; `scratch` is room that is used again.
    pub(crate) fn vector(&self, seen: &Seen, into: &mut Vec<(u32, f32)>) {
        into.clear();
        let known = |bucket: u32| self.buckets.row(bucket);
        into.extend(seen.grams.iter().filter_map(|gram| Some((known(gram.bucket)?, gram.times))));
        into.sort_unstable_by_key(|(row, _)| *row);
        into.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 += later.1;
            }
            same
        });
        let mut squares = 0.0;
        for (row, value) in into.iter_mut() {
            *value = (1.0 + value.ln()) * self.rarity.get(*row as usize).copied().unwrap_or_default();
            squares += *value * *value;
        }
        let norm = if squares > 0.0 { squares.sqrt().recip() } else { 0.0 };
        for (_, value) in into.iter_mut() {
            *value *= norm;
        }
        into.extend(seen.facts.iter().filter_map(|fact| Some((known(fact.bucket)?, fact.value))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_count_the_kept_buckets_in_order() {
        let kept = [0, 1, 63, 64, 200, 262_143];
        let buckets = Buckets::of(kept);
        assert_eq!(buckets.len(), 6);
        for (row, bucket) in (0..).zip(kept) {
            assert_eq!(buckets.row(bucket), Some(row));
        }
        assert_eq!(buckets.row(2), None);
        assert_eq!(buckets.row(u32::MAX), None);
        assert_eq!(Buckets::from_bits(buckets.bits().to_vec()), buckets);
    }
}
