//! Where the ledger lies while it is measured: an SQLite file, or a PostgreSQL cluster that lives as long as the
//! measurement.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use yinuo_testbed::PostgresCluster;

use crate::{house, raw};

/// A database with a folder for what servers keep beside it.
pub(crate) struct Place {
    folder: PathBuf,
    /// Its address, and that of a database beside it without the product; none for SQLite.
    postgres: Option<(String, String)>,
}

impl Place {
    /// An empty SQLite folder.
    pub(crate) fn sqlite(folder: &Path) -> Result<Self> {
        house::fresh(folder)?;
        Ok(Self { folder: folder.to_owned(), postgres: None })
    }

    /// An empty database in `cluster`.
    pub(crate) fn postgres(folder: &Path, cluster: &PostgresCluster) -> Result<Self> {
        house::fresh(folder)?;
        let urls = (cluster.create_database("product"), cluster.create_database("raw"));
        Ok(Self { folder: folder.to_owned(), postgres: Some(urls) })
    }

    pub(crate) const fn name(&self) -> &'static str {
        if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of the database, unless it is a file in the folder.
    pub(crate) fn url(&self) -> Option<&str> {
        self.postgres.as_ref().map(|(product, _)| product.as_str())
    }

    /// Size of the database so far for each ticket in it.
    pub(crate) async fn bytes_each(&self) -> Result<usize> {
        let (bytes, tickets) = if let Some((url, _)) = &self.postgres {
            let sql = "SELECT sum(pg_total_relation_size(oid))::bigint, (SELECT count(*) FROM tickets)
                       FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            let connection = tokio::spawn(connection);
            let row = client.query_one(sql, &[]).await?;
            drop(client);
            connection.await??;
            (row.get(0), row.get(1))
        } else {
            let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
            let file = rusqlite::Connection::open_with_flags(self.folder.join("yinuo.db"), flags)?;
            let sql = "SELECT page_count * page_size, (SELECT count(*) FROM tickets)
                       FROM pragma_page_count, pragma_page_size";
            file.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?
        };
        let (bytes, tickets): (i64, i64) = (bytes, tickets);
        Ok(usize::try_from(bytes / tickets.max(1))?)
    }

    /// What the same database does with the same bytes, without the product.
    pub(crate) async fn raw_group_commit(
        &self,
        scratch: &Path,
        clients: usize,
        bytes: usize,
        length: Duration,
    ) -> Result<f64> {
        match &self.postgres {
            Some((_, url)) => raw::postgres_group_commit(url, clients, bytes, length).await,
            None => raw::sqlite_group_commit(scratch, clients, bytes, length),
        }
    }
}
