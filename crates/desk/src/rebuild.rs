//! Proving that the lists say what the ledger says: verify every chain, then make all view rows anew.

use std::sync::Arc;

use yinuo_core::{
    ticket::{self, Facts},
    view,
};
use yinuo_ledger::{LedgerError, Refold, SealedViews};

use crate::{desk::Desk, error::DeskError};

/// What a rebuild came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// Records whose hash and body are sound.
    pub records: u64,
    /// Chains that are sound.
    pub streams: u64,
    /// Tickets whose rows were made anew.
    pub tickets: u64,
    /// Whether the rows differed from what the ledger says.
    pub changed: bool,
}

impl Desk {
    /// Verifies the whole ledger if it has at most so many records; says whether it did. The error names the first record
    /// that does not fit.
    pub async fn verify_at_most(&self, records: u64) -> Result<bool, LedgerError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        if ledger.last_position(org).await? > records {
            return Ok(false);
        }
        ledger.verify(org).await?;
        Ok(true)
    }

    /// Verifies the whole ledger, then rebuilds all view rows from it and says whether anything differed.
    pub async fn rebuild(&self) -> Result<Rebuilt, DeskError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let verified = ledger.verify(org).await?;
        let before = ledger.dump_views(org).await?;
        let tickets = ledger.rebuild(org, self.refold()).await?;
        let changed = before != ledger.dump_views(org).await?;
        Ok(Rebuilt { records: verified.records, streams: verified.streams, tickets, changed })
    }

    /// Folds a ticket and makes its rows by the commitments that it pins.
    fn refold(&self) -> Refold {
        let (desk, house) = (self.clone(), self.house());
        Arc::new(move |id, loaded| {
            let damaged = |what: &str| LedgerError::corrupt(format!("{id}: {what}"));
            let ticket = ticket::fold(id, &loaded.entries)
                .ok_or_else(|| damaged("it does not begin with a receipt"))?;
            let commitments = house.pinned(&ticket.pins).map_err(|error| damaged(&error.to_string()))?;
            let no_load = std::collections::BTreeMap::new();
            let facts =
                Facts { commitments: &commitments, roster: &house.organisation.roster, load: &no_load };
            let mut random = |bytes: &mut [u8]| desk.fill_random(bytes);
            Ok(SealedViews::seal(&desk.0.org, view::views(&ticket, &facts), loaded.custody()?, &mut random))
        })
    }
}
