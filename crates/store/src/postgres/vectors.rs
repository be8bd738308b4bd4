//! Vectors.

use async_trait::async_trait;
use yinuo_core::id::OrgId;
use yinuo_ledger::{KeptVector, LedgerError, Vectors};

use super::{PostgresLedger, columns::Columns};
use crate::cells::{Cells, Put, hash};

const LIST: &str = "SELECT digest, numbers FROM vectors WHERE org = $1 AND model = $2 ORDER BY digest";
const PUT: &str = "INSERT INTO vectors (org, model, digest, numbers)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[]) ON CONFLICT DO NOTHING";
const DROP: &str = "DELETE FROM vectors WHERE org = $1 AND (model <> $2 OR digest <> ALL($3::bytea[]))";

#[async_trait]
impl Vectors for PostgresLedger {
    async fn vectors(&self, org: &OrgId, model: &str) -> Result<Vec<KeptVector>, LedgerError> {
        let rows = self.readers.query(LIST, &[&org.as_str(), &model]).await?;
        let vector = |row| Ok(KeptVector { digest: hash(row, 0)?, numbers: Cells::bytes(row, 1)?.to_vec() });
        rows.iter().map(vector).collect()
    }

    async fn put_vectors(
        &self,
        org: &OrgId,
        model: &str,
        vectors: Vec<KeptVector>,
    ) -> Result<(), LedgerError> {
        let mut rows = Columns::default();
        for vector in &vectors {
            rows.row().text(org.as_str()).text(model).bytes(&vector.digest).bytes(&vector.numbers);
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.lender.execute(PUT, &rows.values()).await.map(drop)
    }

    async fn keep_only_vectors(
        &self,
        org: &OrgId,
        model: &str,
        digests: &[[u8; 32]],
    ) -> Result<(), LedgerError> {
        let digests: Vec<Vec<u8>> = digests.iter().map(|digest| digest.to_vec()).collect();
        self.lender.execute(DROP, &[&org.as_str(), &model, &digests]).await.map(drop)
    }
}
