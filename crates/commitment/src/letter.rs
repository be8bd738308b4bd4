//! The letter that customers read, drawn from the same data that the engine enforces (C3).

use yinuo_calendar::Calendar;

use crate::{model::{Budget, Commitment, Promise}, vocabulary::Language};

/// The whole letter as Markdown.
pub fn markdown(commitment: &Commitment, language: Language) -> String {
    let _ = (commitment, language);
    String::new()
}

/// The whole letter as an HTML body fragment; every text is escaped.
pub fn html(commitment: &Commitment, language: Language) -> String {
    let _ = (commitment, language);
    String::new()
}

/// One promise as a sentence: its own `text`, or one drawn from its data.
pub fn promise_sentence(promise: &Promise, commitment: &Commitment, language: Language) -> String {
    let _ = (promise, commitment, language);
    String::new()
}

/// A budget in words. With the calendar that it counts on, working time and wall-clock time are told apart.
pub fn budget_words(budget: Budget, calendar: Option<&Calendar>, language: Language) -> String {
    let _ = (budget, calendar, language);
    String::new()
}
