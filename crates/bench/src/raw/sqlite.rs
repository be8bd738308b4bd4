//! The limit of SQLite: the same bytes as an intake, group-committed by one writer, nothing else.

use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use rusqlite::Connection;

use super::BATCH;

/// Durable rows a second with `clients` threads that each wait for their own row of `bytes` bytes.
pub(crate) fn group_commit(folder: &Path, clients: usize, bytes: usize, length: Duration) -> Result<f64> {
    let file = folder.join("raw.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    let connection = Connection::open(&file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE raw (id INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    )?;
    let (rows, waiting) = sync_channel::<SyncSender<()>>(BATCH);
    let writer = thread::spawn(move || write(connection, &waiting, &"x".repeat(bytes)));
    let start = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let rows = rows.clone();
            thread::spawn(move || {
                let mut done = 0_u64;
                while start.elapsed() < length {
                    let (kept, is_kept) = sync_channel(1);
                    if rows.send(kept).is_err() || is_kept.recv().is_err() {
                        break;
                    }
                    done += 1;
                }
                done
            })
        })
        .collect();
    drop(rows);
    let done: u64 = threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum();
    let seconds = start.elapsed().as_secs_f64();
    let _ = writer.join();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    Ok(done as f64 / seconds)
}

fn write(mut connection: Connection, waiting: &Receiver<SyncSender<()>>, body: &str) -> rusqlite::Result<()> {
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = waiting.try_recv()
        {
            batch.push(next);
        }
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached("INSERT INTO raw (body) VALUES (?1)")?;
            for _ in &batch {
                insert.execute([body])?;
            }
        }
        transaction.commit()?;
        for kept in batch {
            let _ = kept.send(());
        }
    }
    Ok(())
}
