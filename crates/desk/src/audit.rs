//! Verifying the whole ledger: every hash, the tree, the signature, every word, every row of every list; and that what
//! people hold in their hands, old receipts and checkpoints, is still in it.

mod hashes;
mod keys;
mod lists;

use std::time::Duration;

use yinuo_commitment::{Language, Text};
use yinuo_ledger::{
    Checkpoint, KeptCheckpoint, LedgerError,
    audit::{Finding, Gone, HashPass, Misfit},
    checkpoint::{NoteError, VerifierKey},
    receipt::{Confirmed, Receipt, ReceiptError},
    vault::LOG_KEY,
};

use crate::{desk::Desk, error::DeskError};

/// What a verification is given beside the ledger.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The public key of the log as it is known from elsewhere. None: the one that the log is signed with here.
    pub key: Option<VerifierKey>,
    /// Old receipts, by the name of their file.
    pub receipts: Vec<(String, Receipt)>,
    /// Old checkpoints, by the name of their file.
    pub checkpoints: Vec<(String, String)>,
}

/// What a verification went through without finding anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Audited {
    /// Records re-hashed.
    pub records: u64,
    /// Chains.
    pub streams: u64,
    /// Records that the signed checkpoint covers; none if nothing was signed yet.
    pub signed: Option<u64>,
    /// Tickets whose words were opened and whose rows were compared.
    pub tickets: u64,
    /// Old receipts and checkpoints that are still in the ledger.
    pub held: u64,
    /// Time that the hashes took.
    pub hashing: Duration,
}

/// Why a ledger is not verified.
#[derive(Debug)]
pub enum AuditError {
    /// Something does not fit.
    Found(Box<Finding>),
    /// A receipt that was given does not hold by itself.
    Receipt {
        /// Its file.
        file: String,
        /// Why.
        error: ReceiptError,
    },
    /// A checkpoint that was given does not hold by itself.
    Checkpoint {
        /// Its file.
        file: String,
        /// Why.
        error: NoteError,
    },
    /// The ledger could not be read.
    Desk(DeskError),
}

impl AuditError {
    /// What to tell the person, in both languages.
    pub fn text(&self) -> Text {
        let both = |text: &dyn Fn(Language) -> String| Text::new(text(Language::Zh), text(Language::En));
        match self {
            AuditError::Found(finding) => finding.text(),
            AuditError::Receipt { file, error } => {
                both(&|language| format!("{file}: {}", error.text().get(language)))
            }
            AuditError::Checkpoint { file, error } => {
                both(&|language| format!("{file}: {}", error.text().get(language)))
            }
            AuditError::Desk(error) => both(&|language| error.text(language)),
        }
    }
}

impl From<Finding> for AuditError {
    fn from(finding: Finding) -> Self {
        AuditError::Found(Box::new(finding))
    }
}

impl From<LedgerError> for AuditError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Corrupt { position, what } => Finding::at(position, Misfit::Words { what }).into(),
            other => AuditError::Desk(other.into()),
        }
    }
}

/// What was verified by itself and is now looked for in the ledger.
#[derive(Default)]
struct Held {
    receipts: Vec<(String, Confirmed)>,
    checkpoints: Vec<(String, Checkpoint)>,
}

impl Held {
    fn of(evidence: &Evidence, key: Option<&VerifierKey>) -> Result<Self, AuditError> {
        let mut held = Self::default();
        for (file, receipt) in &evidence.receipts {
            let confirmed =
                receipt.verify(key).map_err(|error| AuditError::Receipt { file: file.clone(), error })?;
            held.checkpoints.push((file.clone(), confirmed.checkpoint.clone()));
            held.receipts.push((file.clone(), confirmed));
        }
        for (file, note) in &evidence.checkpoints {
            let verified = match key {
                Some(key) => Checkpoint::verified(note, key),
                None => Err(NoteError::NotSigned { key: "?".to_owned() }),
            };
            let error = |error| AuditError::Checkpoint { file: file.clone(), error };
            held.checkpoints.push((file.clone(), verified.map_err(error)?));
        }
        Ok(held)
    }

    fn ask(&self, pass: &mut HashPass) {
        for (_, checkpoint) in &self.checkpoints {
            pass.want_root(checkpoint.size);
        }
        for (_, receipt) in &self.receipts {
            pass.want_hash(receipt.position);
        }
    }

    /// Whether the ledger still holds all of it.
    fn compare(&self, pass: &HashPass) -> Result<(), Finding> {
        let gone = |position, file: &String, how| {
            Err(Finding::at(position, Misfit::Gone { file: file.clone(), how }))
        };
        let has = pass.size();
        for (file, receipt) in &self.receipts {
            match pass.hash(receipt.position) {
                Some(hash) if hash == receipt.hash => {}
                Some(_) => return gone(receipt.position, file, Gone::Forked { before: receipt.position }),
                None => return gone(has + 1, file, Gone::RolledBack { had: receipt.checkpoint.size, has }),
            }
        }
        for (file, checkpoint) in &self.checkpoints {
            match pass.root(checkpoint.size) {
                Some(root) if root == checkpoint.root => {}
                Some(_) => return gone(0, file, Gone::Forked { before: checkpoint.size }),
                None => return gone(has + 1, file, Gone::RolledBack { had: checkpoint.size, has }),
            }
        }
        Ok(())
    }
}

impl Desk {
    /// Verifies all of it. The error is the first thing that does not fit.
    pub async fn audit(&self, evidence: &Evidence) -> Result<Audited, AuditError> {
        let (audited, pass) = self.audit_hashes(evidence).await?;
        self.compare_keys().await?;
        Ok(Audited { tickets: self.compare_lists(pass.streams()).await?, ..audited })
    }

    /// Verifies hashes, tree and signature, and that the ledger still holds what it is shown; opens no words.
    pub async fn audit_held(&self, evidence: &Evidence) -> Result<Audited, AuditError> {
        Ok(self.audit_hashes(evidence).await?.0)
    }

    async fn audit_hashes(&self, evidence: &Evidence) -> Result<(Audited, HashPass), AuditError> {
        let key = evidence.key.clone().or_else(|| self.log_key().ok());
        let held = Held::of(evidence, key.as_ref())?;
        let kept = self.0.ledger.checkpoint(&self.0.org).await?;
        let mut pass = HashPass::new(&self.0.org);
        held.ask(&mut pass);
        let began = self.now();
        self.hash_all(&mut pass, kept.as_ref()).await?;
        let hashing = self.now().duration_since(began);
        Self::compare_signed(&pass, kept.as_ref(), key.as_ref())?;
        held.compare(&pass)?;
        self.must_be_signed(&pass, kept.as_ref(), key.as_ref()).await?;
        let audited = Audited {
            records: pass.size(),
            streams: pass.streams().len() as u64,
            signed: kept.map(|kept| kept.size),
            tickets: 0,
            held: (evidence.receipts.len() + evidence.checkpoints.len()) as u64,
            hashing: Duration::try_from(hashing).unwrap_or_default(),
        };
        Ok((audited, pass))
    }

    /// What can be verified at every start: all hashes and words of a ledger of at most `records`, the hashes of so many
    /// last records of a larger one; and in both the signed root. Says how many records were looked at.
    pub async fn audit_at_start(&self, records: u64) -> Result<u64, AuditError> {
        let key = self.log_key().ok();
        let kept = self.0.ledger.checkpoint(&self.0.org).await?;
        let last = self.0.ledger.last_position(&self.0.org).await?;
        let mut pass = self.pass_over_last(records, last, kept.as_ref()).await?;
        self.hash_all(&mut pass, kept.as_ref()).await?;
        Self::compare_signed(&pass, kept.as_ref(), key.as_ref())?;
        // A log whose key was made a moment ago, or whose server was ended at its very first start, has no checkpoint yet.
        // One with tiles was signed before.
        if kept.is_none() && self.has_tiles().await? {
            return Err(Finding::at(0, Misfit::NoCheckpoint).into());
        }
        if last <= records {
            self.compare_keys().await?;
            self.open_words(pass.streams()).await?;
        }
        Ok(pass.seen())
    }

    /// Whether there is the checkpoint that there has to be, and the key that it is verified with. Whoever takes both away
    /// would otherwise have a ledger in which nothing is signed and anything goes.
    async fn must_be_signed(
        &self,
        pass: &HashPass,
        kept: Option<&KeptCheckpoint>,
        key: Option<&VerifierKey>,
    ) -> Result<(), AuditError> {
        match kept {
            Some(_) if key.is_none() => Err(Finding::at(0, Misfit::NoLogKey).into()),
            Some(_) => Ok(()),
            None => {
                let tickets = hashes::tickets(pass.streams()).next().is_some();
                let served = tickets && self.0.ledger.secret(&self.0.org, LOG_KEY).await?.is_some();
                // A server may have made its key since, and be about to sign for the first time.
                let signed = served && self.0.ledger.checkpoint(&self.0.org).await?.is_some();
                if (served && !signed) || self.has_tiles().await? {
                    return Err(Finding::at(0, Misfit::NoCheckpoint).into());
                }
                Ok(())
            }
        }
    }

    /// Whether a tree was grown: nobody but a sequencer does, and never without a checkpoint.
    pub(crate) async fn has_tiles(&self) -> Result<bool, LedgerError> {
        Ok(!self.0.ledger.tiles(&self.0.org, 0, 0, 1).await?.is_empty())
    }

    /// Whether the records are what was signed.
    fn compare_signed(
        pass: &HashPass,
        kept: Option<&KeptCheckpoint>,
        key: Option<&VerifierKey>,
    ) -> Result<(), Finding> {
        let Some(kept) = kept else { return Ok(()) };
        if let Some(key) = key {
            let told = Checkpoint::verified(&kept.note, key)
                .map_err(|error| Finding::at(0, Misfit::Checkpoint(error)))?;
            if (told.size, told.root) != (kept.size, kept.root) {
                let changed = NoteError::Changed { key: key.name().to_owned() };
                return Err(Finding::at(0, Misfit::Checkpoint(changed)));
            }
        }
        if kept.size > pass.size() {
            let (signed, records) = (kept.size, pass.size());
            return Err(Finding::at(records + 1, Misfit::CutOff { signed, records }));
        }
        if pass.root(kept.size) == Some(kept.root) { Ok(()) } else { Err(pass.unsigned(kept.size)) }
    }
}
