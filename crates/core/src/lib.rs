//! The domain: what a ticket is, what may happen to it, what was promised and whether it was kept.
//!
//! Everything here is a pure function of dated events:
//!
//! ```text
//! receive(request, facts, now)                  -> events of a new ticket, or a Refusal
//! decide(ticket, command, actor, facts, now)    -> events, or a Refusal that names the rule
//! apply(ticket, entry)                          -> ticket            (total: cannot fail, reads no clock)
//! clocks(ticket, facts)                         -> the course of every clock; `reading(as_of)` judges it
//! next_alarm(ticket, facts)                     -> the next instant at which a ladder step or due falls
//! views(ticket, facts)                          -> the rows that lists and figures read
//! sees(role, field), masked(field, text)        -> who sees which personal data, and what the others see
//! ```
//!
//! **Not here:** storage, networks, serialisation, clocks, random numbers, traits with effects. Inner types are not
//! serialisable on purpose: `yinuo-ledger` owns the recorded form, so a rename here cannot corrupt history.
//!
//! **Invariants:** no verdict is stored; met, missed, breach and averages are derived. Time comes in as `now`; the same
//! events give the same ticket everywhere. `facts` is data looked up beforehand.
//!
//! **Start reading** at [`ticket`] (a ticket is a fold over its events), then [`clock`].

pub mod access;
pub mod breach;
pub mod clock;
pub mod figures;
pub mod id;
pub mod knowledge;
pub mod organisation;
pub mod personal;
pub mod roster;
pub mod routing;
pub mod ticket;
pub mod view;
pub mod words;
