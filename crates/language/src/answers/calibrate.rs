//! A knowledge base as its own examination.

use super::{Article, Asking, Confidence, Features, Index, Recipe, Targets, Thresholds, Vectors};

/// Similar questions that are asked at most: a large knowledge base is examined by a sample.
pub const OUTCOMES_MAX: usize = 4_000;

/// Into how many parts the questions and the articles are divided, each of which is left out once.
const PARTS: usize = 8;

/// Every which similar question is also asked without its article.
const UNKNOWN_EVERY: usize = 2;

/// Fewest votes that a refit takes.
pub const REFIT_MIN: usize = 200;

/// What came of one question: how sure the first candidate was, and whether it was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Of the first candidate.
    pub features: Features,
    /// Whether it answered the question.
    pub right: bool,
}

/// How sure is sure for a knowledge base.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The model.
    pub confidence: Confidence,
    /// The bands.
    pub thresholds: Thresholds,
    /// What both were made from.
    pub outcomes: Vec<Outcome>,
}

/// Calibrates a knowledge base by itself: an eighth of the similar questions is left out and asked, and the next eighth, until
/// all were; then an eighth of the articles is left out and their questions asked, which nothing answers then; and with them
/// the questions `elsewhere`, that no article is about. A good third of the questions of this examination have no answer, as
/// of what customers ask; most of them of the worst sort: a sister article is there. It takes as long as making the index sixteen times.
pub fn calibrate(
    articles: &[&Article],
    elsewhere: &[&str],
    recipe: Recipe,
    targets: &Targets,
) -> Calibration {
    calibrate_with(articles, elsewhere, recipe, targets, None)
}

/// The same, by meaning too: `vectors` holds all similar questions and those `elsewhere`.
pub fn calibrate_with(
    articles: &[&Article],
    elsewhere: &[&str],
    recipe: Recipe,
    targets: &Targets,
    vectors: Option<&Vectors>,
) -> Calibration {
    let all = articles.iter().flat_map(|article| questions(article)).count();
    let step = all.div_ceil(OUTCOMES_MAX).max(1);
    let mut outcomes = Vec::new();
    for part in 0..PARTS {
        let thinned: Vec<Article> = articles.iter().map(|article| without_part(article, part)).collect();
        let index = Index::with_vectors(&thinned, recipe, vectors);
        for article in articles {
            let asked = questions(article).filter(|(place, _)| place % PARTS == part).step_by(step);
            outcomes.extend(
                asked.filter_map(|(_, question)| outcome(&index, question, Some(&article.id), vectors)),
            );
        }
        let (left_out, left): (Vec<_>, Vec<_>) =
            articles.iter().enumerate().partition(|(place, _)| place % PARTS == part);
        let index = Index::with_vectors(left.into_iter().map(|(_, article)| *article), recipe, vectors);
        let unknown = left_out.into_iter().flat_map(|(_, article)| questions(article));
        let asked = unknown.step_by(UNKNOWN_EVERY.saturating_mul(step));
        outcomes.extend(asked.filter_map(|(_, question)| outcome(&index, question, None, vectors)));
    }
    let index = Index::with_vectors(articles.iter().copied(), recipe, vectors);
    outcomes.extend(elsewhere.iter().filter_map(|question| outcome(&index, question, None, vectors)));
    let confidence = Confidence::fit(&outcomes);
    let thresholds = Thresholds::choose(&outcomes, &confidence, targets);
    Calibration { confidence, thresholds, outcomes }
}

/// The similar questions of an article, each language numbered for itself.
fn questions(article: &Article) -> impl Iterator<Item = (usize, &str)> {
    article
        .zh
        .iter()
        .chain(&article.en)
        .flat_map(|piece| piece.questions.iter().map(String::as_str).enumerate())
}

/// An article without a part of its similar questions. The titles stay: without them an article could be without a
/// question.
fn without_part(article: &Article, part: usize) -> Article {
    let mut thinned = article.clone();
    for piece in thinned.zh.iter_mut().chain(&mut thinned.en) {
        let mut place = 0_usize;
        piece.questions.retain(|_| {
            place = place.saturating_add(1);
            place.saturating_sub(1) % PARTS != part
        });
    }
    thinned
}

/// What comes of a question; none if it has no candidate, which is then handed over whatever the model says.
fn outcome(index: &Index, question: &str, right: Option<&str>, vectors: Option<&Vectors>) -> Option<Outcome> {
    let vector = vectors.and_then(|vectors| vectors.get(question)).map(AsRef::as_ref);
    let reply = index.ask(question, &Asking { most: 1, vector, ..Asking::default() });
    let best = reply.candidates.first()?;
    Some(Outcome { features: best.features, right: right == Some(best.article.as_str()) })
}

/// A calibration that has learnt from what people said: the votes beside the examination, which keeps the questions
/// without an answer in. None before [`REFIT_MIN`] votes.
pub fn refit(before: &Calibration, votes: &[Outcome], targets: &Targets) -> Option<Calibration> {
    if votes.len() < REFIT_MIN {
        return None;
    }
    let mut outcomes = before.outcomes.clone();
    outcomes.extend_from_slice(votes);
    let confidence = Confidence::fit(&outcomes);
    let thresholds = Thresholds::choose(&outcomes, &confidence, targets);
    Some(Calibration { confidence, thresholds, outcomes })
}
