//! A question and its candidates.

use yinuo_commitment::Language;

use super::{
    Confidence, Priors, Thresholds, asks_for_a_person,
    index::{Fit, Index, count, float, place},
};
use crate::normal::language_of;

/// Reciprocal rank fusion: how little the first places are told apart.
const FUSION: f32 = 60.0;

/// By what it is decided how sure a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Features {
    /// BM25 of the best similar question, by the best possible of the question.
    pub fit: f32,
    /// The same in both directions: also by the best possible of the similar question.
    pub alike: f32,
    /// Cosine of the question and all similar questions of the article together.
    pub whole: f32,
    /// Its score less that of the best other article.
    pub margin: f32,
    /// Whether the best similar question and the best article as a whole are of the same article: this one.
    pub agree: bool,
    /// Share of the question, by rarity, that stands in the questions of the article.
    pub covered: f32,
    /// Share of the question, by rarity, that stands nowhere in the knowledge base.
    pub unknown: f32,
    /// Logarithm of the number of terms of the question.
    pub length: f32,
    /// Cosine of embeddings above the average of all articles, if there are embeddings.
    pub vector: Option<f32>,
}

/// An article that may answer a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub article: String,
    /// Its version.
    pub version: u32,
    /// Its place in the index, in the order in which the index was given the articles.
    pub place: usize,
    /// In which language it was found.
    pub language: Language,
    /// Which of the similar questions of that language fits best: 0 is the title; none if it is the body.
    pub question: Option<u32>,
    /// By what it is ranked.
    pub score: f32,
    /// By what its probability was reckoned.
    pub features: Features,
    /// How probably it answers the question.
    pub probability: f32,
}

/// What to do with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// The first candidate may be sent, marked as automatic and with a way to a person.
    Answer,
    /// A person answers, with the candidates at hand.
    Suggest,
    /// A person answers; the knowledge base has nothing.
    HandOver,
}

/// What a question is asked with.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// How probabilities are reckoned.
    pub confidence: &'a Confidence,
    /// From which probability on what happens.
    pub thresholds: Thresholds,
    /// What people said about earlier answers.
    pub priors: Option<&'a Priors>,
    /// Cosine of the embeddings of the question and of each article, in the order of the index.
    pub vectors: Option<&'a [f32]>,
    /// Candidates at most.
    pub most: usize,
}

impl Default for Asking<'_> {
    fn default() -> Self {
        Self {
            confidence: Confidence::shipped(),
            thresholds: Thresholds::shipped(),
            priors: None,
            vectors: None,
            most: 5,
        }
    }
}

/// The answer to "who knows this?".
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// What to do.
    pub band: Band,
    /// Language of the question.
    pub language: Language,
    /// The best first.
    pub candidates: Vec<Candidate>,
}

impl Index {
    /// Who knows the answer to a question. An empty question, or one without a word that the knowledge base knows, has no
    /// candidates and is handed over, as is whoever asks for a person. Only the beginning of a long question is looked at.
    pub fn ask(&self, question: &str, asking: &Asking<'_>) -> Reply {
        let language = language_of(question);
        let candidates = self.candidates(question, language, asking);
        let sure = candidates.first().map_or(0.0, |best| best.probability);
        let band = if asks_for_a_person(question) {
            Band::HandOver
        } else if sure >= asking.thresholds.answer {
            Band::Answer
        } else if sure >= asking.thresholds.suggest {
            Band::Suggest
        } else {
            Band::HandOver
        };
        Reply { band, language, candidates }
    }

    pub(super) fn candidates(
        &self,
        question: &str,
        language: Language,
        asking: &Asking<'_>,
    ) -> Vec<Candidate> {
        let fit = self.fit(question, language);
        let mut standings = self.standings(&fit, asking.priors);
        if let Some(vectors) = asking.vectors {
            fuse(&mut standings, vectors);
        }
        standings.retain(|standing| standing.score > 0.0);
        standings
            .sort_by(|one, other| other.score.total_cmp(&one.score).then(one.article.cmp(&other.article)));
        let best_whole = fit
            .articles
            .iter()
            .zip(0_u32..)
            .max_by(|(one, first), (other, second)| one.total_cmp(other).then(second.cmp(first)))
            .map(|(_, article)| article);
        let best_fit = standings
            .iter()
            .max_by(|one, other| one.fit.total_cmp(&other.fit).then(other.article.cmp(&one.article)))
            .map(|standing| standing.article);
        let average = asking.vectors.map(average);
        let mut candidates = Vec::with_capacity(asking.most.min(standings.len()));
        for (rank, standing) in standings.iter().enumerate().take(asking.most) {
            let rival = standings.get(usize::from(rank == 0)).map_or(0.0, |rival| rival.score);
            let own = place(standing.doc).and_then(|doc| self.docs.get(doc)).map_or(1.0, |doc| doc.own);
            let vector = asking.vectors.and_then(|vectors| vectors.get(place(standing.article)?));
            let features = Features {
                fit: standing.fit,
                alike: standing.fit * (fit.possible / own.max(f32::MIN_POSITIVE)).sqrt().min(4.0),
                whole: standing.whole,
                margin: standing.score - rival,
                agree: best_whole == Some(standing.article) && best_fit == Some(standing.article),
                covered: place(standing.article)
                    .and_then(|at| fit.covered.get(at))
                    .copied()
                    .unwrap_or_default(),
                unknown: fit.unknown,
                length: fit.length,
                vector: vector.zip(average).map(|(cosine, average)| cosine - average),
            };
            candidates.extend(self.candidate(standing, features, asking.confidence));
        }
        candidates
    }

    fn candidate(
        &self,
        standing: &Standing,
        features: Features,
        confidence: &Confidence,
    ) -> Option<Candidate> {
        let article = place(standing.article)?;
        let known = self.articles.get(article)?;
        let doc = self.docs.get(place(standing.doc)?)?;
        Some(Candidate {
            article: known.id.clone(),
            version: known.version,
            place: article,
            language: doc.language,
            question: doc.question,
            score: standing.score,
            features,
            probability: confidence.probability(&features),
        })
    }

    /// Every article with its best text.
    fn standings(&self, fit: &Fit, priors: Option<&Priors>) -> Vec<Standing> {
        let recipe = self.recipe;
        let mut standings: Vec<Standing> = (0_u32..)
            .zip(&fit.articles)
            .map(|(article, whole)| Standing {
                article,
                doc: 0,
                fit: 0.0,
                second: 0.0,
                whole: *whole,
                score: 0.0,
            })
            .collect();
        for ((number, score), doc) in (0_u32..).zip(&fit.docs).zip(&self.docs) {
            let score = if doc.question.is_some() { *score } else { *score * recipe.body };
            let Some(standing) = place(doc.article).and_then(|place| standings.get_mut(place)) else {
                continue;
            };
            if score > standing.fit {
                standing.second = standing.fit;
                (standing.fit, standing.doc) = (score, number);
            } else if score > standing.second {
                standing.second = score;
            }
        }
        for (standing, known) in standings.iter_mut().zip(&self.articles) {
            let score = standing.fit + recipe.second * standing.second + recipe.whole * standing.whole;
            let prior = priors.map_or(1.0, |priors| priors.factor(&known.id));
            standing.score = score * prior;
        }
        standings
    }
}

/// An article while it is ranked.
#[derive(Debug)]
struct Standing {
    article: u32,
    /// Its best text.
    doc: u32,
    fit: f32,
    second: f32,
    whole: f32,
    score: f32,
}

/// Merges two rankings by places: scores of embeddings mean nothing beside scores of words.
fn fuse(standings: &mut [Standing], vectors: &[f32]) {
    let cosine =
        |article: u32| place(article).and_then(|article| vectors.get(article)).copied().unwrap_or(-1.0);
    let ranks = |order: &mut Vec<(usize, f32)>| {
        order.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let mut ranks = vec![0.0_f32; order.len()];
        for (rank, (standing, _)) in (0_u32..).zip(order.iter()) {
            if let Some(slot) = ranks.get_mut(*standing) {
                *slot = 1.0 / (FUSION + 1.0 + float(rank));
            }
        }
        ranks
    };
    let by_words = ranks(&mut standings.iter().map(|standing| standing.score).enumerate().collect());
    let by_vectors =
        ranks(&mut standings.iter().map(|standing| cosine(standing.article)).enumerate().collect());
    for ((standing, words), vector) in standings.iter_mut().zip(by_words).zip(by_vectors) {
        // First in both is one, so that scores stay of the same size.
        standing.score = (words + vector) * (FUSION + 1.0) / 2.0;
    }
}

fn average(numbers: &[f32]) -> f32 {
    numbers.iter().sum::<f32>() / float(count(numbers.len()).max(1))
}
