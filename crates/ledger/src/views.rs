//! Lists and figures: reading the view rows.

use std::{collections::BTreeMap, fmt, str::FromStr};

use async_trait::async_trait;
use jiff::Timestamp;
use yinuo_commitment::{Channel, Kind, PromiseId};
use yinuo_core::{
    clock::ClockKey,
    id::{MemberId, OrgId, TeamId, TicketId},
    ticket::{Stage, Triage},
    view::{ClockRow, TicketRow},
};

use crate::LedgerError;

/// Which tickets a list shows. An empty list or `None` means any; everything given has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketFilter {
    /// Open or closed.
    pub open: Option<bool>,
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Stages.
    pub stages: Vec<Stage>,
    /// Owning team.
    pub team: Option<TeamId>,
    /// Owning person.
    pub member: Option<MemberId>,
    /// Without an owning person.
    pub unassigned: bool,
    /// With a running clock whose due instant lies before this one.
    pub overdue_as_of: Option<Timestamp>,
    /// Received at or after.
    pub received_from: Option<Timestamp>,
    /// Received before.
    pub received_to: Option<Timestamp>,
    /// Where a person has to look at the classification, or has.
    pub triage: Vec<Triage>,
    /// The number begins with this.
    pub number_prefix: Option<String>,
}

impl TicketFilter {
    /// Whether the list shows `row`. This defines the filter; stores answer the same from their indexes.
    pub fn shows(&self, row: &TicketRow) -> bool {
        self.open.is_none_or(|open| open == row.open)
            && any(&self.kinds, &row.kind)
            && any(&self.channels, &row.channel)
            && any(&self.stages, &row.stage)
            && same(self.team.as_ref(), row.team.as_ref())
            && same(self.member.as_ref(), row.member.as_ref())
            && (!self.unassigned || row.member.is_none())
            && self.overdue_as_of.is_none_or(|now| row.next_due_at.is_some_and(|due| due < now))
            && (self.triage.is_empty() || row.triage.is_some_and(|triage| self.triage.contains(&triage)))
            && within(self.received_from, self.received_to, row.received_at)
            && self.number_prefix.as_ref().is_none_or(|prefix| row.number.starts_with(prefix.as_str()))
    }
}

fn any<T: PartialEq>(wanted: &[T], value: &T) -> bool {
    wanted.is_empty() || wanted.contains(value)
}

fn same<T: PartialEq>(wanted: Option<&T>, value: Option<&T>) -> bool {
    wanted.is_none() || wanted == value
}

fn within(from: Option<Timestamp>, to: Option<Timestamp>, at: Timestamp) -> bool {
    from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to)
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// After this row; none for the first page.
    pub after: Option<Cursor>,
    /// At most so many rows.
    pub limit: u32,
}

impl Page {
    /// The first rows.
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
}

/// A row's place in the order of lists: least slack first (the earliest `next_due_at`; tickets without one last), then
/// the earliest received, then by id. It names values, not a row number, so pages neither skip nor repeat tickets that
/// stay where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cursor {
    /// `next_due_at` in microseconds, `i64::MAX` without one.
    pub due_at_us: i64,
    /// `received_at` in microseconds.
    pub received_at_us: i64,
    /// Ticket.
    pub ticket: TicketId,
}

impl Cursor {
    /// Where `row` stands.
    pub fn of(row: &TicketRow) -> Self {
        Self {
            due_at_us: row.next_due_at.map_or(i64::MAX, Timestamp::as_microsecond),
            received_at_us: row.received_at.as_microsecond(),
            ticket: row.ticket,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}~{}", self.due_at_us, self.received_at_us, self.ticket)
    }
}

/// A text that is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the place of a row in a list: take it from the page before")]
pub struct CursorError;

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.split('~');
        let mut next = || parts.next().ok_or(CursorError);
        let due_at_us = next()?.parse().map_err(|_| CursorError)?;
        let received_at_us = next()?.parse().map_err(|_| CursorError)?;
        let ticket = next()?.parse().map_err(|_| CursorError)?;
        if parts.next().is_some() { Err(CursorError) } else { Ok(Self { due_at_us, received_at_us, ticket }) }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TicketPage {
    /// Rows in order.
    pub rows: Vec<TicketRow>,
    /// Where the next page begins; none on the last one.
    pub next: Option<Cursor>,
}

/// Which clocks figures look at. An empty list or `None` means any; everything given has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClockFilter {
    /// Clocks started at or after.
    pub started_from: Option<Timestamp>,
    /// Clocks started before.
    pub started_to: Option<Timestamp>,
    /// Of tickets received at or after.
    pub received_from: Option<Timestamp>,
    /// Of tickets received before.
    pub received_to: Option<Timestamp>,
    /// Letter, by number.
    pub commitment: Option<String>,
    /// Promise.
    pub promise: Option<PromiseId>,
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Team.
    pub team: Option<TeamId>,
    /// Person.
    pub member: Option<MemberId>,
    /// Topic.
    pub topic: Option<String>,
}

impl ClockFilter {
    /// Whether figures look at `row`, a clock of a ticket received at `received_at`. This defines the filter.
    pub fn shows(&self, row: &ClockRow, received_at: Timestamp) -> bool {
        within(self.started_from, self.started_to, row.started_at)
            && within(self.received_from, self.received_to, received_at)
            && same(self.commitment.as_ref(), Some(&row.clock.commitment))
            && same(self.promise.as_ref(), Some(&row.clock.promise))
            && any(&self.kinds, &row.kind)
            && any(&self.channels, &row.channel)
            && same(self.team.as_ref(), row.team.as_ref())
            && same(self.member.as_ref(), row.member.as_ref())
            && same(self.topic.as_ref(), row.topic.as_ref())
    }
}

/// A clock's place in the order of figures: by start, ticket and clock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockCursor {
    /// `started_at` in microseconds.
    pub started_at_us: i64,
    /// Ticket.
    pub ticket: TicketId,
    /// Clock.
    pub clock: ClockKey,
}

impl ClockCursor {
    /// Where `row` stands.
    pub fn of(row: &ClockRow) -> Self {
        Self { started_at_us: row.started_at.as_microsecond(), ticket: row.ticket, clock: row.clock.clone() }
    }
}

/// One page of clocks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClockPage {
    /// Rows in order.
    pub rows: Vec<ClockRow>,
    /// Where the next page begins; none on the last one.
    pub next: Option<ClockCursor>,
}

/// Open tickets by what the sidebar shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open tickets.
    pub open: u64,
    /// Open tickets with a due instant before the one asked for.
    pub overdue: u64,
    /// Open tickets by stage; stages without tickets are left out.
    pub by_stage: BTreeMap<Stage, u64>,
    /// Open tickets by kind; kinds without tickets are left out.
    pub by_kind: BTreeMap<Kind, u64>,
    /// Open tickets by owning team; teams without tickets are left out.
    pub by_team: BTreeMap<TeamId, u64>,
}

/// Reading view rows. Search by words joins [`TicketFilter`] when the index of words exists.
#[async_trait]
pub trait Views: Send + Sync {
    /// Tickets in the order of [`Cursor`].
    async fn list_tickets(
        &self,
        org: &OrgId,
        filter: &TicketFilter,
        page: &Page,
    ) -> Result<TicketPage, LedgerError>;

    /// Rows of these tickets, in the order asked for; those that do not exist are left out.
    async fn tickets(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<TicketRow>, LedgerError>;

    /// The ticket with this number.
    async fn ticket_by_number(&self, org: &OrgId, number: &str) -> Result<Option<TicketRow>, LedgerError>;

    /// The first ticket that was imported with this id of another system.
    async fn ticket_by_external(&self, org: &OrgId, external: &str) -> Result<Option<TicketId>, LedgerError>;

    /// Open tickets counted, without going through them (overdue ones excepted).
    async fn counts(&self, org: &OrgId, as_of: Timestamp) -> Result<Counts, LedgerError>;

    /// Open tickets by owning person; people without tickets are left out. Kept up to date by appends: its cost grows
    /// with people, not with tickets.
    async fn open_by_member(&self, org: &OrgId) -> Result<BTreeMap<MemberId, u64>, LedgerError>;

    /// Clocks in the order of [`ClockCursor`], at most `limit` a page.
    async fn clocks(
        &self,
        org: &OrgId,
        filter: &ClockFilter,
        after: Option<&ClockCursor>,
        limit: u32,
    ) -> Result<ClockPage, LedgerError>;

    /// The clocks of these tickets, in the order of their keys.
    async fn clocks_of(&self, org: &OrgId, tickets: &[TicketId]) -> Result<Vec<ClockRow>, LedgerError>;
}
