//! Playing the example: one queue of things to come, one clock, one desk.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use yinuo_core::{id::NoticeId, roster::Actor};
use yinuo_desk::{Clock as _, Desk, DeskError, TicketSheet};

use crate::{
    arrivals,
    calendar::{Hours, plain},
    clock::SimClock,
    company::Company,
    course::{Course, Step, Story},
    customs::Customs,
    draw::Draw,
    error::ExampleError,
    remedy,
    steps::{self, Stage},
    summary::Summary,
    texts::Texts,
};

/// What to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Seed of all lots.
    pub seed: u64,
    /// Until when, usually now. Nothing of the example lies after it.
    pub until: Timestamp,
    /// How many weeks before that it begins.
    pub weeks: u32,
}

impl Plan {
    /// When the first customer may come.
    pub fn from(&self) -> Timestamp {
        plain(self.until, SignedDuration::from_hours(-7 * 24 * i64::from(self.weeks)))
    }

    /// A clock for the desk on which the example is played: it shows the day before the first customer.
    pub fn clock(&self) -> SimClock {
        SimClock::new(plain(self.from(), SignedDuration::from_hours(-24)))
    }
}

/// Something to come.
#[derive(Debug, Clone, Copy)]
enum Coming {
    /// The course at this place begins.
    Arrival(usize),
    /// The next step of the course at this place, planned when the course stood at this turn.
    Step(usize, Step, u32),
    /// A step beside the course.
    Aside(usize, Step),
}

/// The play.
struct Play<'a> {
    desk: &'a Desk,
    clock: &'a SimClock,
    until: Timestamp,
    stage: Stage<'a>,
    courses: Vec<Course<'a>>,
    /// How often each course was planned; an older plan is void.
    turns: Vec<u32>,
    queue: BTreeMap<(Timestamp, u64), Coming>,
    queued: u64,
    /// The next alarm of each course that has one.
    alarms: BTreeSet<(Timestamp, usize)>,
    draw: Draw,
    summary: Summary,
}

/// Fills an empty organisation with the worked example.
///
/// `clock` has to be the clock port of `desk`, as [`Plan::clock`] made it. `phc` is the hash of the password that every
/// account of the example gets. When this returns, the clock shows [`Plan::until`].
pub async fn play(desk: &Desk, clock: &SimClock, plan: &Plan, phc: &str) -> Result<Summary, ExampleError> {
    let texts = Texts::shipped()?;
    let company = Company::found(desk, clock, phc).await?;
    let hours = Hours::of(desk)?;
    let customs = Customs::new(&texts);
    let courses = arrivals::courses(&texts, &customs, plan, &hours)?;
    let summary = Summary {
        from: plan.from(),
        until: plan.until,
        tickets: 0,
        open: 0,
        commands: 0,
        ticks: 0,
        refused: Vec::new(),
        accounts: company.accounts(),
    };
    let mut play = Play {
        desk,
        clock,
        until: plan.until,
        turns: vec![0; courses.len()],
        queue: BTreeMap::new(),
        queued: 0,
        alarms: BTreeSet::new(),
        draw: Draw::new(plan.seed, u64::MAX),
        stage: Stage { texts: &texts, company, hours },
        courses,
        summary,
    };
    play.run().await?;
    Ok(play.summary)
}

/// Delivers the notices of the weeks that were played and marks all but those of the last day and a half as read, as
/// people who come to work every day leave their inboxes. It takes a while on a disk and may run beside the first pages.
pub async fn settle_inboxes(desk: &Desk, until: Timestamp) -> Result<(), ExampleError> {
    desk.deliver_due().await.map_err(ExampleError::desk("deliver notices"))?;
    let fresh_from = plain(until, SignedDuration::from_hours(-36));
    for member in desk.organisation().roster.members.keys() {
        let notices = desk.notices(*member, true, NOTICES_MAX).await;
        let notices = notices.map_err(ExampleError::desk("read notices"))?;
        let old = notices.iter().filter(|notice| notice.at < fresh_from).map(|notice| notice.id);
        let old: Vec<NoticeId> = old.collect();
        desk.read_notices(*member, &old).await.map_err(ExampleError::desk("mark notices as read"))?;
    }
    Ok(())
}

/// Notices of one person that are looked at.
const NOTICES_MAX: u32 = 10_000;

impl Play<'_> {
    async fn run(&mut self) -> Result<(), ExampleError> {
        let arrivals: Vec<Timestamp> = self.courses.iter().map(|course| course.arrives_at).collect();
        for (index, at) in arrivals.into_iter().enumerate() {
            self.enqueue(at, Coming::Arrival(index));
        }
        loop {
            let coming = self.queue.first_key_value().map(|((at, _), _)| *at);
            let alarm = self.alarms.first().map(|(at, _)| *at);
            match (coming, alarm) {
                (_, Some(alarm)) if alarm <= self.until && coming.is_none_or(|at| alarm <= at) => {
                    self.ring(alarm).await?;
                }
                (Some(at), _) if at <= self.until => {
                    let Some((_, coming)) = self.queue.pop_first() else { break };
                    self.clock.advance_to(at);
                    self.happen(coming).await?;
                }
                _ => break,
            }
        }
        self.clock.advance_to(self.until);
        let open = |course: &&Course<'_>| course.ticket().is_some_and(|ticket| ticket.closed_at().is_none());
        self.summary.open = self.courses.iter().filter(open).count();
        Ok(())
    }

    fn enqueue(&mut self, at: Timestamp, coming: Coming) {
        let at = at.max(self.clock.now());
        self.queue.insert((at, self.queued), coming);
        self.queued = self.queued.saturating_add(1);
    }

    /// The ticker lets the alarms fire that have come due.
    async fn ring(&mut self, alarm: Timestamp) -> Result<(), ExampleError> {
        let noticed_at = plain(alarm, steps::lateness(&mut self.draw)).min(self.until);
        self.clock.advance_to(noticed_at);
        let report = self.desk.tick_due().await.map_err(ExampleError::desk("tick"))?;
        self.summary.ticks = self.summary.ticks.saturating_add(report.ticked);
        let now = self.clock.now();
        let due: Vec<(Timestamp, usize)> = self.alarms.range(..=(now, usize::MAX)).copied().collect();
        for (at, index) in due {
            self.alarms.remove(&(at, index));
            let Some(id) = self.courses.get(index).and_then(|course| Some(course.ticket()?.id)) else {
                continue;
            };
            let sheet = self.desk.ticket(id, Actor::System).await;
            let sheet = sheet.map_err(ExampleError::desk(format!("read {id}")))?;
            self.take_up(index, sheet);
        }
        Ok(())
    }

    async fn happen(&mut self, coming: Coming) -> Result<(), ExampleError> {
        match coming {
            Coming::Arrival(index) => self.arrive(index).await,
            Coming::Step(index, step, turn) => {
                if self.turns.get(index) == Some(&turn) && self.give(index, step).await? {
                    self.plan(index);
                }
                Ok(())
            }
            Coming::Aside(index, step) => {
                if self.is_still_due(index, step) && self.give(index, step).await? {
                    let now = self.clock.now();
                    let hours = self.stage.hours.clone();
                    let next = self
                        .courses
                        .get_mut(index)
                        .and_then(|course| remedy::next(course, step, now, &hours));
                    if let Some((step, at)) = next {
                        self.enqueue(at, Coming::Aside(index, step));
                    }
                }
                Ok(())
            }
        }
    }

    /// Between planning and doing, a breach may have turned into one of another grade, and a question may be answered.
    fn is_still_due(&mut self, index: usize, step: Step) -> bool {
        let Some(course) = self.courses.get_mut(index) else { return false };
        let Some(sheet) = &course.sheet else { return false };
        match step {
            Step::ProposeRemedy(grade) if !remedy::is_owed(sheet, grade) => {
                course.remedies.retain(|taken| *taken != grade);
                false
            }
            Step::CustomerAsks => sheet.ticket.closed_at().is_none(),
            _ => true,
        }
    }

    async fn arrive(&mut self, index: usize) -> Result<(), ExampleError> {
        let twin = self.courses.get(index).and_then(|course| match course.story {
            Story::DuplicateOf(of) => self.courses.get(of)?.ticket().map(|ticket| ticket.id),
            _ => None,
        });
        let Some(course) = self.courses.get_mut(index) else { return Ok(()) };
        course.twin = twin;
        let (submission, actor) = self.stage.submission(course)?;
        let subject = course.request.subject.clone();
        let receipt = self.desk.submit(submission, actor, None).await;
        let receipt = receipt.map_err(ExampleError::desk(format!("submit `{subject}`")))?;
        self.summary.tickets = self.summary.tickets.saturating_add(1);
        self.take_up(index, receipt.sheet);
        self.plan(index);
        Ok(())
    }

    /// Gives the command of a step. False if the domain refused it, which ends the course.
    async fn give(&mut self, index: usize, step: Step) -> Result<bool, ExampleError> {
        let now = self.clock.now();
        let Some(course) = self.courses.get_mut(index) else { return Ok(false) };
        let Some((id, number)) = course.ticket().map(|ticket| (ticket.id, ticket.number.clone())) else {
            return Ok(false);
        };
        let (command, actor) = self.stage.command(course, step, now)?;
        match self.desk.command(id, command, actor, None).await {
            Ok(sheet) => {
                if step == Step::Reopen {
                    course.done.clear();
                    course.remedies.clear();
                } else {
                    course.done.push(step);
                }
                if step == Step::ForceMajeureWord {
                    course.word = Some(sheet.ticket.version);
                }
                self.summary.commands = self.summary.commands.saturating_add(1);
                self.take_up(index, sheet);
                Ok(true)
            }
            Err(DeskError::Refused(refusal)) => {
                let text = refusal.text(yinuo_commitment::Language::En);
                self.summary.refused.push(format!("{number}, {step:?}: {text}"));
                Ok(false)
            }
            Err(error) => Err(ExampleError::desk(format!("{step:?} on {number}"))(error)),
        }
    }

    /// Takes up the newer state of a ticket: its next alarm, and the remedies that its breaches call for.
    fn take_up(&mut self, index: usize, sheet: TicketSheet) {
        let now = self.clock.now();
        self.alarms.retain(|(_, other)| *other != index);
        let alarms = sheet.clocks.iter().flat_map(|clock| &clock.alarms).map(|alarm| alarm.at);
        if let Some(at) = alarms.min().filter(|at| *at > now) {
            self.alarms.insert((at, index));
        }
        let hours = self.stage.hours.clone();
        let Some(course) = self.courses.get_mut(index) else { return };
        course.sheet = Some(sheet);
        for (step, at) in remedy::called_for(course, now, &hours) {
            self.enqueue(at, Coming::Aside(index, step));
        }
    }

    /// Plans the next step of a course; what was planned before is void.
    fn plan(&mut self, index: usize) {
        let now = self.clock.now();
        let hours = self.stage.hours.clone();
        let (Some(course), Some(turn)) = (self.courses.get_mut(index), self.turns.get_mut(index)) else {
            return;
        };
        *turn = turn.saturating_add(1);
        let turn = *turn;
        let Some((step, at)) = course.next(now, &hours) else { return };
        // Whoever waits beyond the promised time asks how it stands.
        let due = course.sheet.as_ref().and_then(|sheet| {
            sheet
                .clocks
                .iter()
                .filter(|sheet| sheet.clock.end.is_none())
                .filter_map(|sheet| sheet.clock.due_at)
                .min()
        });
        let asks = due.filter(|due| *due > now && *due < at && course.draw.chance(35));
        let asks = asks.map(|due| plain(due, course.draw.minutes(3, 40))).filter(|asks_at| *asks_at < at);
        self.enqueue(at, Coming::Step(index, step, turn));
        if let Some(asks_at) = asks {
            self.enqueue(asks_at, Coming::Aside(index, Step::CustomerAsks));
        }
    }
}
