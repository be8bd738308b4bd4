//! From the errors of SQLite to those of the ledger.

use rusqlite::ErrorCode;
use yinuo_ledger::LedgerError;

use crate::cells::DAMAGED;

/// A failure while reading.
pub(super) fn reading(error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            LedgerError::corrupt(format!("{DAMAGED} ({error})"))
        }
        _ => LedgerError::unavailable(error.to_string(), error),
    }
}

/// A failure of a whole batch; it answers everyone in it, so it can be told many times.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    Full,
    Corrupt(String),
    Unavailable(String),
}

impl Failure {
    pub(super) fn of(error: &LedgerError) -> Self {
        match error {
            LedgerError::Full => Failure::Full,
            LedgerError::Corrupt { what, .. } => Failure::Corrupt(what.clone()),
            other => Failure::Unavailable(other.to_string()),
        }
    }

    pub(super) fn error(&self) -> LedgerError {
        match self {
            Failure::Full => LedgerError::Full,
            Failure::Corrupt(what) => LedgerError::corrupt(what.clone()),
            Failure::Unavailable(reason) => LedgerError::Unavailable { reason: reason.clone(), source: None },
        }
    }
}

/// A failure while writing: besides those of reading, no room on the disk.
pub(super) fn writing(error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => LedgerError::Full,
        _ => reading(error),
    }
}
