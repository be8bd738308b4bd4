//! The letter that customers read, drawn from the same data that the engine enforces (C3).

mod compose;
mod draw;
mod sentence;

use yinuo_calendar::Calendar;

use crate::{
    model::{Budget, Commitment, Compensation, Duty, Promise},
    vocabulary::Language,
    words,
};

/// The whole letter as Markdown. Every text of the file is escaped: it cannot become markup.
pub fn markdown(commitment: &Commitment, language: Language) -> String {
    draw::markdown(&compose::compose(commitment, language), language)
}

/// The whole letter as an HTML body fragment, `<article>` at the top; every text of the file is escaped.
pub fn html(commitment: &Commitment, language: Language) -> String {
    draw::html(&compose::compose(commitment, language), language)
}

/// One promise as a sentence: its own `text`, or else [`exact_sentence`].
pub fn promise_sentence(promise: &Promise, commitment: &Commitment, language: Language) -> String {
    promise
        .text
        .as_ref()
        .map_or_else(|| exact_sentence(promise, commitment, language), |text| text.get(language).to_owned())
}

/// One promise as a sentence drawn from its data alone: what the clock measures. The letter prints it beside a `text`
/// of the promise's own, so that the two can be compared.
pub fn exact_sentence(promise: &Promise, commitment: &Commitment, language: Language) -> String {
    sentence::exact(promise, commitment, language)
}

/// A budget in words. With the calendar that it counts on, working time and wall-clock time are told apart.
pub fn budget_words(budget: Budget, calendar: Option<&Calendar>, language: Language) -> String {
    words::budget_words(budget, calendar, language)
}

/// A line of the compensation table as a sentence.
pub(crate) fn compensation_words(line: &Compensation, commitment: &Commitment, language: Language) -> String {
    compose::compensation(line, commitment, language)
}

/// A duty as a sentence.
pub(crate) fn duty_sentence(duty: &Duty, language: Language) -> String {
    compose::duty_words(duty, language)
}
