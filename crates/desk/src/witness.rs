//! Witnesses: programs of somebody else that sign a checkpoint once they have seen that it extends the one before
//! (C2SP tlog-witness). With their signature on it, a forked log can no longer be shown to some people only.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use tokio::task::JoinSet;
use yinuo_ledger::{
    Checkpoint, Ledger,
    checkpoint::{Note, NoteSignature, VerifierKey, hash_text},
    tree::TreeReader,
};

use crate::{desk::Desk, meters::Meters};

/// Longest answer of a witness that is read, in bytes.
pub const WITNESS_ANSWER_MAX_BYTES: usize = 16 * 1024;

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessAnswer {
    /// Status of HTTP.
    pub status: u16,
    /// The body, at most [`WITNESS_ANSWER_MAX_BYTES`] of it.
    pub body: String,
}

/// The line to witnesses.
#[async_trait]
pub trait WitnessLine: Send + Sync {
    /// Posts `body` to `url`, and gives up after a few seconds. The error says what happened.
    async fn post(&self, url: &str, body: String) -> Result<WitnessAnswer, String>;
}

/// A witness that is asked.
#[derive(Debug)]
struct Witness {
    url: String,
    key: VerifierKey,
    /// Leaves of the last checkpoint that it signed, as far as is known.
    size: AtomicU64,
}

/// The witnesses of a log.
#[derive(Clone)]
pub struct Witnesses {
    witnesses: Vec<Arc<Witness>>,
    line: Option<Arc<dyn WitnessLine>>,
}

impl Witnesses {
    /// No witnesses.
    pub const fn none() -> Self {
        Self { witnesses: Vec::new(), line: None }
    }

    /// Witnesses by the prefix of their address and by their key, reached over `line`.
    pub fn new(
        witnesses: impl IntoIterator<Item = (String, VerifierKey)>,
        line: Arc<dyn WitnessLine>,
    ) -> Self {
        let witness = |(url, key): (String, VerifierKey)| {
            let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
            Arc::new(Witness { url, key, size: AtomicU64::new(0) })
        };
        Self { witnesses: witnesses.into_iter().map(witness).collect(), line: Some(line) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.witnesses.is_empty() || self.line.is_none()
    }

    /// Whether all of them have signed this note.
    pub(crate) fn have_signed(&self, note: &Note) -> bool {
        self.witnesses.iter().all(|witness| note.verify(&witness.key).is_ok())
    }

    /// Asks all of them at the same time, and gives the note with the signatures of those that signed.
    pub(crate) async fn ask_all(&self, desk: &Desk, mut note: Note) -> Note {
        let Some(line) = &self.line else { return note };
        let mut asked = JoinSet::new();
        for witness in &self.witnesses {
            let (witness, line) = (Arc::clone(witness), Arc::clone(line));
            let (desk, note) = (desk.clone(), note.clone());
            asked.spawn(async move {
                let answered = witness.ask(&desk, line.as_ref(), &note).await;
                answered.map_err(|error| (witness.url.clone(), error))
            });
        }
        while let Some(answered) = asked.join_next().await {
            match answered {
                Ok(Ok(signature)) => note.add(signature),
                Ok(Err((url, error))) => {
                    Meters::add(&desk.0.meters.witness_failures);
                    tracing::warn!(url, error, "a witness did not sign");
                }
                Err(error) => tracing::error!(%error, "asking a witness broke down"),
            }
        }
        note
    }
}

impl Witness {
    /// Its signature of the note. Asks a second time if it remembers another size than was thought.
    async fn ask(&self, desk: &Desk, line: &dyn WitnessLine, note: &Note) -> Result<NoteSignature, String> {
        let checkpoint = Checkpoint::parse(note.text()).map_err(|error| error.to_string())?;
        for _ in 0..2 {
            let old = self.size.load(Ordering::Relaxed).min(checkpoint.size);
            let body = request(desk, old, &checkpoint, note).await?;
            let answer = line.post(&self.url, body).await?;
            match answer.status {
                200 => return self.signature(note, &checkpoint, &answer.body),
                409 => {
                    let known = answer.body.strip_suffix('\n').and_then(|size| size.parse().ok());
                    let size: u64 = known.ok_or("it answered 409 without the size that it knows")?;
                    if size > checkpoint.size {
                        return Err(format!(
                            "it has seen {size} records, and this log has {}",
                            checkpoint.size
                        ));
                    }
                    if size == old {
                        return Err(format!("it has seen another tree of {size} records"));
                    }
                    self.size.store(size, Ordering::Relaxed);
                }
                status => return Err(format!("it answered {status}: {}", first_line(&answer.body))),
            }
        }
        Err("it changes its mind about the size that it knows".to_owned())
    }

    fn signature(&self, note: &Note, checkpoint: &Checkpoint, body: &str) -> Result<NoteSignature, String> {
        for line in body.lines() {
            let Some(signature) = NoteSignature::parse(line) else { continue };
            let mut signed = note.clone();
            signed.add(signature.clone());
            if signature.id == self.key.id()
                && signature.name == self.key.name()
                && signed.verify(&self.key).is_ok()
            {
                self.size.store(checkpoint.size, Ordering::Relaxed);
                return Ok(signature);
            }
        }
        Err("its answer holds no signature of its key".to_owned())
    }
}

fn first_line(body: &str) -> String {
    body.lines().next().unwrap_or_default().chars().take(200).collect()
}

/// The body of a request: the size that the witness knows, the proof that this checkpoint extends it, the checkpoint.
async fn request(desk: &Desk, old: u64, checkpoint: &Checkpoint, note: &Note) -> Result<String, String> {
    let ledger = desk.0.ledger.as_ref();
    let mut reader: TreeReader<'_, dyn Ledger> = TreeReader::new(ledger, &desk.0.org, checkpoint.size);
    let proof = reader.consistency(old).await.map_err(|error| error.to_string())?;
    let mut body = format!("old {old}\n");
    for hash in &proof {
        body.push_str(&hash_text(hash));
        body.push('\n');
    }
    body.push('\n');
    body.push_str(&note.to_string());
    Ok(body)
}
