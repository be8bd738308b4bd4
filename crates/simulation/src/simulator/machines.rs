//! Nodes that start, die and come back; machines that lose their power or their room.

use std::sync::Arc;

use jiff::SignedDuration;
use yinuo_core::roster::Role;
use yinuo_desk::{
    Clock, Desk, DeskError, NewMember, Ports,
    rehearsal::{SeededEntropy, new_member, settings, team_id},
};

use super::{Node, Simulator, Told};
use crate::{
    clock::NodeClock,
    courier::SimulatedCourier,
    faults::{NodeLedger, Weather},
    letters::Letter,
};

impl Simulator<'_> {
    /// A node starts, or starts again with the clock that it had.
    pub(super) async fn open_node(&mut self, index: Option<usize>) {
        let clock = if let Some(index) = index {
            Arc::clone(&self.nodes[index].clock)
        } else {
            let off = SignedDuration::from_micros(self.dice.between(-2_000_000, 2_000_000));
            Arc::new(NodeClock::new(Arc::clone(&self.clock), off))
        };
        for attempt in 0.. {
            let ledger = Arc::new(NodeLedger::new(&self.shared));
            let ports = Ports {
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
                entropy: Arc::new(SeededEntropy::new(self.dice.branch())),
                courier: Arc::new(SimulatedCourier::new(Arc::clone(&ledger), &self.deliveries)),
            };
            let opened = Desk::open(crate::org(), Arc::clone(&ledger) as _, ports, settings()).await;
            match opened {
                Ok(desk) => {
                    let ear = desk.feed();
                    let position = self.shared.drive(self.shared.ledger().last_position(&crate::org()));
                    let told = Told::after(position.expect("the store itself answers"));
                    let knows = Letter::ALL.map(|letter| (letter, self.auditor.newest(letter))).into();
                    let node = Node { desk, ledger, clock, knows, ear, told, sequencer: None };
                    match index {
                        Some(index) => self.nodes[index] = node,
                        None => self.nodes.push(node),
                    }
                    return;
                }
                Err(DeskError::Unavailable(_)) if attempt < 100 => {}
                Err(error) => panic!("a node cannot be opened: {error}"),
            }
        }
    }

    /// A node dies between two steps, however busy.
    pub(super) async fn a_node_dies(&mut self) {
        let index = self.some_node();
        self.say(&format!("node {index} dies"));
        self.nodes[index].ledger.kill();
        self.shared.settle().await;
    }

    /// A node is stopped and started in good order.
    pub(super) async fn a_node_is_opened_again(&mut self) {
        let index = self.some_node();
        self.say(&format!("node {index} starts again"));
        self.open_node(Some(index)).await;
    }

    /// The next append meets a power cut.
    pub(super) fn the_power_fails(&mut self) {
        if self.full_for.is_some() {
            return;
        }
        self.say("the power is about to fail");
        self.shared.set_weather(Weather { power_cut: true, ..self.shared.weather() });
    }

    /// Hardly any room is left, for a while.
    pub(super) async fn the_disk_is_full(&mut self) {
        if self.full_for.is_some() {
            return;
        }
        let more = u32::try_from(self.dice.below(12)).unwrap_or(0);
        self.full_for = Some(self.dice.below(6));
        let files = crate::faults::lock(&self.shared.storage).has_pages();
        self.say(&format!("room for {more} pages more"));
        if files {
            self.stop_everybody().await;
            self.shared.reopen(Some(more));
        } else {
            self.shared.set_weather(Weather { full: true, ..self.shared.weather() });
        }
    }

    /// There is room again.
    pub(super) async fn room_again(&mut self) {
        self.full_for = None;
        self.say("room again");
        self.shared.set_weather(Weather { full: false, ..self.shared.weather() });
        let files = crate::faults::lock(&self.shared.storage).has_pages();
        if files {
            self.stop_everybody().await;
            self.shared.reopen(None);
        }
    }

    /// Nothing is under way any more, so that the file can be closed.
    async fn stop_everybody(&mut self) {
        // Whoever leads holds on to the store.
        for node in &mut self.nodes {
            node.sequencer = None;
        }
        self.shared.settle().await;
    }

    /// A node looks again what others have changed in the organisation.
    pub(super) async fn a_node_looks_again(&mut self) {
        let index = self.some_node();
        let before = self.shared.faults();
        match self.nodes[index].desk.refresh().await {
            Ok(()) => {
                let newest = Letter::ALL.map(|letter| (letter, self.auditor.newest(letter)));
                self.nodes[index].knows = newest.into();
            }
            Err(error) => self.excused("refresh", &error, before),
        }
    }

    /// A node takes up what the others appended, and whoever watches it is told each record once.
    pub(super) async fn a_node_reads_on(&mut self) {
        let index = self.some_node();
        let before = self.shared.faults();
        match self.nodes[index].desk.read_on().await {
            Ok(taken) => {
                self.say(&format!("node {index} reads on: {taken}"));
                let ledger = self.shared.ledger();
                let last =
                    self.shared.drive(ledger.last_position(&crate::org())).expect("the store itself answers");
                let missing = self.nodes[index].hears().missing(last);
                if let Some(missing) = missing {
                    self.object(format!("node {index} was not told about record {missing}"));
                }
                self.nodes[index].knows =
                    Letter::ALL.map(|letter| (letter, self.auditor.newest(letter))).into();
            }
            Err(error) => self.excused("read on", &error, before),
        }
        if let Some(position) = self.nodes[index].hears().twice {
            self.object(format!("node {index} was told twice about record {position}"));
        }
    }

    /// A letter gets its next version, if there is one.
    pub(super) async fn a_newer_letter(&mut self) {
        let letter = *self.dice.pick(&Letter::ALL);
        self.publish(letter).await;
    }

    pub(super) async fn publish(&mut self, letter: Letter) {
        let version = self.auditor.newest(letter) + 1;
        let Some(text) = letter.text(version) else { return };
        let index = self.some_node();
        let actor =
            self.people.get("manager").map_or(yinuo_core::roster::Actor::System, |_| self.actor("manager"));
        let before = self.shared.faults();
        let published = self.nodes[index].desk.publish(text, actor).await;
        self.shared.settle().await;
        let kept = match published {
            Ok(published) => {
                if published.version != version || published.number != letter.number() {
                    self.object(format!("{} was published as {}", letter.number(), published.version));
                }
                self.nodes[index].knows.insert(letter, version);
                true
            }
            Err(error) => {
                self.excused("publish", &error, before);
                self.is_published(letter, version)
            }
        };
        if kept {
            self.auditor.published(letter, version);
        }
        self.say(&format!("node {index} publishes {} {version}: {kept}", letter.number()));
    }

    /// Looks up whether a letter was published after all.
    fn is_published(&mut self, letter: Letter, version: u32) -> bool {
        let ledger = self.shared.ledger();
        let loaded =
            self.shared.drive(ledger.load_organisation(&crate::org())).expect("the store itself answers");
        let entries = loaded.map(|loaded| loaded.entries).unwrap_or_default();
        let folded =
            entries.iter().fold(yinuo_core::organisation::Organisation::default(), |organisation, entry| {
                yinuo_core::organisation::apply(organisation, entry)
            });
        folded.published.iter().any(|one| one.number == letter.number() && one.version == version)
    }

    /// Somebody joins, and now and then somebody who joined leaves again.
    pub(super) async fn staff_changes(&mut self) {
        let index = self.some_node();
        let before = self.shared.faults();
        let desk = self.nodes[index].desk.clone();
        let admin = self.actor("admin");
        let newcomers: Vec<_> = desk
            .organisation()
            .roster
            .members
            .values()
            .filter(|member| member.active && member.account.starts_with("new"))
            .map(|member| member.id)
            .collect();
        if !newcomers.is_empty() && self.dice.once_in(2) {
            let leaver = *self.dice.pick(&newcomers);
            self.say(&format!("node {index}: somebody leaves"));
            match desk.leave(leaver, admin).await {
                // Another node was told first.
                Ok(()) | Err(DeskError::NotFound { .. }) => {}
                Err(error) => self.excused("leave", &error, before),
            }
            self.shared.settle().await;
            return;
        }
        self.joined += 1;
        let account = format!("new{}", self.joined);
        let new = NewMember { team: Some(team_id("customer-service")), ..new_member(&account, Role::Agent) };
        self.say(&format!("node {index}: {account} joins"));
        if let Err(error) = desk.join(new, Some("hash"), admin).await {
            self.excused("join", &error, before);
        }
        self.shared.settle().await;
    }

    /// An error that the weather explains, or an objection.
    pub(super) fn excused(&mut self, what: &str, error: &DeskError, faults_before: u64) {
        let explained = self.shared.faults() > faults_before;
        match error {
            DeskError::Unavailable(_) | DeskError::Full if explained => {
                self.say(&format!("{what}: {}", error.code()));
            }
            _ => self.object(format!("{what} answers {error} ({error:?})")),
        }
    }
}
