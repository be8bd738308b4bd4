//! Standard phrases.

use yinuo_desk::{FilledPhrase, LibraryPhrase};

use crate::dto::phrase::{FilledPhraseDetail, PhraseDetail};

/// A phrase of the library.
pub(crate) fn phrase(entry: &LibraryPhrase) -> PhraseDetail {
    let phrase = &entry.phrase;
    PhraseDetail {
        id: phrase.id.clone(),
        kinds: phrase.kinds.iter().copied().map(Into::into).collect(),
        step: phrase.step.into(),
        title: (&phrase.title).into(),
        text: (&phrase.text).into(),
        own: entry.own,
        shipped: entry.shipped,
    }
}

/// A phrase for a message.
pub(crate) fn filled_phrase(filled: FilledPhrase) -> FilledPhraseDetail {
    FilledPhraseDetail {
        id: filled.id,
        title: filled.title.into(),
        text: filled.text,
        missing: filled.missing.into_iter().map(Into::into).collect(),
    }
}
