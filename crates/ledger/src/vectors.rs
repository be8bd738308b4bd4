//! Vectors of the organisation's own texts: what a model made of the questions of its knowledge base. Derived data, kept
//! because making them anew takes a minute: not exported, not backed up on purpose, and nothing is lost with them. What
//! customers write has no place here.

use async_trait::async_trait;
use yinuo_core::id::OrgId;

use crate::LedgerError;

/// A vector as kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptVector {
    /// SHA-256 of the text.
    pub digest: [u8; 32],
    /// Its numbers; what they look like is the business of whoever keeps them.
    pub numbers: Vec<u8>,
}

/// Vectors.
#[async_trait]
pub trait Vectors: Send + Sync {
    /// Those that a model has made, by digest.
    async fn vectors(&self, org: &OrgId, model: &str) -> Result<Vec<KeptVector>, LedgerError>;

    /// Keeps vectors of a model; those whose digest is known are left as they are.
    async fn put_vectors(
        &self,
        org: &OrgId,
        model: &str,
        vectors: Vec<KeptVector>,
    ) -> Result<(), LedgerError>;

    /// Removes the vectors of all other models, and of this one those whose digest is not among `digests`.
    async fn keep_only_vectors(
        &self,
        org: &OrgId,
        model: &str,
        digests: &[[u8; 32]],
    ) -> Result<(), LedgerError>;
}
