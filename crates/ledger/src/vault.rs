//! The vault: personal data are sealed outside of the chain, under a key of the person whom they are about.
//!
//! ```text
//! master key (file, environment, KMS) ──wraps──▶ key of a person ──seals──▶ contents of records, cells of view rows
//!                                    └─wraps──▶ secrets of the organisation: index key, log key
//! ```
//! Everything is sealed with XChaCha20-Poly1305 under a random nonce of 24 bytes, and bound by associated data to the
//! place where it is kept: a sealed text that somebody moves elsewhere does not open there. What a master key has wrapped
//! is `1 || id of the master key (8) || nonce (24) || ciphertext`; what a person's key has sealed is
//! `nonce (24) || ciphertext`. Without the person's wrapped key nothing of the person can be read: that is what erasing
//! destroys.
//!
//! **Start reading** at [`Vault`], then [`PersonKey`] and [`Custody`], then [`IndexKey`] (finding people by phone or
//! e-mail without keeping either).

mod aead;
mod archive;
mod contact;
mod master;
mod person;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

pub use contact::{Contact, ContactKind, IndexKey};
pub use master::{KeyId, MasterKey, MasterKeys, RingError};
pub use person::{Cell, Custody, PersonKey, SealedContent};
use yinuo_core::id::{OrgId, PersonId};
use zeroize::Zeroizing;

use crate::LedgerError;

/// Randomness for keys, nonces, salts, ids and codes. The real one belongs to the server; tests seed theirs.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with unpredictable ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// Name of the secret that keys blind indexes and request digests: 32 bytes.
pub const INDEX_KEY: &str = "index-key";

/// Name of the secret with which the log is signed: the 32 bytes that a [`crate::checkpoint::LogKey`] is made from.
pub const LOG_KEY: &str = "log-key";

/// What a wrapped key belongs to. Wrapped keys are bound to it: one person's does not open as another's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A customer.
    Person(PersonId),
    /// The organisation itself, by the name of the secret.
    Secret(String),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holder::Person(person) => person.fmt(f),
            Holder::Secret(name) => write!(f, "the secret `{name}`"),
        }
    }
}

const VERSION: u8 = 1;
const HEADER: usize = 1 + 8;

/// A key as a master key has wrapped it: safe to keep, useless without that master key.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped(Box<[u8]>);

impl Wrapped {
    /// From the bytes that a store kept. Damage of the outer form is found here, any other when it is opened.
    pub fn from_bytes(bytes: impl Into<Box<[u8]>>) -> Result<Self, LedgerError> {
        let bytes = bytes.into();
        match bytes.first() {
            Some(&VERSION) if bytes.len() > HEADER + aead::OVERHEAD => Ok(Self(bytes)),
            Some(&found) if found > VERSION => {
                Err(LedgerError::Newer { found: found.into(), known: VERSION.into() })
            }
            _ => Err(LedgerError::corrupt("a wrapped key is cut off or was overwritten")),
        }
    }

    /// The bytes to keep.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Which master key wrapped it.
    pub fn master(&self) -> KeyId {
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(self.0.iter().skip(1)) {
            *to = *from;
        }
        KeyId(id)
    }
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapped(under {})", self.master())
    }
}

/// The master keys of this process, with randomness for what they wrap. Shared by a store and its users; the ring can be
/// exchanged while they run.
pub struct Vault {
    ring: RwLock<Arc<MasterKeys>>,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    /// A vault with these master keys.
    pub fn new(ring: MasterKeys, entropy: Arc<dyn Entropy>) -> Self {
        Self { ring: RwLock::new(Arc::new(ring)), entropy }
    }

    /// Exchanges the ring: from now on its first key wraps and all of them unwrap.
    pub fn reload(&self, ring: MasterKeys) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }

    fn ring(&self) -> Arc<MasterKeys> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key that wraps.
    pub fn first(&self) -> KeyId {
        self.ring().first().id()
    }

    /// All keys that unwrap, the first one first.
    pub fn keys(&self) -> Vec<KeyId> {
        self.ring().ids()
    }

    /// Fills `bytes` with unpredictable ones.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.entropy.fill(bytes);
    }

    /// Wraps a key for its holder under the first master key.
    pub fn wrap(&self, org: &OrgId, holder: &Holder, key: &[u8]) -> Wrapped {
        let ring = self.ring();
        let master = ring.first();
        let mut nonce = [0; aead::NONCE];
        self.fill(&mut nonce);
        let mut bytes = vec![VERSION];
        bytes.extend(master.id().0);
        bytes.extend(aead::seal(master.bytes(), nonce, &bound(org, holder, master.id()), key));
        Wrapped(bytes.into())
    }

    /// Unwraps the key of a holder.
    ///
    /// [`LedgerError::KeyMissing`] if its master key is not in the ring, [`LedgerError::Corrupt`] if it was changed or
    /// belongs to another holder.
    pub fn unwrap(
        &self,
        org: &OrgId,
        holder: &Holder,
        wrapped: &Wrapped,
    ) -> Result<Zeroizing<Vec<u8>>, LedgerError> {
        let ring = self.ring();
        let wanted = wrapped.master();
        let Some(master) = ring.find(wanted) else {
            return Err(LedgerError::KeyMissing { wanted, given: ring.ids() });
        };
        let sealed = wrapped.0.get(HEADER..).unwrap_or_default();
        aead::open(master.bytes(), &bound(org, holder, wanted), sealed).ok_or_else(|| {
            LedgerError::corrupt(format!("the wrapped key of {holder} was changed, or is another one's"))
        })
    }

    /// A fresh key for a new person, and what to keep of it.
    pub fn new_person(&self, org: &OrgId, person: PersonId) -> (Custody, Wrapped) {
        let mut key = Zeroizing::new([0; 32]);
        self.fill(key.as_mut());
        let wrapped = self.wrap(org, &Holder::Person(person), key.as_ref());
        (Custody::new(person, PersonKey::from_bytes(*key)), wrapped)
    }

    /// A fresh secret of so many unpredictable bytes, and what to keep of it.
    pub fn new_secret(&self, org: &OrgId, name: &str, bytes: usize) -> (Zeroizing<Vec<u8>>, Wrapped) {
        let mut secret = Zeroizing::new(vec![0; bytes]);
        self.fill(&mut secret);
        let wrapped = self.wrap(org, &Holder::Secret(name.to_owned()), &secret);
        (secret, wrapped)
    }

    /// The custody of a person as kept: with the key, or without one if the person was erased.
    pub fn custody(
        &self,
        org: &OrgId,
        person: PersonId,
        wrapped: Option<&Wrapped>,
    ) -> Result<Custody, LedgerError> {
        let Some(wrapped) = wrapped else { return Ok(Custody::erased(person)) };
        let holder = Holder::Person(person);
        let key = self.unwrap(org, &holder, wrapped)?;
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| {
            LedgerError::corrupt(format!("the key of {holder} has {} bytes instead of 32", key.len()))
        })?;
        Ok(Custody::new(person, PersonKey::from_bytes(key)))
    }

    /// The same key wrapped under the first master key.
    pub fn rewrap(&self, org: &OrgId, holder: &Holder, wrapped: &Wrapped) -> Result<Wrapped, LedgerError> {
        Ok(self.wrap(org, holder, &self.unwrap(org, holder, wrapped)?))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys()).finish_non_exhaustive()
    }
}

fn bound(org: &OrgId, holder: &Holder, master: KeyId) -> Vec<u8> {
    let (kind, name) = match holder {
        Holder::Person(person) => ("person", person.to_string()),
        Holder::Secret(name) => ("secret", name.clone()),
    };
    aead::bound("yinuo/wrapped/v1", &[&master.0, org.as_str().as_bytes(), kind.as_bytes(), name.as_bytes()])
}
