//! Everything that a page about one ticket shows, as of one instant.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use yinuo_commitment::{Commitment, Give, PromiseId, Text};
use yinuo_core::{
    breach::{self, Breach},
    clock::{self, Alarm, Clock, ClockReading, ClockSource},
    organisation::Erasure,
    personal::PersonalField,
    roster::Actor,
    ticket::{CommandKind, Entry, Facts, Refusal, Ticket, permitted},
};

use crate::{case::Case, desk::Desk, looks};

/// A ticket with its clocks, what may be done, and what is owed, as of one instant.
#[derive(Debug, Clone)]
pub struct TicketSheet {
    /// The ticket. Personal data of the customer are masked, unless the sheet is the customer's.
    pub ticket: Ticket,
    /// Its entries in order, masked in the same way.
    pub entries: Vec<Entry>,
    /// What is masked and could be revealed to somebody who may, see [`Desk::reveal`].
    pub revealable: Vec<PersonalField>,
    /// How the customer's data were erased, if they were.
    pub erased: Option<Erasure>,
    /// As of when everything here is.
    pub as_of: Timestamp,
    /// Its clocks.
    pub clocks: Vec<ClockSheet>,
    /// Every command with the refusal that it would meet now.
    pub permitted: Vec<(CommandKind, Result<(), Refusal>)>,
    /// Breaches known by now.
    pub breaches: Vec<Breach>,
    /// What the letters' tables give for the misses.
    pub compensation: Vec<(PromiseId, Give)>,
    /// The commitments that judge it, in the order of its pins.
    pub commitments: Vec<Arc<Commitment>>,
    /// The time-zone database has changed since the ticket came in, so that instants may read differently.
    pub tzdb_differs: bool,
}

/// A clock as of one instant.
#[derive(Debug, Clone)]
pub struct ClockSheet {
    /// Its course.
    pub clock: Clock,
    /// Its state.
    pub reading: ClockReading,
    /// What is promised, in a few words.
    pub title: Text,
    /// Alarms still to come.
    pub alarms: Vec<Alarm>,
}

impl Desk {
    /// The sheet of a loaded ticket for `actor`, with nothing that `actor` does not see.
    pub(crate) fn sheet(&self, case: Case, actor: Actor) -> TicketSheet {
        self.sheet_as_of(case, actor, self.now())
    }

    /// The sheet as it was at `as_of`, if nothing has happened to the loaded ticket since.
    pub(crate) fn sheet_as_of(&self, mut case: Case, actor: Actor, as_of: Timestamp) -> TicketSheet {
        let as_of = as_of.max(case.ticket.last_at);
        let house = self.house();
        let no_load = BTreeMap::new();
        let facts =
            Facts { commitments: &case.commitments, roster: &house.organisation.roster, load: &no_load };
        let clocks = clock::clocks(&case.ticket, &facts, as_of);
        let alarms = clock::alarm::alarms(&case.ticket, &facts, &clocks);
        let sheets = clocks.iter().map(|clock| ClockSheet {
            reading: clock.reading(as_of),
            title: title(clock, &case.commitments),
            alarms: alarms.iter().filter(|alarm| alarm.clock == clock.key).cloned().collect(),
            clock: clock.clone(),
        });
        let permitted = permitted(&case.ticket, &facts, actor, as_of);
        let breaches = breach::breaches(&case.ticket, &facts, &clocks, as_of);
        let compensation = breach::compensation(&facts, &clocks, as_of);
        let clocks = sheets.collect();
        let revealable = looks::mask(actor, &mut case.ticket, &mut case.entries, house.own());
        TicketSheet {
            as_of,
            clocks,
            permitted,
            breaches,
            compensation,
            revealable,
            erased: house.organisation.erased.get(&case.ticket.id).copied(),
            tzdb_differs: case.ticket.tzdb != yinuo_calendar::tzdb_version(),
            commitments: case.commitments,
            ticket: case.ticket,
            entries: case.entries,
        }
    }
}

/// The title of a clock: the promise's, or what a breach or low rating demands.
fn title(clock: &Clock, commitments: &[Arc<Commitment>]) -> Text {
    match clock.source {
        ClockSource::Promise => commitments
            .get(clock.pin)
            .and_then(|commitment| commitment.promise(clock.key.promise.as_str()))
            .map_or_else(
                || Text::new(clock.key.promise.as_str(), clock.key.promise.as_str()),
                |promise| promise.title.clone(),
            ),
        ClockSource::Remedy(yinuo_commitment::Grade::Minor) => {
            Text::new("轻微违约补救", "Remedy for a minor breach")
        }
        ClockSource::Remedy(yinuo_commitment::Grade::Major) => {
            Text::new("重大违约补救", "Remedy for a major breach")
        }
        ClockSource::LowRating => Text::new("低分回访", "Call-back after a low rating"),
    }
}
