//! A question and its candidates.

use yinuo_commitment::Language;

use super::{
    Confidence, Priors, Thresholds, asks_for_a_person,
    index::{Fit, Index, place},
    near::Near,
};
use crate::normal::language_of;

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
    /// How near it is by meaning, if there are vectors.
    pub near: Option<Near>,
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
    /// The vector of the question, by the model that made those of the index; without it words alone decide.
    pub vector: Option<&'a [f32]>,
    /// Candidates at most.
    pub most: usize,
}

impl Default for Asking<'_> {
    fn default() -> Self {
        Self {
            confidence: Confidence::shipped(),
            thresholds: Thresholds::shipped(),
            priors: None,
            vector: None,
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
        let near =
            self.nearness.as_ref().zip(asking.vector).map(|(known, vector)| known.of(vector, language));
        let near_of = |article: u32| place(article).and_then(|at| near.as_ref()?.get(at)).copied();
        let mut standings = self.standings(&fit, near_of, asking.priors);
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
        let mut candidates = Vec::with_capacity(asking.most.min(standings.len()));
        for (rank, standing) in standings.iter().enumerate().take(asking.most) {
            let rival = standings.get(usize::from(rank == 0)).map_or(0.0, |rival| rival.score);
            let own = place(standing.doc).and_then(|doc| self.docs.get(doc)).map_or(1.0, |doc| doc.own);
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
                near: near_of(standing.article),
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
    fn standings(
        &self,
        fit: &Fit,
        near: impl Fn(u32) -> Option<Near>,
        priors: Option<&Priors>,
    ) -> Vec<Standing> {
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
            let words = standing.fit + recipe.second * standing.second + recipe.whole * standing.whole;
            let meaning = near(standing.article).map_or(0.0, |near| near.best + near.whole);
            let score = words + recipe.near * meaning;
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
