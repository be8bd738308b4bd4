//! View rows as text, the same in every store, so that a rebuild can be compared byte for byte.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use yinuo_core::{
    id::{MemberId, TicketId},
    view::{ClockRow, TicketRow},
    words::Words,
};

use crate::Counts;

/// All view rows of one organisation.
#[derive(Debug, Default)]
pub struct Rows {
    /// Tickets by id.
    pub tickets: BTreeMap<TicketId, TicketRow>,
    /// Clocks, in any order.
    pub clocks: Vec<ClockRow>,
    /// Alarms by ticket.
    pub alarms: BTreeMap<TicketId, Timestamp>,
    /// Tickets by the id of the system that they were imported from.
    pub externals: BTreeMap<String, TicketId>,
    /// Open tickets as counted by the store; `overdue` is left out, for it depends on the instant of asking.
    pub counts: Counts,
    /// Open tickets by person, as counted by the store.
    pub by_member: BTreeMap<MemberId, u64>,
}

impl Rows {
    /// One row a line, in a fixed order.
    pub fn dump(mut self) -> String {
        self.clocks.sort_by(|a, b| (a.ticket, &a.clock).cmp(&(b.ticket, &b.clock)));
        let mut text = String::new();
        let mut line = |kind: &str, value: &Value| {
            text.push_str(kind);
            text.push(' ');
            text.push_str(&value.to_string());
            text.push('\n');
        };
        for row in self.tickets.values() {
            line("ticket", &ticket(row));
        }
        for row in &self.clocks {
            line("clock", &clock(row));
        }
        for (ticket, at) in &self.alarms {
            line("alarm", &json!([ticket.to_string(), at.as_microsecond()]));
        }
        for (external, ticket) in &self.externals {
            line("external", &json!([external, ticket.to_string()]));
        }
        line("open", &json!(self.counts.open));
        for (stage, open) in &self.counts.by_stage {
            line("open-stage", &json!([stage.word(), open]));
        }
        for (kind, open) in &self.counts.by_kind {
            line("open-kind", &json!([kind.word(), open]));
        }
        for (team, open) in &self.counts.by_team {
            line("open-team", &json!([team.as_str(), open]));
        }
        for (member, open) in &self.by_member {
            line("open-member", &json!([member.to_string(), open]));
        }
        text
    }
}

/// The word of an outcome as view rows hold it.
pub fn outcome_word(word: &str) -> Option<&'static str> {
    ["settled", "withdrawn", "unresolved", "out-of-scope", "duplicate"]
        .into_iter()
        .find(|known| *known == word)
}

fn us(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_microsecond)
}

fn names(names: &[Words]) -> Vec<Option<&str>> {
    names.iter().map(Words::text).collect()
}

fn ticket(row: &TicketRow) -> Value {
    json!({
        "ticket": row.ticket.to_string(), "version": row.version, "number": row.number, "channel": row.channel.word(),
        "kind": row.kind.word(), "urgency": row.urgency.word(), "complexity": row.complexity.word(),
        "severity": row.severity.word(), "site": row.site.word(), "technical": row.technical, "topic": row.topic,
        "stage": row.stage.word(), "open": row.open, "outcome": row.outcome, "subject": row.subject.text(),
        "customer": row.customer.text(), "names_before": names(&row.names_before), "team": row.team.as_ref().map(yinuo_core::id::TeamId::as_str),
        "member": row.member.map(|member| member.to_string()), "received_at_us": row.received_at.as_microsecond(),
        "last_at_us": row.last_at.as_microsecond(), "closed_at_us": us(row.closed_at),
        "next_due_at_us": us(row.next_due_at),
        "next_due": row.next_due.as_ref().map(|key| json!([key.commitment, key.promise.as_str(), key.round])),
        "round": row.round, "breach": row.breach.map(yinuo_commitment::Grade::word), "ratings": row.ratings,
        "second_complaint": row.second_complaint, "first_contact": row.first_contact,
        "triage": row.triage.map(yinuo_core::ticket::Triage::word),
    })
}

fn clock(row: &ClockRow) -> Value {
    json!({
        "ticket": row.ticket.to_string(), "clock": json!([row.clock.commitment, row.clock.promise.as_str(), row.clock.round]),
        "commitment_version": row.commitment_version, "kind": row.kind.word(), "channel": row.channel.word(),
        "topic": row.topic, "team": row.team.as_ref().map(yinuo_core::id::TeamId::as_str),
        "member": row.member.map(|member| member.to_string()), "started_at_us": row.started_at.as_microsecond(),
        "due_at_us": us(row.due_at), "end": row.end.map(|(end, at)| (end.word(), at.as_microsecond())),
        "worked_us": row.worked_us, "budget_us": row.budget_us,
    })
}
