//! A courier who fails now and then, before the delivery or after it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use yinuo_desk::{Courier, DeliveryError, InboxCourier, Job, rehearsal::Dice};

use crate::faults::{NodeLedger, lock};

/// What all couriers share.
pub(crate) struct Deliveries {
    dice: Mutex<Dice>,
    /// Fails so often in a thousand.
    failing: Mutex<u64>,
    delivered: Mutex<BTreeMap<String, u64>>,
}

impl Deliveries {
    pub(crate) fn new(dice: Dice) -> Self {
        Self { dice: Mutex::new(dice), failing: Mutex::default(), delivered: Mutex::default() }
    }

    pub(crate) fn fail(&self, of_a_thousand: u64) {
        *lock(&self.failing) = of_a_thousand;
    }

    /// How often each job was delivered.
    pub(crate) fn delivered(&self) -> BTreeMap<String, u64> {
        lock(&self.delivered).clone()
    }

    fn strikes(&self) -> bool {
        let failing = *lock(&self.failing);
        failing > 0 && lock(&self.dice).below(1_000) < failing
    }
}

/// The courier of one node, to the inboxes.
pub(crate) struct SimulatedCourier {
    inbox: InboxCourier,
    deliveries: Arc<Deliveries>,
}

impl SimulatedCourier {
    pub(crate) fn new(ledger: Arc<NodeLedger>, deliveries: &Arc<Deliveries>) -> Self {
        Self { inbox: InboxCourier::new(ledger), deliveries: Arc::clone(deliveries) }
    }
}

#[async_trait]
impl Courier for SimulatedCourier {
    async fn deliver(&self, job: &Job) -> Result<(), DeliveryError> {
        if self.deliveries.strikes() {
            return Err(DeliveryError::Later("the courier is ill".to_owned()));
        }
        self.inbox.deliver(job).await?;
        *lock(&self.deliveries.delivered).entry(job.key.clone()).or_default() += 1;
        if self.deliveries.strikes() {
            return Err(DeliveryError::Later("the courier did not come back".to_owned()));
        }
        Ok(())
    }
}
