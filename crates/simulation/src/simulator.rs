//! One course, from its seed: customers, staff, clocks, and everything that goes wrong.

mod audits;
mod customers;
mod deeds;
mod machines;
mod privacy;
mod staff;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::broadcast;
use yinuo_core::{id::MemberId, roster::Actor};
use yinuo_desk::{
    Change, Clock, Desk, Sequencer,
    rehearsal::{Dice, People, SteppedClock, found, wall},
};

use crate::{
    Plan,
    auditor::Auditor,
    clock::NodeClock,
    courier::Deliveries,
    faults::{NodeLedger, Shared, Weather},
    letters::Letter,
    mischief::Mischievous,
    storage::Storage,
    trace::Trace,
};

/// Days on which something begins: holidays, days that make up for them, changes of clocks, a month that ends.
const BEGINNINGS: [&str; 7] = [
    "2026-02-10 08:30",
    "2026-03-06 16:00",
    "2026-04-28 10:00",
    "2026-06-16 17:40",
    "2026-09-21 09:00",
    "2026-10-29 11:00",
    "2026-11-20 10:00",
];

/// One node of the company.
pub(crate) struct Node {
    pub(crate) desk: Desk,
    pub(crate) ledger: Arc<NodeLedger>,
    pub(crate) clock: Arc<NodeClock>,
    /// Versions of letters that it has to know.
    pub(crate) knows: BTreeMap<Letter, u32>,
    /// Whoever watches the live feed of this node.
    pub(crate) ear: broadcast::Receiver<Change>,
    pub(crate) told: Told,
    pub(crate) sequencer: Option<Sequencer>,
}

/// What the watcher of a live feed was told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    positions: BTreeSet<u64>,
    /// Everything up to here was there before the watcher.
    before: u64,
    /// A position that was told twice.
    pub(crate) twice: Option<u64>,
}

impl Told {
    pub(crate) fn after(before: u64) -> Self {
        Self { before, ..Self::default() }
    }

    /// The first position up to `last` that was not told.
    pub(crate) fn missing(&self, last: u64) -> Option<u64> {
        (self.before + 1..=last).find(|position| !self.positions.contains(position))
    }
}

impl Node {
    /// Listens to what the feed has told meanwhile.
    pub(crate) fn hears(&mut self) -> &Told {
        while let Ok(change) = self.ear.try_recv() {
            // Notices are no records.
            if change.position > 0 && !self.told.positions.insert(change.position) {
                self.told.twice = Some(change.position);
            }
        }
        &self.told
    }
}

/// See the [module](self).
pub(crate) struct Simulator<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) trace: &'a Trace,
    pub(crate) dice: Dice,
    pub(crate) shared: Arc<Shared>,
    pub(crate) deliveries: Arc<Deliveries>,
    pub(crate) clock: Arc<SteppedClock>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) people: People,
    pub(crate) auditor: Auditor,
    pub(crate) objections: Vec<String>,
    /// Counts what is said, so that nobody says the same twice.
    pub(crate) said: u64,
    /// Steps until there is room again; none while there is.
    pub(crate) full_for: Option<u64>,
    pub(crate) joined: u64,
    /// The latest instant that any node has seen.
    pub(crate) latest_ever: Timestamp,
    /// The public key of the log, once some node has signed.
    pub(crate) log_key: Option<String>,
}

impl<'a> Simulator<'a> {
    pub(crate) async fn open(plan: &'a Plan, trace: &'a Trace) -> Self {
        let mut dice = Dice::new(plan.seed);
        let wait = dice.below(4);
        let mischief = Mischievous::new(plan.mischief, wait);
        let shared = Arc::new(Shared::new(Storage::open(plan.store), dice.branch(), mischief));
        let deliveries = Arc::new(Deliveries::new(dice.branch()));
        // A long course has to begin early in the year: holidays are known for this one.
        let beginning = if plan.steps > 1_000 { BEGINNINGS[0] } else { dice.pick(&BEGINNINGS) };
        let clock = Arc::new(SteppedClock::at(wall(beginning)));
        let mut simulator = Self {
            plan,
            trace,
            dice,
            shared,
            deliveries,
            clock,
            nodes: Vec::new(),
            people: People::new(),
            auditor: Auditor::default(),
            objections: Vec::new(),
            said: 0,
            full_for: None,
            joined: 0,
            latest_ever: Timestamp::MIN,
            log_key: None,
        };
        simulator.begin().await;
        simulator
    }

    /// The company is founded, its first letter published, in good weather.
    async fn begin(&mut self) {
        self.open_node(None).await;
        self.people = found(&self.nodes[0].desk).await.expect("good weather");
        self.publish(Letter::First).await;
        if self.dice.once_in(2) {
            self.publish(Letter::Night).await;
        }
        let others = self.dice.between(1, 3);
        for _ in 0..others {
            self.open_node(None).await;
        }
        if !self.in_peace() {
            self.weather_changes();
        }
        self.say(&format!("{} nodes on {}", self.nodes.len(), self.plan.store));
    }

    pub(crate) fn say(&self, line: &str) {
        self.trace.say(format!("{} {line}", self.clock.now()));
    }

    pub(crate) fn object(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.say(&format!("OBJECTION {what}"));
        self.objections.push(what);
    }

    pub(crate) fn object_all(&mut self, what: Vec<String>) {
        for what in what {
            self.object(what);
        }
    }

    pub(crate) fn some_node(&mut self) -> usize {
        self.dice.index(self.nodes.len())
    }

    pub(crate) fn member(&self, account: &str) -> MemberId {
        self.people[account].0
    }

    pub(crate) fn actor(&self, account: &str) -> Actor {
        let (id, role) = self.people[account];
        Actor::Member { id, role }
    }

    /// Something that nobody has said before.
    pub(crate) fn something(&mut self) -> String {
        self.said += 1;
        format!("第{}件事", self.said)
    }

    /// The whole course.
    pub(crate) async fn play(&mut self) {
        for step in 0..self.plan.steps {
            self.step().await;
            self.after_step().await;
            if (step % 40 == 39 || self.in_peace()) && self.objections.is_empty() {
                self.audit(false).await;
            }
            if !self.objections.is_empty() {
                return;
            }
        }
        self.end().await;
    }

    /// Mischief is looked for in good weather, after each step: the next one could heal what was done, and a lost answer
    /// excuse it.
    pub(crate) fn in_peace(&self) -> bool {
        self.plan.mischief.is_some()
    }

    async fn step(&mut self) {
        let die = self.dice.below(70);
        let violent = matches!(die, 13..=17 | 36..=39 | 55 | 57 | 58 | 63);
        if violent && self.in_peace() {
            return self.somebody_acts().await;
        }
        match die {
            0..=9 => self.somebody_asks().await,
            10..=12 => self.somebody_asks_again().await,
            13..=15 => self.somebody_hangs_up().await,
            16 | 17 => self.same_request_twice_at_once().await,
            18..=35 => self.somebody_acts().await,
            36..=39 => self.several_act_at_once().await,
            40..=46 => self.time_passes(),
            47..=49 => self.a_node_ticks().await,
            50 | 51 => self.all_nodes_tick().await,
            52..=54 => self.a_node_delivers().await,
            55 => self.a_node_dies().await,
            56 => self.a_node_is_opened_again().await,
            57 => self.the_power_fails(),
            58 => self.the_disk_is_full().await,
            59 => self.somebody_reads().await,
            60 => self.a_newer_letter().await,
            61 => self.staff_changes().await,
            62 if self.dice.once_in(2) => self.a_node_looks_again().await,
            62 => self.a_node_reads_on().await,
            63 => self.weather_changes(),
            64 => self.somebody_is_forgotten().await,
            _ => self.a_node_signs().await,
        }
    }

    /// Whoever died comes back; room is made some time.
    async fn after_step(&mut self) {
        self.look_at_clocks();
        for index in 0..self.nodes.len() {
            if !self.nodes[index].ledger.is_alive() {
                self.open_node(Some(index)).await;
            }
        }
        if let Some(left) = self.full_for {
            self.full_for = left.checked_sub(1);
            if self.full_for.is_none() {
                self.room_again().await;
            }
        }
    }

    fn weather_changes(&mut self) {
        let good = Weather { full: self.shared.weather().full, ..Weather::default() };
        let weather = match self.dice.below(5) {
            0 | 1 => good,
            2 => Weather { slow: 100, ..good },
            3 => Weather { refused: 10, lost: 15, slow: 100, ..good },
            _ => Weather { refused: 60, lost: 60, slow: 300, ..good },
        };
        self.shared.set_weather(weather);
        let failing = if self.dice.once_in(2) { 0 } else { self.dice.below(600) };
        self.deliveries.fail(failing);
        self.say(&format!(
            "weather {} {} {}, courier {failing}",
            weather.refused, weather.lost, weather.slow
        ));
    }

    fn time_passes(&mut self) {
        let micros = SignedDuration::from_micros(self.dice.between(1, 60_000_000));
        let by = match self.dice.below(14) {
            0 => -SignedDuration::from_mins(2),
            1 => -SignedDuration::from_mins(self.dice.between(1, 90)),
            2..=7 => SignedDuration::from_mins(self.dice.between(0, 12)),
            8..=12 => SignedDuration::from_mins(self.dice.between(0, 300)),
            _ => SignedDuration::from_hours(self.dice.between(0, 60)),
        };
        // The holidays of the next year are not known yet.
        let by = if self.clock.now() > wall("2026-11-29 00:00") {
            by.min(SignedDuration::from_secs(30))
        } else {
            by
        };
        self.clock.step(by + micros);
        if self.dice.once_in(4) {
            let index = self.some_node();
            let off = SignedDuration::from_micros(self.dice.between(-180_000_000, 180_000_000));
            self.nodes[index].clock.put_off(off);
            self.say(&format!("the clock of node {index} is off by {off}"));
        }
    }

    /// Notes how far the clocks have come.
    fn look_at_clocks(&mut self) {
        let latest = self.nodes.iter().map(|node| node.clock.now()).max();
        self.latest_ever = self.latest_ever.max(latest.unwrap_or(Timestamp::MIN));
    }

    /// Steps the clock past every lease that somebody may have taken and died with.
    pub(crate) fn outlive_leases(&mut self) {
        const LEASE: SignedDuration = SignedDuration::from_secs(70);
        self.look_at_clocks();
        let slowest = self.nodes.iter().map(|node| node.clock.now()).min().unwrap_or(self.latest_ever);
        let behind = self.latest_ever.duration_since(slowest).max(SignedDuration::ZERO);
        self.clock.step(behind + LEASE);
        self.look_at_clocks();
    }
}
