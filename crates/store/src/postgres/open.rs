//! Opening a database: can it be reached, is it ours, and is it not newer than this program?

use std::{collections::BTreeMap, time::Duration};

use deadpool_postgres::ClientWrapper;
use tokio::time::{sleep, timeout};
use tokio_postgres::{Error, error::SqlState};
use yinuo_commitment::Language;
use yinuo_ledger::{LedgerError, Vault, vault::KeyId};

use super::{
    errors::told,
    log::execute,
    persons::{key_id, keys_in, wrapped_counts},
    pool::Via,
    target::{Purpose, Target},
};

/// Numbered from 1; the row of `yinuo_format` is the number of the last one applied.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/0001_ledger.sql"),
    include_str!("../../migrations/postgres/0002_standing.sql"),
    include_str!("../../migrations/postgres/0003_mentions.sql"),
    include_str!("../../migrations/postgres/0004_first_key.sql"),
    include_str!("../../migrations/postgres/0005_search.sql"),
    include_str!("../../migrations/postgres/0006_triage.sql"),
    include_str!("../../migrations/postgres/0007_search_received.sql"),
    include_str!("../../migrations/postgres/0008_vectors.sql"),
    include_str!("../../migrations/postgres/0009_search_blocks.sql"),
];

/// The advisory lock that whoever migrates holds: "yinuo" in ASCII.
const MIGRATING: i64 = 0x0079_696e_756f;

/// The format from which on it is noted under which master key the first seal will be.
const NOTES_FIRST_KEY: u32 = 4;

const NOTE_FIRST_KEY: &str = "UPDATE yinuo_format SET first_key = $1 WHERE first_key IS NULL";
const FIRST_KEY: &str = "SELECT first_key FROM yinuo_format WHERE first_key IS NOT NULL";
/// A database in which nothing is sealed any more is as free as an empty one.
pub(super) const FORGET_FIRST_KEY: &str = "UPDATE yinuo_format SET first_key = NULL
    WHERE NOT EXISTS (SELECT FROM persons WHERE wrapped IS NOT NULL) AND NOT EXISTS (SELECT FROM secrets)";

/// The oldest PostgreSQL that is known to work.
const OLDEST: u32 = 15;

/// Why a database was not opened. [`PostgresError::tell`] says it to people, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// The address cannot be read.
    #[error("the address of the database does not fit: {what}")]
    Address {
        /// What does not fit; never the password.
        what: String,
    },
    /// Nobody answered in time.
    #[error("the database {place} cannot be reached: {what}")]
    Unreachable {
        /// Host, port and database.
        place: String,
        /// What happened last.
        what: String,
    },
    /// The server let nobody in: password, user, database or its access rules.
    #[error("the database {place} lets nobody in: {what}")]
    Refused {
        /// Host, port and database.
        place: String,
        /// What the server said.
        what: String,
    },
    /// It is not a database of this product.
    #[error("{place} is not a database of yinuo")]
    Foreign {
        /// Host, port and database.
        place: String,
    },
    /// There is nothing in it yet, and it was to be there already.
    #[error("{place} is empty")]
    Empty {
        /// Host, port and database.
        place: String,
    },
    /// It was written by a newer version of the product.
    #[error("{place} has format {found}, this version knows up to {known}")]
    Newer {
        /// Host, port and database.
        place: String,
        /// Format of the database.
        found: u32,
        /// Newest format known.
        known: u32,
    },
    /// It is sealed under master keys that are not given.
    #[error("{place} is sealed under other master keys")]
    Sealed {
        /// Host, port and database.
        place: String,
        /// Master keys that are missing.
        wanted: Vec<KeyId>,
        /// Master keys that were given.
        given: Vec<KeyId>,
    },
    /// The server or the database is not of the kind that is needed.
    #[error("{place} does not fit: {what}")]
    Unfit {
        /// Host, port and database.
        place: String,
        /// What does not fit.
        what: String,
    },
    /// It failed otherwise.
    #[error("{place} cannot be opened: {what}")]
    Failed {
        /// Host, port and database.
        place: String,
        /// What happened.
        what: String,
    },
}

impl PostgresError {
    /// What happened and what to do about it.
    pub fn tell(&self, language: Language) -> String {
        match language {
            Language::Zh => self.tell_zh(),
            Language::En => self.tell_en(),
        }
    }

    fn tell_zh(&self) -> String {
        match self {
            PostgresError::Address { what } => format!(
                "数据库地址无效：{what}。格式：postgres://用户:密码@主机:5432/数据库?sslmode=verify-full&sslrootcert=文件"
            ),
            PostgresError::Unreachable { place, what } => format!(
                "无法连接数据库 {place}：{what}。请检查主机名和端口、PostgreSQL 是否在运行、是否监听该地址（listen_addresses）、防火墙是否放行。"
            ),
            PostgresError::Refused { place, what } => format!(
                "数据库 {place} 拒绝登录：{what}。请检查用户名、密码、数据库名和服务器的 pg_hba.conf；数据库须事先建好（CREATE DATABASE）。"
            ),
            PostgresError::Foreign { place } => format!(
                "数据库 {place} 里是别的程序的表，未作任何改动。请为一诺新建一个空数据库，或用 options=-csearch_path%3D 指定单独的模式。"
            ),
            PostgresError::Empty { place } => {
                format!("数据库 {place} 是空的。请检查数据库名；`yinuo serve` 会在空数据库里建表。")
            }
            PostgresError::Newer { place, found, known } => format!(
                "数据库 {place} 由更新版本的一诺写入（格式 {found}，本版本最高支持 {known}），未作任何改动。请安装更新的版本。"
            ),
            PostgresError::Sealed { place, wanted, given } => format!(
                "数据库 {place} 由主密钥 {} 封存，而所给的主密钥是 {}，未作任何改动。各节点须使用同一份主密钥：请从首次启动的节点或您保存的副本中取得。",
                listed(wanted),
                listed(given)
            ),
            PostgresError::Unfit { place, what } => format!("数据库 {place} 不符合要求：{what}。"),
            PostgresError::Failed { place, what } => {
                format!("无法打开数据库 {place}：{what}。请检查该用户是否有权在数据库里建表。")
            }
        }
    }

    fn tell_en(&self) -> String {
        match self {
            PostgresError::Address { what } => format!(
                "The address of the database does not fit: {what}. It looks like postgres://user:password@host:5432/database?sslmode=verify-full&sslrootcert=FILE"
            ),
            PostgresError::Unreachable { place, what } => format!(
                "The database {place} cannot be reached: {what}. Check the host name and the port, that PostgreSQL runs and listens there (listen_addresses), and that no firewall is in between."
            ),
            PostgresError::Refused { place, what } => format!(
                "The database {place} lets nobody in: {what}. Check the user, the password, the name of the database and the server's pg_hba.conf. The database has to exist (CREATE DATABASE)."
            ),
            PostgresError::Foreign { place } => format!(
                "The database {place} holds tables of another program; it was left as it is. Make an empty database for Yinuo, or name a schema of its own with options=-csearch_path%3D."
            ),
            PostgresError::Empty { place } => format!(
                "The database {place} is empty. Check its name; `yinuo serve` makes its tables in an empty database."
            ),
            PostgresError::Newer { place, found, known } => format!(
                "The database {place} was written by a newer version of Yinuo (format {found}; this one knows up to {known}). It was left as it is. Install the newer version."
            ),
            PostgresError::Sealed { place, wanted, given } => format!(
                "The database {place} is sealed under the master key {}; given: {}. It was left as it is. All nodes use the same master keys: take them from the node that started first, or from the copy that you kept.",
                listed(wanted),
                listed(given)
            ),
            PostgresError::Unfit { place, what } => format!("The database {place} does not fit: {what}."),
            PostgresError::Failed { place, what } => format!(
                "The database {place} cannot be opened: {what}. Check that the user may make tables in the database."
            ),
        }
    }
}

fn listed(keys: &[KeyId]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// How many keys are wrapped under which master key; nothing if the database is empty.
pub(super) async fn sealed_under(target: &Target) -> Result<BTreeMap<KeyId, u64>, PostgresError> {
    let client = connect(target).await?;
    fits(target, &client).await?;
    let found = recognise(target, &client).await?;
    if found == 0 {
        return Ok(BTreeMap::new());
    }
    let failed = |error: LedgerError| PostgresError::Failed {
        place: target.place().to_owned(),
        what: error.to_string(),
    };
    let mut counts = wrapped_counts(Via::One(&client)).await.map_err(failed)?;
    if counts.is_empty() && found >= NOTES_FIRST_KEY {
        let first = first_key(&client).await.map_err(failed)?;
        counts.extend(first.map(|key| (key, 0)));
    }
    Ok(counts)
}

/// The master key under which the first seal of the database will be, if somebody has said so.
async fn first_key(client: &ClientWrapper) -> Result<Option<KeyId>, LedgerError> {
    let rows = Via::One(client).query(FIRST_KEY, &[]).await?;
    rows.first().map(|row| key_id(row, 0)).transpose()
}

/// The master keys that whoever opens the database has to have. If nothing is sealed yet, that is the first one of those who
/// came first: nodes that start at once, each with a key of its own, must not seal parts of one database under two.
async fn wanted_keys(client: &ClientWrapper, vault: &Vault) -> Result<Vec<KeyId>, LedgerError> {
    let sealed = keys_in(client).await?;
    if !sealed.is_empty() {
        return Ok(sealed);
    }
    execute(client, NOTE_FIRST_KEY, &[&vault.first().0.as_slice()]).await?;
    Ok(first_key(client).await?.into_iter().collect())
}

/// Refuses a database of which a part could not be read. The lock of those who migrate is held.
async fn check_keys(target: &Target, client: &ClientWrapper, vault: &Vault) -> Result<(), PostgresError> {
    let place = || target.place().to_owned();
    let found = wanted_keys(client, vault).await;
    let mut wanted =
        found.map_err(|error| PostgresError::Failed { place: place(), what: error.to_string() })?;
    let given = vault.keys();
    wanted.retain(|key| !given.contains(key));
    if wanted.is_empty() { Ok(()) } else { Err(PostgresError::Sealed { place: place(), wanted, given }) }
}

/// Connects, again and again for a while if nobody answers, and applies migrations.
pub(super) async fn open(target: &Target, vault: &Vault) -> Result<(), PostgresError> {
    let client = connect(target).await?;
    let place = || target.place().to_owned();
    let failed = |error: &Error| PostgresError::Failed { place: place(), what: told(error) };
    fits(target, &client).await?;
    // Two nodes may start at once: one of them makes the tables, the other one waits. The lock ends with the session.
    let patience = format!("SET lock_timeout = {}", target.options().start_patience.as_millis());
    client.batch_execute(&patience).await.map_err(|error| failed(&error))?;
    client.execute("SELECT pg_advisory_lock($1)", &[&MIGRATING]).await.map_err(|error| failed(&error))?;
    let found = recognise(target, &client).await?;
    if found == 0 && target.options().existing_only {
        return Err(PostgresError::Empty { place: place() });
    }
    let done = migrate(&client, found).await;
    done.map_err(|error| failed(&error))?;
    check_keys(target, &client, vault).await
}

async fn connect(target: &Target) -> Result<ClientWrapper, PostgresError> {
    let mut last = "it did not answer".to_owned();
    let tries = async {
        let mut wait = Duration::from_millis(100);
        loop {
            match target.session(Purpose::Patient).await {
                Ok(client) => return Ok(client),
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => {
                    last = told(&error);
                    tracing::info!(place = target.place(), reason = last, "the database does not answer yet");
                }
            }
            sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(2));
        }
    };
    match timeout(target.options().start_patience, tries).await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => {
            Err(PostgresError::Refused { place: target.place().to_owned(), what: told(&error) })
        }
        Err(_) => Err(PostgresError::Unreachable { place: target.place().to_owned(), what: last }),
    }
}

/// Whether trying again would not help: the server answered, and it is neither starting nor full.
fn is_final(error: &Error) -> bool {
    let passing = [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS, SqlState::ADMIN_SHUTDOWN];
    error.code().is_some_and(|code| !passing.contains(code))
}

async fn fits(target: &Target, client: &ClientWrapper) -> Result<(), PostgresError> {
    let place = || target.place().to_owned();
    let failed = |error: &Error| PostgresError::Failed { place: place(), what: told(error) };
    let sql =
        "SELECT current_setting('server_version_num')::bigint / 10000, current_setting('server_encoding'),
                      current_schema() IS NOT NULL";
    let row = client.query_one(sql, &[]).await.map_err(|error| failed(&error))?;
    let read =
        || -> Result<(i64, String, bool), Error> { Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)) };
    let (version, encoding, schema) = read().map_err(|error| failed(&error))?;
    let unfit = |what: String| Err(PostgresError::Unfit { place: place(), what });
    if version < i64::from(OLDEST) {
        return unfit(format!("PostgreSQL {version} is too old, {OLDEST} or newer is needed"));
    }
    if encoding != "UTF8" {
        return unfit(format!("its encoding is {encoding}; make it with ENCODING 'UTF8'"));
    }
    if !schema {
        return unfit("no schema of its search_path exists".into());
    }
    Ok(())
}

/// The format of the database: 0 if nothing is in it yet.
async fn recognise(target: &Target, client: &ClientWrapper) -> Result<u32, PostgresError> {
    let place = || target.place().to_owned();
    let failed = |error: &Error| PostgresError::Failed { place: place(), what: told(error) };
    let sql = "SELECT count(*) FILTER (WHERE relname = 'yinuo_format'), count(*) FROM pg_class AS c
               WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
               AND NOT EXISTS (SELECT FROM pg_depend AS d
                   WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";
    let row = client.query_one(sql, &[]).await.map_err(|error| failed(&error))?;
    let counted = |index| row.try_get::<_, i64>(index).map_err(|error| failed(&error));
    if counted(0)? == 0 {
        return if counted(1)? == 0 { Ok(0) } else { Err(PostgresError::Foreign { place: place() }) };
    }
    let row =
        client.query_one("SELECT format FROM yinuo_format", &[]).await.map_err(|error| failed(&error))?;
    let format: i64 = row.try_get(0).map_err(|error| failed(&error))?;
    let (found, known) =
        (u32::try_from(format).unwrap_or(u32::MAX), u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX));
    if found > known { Err(PostgresError::Newer { place: place(), found, known }) } else { Ok(found) }
}

async fn migrate(client: &ClientWrapper, found: u32) -> Result<(), Error> {
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(found as usize) {
        let note = if index == 0 {
            "CREATE TABLE yinuo_format (format bigint NOT NULL); INSERT INTO yinuo_format VALUES (1)"
                .to_owned()
        } else {
            format!("UPDATE yinuo_format SET format = {}", index + 1)
        };
        // The session ends after an error, and the transaction with it.
        client.batch_execute(&format!("BEGIN; {migration}; {note}; COMMIT")).await?;
    }
    Ok(())
}
