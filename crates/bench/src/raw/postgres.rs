//! The limit of PostgreSQL: the same bytes as an intake, group-committed by one writer, nothing else.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::{Client, NoTls};

use super::BATCH;

/// Durable rows a second with `clients` tasks that each wait for their own row of `bytes` bytes.
pub(crate) async fn group_commit(url: &str, clients: usize, bytes: usize, length: Duration) -> Result<f64> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let connection = tokio::spawn(connection);
    client
        .batch_execute(
            "DROP TABLE IF EXISTS raw; CREATE TABLE raw (id bigserial PRIMARY KEY, body text NOT NULL);
             SET synchronous_commit = on",
        )
        .await?;
    let (rows, waiting) = mpsc::channel(BATCH);
    let writer = tokio::spawn(write(client, waiting, "x".repeat(bytes)));
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients).map(|_| tokio::spawn(wait(rows.clone(), start, length))).collect();
    drop(rows);
    let mut done = 0;
    for task in tasks {
        done += task.await?;
    }
    let seconds = start.elapsed().as_secs_f64();
    writer.await??;
    connection.await??;
    Ok(f64::from(done) / seconds)
}

async fn wait(rows: mpsc::Sender<oneshot::Sender<()>>, start: Instant, length: Duration) -> u32 {
    let mut done = 0;
    while start.elapsed() < length {
        let (kept, is_kept) = oneshot::channel();
        if rows.send(kept).await.is_err() || is_kept.await.is_err() {
            break;
        }
        done += 1;
    }
    done
}

async fn write(
    client: Client,
    mut waiting: mpsc::Receiver<oneshot::Sender<()>>,
    body: String,
) -> Result<(), tokio_postgres::Error> {
    let insert = client.prepare("INSERT INTO raw (body) SELECT unnest($1::text[])").await?;
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let bodies = vec![body.as_str(); batch.len()];
        client.execute(&insert, &[&bodies]).await?;
        for kept in batch.drain(..) {
            let _ = kept.send(());
        }
    }
    Ok(())
}
