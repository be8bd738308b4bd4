//! Vectors.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::Connection;
use yinuo_core::id::OrgId;
use yinuo_ledger::{KeptVector, LedgerError, Vectors};

use super::{
    SqliteLedger,
    columns::{get, hash},
    errors::{reading, writing},
    table::Rows,
};
use crate::cells::Put;

const LIST: &str = "SELECT digest, numbers FROM vectors WHERE org = ?1 AND model = ?2 ORDER BY digest";
const PUT: &str =
    "INSERT INTO vectors (org, model, digest, numbers) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
const DROP_OTHERS: &str = "DELETE FROM vectors WHERE org = ?1 AND model <> ?2";
const DROP: &str = "DELETE FROM vectors WHERE org = ?1 AND model = ?2 AND digest = ?3";

fn list(connection: &Connection, org: &OrgId, model: &str) -> Result<Vec<KeptVector>, LedgerError> {
    let mut statement = connection.prepare_cached(LIST).map_err(reading)?;
    let mut rows = statement.query([org.as_str(), model]).map_err(reading)?;
    let mut vectors = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        vectors.push(KeptVector { digest: hash(row, 0)?, numbers: get(row, 1)? });
    }
    Ok(vectors)
}

#[async_trait]
impl Vectors for SqliteLedger {
    async fn vectors(&self, org: &OrgId, model: &str) -> Result<Vec<KeptVector>, LedgerError> {
        let (org, model) = (org.clone(), model.to_owned());
        self.readers.read(move |connection| list(connection, &org, &model)).await
    }

    async fn put_vectors(
        &self,
        org: &OrgId,
        model: &str,
        vectors: Vec<KeptVector>,
    ) -> Result<(), LedgerError> {
        let mut rows = Rows::default();
        for vector in &vectors {
            rows.row().text(org.as_str()).text(model).bytes(&vector.digest).bytes(&vector.numbers);
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.writer.change(move |connection| rows.execute(connection, PUT)).await.map(drop)
    }

    async fn keep_only_vectors(
        &self,
        org: &OrgId,
        model: &str,
        digests: &[[u8; 32]],
    ) -> Result<(), LedgerError> {
        let wanted: BTreeSet<[u8; 32]> = digests.iter().copied().collect();
        let (org, model) = (org.clone(), model.to_owned());
        let change = move |connection: &Connection| {
            let mut rows = Rows::default();
            for vector in list(connection, &org, &model)? {
                if !wanted.contains(&vector.digest) {
                    rows.row().text(org.as_str()).text(&model).bytes(&vector.digest);
                }
            }
            rows.execute(connection, DROP)?;
            connection.execute(DROP_OTHERS, [org.as_str(), &model]).map_err(writing)
        };
        self.writer.change(change).await.map(drop)
    }
}
