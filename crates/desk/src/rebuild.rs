//! Proving that the lists say what the ledger says: verify every chain, then make all view rows anew.

use std::sync::Arc;

use yinuo_core::{
    id::TicketId,
    ticket::{self, Entry, Facts},
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
        let desk = self.clone();
        let made = self.made_anew();
        Arc::new(move |id, loaded| {
            let views = made(id, &loaded.entries)?;
            let mut random = |bytes: &mut [u8]| desk.fill_random(bytes);
            Ok(SealedViews::seal(&desk.0.org, views, loaded.custody()?, &mut random))
        })
    }

    /// The rows of a ticket as its entries make them, by the commitments that it pins.
    pub(crate) fn made_anew(
        &self,
    ) -> impl Fn(TicketId, &[Entry]) -> Result<view::Views, LedgerError> + Send + Sync + use<> {
        let house = self.house();
        move |id, entries| {
            let damaged = |what: &str| LedgerError::corrupt(format!("{id}: {what}"));
            let ticket =
                ticket::fold(id, entries).ok_or_else(|| damaged("it does not begin with a receipt"))?;
            let commitments = house.pinned(&ticket.pins).map_err(|error| damaged(&error.to_string()))?;
            let no_load = std::collections::BTreeMap::new();
            let facts =
                Facts { commitments: &commitments, roster: &house.organisation.roster, load: &no_load };
            Ok(view::views(&ticket, &facts))
        }
    }
}
