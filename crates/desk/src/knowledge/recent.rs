//! What came of answers lately, and what customers asked that nobody has written an answer to: read from the newest tickets,
//! never kept anywhere else. Whoever was erased is gone from here with the next look.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

use jiff::Timestamp;
use yinuo_commitment::Kind;
use yinuo_core::{
    access::Operation,
    id::{ArticleId, TicketId},
    roster::Actor,
    ticket::{self, Customer, Given, GivenHow, Ticket},
};
use yinuo_language::{
    answers::{Band, Feedback, Priors, Unanswered, Vote},
    personal::Known,
};

use super::{Knowledge, articles::without, computed};
use crate::{desk::Desk, error::DeskError, veil};

/// Records that are looked back at.
const RECORDS: u64 = 20_000;

/// Tickets that are looked back at, the newest.
const TICKETS: usize = 1_000;

/// Tickets loaded at a time.
const AT_ONCE: usize = 100;

/// Groups that are shown.
const GROUPS: usize = 50;

/// Samples of a group that are shown.
const SAMPLES: usize = 5;

/// Tickets of a group that are named.
const NAMED: usize = 10;

/// What came of an article among the newest tickets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Given by the product itself.
    pub automatic: u32,
    /// Sent by people as it is.
    pub used: u32,
    /// Sent by people after changes.
    pub edited: u32,
    /// Customers said that it helped.
    pub helpful: u32,
    /// Customers said that it did not, or asked for a person.
    pub not_helpful: u32,
}

/// A question that was asked in several ways and has no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct UnansweredGroup {
    /// The question that stands for the group, masked.
    pub label: String,
    /// How often it was asked.
    pub size: u32,
    /// When it was first asked.
    pub first_asked: Timestamp,
    /// When it was last asked.
    pub last_asked: Timestamp,
    /// Some of its questions, masked.
    pub samples: Vec<String>,
    /// Some of its tickets, the newest first, with their numbers.
    pub tickets: Vec<(TicketId, String)>,
}

/// What a look back found.
pub(crate) struct Recent {
    /// The last position that it saw, and what the knowledge base was made from.
    seen: Option<(u64, Vec<(ArticleId, u32)>)>,
    /// How votes move articles.
    pub(super) priors: Priors,
    tallies: BTreeMap<ArticleId, Tally>,
    unanswered: Vec<UnansweredGroup>,
}

/// A ticket that is looked back at.
struct Seen {
    ticket: Ticket,
    /// Its customer as on record at any time.
    customers: Vec<Customer>,
}

impl Recent {
    /// Before the first look.
    pub(crate) fn nothing() -> Self {
        Self { seen: None, priors: Priors::default(), tallies: BTreeMap::new(), unanswered: Vec::new() }
    }

    pub(super) fn tally(&self, article: &ArticleId) -> Tally {
        self.tallies.get(article).copied().unwrap_or_default()
    }
}

impl Desk {
    pub(crate) fn recent(&self) -> Arc<Recent> {
        Arc::clone(&self.0.recent.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What customers asked lately that the knowledge base has nothing for, the most frequent first.
    pub async fn unanswered(&self, actor: Actor) -> Result<Vec<UnansweredGroup>, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        Self::allow(actor, Operation::ReadArticles)?;
        self.look_back().await?;
        Ok(self.recent().unanswered.clone())
    }

    /// Looks back at the newest tickets, if anything was recorded since.
    pub(crate) async fn look_back(&self) -> Result<(), DeskError> {
        let _one_at_a_time = self.0.looking_back.lock().await;
        let knowledge = self.knowledge();
        let last = self.0.ledger.last_position(&self.0.org).await?;
        let now = Some((last, knowledge.key.clone()));
        if self.recent().seen == now {
            return Ok(());
        }
        let tickets = self.newest_tickets(last).await?;
        let current: BTreeMap<String, u32> =
            knowledge.key.iter().map(|(id, version)| (id.to_string(), *version)).collect();
        let mut recent = computed(move || {
            let mut recent = Recent::nothing();
            let votes = tickets.iter().flat_map(|seen| votes(&seen.ticket)).collect::<Vec<_>>();
            recent.priors = Priors::of(&votes, |article| current.get(article).copied());
            for given in tickets.iter().flat_map(|seen| &seen.ticket.articles) {
                count(recent.tallies.entry(given.article.clone()).or_default(), given);
            }
            recent.unanswered = groups(&knowledge, &recent, &tickets);
            recent
        })
        .await?;
        recent.seen = now;
        *self.0.recent.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(recent);
        Ok(())
    }

    /// The tickets of the newest records, in the order of their receipt.
    async fn newest_tickets(&self, last: u64) -> Result<Vec<Seen>, DeskError> {
        let mut after = last.saturating_sub(RECORDS);
        let mut newest: Vec<TicketId> = Vec::new();
        loop {
            let heads = self.0.ledger.read_heads(&self.0.org, after, 2_000).await?;
            let Some(end) = heads.last() else { break };
            after = end.position;
            newest.extend(heads.iter().filter_map(|head| head.stream.ticket()));
        }
        let mut seen = BTreeSet::new();
        let ids: Vec<TicketId> =
            newest.into_iter().rev().filter(|id| seen.insert(*id)).take(TICKETS).collect();
        let mut tickets = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            for (id, loaded) in self.0.ledger.load_tickets(&self.0.org, some).await? {
                let customers = veil::customers(&loaded.entries).cloned().collect();
                let ticket = ticket::fold(id, &loaded.entries);
                tickets.extend(ticket.map(|ticket| Seen { ticket, customers }));
            }
        }
        tickets.sort_by_key(|seen| (seen.ticket.received_at, seen.ticket.id));
        Ok(tickets)
    }
}

fn count(tally: &mut Tally, given: &Given) {
    let one = |counter: &mut u32| *counter = counter.saturating_add(1);
    match given.how {
        GivenHow::Automatic => one(&mut tally.automatic),
        GivenHow::Sent(_) => one(&mut tally.used),
        GivenHow::Edited(_) => one(&mut tally.edited),
    }
    match given.helpful {
        Some(true) => one(&mut tally.helpful),
        Some(false) => one(&mut tally.not_helpful),
        None => {}
    }
}

/// What people said of articles: agents by sending them, customers in words. A customer is a ticket here.
fn votes(ticket: &Ticket) -> Vec<Feedback> {
    let said = |given: &Given, vote: Vote, by: String| Feedback {
        article: given.article.to_string(),
        version: given.version,
        vote,
        by,
    };
    let mut votes = Vec::new();
    for given in &ticket.articles {
        match given.how {
            GivenHow::Automatic => {}
            GivenHow::Sent(member) => votes.push(said(given, Vote::Used, member.to_string())),
            GivenHow::Edited(member) => votes.push(said(given, Vote::Edited, member.to_string())),
        }
        if let Some(helpful) = given.helpful {
            let vote = if helpful { Vote::Helpful } else { Vote::NotHelpful };
            votes.push(said(given, vote, ticket.id.to_string()));
        }
    }
    votes
}

/// The questions without an answer, in groups.
fn groups(knowledge: &Knowledge, recent: &Recent, tickets: &[Seen]) -> Vec<UnansweredGroup> {
    let asking = knowledge.asking(recent, 1, false);
    let mut unanswered = Unanswered::default();
    let mut asked: Vec<&Ticket> = Vec::new();
    for Seen { ticket, customers } in tickets {
        if !matches!(ticket.facets().kind, Kind::Consultation | Kind::Repair) {
            continue;
        }
        let known: Vec<Known<'_>> = customers.iter().flat_map(veil::known).map(|(_, known)| known).collect();
        let question = without(&ticket.subject, &known);
        if question.is_empty() {
            continue;
        }
        let body = without(&ticket.body, &known);
        let nothing =
            [&question, &body].iter().all(|text| knowledge.index.ask(text, &asking).band == Band::HandOver);
        if !nothing {
            unanswered.observe(&question);
        } else if unanswered.add(&question, ticket.received_at.as_microsecond()).is_some() {
            asked.push(ticket);
        }
    }
    let at = |us: i64| Timestamp::from_microsecond(us).unwrap_or_default();
    let group = unanswered.groups().into_iter().take(GROUPS).map(|group| {
        // Tickets come in the order of their receipt, and so do the numbers of their questions.
        let newest = group.questions.iter().rev().filter_map(|number| asked.get(*number));
        UnansweredGroup {
            label: group.label,
            size: group.size,
            first_asked: at(group.first_asked),
            last_asked: at(group.last_asked),
            samples: group.samples.into_iter().take(SAMPLES).collect(),
            tickets: newest.take(NAMED).map(|ticket| (ticket.id, ticket.number.clone())).collect(),
        }
    });
    group.collect()
}
