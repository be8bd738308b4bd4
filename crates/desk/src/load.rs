//! How many open tickets each person has, which decides who gets the next one. A cache of the ledger's own count.

use std::collections::BTreeMap;

use yinuo_core::id::MemberId;

use crate::{desk::Desk, error::DeskError};

/// Open tickets by person.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Those on record and those reserved.
    open: BTreeMap<MemberId, u32>,
    /// Those on their way into the ledger.
    reserved: BTreeMap<MemberId, u32>,
    /// How often tickets were given or taken by what this desk recorded.
    shifts: u64,
}

impl Load {
    /// As the ledger counts.
    pub(crate) fn counted(counts: &BTreeMap<MemberId, u64>) -> Self {
        Self { open: narrowed(counts), ..Self::default() }
    }

    /// Open tickets by person, those on their way included.
    pub(crate) fn open(&self) -> &BTreeMap<MemberId, u32> {
        &self.open
    }

    /// Notes that a ticket went from one open owner to another.
    pub(crate) fn shift(&mut self, from: Option<MemberId>, to: Option<MemberId>) {
        if from == to {
            return;
        }
        self.shifts = self.shifts.wrapping_add(1);
        if let Some(member) = from {
            less(&mut self.open, member);
        }
        if let Some(member) = to {
            more(&mut self.open, member);
        }
    }

    /// Counts a ticket that is on its way to `member`.
    pub(crate) fn reserve(&mut self, member: MemberId) {
        more(&mut self.open, member);
        more(&mut self.reserved, member);
    }

    /// The end of a reservation.
    pub(crate) fn give_back(&mut self, member: MemberId) {
        less(&mut self.open, member);
        less(&mut self.reserved, member);
    }
}

impl Desk {
    /// Counts again: other nodes give and take tickets, too. True if this desk did so meanwhile, so that the count may be
    /// behind or ahead by what was on its way.
    pub(crate) async fn recount(&self) -> Result<bool, DeskError> {
        let before = self.load().shifts;
        let counts = self.0.ledger.open_by_member(&self.0.org).await?;
        let mut load = self.load();
        let moved = load.shifts != before || !load.reserved.is_empty();
        let mut open = narrowed(&counts);
        for (member, reserved) in &load.reserved {
            let count = open.entry(*member).or_default();
            *count = count.saturating_add(*reserved);
        }
        load.open = open;
        Ok(moved)
    }
}

fn narrowed(counts: &BTreeMap<MemberId, u64>) -> BTreeMap<MemberId, u32> {
    counts.iter().map(|(member, open)| (*member, u32::try_from(*open).unwrap_or(u32::MAX))).collect()
}

fn more(counts: &mut BTreeMap<MemberId, u32>, member: MemberId) {
    let count = counts.entry(member).or_default();
    *count = count.saturating_add(1);
}

/// Nobody is remembered with nothing.
fn less(counts: &mut BTreeMap<MemberId, u32>, member: MemberId) {
    if let Some(count) = counts.get_mut(&member) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&member);
        }
    }
}
