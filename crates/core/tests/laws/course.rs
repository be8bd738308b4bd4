//! Random courses of a ticket.

use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, prelude::*};
use yinuo_commitment::{
    Channel, Complexity, Content, Facets, Form, Give, Grade, Ground, Kind, Language, Mark, PauseReason,
    Severity, Site, Urgency,
};
use yinuo_core::{
    id::ArticleId,
    personal::PersonalField,
    roster::Actor,
    ticket::{
        self, Answer, Assessment, Basis, Classifier, Command, CommandKind, Customer, Dimension, Entry,
        Opinion, Outcome, Purpose, Refusal, ReopenReason, Request, Ticket, Told, UsedArticle,
    },
    words::Words,
};

use crate::company::{self, Company, shanghai, ticket_id};

/// One command after some time, its content drawn from a few numbers.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Whether only time passes.
    idle: bool,
    after_us: i64,
    actor: usize,
    command: usize,
    numbers: [u32; 4],
}

#[derive(Debug, Clone)]
pub(crate) struct First {
    channel: usize,
    numbers: [u32; 4],
    start_us: i64,
}

pub(crate) struct Run {
    pub(crate) ticket: Ticket,
    pub(crate) entries: Vec<Entry>,
    pub(crate) now: Timestamp,
    /// Commands that were not refused.
    pub(crate) taken: Vec<CommandKind>,
}

/// Up to forty-four commands, from a second to four days apart; odd microseconds keep them off exact due instants.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let after = prop_oneof![1_i64..600, 600_i64..14_400, 14_400_i64..345_600]
        .prop_map(|seconds| seconds * 1_000_000 + 7);
    let step = (after, 0..3_usize, 0..CommandKind::ALL.len() * 2, any::<[u32; 4]>());
    let step = step.prop_map(|(after_us, actor, command, numbers)| Step {
        idle: false,
        after_us,
        actor,
        command,
        numbers,
    });
    vec(step, 0..45)
}

pub(crate) fn firsts() -> impl Strategy<Value = First> {
    (0..Channel::ALL.len(), any::<[u32; 4]>(), 0_i64..30 * 86_400_000_000)
        .prop_map(|(channel, numbers, start_us)| First { channel, numbers, start_us })
}

fn pick<T: Copy>(items: &[T], number: u32) -> T {
    items[number as usize % items.len()]
}

fn facets(numbers: [u32; 4]) -> Facets {
    let [kind, rest, ..] = numbers;
    let mut facets = Facets::of(pick(Kind::ALL, kind));
    facets.urgency = pick(Urgency::ALL, rest);
    facets.complexity = pick(Complexity::ALL, rest >> 1);
    facets.severity = pick(Severity::ALL, rest >> 2);
    facets.site = pick(Site::ALL, rest >> 3);
    facets.technical = rest & 16 != 0;
    facets
}

/// Every second request is not sure of something.
fn assessment([a, b, c, _]: [u32; 4]) -> Option<Assessment> {
    let opinion = |dimension, values: &[&str], number: u32| Opinion {
        dimension,
        value: String::new(),
        probability: 6_000,
        basis: Basis::Model,
        sure: number.is_multiple_of(3),
        others: vec![(pick(values, number).to_owned(), 2_000)],
    };
    a.is_multiple_of(2).then(|| Assessment {
        model: "test".into(),
        opinions: vec![
            opinion(Dimension::Kind, &["complaint", "repair", "consultation"], b),
            opinion(Dimension::Urgency, &["urgent", "normal"], c),
        ],
        words: "".into(),
    })
}

fn text(number: u32) -> Words {
    // Now and then nothing: blank texts are refused.
    if number.is_multiple_of(11) { "".into() } else { "说明".into() }
}

fn contents(number: u32) -> Vec<Content> {
    let fits = |place: usize| number.is_multiple_of(2) || (number >> place) & 1 == 1;
    Content::ALL.iter().enumerate().filter(|(place, _)| fits(*place)).map(|(_, content)| *content).collect()
}

fn later(now: Timestamp, number: u32) -> Timestamp {
    now + SignedDuration::from_secs(i64::from(number % 400_000) - 3_600)
}

impl Step {
    /// The same time passing, and nothing happening.
    pub(crate) fn idle(&self) -> Self {
        Self { idle: true, ..self.clone() }
    }

    pub(crate) fn kind(&self) -> CommandKind {
        // What ends a complaint is rare among forty commands, so those that lead there are drawn more often.
        const OFTEN: [CommandKind; 25] = [
            CommandKind::Tick,
            CommandKind::Reply,
            CommandKind::Pause,
            CommandKind::RecordWords,
            CommandKind::Verify,
            CommandKind::ProposeSolution,
            CommandKind::AcceptSolution,
            CommandKind::RejectSolution,
            CommandKind::CarryOut,
            CommandKind::Close,
            CommandKind::Reopen,
            CommandKind::AnswerSurvey,
            CommandKind::ProposeRemedy,
            CommandKind::Solve,
            CommandKind::CallBack,
            CommandKind::GrantException,
            CommandKind::LiftException,
            CommandKind::ApproveRemedy,
            CommandKind::DeliverRemedy,
            CommandKind::ConfirmRemedy,
            CommandKind::PickUp,
            CommandKind::TellLookup,
            CommandKind::Reply,
            CommandKind::GrantException,
            CommandKind::LiftException,
        ];
        CommandKind::ALL.get(self.command).copied().unwrap_or(OFTEN[self.command % OFTEN.len()])
    }

    /// Mostly somebody who may; now and then somebody who may not.
    fn who(&self) -> Actor {
        let kind = self.kind();
        if matches!(kind, CommandKind::Tick | CommandKind::GiveAnswer) {
            return Actor::System;
        }
        let may = |name: &&str| {
            let role = match company::actor(name) {
                Some(Actor::Member { role, .. }) => Some(role),
                _ => None,
            };
            yinuo_core::access::may_command(role, kind)
        };
        let names = ["customer", "agent", "specialist", "lead", "supervision", "manager", "auditor"];
        let fit: Vec<&str> = names.iter().copied().filter(|name| may(name)).collect();
        let all = if self.numbers[3].is_multiple_of(13) { names.to_vec() } else { fit };
        company::actor(all[self.actor % all.len()]).unwrap()
    }

    #[expect(clippy::too_many_lines, reason = "one arm per command: a table")]
    fn command(&self, ticket: &Ticket, now: Timestamp) -> Command {
        let [a, b, c, _] = self.numbers;
        let (body, grade) = (text(a), pick(Grade::ALL, b));
        match self.kind() {
            CommandKind::Classify => Command::Classify { facets: facets(self.numbers), why: body },
            CommandKind::Assign => {
                let (name, _, team) = company::PEOPLE[a as usize % company::PEOPLE.len()];
                let member = (!b.is_multiple_of(3)).then(|| company::member(name));
                Command::Assign { team: company::team(team), member }
            }
            CommandKind::ConfirmClassification => Command::ConfirmClassification,
            CommandKind::Take => Command::Take,
            CommandKind::PickUp => Command::PickUp { rings: a % 6 },
            CommandKind::EndCall => Command::EndCall,
            CommandKind::TellLookup => Command::TellLookup,
            CommandKind::Reply => Command::Reply {
                answer: Answer {
                    body,
                    form: pick(Form::ALL, a),
                    purpose: pick(Purpose::ALL, b),
                    contents: contents(c),
                    told: (!c.is_multiple_of(5)).then(|| Told { mark: Mark::FullAnswer, by: later(now, c) }),
                    article: c.is_multiple_of(4).then(|| UsedArticle {
                        article: ArticleId::new("wifi-slow").unwrap(),
                        version: 1,
                        edited: c.is_multiple_of(3),
                    }),
                },
            },
            CommandKind::RecordWords => Command::RecordWords { body },
            CommandKind::Note => Command::Note { body },
            CommandKind::Contact => Command::Contact { body, contents: contents(c) },
            CommandKind::Dispatch => Command::Dispatch { body },
            CommandKind::Arrive => Command::Arrive,
            CommandKind::Solve => Command::Solve { remote: b.is_multiple_of(2), body },
            CommandKind::StartInvestigation => Command::StartInvestigation { body },
            CommandKind::Verify => Command::Verify { findings: body },
            CommandKind::ProposeSolution => Command::ProposeSolution {
                body,
                form: pick(Form::ALL, b),
                carry_out_by: (!c.is_multiple_of(7)).then(|| later(now, c)),
                meets_standard: b.is_multiple_of(3),
            },
            CommandKind::AcceptSolution => Command::AcceptSolution,
            CommandKind::RejectSolution => Command::RejectSolution { reason: body },
            CommandKind::CarryOut => Command::CarryOut { body },
            CommandKind::Confirm => Command::Confirm,
            CommandKind::Pause => {
                Command::Pause { reason: pick(PauseReason::ALL, (b % 8).saturating_sub(5)), note: body }
            }
            CommandKind::Resume => {
                Command::Resume { reason: pick(PauseReason::ALL, (b % 8).saturating_sub(5)) }
            }
            CommandKind::GrantException => Command::GrantException {
                ground: Ground::ForceMajeure,
                evidence: body,
                word: ticket.messages.last().map(|message| message.version),
                alternative: text(b),
            },
            CommandKind::LiftException => Command::LiftException { ground: Ground::ForceMajeure },
            CommandKind::CallMediation => Command::CallMediation { mediator: body },
            CommandKind::ConcludeMediation => {
                Command::ConcludeMediation { outcome: body, cost_fen: u64::from(b) }
            }
            CommandKind::ReportLoss => Command::ReportLoss { major: b.is_multiple_of(2), body },
            CommandKind::FindConcealment => Command::FindConcealment { body },
            CommandKind::Close => Command::Close { outcome: outcome(a, b), note: text(c) },
            CommandKind::Reopen => Command::Reopen { reason: pick(ReopenReason::ALL, b), body },
            CommandKind::AnswerSurvey => Command::AnswerSurvey {
                ratings: vec![("quality".into(), u8::try_from(b % 7).unwrap())],
                comment: body,
            },
            CommandKind::CallBack => Command::CallBack { body },
            CommandKind::ProposeRemedy => Command::ProposeRemedy {
                grade,
                notice: body,
                form: pick(Form::ALL, c),
                gives: vec![Give::FeeReduction(5)],
            },
            CommandKind::ApproveRemedy => Command::ApproveRemedy { grade: proposed(ticket, grade) },
            CommandKind::DeliverRemedy => {
                Command::DeliverRemedy { grade: proposed(ticket, grade), note: body }
            }
            CommandKind::ConfirmRemedy => Command::ConfirmRemedy { grade: proposed(ticket, grade) },
            CommandKind::CorrectCustomer => {
                let customer = Customer { name: format!("客户{}", a % 3).into(), ..Customer::default() };
                Command::CorrectCustomer { customer, why: text(b) }
            }
            CommandKind::Reveal => {
                let field = pick(PersonalField::ALL, a);
                Command::Reveal { fields: vec![field, PersonalField::Name], reason: text(b) }
            }
            CommandKind::GiveAnswer => Command::GiveAnswer {
                body,
                article: ArticleId::new("wifi-slow").unwrap(),
                version: 1,
                permille: c,
                method: 1,
            },
            CommandKind::JudgeAnswer => Command::JudgeAnswer { helpful: b.is_multiple_of(2) },
            CommandKind::AskForPerson => Command::AskForPerson,
            CommandKind::Tick => Command::Tick,
        }
    }
}

/// The grade of a remedy that was proposed, if one was.
fn proposed(ticket: &Ticket, otherwise: Grade) -> Grade {
    let last = ticket.rounds.iter().flat_map(|round| &round.remedies).last();
    last.map_or(otherwise, |remedy| remedy.grade)
}

fn outcome(a: u32, b: u32) -> Outcome {
    match a % 6 {
        0 | 1 => Outcome::Settled,
        2 => Outcome::Unresolved,
        3 => Outcome::Withdrawn,
        4 => Outcome::Duplicate { of: ticket_id(u8::try_from(b % 3).unwrap()) },
        _ => Outcome::OutOfScope {
            commitment: "YN-2026-002".into(),
            term: if b.is_multiple_of(2) { "C-3".into() } else { "C-1".into() },
        },
    }
}

pub(crate) fn play(company: &Company, first: &First, steps: &[Step]) -> Run {
    let now = shanghai("2026-09-01 00:00") + SignedDuration::from_micros(first.start_us);
    let request = Request {
        number: "TS-20260901-0001".into(),
        query_code: "482913".into(),
        channel: Channel::ALL[first.channel],
        customer: Customer::default(),
        subject: "求助".into(),
        body: "请尽快处理".into(),
        language: Language::Zh,
        facets: facets(first.numbers),
        classifier: Classifier::Rules,
        why: "".into(),
        assessment: assessment(first.numbers),
        pins: company.pins(),
        tzdb: "test".into(),
        external: None,
    };
    let events = ticket::receive(request, &company.facts(), now).unwrap();
    let entry = Entry { at: now, actor: Actor::Customer, events };
    let ticket = ticket::begin(ticket_id(1), &entry).unwrap();
    let mut run = Run { ticket, entries: vec![entry], now, taken: Vec::new() };
    for step in steps {
        run.now += SignedDuration::from_micros(step.after_us);
        if !step.idle {
            let command = step.command(&run.ticket, run.now);
            run.give(company, command, step.who());
        }
    }
    run
}

/// Refusals that the guards alone give: whoever passed them does not meet one of these for a command's content.
const GUARDS_ONLY: [&str; 12] = [
    "ticket-closed",
    "ticket-not-closed",
    "not-by-phone",
    "verify-on-site-first",
    "specialists-only",
    "no-solution-open",
    "no-solution-accepted",
    "no-survey",
    "survey-answered",
    "no-low-rating",
    "not-paused",
    "not-closed",
];

impl Run {
    /// Fires what has fallen due, and says how many steps that were.
    pub(crate) fn tick(&mut self, company: &Company) -> usize {
        let before = self.entries.len();
        self.give(company, Command::Tick, Actor::System);
        self.entries.get(before).map_or(0, |entry| entry.events.len())
    }

    fn give(&mut self, company: &Company, command: Command, actor: Actor) {
        let (kind, facts) = (command.kind(), company.facts());
        let guard = ticket::permitted(&self.ticket, &facts, actor, self.now);
        let guard = guard.into_iter().find(|(permitted, _)| *permitted == kind).map(|(_, guard)| guard);
        let decided = ticket::decide(&self.ticket, command, actor, &facts, self.now);
        match (guard, &decided) {
            (Some(Err(refusal)), decided) => assert_eq!(decided.as_ref(), Err(&refusal), "{}", kind.word()),
            (Some(Ok(())), Err(refusal)) => {
                assert!(!GUARDS_ONLY.contains(&refusal.code()), "{} met {}", kind.word(), refusal.code());
            }
            _ => {}
        }
        match decided {
            Ok(events) => {
                let entry = Entry { at: self.now, actor, events };
                self.ticket = ticket::apply(self.ticket.clone(), &entry);
                self.entries.push(entry);
                self.taken.push(kind);
            }
            Err(refusal) => tell(&refusal),
        }
    }
}

/// Every refusal has something to say in both languages.
fn tell(refusal: &Refusal) {
    for language in Language::ALL {
        assert!(!refusal.text(*language).trim().is_empty(), "{}", refusal.code());
    }
}
