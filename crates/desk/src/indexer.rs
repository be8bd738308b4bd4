//! The indexer: fills the search index behind the log.
//!
//! Intake never waits for it: it reads what is on record, in batches, with pauses while requests come in, and writes to
//! tables that no request writes to. One process indexes at a time; what one has left lying, the next one goes on with.
//! An index of another log, of another form of texts, or of a forgotten key is made anew.

use std::{collections::BTreeSet, sync::atomic::Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use yinuo_core::{id::TicketId, organisation::OrganisationEvent};
use yinuo_language::tokens::TokenKey;
use yinuo_ledger::{Document, Hash, Head, IndexHolder, IndexStep, Indexed, LedgerError, Stream, record};

use crate::{desk::Desk, error::DeskError, meters::Meters, searchable};

/// The form of texts and tokens. Another number makes every index anew: raise it when masking, folding or the parts of a
/// ticket change.
pub(crate) const FORM: u32 = 3;

/// Records that one step goes on at most.
const STEP: u32 = 256;

/// How long an indexer has the role after a sign of life.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// The least time between two steps while records come in: what happens to a ticket in quick succession is indexed once.
const PACE: SignedDuration = SignedDuration::from_millis(250);

/// While records come in the indexer pauses this many times as long as it worked.
const PAUSE_FACTOR: i32 = 19;

/// How long an indexer that has nothing to do waits without being woken.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// How long it waits while another process indexes.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// How long it waits after the index or the ledger failed.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(30);

/// What the indexer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexerStep {
    /// It took up so many records; there may be more.
    Indexed(u64),
    /// It removed some of what was erased from the files; there may be more.
    Swept,
    /// The index has everything.
    Current,
    /// Another process indexes.
    Elsewhere,
}

/// The indexer of one desk.
pub struct Indexer {
    desk: Desk,
    holder: IndexHolder,
    /// Records that one step goes on at most.
    step: u32,
}

impl Indexer {
    /// The indexer of a desk.
    pub fn new(desk: &Desk) -> Self {
        let mut holder = [0; 16];
        desk.fill_random(&mut holder);
        Self { desk: desk.clone(), holder, step: STEP }
    }

    /// The same with steps of at most so many records.
    #[must_use]
    pub fn in_steps_of(self, records: u32) -> Self {
        Self { step: records.max(1), ..self }
    }

    /// Takes one step, unless another process indexes.
    pub async fn step(&self) -> Result<IndexerStep, DeskError> {
        let (org, ledger) = (&self.desk.0.org, &self.desk.0.ledger);
        if !ledger.claim_index(org, self.holder, self.desk.now(), LEASE).await? {
            self.note_lag(ledger.indexed(org).await?.map_or(0, |at| at.position)).await?;
            return Ok(IndexerStep::Elsewhere);
        }
        let at = match ledger.indexed(org).await? {
            Some(at) if self.fits(&at).await? => at,
            known => {
                if known.is_some() {
                    tracing::warn!(
                        "the search index does not belong to this log, or has an older form: it is made anew"
                    );
                }
                let Some(fresh) = self.begin().await? else { return Ok(IndexerStep::Elsewhere) };
                fresh
            }
        };
        let heads = ledger.read_heads(org, at.position, self.step).await?;
        let Some(last) = heads.last() else {
            self.note_lag(at.position).await?;
            let more = ledger.sweep_index(org).await?;
            return Ok(if more { IndexerStep::Swept } else { IndexerStep::Current });
        };
        let anchor = self.anchor(last.position).await?.ok_or_else(|| {
            LedgerError::corrupt(format!("record {} is missing from the log", last.position))
        })?;
        let step = IndexStep {
            from: at.position,
            to: Indexed { position: last.position, anchor, ..at },
            documents: self.documents(&at, &heads).await?,
            gone: self.gone(&heads).await?,
        };
        let position = last.position;
        if !ledger.put_documents(org, self.holder, step).await? {
            return Ok(IndexerStep::Elsewhere);
        }
        self.note_lag(position).await?;
        Ok(IndexerStep::Indexed(heads.len() as u64))
    }

    /// Works until the index has everything. Says how many records were taken up; none if another process indexes.
    pub async fn catch_up(&self) -> Result<Option<u64>, DeskError> {
        let mut taken: u64 = 0;
        loop {
            match self.step().await? {
                IndexerStep::Indexed(records) => taken = taken.saturating_add(records),
                IndexerStep::Swept => {}
                IndexerStep::Current => return Ok(Some(taken)),
                IndexerStep::Elsewhere => return Ok(None),
            }
        }
    }

    /// Empties the index and begins it anew under a new key. False if another process indexes.
    pub async fn begin_anew(&self) -> Result<bool, DeskError> {
        let (org, ledger) = (&self.desk.0.org, &self.desk.0.ledger);
        let claimed = ledger.claim_index(org, self.holder, self.desk.now(), LEASE).await?;
        Ok(claimed && self.begin().await?.is_some())
    }

    /// Gives the role back.
    pub async fn step_down(self) -> Result<(), DeskError> {
        Ok(self.desk.0.ledger.release_index(&self.desk.0.org, self.holder).await?)
    }

    async fn begin(&self) -> Result<Option<Indexed>, DeskError> {
        let mut salt = [0; 16];
        self.desk.fill_random(&mut salt);
        let fresh = Indexed { position: 0, anchor: Hash([0; 32]), form: FORM, salt };
        let begun = self.desk.0.ledger.begin_index(&self.desk.0.org, self.holder, fresh).await?;
        Ok(begun.then_some(fresh))
    }

    /// Whether the index has this form and is of this log.
    async fn fits(&self, at: &Indexed) -> Result<bool, DeskError> {
        let anchored = at.position == 0 || self.anchor(at.position).await? == Some(at.anchor);
        Ok(at.form == FORM && anchored)
    }

    /// The hash of the record at a position.
    async fn anchor(&self, position: u64) -> Result<Option<Hash>, LedgerError> {
        let before = position.saturating_sub(1);
        let leaves = self.desk.0.ledger.leaves(&self.desk.0.org, before, 1).await;
        match leaves {
            Ok(leaves) => Ok(leaves.first().copied()),
            // A log that is shorter than the index: another one.
            Err(LedgerError::Corrupt { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn note_lag(&self, position: u64) -> Result<(), DeskError> {
        let last = self.desk.0.ledger.last_position(&self.desk.0.org).await?;
        self.desk.0.meters.search_lag.store(last.saturating_sub(position), Ordering::Relaxed);
        Ok(())
    }

    /// The tickets that something happened to, as they are now.
    async fn documents(&self, at: &Indexed, heads: &[Head]) -> Result<Vec<Document>, DeskError> {
        let touched: BTreeSet<TicketId> = heads.iter().filter_map(|head| head.stream.ticket()).collect();
        let touched: Vec<TicketId> = touched.into_iter().collect();
        let (org, ledger) = (&self.desk.0.org, &self.desk.0.ledger);
        let rows = ledger.tickets(org, &touched).await?;
        let mut loaded = ledger.load_tickets(org, &touched).await?;
        let key = self.desk.token_key(at);
        let tokenise = move || -> Vec<Document> {
            rows.iter()
                .filter_map(|row| {
                    let loaded = loaded.remove(&row.ticket)?;
                    Some(searchable::document(&key, row, &loaded.entries))
                })
                .collect()
        };
        // A thread of its own: hundreds of texts would hold up whoever waits for this one.
        let documents = tokio::task::spawn_blocking(tokenise).await;
        documents.map_err(|_| LedgerError::corrupt("the texts of a ticket could not be indexed").into())
    }

    /// The tickets of persons who were erased.
    async fn gone(&self, heads: &[Head]) -> Result<Vec<TicketId>, DeskError> {
        let (org, ledger) = (&self.desk.0.org, &self.desk.0.ledger);
        let mut gone = Vec::new();
        for head in heads.iter().filter(|head| head.stream == Stream::Organisation) {
            let before = head.position.saturating_sub(1);
            for stored in ledger.read_all(org, before, 1).await? {
                for event in record::open_organisation(&stored.body)?.entry.events {
                    if let OrganisationEvent::PersonErased { tickets, .. } = event {
                        gone.extend(tickets);
                    }
                }
            }
        }
        Ok(gone)
    }
}

impl Desk {
    /// The key of the tokens of an index.
    pub(crate) fn token_key(&self, at: &Indexed) -> TokenKey {
        TokenKey::from_bytes(&self.0.index.tokens(&at.salt))
    }

    /// Fills the search index behind the log until `shutdown` turns true or nobody is left to turn it.
    pub async fn run_indexer(self, mut shutdown: watch::Receiver<bool>) {
        let indexer = Indexer::new(&self);
        let mut appended = self.0.ledger.appended();
        while !*shutdown.borrow() {
            let begun = self.now();
            appended.mark_unchanged();
            let (pause, wakes) = match indexer.step().await {
                Ok(IndexerStep::Indexed(_) | IndexerStep::Swept) => {
                    let worked = self.now().duration_since(begun);
                    // Nothing came in meanwhile: then nobody is in a hurry but the indexer.
                    let busy = appended.has_changed().unwrap_or(false);
                    let pause = worked.saturating_mul(PAUSE_FACTOR).max(PACE);
                    (if busy { pause } else { SignedDuration::ZERO }, false)
                }
                Ok(IndexerStep::Current) => (LOOK_AGAIN, true),
                Ok(IndexerStep::Elsewhere) => (ASK_AGAIN, false),
                Err(error) => {
                    Meters::add(&self.0.meters.search_failures);
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the search index was not filled"
                    );
                    (AFTER_FAILURE, false)
                }
            };
            let until = self.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(until) => {}
                changed = appended.changed(), if wakes => {
                    if changed.is_err() {
                        break;
                    }
                    self.0.ports.clock.sleep_until(self.now().saturating_add(PACE).unwrap_or(until)).await;
                }
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        break;
                    }
                }
            }
        }
        if let Err(error) = indexer.step_down().await {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "the role of the indexer ends with its lease"
            );
        }
    }
}
