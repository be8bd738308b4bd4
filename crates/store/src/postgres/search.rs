//! The search index: rows of tokens under a GIN index, in the same database.

mod blocks;
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
const HELD: &str = "SELECT position, documents FROM search_indexes WHERE org = $1 AND holder = $2 FOR UPDATE";
const KEEP: &str = "UPDATE search_indexes SET position = $2, anchor = $3, form = $4, salt = $5, documents = $6 WHERE org = $1";
const UNSWEPT: &str = "SELECT unswept FROM search_indexes WHERE org = $1";
const SWEPT: &str = "UPDATE search_indexes SET unswept = false WHERE org = $1";

async fn indexed(via: Via<'_>, org: &OrgId) -> Result<Option<Indexed>, LedgerError> {
    let rows = via.query(INDEXED, &[&org.as_str()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let salt = row.bytes(3)?.try_into().map_err(|_| damaged("the salt of the search index is cut off"))?;
    let (position, anchor, form) = (unsigned(row, 0)?, Hash(hash(row, 1)?), unsigned(row, 2)?);
    Ok(Some(Indexed { position, anchor, form, salt }))
}

async fn keep(via: Via<'_>, org: &OrgId, at: &Indexed, next: i64) -> Result<(), LedgerError> {
    let (position, form) = (i64::try_from(at.position).unwrap_or(i64::MAX), i64::from(at.form));
    let (anchor, salt) = (at.anchor.0.as_slice(), at.salt.as_slice());
    let values: [Value<'_>; 6] = [&org.as_str(), &position, &anchor, &form, &salt, &next];
    via.query(KEEP, &values).await.map(drop)
}

/// What is to be done in a transaction of an indexer.
enum Change {
    Begin(Indexed),
    Step(IndexStep),
}

/// The session that fills the index.
#[derive(Debug)]
pub(super) struct Indexing {
    client: ClientWrapper,
    /// Bytes of tokens that lie beside the index in a list, not yet sorted into it.
    unsorted: usize,
}

/// So many bytes of tokens at most wait to be sorted in, those of a thousand tickets: many at once cost less, but every
/// search goes through all of them.
const UNSORTED_MAX: usize = 8 << 20;

/// A step of less does not let them wait: no long row of others is behind it.
const FEW: usize = 192 << 10;

/// PostgreSQL would sort them in by itself, but not while a vacuum does, and then the list grows without end.
const SORT: &str =
    "SELECT gin_clean_pending_list('search_words'), gin_clean_pending_list('search_long_words')";

impl Indexing {
    async fn run(&self, sql: &str) -> Result<(), LedgerError> {
        self.client.batch_execute(sql).await.map_err(|error| failed(&error))
    }

    /// Changes the index in one transaction. After an error that may be open.
    async fn change(
        &mut self,
        org: &OrgId,
        holder: IndexHolder,
        change: &Change,
    ) -> Result<bool, LedgerError> {
        // What a crash forgets is indexed again: the position is forgotten with it.
        self.run("BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL gin_pending_list_limit = '1GB'")
            .await?;
        let via = Via::One(&self.client);
        let rows = via.query(HELD, &[&org.as_str(), &holder.as_slice()]).await?;
        let held = rows.first().map(|row| Ok((row.number_or_none(0)?, row.number(1)?))).transpose()?;
        let bytes = match (held, change) {
            (Some(_), Change::Begin(fresh)) => {
                put::clear(via, org).await?;
                keep(via, org, fresh, 0).await?;
                0
            }
            (Some((position, next)), Change::Step(step)) if position == i64::try_from(step.from).ok() => {
                let next = put::step(via, org, step, next).await?;
                keep(via, org, &step.to, next).await?;
                step.bytes()
            }
            _ => {
                self.run("ROLLBACK").await?;
                return Ok(false);
            }
        };
        self.run("COMMIT").await?;
        self.unsorted = self.unsorted.saturating_add(bytes);
        if bytes < FEW || self.unsorted >= UNSORTED_MAX {
            self.run(SORT).await?;
            self.unsorted = 0;
        }
        Ok(true)
    }
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
        let mut indexing = match kept.take() {
            Some(indexing) if !indexing.client.is_closed() => indexing,
            _ => Indexing { client: self.session(Purpose::Patient).await?, unsorted: 0 },
        };
        let done = indexing.change(org, holder, change).await?;
        *kept = Some(indexing);
        Ok(done)
    }
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
