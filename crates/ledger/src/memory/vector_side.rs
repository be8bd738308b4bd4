//! Vectors.

use async_trait::async_trait;
use yinuo_core::id::OrgId;

use super::MemoryLedger;
use crate::{KeptVector, LedgerError, Vectors};

#[async_trait]
impl Vectors for MemoryLedger {
    async fn vectors(&self, org: &OrgId, model: &str) -> Result<Vec<KeptVector>, LedgerError> {
        Ok(self.read(org, |books| {
            let own = books.vectors.iter().filter(|((by, _), _)| by == model);
            own.map(|((_, digest), numbers)| KeptVector { digest: *digest, numbers: numbers.clone() })
                .collect()
        }))
    }

    async fn put_vectors(
        &self,
        org: &OrgId,
        model: &str,
        vectors: Vec<KeptVector>,
    ) -> Result<(), LedgerError> {
        self.write(org, |books| {
            for KeptVector { digest, numbers } in vectors {
                books.vectors.entry((model.to_owned(), digest)).or_insert(numbers);
            }
        });
        Ok(())
    }

    async fn keep_only_vectors(
        &self,
        org: &OrgId,
        model: &str,
        digests: &[[u8; 32]],
    ) -> Result<(), LedgerError> {
        self.write(org, |books| {
            books.vectors.retain(|(by, digest), _| by == model && digests.contains(digest));
        });
        Ok(())
    }
}
