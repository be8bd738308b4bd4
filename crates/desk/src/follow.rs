//! The customer follows a ticket with its number and query code.

use sha2::{Digest, Sha256};
use yinuo_core::{id::TicketId, roster::Actor, ticket::Command};

use crate::{case::Case, desk::Desk, error::DeskError, sheet::TicketSheet};

impl Desk {
    /// The ticket as its customer may see it. An unknown number and a wrong code look the same.
    pub async fn follow(&self, number: &str, query_code: &str) -> Result<TicketSheet, DeskError> {
        let case = self.customers_case(number, query_code).await?;
        Ok(self.sheet(case, Actor::Customer))
    }

    /// A command by the customer.
    pub async fn command_as_customer(
        &self,
        number: &str,
        query_code: &str,
        command: Command,
        expected: Option<u32>,
    ) -> Result<TicketSheet, DeskError> {
        let case = self.customers_case(number, query_code).await?;
        let ticket: TicketId = case.ticket.id;
        // Whoever writes 转人工 to an automatic answer means what the button says.
        let asks = case.ticket.automatic_answer().is_some()
            && case.ticket.round().person_asked_at.is_none()
            && matches!(&command, Command::RecordWords { body }
                if body.text().is_some_and(yinuo_language::answers::asks_for_a_person));
        let sheet = self.command(ticket, command, Actor::Customer, expected).await?;
        if !asks {
            return Ok(sheet);
        }
        match self.command(ticket, Command::AskForPerson, Actor::Customer, None).await {
            // A person was faster.
            Err(DeskError::Refused(_)) => Ok(sheet),
            asked => asked,
        }
    }

    pub(crate) async fn customers_case(&self, number: &str, query_code: &str) -> Result<Case, DeskError> {
        const NOT_FOUND: DeskError = DeskError::NotFound { what: "ticket" };
        let number = number.trim().to_ascii_uppercase();
        let row = self.0.ledger.ticket_by_number(&self.0.org, &number).await?.ok_or(NOT_FOUND)?;
        let case = self.load_case(row.ticket).await?;
        // Digests of equal length: how long the comparison takes tells nothing about the code.
        let given = Sha256::digest(query_code.trim().to_ascii_uppercase().as_bytes());
        let known = case.ticket.query_code.text().map(|code| Sha256::digest(code.as_bytes()));
        match known {
            Some(known) if known == given => Ok(case),
            Some(_) => Err(NOT_FOUND),
            // The code was erased with everything else, so nobody can show it any more: whoever knows the number is told
            // that, and nothing more.
            None => {
                Err(self.erasure_of(case.ticket.id).await?.map_or(NOT_FOUND, |erasure| self.erased(&erasure)))
            }
        }
    }
}
