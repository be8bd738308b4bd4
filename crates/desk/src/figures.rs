//! Figures: whether the word was kept, and the tickets behind every number.

use std::collections::BTreeSet;

use jiff::Timestamp;
use yinuo_commitment::{Channel, Kind, PromiseId};
use yinuo_core::{
    access::Operation,
    figures::{Basis, Dimension, Figures, Filter, Report},
    id::{MemberId, TeamId, TicketId},
    roster::Actor,
    view::TicketRow,
};
use yinuo_ledger::{ClockFilter, Cursor, Page, TicketFilter};

use crate::{desk::Desk, error::DeskError, looks::row_for};

/// Which tickets and clocks figures are about. What is none or empty means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiguresQuery {
    /// Of tickets received at or after.
    pub from: Option<Timestamp>,
    /// Of tickets received before.
    pub to: Option<Timestamp>,
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Owning team.
    pub team: Option<TeamId>,
    /// Owning person.
    pub member: Option<MemberId>,
    /// Letter.
    pub commitment: Option<String>,
    /// Promise.
    pub promise: Option<PromiseId>,
    /// Topic.
    pub topic: Option<String>,
    /// What to group by.
    pub by: Option<Dimension>,
}

/// Rows read from the ledger at a time.
const ROWS: u32 = 5_000;

/// Overdue cases listed with the figures.
const CASES_MAX: usize = 200;

impl Desk {
    /// The figures as of now.
    pub async fn figures(&self, query: &FiguresQuery, actor: Actor) -> Result<Report, DeskError> {
        Self::allow(actor, Operation::ReadFigures)?;
        let mut figures = Figures::new(self.basis(query));
        let filter = query.clocks();
        let mut after = None;
        loop {
            let page = self.0.ledger.clocks(&self.0.org, &filter, after.as_ref(), ROWS).await?;
            page.rows.iter().for_each(|row| figures.add(row));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        self.each_ticket(query, |row| figures.add_ticket(row)).await?;
        Ok(figures.report())
    }

    /// The tickets behind a figure: those of the query to which `filter` applies, at most `limit`, by least slack.
    pub async fn tickets_behind(
        &self,
        query: &FiguresQuery,
        filter: &Filter,
        limit: usize,
        actor: Actor,
    ) -> Result<Vec<TicketRow>, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        let (basis, house) = (self.basis(query), self.house());
        let mut rows = Vec::new();
        if filter.promise.is_none() && filter.verdict.is_none() {
            self.each_ticket(query, |row| {
                if rows.len() < limit && filter.holds_ticket(row, basis.as_of, &basis.zone) {
                    rows.push(row_for(actor, row.clone(), house.own()));
                }
            })
            .await?;
            return Ok(rows);
        }
        let clocks = query.clocks();
        let mut found: BTreeSet<TicketId> = BTreeSet::new();
        let mut after = None;
        loop {
            let page = self.0.ledger.clocks(&self.0.org, &clocks, after.as_ref(), ROWS).await?;
            let behind = page.rows.iter().filter(|row| filter.holds(row, basis.as_of, &basis.zone));
            found.extend(behind.map(|row| row.ticket));
            after = page.next;
            if after.is_none() || found.len() >= limit {
                break;
            }
        }
        let tickets: Vec<TicketId> = found.into_iter().take(limit).collect();
        let mut rows = self.0.ledger.tickets(&self.0.org, &tickets).await?;
        rows.sort_by_key(Cursor::of);
        Ok(rows.into_iter().map(|row| row_for(actor, row, house.own())).collect())
    }

    async fn each_ticket(
        &self,
        query: &FiguresQuery,
        mut each: impl FnMut(&TicketRow),
    ) -> Result<(), DeskError> {
        let filter = query.tickets();
        let mut page = Page::first(ROWS);
        loop {
            let found = self.0.ledger.list_tickets(&self.0.org, &filter, &page).await?;
            let of_topic = |row: &&TicketRow| query.topic.is_none() || query.topic == row.topic;
            found.rows.iter().filter(of_topic).for_each(&mut each);
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    fn basis(&self, query: &FiguresQuery) -> Basis {
        let now = self.now();
        let surveys = self.house().in_force(now).into_iter().filter_map(|(_, letter)| letter.survey.clone());
        Basis {
            as_of: now,
            zone: self.zone().clone(),
            by: query.by,
            cases_max: CASES_MAX,
            survey_standard: surveys.map(|survey| survey.standard).max(),
        }
    }
}

impl FiguresQuery {
    fn clocks(&self) -> ClockFilter {
        ClockFilter {
            started_from: None,
            started_to: None,
            received_from: self.from,
            received_to: self.to,
            commitment: self.commitment.clone(),
            promise: self.promise.clone(),
            kinds: self.kinds.clone(),
            channels: self.channels.clone(),
            team: self.team.clone(),
            member: self.member,
            topic: self.topic.clone(),
        }
    }

    pub(crate) fn tickets(&self) -> TicketFilter {
        TicketFilter {
            kinds: self.kinds.clone(),
            channels: self.channels.clone(),
            team: self.team.clone(),
            member: self.member,
            received_from: self.from,
            received_to: self.to,
            ..TicketFilter::default()
        }
    }
}
