//! Letters as everybody may read them.

use yinuo_commitment::{Language, Promise, budget_words, letter as text, promise_sentence};
use yinuo_desk::PublishedView;

use crate::dto::{
    Localised,
    portal::{Letter, LetterLine, LetterPromise},
};

/// Both versions of a text that depends on the language.
pub(crate) fn both(text: impl Fn(Language) -> String) -> Localised {
    Localised { zh: text(Language::Zh), en: text(Language::En) }
}

/// The head of a letter.
pub(crate) fn letter_line(view: &PublishedView) -> LetterLine {
    let letter = &view.commitment;
    LetterLine {
        number: view.published.number.clone(),
        version: view.published.version,
        title: (&letter.title).into(),
        effective: letter.effective.into(),
        published_at: view.published.published_at.into(),
        hash: view.published.hash.to_string(),
        covers: letter.covers.iter().copied().map(Into::into).collect(),
        promise_count: u32::try_from(letter.promises.len()).unwrap_or(u32::MAX),
    }
}

/// A letter as customers read it.
pub(crate) fn letter(view: &PublishedView) -> Letter {
    let letter = &view.commitment;
    let promise = |promise: &Promise| LetterPromise {
        id: promise.id.to_string(),
        title: (&promise.title).into(),
        sentence: both(|language| promise_sentence(promise, letter, language)),
        exact: both(|language| text::exact_sentence(promise, letter, language)),
        budget: both(|language| budget_words(promise.within, letter.calendar(&promise.on), language)),
    };
    Letter {
        line: letter_line(view),
        company: (&letter.company).into(),
        hotline: letter.hotline.clone(),
        html: both(|language| text::html(letter, language)),
        promises: letter.promises.iter().map(promise).collect(),
    }
}
