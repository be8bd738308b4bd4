//! The auditor comes: in good weather, with room, when nothing is under way.

use jiff::SignedDuration;
use yinuo_core::roster::Actor;
use yinuo_desk::{Clock, DeskError};

use super::Simulator;
use crate::{
    auditor::Scene,
    faults::{NodeLedger, Weather},
};

impl Simulator<'_> {
    /// Everything is judged. The weather is as before afterwards.
    pub(super) async fn audit(&mut self, at_the_end: bool) {
        let weather = self.shared.weather();
        if self.full_for.is_some() {
            self.room_again().await;
        }
        self.shared.set_weather(Weather::default());
        self.shared.settle().await;
        for index in 0..self.nodes.len() {
            if !self.nodes[index].ledger.is_alive() {
                self.open_node(Some(index)).await;
            }
        }
        self.outlive_leases();
        if let Err(error) = self.judge(at_the_end).await {
            self.object(format!("the auditor is sent away: {error}"));
        }
        self.shared.set_weather(Weather { full: false, ..weather });
    }

    async fn judge(&mut self, at_the_end: bool) -> Result<(), DeskError> {
        let node = (0..self.nodes.len()).max_by_key(|index| self.nodes[*index].clock.now()).unwrap_or(0);
        let desk = self.nodes[node].desk.clone();
        desk.refresh().await?;
        // Before a tick replaces rows.
        if desk.rebuild().await?.changed {
            self.object("the lists differ from the ledger");
        }
        let report = desk.tick_due().await?;
        if report.stale + report.missed > 0 {
            self.object(format!("in peace, a tick comes to {report:?}"));
        }
        // In peace a node's own way to the store is as good as the store itself.
        let ledger = NodeLedger::new(&self.shared);
        let scene = Scene {
            desk: &desk,
            ledger: &ledger,
            supervision: self.member("supervision"),
            jobs: self.shared.jobs(),
            delivered: self.deliveries.delivered(),
            at_the_end,
        };
        let objections = self.auditor.judge(&scene).await?;
        self.say(&format!("audit: {} objections", objections.len()));
        self.object_all(objections);
        Ok(())
    }

    /// Every due passes, everything is delivered, every key is tried once more.
    pub(super) async fn end(&mut self) {
        if self.full_for.is_some() {
            self.room_again().await;
        }
        self.shared.set_weather(Weather::default());
        self.deliveries.fail(0);
        self.after_step().await;
        // Past whatever was recorded by a clock that was ahead; then remedies fall due after the breaches.
        for days in [2, 9, 9] {
            self.clock.step(SignedDuration::from_hours(24 * days));
            self.all_nodes_tick().await;
        }
        self.deliver_everything().await;
        if self.objections.is_empty() {
            self.audit(true).await;
        }
        self.try_every_key().await;
        let ledger = self.shared.ledger();
        let last = self.shared.drive(ledger.last_position(&crate::org())).unwrap_or(0);
        let head =
            self.shared.drive(ledger.read_all(&crate::org(), last.saturating_sub(1), 1)).unwrap_or_default();
        let head = head.first().map(|record| record.hash.to_string()).unwrap_or_default();
        self.say(&format!("end: {} tickets, {last} records, {head}", self.auditor.tickets().count()));
    }

    async fn deliver_everything(&mut self) {
        for _ in 0..400 {
            let desk = self.nodes[0].desk.clone();
            if let Err(error) = desk.deliver_due().await {
                self.object(format!("deliver answers {error}"));
                return;
            }
            match desk.job_counts().await {
                Ok(counts) if counts.waiting == 0 => return,
                Ok(_) => self.clock.step(SignedDuration::from_mins(30)),
                Err(error) => {
                    self.object(format!("job counts: {error}"));
                    return;
                }
            }
        }
        self.object("jobs are never delivered");
    }

    async fn try_every_key(&mut self) {
        for (key, ticket, submission) in self.auditor.keys() {
            let node = self.some_node();
            let desk = self.nodes[node].desk.clone();
            match desk.submit(submission.clone(), Actor::Customer, Some(key.clone())).await {
                Err(DeskError::Erased { .. }) if self.auditor.is_erased(ticket) => {}
                Ok(receipt) if self.auditor.is_erased(ticket) => {
                    self.object(format!("{} was erased and is told again", receipt.number));
                }
                Ok(receipt) => self.receipt(node, &receipt, &submission, Some(&key)),
                Err(error) => self.object(format!("{key} answers {error}")),
            }
        }
    }
}
