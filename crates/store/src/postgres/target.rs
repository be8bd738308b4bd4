//! Where the database is and how its sessions are set up.

use std::{fmt, path::PathBuf, pin::Pin, time::Duration};

use deadpool_postgres::{ClientWrapper, Connect};
use tokio::task::JoinHandle;
use tokio_postgres::{
    Client, Config, Connection, Error, Socket,
    config::{Host, SslMode, TargetSessionAttrs},
};

use super::{
    PostgresOptions,
    open::PostgresError,
    tls::{Encrypted, Tls},
};

/// What a session is for. Decides what it waits for, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Appends: every commit is on disk, and no pause of this process holds up another one for long.
    Append,
    /// Reads, and changes that are on disk once they are answered.
    Read,
    /// Changes that a crash may lose: numbers handed out, leases.
    Lend,
    /// Work that takes as long as it takes: migrating, verifying, rebuilding, listening.
    Patient,
    /// Growing the tree: the server ends the session if it says nothing for a while.
    Lead,
}

/// A database that can be connected to.
#[derive(Clone)]
pub(super) struct Target {
    config: Config,
    tls: Tls,
    place: String,
    options: PostgresOptions,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("place", &self.place).finish_non_exhaustive()
    }
}

/// What this crate reads itself from the address, because the client below does not.
#[derive(Default)]
struct Own {
    rest: String,
    ssl_mode: Option<String>,
    ssl_root: Option<PathBuf>,
}

impl Own {
    /// Takes `sslmode` and `sslrootcert` out of the part after the question mark.
    fn split(url: &str) -> Self {
        let Some((place, query)) = url.split_once('?') else {
            return Self { rest: url.into(), ..Self::default() };
        };
        let mut own = Self { rest: place.into(), ..Self::default() };
        let mut mark = '?';
        for pair in query.split('&') {
            let decoded = form_urlencoded::parse(pair.as_bytes()).next();
            match decoded.as_ref().map(|(key, value)| (key.as_ref(), value.as_ref())) {
                Some(("sslmode", mode)) => own.ssl_mode = Some(mode.to_owned()),
                Some(("sslrootcert", file)) => own.ssl_root = Some(PathBuf::from(file)),
                _ => {
                    own.rest.push(mark);
                    own.rest.push_str(pair);
                    mark = '&';
                }
            }
        }
        own
    }
}

impl Target {
    /// Reads an address such as `postgres://user:password@host:5432/database?sslmode=verify-full&sslrootcert=/etc/ca.pem`.
    pub(super) fn read(url: &str, options: &PostgresOptions) -> Result<Self, PostgresError> {
        let bad = |what: String| PostgresError::Address { what };
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(bad("it does not begin with postgres://".into()));
        }
        let own = Own::split(url);
        let mut config: Config =
            own.rest.parse().map_err(|error: Error| bad(format!("{}", Beneath(&error))))?;
        let mode = match own.ssl_mode.as_deref() {
            None | Some("prefer") => SslMode::Prefer,
            Some("disable") => SslMode::Disable,
            Some("require") => SslMode::Require,
            Some("verify-full") if own.ssl_root.is_some() => SslMode::Require,
            Some("verify-full") => {
                return Err(bad(
                    "sslmode=verify-full needs sslrootcert=FILE, the certificates to believe".into()
                ));
            }
            Some(other) => {
                return Err(bad(format!("sslmode={other} is none of disable, prefer, require, verify-full")));
            }
        };
        if config.get_dbname().is_none() {
            return Err(bad("it names no database: postgres://user@host/DATABASE".into()));
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(bad("it names no host: postgres://user@HOST/database".into()));
        }
        let tls = Tls::new(own.ssl_root.as_deref()).map_err(bad)?;
        config
            .ssl_mode(mode)
            .application_name("yinuo")
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .connect_timeout(options.connect_timeout)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(3))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(15));
        let place = place(&config);
        Ok(Self { config, tls, place, options: options.clone() })
    }

    /// Host, port and database, for people. Never the password.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// A bare session, and the connection that somebody has to poll.
    pub(super) async fn dial(&self) -> Result<(Client, Connection<Socket, Encrypted>), Error> {
        self.config.connect(self.tls.clone()).await
    }

    /// A session whose connection is polled by a task.
    pub(super) async fn session(&self, purpose: Purpose) -> Result<ClientWrapper, Error> {
        let (client, task) = self.connect_as(purpose).await?;
        Ok(ClientWrapper::new(client, task))
    }

    async fn connect_as(&self, purpose: Purpose) -> Result<(Client, JoinHandle<()>), Error> {
        let (client, connection) = self.dial().await?;
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %super::errors::told(&error), "a connection to the database ended");
            }
        });
        if let Err(error) = client.batch_execute(&self.settings(purpose)).await {
            task.abort();
            return Err(error);
        }
        Ok((client, task))
    }

    /// Plans must not depend on when statistics were last gathered: a table that grows from nothing is read by its
    /// indexes from the first row on.
    pub(super) fn settings(&self, purpose: Purpose) -> String {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(0).max(1);
        let statement = match purpose {
            Purpose::Patient => 0,
            _ => ms(self.options.statement_timeout),
        };
        let idle = match purpose {
            Purpose::Append | Purpose::Lead => ms(self.options.idle_timeout),
            Purpose::Read | Purpose::Lend => ms(self.options.statement_timeout),
            Purpose::Patient => 0,
        };
        let silent = if purpose == Purpose::Lead { idle } else { 0 };
        // What appending looks up and changes are few rows of large tables.
        let joins = if purpose == Purpose::Append { "off" } else { "on" };
        // A search may look at a good many rows at once.
        let memory = if purpose == Purpose::Read { "'32MB'" } else { "DEFAULT" };
        let synchronous = if purpose == Purpose::Lend { "off" } else { "on" };
        format!(
            "SET synchronous_commit = {synchronous}; SET statement_timeout = {statement}; SET lock_timeout = {};
             SET idle_in_transaction_session_timeout = {idle}; SET idle_session_timeout = {silent};
             SET work_mem = {memory}; SET enable_seqscan = off; SET enable_hashjoin = {joins}; SET enable_mergejoin = {joins}; SET jit = off;
             SET client_min_messages = error; SET default_transaction_isolation = 'read committed';
             SET standard_conforming_strings = on; SET bytea_output = 'hex'",
            ms(self.options.lock_timeout),
        )
    }

    /// How long an answer may take before the connection is given up.
    pub(super) fn patience(&self) -> Duration {
        self.options.statement_timeout + self.options.connect_timeout
    }

    pub(super) fn options(&self) -> &PostgresOptions {
        &self.options
    }
}

/// The innermost reason of an error.
struct Beneath<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Beneath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut error = self.0;
        while let Some(source) = error.source() {
            error = source;
        }
        fmt::Display::fmt(error, f)
    }
}

fn place(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    });
    let mut hosts: Vec<String> = hosts.collect();
    if hosts.is_empty() {
        hosts.extend(config.get_hostaddrs().iter().map(ToString::to_string));
    }
    let ports = config.get_ports();
    let port = |index: usize| ports.get(index).or(ports.first()).copied().unwrap_or(5432);
    let places: Vec<String> =
        hosts.iter().enumerate().map(|(index, host)| format!("{host}:{}", port(index))).collect();
    format!("{}/{}", places.join(","), config.get_dbname().unwrap_or_default())
}

/// Opens the connections of a pool.
#[derive(Debug)]
pub(super) struct Opener {
    pub(super) target: Target,
    pub(super) purpose: Purpose,
}

impl Connect for Opener {
    fn connect(
        &self,
        _: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + '_>> {
        Box::pin(self.target.connect_as(self.purpose))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(url: &str) -> Result<String, PostgresError> {
        Target::read(url, &PostgresOptions::default()).map(|target| target.place().to_owned())
    }

    #[test]
    fn a_place_never_holds_the_password() {
        assert_eq!(place_of("postgres://u:secret@db.example:6000/desk").unwrap(), "db.example:6000/desk");
        assert_eq!(place_of("postgresql://u:secret@a,b:7/desk?sslmode=disable").unwrap(), "a:5432,b:7/desk");
        assert_eq!(place_of("postgres://u@%2Frun%2Fpostgresql/desk").unwrap(), "/run/postgresql:5432/desk");
        let target = Target::read("postgres://u:secret@h/desk", &PostgresOptions::default()).unwrap();
        assert!(!format!("{target:?}").contains("secret"));
    }

    #[test]
    fn an_address_that_does_not_fit_says_why() {
        let what = |url: &str| match place_of(url) {
            Err(PostgresError::Address { what }) => what,
            other => panic!("{other:?}"),
        };
        assert!(what("mysql://h/d").contains("postgres://"));
        assert!(what("postgres://u:secret@h").contains("no database"));
        assert!(what("postgres:///d").contains("no host"));
        assert!(what("postgres://h/d?sslmode=verify-full").contains("sslrootcert"));
        assert!(what("postgres://h/d?sslmode=allow").contains("verify-full"));
        assert!(what("postgres://h/d?sslmode=verify-full&sslrootcert=%2Fnowhere").contains("/nowhere"));
        for url in ["postgres://u:secret@h:port/d", "postgres://u:secret@h/d?what=1"] {
            assert!(!what(url).contains("secret"), "{}", what(url));
        }
    }
}
