//! Somebody does something with a ticket.

use yinuo_core::{
    id::TicketId,
    roster::Actor,
    ticket::{self, Command, Facts},
};
use yinuo_ledger::LedgerError;

use crate::{
    case::Case, desk::Desk, error::DeskError, meters::Meters, sheet::TicketSheet, submit::check_topic,
};

impl Desk {
    /// Carries out a command. With `expected`, the version that the caller saw, it is refused with the newer state if
    /// the ticket has moved on; without, it is decided again on the newer state.
    pub async fn command(
        &self,
        ticket: TicketId,
        command: Command,
        actor: Actor,
        expected: Option<u32>,
    ) -> Result<TicketSheet, DeskError> {
        Ok(self.sheet(self.decided(ticket, command, actor, expected, None).await?, actor))
    }

    /// The same, also if the check of wording blocks what it says: `reason` tells why, and stays on record (P9).
    pub async fn command_despite(
        &self,
        ticket: TicketId,
        command: Command,
        actor: Actor,
        expected: Option<u32>,
        reason: &str,
    ) -> Result<TicketSheet, DeskError> {
        Ok(self.sheet(self.decided(ticket, command, actor, expected, Some(reason)).await?, actor))
    }

    /// See [`Self::command`]. Gives the ticket with everything that is on record.
    pub(crate) async fn decided(
        &self,
        ticket: TicketId,
        command: Command,
        actor: Actor,
        expected: Option<u32>,
        override_reason: Option<&str>,
    ) -> Result<Case, DeskError> {
        let at = self.now();
        let mut command = command;
        if let Command::Reply { answer } = &mut command
            && let Some(used) = &answer.article
        {
            answer.article = Some(self.used(used, &answer.body).await?);
        }
        for _ in 0..Self::TRIES {
            let mut case = self.load_case(ticket).await?;
            if expected.is_some_and(|expected| expected != case.ticket.version) {
                return Err(DeskError::Conflict { sheet: Box::new(self.sheet(case, actor)) });
            }
            if let Command::Classify { facets, .. } = &command
                && facets.topic != case.ticket.facets().topic
            {
                check_topic(facets.topic.as_deref())?;
            }
            let house = self.house();
            let decided = {
                let mut load = self.load();
                let facts = Facts {
                    commitments: &case.commitments,
                    roster: &house.organisation.roster,
                    load: load.open(),
                };
                let at = at.max(case.ticket.last_at);
                let events = ticket::decide(&case.ticket, command.clone(), actor, &facts, at);
                events.map(|events| (self.reserve(&mut load, &events), events))
            };
            let (reservation, mut events) = decided.inspect_err(|_| Meters::add(&self.0.meters.refusals))?;
            self.worded(&case, &command, actor, override_reason, &mut events)
                .inspect_err(|_| Meters::add(&self.0.meters.refusals))?;
            let entry = Self::entry(&case.ticket, at, actor, events);
            let mut draft = self.draft(&case, &house, &entry);
            draft.aftermath.reservation = reservation;
            if draft.append.sealed.unkept() > 0 {
                return Err(DeskError::PersonErased);
            }
            match self.keep(draft).await {
                Ok(appended) => {
                    Meters::add(&self.0.meters.commands);
                    case.take_up(entry, appended);
                    return Ok(case);
                }
                Err(LedgerError::Conflict { .. } | LedgerError::PersonChanged) => self.count_conflict(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Self::overtaken(&format!("{ticket} changed")))
    }
}
