//! Streams: what has a chain of its own.

use std::{fmt, str::FromStr};

use yinuo_core::id::{IdError, TicketId};

/// A sequence of entries with its own versions and hash chain, inside one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Commitments, teams and people of the organisation.
    Organisation,
    /// The life of one ticket.
    Ticket(TicketId),
}

impl Stream {
    /// The ticket, if it is the stream of one.
    pub const fn ticket(self) -> Option<TicketId> {
        match self {
            Stream::Organisation => None,
            Stream::Ticket(ticket) => Some(ticket),
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stream::Organisation => f.write_str("organisation"),
            Stream::Ticket(ticket) => ticket.fmt(f),
        }
    }
}

impl FromStr for Stream {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text == "organisation" { Ok(Stream::Organisation) } else { text.parse().map(Stream::Ticket) }
    }
}
