//! What replacing the view rows of tickets changes, and how the tallies follow.

use std::collections::{BTreeMap, HashMap};

use yinuo_commitment::Kind;
use yinuo_core::{
    id::{MemberId, OrgId, TeamId, TicketId},
    ticket::Stage,
    view::{ClockRow, TicketRow},
};
use yinuo_ledger::LedgerError;

use crate::{
    cells::{Cells, Put, id_or_none, put_clock, put_clock_key, put_ticket, word},
    plan::Shown,
};

/// What a ticket counts for while it is open.
#[derive(Default)]
struct Tallies(BTreeMap<(OrgId, &'static str, String), i64>);

impl Tallies {
    fn count(&mut self, org: &OrgId, counted: &Counted, by: i64) {
        if !counted.open {
            return;
        }
        let team = counted.team.as_deref().map(|team| ("team", team.to_owned()));
        let member = counted.member.map(|member| ("member", member.to_string()));
        let always = [("kind", counted.kind.word().to_owned()), ("stage", counted.stage.word().to_owned())];
        for (subject, name) in always.into_iter().chain(team).chain(member) {
            *self.0.entry((org.clone(), subject, name)).or_default() += by;
        }
    }

    fn rows<P: Put>(self) -> P {
        let mut rows = P::default();
        for ((org, subject, name), by) in self.0 {
            if by != 0 {
                rows.row().text(org.as_str()).text(subject).text(&name).number(by);
            }
        }
        rows
    }
}

/// What a ticket's row says about tallies.
pub(crate) struct Counted {
    open: bool,
    kind: Kind,
    stage: Stage,
    team: Option<String>,
    member: Option<MemberId>,
}

impl Counted {
    /// The columns `open, kind, stage, team, member`, from `index` on.
    pub(crate) fn read(row: &impl Cells, index: usize) -> Result<Self, LedgerError> {
        Ok(Self {
            open: row.flag(index)?,
            kind: word(row, index + 1, Kind::from_word)?,
            stage: word(row, index + 2, Stage::from_word)?,
            team: row.text_or_none(index + 3)?.map(str::to_owned),
            member: id_or_none(row, index + 4, MemberId::from_uuid)?,
        })
    }

    fn of(row: &TicketRow) -> Self {
        let team = row.team.as_ref().map(|team| TeamId::as_str(team).to_owned());
        Self { open: row.open, kind: row.kind, stage: row.stage, team, member: row.member }
    }
}

/// The rows that tickets have before they are replaced.
#[derive(Default)]
pub(crate) struct Before {
    pub(crate) counted: HashMap<(OrgId, TicketId), Counted>,
    /// So that only clocks that changed are written.
    pub(crate) clocks: HashMap<(OrgId, TicketId), Vec<ClockRow>>,
}

/// Rows to write, table by table.
pub(crate) struct Changes<P> {
    pub(crate) tickets: P,
    /// To be deleted, before `clocks` are written.
    pub(crate) gone: P,
    pub(crate) clocks: P,
    pub(crate) tallies: P,
}

impl<P: Put> Changes<P> {
    pub(crate) fn of(shown: &Shown<'_>, before: &Before) -> Self {
        let mut tallies = Tallies::default();
        let (mut tickets, mut clocks, mut gone) = (P::default(), P::default(), P::default());
        for ((org, ticket), (views, _)) in shown {
            let place = ((*org).clone(), *ticket);
            if let Some(counted) = before.counted.get(&place) {
                tallies.count(org, counted, -1);
            }
            put_ticket(&mut tickets, org, views);
            let views = &views.rows;
            tallies.count(org, &Counted::of(&views.ticket), 1);
            let old = before.clocks.get(&place).map_or(&[][..], Vec::as_slice);
            for row in views.clocks.iter().filter(|row| !old.contains(row)) {
                put_clock(&mut clocks, org, row);
            }
            for row in old.iter().filter(|row| !views.clocks.iter().any(|kept| kept.clock == row.clock)) {
                put_clock_key(&mut gone, org, row);
            }
        }
        Self { tickets, gone, clocks, tallies: tallies.rows() }
    }
}

/// Rows that name the tickets that have rows already: organisation and ticket.
pub(crate) fn known<P: Put>(shown: &Shown<'_>) -> P {
    let mut known = P::default();
    for ((org, ticket), _) in shown.iter().filter(|(_, (_, fresh))| !fresh) {
        known.row().text(org.as_str()).uuid(ticket.uuid());
    }
    known
}
