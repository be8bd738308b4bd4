//! Connections that are shared: for reading, and for small changes of one statement.

use std::{pin::pin, time::Duration};

use deadpool_postgres::{
    ClientWrapper, Manager, ManagerConfig, Object, Pool as Connections, PoolError, Runtime,
};
use tokio::time::timeout;
use tokio_postgres::{Error, Row};
use tokio_stream::StreamExt as _;
use yinuo_ledger::LedgerError;

use super::{
    columns::Value,
    errors::{failed, told, unavailable},
    target::{Opener, Purpose, Target},
};

/// Connections for one purpose. Every statement is a transaction of its own, so a request that is abandoned half-way
/// leaves no transaction open.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    connections: Connections,
    place: String,
    patience: Duration,
}

/// How a statement on a pooled connection failed.
enum Failure {
    NoConnection(LedgerError),
    Statement(Error),
    TooSlow,
}

impl Pool {
    pub(super) fn new(target: &Target, purpose: Purpose, size: usize) -> Result<Self, String> {
        let opener = Opener { target: target.clone(), purpose };
        let manager = Manager::from_connect(tokio_postgres::Config::new(), opener, ManagerConfig::default());
        let wait = target.options().connect_timeout;
        let connections = Connections::builder(manager)
            .max_size(size.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(wait))
            .create_timeout(Some(wait))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { connections, place: target.place().to_owned(), patience: target.patience() })
    }

    async fn connection(&self) -> Result<Object, LedgerError> {
        self.connections.get().await.map_err(|error| {
            let place = &self.place;
            unavailable(match error {
                PoolError::Backend(error) => format!("no connection to {place}: {}", told(&error)),
                PoolError::Timeout(_) => format!("no connection to {place} was free in time"),
                other => format!("no connection to {place}: {other}"),
            })
        })
    }

    async fn try_query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Failure> {
        let connection = self.connection().await.map_err(Failure::NoConnection)?;
        let answer = timeout(self.patience, query(&connection, sql, values)).await;
        let Ok(answer) = answer else {
            // Nobody knows what the server makes of it: this connection is not used again.
            drop(Object::take(connection));
            return Err(Failure::TooSlow);
        };
        answer.map_err(Failure::Statement)
    }

    /// Reads. A connection that turns out to have ended is replaced once.
    pub(super) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
        let answer = match self.try_query(sql, values).await {
            Err(Failure::Statement(error)) if error.is_closed() => self.try_query(sql, values).await,
            other => other,
        };
        self.told(answer)
    }

    /// Reads without keeping: every row is given to `to` as it comes. A connection that turns out to have ended before the
    /// first row is replaced once.
    pub(super) async fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut to: impl FnMut(&Row) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut seen = false;
        let mut first = |row: &Row| {
            seen = true;
            to(row)
        };
        let answer = match self.try_each(sql, values, &mut first).await {
            Err(Failure::Statement(error)) if error.is_closed() && !seen => {
                self.try_each(sql, values, &mut to).await
            }
            other => other,
        };
        self.told(answer)?
    }

    async fn try_each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        to: &mut impl FnMut(&Row) -> Result<(), LedgerError>,
    ) -> Result<Result<(), LedgerError>, Failure> {
        let connection = self.connection().await.map_err(Failure::NoConnection)?;
        let answer = timeout(self.patience, async {
            let statement = connection.prepare_cached(sql).await?;
            let mut rows = pin!(connection.query_raw(&statement, values.iter().copied()).await?);
            while let Some(row) = rows.next().await {
                if let Err(error) = to(&row?) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        });
        let answer = answer.await;
        let Ok(answer) = answer else {
            // Nobody knows what the server makes of it: this connection is not used again.
            drop(Object::take(connection));
            return Err(Failure::TooSlow);
        };
        answer.map_err(Failure::Statement)
    }

    /// Runs a statement that changes something, once.
    pub(super) async fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
        let answer = self.try_query(sql, values).await;
        self.told(answer)
    }

    fn told<T>(&self, answer: Result<T, Failure>) -> Result<T, LedgerError> {
        answer.map_err(|failure| match failure {
            Failure::NoConnection(error) => error,
            Failure::Statement(error) => failed(&error),
            Failure::TooSlow => unavailable(format!("{} did not answer in time", self.place)),
        })
    }

    /// Runs a statement that changes something, once, and says how many rows it changed.
    pub(super) async fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, LedgerError> {
        let connection = self.connection().await?;
        let answer = timeout(self.patience, async {
            let statement = connection.prepare_cached(sql).await?;
            connection.execute(&statement, values).await
        })
        .await;
        let Ok(answer) = answer else {
            drop(Object::take(connection));
            return Err(unavailable(format!("{} did not answer in time", self.place)));
        };
        answer.map_err(|error| failed(&error))
    }

    /// Ends all connections that are not in use; the others end when they are given back.
    pub(super) fn close(&self) {
        self.connections.close();
    }
}

async fn query(client: &ClientWrapper, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    client.query(&statement, values).await
}

/// Where to read: from any connection, or inside the transaction of one.
#[derive(Clone, Copy)]
pub(super) enum Via<'a> {
    Any(&'a Pool),
    One(&'a ClientWrapper),
}

impl Via<'_> {
    pub(super) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
        match self {
            Via::Any(pool) => pool.query(sql, values).await,
            Via::One(client) => query(client, sql, values).await.map_err(|error| failed(&error)),
        }
    }
}
