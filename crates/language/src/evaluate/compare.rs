//! Whether a new model may take the place of the old one: judged on texts that neither learned from.

use std::collections::BTreeMap;

use super::Measured;
use crate::{
    corpus::{Example, Side, side},
    dimension::Dimension,
    model::Model,
    train::Draw,
};

/// A dimension's macro-F1 may fall by so much, beyond what chance explains.
pub const MAY_FALL: f64 = 0.01;

/// With fewer texts held back nobody can tell which model is better.
pub const TEXTS_MIN: u32 = 50;

/// Times that the texts are drawn anew to see how much chance does.
const DRAWS: u32 = 200;

/// Standard deviations that count as chance: one-sided, 95 %.
const SURENESS: f64 = 1.645;

/// The answer, by one rule: no dimension's macro-F1 falls by more than [`MAY_FALL`] beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The new model takes over.
    Replace,
    /// The old one stays: some dimension got worse.
    Worse,
    /// The old one stays: there are fewer than [`TEXTS_MIN`] texts to tell by.
    TooFew,
}

/// One dimension under both models.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which.
    pub dimension: Dimension,
    /// The old model on the texts held back.
    pub old: Measured,
    /// The new model on the same texts.
    pub new: Measured,
    /// Change of macro-F1 that chance alone explains.
    pub noise: f64,
    /// Whether it fell too far.
    pub worse: bool,
}

/// Both models side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What follows.
    pub verdict: Verdict,
    /// By dimension that either model answers.
    pub changes: Vec<Change>,
}

/// Compares two models on those of `texts` that are held back; nothing else of them is looked at.
pub fn compare(old: &Model, new: &Model, texts: &[Example]) -> Compared {
    let mut told: BTreeMap<Dimension, Vec<[String; 3]>> = BTreeMap::new();
    for text in texts.iter().filter(|text| side(&text.subject, &text.body) == Side::HeldBack) {
        let (by_old, by_new) = (old.tell(&text.subject, &text.body), new.tell(&text.subject, &text.body));
        for dimension in Dimension::ALL {
            let Some(truth) = text.labels.word(*dimension) else { continue };
            let label = |all: &[crate::model::Told<'_>]| {
                let own = all.iter().find(|told| told.head.dimension == *dimension);
                own.map(|told| told.likeliest().0.to_owned())
            };
            let (by_old, by_new) = (label(&by_old), label(&by_new));
            // What neither answers is not compared; what one of them does not answer, it does not know.
            if by_old.is_some() || by_new.is_some() {
                let row = [truth.to_owned(), by_old.unwrap_or_default(), by_new.unwrap_or_default()];
                told.entry(*dimension).or_default().push(row);
            }
        }
    }
    compare_labels(&told)
}

/// The same from labels: by dimension rows of what is true, what the old and what the new model says.
pub fn compare_labels(told: &BTreeMap<Dimension, Vec<[String; 3]>>) -> Compared {
    let changes: Vec<Change> =
        told.iter().filter(|(_, rows)| !rows.is_empty()).map(|(one, rows)| change(*one, rows)).collect();
    let texts = changes.iter().map(|change| change.new.texts()).max().unwrap_or_default();
    let verdict = if texts < TEXTS_MIN {
        Verdict::TooFew
    } else if changes.iter().any(|change| change.worse) {
        Verdict::Worse
    } else {
        Verdict::Replace
    };
    Compared { verdict, changes }
}

fn change(dimension: Dimension, rows: &[[String; 3]]) -> Change {
    let (old, new) = both(rows.iter());
    let noise = noise(rows);
    let worse = old.macro_f1() - new.macro_f1() > MAY_FALL + noise;
    Change { dimension, old, new, noise, worse }
}

fn both<'a>(rows: impl Iterator<Item = &'a [String; 3]>) -> (Measured, Measured) {
    let (mut old, mut new) = (Measured::default(), Measured::default());
    for [truth, by_old, by_new] in rows {
        old.add(truth, by_old, 1.0);
        new.add(truth, by_new, 1.0);
    }
    (old, new)
}

/// How far chance moves the difference of the two: the texts are drawn anew, both models judged on the same draw.
fn noise(rows: &[[String; 3]]) -> f64 {
    let mut draw = Draw::new(0);
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..DRAWS {
        let drawn = (0..rows.len()).filter_map(|_| rows.get(draw.below(rows.len())));
        let (old, new) = both(drawn);
        let difference = new.macro_f1() - old.macro_f1();
        sum += difference;
        squares += difference * difference;
    }
    let draws = f64::from(DRAWS);
    let mean = sum / draws;
    SURENESS * (squares / draws - mean * mean).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `texts` texts of two kinds; the old model is right in all but `old_wrong` of them, the new in all but `new_wrong`.
    fn judged(texts: usize, old_wrong: usize, new_wrong: usize) -> Compared {
        let row = |index: usize| {
            let truth = if index.is_multiple_of(2) { "complaint" } else { "repair" };
            let other = if index.is_multiple_of(2) { "repair" } else { "complaint" };
            let said = |wrong: bool| if wrong { other } else { truth }.to_owned();
            // Different texts go wrong, as they do in life.
            [truth.to_owned(), said(index < old_wrong), said(index >= texts - new_wrong)]
        };
        compare_labels(&BTreeMap::from([(Dimension::Kind, (0..texts).map(row).collect())]))
    }

    #[test]
    fn a_better_and_an_equal_model_take_over() {
        assert_eq!(judged(200, 30, 10).verdict, Verdict::Replace);
        assert_eq!(judged(200, 10, 10).verdict, Verdict::Replace);
    }

    #[test]
    fn a_clearly_worse_model_does_not() {
        let compared = judged(200, 10, 60);
        assert_eq!(compared.verdict, Verdict::Worse);
        assert!(compared.changes[0].worse && compared.changes[0].noise < 0.1);
    }

    #[test]
    fn chance_is_no_reason_and_few_texts_are_none_either() {
        assert_eq!(judged(60, 5, 7).verdict, Verdict::Replace, "two texts of sixty are chance");
        assert_eq!(judged(40, 0, 30).verdict, Verdict::TooFew);
        assert_eq!(compare_labels(&BTreeMap::new()).verdict, Verdict::TooFew);
    }

    #[test]
    fn a_model_that_forgot_a_dimension_is_worse() {
        let row = |index: usize| {
            let truth = if index.is_multiple_of(2) { "yes" } else { "no" }.to_owned();
            [truth.clone(), truth, String::new()]
        };
        let told = BTreeMap::from([(Dimension::Technical, (0..80).map(row).collect())]);
        assert_eq!(compare_labels(&told).verdict, Verdict::Worse);
    }
}
