//! Connections that are shared: for reading, and for small changes of one statement.

use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Manager, ManagerConfig, Object, Pool as Connections, PoolError, Runtime,
};
use tokio::time::timeout;
use tokio_postgres::{Error, Row};
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

/// By what plan PostgreSQL runs a statement.
#[derive(Clone, Copy)]
enum Plan {
    /// One that is kept for all values.
    Kept,
    /// One for the values of this time.
    OfValues,
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

    async fn try_query(&self, sql: &str, values: &[Value<'_>], plan: Plan) -> Result<Vec<Row>, Failure> {
        let connection = self.connection().await.map_err(Failure::NoConnection)?;
        let answer = timeout(self.patience, async {
            match plan {
                Plan::Kept => query(&connection, sql, values).await,
                Plan::OfValues => connection.query(sql, values).await,
            }
        });
        let answer = answer.await;
        let Ok(answer) = answer else {
            // Nobody knows what the server makes of it: this connection is not used again.
            drop(Object::take(connection));
            return Err(Failure::TooSlow);
        };
        answer.map_err(Failure::Statement)
    }

    /// Reads. A connection that turns out to have ended is replaced once.
    pub(super) async fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
        self.read(sql, values, Plan::Kept).await
    }

    /// The same with a plan for these very values: for statements of which one plan never fits all values.
    pub(super) async fn query_planned(
        &self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, LedgerError> {
        self.read(sql, values, Plan::OfValues).await
    }

    async fn read(&self, sql: &str, values: &[Value<'_>], plan: Plan) -> Result<Vec<Row>, LedgerError> {
        match self.try_query(sql, values, plan).await {
            Err(Failure::Statement(error)) if error.is_closed() => {
                self.told(self.try_query(sql, values, plan).await)
            }
            other => self.told(other),
        }
    }

    /// Runs a statement that changes something, once.
    pub(super) async fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, LedgerError> {
        let answer = self.try_query(sql, values, Plan::Kept).await;
        self.told(answer)
    }

    fn told(&self, answer: Result<Vec<Row>, Failure>) -> Result<Vec<Row>, LedgerError> {
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
