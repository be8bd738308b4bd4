//! Somebody does something with a ticket.

use jiff::Timestamp;
use yinuo_core::{
    id::TicketId,
    roster::Actor,
    ticket::{self, Command, Facts},
};
use yinuo_ledger::LedgerError;

use crate::{case::Case, desk::Desk, error::DeskError, meters::Meters, sheet::TicketSheet};

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
        let now = self.now();
        let case = self.command_at(ticket, command, actor, expected, now).await?;
        Ok(self.sheet(case, actor))
    }

    /// [`Self::command`] for something that happened at `at`, which lies in the past for imported history.
    pub(crate) async fn command_at(
        &self,
        ticket: TicketId,
        command: Command,
        actor: Actor,
        expected: Option<u32>,
        at: Timestamp,
    ) -> Result<Case, DeskError> {
        for _ in 0..Self::TRIES {
            let mut case = self.load_case(ticket).await?;
            if expected.is_some_and(|expected| expected != case.ticket.version) {
                return Err(DeskError::Conflict { sheet: Box::new(self.sheet(case, actor)) });
            }
            let house = self.house();
            let events = {
                let load = self.load();
                let facts =
                    Facts { commitments: &case.commitments, roster: &house.organisation.roster, load: &load };
                let at = at.max(case.ticket.last_at);
                ticket::decide(&case.ticket, command.clone(), actor, &facts, at)
            };
            let events = events.inspect_err(|_| Meters::add(&self.0.meters.refusals))?;
            let entry = self.entry(&case.ticket, at, actor, events);
            let draft = self.draft(&case, &house, &entry);
            match self.keep(draft).await {
                Ok(appended) => {
                    Meters::add(&self.0.meters.commands);
                    case.take_up(entry, appended);
                    return Ok(case);
                }
                Err(LedgerError::Conflict { .. }) => self.count_conflict(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeskError::Unavailable(LedgerError::Unavailable {
            reason: format!("{ticket} changed {} times while this was decided", Self::TRIES),
            source: None,
        }))
    }
}
