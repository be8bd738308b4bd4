//! Reading and playing a script. `README.md` beside it tells how a script reads.

use jiff::Timestamp;
use yinuo_commitment::{
    Channel, Complexity, Content, Facets, Form, Give, Grade, Ground, Kind, Mark, PauseReason, Severity, Site,
    Urgency,
};
use yinuo_core::{
    breach,
    clock::{self, Clock, ClockState, StepAt},
    personal::PersonalField,
    roster::Actor,
    ticket::{
        self, Answer, Assessment, Basis, Command, CommandKind, Dimension, Event, Opinion, Outcome, Purpose,
        Refusal, ReopenReason, Told,
    },
    view,
    words::Words,
};

use crate::{
    company::{self, Company, account, shanghai, wall, words},
    desk::Desk,
};

/// What came of a script.
pub(crate) struct Played {
    /// Lines that say something else than what is shown.
    pub(crate) wrong: Vec<String>,
    /// The script with everything as it is shown.
    pub(crate) shown: String,
}

pub(crate) fn play(text: &str) -> Played {
    let mut desk = Desk::new(Company::with(Vec::new()));
    let mut played = Played { wrong: Vec::new(), shown: String::new() };
    let mut last = Timestamp::MIN;
    let mut readings = 0;
    for (number, line) in text.lines().enumerate() {
        let said = line.trim_end();
        let shown = if said.is_empty() || said.starts_with('#') {
            said.to_owned()
        } else if said.starts_with(|first: char| first.is_ascii_digit()) {
            let (stamp, rest) = split_instant(said);
            assert!(stamp >= last, "line {}: time runs backwards", number + 1);
            last = stamp;
            let rest = rest.trim_start();
            let shown = at(&mut desk, stamp, rest);
            readings += usize::from(!shown.is_empty());
            let head = &said[..said.len() - rest.len()];
            format!("{head}{}", if shown.is_empty() { rest } else { &shown })
        } else {
            set(&mut desk, said);
            said.to_owned()
        };
        if shown != said {
            played.wrong.push(format!("line {}\n  says  {said}\n  shown {shown}", number + 1));
        }
        played.shown.push_str(&shown);
        played.shown.push('\n');
    }
    assert!(readings > 0, "a script that reads nothing proves nothing");
    played
}

/// The company before anything happens.
fn set(desk: &mut Desk, line: &str) {
    let tokens: Vec<&str> = line.split_whitespace().collect();
    let company = &mut desk.company;
    match tokens.as_slice() {
        ["letter", name] => company.commitments.push(company::letter(name)),
        ["load", who, tickets] => {
            company.load.insert(company::member(who), tickets.parse().unwrap());
        }
        ["absent", who] => company.roster.members.get_mut(&company::member(who)).unwrap().active = false,
        _ => panic!("not a line of a script: {line}"),
    }
}

/// `2026-09-30 17:50` and what follows.
fn split_instant(line: &str) -> (Timestamp, &str) {
    let date_end = line.find(' ').unwrap();
    let time_end = line[date_end + 1..].find(' ').map_or(line.len(), |place| date_end + 1 + place);
    (shanghai(&line[..time_end]), &line[time_end..])
}

/// One dated line, as it is shown; empty if it shows nothing of its own.
fn at(desk: &mut Desk, now: Timestamp, line: &str) -> String {
    let (head, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (said, _) = line.split_once(" refused").unwrap_or((line, ""));
    match head {
        "received" => {
            let said = said.strip_suffix(" finds nobody").unwrap_or(said);
            let request = request(desk, said.split_once(' ').unwrap().1);
            let decided = desk.receive(request, now);
            let nobody = decided.as_ref().is_ok_and(|events| {
                events.iter().any(|event| {
                    matches!(event, Event::LeftUnassigned | Event::Assigned { member: None, .. })
                })
            });
            format!("{}{}", outcome(said, decided), if nobody { " finds nobody" } else { "" })
        }
        "clock" => {
            let name = rest.split_whitespace().next().unwrap();
            format!("clock {name} {}", clock_words(desk, name, now))
        }
        "tick" => format!("tick {}", tick_words(desk, now)),
        "next" => format!("next {}", next_words(desk)),
        "stage" => format!("stage {}", desk.ticket().stage().word()),
        "owner" => format!("owner {}", owner_words(desk)),
        "breaches" => format!("breaches {}", breach_words(desk, now)),
        "compensation" => format!("compensation {}", compensation_words(desk, now)),
        "row" => format!("row {}", row_words(desk)),
        "may" => {
            let (who, kind) = rest.split_once(' ').unwrap();
            let kind = kind.split_whitespace().next().unwrap();
            format!("may {who} {kind} {}", may_words(desk, who, kind, now))
        }
        who => {
            let actor = company::actor(who).unwrap_or_else(|| panic!("nobody is called {who}"));
            let command = command(desk, said.split_once(' ').unwrap().1);
            outcome(said, desk.decide(command, actor, now))
        }
    }
}

fn outcome(said: &str, decided: Result<Vec<Event>, Refusal>) -> String {
    match decided {
        Ok(_) => said.to_owned(),
        Err(refusal) => format!("{said} refused {}", refusal_words(&refusal)),
    }
}

fn refusal_words(refusal: &Refusal) -> String {
    for language in yinuo_commitment::Language::ALL {
        assert!(!refusal.text(*language).is_empty());
    }
    let rule = refusal.rule().map(|rule| format!(" by rule {rule}")).unwrap_or_default();
    let more = match refusal {
        Refusal::VerifyFirst { commitment } => format!(" of {commitment}"),
        Refusal::Contents { promise, missing } => {
            let promise = promise.as_ref().map(|promise| format!(" for {promise}")).unwrap_or_default();
            format!("{promise} without {}", list(missing))
        }
        Refusal::ExceptionNeeds { missing } => format!(" without {}", list(missing)),
        Refusal::TellWhen { promise, mark } => format!(" for {promise} without {mark}"),
        Refusal::WordTooLate { promise, due_at } => format!(" for {promise} due {}", wall(*due_at)),
        Refusal::ScopeTermUnknown { known, .. } => format!(" known {}", list(known)),
        Refusal::NotInFuture { field } | Refusal::Blank { field } => format!(" {field}"),
        Refusal::NotOnRecord { fields } => {
            format!(" {}", fields.iter().map(|field| field.word()).collect::<Vec<_>>().join(", "))
        }
        Refusal::Masked { field } => format!(" {}", field.word()),
        Refusal::Needs { mark } | Refusal::Already { mark, .. } => format!(" {mark}"),
        Refusal::RemedyStep { needs, .. } => format!(" {}", needs.word()),
        _ => String::new(),
    };
    format!("{}{more}{rule}", refusal.code())
}

fn list<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The clock called `promise`, in round 1 or in the one after `#`, of whatever letter.
fn find_clock(desk: &Desk, name: &str, now: Timestamp) -> Option<Clock> {
    let (promise, round) =
        name.split_once('#').map_or((name, 1), |(name, round)| (name, round.parse().unwrap()));
    let (letter, promise) =
        promise.split_once('/').map_or((None, promise), |(letter, name)| (Some(letter), name));
    let clocks = clock::clocks(desk.ticket(), &desk.company.facts(), now);
    let mut named = clocks.into_iter().filter(|clock| {
        clock.key.promise.as_str() == promise
            && clock.key.round == round
            && letter.is_none_or(|letter| clock.key.commitment.ends_with(letter))
    });
    let found = named.next();
    assert!(named.next().is_none(), "two letters promise {promise}: write 001/{promise} or 002/{promise}");
    found
}

fn clock_words(desk: &Desk, name: &str, now: Timestamp) -> String {
    let Some(clock) = find_clock(desk, name, now) else { return "none".to_owned() };
    let due = clock.due_at.map(|due| format!(" due {}", wall(due))).unwrap_or_default();
    let left = |left: Option<jiff::SignedDuration>| {
        left.map(|left| format!(" left {}", words(left))).unwrap_or_default()
    };
    match clock.reading(now).state {
        ClockState::Running { remaining } => format!("running{}{due}", left(remaining)),
        ClockState::Paused { since, remaining } => format!("paused since {}{}", wall(since), left(remaining)),
        ClockState::Met { at, margin } => {
            let margin = margin.map(|margin| format!(" margin {}", words(margin))).unwrap_or_default();
            format!("met {}{margin}", wall(at))
        }
        ClockState::Missed { overrun, stopped_at } => {
            let stopped = stopped_at.map(|at| format!(" stopped {}", wall(at))).unwrap_or_default();
            format!("missed by {}{due}{stopped}", words(overrun))
        }
        ClockState::Excepted { at } => format!("excepted {}", wall(at)),
        ClockState::Void { at } => format!("void {}", wall(at)),
    }
}

fn step_words(step: StepAt) -> String {
    match step {
        StepAt::Share(percent) => format!("{percent} %"),
        StepAt::Due => "due".to_owned(),
        StepAt::After(time) => format!("due + {}", words(time)),
    }
}

/// Lets time speak, and tells what fired.
fn tick_words(desk: &mut Desk, now: Timestamp) -> String {
    let events = match desk.decide(Command::Tick, Actor::System, now) {
        Ok(events) => events,
        Err(refusal) => {
            assert_eq!(refusal, Refusal::NothingChanges);
            return "fires nothing".to_owned();
        }
    };
    let parts = events.iter().map(|event| match event {
        Event::AlarmFired { clock, step, planned_at, .. } => {
            let late = if *planned_at < now { format!(" of {}", wall(*planned_at)) } else { String::new() };
            format!("{} {}{late}", clock.promise, step_words(*step))
        }
        Event::Assigned { member, .. } => format!("hands over to {}", member.map_or("nobody", account)),
        other => format!("{other:?}"),
    });
    format!("fires {}", parts.collect::<Vec<_>>().join(", "))
}

fn next_words(desk: &Desk) -> String {
    clock::next_alarm(desk.ticket(), &desk.company.facts()).map_or("nothing".to_owned(), |alarm| {
        format!("{} {} at {}", alarm.clock.promise, step_words(alarm.step), wall(alarm.at))
    })
}

fn owner_words(desk: &Desk) -> String {
    desk.ticket().assignment.as_ref().map_or("nobody".to_owned(), |owned| {
        format!("{} of {}", owned.member.map_or("nobody", account), owned.team)
    })
}

fn breach_words(desk: &Desk, now: Timestamp) -> String {
    let facts = desk.company.facts();
    let clocks = clock::clocks(desk.ticket(), &facts, now);
    let breaches = breach::breaches(desk.ticket(), &facts, &clocks, now);
    let each = breaches.iter().map(|breach| {
        let what = match &breach.cause {
            breach::Cause::Missed(clock) | breach::Cause::NotCarriedOut(clock) => {
                format!(" {}", clock.promise)
            }
            _ => String::new(),
        };
        let letter = &facts.commitments[breach.pin].number;
        format!(
            "{} {}{what} in {letter} round {} {}",
            breach.grade,
            breach.cause.word(),
            breach.round,
            wall(breach.at)
        )
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "none".to_owned() } else { each.join(", ") }
}

fn compensation_words(desk: &Desk, now: Timestamp) -> String {
    let facts = desk.company.facts();
    let clocks = clock::clocks(desk.ticket(), &facts, now);
    let each = breach::compensation(&facts, &clocks, now).into_iter().map(|(promise, give)| match give {
        Give::FeeReduction(percent) => format!("{promise} {percent} % off"),
        Give::AddedService(text) => format!("{promise} {}", text.en),
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "none".to_owned() } else { each.join(", ") }
}

/// The line of the ticket in lists, as far as scenarios speak of it.
fn row_words(desk: &Desk) -> String {
    let row = view::views(desk.ticket(), &desk.company.facts()).ticket;
    let next = row.next_due.zip(row.next_due_at);
    let next =
        next.map_or("nothing due".to_owned(), |(key, due)| format!("next {} {}", key.promise, wall(due)));
    let breach = row.breach.map_or("no breach", Grade::word);
    let mut words = format!("{}, {next}, {breach}", if row.open { "open" } else { "done" });
    if let Some(triage) = row.triage {
        words = format!("{words}, triage {}", triage.word());
    }
    for (holds, word) in [(row.first_contact, "first contact"), (row.second_complaint, "second complaint")] {
        if holds {
            words = format!("{words}, {word}");
        }
    }
    words
}

fn may_words(desk: &Desk, who: &str, kind: &str, now: Timestamp) -> String {
    let kind = CommandKind::from_word(kind).unwrap();
    let permitted =
        ticket::permitted(desk.ticket(), &desk.company.facts(), company::actor(who).unwrap(), now);
    match permitted.into_iter().find(|(command, _)| *command == kind).unwrap().1 {
        Ok(()) => "yes".to_owned(),
        Err(refusal) => format!("no {}", refusal_words(&refusal)),
    }
}

fn request(desk: &Desk, line: &str) -> ticket::Request {
    let mut request = desk.request();
    let (channel, facets) = line.trim().split_once(' ').unwrap();
    request.channel = Channel::from_word(channel).unwrap_or_else(|| panic!("no channel {channel}"));
    let (doubts, plain): (Vec<&str>, Vec<&str>) =
        facets.split_whitespace().partition(|word| word.contains('?'));
    request.facets = facets_of(&plain.join(" "), None);
    request.assessment = (!doubts.is_empty()).then(|| Assessment {
        model: "test".into(),
        opinions: doubts.into_iter().map(doubt).collect(),
        words: "".into(),
    });
    request
}

/// `kind?complaint?repair`: a dimension that is not sure, and what else it could be.
fn doubt(word: &str) -> Opinion {
    let mut parts = word.split('?');
    let dimension = parts.next().and_then(Dimension::from_word);
    Opinion {
        dimension: dimension.unwrap_or_else(|| panic!("no dimension in {word}")),
        value: String::new(),
        probability: 5_000,
        basis: Basis::Model,
        sure: false,
        others: parts.map(|value| (value.to_owned(), 2_000)).collect(),
    }
}

/// Facets in words: the kind first, or what changes.
fn facets_of(line: &str, known: Option<Facets>) -> Facets {
    let mut facets = known.unwrap_or(Facets::of(Kind::Consultation));
    for word in line.split_whitespace() {
        match word {
            "technical" => facets.technical = true,
            "untechnical" => facets.technical = false,
            _ => {
                let fits = Kind::from_word(word).map(|kind| facets.kind = kind).is_some()
                    || Urgency::from_word(word).map(|urgency| facets.urgency = urgency).is_some()
                    || Complexity::from_word(word).map(|complexity| facets.complexity = complexity).is_some()
                    || Severity::from_word(word).map(|severity| facets.severity = severity).is_some()
                    || Site::from_word(word).map(|site| facets.site = site).is_some();
                if !fits {
                    facets.topic =
                        Some(word.strip_prefix("about-").unwrap_or_else(|| panic!("no facet {word}")).into());
                }
            }
        }
    }
    facets
}

/// The words after a word of the line, up to the next such word.
struct Line<'a> {
    text: &'a str,
}

impl Line<'_> {
    fn has(&self, word: &str) -> bool {
        self.text.split_whitespace().any(|token| token == word)
    }

    /// What follows `word`: one token.
    fn after(&self, word: &str) -> Option<&str> {
        self.text.split_whitespace().skip_while(|token| *token != word).nth(1)
    }

    /// The date and time after `by`.
    fn by(&self) -> Option<Timestamp> {
        let mut tokens = self.text.split_whitespace().skip_while(|token| *token != "by").skip(1);
        Some(shanghai(&format!("{} {}", tokens.next()?, tokens.next()?)))
    }

    fn contents(&self) -> Vec<Content> {
        Content::ALL.iter().copied().filter(|content| self.has(content.word())).collect()
    }

    fn form(&self) -> Form {
        if self.has("oral") { Form::Oral } else { Form::Written }
    }

    fn grade(&self) -> Grade {
        if self.has("major") { Grade::Major } else { Grade::Minor }
    }
}

fn command(desk: &Desk, text: &str) -> Command {
    let (word, args) = text.split_once(' ').unwrap_or((text, ""));
    let line = Line { text: args };
    let body = || yinuo_core::words::Words::from("详情见附件");
    let kind = CommandKind::from_word(word).unwrap_or_else(|| panic!("no command {word}"));
    match kind {
        CommandKind::Classify => {
            Command::Classify { facets: facets_of(args, Some(desk.ticket().facets())), why: body() }
        }
        CommandKind::Assign => {
            let mut names = args.split_whitespace();
            Command::Assign {
                team: company::team(names.next().unwrap()),
                member: names.next().map(company::member),
            }
        }
        CommandKind::PickUp => Command::PickUp { rings: line.after("after").unwrap().parse().unwrap() },
        CommandKind::Reply => Command::Reply { answer: answer(&line) },
        CommandKind::JudgeAnswer => Command::JudgeAnswer { helpful: line.has("helpful") },
        CommandKind::Contact => Command::Contact { body: body(), contents: line.contents() },
        CommandKind::Solve => Command::Solve { remote: line.has("remotely"), body: body() },
        CommandKind::ProposeSolution => Command::ProposeSolution {
            body: body(),
            form: line.form(),
            carry_out_by: line.by(),
            meets_standard: !line.has("short"),
        },
        CommandKind::Pause => Command::Pause { reason: reason(args), note: body() },
        CommandKind::Resume => Command::Resume { reason: reason(args) },
        CommandKind::GrantException => Command::GrantException {
            ground: Ground::ForceMajeure,
            evidence: if line.has("evidence") { body() } else { "".into() },
            word: line
                .has("word")
                .then(|| desk.ticket().messages.last().map_or(0, |message| message.version)),
            alternative: if line.has("alternative") { body() } else { " ".into() },
        },
        CommandKind::LiftException => Command::LiftException { ground: Ground::ForceMajeure },
        CommandKind::ConcludeMediation => Command::ConcludeMediation {
            outcome: body(),
            cost_fen: line.after("cost").unwrap().parse().unwrap(),
        },
        CommandKind::ReportLoss => Command::ReportLoss { major: line.has("major"), body: body() },
        CommandKind::Close => Command::Close { outcome: outcome_of(&line), note: body() },
        CommandKind::Reopen => {
            Command::Reopen { reason: ReopenReason::from_word(args.trim()).unwrap(), body: body() }
        }
        CommandKind::AnswerSurvey => {
            let rating = |token: &str| {
                let (question, rating) = token.split_once('=').unwrap();
                (question.to_owned(), rating.parse().unwrap())
            };
            Command::AnswerSurvey { ratings: args.split_whitespace().map(rating).collect(), comment: body() }
        }
        CommandKind::ProposeRemedy => Command::ProposeRemedy {
            grade: line.grade(),
            notice: body(),
            form: line.form(),
            gives: vec![Give::FeeReduction(10)],
        },
        CommandKind::ApproveRemedy => Command::ApproveRemedy { grade: line.grade() },
        CommandKind::DeliverRemedy => Command::DeliverRemedy { grade: line.grade(), note: body() },
        CommandKind::ConfirmRemedy => Command::ConfirmRemedy { grade: line.grade() },
        CommandKind::CorrectCustomer => corrected(desk, &line, body()),
        CommandKind::Reveal => Command::Reveal {
            fields: PersonalField::ALL.iter().copied().filter(|field| line.has(field.word())).collect(),
            reason: if line.has("because") { body() } else { " ".into() },
        },
        plain => plain_command(plain),
    }
}

fn corrected(desk: &Desk, line: &Line<'_>, why: Words) -> Command {
    let phone = line.after("phone").map_or_else(|| "13800000000".into(), Words::from);
    let customer = ticket::Customer { phone: Some(phone), ..desk.ticket().customer.clone() };
    Command::CorrectCustomer { customer, why }
}

/// Commands that carry at most one text.
fn plain_command(kind: CommandKind) -> Command {
    let body = yinuo_core::words::Words::from("详情见附件");
    match kind {
        CommandKind::Take => Command::Take,
        CommandKind::ConfirmClassification => Command::ConfirmClassification,
        CommandKind::EndCall => Command::EndCall,
        CommandKind::TellLookup => Command::TellLookup,
        CommandKind::RecordWords => Command::RecordWords { body },
        CommandKind::Note => Command::Note { body },
        CommandKind::Dispatch => Command::Dispatch { body },
        CommandKind::Arrive => Command::Arrive,
        CommandKind::StartInvestigation => Command::StartInvestigation { body },
        CommandKind::Verify => Command::Verify { findings: body },
        CommandKind::AcceptSolution => Command::AcceptSolution,
        CommandKind::RejectSolution => Command::RejectSolution { reason: body },
        CommandKind::CarryOut => Command::CarryOut { body },
        CommandKind::Confirm => Command::Confirm,
        CommandKind::CallMediation => Command::CallMediation { mediator: body },
        CommandKind::FindConcealment => Command::FindConcealment { body },
        CommandKind::CallBack => Command::CallBack { body },
        CommandKind::GiveAnswer => Command::GiveAnswer {
            body,
            article: yinuo_core::id::ArticleId::new("opening-hours").unwrap(),
            version: 1,
            permille: 980,
            method: 1,
        },
        CommandKind::AskForPerson => Command::AskForPerson,
        other => panic!("a script cannot say {}", other.word()),
    }
}

fn reason(args: &str) -> PauseReason {
    PauseReason::from_word(args.trim()).unwrap_or(PauseReason::WaitingForCustomer)
}

fn answer(line: &Line<'_>) -> Answer {
    let purpose = line.text.split_whitespace().next().unwrap_or("reply");
    let told = line.after("tells").map(|mark| Told {
        mark: Mark::from_word(mark).unwrap_or_else(|| panic!("no mark {mark}")),
        by: line.by().unwrap(),
    });
    Answer {
        body: "您好，已收到。".into(),
        form: line.form(),
        purpose: Purpose::from_word(purpose).unwrap_or_else(|| panic!("no purpose {purpose}")),
        contents: line.contents(),
        told,
        article: None,
    }
}

fn outcome_of(line: &Line<'_>) -> Outcome {
    let word = line.text.split_whitespace().next().unwrap();
    match word {
        "settled" => Outcome::Settled,
        "withdrawn" => Outcome::Withdrawn,
        "unresolved" => Outcome::Unresolved,
        "out-of-scope" => Outcome::OutOfScope {
            commitment: line.after("out-of-scope").unwrap().to_owned(),
            term: line.after("term").unwrap_or("none").to_owned(),
        },
        "duplicate" => {
            Outcome::Duplicate { of: company::ticket_id(line.after("of").unwrap().parse().unwrap()) }
        }
        other => panic!("no outcome {other}"),
    }
}
