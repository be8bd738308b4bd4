//! Searching tickets: what somebody typed, read, looked up in the index, checked against the texts themselves, and shown;
//! and articles beside them.

mod articles;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use jiff::{Timestamp, ToSpan, civil::Date};
use yinuo_commitment::{Channel, Kind};
use yinuo_core::{
    access::Operation,
    id::{TeamId, TicketId},
    roster::{Actor, Roster},
    view::TicketRow,
    words::Words,
};
use yinuo_language::search::{Choice, Filter, Query, State};
use yinuo_ledger::{Admits, Audience, Found, SearchCursor, Tally, Traits, Wanted};

pub use self::articles::ArticleHit;
use crate::{
    desk::Desk,
    error::DeskError,
    looks::row_for,
    searchable::{self, Part, PartKind},
};

/// Characters of a snippet, about.
const SNIPPET_CHARS: usize = 80;

/// Snippets of one part of a ticket at most, and parts of one ticket that are shown at most.
const SNIPPETS_MAX: usize = 2;
const PARTS_MAX: usize = 4;

/// So many of the newest hits are counted. Whoever finds more than that narrows the words, not the numbers.
pub const COUNTED_MOST: u32 = 5_000;

/// The spans that hits are counted in, in days back from today: today itself, a week, a month, a year.
const SPAN_DAYS: [i32; 4] = [0, 6, 29, 364];

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// As typed.
    pub typed: String,
    /// Which texts.
    pub audience: Audience,
    /// After this hit; none for the first page.
    pub after: Option<SearchCursor>,
    /// At most so many hits.
    pub limit: u32,
}

/// A part of a text with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownSnippet {
    /// The text: a cut of the part.
    pub text: String,
    /// What was found, in bytes of `text`, in order.
    pub hits: Vec<Range<usize>>,
    /// Whether the part goes on before it.
    pub cut_before: bool,
    /// Whether the part goes on after it.
    pub cut_after: bool,
}

/// A part of a ticket in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPart {
    /// What it is.
    pub kind: PartKind,
    /// Which entry of the ticket it comes from, from 1.
    pub seq: u32,
    /// When that happened.
    pub at: Timestamp,
    /// Where the hits are.
    pub snippets: Vec<ShownSnippet>,
}

/// A ticket that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The ticket as lists show it; personal data in its subject are masked.
    pub row: TicketRow,
    /// Where the words stand; none if only facets were asked for.
    pub parts: Vec<ShownPart>,
}

/// How many tickets there are of each value, each facet counted as if nothing were chosen in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetCounts {
    /// By kind.
    pub kinds: BTreeMap<Kind, u64>,
    /// By channel.
    pub channels: BTreeMap<Channel, u64>,
    /// Open and closed.
    pub states: BTreeMap<State, u64>,
    /// By team; tickets without a team are left out.
    pub teams: BTreeMap<TeamId, u64>,
    /// Received on this day or later.
    pub since: Vec<(Date, u64)>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// Articles, with the first page only.
    pub articles: Vec<ArticleHit>,
    /// One page of hits, received last first.
    pub hits: Vec<SearchHit>,
    /// Where the next page begins.
    pub next: Option<SearchCursor>,
    /// How many there are among those that were counted.
    pub total: u64,
    /// If more were found than are counted: how many were counted, the newest ones.
    pub counted: Option<u64>,
    /// What they are, of those that were counted.
    pub facets: FacetCounts,
    /// Records that the index has not taken up yet: what they say is not found.
    pub behind: u64,
}

impl Desk {
    /// Searches tickets. Refused, with the place, if the query cannot be read.
    pub async fn search(&self, request: &SearchRequest, actor: Actor) -> Result<SearchPage, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        let query = Query::parse(&request.typed).map_err(DeskError::Query)?;
        let filter = Narrowed::of(&query.filter, &self.organisation().roster)?;
        let articles = if request.after.is_none() { self.articles_found(&query, actor) } else { Vec::new() };
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let last = ledger.last_position(org).await?;
        let Some(at) = ledger.indexed(org).await? else {
            return Ok(SearchPage { articles, ..SearchPage::nothing(last) });
        };
        let behind = last.saturating_sub(at.position);
        if query.is_empty() {
            return Ok(SearchPage::nothing(behind));
        }
        let phrases = query.phrases(&self.token_key(&at));
        let days = self.span_days();
        let wanted = Wanted {
            audience: request.audience,
            phrases: phrases.wanted,
            unwanted: phrases.unwanted,
            received_from: query.filter.from.and_then(|day| self.midnight(day)),
            received_to: query.filter.to.and_then(|day| self.midnight(day.tomorrow().ok()?)),
            spans: days.iter().filter_map(|day| self.midnight(*day)).collect(),
            after: request.after,
            limit: request.limit,
            count_most: COUNTED_MOST,
        };
        let admits: Admits = {
            let filter = filter.clone();
            Arc::new(move |traits| filter.admits(traits))
        };
        let found = ledger.search(org, &wanted, admits).await?;
        let facets = filter.counts(&found.tallies, &days);
        let admitted = found.tallies.iter().filter(|tally| filter.admits(&tally.traits));
        let total = admitted.map(|tally| tally.tickets).sum();
        let counted = found.uncounted.then(|| found.tallies.iter().map(|tally| tally.tickets).sum());
        let next = found.next;
        let hits = self.shown(&query, request.audience, found, actor).await?;
        Ok(SearchPage { articles, hits, next, total, counted, facets, behind })
    }

    /// The hits with their texts. What does not stand in the texts is no hit, whatever the index said: the ticket may have
    /// changed since, or two words may have the same token.
    async fn shown(
        &self,
        query: &Query,
        audience: Audience,
        found: Found,
        actor: Actor,
    ) -> Result<Vec<SearchHit>, DeskError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let tickets: Vec<TicketId> = found.hits.iter().map(|hit| hit.ticket).collect();
        let rows = ledger.tickets(org, &tickets).await?;
        let loaded = ledger.load_tickets(org, &tickets).await?;
        let house = self.house();
        let mut hits = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(loaded) = loaded.get(&row.ticket) else { continue };
            let parts = searchable::parts(&loaded.entries);
            if !query.matches(&searchable::whole(&parts, audience)) {
                continue;
            }
            let subject = parts.iter().find(|part| part.kind == PartKind::Subject);
            let subject = subject.map_or_else(Words::erased, |part| Words::new(&part.text));
            let row = TicketRow { subject, ..row_for(actor, row, house.own()) };
            hits.push(SearchHit { row, parts: shown_parts(query, &parts, audience) });
        }
        Ok(hits)
    }

    /// The beginning of a day of the organisation.
    fn midnight(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.zone().clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// The days since which hits are counted, the earliest first.
    fn span_days(&self) -> Vec<Date> {
        let today = self.now().to_zoned(self.zone().clone()).date();
        let mut days: Vec<Date> =
            SPAN_DAYS.iter().filter_map(|back| today.checked_sub(back.days()).ok()).collect();
        days.sort_unstable();
        days
    }
}

impl SearchPage {
    fn nothing(behind: u64) -> Self {
        Self {
            articles: Vec::new(),
            hits: Vec::new(),
            next: None,
            total: 0,
            counted: None,
            facets: FacetCounts::default(),
            behind,
        }
    }
}

/// The parts in which something was found, those that matter most to a reader first, each with its snippets.
fn shown_parts(query: &Query, parts: &[Part], audience: Audience) -> Vec<ShownPart> {
    let read = |part: &&Part| part.customer || audience == Audience::Staff;
    let mut shown: Vec<ShownPart> = Vec::new();
    for part in parts.iter().filter(read) {
        let snippets: Vec<ShownSnippet> = query
            .snippets(&part.text, SNIPPET_CHARS, SNIPPETS_MAX)
            .into_iter()
            .filter(|snippet| !snippet.hits.is_empty())
            .filter_map(|snippet| cut(&part.text, &snippet.span, &snippet.hits))
            .collect();
        if !snippets.is_empty() {
            shown.push(ShownPart { kind: part.kind, seq: part.seq, at: part.at, snippets });
        }
    }
    shown.sort_by_key(|part| (part.kind, part.seq));
    shown.truncate(PARTS_MAX);
    shown
}

fn cut(text: &str, span: &Range<usize>, hits: &[Range<usize>]) -> Option<ShownSnippet> {
    let moved = |hit: &Range<usize>| hit.start.saturating_sub(span.start)..hit.end.saturating_sub(span.start);
    Some(ShownSnippet {
        text: text.get(span.clone())?.to_owned(),
        hits: hits.iter().map(moved).collect(),
        cut_before: span.start > 0,
        cut_after: span.end < text.len(),
    })
}

/// The facets of a query with teams as the organisation knows them.
#[derive(Debug, Clone)]
struct Narrowed {
    filter: Filter,
    teams: Choice<TeamId>,
}

impl Narrowed {
    fn of(filter: &Filter, roster: &Roster) -> Result<Self, DeskError> {
        let teams = |typed: &[String]| -> Result<Vec<TeamId>, DeskError> {
            typed.iter().map(|team| team_called(team, roster)).collect()
        };
        let teams = Choice { any: teams(&filter.team.any)?, none: teams(&filter.team.none)? };
        Ok(Self { filter: filter.clone(), teams })
    }

    /// Whether each facet admits a ticket: kind, channel, state, team, and all others.
    fn each(&self, traits: &Traits) -> [bool; 5] {
        let filter = &self.filter;
        let topic = |topic: &Choice<String>| {
            let is = |wanted: &String| {
                traits.topic.as_ref().is_some_and(|topic| topic.to_lowercase() == wanted.to_lowercase())
            };
            (topic.any.is_empty() || topic.any.iter().any(is)) && !topic.none.iter().any(is)
        };
        let team = match &traits.team {
            Some(team) => self.teams.admits(team),
            None => self.teams.any.is_empty(),
        };
        [
            filter.kind.admits(&traits.kind),
            filter.channel.admits(&traits.channel),
            filter.state.admits(&State::of(traits.open)),
            team,
            filter.urgency.admits(&traits.urgency)
                && filter.severity.admits(&traits.severity)
                && filter.complexity.admits(&traits.complexity)
                && topic(&filter.topic),
        ]
    }

    fn admits(&self, traits: &Traits) -> bool {
        self.each(traits) == [true; 5]
    }

    fn counts(&self, tallies: &[Tally], days: &[Date]) -> FacetCounts {
        let mut counts = FacetCounts::default();
        let mut since = vec![0_u64; days.len()];
        for Tally { traits, span, tickets } in tallies {
            let [kind, channel, state, team, others] = self.each(traits);
            if !others {
                continue;
            }
            if channel && state && team {
                add(&mut counts.kinds, traits.kind, *tickets);
            }
            if kind && state && team {
                add(&mut counts.channels, traits.channel, *tickets);
            }
            if kind && channel && team {
                add(&mut counts.states, State::of(traits.open), *tickets);
            }
            if kind
                && channel
                && state
                && let Some(team) = &traits.team
            {
                add(&mut counts.teams, team.clone(), *tickets);
            }
            if kind && channel && state && team {
                // Span n lies after the first n days.
                let passed = usize::try_from(*span).unwrap_or(usize::MAX);
                for count in since.iter_mut().take(passed) {
                    *count = count.saturating_add(*tickets);
                }
            }
        }
        counts.since = days.iter().copied().zip(since).rev().collect();
        counts
    }
}

fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K, tickets: u64) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(tickets);
}

/// The team of this short name, or of this name in either language.
fn team_called(typed: &str, roster: &Roster) -> Result<TeamId, DeskError> {
    let wanted = typed.trim().to_lowercase();
    let called = |name: &str| name.to_lowercase() == wanted;
    let found = roster
        .teams
        .values()
        .find(|team| called(team.id.as_str()) || called(&team.name.zh) || called(&team.name.en));
    if let Some(team) = found {
        return Ok(team.id.clone());
    }
    let zh: Vec<&str> = roster.teams.values().map(|team| team.name.zh.as_str()).collect();
    let en: Vec<&str> = roster.teams.keys().map(TeamId::as_str).collect();
    Err(DeskError::invalid(
        "q",
        format!("没有名为“{typed}”的团队。可用：{}。", zh.join("、")),
        format!("There is no team called `{typed}`. It can be {}.", en.join(", ")),
    ))
}
