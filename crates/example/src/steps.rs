//! From a step to the command that somebody gives.

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Content, Form, Grade, Ground, Mark, PauseReason, Severity};
use yinuo_core::{
    roster::{Actor, Role},
    ticket::{Answer, Command, Outcome, Purpose, ReopenReason, Told},
    words::Words,
};
use yinuo_desk::{Submission, TicketSheet};

use crate::{
    calendar::{Hours, plain},
    company::{self, Company},
    course::{Course, Step, Story},
    error::ExampleError,
    remedy,
    texts::{Texts, filled},
};

/// Everybody and everything that steps are taken with.
pub(crate) struct Stage<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) company: Company,
    pub(crate) hours: Hours,
}

/// Teams that handle each sort of work.
const SERVICE: &str = "customer-service";
const TECHNICAL: &str = "technical-support";
const COMPLAINTS: &str = "complaints";
const LEGAL: &str = "legal";

impl Stage<'_> {
    /// The request as the channel hands it over, and who enters it.
    pub(crate) fn submission(&self, course: &mut Course<'_>) -> Result<(Submission, Actor), ExampleError> {
        let places: &[(&str, &str)] = &[("order", &course.order), ("model", &course.model)];
        let body = filled(&course.request.body, places);
        let mut submission = Submission::new(course.channel, &course.request.subject, &body);
        submission.customer = course.customer.clone();
        // The address says whether the site is in the service area.
        submission.site = Some(course.request.facets.site);
        let kind = course.request.facets.kind;
        if course.habits.chooses_wrongly {
            submission.kind = Some(yinuo_commitment::Kind::Consultation);
        } else if course.habits.chooses_kind {
            submission.kind = Some(kind);
        }
        if course.channel != yinuo_commitment::Channel::Phone {
            return Ok((submission, Actor::Customer));
        }
        submission.kind = Some(kind);
        let taker = self.company.somebody(SERVICE, &[Role::Agent], &mut course.draw)?;
        course.call_taker = Some(taker);
        Ok((submission, taker))
    }

    /// The command of `step`, and who gives it.
    pub(crate) fn command(
        &self,
        course: &mut Course<'_>,
        step: Step,
        now: Timestamp,
    ) -> Result<(Command, Actor), ExampleError> {
        match step {
            Step::PickUp => Ok((Command::PickUp { rings: course.habits.rings }, self.on_the_call(course)?)),
            Step::EndCall => Ok((Command::EndCall, self.on_the_call(course)?)),
            Step::TellLookup => Ok((Command::TellLookup, self.on_the_call(course)?)),
            Step::Classify | Step::TurnMajor => self.classify(course, step),
            Step::Take => Ok((Command::Take, self.colleague(course)?)),
            Step::HandToLegal => {
                let lead = self.company.somebody(COMPLAINTS, &[Role::TeamLead], &mut course.draw)?;
                Ok((Command::Assign { team: company::team_id(LEGAL)?, member: None }, lead))
            }
            Step::Note => {
                let name = if course.bad_day { "bad-day-note" } else { "note" };
                Ok((Command::Note { body: self.say(course, name, &[])? }, self.owner(course)?))
            }
            Step::Reply
            | Step::AutomaticThanks
            | Step::DetailedReply
            | Step::FullAnswer
            | Step::Acknowledge
            | Step::Progress
            | Step::ForceMajeureWord => self.message(course, step, now),
            Step::Contact | Step::Dispatch | Step::Arrive | Step::Solve | Step::Confirm => {
                self.repair(course, step, now)
            }
            Step::Pause => {
                let note = self.say(course, "pause", &[])?;
                Ok((Command::Pause { reason: PauseReason::WaitingForCustomer, note }, self.owner(course)?))
            }
            Step::CustomerAnswers => Ok((
                Command::RecordWords { body: self.say(course, "customer-answers", &[])? },
                Actor::Customer,
            )),
            Step::CustomerAsks => Ok((
                Command::RecordWords { body: self.say(course, "customer-asks-again", &[])? },
                Actor::Customer,
            )),
            Step::GrantException | Step::LiftException => self.exception(course, step),
            Step::ReportLoss => {
                let body = self.say(course, "loss", &[])?;
                Ok((Command::ReportLoss { major: true, body }, self.owner(course)?))
            }
            Step::StartInvestigation
            | Step::Verify
            | Step::FindConcealment
            | Step::Propose
            | Step::Accept
            | Step::Reject
            | Step::CarryOut
            | Step::CallMediation
            | Step::ConcludeMediation => self.complaint(course, step, now),
            Step::Close => self.close(course),
            Step::Survey => self.survey(course),
            Step::CallBack => {
                Ok((Command::CallBack { body: self.say(course, "call-back", &[])? }, self.owner(course)?))
            }
            Step::Reopen => self.reopen(course),
            Step::ProposeRemedy(grade)
            | Step::ApproveRemedy(grade)
            | Step::DeliverRemedy(grade)
            | Step::ConfirmRemedy(grade) => self.remedy(course, step, grade),
        }
    }

    /// One of the phrases for an occasion, filled in.
    fn say(
        &self,
        course: &mut Course<'_>,
        name: &str,
        places: &[(&str, &str)],
    ) -> Result<Words, ExampleError> {
        let phrases = self.texts.phrases(name, course.request.language)?;
        let phrase = course.draw.pick(phrases).cloned().unwrap_or_default();
        let staff = self.company.name_of(self.owner(course)?).to_owned();
        let engineer = self.company.somebody(TECHNICAL, &[Role::Specialist], &mut course.draw)?;
        let request = course.request;
        let mut all: Vec<(&str, &str)> = vec![
            ("name", &course.name),
            ("staff", &staff),
            ("engineer", self.company.name_of(engineer)),
            ("plan", &request.plan),
            ("finding", &request.finding),
            ("solution", &request.solution),
            ("carried", &request.carried),
        ];
        all.extend_from_slice(places);
        Ok(filled(&phrase, &all).as_str().into())
    }

    /// The person who owns the ticket, if that person handles tickets; else somebody of the team of its kind.
    fn owner(&self, course: &mut Course<'_>) -> Result<Actor, ExampleError> {
        let owner = course.ticket().and_then(|ticket| ticket.assignment.as_ref()?.member);
        let member = owner.and_then(|id| self.company.member(id));
        match member.filter(|member| handles(member.role)) {
            Some(member) => Ok(company::actor(member)),
            None => self.company.somebody(SERVICE, &[Role::Agent], &mut course.draw),
        }
    }

    fn on_the_call(&self, course: &mut Course<'_>) -> Result<Actor, ExampleError> {
        match course.call_taker {
            Some(taker) => Ok(taker),
            None => self.owner(course),
        }
    }

    /// Somebody of the owning team who does not have the ticket.
    fn colleague(&self, course: &mut Course<'_>) -> Result<Actor, ExampleError> {
        let assigned = course.ticket().and_then(|ticket| ticket.assignment.clone());
        let team = assigned.as_ref().map_or(SERVICE, |owned| owned.team.as_str());
        for _ in 0..20 {
            let somebody = self.company.somebody(
                team,
                &[Role::Agent, Role::Specialist, Role::TeamLead],
                &mut course.draw,
            )?;
            if somebody.member() != assigned.as_ref().and_then(|owned| owned.member) {
                return Ok(somebody);
            }
        }
        self.company.somebody(team, &[Role::TeamLead], &mut course.draw)
    }

    fn classify(&self, course: &mut Course<'_>, step: Step) -> Result<(Command, Actor), ExampleError> {
        let mut facets = course.request.facets.clone();
        let name = if step == Step::TurnMajor { "major-after-all" } else { "reclassified" };
        if step == Step::TurnMajor {
            facets.severity = Severity::Major;
        }
        let why = self.say(course, name, &[])?;
        let actor = if step == Step::Classify { self.on_the_call(course)? } else { self.owner(course)? };
        Ok((Command::Classify { facets, why }, actor))
    }

    fn message(
        &self,
        course: &mut Course<'_>,
        step: Step,
        now: Timestamp,
    ) -> Result<(Command, Actor), ExampleError> {
        let mut actor = self.owner(course)?;
        let mut answer = Answer {
            body: Words::default(),
            form: Form::Written,
            purpose: Purpose::Reply,
            contents: Vec::new(),
            told: None,
            article: None,
        };
        match step {
            Step::FullAnswer => {
                answer.body = filled(&course.request.answer, &[("order", &course.order)]).as_str().into();
                // Suggestions and praise are answered, too, but praise asks nothing.
                if !course.is(yinuo_commitment::Kind::Praise) {
                    answer.purpose = Purpose::FullAnswer;
                }
                if course.channel == yinuo_commitment::Channel::Phone {
                    answer.form = Form::Oral;
                    actor = self.on_the_call(course)?;
                }
            }
            Step::AutomaticThanks => {
                answer.body = self.say(course, "automatic-thanks", &[])?;
                actor = Actor::System;
            }
            Step::DetailedReply => {
                let open = self.hours.office(now, course.draw.minutes(100, 700));
                let by = course.told.filter(|told| *told > now).unwrap_or(open);
                answer.body = self.say(course, "detailed-reply", &[("by", &self.hours.shown(by))])?;
                answer.purpose = Purpose::DetailedReply;
                answer.told = Some(Told { mark: Mark::FullAnswer, by });
            }
            Step::Acknowledge => {
                answer.body = self.say(course, "acknowledgement", &[])?;
                answer.purpose = Purpose::Acknowledgement;
                answer.contents = vec![Content::Apology, Content::InvestigationBegun];
            }
            Step::Progress => {
                answer.body = self.say(course, "progress", &[])?;
                answer.purpose = Purpose::Progress;
            }
            Step::ForceMajeureWord => answer.body = self.say(course, "force-majeure-word", &[])?,
            _ => answer.body = self.say(course, "first-reply", &[])?,
        }
        Ok((Command::Reply { answer }, actor))
    }

    fn repair(
        &self,
        course: &mut Course<'_>,
        step: Step,
        now: Timestamp,
    ) -> Result<(Command, Actor), ExampleError> {
        let actor = self.owner(course)?;
        let command = match step {
            Step::Contact => {
                let body = if course.request.facets.urgency == yinuo_commitment::Urgency::Urgent {
                    let major = course.request.facets.severity == Severity::Major;
                    let name = if major { "severity-major" } else { "severity-general" };
                    let severity = self.say(course, name, &[])?.text().unwrap_or_default().to_owned();
                    self.say(course, "urgent-contact", &[("severity", &severity)])?
                } else {
                    self.say(course, "contact", &[])?
                };
                Command::Contact { body, contents: vec![Content::Severity, Content::Plan] }
            }
            Step::Dispatch => {
                let by = self.hours.shown(plain(now, course.draw.minutes(25, 90)));
                Command::Dispatch { body: self.say(course, "dispatch", &[("by", &by)])? }
            }
            Step::Arrive => Command::Arrive,
            Step::Solve => {
                let urgent = course.request.facets.urgency == yinuo_commitment::Urgency::Urgent;
                let remote = course.request.from_afar && !urgent && !course.has(Mark::Arrived);
                Command::Solve { remote, body: course.request.done.as_str().into() }
            }
            _ => {
                let confirms_online = course.draw.chance(70);
                return Ok((Command::Confirm, if confirms_online { Actor::Customer } else { actor }));
            }
        };
        Ok((command, actor))
    }

    fn exception(&self, course: &mut Course<'_>, step: Step) -> Result<(Command, Actor), ExampleError> {
        let lead = self.company.somebody(TECHNICAL, &[Role::TeamLead], &mut course.draw)?;
        let ground = Ground::ForceMajeure;
        if step == Step::LiftException {
            return Ok((Command::LiftException { ground }, lead));
        }
        let evidence = self.say(course, "force-majeure-evidence", &[])?;
        let alternative = self.say(course, "force-majeure-alternative", &[])?;
        Ok((Command::GrantException { ground, evidence, word: course.word, alternative }, lead))
    }

    fn complaint(
        &self,
        course: &mut Course<'_>,
        step: Step,
        now: Timestamp,
    ) -> Result<(Command, Actor), ExampleError> {
        let owner = self.owner(course)?;
        let lead =
            |course: &mut Course<'_>| self.company.somebody(COMPLAINTS, &[Role::TeamLead], &mut course.draw);
        Ok(match step {
            Step::StartInvestigation => {
                (Command::StartInvestigation { body: self.say(course, "investigation", &[])? }, owner)
            }
            Step::Verify => {
                let findings = course.request.finding.as_str().into();
                let verifies = matches!(owner, Actor::Member { role: Role::Specialist | Role::TeamLead, .. });
                let specialist = self.company.somebody(COMPLAINTS, &[Role::Specialist], &mut course.draw)?;
                (Command::Verify { findings }, if verifies { owner } else { specialist })
            }
            Step::FindConcealment => {
                let body = self.say(course, "concealment", &[])?;
                (Command::FindConcealment { body }, self.company.actor_with(Role::Supervision)?)
            }
            Step::Propose => (self.proposal(course, now)?, owner),
            Step::Accept => (Command::AcceptSolution, Actor::Customer),
            Step::Reject => {
                (Command::RejectSolution { reason: self.say(course, "reject", &[])? }, Actor::Customer)
            }
            Step::CarryOut => (Command::CarryOut { body: self.say(course, "carried-out", &[])? }, owner),
            Step::CallMediation => {
                (Command::CallMediation { mediator: self.say(course, "mediator", &[])? }, lead(course)?)
            }
            _ => {
                let outcome = self.say(course, "mediation-outcome", &[])?;
                let cost_fen = 30_000 + 5_000 * u64::try_from(course.draw.below(10)).unwrap_or(0);
                (Command::ConcludeMediation { outcome, cost_fen }, lead(course)?)
            }
        })
    }

    /// L5: the solution names the date by which it is carried out.
    fn proposal(&self, course: &mut Course<'_>, now: Timestamp) -> Result<Command, ExampleError> {
        let earlier = course.ticket().map_or(0, |ticket| ticket.round().solutions.len());
        let first = earlier == 0 && course.in_first_round();
        let falls_short = first && course.habits.falls_short;
        let open = self.hours.office(now, course.draw.minutes(600, 1_900));
        let carry_out_by = course.told.filter(|told| *told > now).unwrap_or(open);
        let name = match (falls_short, first) {
            (true, _) => "short-solution",
            (false, true) => "solution",
            (false, false) => "better-solution",
        };
        let body = self.say(course, name, &[("by", &self.hours.shown(carry_out_by))])?;
        let form = if course.draw.chance(75) { Form::Written } else { Form::Oral };
        Ok(Command::ProposeSolution {
            body,
            form,
            carry_out_by: Some(carry_out_by),
            meets_standard: !falls_short,
        })
    }

    fn close(&self, course: &mut Course<'_>) -> Result<(Command, Actor), ExampleError> {
        let owner = self.owner(course)?;
        if let Some((commitment, term)) = course.request.scope.clone() {
            let letters = &sheet_of(course)?.commitments;
            let letter = letters.iter().find(|letter| letter.number == commitment);
            let excluded = letter.is_some_and(|letter| letter.scope.iter().any(|scope| scope.id == term));
            if excluded {
                let note = course.request.answer.as_str().into();
                return Ok((
                    Command::Close { outcome: Outcome::OutOfScope { commitment, term }, note },
                    owner,
                ));
            }
            // No letter was in force that could exclude it.
            let note = self.say(course, "withdrawn", &[])?;
            return Ok((Command::Close { outcome: Outcome::Withdrawn, note }, Actor::Customer));
        }
        let rejected = course
            .ticket()
            .and_then(|ticket| ticket.round().solution()?.verdict)
            .is_some_and(|(_, accepted)| !accepted);
        let (outcome, name, actor) = match course.story {
            Story::DuplicateOf(_) => match course.twin {
                Some(of) => (Outcome::Duplicate { of }, "duplicate", owner),
                None => (Outcome::Withdrawn, "withdrawn", Actor::Customer),
            },
            Story::Withdrawn => (Outcome::Withdrawn, "withdrawn", Actor::Customer),
            Story::Unresolved if rejected => (Outcome::Unresolved, "unresolved", owner),
            _ => (Outcome::Settled, "close", owner),
        };
        Ok((Command::Close { outcome, note: self.say(course, name, &[])? }, actor))
    }

    /// S2: satisfaction follows whether the word was kept.
    fn survey(&self, course: &mut Course<'_>) -> Result<(Command, Actor), ExampleError> {
        let sheet = sheet_of(course)?;
        let kept = sheet.breaches.is_empty();
        let mut asked: Vec<String> = Vec::new();
        for question in
            sheet.commitments.iter().filter_map(|letter| letter.survey.as_ref()).flat_map(|s| &s.ask)
        {
            if !asked.contains(question) {
                asked.push(question.clone());
            }
        }
        let disappointed = course.stop == Some(Step::CallBack);
        let weights: &[(u8, usize)] = match (disappointed, kept) {
            (true, _) => &[(1, 40), (2, 60)],
            (false, true) => &[(5, 58), (4, 33), (3, 8), (2, 1)],
            (false, false) => &[(5, 8), (4, 24), (3, 32), (2, 24), (1, 12)],
        };
        let ratings: Vec<(String, u8)> = asked
            .into_iter()
            .map(|question| (question, course.draw.weighted(weights).unwrap_or(4)))
            .collect();
        let low = ratings.iter().any(|(_, rating)| *rating <= 2);
        let comment = self.say(course, if low { "survey-low" } else { "survey-good" }, &[])?;
        Ok((Command::AnswerSurvey { ratings, comment }, Actor::Customer))
    }

    fn reopen(&self, course: &mut Course<'_>) -> Result<(Command, Actor), ExampleError> {
        let (reason, name, actor) = match course.story {
            Story::SecondComplaint => {
                (ReopenReason::SecondComplaint, "reopen-second-complaint", Actor::Customer)
            }
            Story::Recurrence => (ReopenReason::Recurrence, "reopen-recurrence", Actor::Customer),
            _ => (ReopenReason::ClosedByMistake, "note", self.owner(course)?),
        };
        Ok((Command::Reopen { reason, body: self.say(course, name, &[])? }, actor))
    }

    fn remedy(
        &self,
        course: &mut Course<'_>,
        step: Step,
        grade: Grade,
    ) -> Result<(Command, Actor), ExampleError> {
        let owner = self.owner(course)?;
        Ok(match step {
            Step::ProposeRemedy(_) => {
                let sheet = sheet_of(course)?;
                let (gives, number) = (remedy::gives(sheet), sheet.ticket.number.clone());
                let words = if gives.is_empty() {
                    self.say(course, "remedy-apology", &[])?.text().unwrap_or_default().to_owned()
                } else {
                    remedy::in_words(&gives, course.request.language)
                };
                let notice = self.say(course, "remedy-notice", &[("number", &number), ("gives", &words)])?;
                (Command::ProposeRemedy { grade, notice, form: Form::Written, gives }, owner)
            }
            Step::ApproveRemedy(_) => {
                (Command::ApproveRemedy { grade }, self.company.actor_with(Role::Manager)?)
            }
            Step::DeliverRemedy(_) => {
                let note = self.say(course, "remedy-delivered", &[])?;
                (Command::DeliverRemedy { grade, note }, owner)
            }
            _ => (Command::ConfirmRemedy { grade }, Actor::Customer),
        })
    }
}

const fn handles(role: Role) -> bool {
    matches!(role, Role::Agent | Role::Specialist | Role::TeamLead)
}

fn sheet_of<'c>(course: &'c Course<'_>) -> Result<&'c TicketSheet, ExampleError> {
    course.sheet.as_ref().ok_or_else(|| ExampleError::data("a step before the ticket came in"))
}

/// How long after its instant the ticker notices an alarm.
pub(crate) const NOTICED_AFTER_MS: (i64, usize) = (2, 60);

/// A moment of the ticker's lateness.
pub(crate) fn lateness(draw: &mut crate::draw::Draw) -> SignedDuration {
    let (least, span) = NOTICED_AFTER_MS;
    SignedDuration::from_millis(least.saturating_add(i64::try_from(draw.below(span)).unwrap_or(0)))
}
