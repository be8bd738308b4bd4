//! Why the ledger did not do what was asked.

use crate::{Stream, transfer::Standing, vault::KeyId};

/// A failure of the ledger, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The stream has moved on: load it again and decide again.
    #[error("the stream has {actual} entries by now")]
    Conflict {
        /// Entries that the stream has.
        actual: u32,
    },
    /// The idempotency key was used before: answer as then, or refuse if the request differs.
    #[error("the idempotency key was used before, for {stream}")]
    Duplicate {
        /// The stream that the first request wrote to.
        stream: Stream,
        /// The entry that it made.
        seq: u32,
        /// Whether the digest of the request is the same.
        same_request: bool,
    },
    /// Another ticket of the organisation has this number: take the next one.
    #[error("the number {number} belongs to another ticket")]
    NumberTaken {
        /// The number.
        number: String,
    },
    /// Whose the words are has changed meanwhile: the person was erased, or a contact of a new person belongs to somebody
    /// by now. Look the person up again.
    #[error("the person whose words these are was erased or found meanwhile")]
    PersonChanged,
    /// What was asked for is sealed under a master key that this process does not have.
    #[error("sealed under the master key {wanted}, which is not among those given: {}", listed(given))]
    KeyMissing {
        /// The master key that is needed.
        wanted: KeyId,
        /// Those that are there, the first one first.
        given: Vec<KeyId>,
    },
    /// The append does not fit together, which is a mistake of the program: nothing was written.
    #[error("the append does not fit together: {what}")]
    Unfit {
        /// What does not fit.
        what: &'static str,
    },
    /// Somebody else made the tree grow: read its checkpoint again.
    #[error("the tree has {size} leaves by now")]
    Outgrown {
        /// Leaves that the kept checkpoint covers.
        size: u64,
    },
    /// There is no room left to write. Nothing of the append was kept.
    #[error("no room is left to write")]
    Full,
    /// The store cannot answer now; the same request may work later. An append that fails so may have been kept: its
    /// idempotency key tells on the next try.
    #[error("the store cannot answer: {reason}")]
    Unavailable {
        /// What happened.
        reason: String,
        /// The error beneath.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// What was read is not what was written.
    #[error("the ledger is damaged at position {position}: {what}")]
    Corrupt {
        /// Position in the organisation's log; 0 if it is not about one record.
        position: u64,
        /// What is wrong, and what to do if something can be done.
        what: String,
    },
    /// The organisation is not in service here: it is arriving, or has left. Nothing was written.
    #[error("the organisation is not in service here ({standing})")]
    NotOpen {
        /// How it stands.
        standing: Standing,
    },
    /// The organisation is in service here, so nothing can be moved or restored into its place.
    #[error("the organisation has {records} records here already")]
    Occupied {
        /// Records that it has.
        records: u64,
    },
    /// Another process works on the organisation here, so nothing can be moved or restored into its place now.
    #[error("another process works on the organisation")]
    InUse {
        /// Whether it is a server; else it is another move or restore.
        server: bool,
    },
    /// Written by a newer version of the product.
    #[error("written by a newer version of yinuo: found format {found}, this one knows up to {known}")]
    Newer {
        /// Format found.
        found: u32,
        /// Newest format known.
        known: u32,
    },
}

fn listed(keys: &[KeyId]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl LedgerError {
    /// Unavailable, with the error beneath.
    pub fn unavailable(
        reason: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        LedgerError::Unavailable { reason: reason.into(), source: Some(source.into()) }
    }

    /// Corrupt, not about one record.
    pub fn corrupt(what: impl Into<String>) -> Self {
        LedgerError::Corrupt { position: 0, what: what.into() }
    }

    /// The same damage, located at `position`.
    #[must_use]
    pub fn at(self, position: u64) -> Self {
        match self {
            LedgerError::Corrupt { position: 0, what } => LedgerError::Corrupt { position, what },
            other => other,
        }
    }
}
