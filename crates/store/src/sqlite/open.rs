//! Opening a database file: is it ours, whole, not newer than this program, and not in use?

use std::{
    collections::BTreeMap,
    fs::{File, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use yinuo_commitment::Language;
use yinuo_ledger::{LedgerError, Vault, vault::KeyId};

use super::{Options, persons::wrapped_counts, seal};

/// "Yino" in ASCII: marks the file as ours.
pub(super) const APPLICATION_ID: i32 = 0x5969_6e6f;

/// A step from one format to the next.
struct Migration {
    sql: &'static str,
    /// What SQL cannot do, run after it in the same transaction.
    then: Option<Step>,
}

type Step = fn(&Connection, &Vault) -> Result<(), LedgerError>;

/// In the order in which they are applied; `user_version` of a file is the number of those applied.
const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("../../migrations/sqlite/0001_ledger.sql"), then: None },
    Migration { sql: include_str!("../../migrations/sqlite/0002_tree.sql"), then: None },
    Migration {
        sql: include_str!("../../migrations/sqlite/0003_vault.sql"),
        then: Some(seal::what_older_versions_kept_in_plain),
    },
    Migration { sql: include_str!("../../migrations/sqlite/0004_standing.sql"), then: None },
    Migration { sql: include_str!("../../migrations/sqlite/0005_mentions.sql"), then: None },
    Migration { sql: include_str!("../../migrations/sqlite/0006_triage.sql"), then: None },
    Migration { sql: include_str!("../../migrations/sqlite/0007_vectors.sql"), then: None },
];

/// Files up to this size are checked page by page at every start; larger ones by `yinuo replay`.
const QUICK_CHECK_MAX_BYTES: u64 = 32 << 20;

/// Why a database file was not opened. [`OpenError::tell`] says it to people, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is not a database of this product.
    #[error("{} is not a database of yinuo", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// It was written by a newer version of the product.
    #[error("{} has format {found}, this version knows up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Format of the file.
        found: u32,
        /// Newest format known.
        known: u32,
    },
    /// It is damaged.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// It is sealed under master keys that are not given.
    #[error("{} is sealed under other master keys", path.display())]
    Sealed {
        /// The file.
        path: PathBuf,
        /// Master keys that are missing.
        wanted: Vec<KeyId>,
        /// Master keys that were given.
        given: Vec<KeyId>,
    },
    /// The operating system or SQLite failed otherwise.
    #[error("{} cannot be opened: {what}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What happened.
        what: String,
    },
}

impl OpenError {
    /// What happened and what to do about it.
    pub fn tell(&self, language: Language) -> String {
        match (language, self) {
            (Language::Zh, OpenError::InUse { path }) => {
                format!("数据库 {} 正被另一个进程使用。请先停止那个进程，再重新启动。", path.display())
            }
            (Language::En, OpenError::InUse { path }) => {
                format!(
                    "The database {} is in use by another process. Stop that one first, then start again.",
                    path.display()
                )
            }
            (Language::Zh, OpenError::Foreign { path }) => {
                format!(
                    "文件 {} 不是一诺的数据库，未作任何改动。请换一个数据目录，或移走该文件。",
                    path.display()
                )
            }
            (Language::En, OpenError::Foreign { path }) => format!(
                "The file {} is not a database of Yinuo; it was left as it is. Choose another data directory, or move the file away.",
                path.display()
            ),
            (Language::Zh, OpenError::Newer { path, found, known }) => format!(
                "数据库 {} 由更新版本的一诺写入（格式 {found}，本版本最高支持 {known}），未作任何改动。请安装更新的版本。",
                path.display()
            ),
            (Language::En, OpenError::Newer { path, found, known }) => format!(
                "The database {} was written by a newer version of Yinuo (format {found}; this one knows up to {known}). It was left as it is. Install the newer version.",
                path.display()
            ),
            (Language::Zh, OpenError::Damaged { path, what }) => format!(
                "数据库 {} 已损坏：{what}。请先复制整个数据目录留存，再从最近的备份恢复。",
                path.display()
            ),
            (Language::En, OpenError::Damaged { path, what }) => format!(
                "The database {} is damaged: {what}. Keep a copy of the whole data directory, then restore the last backup.",
                path.display()
            ),
            (Language::Zh, OpenError::Sealed { path, wanted, given }) => format!(
                "数据库 {} 由主密钥 {} 封存，而所给的主密钥是 {}，未作任何改动。请提供那把主密钥：它在首次启动时生成的主密钥文件中，或在您保存的副本中。",
                path.display(),
                listed(wanted),
                listed(given)
            ),
            (Language::En, OpenError::Sealed { path, wanted, given }) => format!(
                "The database {} is sealed under the master key {}; given: {}. It was left as it is. Give the missing key: it is in the key file made at the first start, or in the copy that you kept.",
                path.display(),
                listed(wanted),
                listed(given)
            ),
            (Language::Zh, OpenError::Failed { path, what }) => {
                format!(
                    "无法打开数据库 {}：{what}。请检查该目录是否存在、是否可写、磁盘是否已满。",
                    path.display()
                )
            }
            (Language::En, OpenError::Failed { path, what }) => format!(
                "The database {} cannot be opened: {what}. Check that its directory exists and can be written to, and that the disk is not full.",
                path.display()
            ),
        }
    }
}

fn listed(keys: &[KeyId]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The lock that keeps other processes out. The operating system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&name)
            .map_err(|error| failed(path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.into() }),
            Err(TryLockError::Error(error)) => Err(failed(path, &error)),
        }
    }
}

fn failed(path: &Path, error: &dyn std::error::Error) -> OpenError {
    OpenError::Failed { path: path.into(), what: error.to_string() }
}

fn sqlite(path: &Path, error: &rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign { path: path.into() },
        Some(rusqlite::ErrorCode::DatabaseCorrupt) => {
            OpenError::Damaged { path: path.into(), what: error.to_string() }
        }
        _ => failed(path, error),
    }
}

/// Plans go by the statement alone. Otherwise SQLite plans anew whenever a value is bound that it might have looked at, which
/// took a third of the time of looking up a person.
pub(super) fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// The writer's connection, with every migration applied.
pub(super) fn writer(path: &Path, options: &Options, vault: &Vault) -> Result<Connection, OpenError> {
    let fresh = looks_fresh(path)?;
    if fresh {
        make_private(path)?;
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(|error| sqlite(path, &error))?;
    let found = recognise(path, &connection)?;
    if !fresh {
        check(path, &connection)?;
        check_keys(path, &connection, vault)?;
    }
    let pragmas = format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;
         PRAGMA wal_autocheckpoint = {}; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;
         PRAGMA cell_size_check = ON; PRAGMA secure_delete = FAST; PRAGMA cache_size = -{};",
        options.checkpoint_pages, options.writer_cache_kib
    );
    connection.execute_batch(&pragmas).map_err(|error| sqlite(path, &error))?;
    keep_plans(&connection).map_err(|error| sqlite(path, &error))?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(path, &mut connection, found, vault)?;
    if let Some(pages) = options.max_pages {
        let pragma = format!("PRAGMA max_page_count = {pages}");
        connection.query_row(&pragma, [], |_| Ok(())).map_err(|error| sqlite(path, &error))?;
    }
    Ok(connection)
}

/// A reader's connection. It cannot write.
pub(super) fn reader(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| sqlite(path, &error))?;
    let pragmas = format!(
        "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -{};",
        options.reader_cache_kib
    );
    connection.execute_batch(&pragmas).map_err(|error| sqlite(path, &error))?;
    keep_plans(&connection).map_err(|error| sqlite(path, &error))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A connection to a file that another process may be serving: it cannot write, and holds no lock that anybody waits for.
/// A file of an older format is refused: only its server migrates it.
pub(super) fn beside(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    if looks_fresh(path)? {
        return Err(OpenError::Failed { path: path.into(), what: "there is no database in it".into() });
    }
    let connection = reader(path, options)?;
    let found = recognise(path, &connection)?;
    if found as usize == MIGRATIONS.len() {
        return Ok(connection);
    }
    let what = format!("it has the older format {found}: start the server of this version on it once");
    Err(OpenError::Failed { path: path.into(), what })
}

/// Makes the file before SQLite does, readable by its owner alone: it holds what customers wrote and the hashes of
/// passwords. SQLite gives the files beside it the same rights.
pub(super) fn make_private(path: &Path) -> Result<(), OpenError> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| failed(path, &error))
}

/// Whether there is no content yet. A file with content has to begin as SQLite files do: otherwise SQLite must not
/// touch it.
fn looks_fresh(path: &Path) -> Result<bool, OpenError> {
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(16).read_to_end(&mut head).map_err(|error| failed(path, &error))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(failed(path, &error)),
    };
    match head.as_slice() {
        [] => Ok(true),
        b"SQLite format 3\0" => Ok(false),
        _ => Err(OpenError::Foreign { path: path.into() }),
    }
}

/// The format of the file: 0 if nothing is in it yet.
fn recognise(path: &Path, connection: &Connection) -> Result<u32, OpenError> {
    let number = |sql: &str| -> Result<i64, OpenError> {
        connection.query_row(sql, [], |row| row.get(0)).map_err(|error| sqlite(path, &error))
    };
    let application = number("PRAGMA application_id")?;
    let version = u32::try_from(number("PRAGMA user_version")?).unwrap_or(u32::MAX);
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if application != i64::from(APPLICATION_ID) {
        let empty = application == 0 && version == 0 && tables == 0;
        return if empty { Ok(0) } else { Err(OpenError::Foreign { path: path.into() }) };
    }
    if version > known {
        return Err(OpenError::Newer { path: path.into(), found: version, known });
    }
    Ok(version)
}

/// Signs of damage that can be looked for at every start.
fn check(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let bytes = std::fs::metadata(path).map_err(|error| failed(path, &error))?.len();
    if bytes > QUICK_CHECK_MAX_BYTES {
        return Ok(());
    }
    let result: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| sqlite(path, &error))?;
    if result == "ok" { Ok(()) } else { Err(OpenError::Damaged { path: path.into(), what: result }) }
}

fn migrate(path: &Path, connection: &mut Connection, found: u32, vault: &Vault) -> Result<(), OpenError> {
    let wrong = |error: rusqlite::Error| sqlite(path, &error);
    if found as usize == MIGRATIONS.len() {
        return Ok(());
    }
    // What a migration takes out is not to linger in free pages: it may be what people wrote.
    connection.execute_batch("PRAGMA secure_delete = ON").map_err(wrong)?;
    // All steps or none: a file that cannot be brought up to date is left as it was.
    let behavior = rusqlite::TransactionBehavior::Immediate;
    let transaction = connection.transaction_with_behavior(behavior).map_err(wrong)?;
    for migration in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(migration.sql).map_err(wrong)?;
        if let Some(then) = migration.then {
            then(&transaction, vault).map_err(|error| unmigrated(path, &error))?;
        }
    }
    let version = MIGRATIONS.len();
    let marked = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version};");
    transaction.execute_batch(&marked).map_err(wrong)?;
    transaction.commit().map_err(wrong)?;
    if found > 0 {
        connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").map_err(wrong)?;
    }
    connection.execute_batch("PRAGMA secure_delete = FAST").map_err(wrong)
}

fn unmigrated(path: &Path, error: &LedgerError) -> OpenError {
    match error {
        LedgerError::Corrupt { .. } => OpenError::Damaged { path: path.into(), what: error.to_string() },
        other => failed(path, other),
    }
}

/// The master keys under which something in the file is sealed.
pub(super) fn sealed_under(path: &Path) -> Result<BTreeMap<KeyId, u64>, OpenError> {
    if looks_fresh(path)? {
        return Ok(BTreeMap::new());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| sqlite(path, &error))?;
    recognise(path, &connection)?;
    if keys_in(path, &connection)?.is_empty() {
        return Ok(BTreeMap::new());
    }
    wrapped_counts(&connection).map_err(|error| failed(path, &error))
}

/// Each step goes to the next id in the index, so this costs as little with a million persons as with one.
const KEYS: &str = "WITH RECURSIVE m(id) AS (
        SELECT min(substr(wrapped, 2, 8)) FROM persons WHERE wrapped IS NOT NULL
        UNION ALL
        SELECT (SELECT min(substr(wrapped, 2, 8)) FROM persons
            WHERE wrapped IS NOT NULL AND substr(wrapped, 2, 8) > m.id) FROM m WHERE m.id IS NOT NULL)
    SELECT id FROM m WHERE id IS NOT NULL UNION SELECT substr(wrapped, 2, 8) FROM secrets";

fn keys_in(path: &Path, connection: &Connection) -> Result<Vec<KeyId>, OpenError> {
    let wrong = |error: rusqlite::Error| sqlite(path, &error);
    let sealing = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'secrets'";
    let sealing: i64 = connection.query_row(sealing, [], |row| row.get(0)).map_err(wrong)?;
    if sealing == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(KEYS).map_err(wrong)?;
    let keys = statement.query_map([], |row| row.get::<_, [u8; 8]>(0).map(KeyId)).map_err(wrong)?;
    keys.collect::<Result<_, _>>().map_err(wrong)
}

/// Refuses a file of which a part could not be read.
fn check_keys(path: &Path, connection: &Connection, vault: &Vault) -> Result<(), OpenError> {
    let given = vault.keys();
    let mut wanted = keys_in(path, connection)?;
    wanted.retain(|key| !given.contains(key));
    if wanted.is_empty() { Ok(()) } else { Err(OpenError::Sealed { path: path.into(), wanted, given }) }
}
