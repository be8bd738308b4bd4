//! Words of people: texts that may be personal, and may one day be erased while the record stays.

use std::{fmt, sync::Arc};

use yinuo_commitment::says_nothing;

/// A text that a person wrote or that tells about a person. It is kept outside the chained record; after an erasure the
/// record stays whole and the words are gone. `Debug` never prints them, so they cannot slip into a log.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Words(Option<Arc<str>>);

impl Words {
    /// Words as given.
    pub fn new(text: &str) -> Self {
        Self(Some(text.into()))
    }

    /// Words that were erased.
    pub const fn erased() -> Self {
        Self(None)
    }

    /// The text, unless it was erased.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether nothing readable is left or was ever there: see [`says_nothing`].
    pub fn is_blank(&self) -> bool {
        self.0.as_deref().is_none_or(says_nothing)
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(Some(text.into()))
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(text) => write!(f, "Words({} chars)", text.chars().count()),
            None => f.write_str("Words(erased)"),
        }
    }
}
