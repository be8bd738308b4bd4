//! Tree and checkpoint.

use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use yinuo_core::id::OrgId;

use super::{Leading, MemoryLedger, Shared};
use crate::{Chained, Growth, Hash, KeptCheckpoint, Lead, LedgerError, Tile, Tree};

#[async_trait]
impl Tree for MemoryLedger {
    async fn leaves(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Hash>, LedgerError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.read(org, |books| {
            books.records.iter().skip(after).take(limit as usize).map(|stored| stored.hash).collect()
        }))
    }

    async fn chained(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Chained>, LedgerError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.read(org, |books| {
            let records = books.records.iter().skip(after).take(limit as usize);
            let chained = records.map(|stored| Chained {
                position: stored.position,
                stream: stored.stream,
                seq: stored.seq,
                hash: stored.hash,
                body: stored.body.clone(),
            });
            chained.collect()
        }))
    }

    async fn tiles(&self, org: &OrgId, level: u8, first: u64, count: u32) -> Result<Vec<Tile>, LedgerError> {
        let wanted = (level, first)..(level, first.saturating_add(u64::from(count)));
        Ok(self.read(org, |books| {
            let tiles = books.tiles.range(wanted);
            tiles.map(|((level, n), hashes)| Tile { level: *level, n: *n, hashes: hashes.clone() }).collect()
        }))
    }

    async fn checkpoint(&self, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError> {
        Ok(self.read(org, |books| books.checkpoint.clone()))
    }

    async fn lead(&self, org: &OrgId) -> Result<Option<Box<dyn Lead>>, LedgerError> {
        let mut leaders = self.shared.leaders.lock().unwrap_or_else(PoisonError::into_inner);
        let free = leaders.insert(org.clone());
        Ok(free.then(|| {
            let lead = MemoryLead { shared: Arc::clone(&self.shared), org: org.clone() };
            Box::new(lead) as Box<dyn Lead>
        }))
    }
}

/// The role of the sequencer, free again when dropped.
struct MemoryLead {
    shared: Arc<Shared>,
    org: OrgId,
}

#[async_trait]
impl Lead for MemoryLead {
    async fn grow(&mut self, growth: Growth) -> Result<(), LedgerError> {
        let mut books = self.shared.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.entry(self.org.clone()).or_default().grow(growth)
    }

    async fn step_down(self: Box<Self>) -> Result<(), LedgerError> {
        Ok(())
    }
}

impl Drop for MemoryLead {
    fn drop(&mut self) {
        let mut leaders: std::sync::MutexGuard<'_, Leading> =
            self.shared.leaders.lock().unwrap_or_else(PoisonError::into_inner);
        leaders.remove(&self.org);
    }
}
