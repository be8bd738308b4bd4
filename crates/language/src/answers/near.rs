//! Nearness by meaning: vectors of questions, if somebody computes them.

use std::{collections::HashMap, sync::Arc};

use yinuo_commitment::Language;

use super::index::{Doc, float, place};

/// Rounds over all questions while the articles are told apart.
const ROUNDS: u32 = 4;

/// How far one question moves an article in the first round.
const STEP: f32 = 0.5;

/// How sharply the articles of a question are told apart.
const SHARP: f32 = 8.0;

/// Products of vectors up to which articles are told apart: beyond it takes minutes, and the mean has to do.
const LESSONS_MAX: usize = 4_000_000;

/// The vectors of texts, all by one model and of length one.
#[derive(Debug, Clone, Default)]
pub struct Vectors(HashMap<String, Arc<[f32]>>);

impl Vectors {
    /// Takes the vector of a text.
    pub fn insert(&mut self, text: impl Into<String>, vector: impl Into<Arc<[f32]>>) {
        self.0.insert(text.into(), vector.into());
    }

    /// The vector of a text, if it is known.
    pub fn get(&self, text: &str) -> Option<&Arc<[f32]>> {
        self.0.get(text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How near a question is to an article.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Near {
    /// Cosine with its nearest similar question; what all questions of the language have in common is taken out before.
    pub best: f32,
    /// With the article as a whole.
    pub whole: f32,
    /// Both together, less those of the nearest other article.
    pub lead: f32,
}

/// The questions of a knowledge base as vectors.
#[derive(Debug)]
pub(super) struct Nearness {
    /// What the questions of each language have in common: Chinese, English.
    middles: [Vec<f32>; 2],
    /// Each similar question with its article.
    questions: Vec<(u32, Vec<f32>)>,
    /// Each article as a whole.
    articles: Vec<Vec<f32>>,
}

impl Nearness {
    /// None unless every similar question has a vector, all of one size.
    pub(super) fn new<'a>(
        docs: &[Doc],
        asked: impl Iterator<Item = Option<&'a Arc<[f32]>>>,
        articles: usize,
    ) -> Option<Self> {
        let of_questions = docs.iter().filter(|doc| doc.question.is_some()).zip(asked);
        let vectors: Vec<(u32, Language, &[f32])> = of_questions
            .map(|(doc, vector)| Some((doc.article, doc.language, vector?.as_ref())))
            .collect::<Option<_>>()?;
        let size = vectors.first()?.2.len();
        if vectors.iter().any(|(_, _, vector)| vector.len() != size) {
            return None;
        }
        let middle = |of: Option<Language>| {
            let mut sum = vec![0.0_f32; size];
            let some = vectors.iter().filter(|(_, language, _)| of.is_none_or(|of| of == *language));
            let count = some.map(|(_, _, vector)| add(&mut sum, vector, 1.0)).count();
            let share = 1.0 / float(super::index::count(count.max(1)));
            for number in &mut sum {
                *number *= share;
            }
            (count > 0).then_some(sum)
        };
        let any = middle(None)?;
        let of = |language| middle(Some(language)).unwrap_or_else(|| any.clone());
        let mut nearness = Self {
            middles: [of(Language::Zh), of(Language::En)],
            questions: Vec::new(),
            articles: Vec::new(),
        };
        nearness.questions = vectors
            .iter()
            .map(|(article, language, vector)| (*article, nearness.apart(vector, *language)))
            .collect();
        nearness.articles = vec![vec![0.0; size]; articles];
        for (article, vector) in &nearness.questions {
            if let Some(whole) = place(*article).and_then(|article| nearness.articles.get_mut(article)) {
                add(whole, vector, 1.0);
            }
        }
        nearness.articles.iter_mut().for_each(|whole| lengthen(whole));
        if nearness.questions.len().saturating_mul(articles) <= LESSONS_MAX {
            nearness.learn();
        }
        Some(nearness)
    }

    /// A vector without what all of its language have in common, of length one.
    fn apart(&self, vector: &[f32], language: Language) -> Vec<f32> {
        let [zh, en] = &self.middles;
        let middle = match language {
            Language::Zh => zh,
            Language::En => en,
        };
        let mut apart: Vec<f32> = vector.iter().zip(middle).map(|(number, middle)| number - middle).collect();
        lengthen(&mut apart);
        apart
    }

    /// Moves the articles until each question is nearer to its own than to the others, as [`super::Index`] does with words.
    fn learn(&mut self) {
        let mut scores = vec![0.0_f32; self.articles.len()];
        for round in 0..ROUNDS {
            let step = STEP / (1.0 + float(round));
            for (article, vector) in &self.questions {
                for (score, whole) in scores.iter_mut().zip(&self.articles) {
                    *score = dot(whole, vector);
                }
                let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f32 = scores.iter().map(|score| (SHARP * (score - most)).exp()).sum();
                for ((number, score), whole) in (0_u32..).zip(&scores).zip(&mut self.articles) {
                    let seems = (SHARP * (score - most)).exp() / sum.max(f32::MIN_POSITIVE);
                    let by = step * (f32::from(u8::from(number == *article)) - seems);
                    if by.abs() > 1e-4 {
                        add(whole, vector, by);
                    }
                }
            }
        }
    }

    /// How near a question is to each article.
    pub(super) fn of(&self, question: &[f32], language: Language) -> Vec<Near> {
        let question = self.apart(question, language);
        let mut near: Vec<Near> = self
            .articles
            .iter()
            .map(|whole| Near { best: -1.0, whole: dot(whole, &question), lead: 0.0 })
            .collect();
        for (article, vector) in &self.questions {
            if let Some(near) = place(*article).and_then(|article| near.get_mut(article)) {
                near.best = near.best.max(dot(vector, &question));
            }
        }
        let both = |near: &Near| near.best + near.whole;
        let mut first = (usize::MAX, f32::NEG_INFINITY);
        let mut second = f32::NEG_INFINITY;
        for (place, both) in near.iter().map(both).enumerate() {
            if both > first.1 {
                second = first.1;
                first = (place, both);
            } else {
                second = second.max(both);
            }
        }
        for (place, near) in near.iter_mut().enumerate() {
            let other = if place == first.0 { second } else { first.1 };
            near.lead = both(near) - if other.is_finite() { other } else { 0.0 };
        }
        near
    }
}

fn add(sum: &mut [f32], vector: &[f32], times: f32) {
    sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += times * number);
}

/// Eight sums side by side, so that the processor can take several numbers at a time.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let ((one, one_rest), (other, other_rest)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let mut sums = [0.0_f32; 8];
    for (one, other) in one.iter().zip(other) {
        for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
            *sum += one * other;
        }
    }
    let rest: f32 = one_rest.iter().zip(other_rest).map(|(one, other)| one * other).sum();
    sums.iter().sum::<f32>() + rest
}

fn lengthen(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        for number in vector {
            *number /= length;
        }
    }
}
