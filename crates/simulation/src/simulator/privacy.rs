//! People who want to be forgotten, and the log that is signed.

use std::collections::BTreeSet;

use yinuo_core::{
    id::TicketId,
    organisation::{self, Organisation},
    personal::ErasureReason,
    ticket::{Command, Outcome},
    words::Words,
};
use yinuo_desk::{DeskError, ErasureOrder, Sequencer, SequencerError, Witnesses};
use yinuo_ledger::LedgerError;

use super::{
    Simulator,
    deeds::{Deed, What},
};

/// Name of the log that is signed.
const ORIGIN: &str = "simulation.invalid/acme";

impl Simulator<'_> {
    /// Somebody asks to be forgotten: what is open is withdrawn, then the manager erases.
    pub(super) async fn somebody_is_forgotten(&mut self) {
        let Some((id, number, _)) = self.some_ticket() else { return };
        let manager = self.actor("manager");
        let node = self.some_node();
        let desk = self.nodes[node].desk.clone();
        let faults = self.shared.faults();
        let preview = match desk.preview_erasure(id, manager).await {
            Ok(preview) => preview,
            Err(DeskError::Erased { .. }) if self.auditor.is_erased(id) => return,
            Err(error) => return self.excused("preview of an erasure", &error, faults),
        };
        for row in preview.tickets.iter().filter(|row| row.closed_at.is_none()) {
            let (outcome, note) = (Outcome::Withdrawn, Words::new("不再需要"));
            let command = Command::Close { outcome, note };
            let actor = self.actor("lead");
            let (ticket, seen) = (row.ticket, row.version);
            let what = What::Command { ticket, command, actor, seen, only_then: true, code: None };
            self.perform(Deed { node, what }).await;
        }
        let order = ErasureOrder {
            reason: ErasureReason::ConsentWithdrawn,
            confirm: if self.dice.once_in(10) { "TS-1".to_owned() } else { number.clone() },
            expected_tickets: preview.tickets.len(),
        };
        let expected = self.auditor.of_the_same(id);
        let faults = self.shared.faults();
        let erased = desk.erase_person(id, &order, manager).await;
        self.shared.settle().await;
        let now: BTreeSet<TicketId> =
            self.erased_on_record().into_iter().filter(|ticket| !self.auditor.is_erased(*ticket)).collect();
        let sure = match &erased {
            Ok(_) => Some(true),
            Err(DeskError::StillOpen { .. } | DeskError::Invalid { .. }) => Some(false),
            Err(error) => {
                self.excused("erase", error, faults);
                None
            }
        };
        self.say(&format!("node {node} erases whoever asked {number}: {sure:?}, {} tickets", now.len()));
        let fits = match sure {
            Some(true) => now == expected,
            Some(false) => now.is_empty(),
            None => now.is_empty() || now == expected,
        };
        if !fits {
            self.object(format!(
                "{number}: {} tickets were erased, {} are the person's",
                now.len(),
                expected.len()
            ));
        }
        self.auditor.erased(now);
    }

    /// Tickets whose customer was erased, as the ledger has it.
    fn erased_on_record(&self) -> Vec<TicketId> {
        let ledger = self.shared.ledger();
        let loaded =
            self.shared.drive(ledger.load_organisation(&crate::org())).expect("the store itself answers");
        let entries = loaded.map(|loaded| loaded.entries).unwrap_or_default();
        let folded = entries.iter().fold(Organisation::default(), organisation::apply);
        folded.erased.into_keys().collect()
    }

    /// A node signs what was appended, if no other one leads.
    pub(super) async fn a_node_signs(&mut self) {
        let index = self.some_node();
        let faults = self.shared.faults();
        if self.nodes[index].sequencer.is_none() {
            let desk = self.nodes[index].desk.clone();
            if let Err(error) = desk.open_log(ORIGIN, Witnesses::none(), true).await {
                return self.excused("open the log", &error, faults);
            }
            match (desk.log_key(), Sequencer::new(&desk)) {
                (Ok(key), Ok(sequencer)) => {
                    let key = key.to_string();
                    if self.log_key.get_or_insert_with(|| key.clone()) != &key {
                        self.object("two nodes sign with different keys");
                    }
                    self.nodes[index].sequencer = Some(sequencer);
                }
                _ => return self.object("a log that was opened has no key"),
            }
        }
        let Some(sequencer) = &mut self.nodes[index].sequencer else { return };
        let signed = sequencer.step().await;
        match signed {
            Ok(signed) => self.say(&format!("node {index} signs: {signed:?}")),
            Err(SequencerError::Ledger(error @ (LedgerError::Full | LedgerError::Unavailable { .. }))) => {
                self.excused("sign", &error.into(), faults);
            }
            Err(error) => self.object(format!("node {index} does not sign: {error}")),
        }
        let ledger = self.shared.ledger();
        let kept = self.shared.drive(ledger.checkpoint(&crate::org())).expect("the store itself answers");
        if let Some(kept) = kept {
            let objections = self.auditor.signed(kept.size, kept.root);
            self.object_all(objections);
        }
        // Others may lead now and then.
        if self.dice.once_in(3) {
            self.nodes[index].sequencer = None;
        }
    }
}
