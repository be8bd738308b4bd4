//! Blocks of neighbouring documents, newest last, and the tokens that stand for them.
//!
//! An index of PostgreSQL gives everything that has a word, in no order. To end early where much is found, each document has
//! the tokens of the blocks that it lies in: `word & block` is what has the word in that block, and costs no more than that.
//! Documents are numbered as they come, about in the order in which their tickets were received; how far the tickets of a
//! block lie from it is kept, so that no search ends too early.

use std::{collections::BTreeMap, ops::RangeInclusive};

use yinuo_core::id::OrgId;
use yinuo_ledger::{LedgerError, Wanted};

use crate::{
    cells::{Cells, Put},
    postgres::{
        columns::Columns,
        pool::{Pool, Via},
    },
};

/// Documents of a block have numbers that are alike but for so many bits.
const BITS: u32 = 12;

/// Blocks, and blocks of 4, 16 and 64 of them, so that few tokens are enough for a long row: what it costs to look for a
/// word goes by their number.
const LEVELS: [(char, u32); 4] = [('0', 0), ('1', 2), ('2', 4), ('3', 6)];

const READ: &str =
    "SELECT block, oldest_us, newest_us, documents FROM search_blocks JOIN search_indexes USING (org)
    WHERE org = $1 ORDER BY block";
const REACHED: &str = "INSERT INTO search_blocks AS b (org, block, oldest_us, newest_us)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
    ON CONFLICT (org, block) DO UPDATE
        SET oldest_us = least(b.oldest_us, excluded.oldest_us), newest_us = greatest(b.newest_us, excluded.newest_us)
        WHERE b.oldest_us > excluded.oldest_us OR b.newest_us < excluded.newest_us";

/// The block of a document.
fn block(document: i64) -> i64 {
    document >> BITS
}

/// The tokens of the blocks of a document. They begin with a digit, as no token of a text does.
pub(super) fn tokens(document: i64) -> String {
    LEVELS.map(|(level, bits)| format!("{level}{:x}", block(document) >> bits)).join(" ")
}

/// The documents from a block on.
pub(super) fn documents(blocks: &RangeInclusive<i64>) -> RangeInclusive<i64> {
    (blocks.start() << BITS)..=(((blocks.end() + 1) << BITS) - 1)
}

/// Tokens of which each document from this block on has one and no other document any, as a `tsquery`.
pub(super) fn cover(blocks: &RangeInclusive<i64>) -> String {
    let mut tokens = Vec::new();
    let mut next = *blocks.start();
    while next <= *blocks.end() {
        // Behind the last block there is nothing.
        let begins = |(_, bits): &&(char, u32)| next % (1 << bits) == 0;
        let (level, bits) = LEVELS.iter().rev().find(begins).copied().unwrap_or(('0', 0));
        tokens.push(format!("{level}{:x}", next >> bits));
        next += 1 << bits;
    }
    tokens.join(" | ")
}

/// When the tickets of blocks were received: the first and the last instant of each.
#[derive(Default)]
pub(super) struct Reached(BTreeMap<i64, (i64, i64)>);

impl Reached {
    /// Notes a document.
    pub(super) fn note(&mut self, document: i64, received_at_us: i64) {
        let (oldest, newest) = self.0.entry(block(document)).or_insert((received_at_us, received_at_us));
        (*oldest, *newest) = ((*oldest).min(received_at_us), (*newest).max(received_at_us));
    }

    /// Keeps what was noted. Never taken back: an instant too early or too late costs a longer look.
    pub(super) async fn keep(self, via: Via<'_>, org: &OrgId) -> Result<(), LedgerError> {
        let mut rows = Columns::default();
        for (block, (oldest, newest)) in self.0 {
            rows.row().text(org.as_str()).number(block).number(oldest).number(newest);
        }
        if rows.is_empty() {
            return Ok(());
        }
        via.query(REACHED, &rows.values()).await.map(drop)
    }
}

/// The blocks in which something may lie that was received between the bounds of a search.
pub(super) struct Blocks {
    /// Number, and the latest instant at which a ticket of it, or of a block before it, was received.
    numbers: Vec<(i64, i64)>,
    /// Whether they are most of all blocks.
    most: bool,
    /// The number of the next document.
    next: i64,
}

impl Blocks {
    pub(super) async fn read(pool: &Pool, org: &OrgId, wanted: &Wanted) -> Result<Self, LedgerError> {
        let from = wanted.received_from.map_or(i64::MIN, jiff::Timestamp::as_microsecond);
        let to = wanted.received_to.map_or(i64::MAX, jiff::Timestamp::as_microsecond);
        let rows = pool.query(READ, &[&org.as_str()]).await?;
        let (mut numbers, mut latest, mut next) = (Vec::new(), i64::MIN, 0);
        for row in &rows {
            let (oldest, newest) = (row.number(1)?, row.number(2)?);
            next = row.number(3)?;
            if oldest < to && newest >= from {
                latest = latest.max(newest);
                numbers.push((row.number(0)?, latest));
            }
        }
        Ok(Self { most: numbers.len().saturating_mul(2) > rows.len(), numbers, next })
    }

    /// How many blocks to look at after a window of `many` that held `found` hits was not enough: as many as lead to expect
    /// `count_most` hits, with two standard deviations fewer of them and an eighth more of blocks, as another look costs more
    /// than a longer one. Where so many were found already, few of them are admitted, or tickets came out of their order.
    pub(super) fn more(&self, many: usize, window: &Window, found: usize, count_most: u32) -> usize {
        let (found, count_most) = (found as u64, u64::from(count_most));
        let surely = found.saturating_sub(2 * found.isqrt());
        let expected = count_most.saturating_mul(window.documents()).saturating_mul(9);
        let enough = match self.holding(expected / surely.saturating_mul(8).max(1)) {
            _ if found >= count_most => many.saturating_mul(4),
            enough => enough.max(many.saturating_mul(2)),
        };
        // A window of most blocks costs more than none.
        if surely == 0 || enough > self.numbers.len() / 2 { self.numbers.len() } else { enough }
    }

    /// How many of the newest blocks hold so many documents: the very newest is seldom full.
    fn holding(&self, documents: u64) -> usize {
        let newest = self.newest(1).documents();
        let full = documents.saturating_sub(newest).div_ceil(1 << BITS);
        usize::try_from(full).unwrap_or(usize::MAX).saturating_add(1)
    }

    /// The newest of them: so many, or some more, so that few tokens are enough for them.
    pub(super) fn newest(&self, many: usize) -> Window {
        let number = |at: usize| self.numbers.get(at).map_or(0, |(block, _)| *block);
        let is_quarter = |(_, bits): &&(char, u32)| (4 << bits) <= many;
        let bits = LEVELS.iter().rev().find(is_quarter).map_or(0, |(_, bits)| *bits);
        let first = number(self.numbers.len().saturating_sub(many)) >> bits << bits;
        let last = number(self.numbers.len().saturating_sub(1));
        let first = self.numbers.partition_point(|(block, _)| *block < first);
        Window {
            blocks: number(first)..=last,
            left: first.checked_sub(1).and_then(|last| self.numbers.get(last)).map(|(_, latest)| *latest),
            all: first == 0 && self.most,
            next: self.next,
        }
    }
}

/// A row of blocks up to the newest.
pub(super) struct Window {
    pub(super) blocks: RangeInclusive<i64>,
    /// The latest instant in a block before them that may hold something; none if there is no such block.
    pub(super) left: Option<i64>,
    /// Whether these are about all blocks that there are: naming them would only take time.
    pub(super) all: bool,
    next: i64,
}

impl Window {
    /// How many documents it holds, counted by their numbers.
    fn documents(&self) -> u64 {
        let numbers = documents(&self.blocks);
        let end = self.next.min(numbers.end().saturating_add(1));
        u64::try_from(end.saturating_sub(*numbers.start())).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_tokens_of_a_window_are_those_of_its_documents_alone(
            last in 0_i64..3_000, back in 0_i64..3_000, other in 0_i64..3_000, inside in 0_i64..(1 << BITS),
        ) {
            let first = (last - back).max(0);
            let cover = cover(&(first..=last));
            let block = other.min(last);
            let document = (block << BITS) + inside;
            let named = tokens(document).split(' ').filter(|token| cover.split(" | ").any(|of| of == *token)).count();
            prop_assert_eq!(named, usize::from(block >= first));
            prop_assert_eq!(documents(&(first..=last)).contains(&document), block >= first);
        }

        #[test]
        fn a_window_holds_as_many_blocks_as_asked_for_and_names_few(many in 1_u16..400, of in 1_i64..500) {
            let blocks = Blocks { numbers: (0..of).map(|block| (block, 10 * block)).collect(), most: true, next: of << BITS };
            let window = blocks.newest(many.into());
            let (first, last) = (*window.blocks.start(), *window.blocks.end());
            prop_assert_eq!(last, of - 1);
            prop_assert!(last - first + 1 >= i64::from(many).min(of));
            prop_assert_eq!(window.left, (first > 0).then(|| 10 * (first - 1)));
            prop_assert_eq!(window.all, first == 0);
            prop_assert!(cover(&window.blocks).split(" | ").count() <= 9 + usize::from(many >> 6));
        }

        #[test]
        fn few_looks_lead_to_all_blocks_whatever_is_found(
            of in 1_i64..2_000, last in 1_i64..(1 << BITS), most: bool, count_most in 1_u32..20_000,
            found in prop::collection::vec(0_usize..100_000, 12),
        ) {
            let numbers = (0..of).map(|block| (block, 10 * block)).collect();
            let blocks = Blocks { numbers, most, next: ((of - 1) << BITS) + last };
            let (mut many, mut looks) = (2, 1);
            for found in found {
                let window = blocks.newest(many);
                if window.left.is_none() {
                    break;
                }
                let more = blocks.more(many, &window, found, count_most);
                prop_assert!(more >= 2 * many || more == blocks.numbers.len(), "{} after {}", more, many);
                many = more;
                looks += 1;
            }
            prop_assert!(blocks.newest(many).left.is_none());
            prop_assert!(looks <= 11);
        }

        #[test]
        fn what_is_spread_evenly_needs_two_looks(every in 1_u64..5_000, of in 3_i64..1_000, last in 1_i64..(1 << BITS)) {
            let numbers = (0..of).map(|block| (block, 10 * block)).collect();
            let blocks = Blocks { numbers, most: true, next: ((of - 1) << BITS) + last };
            let first = blocks.newest(2);
            let hits = |window: &Window| usize::try_from(window.documents() / every).unwrap();
            if hits(&first) < 5_000 && first.left.is_some() {
                let second = blocks.newest(blocks.more(2, &first, hits(&first), 5_000));
                prop_assert!(second.left.is_none() || hits(&second) >= 5_000);
            }
        }
    }
}
