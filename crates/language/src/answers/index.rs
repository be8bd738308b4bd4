//! The knowledge base made searchable: which similar question fits best, and which article as a whole.

use std::collections::{BTreeMap, HashMap};

use yinuo_commitment::Language;

use super::{
    Article, Piece,
    head::Lesson,
    near::{Nearness, Vectors},
    terms::terms,
};

/// How strongly each part of the ranking counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// BM25: how soon a repeated term stops counting.
    pub k1: f32,
    /// BM25: how much a long question is held against it.
    pub b: f32,
    /// The second best similar question of an article, beside the best.
    pub second: f32,
    /// The article as a whole, beside its best similar question.
    pub whole: f32,
    /// The body of the article, as if it were a similar question.
    pub body: f32,
    /// Rarity among articles, against rarity among texts.
    pub spread: f32,
    /// Nearness by meaning beside the words, where there are vectors.
    pub near: f32,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { k1: 0.8, b: 0.2, second: 0.3, whole: 1.0, body: 0.5, spread: 0.5, near: 2.0 }
    }
}

/// As if there were so many texts and articles at least: in the first article of a knowledge base every word is rare.
const DOCS_MIN: usize = 100;
const ARTICLES_MIN: usize = 10;

/// One similar question, or the body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doc {
    pub(super) article: u32,
    pub(super) language: Language,
    /// Place among [`super::Piece::asked`]; none for the body.
    pub(super) question: Option<u32>,
    /// The best score that any question could have with it: that of itself.
    pub(super) own: f32,
    /// Its length by the average of its language.
    length: f32,
}

/// What is kept of one term.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Texts that have it, with how much it counts there before its rarity.
    docs: Vec<(u32, f32)>,
    /// Articles whose questions have it.
    spread: u32,
    /// The last of them.
    last: Option<u32>,
    /// Articles whose questions have it, in order, with how much it speaks for them.
    pub(super) articles: Vec<(u32, f32)>,
}

/// An article as the index knows it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) version: u32,
}

/// A knowledge base that can be asked.
#[derive(Debug)]
pub struct Index {
    pub(super) articles: Vec<Known>,
    pub(super) docs: Vec<Doc>,
    terms: HashMap<u64, u32>,
    pub(super) entries: Vec<Entry>,
    /// Average length of the questions of each language: Chinese, English.
    averages: [f32; 2],
    pub(super) recipe: Recipe,
    /// The similar questions as vectors, if all of them have one.
    pub(super) nearness: Option<Nearness>,
}

/// How well each text and article fits a question.
pub(super) struct Fit {
    /// BM25 of each text, by the best possible of the question.
    pub(super) docs: Vec<f32>,
    /// How much the question speaks for each article as a whole: about 1 for one of its own questions.
    pub(super) articles: Vec<f32>,
    /// Share of the question, by rarity, that stands in the questions of each article.
    pub(super) covered: Vec<f32>,
    /// The best possible score of the question.
    pub(super) possible: f32,
    /// Share of the question, by rarity, that stands nowhere in the knowledge base.
    pub(super) unknown: f32,
    /// Logarithm of the number of its terms.
    pub(super) length: f32,
}

impl Index {
    /// An index over these articles. Which of them are in force is the caller's choice.
    pub fn new<'a>(articles: impl IntoIterator<Item = &'a Article>) -> Self {
        Self::with(articles, Recipe::default())
    }

    /// An index with a ranking of its own.
    pub fn with<'a>(articles: impl IntoIterator<Item = &'a Article>, recipe: Recipe) -> Self {
        Self::with_vectors(articles, recipe, None)
    }

    /// An index that ranks by meaning too, if `vectors` has all similar questions.
    pub fn with_vectors<'a>(
        articles: impl IntoIterator<Item = &'a Article>,
        recipe: Recipe,
        vectors: Option<&Vectors>,
    ) -> Self {
        let mut index = Self {
            articles: Vec::new(),
            docs: Vec::new(),
            terms: HashMap::new(),
            entries: Vec::new(),
            averages: [1.0; 2],
            recipe,
            nearness: None,
        };
        let mut texts: Vec<Vec<(u32, f32)>> = Vec::new();
        let mut asked = Vec::new();
        for article in articles {
            index.take(article, &mut texts);
            if let Some(vectors) = vectors {
                let pieces = article.zh.iter().chain(&article.en);
                asked.extend(pieces.flat_map(Piece::asked).map(|text| vectors.get(text)));
            }
        }
        if vectors.is_some() {
            index.nearness = Nearness::new(&index.docs, asked.into_iter(), index.articles.len());
        }
        index.measure(&texts);
        let lessons = index.weigh(&texts);
        index.learn(&lessons);
        index
    }

    /// Whether it ranks by meaning too, where a question has a vector.
    pub fn has_vectors(&self) -> bool {
        self.nearness.is_some()
    }

    /// How many articles it holds.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    fn take(&mut self, article: &Article, texts: &mut Vec<Vec<(u32, f32)>>) {
        let number = count(self.articles.len());
        for language in [Language::Zh, Language::En] {
            let Some(piece) = article.piece(language) else { continue };
            let asked = piece.asked().zip(0_u32..).map(|(text, place)| (text, Some(place)));
            for (text, question) in asked.chain([(piece.body.as_str(), None)]) {
                let numbered: Vec<(u32, f32)> =
                    terms(text).into_iter().map(|(term, weight)| (self.number(term), weight)).collect();
                texts.push(numbered);
                self.docs.push(Doc { article: number, language, question, own: 0.0, length: 1.0 });
            }
        }
        self.articles.push(Known { id: article.id.clone(), version: article.version });
    }

    fn number(&mut self, term: u64) -> u32 {
        let next = count(self.terms.len());
        *self.terms.entry(term).or_insert_with(|| {
            self.entries.push(Entry::default());
            next
        })
    }

    /// Lengths, and how much each term counts in each text.
    fn measure(&mut self, texts: &[Vec<(u32, f32)>]) {
        let length = |text: &Vec<(u32, f32)>| text.iter().map(|(_, weight)| weight).sum::<f32>();
        for (place, average) in self.averages.iter_mut().enumerate() {
            let (mut sum, mut questions) = (0.0_f32, 0_u32);
            for (doc, text) in self.docs.iter().zip(texts) {
                if doc.question.is_some() && side(doc.language) == place {
                    sum += length(text);
                    questions = questions.saturating_add(1);
                }
            }
            *average = if questions == 0 { 1.0 } else { (sum / float(questions)).max(1.0) };
        }
        let Recipe { k1, b, .. } = self.recipe;
        for (number, (doc, text)) in (0_u32..).zip(self.docs.iter_mut().zip(texts)) {
            let average = self.averages.get(side(doc.language)).copied().unwrap_or(1.0);
            // A body is long by nature.
            doc.length = if doc.question.is_some() { length(text) / average } else { 1.0 };
            for (term, weight) in text {
                if let Some(entry) = place(*term).and_then(|term| self.entries.get_mut(term)) {
                    entry.docs.push((number, saturated(*weight, k1, b, doc.length)));
                    if doc.question.is_some() && entry.last != Some(doc.article) {
                        entry.last = Some(doc.article);
                        entry.spread = entry.spread.saturating_add(1);
                    }
                }
            }
        }
    }

    /// The mean of each article's questions; gives the questions as lessons.
    fn weigh(&mut self, texts: &[Vec<(u32, f32)>]) -> Vec<Lesson> {
        let rarities: Vec<f32> =
            self.entries.iter().map(|entry| self.rarity(count(entry.docs.len()), entry.spread)).collect();
        let rarity = |term: u32| place(term).and_then(|term| rarities.get(term)).copied().unwrap_or_default();
        let Recipe { k1, b, .. } = self.recipe;
        let mut lessons = Vec::with_capacity(texts.len());
        for (doc, text) in self.docs.iter_mut().zip(texts) {
            let length = doc.length;
            doc.own =
                text.iter().map(|(term, weight)| rarity(*term) * saturated(*weight, k1, b, length)).sum();
            let mut terms: Vec<(u32, f32)> =
                text.iter().map(|(term, weight)| (*term, loud(*weight) * rarity(*term))).collect();
            if doc.question.is_some() && lengthen(&mut terms) {
                lessons.push(Lesson { article: doc.article, terms });
            }
        }
        let mut lesson = lessons.iter().peekable();
        // A tree and not a table: sums of floats must not depend on the order of hashes.
        let mut mean: BTreeMap<u32, f32> = BTreeMap::new();
        for article in 0..count(self.articles.len()) {
            mean.clear();
            while let Some(lesson) = lesson.next_if(|lesson| lesson.article == article) {
                lesson.terms.iter().for_each(|(term, part)| *mean.entry(*term).or_default() += part);
            }
            let mut terms: Vec<(u32, f32)> = mean.iter().map(|(term, part)| (*term, *part)).collect();
            lengthen(&mut terms);
            for (term, part) in terms {
                if let Some(entry) = place(term).and_then(|term| self.entries.get_mut(term)) {
                    entry.articles.push((article, part));
                }
            }
        }
        lessons
    }

    /// How much a term tells that stands in `docs` texts and the questions of `spread` articles.
    fn rarity(&self, docs: u32, spread: u32) -> f32 {
        let rare = |of: u32, all: usize| {
            let (of, all) = (float(of), float(count(all)));
            ((all - of).max(0.0) / (of + 0.5)).ln_1p()
        };
        let share = self.recipe.spread;
        let (docs_all, articles_all) = (self.docs.len().max(DOCS_MIN), self.articles.len().max(ARTICLES_MIN));
        rare(docs, docs_all).powf(1.0 - share) * rare(spread, articles_all).powf(share)
    }

    /// How well everything fits a question.
    pub(super) fn fit(&self, question: &str, language: Language) -> Fit {
        let Recipe { k1, b, .. } = self.recipe;
        let terms = terms(question);
        let average = self.averages.get(side(language)).copied().unwrap_or(1.0);
        let length = terms.iter().map(|(_, weight)| weight).sum::<f32>() / average;
        let mut fit = Fit {
            docs: vec![0.0; self.docs.len()],
            articles: vec![0.0; self.articles.len()],
            covered: vec![0.0; self.articles.len()],
            possible: 0.0,
            unknown: 0.0,
            length: float(count(terms.len())).ln_1p(),
        };
        let (mut norm, mut unknown) = (0.0_f32, 0.0_f32);
        for (term, weight) in &terms {
            let entry = self.terms.get(term).and_then(|term| self.entries.get(place(*term)?));
            let (docs, spread) = entry.map_or((0, 0), |entry| (count(entry.docs.len()), entry.spread));
            let rarity = self.rarity(docs, spread);
            let most = rarity * saturated(*weight, k1, b, length);
            fit.possible += most;
            if docs == 0 {
                unknown += most;
            }
            let loud = loud(*weight) * rarity;
            norm += loud * loud;
            let Some(entry) = entry else { continue };
            for (doc, counts) in &entry.docs {
                if let Some(score) = place(*doc).and_then(|doc| fit.docs.get_mut(doc)) {
                    *score += rarity * counts;
                }
            }
            for (article, part) in &entry.articles {
                if let Some(score) = place(*article).and_then(|article| fit.articles.get_mut(article)) {
                    *score += loud * part;
                }
                if let Some(covered) = place(*article).and_then(|article| fit.covered.get_mut(article)) {
                    *covered += most;
                }
            }
        }
        let norm = norm.sqrt().max(f32::MIN_POSITIVE);
        let possible = fit.possible.max(f32::MIN_POSITIVE);
        fit.unknown = unknown / possible;
        fit.docs.iter_mut().for_each(|score| *score /= possible);
        fit.covered.iter_mut().for_each(|covered| *covered /= possible);
        fit.articles.iter_mut().for_each(|score| *score /= norm);
        fit
    }
}

/// Brings a vector to length one; says whether it has a length.
fn lengthen(terms: &mut [(u32, f32)]) -> bool {
    let length = terms.iter().map(|(_, part)| part * part).sum::<f32>().sqrt();
    if length > 0.0 {
        for (_, part) in terms {
            *part /= length;
        }
    }
    length > 0.0
}

/// BM25: how much a term counts that stands `weight` times in a text of this length.
fn saturated(weight: f32, k1: f32, b: f32, length: f32) -> f32 {
    weight * (k1 + 1.0) / (weight + k1 * (1.0 - b + b * length))
}

/// How much a term counts in a vector.
fn loud(weight: f32) -> f32 {
    if weight > 1.0 { 1.0 + weight.ln() } else { weight }
}

fn side(language: Language) -> usize {
    match language {
        Language::Zh => 0,
        Language::En => 1,
    }
}

/// A number of things; beyond four thousand million nothing is told apart.
pub(super) fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

/// A place in a list.
pub(super) fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// A count as a number to reckon with; exact up to 16 million.
pub(super) fn float(count: u32) -> f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of texts and questions: a last digit does not matter"
    )]
    let float = count as f32;
    float
}
