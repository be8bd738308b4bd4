//! What a search found.

use yinuo_commitment::Word;
use yinuo_core::organisation::Organisation;
use yinuo_desk::{ArticleHit, FacetCounts, SearchHit, SearchPage, ShownPart, ShownSnippet};

use super::{Titles, ticket_line};
use crate::dto::{
    list::OpenOrClosed,
    search::{
        self, FoundArticle, HitsOfChannel, HitsOfKind, HitsOfState, HitsOfTeam, HitsSince, SearchAnswer,
        SearchFacets, SearchPart, SearchPiece, SearchSnippet,
    },
};

/// A page of hits.
pub(crate) fn search_answer(page: &SearchPage, organisation: &Organisation, titles: &Titles) -> SearchAnswer {
    let hit = |hit: &SearchHit| search::SearchHit {
        ticket: ticket_line(&hit.row, &organisation.roster, titles),
        parts: hit.parts.iter().map(part).collect(),
    };
    let article = |hit: &ArticleHit| FoundArticle {
        id: (&hit.article).into(),
        version: hit.version,
        standing: hit.standing.into(),
        language: hit.language.into(),
        title: hit.title.clone(),
        snippets: hit.snippets.iter().map(snippet).collect(),
    };
    SearchAnswer {
        articles: page.articles.iter().map(article).collect(),
        hits: page.hits.iter().map(hit).collect(),
        next: page.next.map(|next| next.to_string()),
        total: page.total,
        counted: page.counted,
        facets: facets(&page.facets, organisation),
        behind: page.behind,
    }
}

fn facets(counts: &FacetCounts, organisation: &Organisation) -> SearchFacets {
    let teams = counts.teams.iter().filter_map(|(id, tickets)| {
        let team = organisation.roster.teams.get(id)?;
        Some(HitsOfTeam { team: id.into(), name: (&team.name).into(), tickets: *tickets })
    });
    let kinds =
        counts.kinds.iter().map(|(kind, tickets)| HitsOfKind { kind: (*kind).into(), tickets: *tickets });
    let channels = counts
        .channels
        .iter()
        .map(|(channel, tickets)| HitsOfChannel { channel: (*channel).into(), tickets: *tickets });
    let states = counts.states.iter().map(|(state, tickets)| {
        let state = if state.spelling() == "open" { OpenOrClosed::Open } else { OpenOrClosed::Closed };
        HitsOfState { state, tickets: *tickets }
    });
    let since =
        counts.since.iter().map(|(from, tickets)| HitsSince { from: from.to_string(), tickets: *tickets });
    SearchFacets {
        kinds: kinds.collect(),
        channels: channels.collect(),
        teams: teams.collect(),
        states: states.collect(),
        since: since.collect(),
    }
}

fn part(part: &ShownPart) -> SearchPart {
    SearchPart {
        part: part.kind.into(),
        seq: part.seq,
        at: part.at.into(),
        snippets: part.snippets.iter().map(snippet).collect(),
    }
}

/// A snippet cut into what is a hit and what is not.
fn snippet(snippet: &ShownSnippet) -> SearchSnippet {
    let mut pieces = Vec::new();
    let mut push = |range: std::ops::Range<usize>, hit| {
        if let Some(text) = snippet.text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(SearchPiece { text: text.to_owned(), hit });
        }
    };
    let mut done = 0;
    for hit in &snippet.hits {
        push(done..hit.start, false);
        push(hit.clone(), true);
        done = hit.end;
    }
    push(done..snippet.text.len(), false);
    SearchSnippet { pieces, cut_before: snippet.cut_before, cut_after: snippet.cut_after }
}
