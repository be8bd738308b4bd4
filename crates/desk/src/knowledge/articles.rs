//! Writing articles: drafted, approved, withdrawn; and what a solved ticket is worth to the next customer.

use yinuo_core::{
    access::Operation,
    id::{ArticleId, TicketId},
    knowledge::{Article, ArticleStanding, ArticleText, Piece},
    organisation::{Organisation, OrganisationEvent},
    roster::Actor,
    ticket::Event,
    words::Words,
};
use yinuo_language::personal::Known;

use super::{recent::Tally, texts};
use crate::{
    case::Case,
    desk::Desk,
    error::DeskError,
    veil::{ever_known, masked},
};

/// A version that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleDraft {
    /// The article, new or known.
    pub article: ArticleId,
    /// The newest version that the author has seen; none for a new article.
    pub based_on: Option<u32>,
    /// What it says.
    pub text: ArticleText,
    /// The ticket that it was made from.
    pub source: Option<TicketId>,
}

/// An article with where it stands, and what people said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleView {
    /// The article.
    pub article: Article,
    /// Where it stands today.
    pub standing: ArticleStanding,
    /// What came of it lately.
    pub tally: Tally,
}

/// What a solved ticket would be as an article; nothing of it is kept before somebody drafts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// A name that no article has yet.
    pub article: ArticleId,
    /// What it would say, without the customer's personal data.
    pub text: ArticleText,
    /// The ticket.
    pub source: TicketId,
}

impl Desk {
    /// Every article, by name.
    pub async fn articles(&self, actor: Actor) -> Result<Vec<ArticleView>, DeskError> {
        Self::allow(actor, Operation::ReadArticles)?;
        self.look_back().await?;
        let (house, today, recent) = (self.house(), self.today(), self.recent());
        let view = |article: &Article| ArticleView {
            standing: article.standing(today),
            tally: recent.tally(&article.id),
            article: article.clone(),
        };
        Ok(house.organisation.articles.values().map(view).collect())
    }

    /// One article.
    pub async fn article(&self, id: &ArticleId, actor: Actor) -> Result<ArticleView, DeskError> {
        let mut articles = self.articles(actor).await?.into_iter();
        articles.find(|view| view.article.id == *id).ok_or(DeskError::NotFound { what: "article" })
    }

    /// Keeps a new version. Nobody is answered with it before it is approved. Gives its number.
    pub async fn draft_article(&self, draft: ArticleDraft, actor: Actor) -> Result<u32, DeskError> {
        Self::allow(actor, Operation::DraftArticles)?;
        texts::nobodys("id", draft.article.as_str())?;
        let text = texts::checked(draft.text)?;
        if let Some(source) = draft.source {
            self.load_case(source).await?;
        }
        self.organise(actor, |organisation| {
            let newest = newest(organisation, &draft.article);
            if newest != draft.based_on {
                return Err(texts::overtaken(&draft.article, newest));
            }
            if let Some(owner) = &text.owner
                && !organisation.roster.teams.contains_key(owner)
            {
                return Err(texts::unknown_owner(owner));
            }
            let version = newest.map_or(1, |newest| newest.saturating_add(1));
            let drafted = OrganisationEvent::ArticleDrafted {
                article: draft.article.clone(),
                version,
                text: text.clone(),
                source: draft.source,
            };
            Ok((vec![drafted], version))
        })
        .await
    }

    /// Approves a version: customers are answered with it from then on, on the days on which it holds.
    pub async fn approve_article(
        &self,
        article: &ArticleId,
        version: u32,
        actor: Actor,
    ) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ApproveArticles)?;
        self.organise(actor, |organisation| {
            let known = organisation.articles.get(article).ok_or(DeskError::NotFound { what: "article" })?;
            known.version(version).ok_or(DeskError::NotFound { what: "article" })?;
            if known.current == Some(version) {
                return Err(DeskError::Refused(yinuo_core::ticket::Refusal::NothingChanges));
            }
            Ok((vec![OrganisationEvent::ArticleApproved { article: article.clone(), version }], ()))
        })
        .await
    }

    /// Takes an article back: nobody is answered with it any more.
    pub async fn withdraw_article(&self, article: &ArticleId, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ApproveArticles)?;
        self.organise(actor, |organisation| {
            let known = organisation.articles.get(article).ok_or(DeskError::NotFound { what: "article" })?;
            if known.withdrawn.is_some() {
                return Err(DeskError::Refused(yinuo_core::ticket::Refusal::NothingChanges));
            }
            Ok((vec![OrganisationEvent::ArticleWithdrawn { article: article.clone() }], ()))
        })
        .await
    }

    /// What a ticket would be as an article: its subject as the question, the last answer of a person as the answer.
    pub async fn article_from(&self, ticket: TicketId, actor: Actor) -> Result<Proposal, DeskError> {
        Self::allow(actor, Operation::DraftArticles)?;
        Self::allow(actor, Operation::ReadTickets)?;
        let case = self.load_case(ticket).await?;
        let answer = last_answer(&case).ok_or_else(texts::no_answer_yet)?;
        let known = ever_known(&case.entries);
        let question = without(&case.ticket.subject, &known);
        let asked = without(&case.ticket.body, &known);
        let questions = if asked == question || asked.chars().count() > texts::QUESTION_MAX_CHARS {
            Vec::new()
        } else {
            vec![asked]
        };
        let piece = Piece { title: question, body: answer, questions };
        let (zh, en) = match case.ticket.language {
            yinuo_commitment::Language::Zh => (Some(piece), None),
            yinuo_commitment::Language::En => (None, Some(piece)),
        };
        let facets = case.ticket.facets();
        let text = ArticleText {
            owner: case.ticket.assignment.as_ref().map(|owned| owned.team.clone()),
            topic: facets.topic,
            zh,
            en,
            ..ArticleText::default()
        };
        let article = free_name(&case.ticket.number, &self.organisation())?;
        Ok(Proposal { article, text, source: ticket })
    }
}

fn newest(organisation: &Organisation, article: &ArticleId) -> Option<u32> {
    organisation.articles.get(article).and_then(Article::newest).map(|version| version.version)
}

/// The last thing that a person of the company wrote to the customer as an answer.
fn last_answer(case: &Case) -> Option<String> {
    let answers = case.entries.iter().rev().flat_map(|entry| entry.events.iter().rev());
    let words = answers.filter_map(|event| match event {
        Event::Replied { body, automatic: false, .. }
        | Event::Solved { body, .. }
        | Event::SolutionProposed { body, .. } => Some(body),
        _ => None,
    });
    let known = ever_known(&case.entries);
    words.map(|words| without(words, &known)).find(|words| !words.is_empty())
}

/// Words without personal data; nothing if they were erased.
pub(super) fn without(words: &Words, known: &[Known<'_>]) -> String {
    words.text().map(|text| masked(text.trim(), known)).unwrap_or_default()
}

/// A name made of the ticket's number.
fn free_name(number: &str, organisation: &Organisation) -> Result<ArticleId, DeskError> {
    let base = number.to_ascii_lowercase();
    let names = std::iter::once(base.clone()).chain((2..1_000_u32).map(|n| format!("{base}-{n}")));
    names
        .filter_map(|name| ArticleId::new(&name).ok())
        .find(|id| !organisation.articles.contains_key(id))
        .ok_or(DeskError::NotFound { what: "article" })
}
