//! The search index: rows of tokens under a GIN index, in the same database.

mod find;
mod put;

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use jiff::{SignedDuration, Timestamp};
use yinuo_core::id::OrgId;
use yinuo_ledger::{Admits, Found, Hash, IndexHolder, IndexStep, Indexed, LedgerError, Search, Wanted};

use super::{PostgresLedger, columns::Value, errors::failed, pool::Via, target::Purpose};
use crate::cells::{Cells, damaged, hash, unsigned};

const INDEXED: &str =
    "SELECT position, anchor, form, salt FROM search_indexes WHERE org = $1 AND position IS NOT NULL";
const CLAIM: &str = "INSERT INTO search_indexes (org, holder, until_us) VALUES ($1, $2, $3)
    ON CONFLICT (org) DO UPDATE SET holder = excluded.holder, until_us = excluded.until_us
    WHERE search_indexes.holder IS NULL OR search_indexes.holder = excluded.holder
        OR search_indexes.until_us <= $4";
const RELEASE: &str = "UPDATE search_indexes SET holder = NULL WHERE org = $1 AND holder = $2";
/// Whoever changes the index holds this row from looking to commit.
const HELD: &str = "SELECT position FROM search_indexes WHERE org = $1 AND holder = $2 FOR UPDATE";
const KEEP: &str =
    "UPDATE search_indexes SET position = $2, anchor = $3, form = $4, salt = $5 WHERE org = $1";
const UNSWEPT: &str = "SELECT unswept FROM search_indexes WHERE org = $1";
const SWEPT: &str = "UPDATE search_indexes SET unswept = false WHERE org = $1";

async fn indexed(via: Via<'_>, org: &OrgId) -> Result<Option<Indexed>, LedgerError> {
    let rows = via.query(INDEXED, &[&org.as_str()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let salt = row.bytes(3)?.try_into().map_err(|_| damaged("the salt of the search index is cut off"))?;
    let (position, anchor, form) = (unsigned(row, 0)?, Hash(hash(row, 1)?), unsigned(row, 2)?);
    Ok(Some(Indexed { position, anchor, form, salt }))
}

async fn keep(via: Via<'_>, org: &OrgId, at: &Indexed) -> Result<(), LedgerError> {
    let (position, form) = (i64::try_from(at.position).unwrap_or(i64::MAX), i64::from(at.form));
    let (anchor, salt) = (at.anchor.0.as_slice(), at.salt.as_slice());
    let values: [Value<'_>; 5] = [&org.as_str(), &position, &anchor, &form, &salt];
    via.query(KEEP, &values).await.map(drop)
}

/// What is to be done in a transaction of an indexer.
enum Change {
    Begin(Indexed),
    Step(IndexStep),
}

impl PostgresLedger {
    /// Changes the index in one transaction, if `holder` has the role and the index is where the change begins.
    async fn change_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        change: &Change,
    ) -> Result<bool, LedgerError> {
        let mut kept = self.indexing.lock().await;
        // Taken out: dropping the session undoes what was not committed.
        let client = match kept.take() {
            Some(client) if !client.is_closed() => client,
            _ => self.session(Purpose::Patient).await?,
        };
        let done = change_in(&client, org, holder, change).await?;
        *kept = Some(client);
        Ok(done)
    }
}

/// The same in a session. After an error its transaction may be open.
async fn change_in(
    client: &ClientWrapper,
    org: &OrgId,
    holder: IndexHolder,
    change: &Change,
) -> Result<bool, LedgerError> {
    let run = async |sql: &str| client.batch_execute(sql).await.map_err(|error| failed(&error));
    // What a crash forgets is indexed again: the position is forgotten with it.
    run("BEGIN; SET LOCAL synchronous_commit = off").await?;
    let via = Via::One(client);
    let rows = via.query(HELD, &[&org.as_str(), &holder.as_slice()]).await?;
    let held = rows.first().map(|row| row.number_or_none(0)).transpose()?;
    match (held, change) {
        (Some(_), Change::Begin(fresh)) => {
            put::clear(via, org).await?;
            keep(via, org, fresh).await?;
        }
        (Some(position), Change::Step(step)) if position == i64::try_from(step.from).ok() => {
            put::step(via, org, step).await?;
            keep(via, org, &step.to).await?;
        }
        _ => {
            run("ROLLBACK").await?;
            return Ok(false);
        }
    }
    run("COMMIT").await?;
    Ok(true)
}

#[async_trait]
impl Search for PostgresLedger {
    async fn indexed(&self, org: &OrgId) -> Result<Option<Indexed>, LedgerError> {
        indexed(Via::Any(&self.readers), org).await
    }

    async fn claim_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<bool, LedgerError> {
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX).as_microsecond();
        let values: [Value<'_>; 4] = [&org.as_str(), &holder.as_slice(), &until, &now.as_microsecond()];
        Ok(self.lender.execute(CLAIM, &values).await? > 0)
    }

    async fn release_index(&self, org: &OrgId, holder: IndexHolder) -> Result<(), LedgerError> {
        self.lender.execute(RELEASE, &[&org.as_str(), &holder.as_slice()]).await.map(drop)
    }

    async fn begin_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        fresh: Indexed,
    ) -> Result<bool, LedgerError> {
        self.change_index(org, holder, &Change::Begin(fresh)).await
    }

    async fn put_documents(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        step: IndexStep,
    ) -> Result<bool, LedgerError> {
        step.fits()?;
        self.change_index(org, holder, &Change::Step(step)).await
    }

    async fn sweep_index(&self, org: &OrgId) -> Result<bool, LedgerError> {
        let rows = self.readers.query(UNSWEPT, &[&org.as_str()]).await?;
        if !rows.first().map_or(Ok(false), |row| row.flag(0))? {
            return Ok(false);
        }
        // Before the sweep: what is removed during it waits for the next one.
        self.readers.execute(SWEPT, &[&org.as_str()]).await?;
        let client = self.session(Purpose::Patient).await?;
        client.batch_execute("VACUUM search_documents").await.map_err(|error| failed(&error))?;
        Ok(false)
    }

    async fn search(&self, org: &OrgId, wanted: &Wanted, admits: Admits) -> Result<Found, LedgerError> {
        find::find(&self.readers, org, wanted, &admits).await
    }
}
