//! Words and lists: every content is opened against its digest, every row is made anew and compared.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use yinuo_core::{
    id::{MemberId, TicketId},
    ticket::Entry,
    view,
};
use yinuo_ledger::{
    Counts, LedgerError, Loaded, Page, Stream, TicketFilter,
    audit::{Finding, Misfit},
    record,
};

use super::{AuditError, hashes::tickets};
use crate::desk::Desk;

/// Tickets opened at a time.
const TICKETS: usize = 256;

/// Rows of lists read at a time.
const ROWS: u32 = 1_000;

/// How often a ticket is looked at again before its rows are said to differ: somebody may be working on it.
const LOOKS: u32 = 3;

/// Makes the rows of a ticket from its entries.
type Refold<'a> = dyn Fn(TicketId, &[Entry]) -> Result<view::Views, LedgerError> + Send + Sync + 'a;

/// What the lists say of all tickets together.
#[derive(Default)]
struct Sums {
    tickets: u64,
    counts: Counts,
    by_member: BTreeMap<MemberId, u64>,
    externals: BTreeMap<String, TicketId>,
}

impl Sums {
    fn add(&mut self, ticket: TicketId, entries: &[Entry], views: &view::Views) {
        let row = &views.ticket;
        self.tickets += 1;
        if row.open {
            self.counts.open += 1;
            *self.counts.by_stage.entry(row.stage).or_default() += 1;
            *self.counts.by_kind.entry(row.kind).or_default() += 1;
            if let Some(team) = &row.team {
                *self.counts.by_team.entry(team.clone()).or_default() += 1;
            }
            if let Some(member) = row.member {
                *self.by_member.entry(member).or_default() += 1;
            }
        }
        for external in entries.iter().filter_map(record::external) {
            self.externals.entry(external.to_owned()).or_insert(ticket);
        }
    }
}

impl Desk {
    /// Opens the words of every stream against their digests.
    pub(super) async fn open_words(&self, streams: &[Stream]) -> Result<(), AuditError> {
        self.open_organisation().await?;
        let ids: Vec<TicketId> = tickets(streams).collect();
        for ids in ids.chunks(TICKETS) {
            self.opened(ids).await?;
        }
        Ok(())
    }

    /// Opens every word and compares every row. Says how many tickets these were.
    pub(super) async fn compare_lists(&self, streams: &[Stream]) -> Result<u64, AuditError> {
        self.open_organisation().await?;
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let before = ledger.last_position(org).await?;
        let refold = self.made_anew();
        let alarms = ledger.alarms_until(Some(org), Timestamp::MAX, u32::MAX).await?;
        let alarms: BTreeMap<TicketId, Timestamp> =
            alarms.into_iter().map(|alarm| (alarm.ticket, alarm.at)).collect();
        let ids: Vec<TicketId> = tickets(streams).collect();
        let mut sums = Sums::default();
        for ids in ids.chunks(TICKETS) {
            self.compare_tickets(ids, &refold, &alarms, &mut sums).await?;
        }
        self.compare_rows(&ids.into_iter().collect()).await?;
        self.compare_sums(&sums, before).await?;
        Ok(sums.tickets)
    }

    async fn open_organisation(&self) -> Result<(), AuditError> {
        match self.0.ledger.load_organisation(&self.0.org).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.misread(error).await),
        }
    }

    /// The tickets with their words. The error names the record that cannot be opened.
    async fn opened(&self, ids: &[TicketId]) -> Result<BTreeMap<TicketId, Loaded<Entry>>, AuditError> {
        match self.0.ledger.load_tickets(&self.0.org, ids).await {
            Ok(loaded) => Ok(loaded),
            Err(error) => Err(self.misread(error).await),
        }
    }

    async fn misread(&self, error: LedgerError) -> AuditError {
        match error {
            LedgerError::Corrupt { position, what } => {
                self.named(position, Misfit::Words { what }).await.into()
            }
            other => other.into(),
        }
    }

    async fn compare_tickets(
        &self,
        ids: &[TicketId],
        refold: &Refold<'_>,
        alarms: &BTreeMap<TicketId, Timestamp>,
        sums: &mut Sums,
    ) -> Result<(), AuditError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let loaded = self.opened(ids).await?;
        let rows = ledger.tickets(org, ids).await?;
        let rows: BTreeMap<TicketId, view::TicketRow> =
            rows.into_iter().map(|row| (row.ticket, row)).collect();
        let mut clocks: BTreeMap<TicketId, Vec<view::ClockRow>> = BTreeMap::new();
        for clock in ledger.clocks_of(org, ids).await? {
            clocks.entry(clock.ticket).or_default().push(clock);
        }
        for id in ids {
            let Some(loaded) = loaded.get(id) else {
                return Err(Finding::at(0, Misfit::Words { what: format!("{id} cannot be read") }).into());
            };
            let made = refold(*id, &loaded.entries)?;
            let shown = Shown {
                ticket: rows.get(id).cloned(),
                clocks: clocks.remove(id).unwrap_or_default(),
                alarm_at: alarms.get(id).copied(),
            };
            if let Some(what) = shown.differs(&made) {
                self.look_again(*id, refold, what).await?;
            }
            sums.add(*id, &loaded.entries, &made);
        }
        Ok(())
    }

    /// Looks at one ticket once more: it may have changed between reading its records and its rows.
    async fn look_again(
        &self,
        id: TicketId,
        refold: &Refold<'_>,
        first: &'static str,
    ) -> Result<(), AuditError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let mut what = first;
        for _ in 0..LOOKS {
            let Some(loaded) = self.opened(&[id]).await?.remove(&id) else { break };
            let made = refold(id, &loaded.entries)?;
            let alarms = ledger.alarms_until(Some(org), Timestamp::MAX, u32::MAX).await?;
            let shown = Shown {
                ticket: ledger.tickets(org, &[id]).await?.pop(),
                clocks: ledger.clocks_of(org, &[id]).await?,
                alarm_at: alarms.iter().find(|alarm| alarm.ticket == id).map(|alarm| alarm.at),
            };
            match shown.differs(&made) {
                None => return Ok(()),
                Some(still) => what = still,
            }
        }
        let records = ledger.records_of(org, Stream::Ticket(id)).await?;
        let position = records.last().map_or(0, |last| last.position);
        Err(self.named(position, Misfit::Lists { what }).await.into())
    }

    /// Whether the lists show tickets that the ledger does not know.
    async fn compare_rows(&self, ids: &BTreeSet<TicketId>) -> Result<(), AuditError> {
        let mut page = Page::first(ROWS);
        loop {
            let listed = self.0.ledger.list_tickets(&self.0.org, &TicketFilter::default(), &page).await?;
            let unknown = listed.rows.iter().map(|row| row.ticket).filter(|id| !ids.contains(id));
            let unknown: Vec<TicketId> = unknown.collect();
            // One that came in meanwhile is there by now.
            if self.opened(&unknown).await?.len() != unknown.len() {
                let what = "tickets that the ledger does not know";
                return Err(Finding::at(0, Misfit::Lists { what }).into());
            }
            match listed.next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Compares what the lists say of all tickets together, unless somebody has appended since position `before`.
    async fn compare_sums(&self, sums: &Sums, before: u64) -> Result<(), AuditError> {
        let (org, ledger) = (&self.0.org, &self.0.ledger);
        let differs = |what| Err(Finding::at(0, Misfit::Lists { what }).into());
        let counts = Counts { overdue: 0, ..ledger.counts(org, Timestamp::MIN).await? };
        let by_member = ledger.open_by_member(org).await?;
        if ledger.last_position(org).await? == before
            && (counts != sums.counts || by_member != sums.by_member)
        {
            return differs("counts of open tickets");
        }
        for (external, ticket) in &sums.externals {
            if ledger.ticket_by_external(org, external).await? != Some(*ticket) {
                return differs("ids of imported tickets");
            }
        }
        Ok(())
    }
}

/// What the lists show of a ticket.
struct Shown {
    ticket: Option<view::TicketRow>,
    clocks: Vec<view::ClockRow>,
    alarm_at: Option<Timestamp>,
}

impl Shown {
    /// What differs from the rows that its records make.
    fn differs(mut self, made: &view::Views) -> Option<&'static str> {
        if self.ticket.as_ref() != Some(&made.ticket) {
            return Some("the row of the ticket");
        }
        let mut clocks = made.clocks.clone();
        clocks.sort_by(|a, b| a.clock.cmp(&b.clock));
        self.clocks.sort_by(|a, b| a.clock.cmp(&b.clock));
        if clocks != self.clocks {
            return Some("a clock");
        }
        (self.alarm_at != made.alarm_at).then_some("the alarm")
    }
}
