//! The course of one ticket: what happens next to it, and when.
//!
//! [`Course::next`] looks at the ticket as it stands and names the next step with its instant. It knows nothing of
//! commands; `steps` turns a step into one.

mod complaint;
mod consultation;
mod repair;

use jiff::{SignedDuration, Timestamp};
use yinuo_calendar::Pauses;
use yinuo_commitment::{Channel, Grade, Kind, Mark, PauseReason, Severity, Urgency};
use yinuo_core::{
    clock::Clock,
    roster::Actor,
    ticket::{Customer, Round, Ticket},
};
use yinuo_desk::TicketSheet;

use crate::{
    calendar::{Hours, plain},
    draw::Draw,
    texts::RequestText,
};

/// A rare turn that a ticket takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Story {
    /// None.
    Ordinary,
    /// Sent twice: the same as the course at this place.
    DuplicateOf(usize),
    /// The customer takes it back.
    Withdrawn,
    /// A storm keeps the engineer away (T8).
    ForceMajeure,
    /// Late, with a major loss (B1).
    Loss,
    /// The solution is rejected and a mediator called in (L7).
    Mediation,
    /// The solution is rejected and no agreement is found.
    Unresolved,
    /// Supervision finds that content was hidden (B3).
    Concealment,
    /// It turns out to be major: the clocks are derived anew.
    MajorAfterAll,
    /// The customer complains again.
    SecondComplaint,
    /// The fault comes back.
    Recurrence,
    /// Closed by mistake and opened again.
    ClosedByMistake,
    /// Handed to the lawyers, where nobody has taken it yet.
    WithLegal,
}

/// Something that happens to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    PickUp,
    EndCall,
    TellLookup,
    Classify,
    Take,
    HandToLegal,
    Note,
    Reply,
    AutomaticThanks,
    DetailedReply,
    FullAnswer,
    Acknowledge,
    Progress,
    Contact,
    Pause,
    CustomerAnswers,
    Dispatch,
    Arrive,
    Solve,
    Confirm,
    StartInvestigation,
    Verify,
    FindConcealment,
    TurnMajor,
    Propose,
    Accept,
    Reject,
    CarryOut,
    ForceMajeureWord,
    GrantException,
    LiftException,
    ReportLoss,
    CallMediation,
    ConcludeMediation,
    Close,
    Survey,
    CallBack,
    Reopen,
    /// On the side: the customer asks how it stands.
    CustomerAsks,
    /// On the side: the remedy for the breaches of a grade.
    ProposeRemedy(Grade),
    ApproveRemedy(Grade),
    DeliverRemedy(Grade),
    ConfirmRemedy(Grade),
}

/// How people of this course behave, drawn once.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent habits, each drawn by itself; no state hides in them"
)]
pub(crate) struct Habits {
    /// The customer chose the kind in the form.
    pub(crate) chooses_kind: bool,
    /// … and chose the wrong one.
    pub(crate) chooses_wrongly: bool,
    /// The first reply is the full answer.
    pub(crate) answers_at_once: bool,
    /// The customer has to be asked for something.
    pub(crate) asks_back: bool,
    /// Somebody notes something.
    pub(crate) notes: bool,
    /// A colleague takes it over.
    pub(crate) taken_over: bool,
    /// The first solution falls short of the standard.
    pub(crate) falls_short: bool,
    /// The customer rejects the first solution.
    pub(crate) rejects: bool,
    /// The customer confirms.
    pub(crate) confirms: bool,
    /// The customer answers the survey.
    pub(crate) rates: bool,
    /// Rings before the phone is picked up.
    pub(crate) rings: u32,
}

/// The course of one ticket.
pub(crate) struct Course<'a> {
    pub(crate) request: &'a RequestText,
    pub(crate) channel: Channel,
    pub(crate) arrives_at: Timestamp,
    pub(crate) customer: Customer,
    pub(crate) name: String,
    pub(crate) order: String,
    pub(crate) model: String,
    pub(crate) story: Story,
    pub(crate) habits: Habits,
    pub(crate) draw: Draw,
    /// It came in on the day on which nearly everything came late.
    pub(crate) bad_day: bool,
    /// The end of the example finds it under way: nothing is late by chance.
    pub(crate) eve: bool,
    /// The course stops before this step.
    pub(crate) stop: Option<Step>,
    /// When a told instant or a carry-out deadline of an eve ticket lies, if it is set.
    pub(crate) told: Option<Timestamp>,
    /// The ticket as it stands; none before it arrives.
    pub(crate) sheet: Option<TicketSheet>,
    /// Steps already done in this round that the ticket itself does not tell.
    pub(crate) done: Vec<Step>,
    /// Breach grades for which a remedy is on its way.
    pub(crate) remedies: Vec<Grade>,
    /// The ticket of which this one is a duplicate, once it exists.
    pub(crate) twin: Option<yinuo_core::id::TicketId>,
    /// Version of the message that told of force majeure.
    pub(crate) word: Option<u32>,
    /// Who picked up the phone.
    pub(crate) call_taker: Option<Actor>,
}

impl Course<'_> {
    /// Whether the request is of `kind`, as a careful person sees it.
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.request.facets.kind == kind
    }

    pub(crate) fn ticket(&self) -> Option<&Ticket> {
        self.sheet.as_ref().map(|sheet| &sheet.ticket)
    }

    fn round(&self) -> Option<&Round> {
        self.ticket().map(Ticket::round)
    }

    pub(crate) fn has(&self, mark: Mark) -> bool {
        self.round().is_some_and(|round| round.has(mark))
    }

    pub(crate) fn did(&self, step: Step) -> bool {
        self.done.contains(&step)
    }

    pub(crate) fn in_first_round(&self) -> bool {
        self.ticket().is_some_and(|ticket| ticket.round_number() == 1)
    }

    /// What happens next and when. None if nothing more happens.
    pub(crate) fn next(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        let (step, at) = self.step(now, hours)?;
        (self.stop != Some(step)).then_some((step, at))
    }

    fn step(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        if self.ticket()?.closed_at().is_some() {
            return self.after_closing(now, hours);
        }
        if let Some(next) = self.on_the_phone(now) {
            return Some(next);
        }
        if self.round()?.open_pause(PauseReason::WaitingForCustomer).is_some() {
            let answer = plain(now, self.draw.minutes(50, 38 * 60));
            return Some((Step::CustomerAnswers, hours.humane(answer, &mut self.draw)));
        }
        if let Some(next) = self.before_work(now, hours) {
            return Some(next);
        }
        if self.habits.notes && !self.did(Step::Note) && self.has(Mark::FirstReply) {
            return Some((Step::Note, plain(now, self.draw.minutes(1, 9))));
        }
        if self.habits.asks_back && !self.did(Step::Pause) && self.may_ask_back() {
            return Some((Step::Pause, plain(now, self.draw.minutes(1, 6))));
        }
        match self.ticket()?.facets().kind {
            Kind::Consultation => self.consultation(now, hours),
            Kind::Repair => self.repair(now, hours),
            Kind::Complaint => self.complaint(now, hours),
            Kind::Suggestion | Kind::Praise => self.kind_words(now, hours),
        }
    }

    /// A call is picked up and, unless it is about a question, ends once the request is written down.
    fn on_the_phone(&mut self, now: Timestamp) -> Option<(Step, Timestamp)> {
        if self.channel != Channel::Phone {
            return None;
        }
        // Who rang once rings again when the matter is not settled after all.
        if !self.has(Mark::PickedUp) {
            let ring = SignedDuration::from_secs(5 * i64::from(self.habits.rings));
            return Some((Step::PickUp, plain(self.round()?.started_at, ring)));
        }
        // A question is answered, and what is out of scope refused, before the call ends.
        let question = self.ticket()?.facets().kind == Kind::Consultation || self.request.scope.is_some();
        let ends = !self.has(Mark::CallEnded) && !question && !self.to_classify();
        ends.then(|| (Step::EndCall, plain(now, self.draw.seconds(100, 420))))
    }

    /// What comes before the work itself: a person corrects the classification, takes the ticket, hands it on, refuses it
    /// as out of scope or finds that it came twice; or the customer takes it back.
    fn before_work(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        let soon = |course: &mut Self, from_s, to_s| {
            let time = course.draw.seconds(from_s, to_s);
            if course.is_pressing() || course.in_a_call() {
                plain(now, time)
            } else {
                hours.office(now, time)
            }
        };
        if self.to_classify() {
            return Some((Step::Classify, soon(self, 25, 200)));
        }
        if self.story == Story::WithLegal {
            let at = plain(now, self.draw.minutes(8, 20));
            return (!self.did(Step::HandToLegal)).then_some((Step::HandToLegal, at));
        }
        if self.habits.taken_over && !self.did(Step::Take) {
            return Some((Step::Take, soon(self, 60, 240)));
        }
        if self.request.scope.is_some() && self.in_a_call() {
            return Some((Step::Close, plain(now, self.draw.seconds(70, 240))));
        }
        if self.request.scope.is_some() || matches!(self.story, Story::DuplicateOf(_)) {
            return Some((Step::Close, self.aim(now, FIRST, (150, 800), hours)));
        }
        if self.story == Story::Withdrawn && self.has(Mark::FirstReply) && !self.settled() {
            let at = plain(now, self.draw.minutes(6, 90));
            return Some((Step::Close, hours.humane(at, &mut self.draw)));
        }
        None
    }

    /// Suggestions and praise: a reply, then the end.
    fn kind_words(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        if self.ticket()?.facets().kind == Kind::Praise
            && self.habits.answers_at_once
            && !self.has(Mark::FirstReply)
        {
            return Some((Step::AutomaticThanks, plain(now, self.draw.seconds(1, 3))));
        }
        if !self.did(Step::FullAnswer) {
            return Some((Step::FullAnswer, self.aim(now, FIRST, (100, 850), hours)));
        }
        Some((Step::Close, self.later(now, (20, 600), hours)))
    }

    /// After closing: the survey, the call back that a low rating demands, sometimes a new round.
    fn after_closing(&mut self, now: Timestamp, hours: &Hours) -> Option<(Step, Timestamp)> {
        let ticket = self.ticket()?;
        if ticket.awaits_call_back() {
            return Some((Step::CallBack, self.aim(now, &["survey.low"], (150, 850), hours)));
        }
        let rated = ticket.round().survey.is_some();
        let asked = self.sheet.as_ref()?.commitments.iter().any(|letter| letter.survey.is_some())
            && self.request.scope.is_none()
            && !matches!(self.story, Story::DuplicateOf(_) | Story::Withdrawn);
        if asked && self.habits.rates && !rated {
            let at = plain(now, self.draw.minutes(20, 30 * 60));
            return Some((Step::Survey, hours.humane(at, &mut self.draw)));
        }
        let again = matches!(self.story, Story::SecondComplaint | Story::Recurrence | Story::ClosedByMistake);
        if again && self.in_first_round() {
            let at = plain(now, self.draw.minutes(3 * 60, 70 * 60));
            return Some((Step::Reopen, hours.humane(at, &mut self.draw)));
        }
        None
    }

    /// Whether the customer may be asked for something: there was a first word, and no clock runs on that waits for nobody.
    fn may_ask_back(&self) -> bool {
        let complaint = self.ticket().is_some_and(|ticket| ticket.facets().kind == Kind::Complaint);
        let under_way = !complaint || self.has(Mark::InvestigationStarted);
        let reports = self.pressing_clock(&["complaint-progress-complex"]).is_some();
        self.has(Mark::FirstReply) && under_way && !reports && !self.settled()
    }

    /// Whether nothing is left but to close it.
    fn settled(&self) -> bool {
        [Mark::FullAnswer, Mark::Solved, Mark::CarriedOut].into_iter().any(|mark| self.has(mark))
    }

    /// Whether it cannot wait for the office to open.
    fn is_pressing(&self) -> bool {
        let facets = &self.request.facets;
        facets.kind == Kind::Complaint
            || facets.urgency == Urgency::Urgent
            || facets.severity == Severity::Major
    }

    fn in_a_call(&self) -> bool {
        self.channel == Channel::Phone && self.in_first_round() && !self.has(Mark::CallEnded)
    }

    /// Whether the ticket is not yet classified as a careful person sees it.
    fn to_classify(&self) -> bool {
        let Some(ticket) = self.ticket() else { return false };
        if self.did(Step::Classify) || !self.in_first_round() {
            return false;
        }
        let (is, wanted) = (ticket.facets(), &self.request.facets);
        // A question that has to be looked up becomes complex when the caller is told so.
        let looked_up = self.channel == Channel::Phone && wanted.kind == Kind::Consultation;
        is.kind != wanted.kind
            || is.urgency != wanted.urgency
            || (is.complexity != wanted.complexity && !looked_up)
            || is.severity != wanted.severity
            || (wanted.kind == Kind::Complaint && is.technical != wanted.technical)
    }

    /// The open clock of one of `promises` that falls due first.
    fn pressing_clock(&self, promises: &[&str]) -> Option<(&Clock, Timestamp)> {
        let sheet = self.sheet.as_ref()?;
        let round = sheet.ticket.round_number();
        let open = sheet.clocks.iter().map(|sheet| &sheet.clock).filter(|clock| {
            clock.end.is_none() && clock.key.round == round && promises.contains(&clock.key.promise.as_str())
        });
        open.filter_map(|clock| Some((clock, clock.due_at?))).min_by_key(|(_, due)| *due)
    }

    /// When people get to a step that stops the clock of one of `promises`: mostly after a share of the time that is left,
    /// given in permille; now and then too late.
    pub(crate) fn aim(
        &mut self,
        now: Timestamp,
        promises: &[&str],
        (from, to): (u32, u32),
        hours: &Hours,
    ) -> Timestamp {
        let Some((calendar, due)) =
            self.pressing_clock(promises).map(|(clock, due)| (clock.calendar.clone(), due))
        else {
            return self.later(now, (15, 150), hours);
        };
        if due <= now {
            let at = plain(now, self.draw.minutes(4, 70));
            return if self.is_pressing() { at } else { hours.humane(at, &mut self.draw) };
        }
        let left = calendar.elapsed(now, due, &Pauses::none());
        if self.is_late() {
            let wall = due.duration_since(now);
            let overrun = if self.draw.chance(12) && !self.is_pressing() {
                self.draw.minutes(20 * 60, 50 * 60)
            } else {
                self.draw.part(wall, 30, 700).max(self.draw.minutes(1, 4))
            };
            let late = plain(due, overrun);
            return if self.is_pressing() { late } else { hours.humane(late, &mut self.draw) };
        }
        let part = self.draw.part(left, from, to);
        let at = calendar.due(now, part, &Pauses::none()).unwrap_or(now);
        // Nobody rings at night if there is time; if there is not, somebody is on duty.
        let civil = hours.humane(at, &mut self.draw);
        if civil <= due { civil } else { at }
    }

    /// Some time later in office hours.
    pub(crate) fn later(
        &mut self,
        now: Timestamp,
        (from_min, to_min): (u32, u32),
        hours: &Hours,
    ) -> Timestamp {
        hours.office(now, self.draw.minutes(from_min, to_min))
    }

    /// Whether this step comes too late.
    fn is_late(&mut self) -> bool {
        // The word about force majeure counts only if it comes in time.
        if self.eve || self.story == Story::ForceMajeure {
            return false;
        }
        if self.story == Story::Loss && !self.did(Step::ReportLoss) {
            return true;
        }
        let percent = if self.bad_day { 60 } else { 5 };
        self.draw.chance(percent)
    }
}

/// Promises that a first word to the customer keeps.
pub(crate) const FIRST: &[&str] = &[
    "online-first-reply",
    "suggestion-first-reply",
    "praise-first-reply",
    "complaint-acknowledged",
    "complaint-response-general",
    "complaint-response-major",
    "repair-contact",
    "urgent-contact",
];
