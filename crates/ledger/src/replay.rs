//! Making the view rows anew from the log.

use std::sync::Arc;

use async_trait::async_trait;
use yinuo_core::{
    id::{OrgId, TicketId},
    ticket::Entry,
};

use crate::{LedgerError, Loaded, SealedViews};

/// Folds a loaded ticket and gives its rows, sealed for its person, or says why that cannot be. The caller knows the
/// facts and has randomness; the ledger knows no rule.
pub type Refold = Arc<dyn Fn(TicketId, &Loaded<Entry>) -> Result<SealedViews, LedgerError> + Send + Sync>;

/// Rebuilding and comparing view rows.
#[async_trait]
pub trait Replay: Send + Sync {
    /// Drops all view rows, alarms and tallies of the organisation and makes them anew from the log, in one transaction.
    /// Says how many tickets were folded. Appends wait meanwhile.
    async fn rebuild(&self, org: &OrgId, refold: Refold) -> Result<u64, LedgerError>;

    /// All view rows of the organisation as text, one row a line, in a fixed order: two ledgers with the same log give
    /// the same text. For tests and `yinuo replay`; it holds words of customers.
    async fn dump_views(&self, org: &OrgId) -> Result<String, LedgerError>;
}
