//! A ticket in a list.

use yinuo_commitment::Facets;
use yinuo_core::{roster::Roster, view::TicketRow};

use super::{Titles, clock::key, member_name};
use crate::dto::{
    Instant,
    list::{self, NextDue, TicketLine},
};

/// The line of a ticket.
pub(crate) fn ticket_line(row: &TicketRow, roster: &Roster, titles: &Titles) -> TicketLine {
    let facets = Facets {
        kind: row.kind,
        urgency: row.urgency,
        complexity: row.complexity,
        severity: row.severity,
        site: row.site,
        technical: row.technical,
        topic: row.topic.clone(),
    };
    TicketLine {
        id: row.ticket.into(),
        number: row.number.clone(),
        kind: row.kind.into(),
        channel: row.channel.into(),
        facets: list::Facets::from(&facets),
        triage: row.triage.map(Into::into),
        stage: row.stage.into(),
        outcome: row.outcome.map(str::to_owned),
        subject: row.subject.text().map(str::to_owned),
        customer: row.customer.text().map(str::to_owned),
        team: row.team.as_ref().map(Into::into),
        member: row.member.map(|member| member_name(member, roster)),
        received_at: row.received_at.into(),
        last_at: row.last_at.into(),
        closed_at: row.closed_at.map(Instant),
        next_due_at: row.next_due_at.map(Instant),
        next_due: row
            .next_due
            .as_ref()
            .map(|due| NextDue { clock: key(due), title: titles.of(&due.commitment, &due.promise) }),
        breach: row.breach.map(Into::into),
        round: row.round,
        version: row.version,
    }
}
