//! A learned model: one softmax head per dimension over the same hashed n-grams.

mod buckets;
mod format;
mod telling;

use crate::{
    dimension::Dimension,
    features::{Gram, Seen},
};

pub(crate) use self::buckets::{Buckets, Words};
pub use self::format::ModelError;
pub(crate) use self::format::kept_rarity;

/// What a model was made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Way in which features are made; a model of another way cannot be used.
    pub method: u16,
    /// Shipped texts that were learned from.
    pub base_texts: u32,
    /// Corrections by people that were learned from.
    pub corrections: u32,
    /// People whose corrections were left out.
    pub left_out: u32,
    /// Says which texts with which labels: another set has another number.
    pub fingerprint: u64,
    /// Decided the order of learning.
    pub seed: u64,
    /// Whatever the maker wants to say, such as the date.
    pub note: String,
}

/// Figures of a head on the texts that were held back.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// How many texts.
    pub texts: u32,
    /// Share told rightly.
    pub accuracy: f32,
    /// Mean F1 of the labels.
    pub macro_f1: f32,
    /// Expected calibration error.
    pub calibration_error: f32,
}

/// What tells the labels of one dimension apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// What it answers.
    pub dimension: Dimension,
    /// What it can answer.
    pub labels: Vec<String>,
    /// By label: from which probability on the answer is sure enough for nobody to look at it. Above 1: never.
    pub sure_from: Vec<f32>,
    /// The scores are divided by it before they become probabilities.
    pub temperature: f32,
    /// Rounds of learning that the validation chose.
    pub rounds: u8,
    /// How it did on texts that were held back.
    pub figures: Figures,
    /// By label: added to the scores.
    pub(crate) bias: Vec<f32>,
    /// By label: what one step of its weights is worth.
    pub(crate) scale: Vec<f32>,
    /// Column of its first label among the weights.
    pub(crate) first: usize,
}

/// A model. Reading it from a file and asking it never panics, whatever the file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(crate) words: Words,
    pub(crate) heads: Vec<Head>,
    /// Labels of all heads together: the length of a row of weights.
    pub(crate) width: usize,
    /// Weights in steps of their label's scale, the row of one feature after the other.
    pub(crate) weights: Vec<i8>,
    pub(crate) provenance: Provenance,
}

/// What a head says about one text.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'a> {
    /// The head.
    pub head: &'a Head,
    /// Probability by label; they add up to 1.
    pub shares: Vec<f32>,
}

impl<'a> Told<'a> {
    /// The likeliest label, by its place.
    pub fn best(&self) -> usize {
        let mut best = (0, f32::NEG_INFINITY);
        for (place, share) in self.shares.iter().enumerate() {
            if *share > best.1 {
                best = (place, *share);
            }
        }
        best.0
    }

    /// The likeliest label and its probability.
    pub fn likeliest(&self) -> (&'a str, f32) {
        let best = self.best();
        let label = self.head.labels.get(best).map_or("", String::as_str);
        (label, self.shares.get(best).copied().unwrap_or_default())
    }

    /// Probability of a label; 0 if the head does not know it.
    pub fn probability(&self, label: &str) -> f32 {
        let place = self.head.labels.iter().position(|own| own == label);
        place.and_then(|place| self.shares.get(place)).copied().unwrap_or_default()
    }

    /// From which probability on `label` is sure; above 1 if the head does not know it.
    pub fn sure_from(&self, label: &str) -> f32 {
        let place = self.head.labels.iter().position(|own| own == label);
        place.and_then(|place| self.head.sure_from.get(place)).copied().unwrap_or(2.0)
    }
}

/// What the model makes of one text, before the heads are asked one by one.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) model: &'a Model,
    pub(crate) vector: Vec<(u32, f32)>,
    /// By n-gram of what was seen: its row, [`UNKNOWN`] if the model does not keep it.
    rows: Vec<u32>,
    sums: Vec<f32>,
}

/// The row of an n-gram that a model does not keep.
const UNKNOWN: u32 = u32::MAX;

impl Model {
    /// The heads, in the order of [`Dimension::ALL`]; a dimension that nothing could be learned about has none.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// The head of `dimension`.
    pub fn head(&self, dimension: Dimension) -> Option<&Head> {
        self.heads.iter().find(|head| head.dimension == dimension)
    }

    /// What it was made from.
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// How many n-grams and facts it knows.
    pub fn features(&self) -> usize {
        self.words.rarity.len()
    }

    /// Bytes that the model takes in memory, without the few of names and figures.
    pub fn memory_bytes(&self) -> usize {
        let words = self.words.buckets.bits().len() * 12 + self.words.rarity.len() * 4;
        words + self.weights.len()
    }

    /// What every head says about a text.
    pub fn tell(&self, subject: &str, body: &str) -> Vec<Told<'_>> {
        let text = crate::normal::Normal::of(subject, body);
        let found = crate::cues::find(&text);
        let reading = self.read(&crate::features::see(&text, &found));
        self.heads.iter().map(|head| reading.told(head)).collect()
    }

    /// Reads a text once for all heads.
    pub(crate) fn read(&self, seen: &Seen) -> Reading<'_> {
        let row = |gram: &Gram| self.words.buckets.row(gram.bucket).unwrap_or(UNKNOWN);
        let rows: Vec<u32> = seen.grams.iter().map(row).collect();
        let mut vector = Vec::with_capacity(seen.grams.len() + seen.facts.len());
        self.words.vector(seen, &mut vector);
        let mut sums = vec![0.0_f32; self.width];
        for (row, value) in &vector {
            let from = *row as usize * self.width;
            let Some(weights) = self.weights.get(from..from + self.width) else { continue };
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f32::from(*weight) * value;
            }
        }
        Reading { model: self, vector, rows, sums }
    }
}

impl<'a> Reading<'a> {
    /// What one head says.
    pub(crate) fn told(&self, head: &'a Head) -> Told<'a> {
        let sums = self.sums.get(head.first..head.first + head.labels.len()).unwrap_or_default();
        let scores = sums.iter().zip(&head.scale).zip(&head.bias);
        let mut shares: Vec<f32> =
            scores.map(|((sum, scale), bias)| (sum * scale + bias) / head.temperature).collect();
        crate::train::softmax(&mut shares);
        Told { head, shares }
    }
}
