//! Tiles and checkpoint, and the role of the sequencer.
//!
//! Who leads holds an advisory lock in a session of its own, and grows the tree through that session alone. So a process
//! that lost the lock cannot grow the tree any more, and one that was paused loses it: the server ends a session that says
//! nothing for a while, and a task says something once a second as long as the process runs.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use tokio::{task::JoinHandle, time::sleep};
use tokio_postgres::Row;
use yinuo_core::id::OrgId;
use yinuo_ledger::{Chained, Growth, Hash, KeptCheckpoint, Lead, LedgerError, Tile, Tree};

use super::{
    PostgresLedger,
    columns::{Columns, Value},
    errors::failed,
    log::last_position,
    pool::Via,
    target::Purpose,
    transfer::{LOOK, look},
};
use crate::cells::{Cells, Put, at, hash, stream, unsigned};

const LEAVES: &str =
    "SELECT position, hash FROM records WHERE org = $1 AND position > $2 ORDER BY position LIMIT $3";
const CHAINED: &str = "SELECT position, stream, seq, hash, body FROM records WHERE org = $1 AND position > $2
    ORDER BY position LIMIT $3";
const TILES: &str =
    "SELECT n, hashes FROM tiles WHERE org = $1 AND level = $2 AND n >= $3 AND n < $4 ORDER BY n";
const CHECKPOINT: &str = "SELECT size, root, at_us, note FROM checkpoints WHERE org = $1";
const KEEP_TILES: &str = "INSERT INTO tiles (org, level, n, hashes)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[]) ON CONFLICT DO NOTHING";
const KEEP_CHECKPOINT: &str =
    "INSERT INTO checkpoints (org, size, root, at_us, note) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (org) DO UPDATE SET size = excluded.size, root = excluded.root, at_us = excluded.at_us,
        note = excluded.note";

/// The number of the advisory lock of an organisation.
macro_rules! lock_of_org {
    () => {
        "hashtextextended('yinuo/lead/' || $1::text, 0)"
    };
}

/// Whether somebody leads: looked up on any connection, so that asking in vain costs no session.
const LED: &str = concat!(
    "SELECT EXISTS (SELECT FROM pg_locks AS l, pg_database AS d, (SELECT ",
    lock_of_org!(),
    " AS k) AS w WHERE d.datname = current_database() AND l.database = d.oid AND l.locktype = 'advisory'
        AND l.objsubid = 1 AND l.granted AND l.classid::bigint = ((w.k >> 32) & 4294967295)
        AND l.objid::bigint = (w.k & 4294967295))"
);
const TAKE: &str = concat!("SELECT pg_try_advisory_lock(", lock_of_org!(), ")");
const GIVE: &str = concat!("SELECT pg_advisory_unlock(", lock_of_org!(), ")");

/// How often a leader shows that it is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// A number of the tree as PostgreSQL has it.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn chained(row: &Row) -> Result<Chained, LedgerError> {
    let position = unsigned(row, 0)?;
    let read = || -> Result<Chained, LedgerError> {
        let (stream, seq) = (stream(row.bytes(1)?)?, unsigned(row, 2)?);
        Ok(Chained { position, stream, seq, hash: Hash(hash(row, 3)?), body: row.text(4)?.to_owned() })
    };
    read().map_err(|error| error.at(position))
}

async fn checkpoint(via: Via<'_>, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError> {
    let rows = via.query(CHECKPOINT, &[&org.as_str()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (size, root) = (unsigned(row, 0)?, Hash(hash(row, 1)?));
    Ok(Some(KeptCheckpoint { size, root, at: at(row, 2)?, note: row.text(3)?.to_owned() }))
}

async fn tiles(
    via: Via<'_>,
    org: &OrgId,
    level: u8,
    first: u64,
    count: u32,
) -> Result<Vec<Tile>, LedgerError> {
    let end = first.saturating_add(u64::from(count));
    let values: [Value<'_>; 4] = [&org.as_str(), &i64::from(level), &signed(first), &signed(end)];
    let mut tiles = Vec::new();
    for row in via.query(TILES, &values).await? {
        let n = unsigned(&row, 0)?;
        let tile = Tile::from_bytes(level, n, row.bytes(1)?);
        let wrong = || LedgerError::corrupt(format!("tile {n} of level {level} is not 8192 bytes long"));
        tiles.push(tile.ok_or_else(wrong)?);
    }
    Ok(tiles)
}

#[async_trait]
impl Tree for PostgresLedger {
    async fn leaves(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Hash>, LedgerError> {
        let values: [Value<'_>; 3] = [&org.as_str(), &signed(after), &i64::from(limit)];
        let mut hashes = Vec::new();
        let mut next = after;
        for row in self.readers.query(LEAVES, &values).await? {
            next = next.saturating_add(1);
            if unsigned::<u64>(&row, 0)? != next {
                let what = format!("record {next} is missing from the log");
                return Err(LedgerError::Corrupt { position: next, what });
            }
            hashes.push(Hash(hash(&row, 1)?));
        }
        Ok(hashes)
    }

    async fn chained(&self, org: &OrgId, after: u64, limit: u32) -> Result<Vec<Chained>, LedgerError> {
        let values: [Value<'_>; 3] = [&org.as_str(), &signed(after), &i64::from(limit)];
        self.readers.query(CHAINED, &values).await?.iter().map(chained).collect()
    }

    async fn tiles(&self, org: &OrgId, level: u8, first: u64, count: u32) -> Result<Vec<Tile>, LedgerError> {
        tiles(Via::Any(&self.readers), org, level, first, count).await
    }

    async fn checkpoint(&self, org: &OrgId) -> Result<Option<KeptCheckpoint>, LedgerError> {
        checkpoint(Via::Any(&self.readers), org).await
    }

    async fn lead(&self, org: &OrgId) -> Result<Option<Box<dyn Lead>>, LedgerError> {
        if is_led(Via::Any(&self.readers), org).await? {
            return Ok(None);
        }
        let client = self.session(Purpose::Lead).await?;
        if !granted(&Via::One(&client).query(TAKE, &[&org.as_str()]).await?)? {
            return Ok(None);
        }
        let client = Arc::new(client);
        let heart = tokio::spawn(show_life(Arc::clone(&client)));
        Ok(Some(Box::new(PostgresLead { org: org.clone(), client, heart, open: false })))
    }
}

/// Whether a server leads for the organisation: one does wherever some run.
pub(super) async fn is_led(via: Via<'_>, org: &OrgId) -> Result<bool, LedgerError> {
    granted(&via.query(LED, &[&org.as_str()]).await?)
}

fn granted(rows: &[Row]) -> Result<bool, LedgerError> {
    rows.first().map_or(Ok(false), |row| row.flag(0))
}

async fn show_life(client: Arc<ClientWrapper>) {
    while client.batch_execute("").await.is_ok() {
        sleep(SIGN_OF_LIFE).await;
    }
}

/// The role of the sequencer, free again soon after it is dropped.
struct PostgresLead {
    org: OrgId,
    client: Arc<ClientWrapper>,
    heart: JoinHandle<()>,
    /// Whether a transaction may be left open, because growing was abandoned half-way.
    open: bool,
}

impl PostgresLead {
    async fn run(&self, sql: &str) -> Result<(), LedgerError> {
        self.client.batch_execute(sql).await.map_err(|error| failed(&error))
    }

    async fn keep(&self, growth: &Growth) -> Result<(), LedgerError> {
        let (via, org) = (Via::One(&self.client), &self.org);
        if let Some((_, standing)) = look(&self.client, LOOK, org).await? {
            standing.must_be_open()?;
        }
        growth.fits(checkpoint(via, org).await?.as_ref(), last_position(via, org).await?)?;
        let mut rows = Columns::default();
        for tile in &growth.tiles {
            if tiles(via, org, tile.level, tile.n, 1).await?.iter().any(|kept| kept.hashes != tile.hashes) {
                return Err(tile.taken());
            }
            rows.row().text(org.as_str()).number(i64::from(tile.level)).number(signed(tile.n));
            rows.bytes(&tile.bytes());
        }
        if !rows.is_empty() {
            via.query(KEEP_TILES, &rows.values()).await?;
        }
        let KeptCheckpoint { size, root, at, note } = &growth.checkpoint;
        let (size, at, root) = (signed(*size), at.as_microsecond(), root.0.as_slice());
        let values: [Value<'_>; 5] = [&org.as_str(), &size, &root, &at, note];
        via.query(KEEP_CHECKPOINT, &values).await.map(drop)
    }
}

#[async_trait]
impl Lead for PostgresLead {
    async fn grow(&mut self, growth: Growth) -> Result<(), LedgerError> {
        if std::mem::replace(&mut self.open, true) {
            self.run("ROLLBACK").await?;
        }
        self.run("BEGIN").await?;
        if let Err(error) = self.keep(&growth).await {
            self.run("ROLLBACK").await?;
            self.open = false;
            return Err(error);
        }
        self.run("COMMIT").await?;
        self.open = false;
        Ok(())
    }

    async fn step_down(self: Box<Self>) -> Result<(), LedgerError> {
        Via::One(&self.client).query(GIVE, &[&self.org.as_str()]).await.map(drop)
    }
}

impl Drop for PostgresLead {
    fn drop(&mut self) {
        self.heart.abort();
    }
}
