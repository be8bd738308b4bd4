//! Loading and changing the organisation itself.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use yinuo_commitment::{Commitment, ContentHash, Tables, check};
use yinuo_core::{
    id::{OrgId, PersonId},
    organisation::{self, Organisation, OrganisationEntry, OrganisationEvent, Published},
    roster::Actor,
};
use yinuo_ledger::{Append, Ledger, LedgerError, Loaded, Tail, record};

use crate::{
    desk::{Desk, House},
    error::DeskError,
    feed::Change,
    understanding::Reader,
};

/// Loads the organisation from its stream. An organisation without entries is empty, not an error.
pub(crate) async fn load(org: &OrgId, ledger: &dyn Ledger) -> Result<House, DeskError> {
    let organisation = Organisation::default();
    let reader = Reader::of(org, ledger, &organisation.understanding, None).await;
    let nothing = House {
        organisation: Arc::new(organisation),
        tail: None,
        commitments: BTreeMap::new(),
        reader,
        own: OnceLock::new(),
    };
    reload(org, ledger, &nothing).await
}

/// The house as the ledger has it now. What `known` has compiled already is not compiled again.
async fn reload(org: &OrgId, ledger: &dyn Ledger, known: &House) -> Result<House, DeskError> {
    let loaded = ledger.load_organisation(org).await?;
    let tail = loaded.as_ref().map(Loaded::tail);
    let entries = loaded.map(|loaded| loaded.entries).unwrap_or_default();
    let folded = entries.iter().fold(Organisation::default(), organisation::apply);
    let commitments = all_compiled(&folded, known)?;
    let reader = Reader::of(org, ledger, &folded.understanding, Some(&known.reader)).await;
    Ok(House { organisation: Arc::new(folded), tail, commitments, reader, own: OnceLock::new() })
}

/// Every published commitment, compiled. What `known` had published already, word for word, it has compiled already.
fn all_compiled(
    organisation: &Organisation,
    known: &House,
) -> Result<BTreeMap<ContentHash, Arc<Commitment>>, DeskError> {
    let mut commitments = known.commitments.clone();
    let mut before = known.organisation.published.iter();
    for published in &organisation.published {
        if before.next() != Some(published) {
            commitments.insert(published.hash, Arc::new(compiled(published)?));
        }
    }
    Ok(commitments)
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
        events: impl FnMut(&Organisation) -> Result<(Vec<OrganisationEvent>, T), DeskError>,
    ) -> Result<T, DeskError> {
        self.organise_and(actor, events, |_| {}).await
    }

    /// The same with an entry with which persons are erased. Refused with [`LedgerError::PersonChanged`] if anything was
    /// recorded about them after the position `as_of`.
    pub(crate) async fn organise_erasing(
        &self,
        actor: Actor,
        events: Vec<OrganisationEvent>,
        persons: Vec<PersonId>,
        as_of: u64,
    ) -> Result<(), DeskError> {
        let erase = |append: &mut Append| {
            append.erases.clone_from(&persons);
            append.erases_as_of = Some(as_of);
        };
        self.organise_and(actor, |_| Ok((events.clone(), ())), erase).await
    }

    async fn organise_and<T>(
        &self,
        actor: Actor,
        mut events: impl FnMut(&Organisation) -> Result<(Vec<OrganisationEvent>, T), DeskError>,
        besides: impl Fn(&mut Append),
    ) -> Result<T, DeskError> {
        let _one_at_a_time = self.0.organising.lock().await;
        loop {
            let house = self.house();
            let (events, answer) = events(&house.organisation)?;
            let entry = OrganisationEntry { at: self.now(), actor, events };
            // Before it is kept: nothing may get into the ledger that cannot be read back at the next start.
            let changed = organisation::apply(Organisation::clone(&house.organisation), &entry);
            let commitments = all_compiled(&changed, &house)?;
            let sealed = record::seal_organisation(&self.0.org, house.tail, &entry, entry.at);
            let mut append = Append::new(sealed);
            besides(&mut append);
            match self.0.ledger.append(append).await {
                Ok(appended) => {
                    let tail = Some(Tail { version: appended.seq, head: appended.hash });
                    let ledger = self.0.ledger.as_ref();
                    let wanted = &changed.understanding;
                    let reader = Reader::of(&self.0.org, ledger, wanted, Some(&house.reader)).await;
                    let organisation = Arc::new(changed);
                    self.take_up(House { organisation, tail, commitments, reader, own: OnceLock::new() });
                    let change = Change {
                        position: appended.position,
                        ticket: None,
                        version: appended.seq,
                        at: entry.at,
                        notice_for: None,
                    };
                    self.tell(change);
                    return Ok(answer);
                }
                Err(LedgerError::Conflict { .. }) => {
                    self.take_up(reload(&self.0.org, self.0.ledger.as_ref(), &house).await?);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes up what another process has changed in the organisation: people who joined or left, commitments published.
    pub async fn refresh(&self) -> Result<(), DeskError> {
        let _one_at_a_time = self.0.organising.lock().await;
        let house = self.house();
        let reloaded = reload(&self.0.org, self.0.ledger.as_ref(), &house).await?;
        if reloaded.tail != house.tail {
            self.take_up(reloaded);
        }
        Ok(())
    }

    fn take_up(&self, house: House) {
        *self.0.house.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(house);
    }
}
