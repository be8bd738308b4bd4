//! Hearing that somebody appended, on this node or another one: a connection of its own that listens.

use std::{future::poll_fn, time::Duration};

use tokio::{sync::watch, task::JoinHandle, time::sleep};
use tokio_postgres::{AsyncMessage, Client, Connection, Error, Socket};

use super::{
    errors::told,
    target::{Purpose, Target},
    tls::Encrypted,
};

/// Waits between attempts to connect.
const BACKOFF: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// Listens until it is dropped.
#[derive(Debug)]
pub(super) struct Ear {
    appended: watch::Receiver<u64>,
    task: JoinHandle<()>,
}

impl Ear {
    /// Begins to listen. Appends after this returns are heard.
    pub(super) async fn start(target: &Target) -> Result<Self, Error> {
        let (tell, appended) = watch::channel(0);
        let connection = listen(target, &tell).await?;
        let task = tokio::spawn(keep_listening(target.clone(), tell, connection));
        Ok(Self { appended, task })
    }

    pub(super) fn appended(&self) -> watch::Receiver<u64> {
        self.appended.clone()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A session that listens, as long as this lives.
struct Hearing {
    task: JoinHandle<()>,
    client: Client,
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep_listening(target: Target, tell: watch::Sender<u64>, first: Hearing) {
    let [shortest, longest] = BACKOFF;
    let (mut hearing, mut wait) = (Some(first), shortest);
    loop {
        if let Some(mut ending) = hearing.take() {
            let _ = (&mut ending.task).await;
            tracing::warn!(place = target.place(), "the connection that hears of appends ended");
            wait = shortest;
        }
        sleep(wait).await;
        wait = (wait * 2).min(longest);
        match listen(&target, &tell).await {
            Ok(connection) => {
                // Whatever was appended meanwhile was not heard.
                tell.send_modify(|count| *count = count.wrapping_add(1));
                hearing = Some(connection);
            }
            Err(error) => {
                tracing::info!(place = target.place(), error = %told(&error), "appends of others cannot be heard yet");
            }
        }
    }
}

async fn listen(target: &Target, tell: &watch::Sender<u64>) -> Result<Hearing, Error> {
    let (client, connection) = target.dial().await?;
    let hearing = Hearing { task: tokio::spawn(hear(connection, tell.clone())), client };
    hearing.client.batch_execute(&target.settings(Purpose::Patient)).await?;
    hearing.client.batch_execute("LISTEN yinuo").await?;
    Ok(hearing)
}

async fn hear(mut connection: Connection<Socket, Encrypted>, tell: watch::Sender<u64>) {
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notification(_)) => tell.send_modify(|count| *count = count.wrapping_add(1)),
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
