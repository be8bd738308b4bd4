//! The knowledge base for the company's people.

use yinuo_core::{
    knowledge::{ArticleText, Piece},
    roster::Roster,
};
use yinuo_desk::{
    ArticleView, Band, KnowledgeStanding, MeaningStanding, Proposal, Suggestions, Tally, UnansweredGroup,
};

use super::actor;
use crate::dto::{
    Instant,
    article::{
        ArticleDetail, ArticleLine, ArticleProposal, ArticleTally, ArticleVersionDetail, BandWord,
        KnowledgeDetail, MeaningWord, NumberedTicket, Suggestion, SuggestionList, UnansweredDetail,
    },
};

/// An article in the list. One without a version, which no ledger of this program holds, is left out.
pub(crate) fn article_line(view: &ArticleView) -> Option<ArticleLine> {
    let newest = view.article.newest()?;
    let text: &ArticleText = &newest.text;
    let questions = |piece: &Option<Piece>| piece.as_ref().map_or(0, |piece| piece.questions.len());
    let questions = questions(&text.zh).saturating_add(questions(&text.en));
    Some(ArticleLine {
        id: (&view.article.id).into(),
        standing: view.standing.into(),
        version: newest.version,
        approved_version: view.article.current,
        title_zh: text.zh.as_ref().map(|piece| piece.title.clone()),
        title_en: text.en.as_ref().map(|piece| piece.title.clone()),
        questions: u32::try_from(questions).unwrap_or(u32::MAX),
        owner: text.owner.as_ref().map(Into::into),
        topic: text.topic.clone(),
        drafted_at: newest.drafted_at.into(),
        tally: tally(&view.tally),
    })
}

/// An article with its versions.
pub(crate) fn article_detail(view: &ArticleView, roster: &Roster) -> Option<ArticleDetail> {
    let versions = view.article.versions.iter().rev().map(|version| ArticleVersionDetail {
        version: version.version,
        text: (&*version.text).into(),
        drafted_at: version.drafted_at.into(),
        drafted_by: actor(version.drafted_by, roster),
        source: version.source.map(Into::into),
        approved_at: version.approved.map(|(at, _)| Instant(at)),
        approved_by: version.approved.map(|(_, by)| actor(by, roster)),
    });
    Some(ArticleDetail { line: article_line(view)?, versions: versions.collect() })
}

fn tally(tally: &Tally) -> ArticleTally {
    ArticleTally {
        automatic: tally.automatic,
        used: tally.used,
        edited: tally.edited,
        helpful: tally.helpful,
        not_helpful: tally.not_helpful,
    }
}

/// What the knowledge base can do.
pub(crate) fn knowledge_detail(standing: &KnowledgeStanding) -> KnowledgeDetail {
    KnowledgeDetail {
        articles: u32::try_from(standing.articles).unwrap_or(u32::MAX),
        examined: standing.examined,
        answers_from: standing.answers_from,
        suggests_from: standing.suggests_from,
        meaning: match standing.meaning {
            MeaningStanding::Off => MeaningWord::Off,
            MeaningStanding::Broken => MeaningWord::Broken,
            MeaningStanding::Learning { .. } => MeaningWord::Learning,
            MeaningStanding::Ready => MeaningWord::Ready,
        },
        meaning_percent: match standing.meaning {
            MeaningStanding::Learning { known, all } => {
                u32::try_from(known.saturating_mul(100) / all.max(1)).ok()
            }
            _ => None,
        },
    }
}

/// What may answer.
pub(crate) fn suggestion_list(suggestions: &Suggestions) -> SuggestionList {
    SuggestionList {
        band: match suggestions.band {
            Band::Answer => BandWord::Answer,
            Band::Suggest => BandWord::Suggest,
            Band::HandOver => BandWord::HandOver,
        },
        suggestions: suggestions
            .found
            .iter()
            .map(|found| Suggestion {
                id: (&found.article).into(),
                version: found.version,
                language: found.language.into(),
                title: found.piece.title.clone(),
                body: found.piece.body.clone(),
                probability: found.probability,
            })
            .collect(),
    }
}

/// What a ticket would be as an article.
pub(crate) fn article_proposal(proposal: &Proposal) -> ArticleProposal {
    ArticleProposal {
        id: (&proposal.article).into(),
        text: (&proposal.text).into(),
        source: proposal.source.into(),
    }
}

/// Questions without an answer.
pub(crate) fn unanswered_detail(group: &UnansweredGroup) -> UnansweredDetail {
    UnansweredDetail {
        label: group.label.clone(),
        size: group.size,
        first_asked: group.first_asked.into(),
        last_asked: group.last_asked.into(),
        samples: group.samples.clone(),
        tickets: group
            .tickets
            .iter()
            .map(|(id, number)| NumberedTicket { id: (*id).into(), number: number.clone() })
            .collect(),
    }
}
