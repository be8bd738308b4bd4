//! Articles among what is searched. They are few, short and of the house's own words: they are read as they are, by the
//! same scan that decides about the texts of tickets.

use yinuo_commitment::Language;
use yinuo_core::{
    access::Operation,
    id::ArticleId,
    knowledge::{Article, ArticleStanding, ArticleVersion, Piece},
    roster::Actor,
};
use yinuo_language::{
    search::{Filter, Query},
    tokens::BORDER,
};

use super::{SNIPPET_CHARS, SNIPPETS_MAX, ShownSnippet, cut};
use crate::desk::Desk;

/// Articles that are shown at most.
const ARTICLES_MAX: usize = 5;

/// An article in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleHit {
    /// The article.
    pub article: ArticleId,
    /// The version that was read: the approved one, or the newest while none is.
    pub version: u32,
    /// Where the article stands today.
    pub standing: ArticleStanding,
    /// In which language something was found.
    pub language: Language,
    /// Its question.
    pub title: String,
    /// Where the hits are in its answer.
    pub snippets: Vec<ShownSnippet>,
}

impl Desk {
    /// Articles with these words, those that answer today first. A query that chooses tickets finds none.
    pub(super) fn articles_found(&self, query: &Query, actor: Actor) -> Vec<ArticleHit> {
        let asks = query.terms().iter().any(|term| !term.excluded) && query.filter == Filter::default();
        if !asks || Self::allow(actor, Operation::ReadArticles).is_err() {
            return Vec::new();
        }
        let (house, today) = (self.house(), self.today());
        let articles = house.organisation.articles.values();
        let mut found: Vec<ArticleHit> =
            articles.filter_map(|article| hit(query, article, article.standing(today))).collect();
        found.sort_by_key(|hit| (hit.standing != ArticleStanding::InForce, hit.article.clone()));
        found.truncate(ARTICLES_MAX);
        found
    }
}

fn hit(query: &Query, article: &Article, standing: ArticleStanding) -> Option<ArticleHit> {
    let version: &ArticleVersion = article.approved().or_else(|| article.newest())?;
    let pieces = [Language::Zh, Language::En].into_iter();
    let mut found = pieces.filter_map(|language| Some((language, version.text.piece(language)?)));
    let (language, piece) = found.find(|(_, piece)| query.matches(&whole(piece)))?;
    let snippets = query.snippets(&piece.body, SNIPPET_CHARS, SNIPPETS_MAX).into_iter();
    Some(ArticleHit {
        article: article.id.clone(),
        version: version.version,
        standing,
        language,
        title: piece.title.clone(),
        snippets: snippets.filter_map(|snippet| cut(&piece.body, &snippet.span, &snippet.hits)).collect(),
    })
}

/// Title, answer and questions; no phrase reaches from one into the next.
fn whole(piece: &Piece) -> String {
    let mut whole = format!("{}{BORDER}{}", piece.title, piece.body);
    for question in &piece.questions {
        whole.push(BORDER);
        whole.push_str(question);
    }
    whole
}
