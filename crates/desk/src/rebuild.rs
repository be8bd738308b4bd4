//! Proving that the lists say what the ledger says: verify every chain, then make all view rows anew.

use std::sync::Arc;

use yinuo_core::{
    id::{OrgId, TicketId},
    ticket::{self, Entry, Facts},
    view,
};
use yinuo_ledger::{Ledger, LedgerError, Refold, SealedViews, Vault};

use crate::{
    desk::{Desk, House},
    error::DeskError,
};

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
        refold_by(self.0.org.clone(), self.house(), Arc::clone(self.0.ledger.vault()))
    }

    /// The rows of a ticket as its entries make them, by the commitments that it pins.
    pub(crate) fn made_anew(
        &self,
    ) -> impl Fn(TicketId, &[Entry]) -> Result<view::Views, LedgerError> + Send + Sync + use<> {
        made_by(self.house())
    }
}

/// How the rows of an organisation are made anew that no desk is open for: one that is still arriving.
pub async fn refold(org: &OrgId, ledger: &dyn Ledger) -> Result<Refold, DeskError> {
    let house = crate::organisation::load(org, ledger).await?;
    Ok(refold_by(org.clone(), Arc::new(house), Arc::clone(ledger.vault())))
}

fn refold_by(org: OrgId, house: Arc<House>, vault: Arc<Vault>) -> Refold {
    let made = made_by(house);
    Arc::new(move |id, loaded| {
        let views = made(id, &loaded.entries)?;
        let mut random = |bytes: &mut [u8]| vault.fill(bytes);
        Ok(SealedViews::seal(&org, views, loaded.custody()?, &mut random))
    })
}

fn made_by(
    house: Arc<House>,
) -> impl Fn(TicketId, &[Entry]) -> Result<view::Views, LedgerError> + Send + Sync + use<> {
    move |id, entries| {
        let damaged = |what: &str| LedgerError::corrupt(format!("{id}: {what}"));
        let ticket = ticket::fold(id, entries).ok_or_else(|| damaged("it does not begin with a receipt"))?;
        let commitments = house.pinned(&ticket.pins).map_err(|error| damaged(&error.to_string()))?;
        let no_load = std::collections::BTreeMap::new();
        let facts = Facts { commitments: &commitments, roster: &house.organisation.roster, load: &no_load };
        Ok(view::views(&ticket, &facts))
    }
}
