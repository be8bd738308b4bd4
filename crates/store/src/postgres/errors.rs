//! From the errors of PostgreSQL to those of the ledger.
//!
//! Only the code and the message of an error are told: its details may name values of rows.

use std::error::Error as _;

use tokio_postgres::{
    Error,
    error::{Severity, SqlState},
};
use yinuo_ledger::LedgerError;

use crate::cells::DAMAGED;

/// What an error says, without the values of rows.
pub(super) fn told(error: &Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

fn class(error: &Error) -> Option<&str> {
    error.code().and_then(|code| code.code().get(..2))
}

/// Whether the server refused the very values: sending them again would not help, and nobody else in a batch is to blame.
pub(super) fn is_about_values(error: &Error) -> bool {
    matches!(class(error), Some("22" | "23" | "54"))
}

/// Whether the connection is of no use any more. After an error of this kind while a commit was in flight, nobody knows
/// whether it was kept.
pub(super) fn is_broken(error: &Error) -> bool {
    match error.as_db_error() {
        Some(db) => !matches!(db.parsed_severity(), Some(Severity::Error)),
        None => true,
    }
}

/// Whether the same transaction may go through when it is tried again at once.
pub(super) fn is_passing(error: &Error) -> bool {
    let passing = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| passing.contains(code))
}

/// A failure of a statement.
pub(super) fn failed(error: &Error) -> LedgerError {
    let code = error.code();
    if code.is_some_and(|code| [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED].contains(code)) {
        return LedgerError::corrupt(format!("{DAMAGED} ({})", told(error)));
    }
    if code.is_some_and(|code| [SqlState::DISK_FULL, SqlState::IO_ERROR].contains(code)) {
        return LedgerError::Full;
    }
    if is_about_values(error) {
        return LedgerError::Unfit { what: "the database refuses one of its values" };
    }
    LedgerError::Unavailable { reason: told(error), source: None }
}

/// The database cannot be used now.
pub(super) fn unavailable(reason: impl Into<String>) -> LedgerError {
    LedgerError::Unavailable { reason: reason.into(), source: None }
}
