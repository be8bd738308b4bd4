//! Loading and changing the organisation itself.

use std::{collections::BTreeMap, sync::Arc};

use yinuo_commitment::{Commitment, Tables, check};
use yinuo_core::{
    id::OrgId,
    organisation::{self, Organisation, OrganisationEntry, OrganisationEvent, Published},
    roster::Actor,
};
use yinuo_ledger::{Append, Ledger, LedgerError, Tail, record};

use crate::{
    desk::{Desk, House},
    error::DeskError,
    feed::Change,
};

/// Loads the organisation from its stream. An organisation without entries is empty, not an error.
pub(crate) async fn load(org: &OrgId, ledger: &dyn Ledger) -> Result<House, DeskError> {
    let loaded = ledger.load_organisation(org).await?;
    let mut house = House { organisation: Arc::default(), tail: None, commitments: BTreeMap::new() };
    let Some(loaded) = loaded else { return Ok(house) };
    house.tail = Some(loaded.tail());
    let folded = loaded.entries.iter().fold(Organisation::default(), organisation::apply);
    for published in &folded.published {
        house.commitments.insert(published.hash, Arc::new(compiled(published)?));
    }
    house.organisation = Arc::new(folded);
    Ok(house)
}

/// A published file compiled with the very tables that it was published with.
fn compiled(published: &Published) -> Result<Commitment, DeskError> {
    let damaged = |what: String| {
        LedgerError::corrupt(format!("commitment {} version {}: {what}", published.number, published.version))
    };
    let mut tables = Tables::default();
    for (name, text) in &published.tables {
        tables.add(name, text).map_err(|error| damaged(format!("table `{name}`: {error}")))?;
    }
    let report = check(&published.text, &tables);
    let commitment = report.commitment.ok_or_else(|| damaged("it no longer checks".to_owned()))?;
    if commitment.hash != published.hash {
        return Err(damaged("its content hash does not fit".to_owned()).into());
    }
    Ok(commitment)
}

impl Desk {
    /// Appends an entry to the organisation's stream and takes up the new state. `events` decides on the current state
    /// and may refuse; it is asked again if another process was faster.
    pub(crate) async fn organise<T>(
        &self,
        actor: Actor,
        mut events: impl FnMut(&Organisation) -> Result<(Vec<OrganisationEvent>, T), DeskError>,
    ) -> Result<T, DeskError> {
        let _one_at_a_time = self.0.organising.lock().await;
        loop {
            let house = self.house();
            let (events, answer) = events(&house.organisation)?;
            let entry = OrganisationEntry { at: self.now(), actor, events };
            let sealed = record::seal_organisation(&self.0.org, house.tail, &entry, entry.at);
            match self.0.ledger.append(Append::new(sealed)).await {
                Ok(appended) => {
                    let changed = organisation::apply(Organisation::clone(&house.organisation), &entry);
                    let mut commitments = house.commitments.clone();
                    for published in &changed.published {
                        if !commitments.contains_key(&published.hash) {
                            commitments.insert(published.hash, Arc::new(compiled(published)?));
                        }
                    }
                    let tail = Some(Tail { version: appended.seq, head: appended.hash });
                    self.take_up(House { organisation: Arc::new(changed), tail, commitments });
                    let change = Change {
                        position: appended.position,
                        ticket: None,
                        version: appended.seq,
                        at: entry.at,
                        notice_for: None,
                    };
                    // Nobody watching is fine.
                    let _ = self.0.feed.send(change);
                    return Ok(answer);
                }
                Err(LedgerError::Conflict { .. }) => {
                    self.take_up(load(&self.0.org, self.0.ledger.as_ref()).await?)
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn take_up(&self, house: House) {
        *self.0.house.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(house);
    }
}
