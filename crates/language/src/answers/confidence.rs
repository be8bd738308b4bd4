//! How sure an answer is, and how sure is sure enough.

use super::{Features, Outcome};

/// Weights of the model: one for each feature and one for none.
const WEIGHTS: usize = 13;

/// Strength of the pull of every weight towards zero.
const RIDGE: f64 = 1.0;

/// Rounds of the fit; it ends long before.
const ROUNDS: usize = 60;

/// Standard deviations of the lower bound: 95 of 100 on one side.
const DEVIATIONS: f64 = 1.645;

/// A logistic model over [`Features`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    weights: [f64; WEIGHTS],
}

impl Confidence {
    /// A model from its weights, in the order of [`Confidence::weights`].
    pub const fn new(weights: [f64; WEIGHTS]) -> Self {
        Self { weights }
    }

    /// The weights: of nothing, fit, alike, whole, margin, agree, covered, covered beside whole,
    /// unknown, length, near by the best question, near as a whole, lead by nearness.
    pub const fn weights(&self) -> &[f64; WEIGHTS] {
        &self.weights
    }

    /// The model fitted to the shipped knowledge base.
    pub fn shipped() -> &'static Self {
        &super::shipped::CONFIDENCE
    }

    /// The model fitted to it where vectors take part.
    pub fn shipped_with_vectors() -> &'static Self {
        &super::shipped::CONFIDENCE_WITH_VECTORS
    }

    /// How probably a candidate with these features is right: 0 to 1.
    pub fn probability(&self, features: &Features) -> f32 {
        let sum: f64 =
            self.weights.iter().zip(numbers(features)).map(|(weight, number)| weight * number).sum();
        #[expect(clippy::cast_possible_truncation, reason = "a probability needs no more than six digits")]
        let probability = (1.0 / (1.0 + (-sum).exp())) as f32;
        probability
    }

    /// The model that explains these outcomes best (ridge regression by Newton's method: the same outcomes give the same
    /// model). Without outcomes nothing is sure.
    pub fn fit(outcomes: &[Outcome]) -> Self {
        let mut weights = [0.0; WEIGHTS];
        for _ in 0..ROUNDS {
            let mut matrix = [[0.0; WEIGHTS]; WEIGHTS];
            let mut gradient = [0.0; WEIGHTS];
            for (place, (weight, slope)) in weights.iter().zip(&mut gradient).enumerate() {
                *slope = -RIDGE * weight;
                if let Some(cell) = matrix.get_mut(place).and_then(|row| row.get_mut(place)) {
                    *cell = RIDGE;
                }
            }
            for outcome in outcomes {
                add(outcome, &weights, &mut matrix, &mut gradient);
            }
            let step = solve(matrix, gradient);
            weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
            if step.iter().all(|step| step.abs() < 1e-9) {
                break;
            }
        }
        Self { weights }
    }
}

/// Adds one outcome to the equations of a round.
fn add(
    outcome: &Outcome,
    weights: &[f64; WEIGHTS],
    matrix: &mut [[f64; WEIGHTS]; WEIGHTS],
    gradient: &mut [f64; WEIGHTS],
) {
    let numbers = numbers(&outcome.features);
    let sum: f64 = weights.iter().zip(numbers).map(|(weight, number)| weight * number).sum();
    let probability = 1.0 / (1.0 + (-sum).exp());
    let miss = f64::from(u8::from(outcome.right)) - probability;
    let doubt = (probability * (1.0 - probability)).max(1e-6);
    for ((row, slope), number) in matrix.iter_mut().zip(gradient).zip(numbers) {
        *slope += miss * number;
        for (cell, other) in row.iter_mut().zip(numbers) {
            *cell += doubt * number * other;
        }
    }
}

/// The features as numbers of about the same size.
fn numbers(features: &Features) -> [f64; WEIGHTS] {
    let near = features.near.unwrap_or_default();
    [
        1.0,
        f64::from(features.fit),
        f64::from(features.alike),
        f64::from(features.whole),
        f64::from(features.margin),
        f64::from(u8::from(features.agree)),
        f64::from(features.covered),
        f64::from(features.covered * features.whole),
        f64::from(features.unknown),
        f64::from(features.length) / 4.0,
        f64::from(near.best),
        f64::from(near.whole),
        f64::from(near.lead),
    ]
}

/// Solves the equations by elimination. The matrix is positive definite: a ridge is on its diagonal.
fn solve(mut matrix: [[f64; WEIGHTS]; WEIGHTS], mut right: [f64; WEIGHTS]) -> [f64; WEIGHTS] {
    let cell = |row: &[f64; WEIGHTS], place: usize| row.get(place).copied().unwrap_or_default();
    for place in 0..WEIGHTS {
        let (Some(pivot), Some(value)) = (matrix.get(place).copied(), right.get(place).copied()) else {
            break;
        };
        for below in place.saturating_add(1)..WEIGHTS {
            let (Some(row), Some(result)) = (matrix.get_mut(below), right.get_mut(below)) else { break };
            let share = cell(row, place) / cell(&pivot, place);
            row.iter_mut().zip(pivot).for_each(|(cell, pivot)| *cell -= share * pivot);
            *result -= share * value;
        }
    }
    let mut solved = [0.0; WEIGHTS];
    for place in (0..WEIGHTS).rev() {
        let (Some(row), Some(value)) = (matrix.get(place), right.get(place)) else { break };
        let known: f64 = row.iter().zip(solved).map(|(cell, solved)| cell * solved).sum();
        if let Some(slot) = solved.get_mut(place) {
            *slot = (value - known) / cell(row, place);
        }
    }
    solved
}

/// How often an answer has to be right before it is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Targets {
    /// Share of automatic answers that have to be right.
    pub answer: f64,
    /// Share of first suggestions that have to be right, among the surest as among the least sure.
    pub suggest: f64,
    /// What is added to both, because questions of the future are not quite those of the examination.
    pub margin: f64,
}

impl Targets {
    /// Where vectors take part. They find what words miss and are surer of sisters of an article that there is not, which the
    /// examination shows in part only: the margin is wider.
    pub fn with_vectors() -> Self {
        Self { margin: 0.025, ..Self::default() }
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self { answer: 0.95, suggest: 0.50, margin: 0.005 }
    }
}

/// From which probability on what happens. Above 1: never.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// It is answered.
    pub answer: f32,
    /// It is suggested.
    pub suggest: f32,
}

impl Thresholds {
    /// Those of the shipped knowledge base.
    pub fn shipped() -> Self {
        super::shipped::THRESHOLDS
    }

    /// Those of the shipped knowledge base where vectors take part.
    pub fn shipped_with_vectors() -> Self {
        super::shipped::THRESHOLDS_WITH_VECTORS
    }

    /// The lowest probabilities at which the lower bound of Wilson of the share of right answers reaches the targets: for
    /// answers the share of all that are given, for suggestions also that of the least sure hundred. A
    /// target that cannot be reached gives a threshold that is never reached: then nothing is answered automatically.
    pub fn choose(outcomes: &[Outcome], confidence: &Confidence, targets: &Targets) -> Self {
        let mut sure: Vec<(f32, bool)> = outcomes
            .iter()
            .map(|outcome| (confidence.probability(&outcome.features), outcome.right))
            .collect();
        sure.sort_by(|one, other| other.0.total_cmp(&one.0));
        let answer = lowest(&sure, targets.answer + targets.margin);
        // What is answered already does not make suggestions any better, nor do the surest make up for the least sure.
        sure.retain(|(probability, _)| *probability < answer);
        let suggest = lowest_of_neighbours(&sure, targets.suggest + targets.margin);
        Self { answer, suggest: suggest.min(answer) }
    }
}

/// The lowest probability at which the target still holds; `sure` goes from the surest to the least sure.
fn lowest(sure: &[(f32, bool)], target: f64) -> f32 {
    let (mut right, mut all, mut lowest) = (0_u32, 0_u32, NEVER);
    for (place, (probability, is_right)) in sure.iter().enumerate() {
        all = all.saturating_add(1);
        right = right.saturating_add(u32::from(*is_right));
        // Equal probabilities stand or fall together.
        let last = sure.get(place.saturating_add(1)).is_none_or(|next| next.0 < *probability);
        if last && wilson(right, all) >= target {
            lowest = *probability;
        }
    }
    lowest
}

/// Outcomes of about the same probability that are judged together.
const NEIGHBOURS: usize = 100;

/// The lowest probability down to which the target holds for each [`NEIGHBOURS`] outcomes in a row.
fn lowest_of_neighbours(sure: &[(f32, bool)], target: f64) -> f32 {
    if sure.len() <= NEIGHBOURS {
        return lowest(sure, target);
    }
    sure.windows(NEIGHBOURS)
        .take_while(|neighbours| {
            let right = neighbours.iter().filter(|(_, is_right)| *is_right).count();
            wilson(super::index::count(right), super::index::count(NEIGHBOURS)) >= target
        })
        .last()
        .and_then(|neighbours| neighbours.last())
        .map_or(NEVER, |(probability, _)| *probability)
}

/// A threshold that no probability reaches.
pub(super) const NEVER: f32 = 1.1;

/// The lower bound of Wilson of a share: what the true share is at least, 95 times of 100.
pub fn wilson(right: u32, all: u32) -> f64 {
    if all == 0 {
        return 0.0;
    }
    let (all, share) = (f64::from(all), f64::from(right) / f64::from(all));
    let square = DEVIATIONS * DEVIATIONS;
    let middle = share + square / (2.0 * all);
    let spread = DEVIATIONS * ((share * (1.0 - share) + square / (4.0 * all)) / all).sqrt();
    ((middle - spread) / (1.0 + square / all)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(fit: f32, right: bool) -> Outcome {
        Outcome { features: Features { fit, ..Features::default() }, right }
    }

    #[test]
    fn the_bound_of_wilson_is_that_of_the_tables() {
        for (right, all, bound) in
            [(95, 100, 0.9008), (50, 100, 0.4188), (0, 10, 0.0), (10, 10, 0.7871), (0, 0, 0.0)]
        {
            assert!((wilson(right, all) - bound).abs() < 5e-4, "{right} of {all}: {}", wilson(right, all));
        }
    }

    #[test]
    fn a_fit_learns_what_tells_right_from_wrong() {
        let outcomes: Vec<Outcome> =
            (0..400_u16).map(|n| outcome(f32::from(n) / 400.0, n >= 200 && n % 20 != 0)).collect();
        let confidence = Confidence::fit(&outcomes);
        assert!(confidence.weights()[1] > 5.0);
        let at = |fit: f32| confidence.probability(&Features { fit, ..Features::default() });
        assert!(at(0.9) > 0.85 && at(0.1) < 0.1, "{} {}", at(0.9), at(0.1));
        // Well calibrated on what it was fitted to: the probabilities sum up to the right ones.
        let sum: f32 = outcomes.iter().map(|outcome| confidence.probability(&outcome.features)).sum();
        assert!((sum - 190.0).abs() < 5.0, "{sum}");
        assert_eq!(confidence, Confidence::fit(&outcomes));
    }

    #[test]
    fn thresholds_reach_their_target_or_are_never_reached() {
        let mut outcomes: Vec<Outcome> =
            (0..1_000_u16).map(|n| outcome(f32::from(n) / 1_000.0, n >= 500)).collect();
        let confidence = Confidence::fit(&outcomes);
        let chosen = Thresholds::choose(&outcomes, &confidence, &Targets::default());
        let answered: Vec<&Outcome> = outcomes
            .iter()
            .filter(|outcome| confidence.probability(&outcome.features) >= chosen.answer)
            .collect();
        let right = answered.iter().filter(|outcome| outcome.right).count();
        assert!(right * 100 >= answered.len() * 95 && answered.len() > 400, "{right} of {}", answered.len());
        assert!(chosen.suggest <= chosen.answer);
        for outcome in &mut outcomes {
            outcome.right = false;
        }
        let never = Thresholds::choose(&outcomes, &confidence, &Targets::default());
        assert!(never.answer > 1.0 && never.suggest > 1.0);
        assert!(Thresholds::choose(&[], &confidence, &Targets::default()).answer > 1.0);
    }
}
