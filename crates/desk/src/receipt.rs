//! The receipt as a file: the record of an intake with the proof that it is in the signed log.

use jiff::{SignedDuration, Timestamp};
use yinuo_core::{access::Operation, id::TicketId, roster::Actor};
use yinuo_ledger::{
    KeptCheckpoint, Ledger, Stored, Stream, chain,
    receipt::{Evidence, Receipt},
    tree::TreeReader,
};

use crate::{
    case::Case,
    desk::Desk,
    error::DeskError,
    veil::{Veil, customers},
};

/// How long somebody who asks for a receipt waits for the checkpoint that covers the record.
const PATIENCE: SignedDuration = SignedDuration::from_secs(2);

/// How often is looked whether another node has signed meanwhile.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_millis(100);

impl Desk {
    /// The receipt of a ticket for its customer. Right after the intake it waits until the log is signed, and is
    /// [`DeskError::NotSigned`] if that takes too long.
    pub async fn receipt(&self, number: &str, query_code: &str) -> Result<Receipt, DeskError> {
        let case = self.customers_case(number, query_code).await?;
        self.receipt_of(&case).await
    }

    /// The receipt of a ticket for a person of the company. Texts that the person sees masked are not in it, as in a receipt
    /// that is drawn up after an erasure: it still proves when the request came in, and the customer's own holds them.
    pub async fn receipt_for_staff(&self, id: TicketId, actor: Actor) -> Result<Receipt, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        let case = self.load_case(id).await?;
        let mut receipt = self.receipt_of(&case).await?;
        let house = self.house();
        if let Some(veil) = Veil::of(actor, customers(&case.entries), house.own()) {
            receipt.contents.retain(|content| veil.shown(&content.text).is_none());
        }
        Ok(receipt)
    }

    async fn receipt_of(&self, case: &Case) -> Result<Receipt, DeskError> {
        let ticket = &case.ticket;
        let options = self.log_options()?;
        let stream = Stream::Ticket(ticket.id);
        let records = self.0.ledger.records_of(&self.0.org, stream).await?;
        let stored: &Stored = records.first().ok_or(DeskError::NotFound { what: "ticket" })?;
        let checkpoint = self.covering(stored.position).await?;
        let edge = self.edge(checkpoint.size).await?;
        let ledger = self.0.ledger.as_ref();
        let mut reader: TreeReader<'_, dyn Ledger> = TreeReader::at_edge(ledger, &self.0.org, &edge);
        let proof = reader.inclusion(stored.position - 1).await?;
        Ok(Receipt::draw_up(&Evidence {
            number: &ticket.number,
            received_at: ticket.received_at,
            stored,
            contents: &case.custody.open(&self.0.org, stored)?,
            previous: chain::genesis(&self.0.org, stream),
            proof: &proof,
            origin: options.key.verifier().name(),
            key: options.key.verifier(),
            checkpoint: &checkpoint.note,
        }))
    }

    /// The checkpoint that covers the record at `position`, once there is one.
    async fn covering(&self, position: u64) -> Result<KeptCheckpoint, DeskError> {
        let began = self.now();
        let gives_up = began.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
        let mut signed = self.0.log.signed.subscribe();
        loop {
            signed.mark_unchanged();
            if let Some(kept) = self.checkpoint().await?.filter(|kept| kept.size >= position) {
                return Ok(kept);
            }
            let now = self.now();
            if now >= gives_up {
                return Err(DeskError::NotSigned);
            }
            let again = now.saturating_add(LOOK_AGAIN).unwrap_or(gives_up).min(gives_up);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(again) => {}
                changed = signed.changed() => {
                    if changed.is_err() {
                        return Err(DeskError::NotSigned);
                    }
                }
            }
        }
    }
}
