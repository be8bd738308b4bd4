//! The file of the index: made, recognised, thrown away.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use crate::sqlite::open::{keep_plans, make_private};

/// "Yino" and one more in ASCII: an index, not a ledger.
const APPLICATION_ID: i64 = 0x5969_6e70;

/// The form of the tables. A file of another form is made anew.
const FORM: i64 = 2;

const TABLES: &str = include_str!("../../../migrations/sqlite/search.sql");

/// Where the index of the database at `path` lies.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-search");
    name.into()
}

/// The connection that writes. A file that is no index of this form is removed first: it only repeats what the ledger has.
pub(super) fn writer(path: &Path) -> Result<Connection, String> {
    match usable(path) {
        Ok(true) => {}
        Ok(false) => remove(path)?,
        Err(what) => {
            tracing::warn!(what, "the search index cannot be used and is made anew");
            remove(path)?;
        }
    }
    make_private(path).map_err(|error| error.to_string())?;
    let connection = open(path).map_err(|error| error.to_string())?;
    let known = number(&connection, "PRAGMA user_version").map_err(|error| error.to_string())?;
    if known == 0 {
        let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORM};");
        let made = connection.execute_batch(&format!("BEGIN; {TABLES} {marks} COMMIT;"));
        made.map_err(|error| error.to_string())?;
    }
    Ok(connection)
}

/// Whether an index of this form lies there, as far as its first page tells.
fn usable(path: &Path) -> Result<bool, String> {
    if !path.exists() {
        return Ok(false);
    }
    let read = || -> rusqlite::Result<bool> {
        let connection = open(path)?;
        let application = number(&connection, "PRAGMA application_id")?;
        let form = number(&connection, "PRAGMA user_version")?;
        number(&connection, "SELECT count(*) FROM sqlite_schema")?;
        Ok(application == APPLICATION_ID && form == FORM)
    };
    read().map_err(|error| error.to_string())
}

fn number(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.query_row(sql, [], |row| row.get(0))
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
         PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;
         PRAGMA secure_delete = ON; PRAGMA cache_size = -16384;",
    )?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A connection that cannot write. It sees the file through memory: a search reads many pages, and copying each from the
/// system's cache takes as long as looking at it. No connection ever makes the file shorter.
pub(super) fn reader(path: &Path) -> Result<Connection, String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.execute_batch(
            "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA mmap_size = 4294967296;",
        )?;
        keep_plans(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| error.to_string())
}

/// Removes the file with what SQLite keeps beside it.
fn remove(path: &Path) -> Result<(), String> {
    for ending in ["", "-wal", "-shm"] {
        let mut name: OsString = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("the search index cannot be made anew: {error}")),
        }
    }
    Ok(())
}
