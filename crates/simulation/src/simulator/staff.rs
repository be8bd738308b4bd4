//! The company's people at work, in every role, and the workers of the nodes.

use yinuo_commitment::Kind;
use yinuo_core::{
    id::TicketId,
    roster::{Actor, Role},
    ticket::CommandKind,
};
use yinuo_desk::{Clock, TicketSheet, rehearsal::PEOPLE};

use super::{
    Simulator,
    deeds::{Cut, Deed, What},
};
use crate::commands::Thinking;

/// What leads further than a note: preferred, or hardly any ticket would ever get there.
const FURTHER: [CommandKind; 26] = [
    CommandKind::StartInvestigation,
    CommandKind::Verify,
    CommandKind::Resume,
    CommandKind::FindConcealment,
    CommandKind::Reply,
    CommandKind::PickUp,
    CommandKind::EndCall,
    CommandKind::TellLookup,
    CommandKind::Dispatch,
    CommandKind::Arrive,
    CommandKind::ProposeSolution,
    CommandKind::AcceptSolution,
    CommandKind::RejectSolution,
    CommandKind::CarryOut,
    CommandKind::Confirm,
    CommandKind::LiftException,
    CommandKind::CallMediation,
    CommandKind::ConcludeMediation,
    CommandKind::AnswerSurvey,
    CommandKind::CallBack,
    CommandKind::ProposeRemedy,
    CommandKind::ApproveRemedy,
    CommandKind::DeliverRemedy,
    CommandKind::ConfirmRemedy,
    CommandKind::JudgeAnswer,
    CommandKind::AskForPerson,
];

/// What is so far along that whoever can do it does.
const FURTHEST: [CommandKind; 7] = [
    CommandKind::LiftException,
    CommandKind::ConcludeMediation,
    CommandKind::FindConcealment,
    CommandKind::CallBack,
    CommandKind::ApproveRemedy,
    CommandKind::DeliverRemedy,
    CommandKind::ConfirmRemedy,
];

/// The product itself, which answers what its knowledge base is sure of.
const PRODUCT: &str = "product";

/// Those who have something to do on most days.
const BUSY: [&str; 6] = ["amy", "carol", "lead", "specialist", "manager", "supervision"];

impl Simulator<'_> {
    pub(super) fn some_ticket(&mut self) -> Option<(TicketId, String, String)> {
        let all: Vec<_> = self
            .auditor
            .tickets()
            .map(|(id, known)| (*id, known.number.clone(), known.query_code.clone()))
            .collect();
        if all.is_empty() {
            return None;
        }
        // The oldest most of all, so that some get far.
        let upto = if self.dice.once_in(3) { all.len() } else { all.len().min(3) };
        Some(self.dice.pick(&all[..upto]).clone())
    }

    /// Somebody of the company, or the customer; agents most of all.
    fn somebody(&mut self) -> &'static str {
        match self.dice.below(16) {
            0..4 => return "customer",
            4 => return PRODUCT,
            _ => {}
        }
        if self.dice.once_in(2) {
            return self.dice.pick::<&str>(&BUSY);
        }
        self.dice.pick(&PEOPLE).0
    }

    pub(super) async fn somebody_acts(&mut self) {
        let who = self.somebody();
        let Some(ticket) = self.some_ticket() else { return };
        if let Some(deed) = self.thinks_of(who, &ticket).await {
            let cut = match self.dice.below(12) {
                _ if self.in_peace() => None,
                0 => Some(Cut::HangUp(self.dice.below(25))),
                1 => Some(Cut::NodeDies(self.dice.below(25))),
                _ => None,
            };
            self.perform_all(vec![(deed, cut)]).await;
        }
    }

    /// Several people act, a node ticks, another delivers: all at the same moment.
    pub(super) async fn several_act_at_once(&mut self) {
        let Some(ticket) = self.some_ticket() else { return };
        let mut deeds = Vec::new();
        // Different people: whose entry is whose has to be seen from the entry.
        let mut people = vec!["amy", "lead", "specialist", "manager", "customer"];
        for _ in 0..self.dice.between(2, 5) {
            let who = people.remove(self.dice.index(people.len()));
            let ticket = if self.dice.once_in(4) { self.some_ticket() } else { Some(ticket.clone()) };
            let Some(ticket) = ticket else { continue };
            deeds.extend(self.thinks_of(who, &ticket).await.map(|deed| (deed, None)));
        }
        for what in [What::Tick, What::Tick, What::Deliver] {
            if self.dice.once_in(3) {
                deeds.push((Deed { node: self.some_node(), what }, None));
            }
        }
        self.perform_all(deeds).await;
    }

    /// What somebody would do with a ticket, having looked at it.
    async fn thinks_of(&mut self, who: &'static str, ticket: &(TicketId, String, String)) -> Option<Deed> {
        let (id, number, code) = ticket.clone();
        let node = self.some_node();
        let customer = who == "customer";
        if customer && self.auditor.is_erased(id) {
            return None;
        }
        let actor = match who {
            "customer" => Actor::Customer,
            PRODUCT => Actor::System,
            _ => self.actor(who),
        };
        if matches!(actor, Actor::Member { role: Role::Admin, .. }) {
            return None;
        }
        let desk = self.nodes[node].desk.clone();
        let faults = self.shared.faults();
        let seen = if customer { desk.follow(&number, &code).await } else { desk.ticket(id, actor).await };
        let sheet = match seen {
            Ok(sheet) => sheet,
            Err(error) => {
                self.excused("look", &error, faults);
                return None;
            }
        };
        let kind = if who == PRODUCT { CommandKind::GiveAnswer } else { self.choice(&sheet)? };
        let says = self.something();
        let now = self.nodes[node].clock.now();
        let organisation = desk.organisation();
        let mut thinking =
            Thinking { dice: &mut self.dice, sheet: &sheet, roster: &organisation.roster, now, says };
        let command = thinking.command(kind);
        let only_then = !self.dice.once_in(4);
        let seen = sheet.ticket.version;
        let code = customer.then_some((number, code));
        Some(Deed { node, what: What::Command { ticket: id, command, actor, seen, only_then, code } })
    }

    /// One of the commands that the sheet offers; now and then one that it does not.
    fn choice(&mut self, sheet: &TicketSheet) -> Option<CommandKind> {
        let all = self.dice.once_in(15);
        let offered: Vec<CommandKind> =
            sheet.permitted.iter().filter(|(_, may)| all || may.is_ok()).map(|(kind, _)| *kind).collect();
        let further: Vec<CommandKind> =
            offered.iter().copied().filter(|kind| FURTHER.contains(kind)).collect();
        // An exception needs word to the customer, and a promise that can be excepted.
        let told = !sheet.ticket.messages.is_empty() && sheet.ticket.facets().kind == Kind::Repair;
        if told && offered.contains(&CommandKind::GrantException) && self.dice.once_in(2) {
            return Some(CommandKind::GrantException);
        }
        let furthest: Vec<CommandKind> =
            further.iter().copied().filter(|kind| FURTHEST.contains(kind)).collect();
        if !furthest.is_empty() && self.dice.once_in(2) {
            return Some(*self.dice.pick(&furthest));
        }
        if !further.is_empty() && !self.dice.once_in(3) {
            return Some(*self.dice.pick(&further));
        }
        if offered.is_empty() { None } else { Some(*self.dice.pick(&offered)) }
    }

    pub(super) async fn a_node_ticks(&mut self) {
        let node = self.some_node();
        self.perform(Deed { node, what: What::Tick }).await;
    }

    pub(super) async fn all_nodes_tick(&mut self) {
        let nodes = 0..self.nodes.len();
        self.perform_all(nodes.map(|node| (Deed { node, what: What::Tick }, None)).collect()).await;
    }

    pub(super) async fn a_node_delivers(&mut self) {
        let node = self.some_node();
        let mut deeds = vec![(Deed { node, what: What::Deliver }, None)];
        if self.dice.once_in(3) {
            let other = self.some_node();
            deeds.push((Deed { node: other, what: What::Deliver }, None));
        }
        self.perform_all(deeds).await;
    }
}
