//! Corrections by person: how many, and how many contradict what everybody else says.
//!
//! A person's corrections are judged by a model that has not learned from that person, so that a thousand wrong ones
//! cannot make themselves look right.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Settings,
    lessons::{Lessons, Task},
    softmax::{Fit, Lesson, fit, softmax},
};
use crate::{
    corpus::{Example, Origin},
    dimension::Dimension,
    evaluate::wilson_lower,
    features::Fnv,
};

/// Groups of people that are judged together.
const GROUPS: u64 = 5;

/// A label is contradicted if the model gives it less than this probability.
const CONTRADICTED_BELOW: f32 = 0.2;

/// So much more than usual is conspicuous.
const BEYOND_USUAL: f64 = 0.15;

/// With fewer labels nobody is called conspicuous.
const LABELS_MIN: u32 = 20;

/// What one person corrected.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonReport {
    /// The person's id.
    pub person: String,
    /// Texts that the person labelled, each counted once; held-back ones are not among them.
    pub texts: u32,
    /// Labels given on these texts that the others' model has an opinion about.
    pub labels: u32,
    /// Labels that it contradicts.
    pub contradicted: u32,
    /// Share of contradicted labels among everybody else's, the shipped texts included, 0 to 1.
    pub usual: f64,
    /// With 95 % sureness the person is contradicted far more than is usual: somebody should look.
    pub conspicuous: bool,
    /// Whether the person's corrections are left out of learning at present.
    pub left_out: bool,
}

impl PersonReport {
    /// Share of contradicted labels, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.labels == 0 { 0.0 } else { f64::from(self.contradicted) / f64::from(self.labels) }
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    labels: u32,
    contradicted: u32,
}

/// A report for every person who corrected something, those with the most contradictions first.
pub fn people(examples: &[Example], settings: &Settings) -> Vec<PersonReport> {
    let everybody = Settings { left_out: BTreeSet::new(), ..settings.clone() };
    let lessons = Lessons::of(examples, &everybody);
    let mut texts: BTreeMap<String, u32> = BTreeMap::new();
    for row in 0..lessons.rows.len() {
        if let Some(Origin::Person(id)) = lessons.origin(row) {
            *texts.entry(id.clone()).or_default() += 1;
        }
    }
    if texts.is_empty() {
        return Vec::new();
    }
    let mut tallies: BTreeMap<Origin, Tally> = BTreeMap::new();
    for task in Dimension::ALL.iter().filter_map(|dimension| lessons.task(*dimension)) {
        for turn in 0..GROUPS {
            judge(&lessons, &task, turn, settings, &mut tallies);
        }
    }
    let mut reports: Vec<PersonReport> =
        texts.into_iter().map(|(person, texts)| report(person, texts, settings, &tallies)).collect();
    reports.sort_by(|one, other| {
        other.share().total_cmp(&one.share()).then_with(|| one.person.cmp(&other.person))
    });
    reports
}

fn report(
    person: String,
    texts: u32,
    settings: &Settings,
    tallies: &BTreeMap<Origin, Tally>,
) -> PersonReport {
    let origin = Origin::Person(person.clone());
    let own = tallies.get(&origin).copied().unwrap_or_default();
    let others = tallies.iter().filter(|(one, _)| **one != origin).fold(Tally::default(), |sum, (_, one)| {
        Tally { labels: sum.labels + one.labels, contradicted: sum.contradicted + one.contradicted }
    });
    let usual =
        if others.labels == 0 { 0.0 } else { f64::from(others.contradicted) / f64::from(others.labels) };
    let conspicuous =
        own.labels >= LABELS_MIN && wilson_lower(own.contradicted, own.labels) > usual + BEYOND_USUAL;
    let left_out = settings.left_out.contains(&person);
    PersonReport {
        person,
        texts,
        labels: own.labels,
        contradicted: own.contradicted,
        usual,
        conspicuous,
        left_out,
    }
}

/// The group in which a row is judged: people by their id, shipped texts by the fifth in which they lie.
fn group(lessons: &Lessons, row: usize) -> u64 {
    match lessons.origin(row) {
        Some(Origin::Person(id)) => Fnv::new().bytes(id.as_bytes()).finish() % GROUPS,
        _ => u64::from(lessons.part(row)),
    }
}

/// Judges the rows of one group by a head that learned from the others.
fn judge(
    lessons: &Lessons,
    task: &Task,
    turn: u64,
    settings: &Settings,
    tallies: &mut BTreeMap<Origin, Tally>,
) {
    let left_out = |row: usize| matches!(lessons.origin(row), Some(Origin::Person(id)) if settings.left_out.contains(id));
    let learned: Vec<Lesson> = task
        .lessons
        .iter()
        .filter(|lesson| group(lessons, lesson.row) != turn && !left_out(lesson.row))
        .copied()
        .collect();
    // A label that only this group gives is new to the others, and nothing can be said about it.
    let known: BTreeSet<usize> = learned.iter().map(|lesson| lesson.class).collect();
    let middle = settings.rounds.get(settings.rounds.len() / 2).copied().unwrap_or(1);
    let classes = task.labels.len();
    let how = Fit { features: lessons.features(), classes, rate: settings.rate, seed: settings.seed };
    let mut shares = Vec::new();
    fit(&lessons.rows, &learned, how, &[middle], |_, weights| {
        for lesson in task.lessons.iter().filter(|lesson| group(lessons, lesson.row) == turn) {
            let Some(origin) = lessons.origin(lesson.row) else { continue };
            if !known.contains(&lesson.class) {
                continue;
            }
            weights.scores(lessons.rows.get(lesson.row), &mut shares);
            softmax(&mut shares);
            let share = shares.get(lesson.class).copied().unwrap_or_default();
            let tally = tallies.entry(origin.clone()).or_default();
            tally.labels += 1;
            tally.contradicted += u32::from(share < CONTRADICTED_BELOW);
        }
    });
}
