//! The sequencer: grows the tree over the log and signs it, within a second of each commit.
//!
//! One process at a time leads. It signs only what extends the checkpoint that it finds: if what it reads does not give
//! the root that was signed last, somebody has changed, cut off or exchanged records, and nothing is signed any more
//! until people have looked at it. A signed fork could never be taken back.

use std::sync::{Arc, PoisonError, atomic::Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};
use yinuo_ledger::{
    Checkpoint, Growth, KeptCheckpoint, Lead, Ledger, LedgerError, Tile,
    checkpoint::{Note, NoteError},
    tree::{Frontier, TreeReader, record_leaf},
};

use crate::{
    desk::Desk,
    meters::Meters,
    public_log::{LEAVES, LogOptions},
};

/// The least time between two checkpoints. Half of the second that is promised, because each costs a sync of its own.
const PACE: SignedDuration = SignedDuration::from_millis(500);

/// How long a sequencer that has nothing to sign waits without being woken.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// How long it waits while another process leads, or after the ledger failed.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(1);

/// Leaves that one checkpoint adds at most: a long way is caught up in steps, each of which is kept.
const STEP: u64 = 65_536;

/// What the sequencer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequenced {
    /// It signed a checkpoint of so many leaves; there may be more to sign.
    Signed(u64),
    /// The newest checkpoint covers everything.
    Current,
    /// Another process leads.
    Elsewhere,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SequencerError {
    /// The ledger does not extend the checkpoint that was signed last.
    #[error(
        "REFUSED TO SIGN: the ledger does not extend its last checkpoint of {size} records: {what}. Records were changed, cut off or exchanged: run `yinuo verify ledger`, and restore what was there"
    )]
    Fork {
        /// Leaves of the last checkpoint.
        size: u64,
        /// What does not fit.
        what: String,
    },
    /// Tiles of a signed tree are there, and the checkpoint over them is gone.
    #[error(
        "REFUSED TO SIGN: the log was signed before, and its checkpoint is gone. Whatever was changed since would be signed as if it had always been so: run `yinuo verify ledger` with an old receipt or checkpoint, and restore what was there"
    )]
    Gone,
    /// The last checkpoint is not signed with the key of this log.
    #[error("REFUSED TO SIGN: the checkpoint that is kept is not this log's own: {0}")]
    Foreign(#[from] NoteError),
    /// Nobody has said what to sign with.
    #[error("the log has no key")]
    NoKey,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl SequencerError {
    /// Whether it refused, rather than failed.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, SequencerError::Fork { .. } | SequencerError::Gone | SequencerError::Foreign(_))
    }
}

/// The sequencer of one desk.
pub struct Sequencer {
    desk: Desk,
    options: Arc<LogOptions>,
    /// Leaves that one checkpoint adds at most.
    step: u64,
    lead: Option<Box<dyn Lead>>,
    /// The tree that was signed last, if it was checked against what is kept.
    frontier: Option<Frontier>,
}

impl Sequencer {
    /// The sequencer of a desk whose log was begun.
    pub fn new(desk: &Desk) -> Result<Self, SequencerError> {
        let options = desk.log_options().map_err(|_| SequencerError::NoKey)?;
        Ok(Self { desk: desk.clone(), options, step: STEP, lead: None, frontier: None })
    }

    /// The same with checkpoints that add at most so many leaves each.
    #[must_use]
    pub fn in_steps_of(self, leaves: u64) -> Self {
        Self { step: leaves.max(1), ..self }
    }

    /// Leads if nobody else does, and signs one checkpoint if there is something to sign.
    pub async fn step(&mut self) -> Result<Sequenced, SequencerError> {
        let (org, ledger) = (&self.desk.0.org, &self.desk.0.ledger);
        if self.lead.is_none() {
            self.lead = ledger.lead(org).await?;
        }
        self.desk.0.leads.store(self.lead.is_some(), Ordering::Relaxed);
        if self.lead.is_none() {
            // Whoever waits for a receipt here learns of what another process signs.
            let kept = ledger.checkpoint(org).await?;
            self.desk.note_signed(kept.map_or(0, |kept| kept.size));
            return Ok(Sequenced::Elsewhere);
        }
        let done = self.sign().await;
        if let Err(error) = &done {
            // Look at everything anew, and let another process try if this one cannot.
            self.frontier = None;
            if !error.is_refusal() {
                self.lead = None;
            }
        }
        done
    }

    /// Signs until everything is covered.
    pub async fn catch_up(&mut self) -> Result<Sequenced, SequencerError> {
        loop {
            match self.step().await? {
                Sequenced::Signed(_) => {}
                done => return Ok(done),
            }
        }
    }

    /// Gives up the lead.
    pub async fn step_down(mut self) -> Result<(), LedgerError> {
        self.desk.0.leads.store(false, Ordering::Relaxed);
        match self.lead.take() {
            Some(lead) => lead.step_down().await,
            None => Ok(()),
        }
    }

    async fn sign(&mut self) -> Result<Sequenced, SequencerError> {
        let kept = self.desk.0.ledger.checkpoint(&self.desk.0.org).await?;
        let frontier = match (self.frontier.take(), &kept) {
            (Some(known), Some(kept)) if known.size() == kept.size => {
                // Recomputed each time: what was signed is compared with the tree that is about to grow.
                if known.root() != kept.root {
                    return Err(fork(kept.size, "the kept checkpoint has another root than was signed here"));
                }
                known
            }
            (_, Some(kept)) => self.recomputed(kept).await?,
            (_, None) => {
                // Tiles without a checkpoint: whoever took it away must not get another history signed.
                if self.desk.has_tiles().await? {
                    return Err(SequencerError::Gone);
                }
                Frontier::new()
            }
        };
        let (grown, tiles) = self.grown(&frontier).await?;
        if kept.is_some() && grown.size() == frontier.size() {
            self.frontier = Some(frontier);
            return Ok(Sequenced::Current);
        }
        let from_size = kept.map_or(0, |kept| kept.size);
        let (size, root) = (grown.size(), grown.root());
        let origin = self.options.key.verifier().name().to_owned();
        let note = self.options.key.sign(&Checkpoint { origin, size, root }).to_string();
        let checkpoint = KeptCheckpoint { size, root, at: self.desk.now(), note };
        self.grow(Growth { from_size, tiles, checkpoint }).await?;
        self.signed(grown).await;
        Ok(Sequenced::Signed(size))
    }

    /// The tree of the last checkpoint as the tiles and the records after them give it. Refuses if that is not what was
    /// signed.
    async fn recomputed(&mut self, kept: &KeptCheckpoint) -> Result<Frontier, SequencerError> {
        let (org, ledger) = (&self.desk.0.org, self.desk.0.ledger.as_ref());
        let told = Checkpoint::verified(&kept.note, self.options.key.verifier())?;
        if (told.size, told.root) != (kept.size, kept.root) {
            return Err(fork(kept.size, "size and root beside the signed checkpoint are not its own"));
        }
        let records = ledger.last_position(org).await?;
        if records < kept.size {
            return Err(fork(kept.size, &format!("only {records} are there")));
        }
        let mut reader: TreeReader<'_, dyn Ledger> = TreeReader::new(ledger, org, kept.size);
        let frontier = match reader.frontier().await {
            Ok(frontier) => frontier,
            Err(LedgerError::Corrupt { what, .. }) => return Err(fork(kept.size, &what)),
            Err(error) => return Err(error.into()),
        };
        if frontier.root() == kept.root {
            Ok(frontier)
        } else {
            Err(fork(kept.size, "tiles and records give another root"))
        }
    }

    /// The tree with the next leaves, and the tiles that got full by them.
    async fn grown(&mut self, frontier: &Frontier) -> Result<(Frontier, Vec<Tile>), SequencerError> {
        let (org, ledger) = (&self.desk.0.org, &self.desk.0.ledger);
        let (mut grown, mut tiles) = (frontier.clone(), Vec::new());
        let end = frontier.size().saturating_add(self.step);
        while grown.size() < end {
            let limit = u32::try_from(end - grown.size()).unwrap_or(LEAVES).min(LEAVES);
            let leaves = match ledger.leaves(org, grown.size(), limit).await {
                Ok(leaves) => leaves,
                Err(LedgerError::Corrupt { position, what }) => {
                    return Err(fork(frontier.size(), &format!("at position {position}: {what}")));
                }
                Err(error) => return Err(error.into()),
            };
            let last = leaves.len() < limit as usize;
            for leaf in leaves {
                grown.push(record_leaf(leaf), |tile| tiles.push(tile));
            }
            if last {
                break;
            }
        }
        Ok((grown, tiles))
    }

    async fn grow(&mut self, growth: Growth) -> Result<(), LedgerError> {
        match self.lead.as_mut() {
            Some(lead) => lead.grow(growth).await,
            None => Err(LedgerError::Unfit { what: "whoever does not lead does not grow the tree" }),
        }
    }

    /// Tells whoever waits.
    async fn signed(&mut self, grown: Frontier) {
        Meters::add(&self.desk.0.meters.checkpoints);
        self.desk.0.log.edge.lock().await.clone_from(&grown);
        self.desk.note_signed(grown.size());
        self.frontier = Some(grown);
    }

    /// Keeps a checkpoint to which witnesses have added their signatures, if it is still the newest one.
    async fn keep_cosigned(&mut self, note: &Note) -> Result<(), LedgerError> {
        let text = note.to_string();
        let cosigned = &self.desk.0.log.cosigned;
        *cosigned.write().unwrap_or_else(PoisonError::into_inner) = Some(text.clone());
        let Some(kept) = self.desk.0.ledger.checkpoint(&self.desk.0.org).await? else { return Ok(()) };
        let newest = Note::parse(&kept.note).is_ok_and(|newest| newest.text() == note.text());
        if self.lead.is_none() || !newest || text == kept.note {
            return Ok(());
        }
        let from_size = kept.size;
        self.grow(Growth { from_size, tiles: Vec::new(), checkpoint: KeptCheckpoint { note: text, ..kept } })
            .await
    }
}

fn fork(size: u64, what: &str) -> SequencerError {
    SequencerError::Fork { size, what: what.to_owned() }
}

/// Asking the witnesses goes on beside the signing, one checkpoint at a time.
struct Round {
    answers: mpsc::Receiver<Note>,
    asking: Option<JoinHandle<()>>,
    answer: mpsc::Sender<Note>,
}

impl Round {
    fn new() -> Self {
        let (answer, answers) = mpsc::channel(1);
        Self { answers, asking: None, answer }
    }

    /// Asks the witnesses for the newest checkpoint, unless they are being asked already.
    async fn begin(&mut self, desk: &Desk, options: &Arc<LogOptions>) {
        if options.witnesses.is_empty() || self.asking.as_ref().is_some_and(|asking| !asking.is_finished()) {
            return;
        }
        let Ok(Some(kept)) = desk.0.ledger.checkpoint(&desk.0.org).await else { return };
        let Ok(note) = Note::parse(&kept.note) else { return };
        if options.witnesses.have_signed(&note) {
            return;
        }
        let (desk, options, answer) = (desk.clone(), Arc::clone(options), self.answer.clone());
        self.asking = Some(tokio::spawn(async move {
            let note = options.witnesses.ask_all(&desk, note).await;
            // The sequencer has stopped: the signatures are asked for again.
            let _ = answer.send(note).await;
        }));
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        if let Some(asking) = &self.asking {
            asking.abort();
        }
    }
}

impl Desk {
    /// Signs the log as it grows, until `shutdown` turns true or nobody is left to turn it.
    pub async fn run_sequencer(self, mut shutdown: watch::Receiver<bool>) {
        let mut sequencer = match Sequencer::new(&self) {
            Ok(sequencer) => sequencer,
            Err(error) => {
                tracing::error!(%error, "nothing will be signed");
                return;
            }
        };
        let mut appended = self.0.ledger.appended();
        let mut round = Round::new();
        while !*shutdown.borrow() {
            appended.mark_unchanged();
            let (pause, wakes) = self.sequence(&mut sequencer).await;
            round.begin(&self, &sequencer.options).await;
            let until = self.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(until) => {}
                changed = appended.changed(), if wakes => {
                    if changed.is_err() {
                        break;
                    }
                }
                Some(note) = round.answers.recv() => {
                    if let Err(error) = sequencer.keep_cosigned(&note).await {
                        tracing::warn!(%error, "signatures of witnesses were not kept");
                    }
                }
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        break;
                    }
                }
            }
        }
        drop(round);
        if let Err(error) = sequencer.step_down().await {
            tracing::warn!(%error, "the sequencer could not step down; its role is free once the process has ended");
        }
    }

    /// One step of the sequencer: how long to wait after it, and whether an append ends the wait.
    async fn sequence(&self, sequencer: &mut Sequencer) -> (SignedDuration, bool) {
        match sequencer.step().await {
            Ok(Sequenced::Signed(_)) => (PACE, false),
            Ok(Sequenced::Current) => (LOOK_AGAIN, true),
            Ok(Sequenced::Elsewhere) => (ASK_AGAIN, false),
            Err(error) if error.is_refusal() => {
                Meters::add(&self.0.meters.sign_refusals);
                tracing::error!(%error, "the log was not signed");
                (LOOK_AGAIN, false)
            }
            Err(error) => {
                tracing::warn!(%error, "the sequencer could not work");
                (ASK_AGAIN, false)
            }
        }
    }
}
