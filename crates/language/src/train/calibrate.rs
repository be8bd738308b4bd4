//! Making stated probabilities true: a temperature, a shift per label, and from where on an answer is sure.

use super::softmax::softmax;
use crate::evaluate::threshold;

/// Scores of texts that the head had not learned from, with their true labels.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    scores: Vec<f32>,
    /// True label and weight by text.
    truths: Vec<(usize, f32)>,
}

/// Weights of the texts of one label: truly so, told so, rightly.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    true_ones: f32,
    told: f32,
    right: f32,
}

/// Above any probability: never sure.
const NEVER: f32 = 2.0;

/// Labels up to which each gets a shift of its own; with more labels there are too few texts of each.
const SHIFTED_MAX: usize = 32;

/// Steps in which the shifts are found.
const STEPS: usize = 150;

/// How strongly a shift is drawn to zero, in texts.
const DRAWN_TO_ZERO: f32 = 2.0;

impl Judged {
    /// Takes in the scores of a text, its true label, and how much it counts.
    pub(crate) fn push(&mut self, scores: &[f32], truth: usize, weight: f32) {
        self.scores.extend_from_slice(scores);
        self.truths.push((truth, weight));
    }

    fn texts(&self) -> impl Iterator<Item = (&[f32], (usize, f32))> {
        let classes = self.scores.len().checked_div(self.truths.len()).unwrap_or(1).max(1);
        self.scores.chunks_exact(classes).zip(self.truths.iter().copied())
    }

    /// By what the rounds of learning are chosen: accuracy and macro-F1 together.
    pub(crate) fn figure(&self, classes: usize) -> f32 {
        let mut tallies = vec![Tally::default(); classes];
        let (mut right, mut all) = (0.0, 0.0);
        for (scores, (truth, weight)) in self.texts() {
            let told = best(scores);
            all += weight;
            right += if told == truth { weight } else { 0.0 };
            if let Some(tally) = tallies.get_mut(truth) {
                tally.true_ones += weight;
                tally.right += if told == truth { weight } else { 0.0 };
            }
            if let Some(tally) = tallies.get_mut(told) {
                tally.told += weight;
            }
        }
        let spoken = tallies.iter().filter(|tally| tally.true_ones + tally.told > 0.0);
        let f1 = spoken.map(|tally| (2.0 * tally.right / (tally.true_ones + tally.told), 1.0));
        let (sum, labels) = f1.fold((0.0, 0.0), |(sum, labels), (one, label)| (sum + one, labels + label));
        if all > 0.0 && labels > 0.0 { right / all + sum / labels } else { 0.0 }
    }

    /// Temperature and shifts that make the true labels likeliest.
    pub(crate) fn fit(&self, classes: usize) -> (f32, Vec<f32>) {
        let no_shift = vec![0.0; classes];
        if self.truths.is_empty() {
            return (1.0, no_shift);
        }
        let temperature = self.temperature(&no_shift);
        if classes > SHIFTED_MAX {
            return (temperature, no_shift);
        }
        let shift = self.shift(classes, temperature);
        (self.temperature(&shift), shift)
    }

    /// Golden section over the logarithm of the temperature: the loss has one valley.
    fn temperature(&self, shift: &[f32]) -> f32 {
        let part = 0.618_034_f32;
        let (mut low, mut high) = (0.05_f32.ln(), 20.0_f32.ln());
        for _ in 0..24 {
            let left = high - part * (high - low);
            let right = low + part * (high - low);
            if self.loss(left.exp(), shift) < self.loss(right.exp(), shift) {
                high = right;
            } else {
                low = left;
            }
        }
        f32::midpoint(low, high).exp()
    }

    fn loss(&self, temperature: f32, shift: &[f32]) -> f64 {
        let mut shares = Vec::with_capacity(shift.len());
        let mut loss = 0.0;
        for (scores, (truth, weight)) in self.texts() {
            softened(scores, temperature, shift, &mut shares);
            let share = shares.get(truth).copied().unwrap_or_default();
            loss -= f64::from(weight * share.max(1e-7).ln());
        }
        loss
    }

    /// Shifts by descent along the slope, drawn to zero.
    fn shift(&self, classes: usize, temperature: f32) -> Vec<f32> {
        let mut shift = vec![0.0_f32; classes];
        let mut counts = vec![0.0_f32; classes];
        for (truth, weight) in &self.truths {
            if let Some(count) = counts.get_mut(*truth) {
                *count += weight;
            }
        }
        let all: f32 = counts.iter().sum();
        let mut shares = Vec::with_capacity(classes);
        for _ in 0..STEPS {
            let mut told = vec![0.0_f32; classes];
            for (scores, (_, weight)) in self.texts() {
                softened(scores, temperature, &shift, &mut shares);
                for (sum, share) in told.iter_mut().zip(&shares) {
                    *sum += share * weight;
                }
            }
            for ((own, told), count) in shift.iter_mut().zip(&told).zip(&counts) {
                let slope = (count - told - DRAWN_TO_ZERO * *own) / (count + all * 0.05).max(1.0);
                *own = (*own + 0.5 * slope * temperature).clamp(-5.0, 5.0);
            }
        }
        shift
    }

    /// By label: the probability from which on its answers are right in a share of `target`, with Wilson's bound.
    pub(crate) fn sure_from(&self, temperature: f32, shift: &[f32], target: f64) -> Vec<f32> {
        let mut told: Vec<Vec<(f32, bool, f32)>> = vec![Vec::new(); shift.len()];
        let mut shares = Vec::new();
        for (scores, (truth, weight)) in self.texts() {
            softened(scores, temperature, shift, &mut shares);
            let said = best(&shares);
            if let (Some(told), Some(share)) = (told.get_mut(said), shares.get(said)) {
                told.push((*share, said == truth, weight));
            }
        }
        told.iter_mut().map(|told| threshold(told, target).unwrap_or(NEVER)).collect()
    }
}

/// Probabilities from scores.
fn softened(scores: &[f32], temperature: f32, shift: &[f32], into: &mut Vec<f32>) {
    into.clear();
    into.extend(scores.iter().zip(shift).map(|(score, shift)| (score + shift) / temperature));
    softmax(into);
}

fn best(scores: &[f32]) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (place, score) in scores.iter().enumerate() {
        if *score > best.1 {
            best = (place, *score);
        }
    }
    best.0
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "numbers below ten thousand")]
mod tests {
    use super::*;
    use crate::train::Draw;

    /// Texts whose label is drawn by known probabilities, while the scores claim three times as much.
    fn boastful() -> Judged {
        let mut judged = Judged::default();
        let mut draw = Draw::new(5);
        for _ in 0..4_000 {
            let lean = draw.below(400) as f32 / 100.0 - 2.0;
            let mut shares = [lean, 0.0];
            softmax(&mut shares);
            let truth = usize::from(draw.below(10_000) as f32 / 10_000.0 >= shares[0]);
            judged.push(&[lean * 3.0, 0.0], truth, 1.0);
        }
        judged
    }

    #[test]
    fn the_temperature_takes_boasting_back() {
        let (temperature, shift) = boastful().fit(2);
        assert!((2.6..3.4).contains(&temperature), "{temperature}");
        assert!((shift[0] - shift[1]).abs() < 0.4, "{shift:?}");
    }

    #[test]
    fn a_shift_takes_a_lean_back() {
        let mut judged = Judged::default();
        let mut draw = Draw::new(9);
        for _ in 0..4_000 {
            // Every tenth has the first label, the scores say every second.
            judged.push(&[0.0, 0.0], usize::from(draw.below(10) != 0), 1.0);
        }
        let (temperature, shift) = judged.fit(2);
        let mut shares = Vec::new();
        softened(&[0.0, 0.0], temperature, &shift, &mut shares);
        assert!((shares[0] - 0.1).abs() < 0.02, "{shares:?}");
    }

    #[test]
    fn sure_begins_where_the_target_is_reached() {
        let judged = boastful();
        let (temperature, shift) = judged.fit(2);
        let sure = judged.sure_from(temperature, &shift, 0.85);
        assert!(sure.iter().all(|from| (0.6..0.9).contains(from)), "{sure:?}");
        assert_eq!(Judged::default().sure_from(1.0, &[0.0, 0.0], 0.9), [NEVER, NEVER]);
    }
}
