//! The recorded form: what was ever written can be read, and comes out as it went in.
//!
//! `events` is one of each event, `history` compares them with what every version wrote, `values` goes through their values,
//! `binding` through what binds records together, `any` makes them up.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod any;
mod binding;
mod events;
mod history;
mod values;

use jiff::Timestamp;
use yinuo_commitment::{ContentHash, PromiseId};
use yinuo_core::{
    clock::ClockKey,
    roster::{Actor, Role},
    ticket::{Customer, Entry, Event, Pin},
    words::Words,
};
use yinuo_ledger::{
    Sealed,
    conformance::sample::{custody, member, org, salts, ticket},
    record::seal_ticket,
};

pub(crate) fn at() -> Timestamp {
    "2026-11-21T06:00:00.123456Z".parse().unwrap()
}

pub(crate) fn words(text: &str) -> Words {
    Words::new(text)
}

pub(crate) fn key() -> ClockKey {
    ClockKey { commitment: "RT-1".into(), promise: PromiseId::new("online.first"), round: 2 }
}

pub(crate) fn customer() -> Customer {
    Customer {
        name: words("王丽"),
        phone: Some(words("13800000000")),
        email: None,
        address: Some(words(" ")),
    }
}

pub(crate) fn pin() -> Pin {
    Pin { number: "RT-1".into(), version: 3, hash: ContentHash([0xab; 32]) }
}

pub(crate) fn actor() -> Actor {
    Actor::Member { id: member(9), role: Role::TeamLead }
}

pub(crate) fn seal(event: &Event) -> (Sealed, Entry) {
    let entry = Entry { at: at(), actor: actor(), events: vec![event.clone()] };
    (seal_ticket(&org(), ticket(1), None, &entry, at(), &custody(ticket(1)), &mut salts(1)), entry)
}

/// The contents of a sealed record of ticket 1, opened.
pub(crate) fn contents(sealed: &Sealed) -> Vec<yinuo_ledger::Content> {
    let place = (sealed.org(), sealed.stream(), sealed.seq());
    custody(ticket(1)).open_contents(place, sealed.contents()).unwrap()
}
