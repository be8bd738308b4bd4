//! What somebody asks of a node: done alone or at the same moment as others, cut short, and looked up where the answer
//! was lost.

use tokio::task::JoinHandle;
use yinuo_core::{
    id::TicketId,
    roster::Actor,
    ticket::{Command, Event},
    words::Words,
};
use yinuo_desk::{Clock, Desk, DeskError, Receipt, Submission, TickReport, TicketSheet};
use yinuo_ledger::{Page, Stream, TicketFilter};

use super::Simulator;

/// Something asked of a node.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    pub(crate) node: usize,
    pub(crate) what: What,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Submit {
        submission: Submission,
        key: Option<String>,
    },
    Command {
        ticket: TicketId,
        command: Command,
        actor: Actor,
        /// The version that the actor saw.
        seen: u32,
        /// Whether it is refused if there is a newer one.
        only_then: bool,
        /// Number and query code, if the customer does it.
        code: Option<(String, String)>,
    },
    Tick,
    Deliver,
}

/// The answer.
pub(crate) enum Done {
    Receipt(Result<Box<Receipt>, DeskError>),
    Sheet(Result<Box<TicketSheet>, DeskError>),
    Ticked(Result<TickReport, DeskError>),
    Delivered(Result<u64, DeskError>),
    /// Whoever asked went away, or the node died.
    Nobody,
}

/// How a deed is cut short, after some turns.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    HangUp(u64),
    NodeDies(u64),
}

async fn done(desk: Desk, what: What) -> Done {
    match what {
        What::Submit { submission, key } => {
            Done::Receipt(desk.submit(submission, Actor::Customer, key).await.map(Box::new))
        }
        What::Command { ticket, command, actor, seen, only_then, code } => {
            let expected = only_then.then_some(seen);
            let sheet = match code {
                Some((number, code)) => desk.command_as_customer(&number, &code, command, expected).await,
                None => desk.command(ticket, command, actor, expected).await,
            };
            Done::Sheet(sheet.map(Box::new))
        }
        What::Tick => Done::Ticked(desk.tick_due().await),
        What::Deliver => Done::Delivered(desk.deliver_due().await),
    }
}

impl Simulator<'_> {
    /// One deed, from beginning to end.
    pub(super) async fn perform(&mut self, deed: Deed) {
        self.perform_all(vec![(deed, None)]).await;
    }

    /// Deeds at the same moment.
    pub(super) async fn perform_all(&mut self, deeds: Vec<(Deed, Option<Cut>)>) {
        let faults = self.shared.faults();
        let mut under_way: Vec<(Deed, JoinHandle<Done>)> = Vec::new();
        let mut cuts = Vec::new();
        for (deed, cut) in deeds {
            let desk = self.nodes[deed.node].desk.clone();
            let task = tokio::spawn(done(desk, deed.what.clone()));
            cuts.extend(cut.map(|cut| (under_way.len(), cut)));
            under_way.push((deed, task));
        }
        for (index, cut) in cuts {
            let (deed, task) = &under_way[index];
            let (Cut::HangUp(turns) | Cut::NodeDies(turns)) = cut;
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            if matches!(cut, Cut::NodeDies(_)) {
                self.nodes[deed.node].ledger.kill();
            }
            task.abort();
        }
        let mut answers = Vec::new();
        for (deed, task) in under_way {
            let answer = match task.await {
                Ok(answer) => answer,
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_) => Done::Nobody,
            };
            answers.push((deed, answer));
        }
        self.shared.settle().await;
        let now: Vec<_> = self.nodes.iter().map(|node| node.clock.now()).collect();
        // First what was told, so that what has to be looked up is not taken for somebody else's.
        let (mut told, lost): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|(_, answer)| answer.is_told());
        told.sort_by_key(|(_, answer)| matches!(answer, Done::Receipt(Ok(receipt)) if receipt.replayed));
        for (deed, answer) in told.into_iter().chain(lost) {
            self.take_note(deed, answer, faults, &now).await;
        }
    }

    async fn take_note(&mut self, deed: Deed, answer: Done, faults: u64, now: &[jiff::Timestamp]) {
        let Deed { node, what } = deed;
        let at = now[node];
        match (what, answer) {
            (What::Submit { submission, key }, Done::Receipt(Ok(receipt))) => {
                self.say(&format!("node {node} asks: {} {}", receipt.number, receipt.hash));
                if !receipt.replayed && receipt.received_at != at {
                    self.object(format!("{} came in at {at}, says {}", receipt.number, receipt.received_at));
                }
                self.receipt(node, &receipt, &submission, key.as_deref());
            }
            (What::Submit { submission, key }, answer) => {
                if let Done::Receipt(Err(error)) = &answer {
                    self.excused("submit", error, faults);
                }
                match key {
                    // Whoever has a key asks again until there is an answer.
                    Some(key) => self.insist(submission, key).await,
                    None => self.look_for(&submission),
                }
            }
            (What::Command { ticket, command, actor, only_then, seen, .. }, answer) => {
                let error = match answer {
                    Done::Sheet(Ok(sheet)) => {
                        let (at_last, version) = (sheet.ticket.last_at, sheet.ticket.version);
                        let word = command.kind().word();
                        self.say(&format!("node {node} {word} {}: version {version}", sheet.ticket.number));
                        if at_last < at || only_then && version != seen + 1 {
                            self.object(format!("{word} at {at} made version {version} at {at_last}"));
                        }
                        let objections = self.auditor.happened(ticket, command, actor, at_last, version);
                        self.object_all(objections);
                        return;
                    }
                    Done::Sheet(Err(error)) => Some(error),
                    _ => None,
                };
                self.not_told(ticket, command, actor, seen, only_then, error.as_ref(), faults);
            }
            (What::Tick, Done::Ticked(report)) => match report {
                Ok(report) => {
                    self.say(&format!("node {node} ticks {}", report.ticked));
                    if report.stale > 0 {
                        self.object("an alarm row does not fit its ticket");
                    }
                }
                Err(error) => self.excused("tick", &error, faults),
            },
            (What::Deliver, Done::Delivered(settled)) => match settled {
                Ok(settled) => self.say(&format!("node {node} delivers {settled}")),
                Err(error) => self.excused("deliver", &error, faults),
            },
            (What::Tick | What::Deliver, _) => self.say(&format!("node {node} is cut short")),
        }
    }

    pub(super) fn receipt(
        &mut self,
        node: usize,
        receipt: &Receipt,
        submission: &Submission,
        key: Option<&str>,
    ) {
        let again = key.is_some_and(|key| self.auditor.has_key(key));
        let mut objections = match key.filter(|_| again) {
            Some(key) => self.auditor.acknowledged_again(receipt, key),
            None => self.auditor.acknowledged(receipt, submission, key),
        };
        if !receipt.replayed {
            for (letter, least) in self.nodes[node].knows.clone() {
                let pins = &receipt.sheet.ticket.pins;
                let pinned = pins.iter().find(|pin| pin.number == letter.number());
                if pinned.map_or(0, |pin| pin.version) < least {
                    objections.push(format!(
                        "{} is not judged by {} {least}",
                        receipt.number,
                        letter.number()
                    ));
                }
            }
        }
        self.object_all(objections);
    }

    /// A command that was not carried out, or whose answer was lost.
    fn not_told(
        &mut self,
        ticket: TicketId,
        command: Command,
        actor: Actor,
        seen: u32,
        only_then: bool,
        error: Option<&DeskError>,
        faults: u64,
    ) {
        let word = command.kind().word();
        let sure = match error {
            Some(DeskError::Refused(refusal)) => {
                self.say(&format!("{word}: {}", refusal.code()));
                true
            }
            Some(DeskError::Wording { .. }) => {
                self.say(&format!("{word}: wording"));
                true
            }
            Some(DeskError::Conflict { sheet }) => {
                if !only_then || sheet.ticket.id != ticket || sheet.ticket.version == seen {
                    self.object(format!("{word} conflicts with version {}", sheet.ticket.version));
                }
                self.say(&format!("{word}: conflict"));
                true
            }
            Some(DeskError::PersonErased) if self.auditor.is_erased(ticket) => {
                self.say(&format!("{word}: erased"));
                true
            }
            Some(error) => {
                self.excused(word, error, faults);
                matches!(error, DeskError::Full)
            }
            None => {
                self.say(&format!("{word}: nobody hears the answer"));
                false
            }
        };
        let ledger = self.shared.ledger();
        let loaded = self.shared.drive(ledger.load_ticket(&crate::org(), ticket));
        let Ok(Some(loaded)) = loaded else {
            self.object(format!("{ticket} is not there"));
            return;
        };
        let kept = self.auditor.look_up(ticket, &command, actor, seen, &loaded.entries);
        let Some((version, at)) = kept else { return };
        // Of those who are sure that nothing was kept, nobody may have left something behind.
        if sure {
            self.object(format!("{word} was refused and is on record as version {version}"));
            return;
        }
        self.say(&format!("{word} is on record as version {version}"));
        let objections = self.auditor.happened(ticket, command, actor, at, version);
        self.object_all(objections);
    }

    /// Asks again with the same key until somebody answers.
    pub(super) async fn insist(&mut self, submission: Submission, key: String) {
        for attempt in 0..60_u32 {
            if attempt == 10 && self.full_for.is_some() {
                self.room_again().await;
            }
            let node = self.some_node();
            if !self.nodes[node].ledger.is_alive() {
                self.open_node(Some(node)).await;
            }
            let faults = self.shared.faults();
            let desk = self.nodes[node].desk.clone();
            match desk.submit(submission.clone(), Actor::Customer, Some(key.clone())).await {
                Ok(receipt) => {
                    self.say(&format!("asked again: {} {}", receipt.number, receipt.hash));
                    self.receipt(node, &receipt, &submission, Some(&key));
                    return;
                }
                Err(error) => self.excused("submit again", &error, faults),
            }
            self.shared.settle().await;
        }
        self.object(format!("{key} was never answered"));
    }

    /// A request without a key whose answer was lost: it is there, or it is not.
    fn look_for(&mut self, submission: &Submission) {
        let ledger = self.shared.ledger();
        let page = self
            .shared
            .drive(ledger.list_tickets(&crate::org(), &TicketFilter::default(), &Page::first(100_000)))
            .expect("the store itself answers");
        for row in page.rows.iter().filter(|row| !self.auditor.knows(row.ticket)) {
            let stream = Stream::Ticket(row.ticket);
            let loaded = self.shared.drive(ledger.load_ticket(&crate::org(), row.ticket));
            let records = self.shared.drive(ledger.records_of(&crate::org(), stream));
            let (Ok(Some(loaded)), Ok(records)) = (loaded, records) else { continue };
            let said = |body: &Words| *body == submission.body;
            let events = loaded.entries.first().map(|entry| entry.events.as_slice()).unwrap_or_default();
            if events.iter().any(|event| matches!(event, Event::Received { body, .. } if said(body))) {
                self.say(&format!("found {}", row.number));
                let objections = self.auditor.found(row.ticket, &loaded, records[0].hash, submission);
                self.object_all(objections);
                return;
            }
        }
        self.say("not found");
    }
}

impl Done {
    /// Whether it says for sure what was done.
    fn is_told(&self) -> bool {
        !matches!(
            self,
            Done::Nobody
                | Done::Receipt(Err(DeskError::Unavailable(_)))
                | Done::Sheet(Err(DeskError::Unavailable(_)))
        )
    }
}
