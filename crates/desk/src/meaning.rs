//! Nearness by meaning, where the operator connects a model that turns texts into vectors. The questions of the knowledge base
//! get theirs beside the requests, one after another, and keep them; a customer's words get theirs when they are asked for,
//! within a moment or not at all, and nothing of them is kept. Whatever is missing, words decide alone.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use yinuo_language::answers::{Article, Piece, Vectors, elsewhere};
use yinuo_ledger::KeptVector;

use crate::{desk::Desk, error::DeskError, knowledge::computed};

/// Turns texts into vectors.
pub trait Embedder: Send + Sync {
    /// Names the model by what is in it; vectors of two models are never compared.
    fn fingerprint(&self) -> &str;

    /// The vector of a text, of length one. Takes some tens of milliseconds of one core: called beside the threads that answer
    /// requests.
    fn embed(&self, text: &str) -> Vec<f32>;
}

/// How long a request waits for the vectors of its words.
const WAIT: SignedDuration = SignedDuration::from_millis(300);

/// Requests that wait for vectors at a time, the one at work included. More are answered by words alone, so that intake never
/// queues here.
const AT_THE_DOOR: usize = 2;

/// Texts that are embedded before it is looked whether the knowledge base has changed.
const STRETCH: usize = 16;

/// Characters of a customer's words that are looked at.
const CHARS_MAX: usize = 300;

/// Whether answers go by meaning too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeaningStanding {
    /// No model is connected.
    Off,
    /// One was to be connected and cannot be used; the log says why.
    Broken,
    /// The questions of the knowledge base are on their way: how many have their vector, of how many.
    Learning {
        /// Those that have it.
        known: usize,
        /// All of them.
        all: usize,
    },
    /// Words and meaning decide together.
    Ready,
}

/// What a desk has of all this.
pub(crate) struct Meaning {
    /// None within: it cannot be used.
    line: OnceLock<Option<Arc<dyn Embedder>>>,
    door: Arc<Semaphore>,
    one_at_a_time: Arc<Semaphore>,
    /// Of the knowledge base's questions.
    known: Mutex<Arc<Known>>,
}

#[derive(Default)]
struct Known {
    /// Whether what is kept was looked through.
    read: bool,
    vectors: Vectors,
    /// Questions that are to have a vector.
    wanted: usize,
}

impl Default for Meaning {
    fn default() -> Self {
        Self {
            line: OnceLock::new(),
            door: Arc::new(Semaphore::new(AT_THE_DOOR)),
            one_at_a_time: Arc::new(Semaphore::new(1)),
            known: Mutex::default(),
        }
    }
}

impl Meaning {
    fn embedder(&self) -> Option<Arc<dyn Embedder>> {
        self.line.get().cloned().flatten()
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn know(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }

    /// How it stands, for a knowledge base that is `ready` or is not.
    pub(crate) fn standing(&self, ready: bool) -> MeaningStanding {
        match self.line.get() {
            None => MeaningStanding::Off,
            Some(None) => MeaningStanding::Broken,
            Some(Some(_)) if ready => MeaningStanding::Ready,
            Some(Some(_)) => {
                let known = self.known();
                MeaningStanding::Learning { known: known.vectors.len(), all: known.wanted }
            }
        }
    }
}

impl Desk {
    /// Connects a model that turns texts into vectors, or says with none that the one that is configured cannot be used. The
    /// first one stays.
    pub fn connect_embedder(&self, embedder: Option<Arc<dyn Embedder>>) {
        let _ = self.0.meaning.line.set(embedder);
    }

    /// The vectors of a customer's words, if a model is connected, has time, and is quick enough. Never kept.
    pub(crate) async fn vectors_of(&self, texts: Vec<String>) -> Option<Vectors> {
        let meaning = &self.0.meaning;
        let embedder = meaning.embedder()?;
        let door = Arc::clone(&meaning.door).try_acquire_owned().ok()?;
        let until = self.now().saturating_add(WAIT).unwrap_or(jiff::Timestamp::MAX);
        let work = async {
            let one = Arc::clone(&meaning.one_at_a_time).acquire_owned().await.ok()?;
            let embed = move || {
                let _held = (door, one);
                let mut vectors = Vectors::default();
                for text in texts {
                    if vectors.get(&text).is_none() {
                        let beginning: String = text.chars().take(CHARS_MAX).collect();
                        vectors.insert(text, embedder.embed(&beginning));
                    }
                }
                vectors
            };
            computed(embed).await.ok()
        };
        tokio::select! {
            vectors = work => vectors,
            () = self.0.ports.clock.sleep_until(until) => None,
        }
    }

    /// Goes on with the vectors of these articles' questions: a few of them, then says with the vectors whether all are there.
    pub(crate) async fn learn_meaning(&self, articles: &[Article]) -> Result<Option<Vectors>, DeskError> {
        let Some(embedder) = self.0.meaning.embedder() else { return Ok(None) };
        let mut wanted: BTreeMap<[u8; 32], &str> = BTreeMap::new();
        let pieces = articles.iter().flat_map(|article| article.zh.iter().chain(&article.en));
        let elsewhere = elsewhere();
        for text in pieces.flat_map(Piece::asked).chain(elsewhere.iter().copied()) {
            wanted.insert(digest(text), text);
        }
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let before = self.0.meaning.known();
        let mut vectors = Vectors::default();
        if before.read {
            for text in wanted.values() {
                if let Some(vector) = before.vectors.get(text) {
                    vectors.insert(*text, Arc::clone(vector));
                }
            }
        } else {
            for kept in ledger.vectors(org, embedder.fingerprint()).await? {
                if let (Some(text), Some(vector)) = (wanted.get(&kept.digest), read(&kept.numbers)) {
                    vectors.insert(*text, vector);
                }
            }
        }
        let missing = wanted.iter().filter(|(_, text)| vectors.get(text).is_none());
        let missing: Vec<([u8; 32], String)> =
            missing.take(STRETCH).map(|(digest, text)| (*digest, (*text).to_owned())).collect();
        let mut made = Vec::new();
        for (digest, text) in missing {
            let one = Arc::clone(&self.0.meaning.one_at_a_time).acquire_owned().await.ok();
            let embedder = Arc::clone(&embedder);
            let (text, vector) = computed(move || {
                let _held = one;
                let vector = embedder.embed(&text);
                (text, vector)
            })
            .await?;
            // As it will be read back: the same question is answered the same after a restart.
            let numbers = written(&vector);
            vectors.insert(text, read(&numbers).unwrap_or(vector));
            made.push(KeptVector { digest, numbers });
        }
        ledger.put_vectors(org, embedder.fingerprint(), made).await?;
        let whole = vectors.len() >= wanted.len();
        self.0.meaning.know(Known { read: true, vectors: vectors.clone(), wanted: wanted.len() });
        if !whole {
            return Ok(None);
        }
        let digests: Vec<[u8; 32]> = wanted.keys().copied().collect();
        ledger.keep_only_vectors(org, embedder.fingerprint(), &digests).await?;
        Ok(Some(vectors))
    }

    /// Whether questions of the knowledge base could get vectors.
    pub(crate) fn has_embedder(&self) -> bool {
        self.0.meaning.embedder().is_some()
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Steps between -1 and 1 in which a number is kept: finer than the model itself is.
const STEPS: f32 = 32_767.0;

/// Two bytes a number, all of which lie between -1 and 1.
fn written(vector: &[f32]) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "between -32767 and 32767")]
    let step = |number: &f32| (number.clamp(-1.0, 1.0) * STEPS).round() as i16;
    vector.iter().flat_map(|number| step(number).to_le_bytes()).collect()
}

/// None for what is no vector.
fn read(bytes: &[u8]) -> Option<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<2>();
    let number = |bytes: &[u8; 2]| f32::from(i16::from_le_bytes(*bytes)) / STEPS;
    (rest.is_empty() && !numbers.is_empty()).then(|| numbers.iter().map(number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_kept_almost_as_it_is() {
        let vector = vec![0.125, -1.0, 1.0, 0.0, 0.333_333, -0.05];
        let back = read(&written(&vector)).unwrap();
        assert!(vector.iter().zip(&back).all(|(one, other)| (one - other).abs() < 2e-5), "{back:?}");
        assert_eq!(written(&back), written(&vector));
        assert!(read(&[1, 2, 3]).is_none() && read(&[]).is_none());
    }
}
