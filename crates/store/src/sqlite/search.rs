//! The search index, in a file of its own beside the database.
//!
//! SQLite lets one connection write to a file at a time. Were the index in the file of the ledger, every request would wait
//! for the indexer; in a file of its own nobody waits. It is a cache, so its commits are not synced one by one, and a file
//! that cannot be used is thrown away and filled anew.

mod file;
mod find;
mod put;

use std::path::Path;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use yinuo_core::id::OrgId;
use yinuo_ledger::{Admits, Found, Hash, IndexHolder, IndexStep, Indexed, LedgerError, Search, Wanted};

use super::{
    Options, SqliteLedger,
    columns::{hash, unsigned},
    errors::{reading, writing},
    readers::Readers,
};
use crate::cells::{Cells, damaged};

/// The connections to the file of the index.
#[derive(Debug)]
pub(super) struct Index {
    /// Closed before the writer, which folds the write-ahead log into the file.
    readers: Readers,
    writer: Readers,
}

impl Index {
    /// Opens the index beside the database at `path`, or makes it. Without one (no room, a folder in its place) the desk
    /// works and nothing is found.
    pub(super) fn open(path: &Path, options: &Options) -> Option<Self> {
        let opened = Self::try_open(&file::beside(path), options);
        opened.map_err(|what| tracing::error!(what, "there is no search index until the next start")).ok()
    }

    fn try_open(path: &Path, options: &Options) -> Result<Self, String> {
        let writer = file::writer(path)?;
        let mut readers = Vec::new();
        for _ in 0..options.readers.max(1) {
            readers.push(file::reader(path)?);
        }
        Ok(Self { readers: Readers::start(readers)?, writer: Readers::start(vec![writer])? })
    }

    /// Runs `change` in a transaction of the one connection that writes.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let work = move |connection: &mut Connection| {
            let transaction = connection
                .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
                .map_err(writing)?;
            let done = change(&transaction)?;
            transaction.commit().map_err(writing)?;
            Ok(done)
        };
        self.writer.with(work).await
    }
}

fn indexed(connection: &Connection, org: &OrgId) -> Result<Option<Indexed>, LedgerError> {
    let sql = "SELECT position, anchor, form, salt FROM indexes WHERE org = ?1 AND position IS NOT NULL";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query([org.as_str()]).map_err(reading)?;
    let Some(row) = rows.next().map_err(reading)? else { return Ok(None) };
    let salt = row.bytes(3)?.try_into().map_err(|_| damaged("the salt of the search index is cut off"))?;
    let (position, anchor, form) = (unsigned(row, 0)?, Hash(hash(row, 1)?), unsigned(row, 2)?);
    Ok(Some(Indexed { position, anchor, form, salt }))
}

fn claim(
    connection: &Connection,
    org: &OrgId,
    holder: IndexHolder,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, LedgerError> {
    let sql = "INSERT INTO indexes (org, holder, until_us) VALUES (?1, ?2, ?3)
        ON CONFLICT (org) DO UPDATE SET holder = excluded.holder, until_us = excluded.until_us
        WHERE indexes.holder IS NULL OR indexes.holder = excluded.holder OR indexes.until_us <= ?4";
    let values = params![org.as_str(), holder, until.as_microsecond(), now.as_microsecond()];
    connection
        .prepare_cached(sql)
        .and_then(|mut sql| sql.execute(values))
        .map(|rows| rows > 0)
        .map_err(writing)
}

/// Whether `holder` has the role.
fn is_held_by(connection: &Connection, org: &OrgId, holder: IndexHolder) -> Result<bool, LedgerError> {
    let sql = "SELECT holder FROM indexes WHERE org = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let held: Option<Option<Vec<u8>>> =
        statement.query_row([org.as_str()], |row| row.get(0)).optional().map_err(reading)?;
    Ok(held.flatten().is_some_and(|held| held == holder))
}

fn keep_state(connection: &Connection, org: &OrgId, at: &Indexed) -> Result<(), LedgerError> {
    let sql = "UPDATE indexes SET position = ?2, anchor = ?3, form = ?4, salt = ?5 WHERE org = ?1";
    let position = i64::try_from(at.position).unwrap_or(i64::MAX);
    let values = params![org.as_str(), position, at.anchor.0, at.form, at.salt];
    connection.prepare_cached(sql).and_then(|mut sql| sql.execute(values)).map(drop).map_err(writing)
}

impl SqliteLedger {
    fn index(&self) -> Result<&Index, LedgerError> {
        let reason = || {
            "the search index could not be opened: see the log; it is made anew at the next start".to_owned()
        };
        self.index.as_ref().ok_or_else(|| LedgerError::Unavailable { reason: reason(), source: None })
    }
}

/// Pages that one step of a sweep merges.
const SWEEP_PAGES: i64 = 1_000;

/// Whether something is to be swept: 0 nothing, 1 something, 2 it has begun.
fn sweeping(connection: &Connection) -> Result<i64, LedgerError> {
    connection.query_row("SELECT state FROM sweeping", [], |row| row.get(0)).map_err(reading)
}

/// One step of merging away what was removed.
fn sweep(connection: &Connection) -> Result<bool, LedgerError> {
    let pages = match sweeping(connection)? {
        0 => return Ok(false),
        // A negative number begins a merge of everything there is; positive ones go on with it.
        1 => -SWEEP_PAGES,
        _ => SWEEP_PAGES,
    };
    let before = connection.total_changes();
    let sql = "INSERT INTO words (words, rank) VALUES ('merge', ?1)";
    connection.execute(sql, [pages]).map_err(writing)?;
    // A merge that finds nothing to do changes one row: its own command.
    let over = connection.total_changes().saturating_sub(before) < 2;
    let state: i64 = if over { 0 } else { 2 };
    connection.execute("UPDATE sweeping SET state = ?1", [state]).map_err(writing)?;
    Ok(!over)
}

/// Folds the write-ahead log into the file and empties it, so that what was removed lies nowhere.
fn empty_log(connection: &Connection) -> Result<(), LedgerError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(writing)
}

#[async_trait]
impl Search for SqliteLedger {
    async fn indexed(&self, org: &OrgId) -> Result<Option<Indexed>, LedgerError> {
        let org = org.clone();
        self.index()?.readers.read(move |connection| indexed(connection, &org)).await
    }

    async fn claim_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<bool, LedgerError> {
        let org = org.clone();
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
        self.index()?.change(move |connection| claim(connection, &org, holder, now, until)).await
    }

    async fn release_index(&self, org: &OrgId, holder: IndexHolder) -> Result<(), LedgerError> {
        let org = org.clone();
        let change = move |connection: &Connection| {
            let sql = "UPDATE indexes SET holder = NULL WHERE org = ?1 AND holder = ?2";
            connection.execute(sql, params![org.as_str(), holder]).map(drop).map_err(writing)
        };
        self.index()?.change(change).await
    }

    async fn begin_index(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        fresh: Indexed,
    ) -> Result<bool, LedgerError> {
        let org = org.clone();
        let change = move |connection: &Connection| {
            if !is_held_by(connection, &org, holder)? {
                return Ok(false);
            }
            put::clear(connection, &org)?;
            keep_state(connection, &org, &fresh)?;
            Ok(true)
        };
        self.index()?.change(change).await
    }

    async fn put_documents(
        &self,
        org: &OrgId,
        holder: IndexHolder,
        step: IndexStep,
    ) -> Result<bool, LedgerError> {
        step.fits()?;
        let org = org.clone();
        let change = move |connection: &Connection| {
            let at = indexed(connection, &org)?;
            if !is_held_by(connection, &org, holder)? || at.is_none_or(|at| at.position != step.from) {
                return Ok(false);
            }
            put::step(connection, &org, &step)?;
            keep_state(connection, &org, &step.to)?;
            Ok(true)
        };
        self.index()?.change(change).await
    }

    async fn sweep_index(&self, _: &OrgId) -> Result<bool, LedgerError> {
        let index = self.index()?;
        let clean = |connection: &Connection| Ok(sweeping(connection)? == 0);
        if index.readers.read(clean).await? {
            return Ok(false);
        }
        let more = index.change(sweep).await?;
        if !more {
            index.writer.with(|connection| empty_log(connection)).await?;
        }
        Ok(more)
    }

    async fn search(&self, org: &OrgId, wanted: &Wanted, admits: Admits) -> Result<Found, LedgerError> {
        let (org, wanted) = (org.clone(), wanted.clone());
        self.index()?.readers.read(move |connection| find::find(connection, &org, &wanted, &admits)).await
    }
}
