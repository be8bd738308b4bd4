//! What happened, one line a step; the same seed gives the same lines.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// The lines of one course.
#[derive(Debug, Default)]
pub(crate) struct Trace(Mutex<Vec<String>>);

impl Trace {
    /// Adds a line.
    pub(crate) fn say(&self, line: impl Into<String>) {
        self.lock().push(line.into());
    }

    /// All lines.
    pub(crate) fn text(&self) -> String {
        let mut text = self.lock().join("\n");
        text.push('\n');
        text
    }

    /// SHA-256 over all lines, in hexadecimal.
    pub(crate) fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.text().as_bytes()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
