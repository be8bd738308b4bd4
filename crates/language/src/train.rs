//! Learning a model from labelled texts: the shipped ones and the corrections that people of the organisation made.
//!
//! Nothing is learned from a text that [`crate::corpus::side`] holds back. Of the rest, five parts take turns at being
//! judged by a model that learned from the other four; from that follow the rounds of learning, the temperature, and the
//! probabilities from which on an answer is sure. Then everything that may be learned from makes the model.

mod calibrate;
mod draw;
mod lessons;
mod people;
mod softmax;

use std::collections::BTreeSet;

use yinuo_commitment::Language;

pub(crate) use self::draw::Draw;
pub use self::people::{PersonReport, people};
pub(crate) use self::softmax::softmax;
use self::{
    lessons::{Lessons, Task},
    softmax::{Fit, Lesson, Weights, fit},
};
use crate::{
    corpus::Example,
    dimension::Dimension,
    evaluate::Measured,
    features::METHOD,
    model::{Figures, Head, Model, Provenance},
};

/// How a model is learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Decides the order of learning; the same seed and texts make the same model.
    pub seed: u64,
    /// Rounds of learning that the validation chooses from, ascending.
    pub rounds: Vec<u8>,
    /// How many of the five parts take their turn at being judged; fewer is faster. At least 1.
    pub turns: u8,
    /// Rate of learning.
    pub rate: f32,
    /// How much a correction by a person counts beside a shipped text.
    pub correction_weight: f32,
    /// The corrections of one person weigh together at most this share of everything else.
    pub person_share_max: f32,
    /// Share of right answers that answers have to reach to be sure, with Wilson's bound.
    pub sure: f64,
    /// People whose corrections are left out. Nothing is lost: without their names the next model learns from them again.
    pub left_out: BTreeSet<String>,
    /// Goes into the model's provenance, such as the date.
    pub note: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            rounds: vec![2, 4, 8],
            turns: 5,
            rate: 1.0,
            correction_weight: 3.0,
            person_share_max: 0.15,
            sure: 0.85,
            left_out: BTreeSet::new(),
            note: String::new(),
        }
    }
}

/// Why no model could be learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainError {
    /// No dimension has two labels with enough texts each.
    TooFew {
        /// Texts that may be learned from.
        texts: usize,
    },
}

impl TrainError {
    /// What is missing and what to do.
    pub fn text(&self, language: Language) -> String {
        let Self::TooFew { texts } = self;
        let least = lessons::TEXTS_MIN;
        match language {
            Language::Zh => format!(
                "可学习的文本只有 {texts} 条，太少：至少有一个维度的两个取值各需 {least} 条；请等待更多更正"
            ),
            Language::En => format!(
                "{texts} texts are too few to learn from: some dimension needs two labels with {least} texts each; add \
                 the shipped texts or wait for more corrections"
            ),
        }
    }
}

impl std::fmt::Display for TrainError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl std::error::Error for TrainError {}

/// Learns a model. Texts that are held back are not learned from; they give the figures of the heads.
pub fn train(examples: &[Example], settings: &Settings) -> Result<Model, TrainError> {
    let lessons = Lessons::of(examples, settings);
    let tasks: Vec<Task> = Dimension::ALL.iter().filter_map(|one| lessons.task(*one)).collect();
    if tasks.is_empty() {
        return Err(TrainError::TooFew { texts: lessons.rows.len() });
    }
    let mut parts = Vec::with_capacity(tasks.len());
    for task in &tasks {
        let chosen = choose(&lessons, task, settings);
        let weights = learn(&lessons, &task.lessons, task.labels.len(), chosen.rounds, settings);
        parts.push((chosen, weights));
    }
    let provenance = Provenance {
        method: METHOD,
        base_texts: lessons.base_texts,
        corrections: lessons.corrections,
        left_out: u32::try_from(settings.left_out.len()).unwrap_or(u32::MAX),
        fingerprint: lessons.fingerprint,
        seed: settings.seed,
        note: settings.note.clone(),
    };
    let mut model = assemble(&lessons, tasks, parts, provenance);
    measure(&mut model, examples);
    Ok(model)
}

/// What the validation chose for a head.
struct Chosen {
    rounds: u8,
    temperature: f32,
    shift: Vec<f32>,
    sure_from: Vec<f32>,
}

/// Judges each part by a head that learned from the others, and chooses by that.
fn choose(lessons: &Lessons, task: &Task, settings: &Settings) -> Chosen {
    let classes = task.labels.len();
    let mut judged: Vec<calibrate::Judged> =
        settings.rounds.iter().map(|_| calibrate::Judged::default()).collect();
    for turn in 0..settings.turns.clamp(1, 5) {
        let part = |lesson: &&Lesson| lessons.part(lesson.row) == turn;
        let (asked, learned): (Vec<&Lesson>, Vec<&Lesson>) = task.lessons.iter().partition(part);
        let learned: Vec<Lesson> = learned.into_iter().copied().collect();
        let how = Fit { features: lessons.features(), classes, rate: settings.rate, seed: settings.seed };
        let mut scores = Vec::new();
        fit(&lessons.rows, &learned, how, &settings.rounds, |round, weights| {
            let place = settings.rounds.iter().position(|own| *own == round);
            let Some(judged) = place.and_then(|place| judged.get_mut(place)) else { return };
            for lesson in &asked {
                weights.scores(lessons.rows.get(lesson.row), &mut scores);
                judged.push(&scores, lesson.class, lessons.judges(lesson.row));
            }
        });
    }
    let mut best: Option<(f32, usize)> = None;
    for (place, judged) in judged.iter().enumerate() {
        let figure = judged.figure(classes);
        if best.is_none_or(|(reached, _)| figure > reached) {
            best = Some((figure, place));
        }
    }
    let place = best.map_or(0, |(_, place)| place);
    let rounds = settings.rounds.get(place).copied().unwrap_or(1);
    let nothing = calibrate::Judged::default();
    let judged = judged.get(place).unwrap_or(&nothing);
    let (temperature, shift) = judged.fit(classes);
    let sure_from = judged.sure_from(temperature, &shift, settings.sure);
    Chosen { rounds, temperature, shift, sure_from }
}

/// A head from all `lessons`.
fn learn(lessons: &Lessons, own: &[Lesson], classes: usize, rounds: u8, settings: &Settings) -> Weights {
    let how = Fit { features: lessons.features(), classes, rate: settings.rate, seed: settings.seed };
    let mut learned = Weights { classes, of: Vec::new(), bias: vec![0.0; classes] };
    fit(&lessons.rows, own, how, &[rounds], |_, weights| learned = weights.clone());
    learned
}

/// Puts the heads side by side, in whole steps of their label's scale, and drops the features that none of them uses.
fn assemble(
    lessons: &Lessons,
    tasks: Vec<Task>,
    parts: Vec<(Chosen, Weights)>,
    provenance: Provenance,
) -> Model {
    let width: usize = tasks.iter().map(|task| task.labels.len()).sum();
    let features = lessons.features();
    let mut weights = vec![0_i8; features * width];
    let mut heads = Vec::with_capacity(tasks.len());
    let mut first = 0;
    for (task, (chosen, learned)) in tasks.into_iter().zip(parts) {
        let classes = task.labels.len();
        let mut scale = vec![0.0_f32; classes];
        for row in learned.of.chunks_exact(classes.max(1)) {
            for (step, weight) in scale.iter_mut().zip(row) {
                *step = step.max(weight.abs() / 127.0);
            }
        }
        for (row, into) in learned.of.chunks_exact(classes.max(1)).zip(weights.chunks_exact_mut(width)) {
            for ((weight, step), place) in row.iter().zip(&scale).zip(into.iter_mut().skip(first)) {
                *place = in_steps(*weight, *step);
            }
        }
        let bias = learned.bias.iter().zip(&chosen.shift).map(|(bias, shift)| bias + shift).collect();
        heads.push(Head {
            dimension: task.dimension,
            labels: task.labels,
            sure_from: chosen.sure_from,
            temperature: chosen.temperature,
            rounds: chosen.rounds,
            figures: Figures::default(),
            bias,
            scale,
            first,
        });
        first += classes;
    }
    let (words, weights) = lessons.used(&weights, width);
    Model { words, heads, width, weights, provenance }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
fn in_steps(weight: f32, step: f32) -> i8 {
    if step > 0.0 { (weight / step).round().clamp(-127.0, 127.0) as i8 } else { 0 }
}

/// Writes the figures on the texts that were held back into the heads.
#[expect(clippy::cast_possible_truncation, reason = "figures between 0 and 1")]
fn measure(model: &mut Model, examples: &[Example]) {
    let measured = held_back(model, examples);
    for (head, (_, measured)) in model.heads.iter_mut().zip(measured) {
        head.figures = Figures {
            texts: measured.texts(),
            accuracy: measured.accuracy() as f32,
            macro_f1: measured.macro_f1() as f32,
            calibration_error: measured.calibration_error() as f32,
        };
    }
}

/// What each head says about the texts that are held back; texts that may be learned from are passed over.
pub fn held_back(model: &Model, examples: &[Example]) -> Vec<(Dimension, Measured)> {
    let mut measured: Vec<(Dimension, Measured)> =
        model.heads.iter().map(|head| (head.dimension, Measured::new(head.labels.clone()))).collect();
    for example in examples {
        if crate::corpus::side(&example.subject, &example.body) != crate::corpus::Side::HeldBack {
            continue;
        }
        for told in model.tell(&example.subject, &example.body) {
            let Some(truth) = example.labels.word(told.head.dimension) else { continue };
            let (label, share) = told.likeliest();
            if let Some((_, own)) = measured.iter_mut().find(|(own, _)| *own == told.head.dimension) {
                own.add(truth, label, f64::from(share));
            }
        }
    }
    measured
}
