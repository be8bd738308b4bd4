//! A company on the in-memory ledger with a clock that only tests move, seeded randomness, and a courier that fails when
//! told to. A test that ends with undelivered jobs fails.

#![expect(unreachable_pub, reason = "the tests take everything from here")]

use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Form, Kind};
use yinuo_core::{
    id::{MemberId, OrgId, TicketId},
    roster::{Actor, Role},
    ticket::{Answer, Command, Purpose},
};
pub use yinuo_desk::rehearsal::{
    Dice, PEOPLE, SeededEntropy, SteppedClock, found, new_member, settings, team_id, wall,
};
use yinuo_desk::{
    Clock, Courier, DeliveryError, Desk, DeskError, InboxCourier, Job, Notice, Ports, Receipt, Submission,
    TicketSheet,
};
use yinuo_ledger::{
    JobCounts, Ledger, MemoryLedger, Vault,
    conformance::sample::{Counting, master_key},
    vault::MasterKeys,
};

pub const RESPONSE_TIME: &str = include_str!("../../../../examples/commitments/response-time.toml");
pub const HOTLINE: &str = include_str!("../../../../examples/commitments/hotline-complaints.toml");

pub fn mins(mins: i64) -> SignedDuration {
    SignedDuration::from_mins(mins)
}

/// A courier to the inboxes that notes every try, and fails when told to.
pub struct TestCourier {
    inbox: InboxCourier,
    /// Every try: key of the job and how it went.
    pub tries: Mutex<Vec<(String, Result<(), DeliveryError>)>>,
    /// What the next tries answer; after that they work.
    pub failures: Mutex<Vec<DeliveryError>>,
}

impl TestCourier {
    pub fn fail(&self, times: usize, error: &DeliveryError) {
        self.failures.lock().unwrap().extend(std::iter::repeat_n(error.clone(), times));
    }

    pub fn tries(&self) -> usize {
        self.tries.lock().unwrap().len()
    }
}

#[async_trait]
impl Courier for TestCourier {
    async fn deliver(&self, job: &Job) -> Result<(), DeliveryError> {
        let failure = self.failures.lock().unwrap().pop();
        let went = match failure {
            Some(failure) => Err(failure),
            None => self.inbox.deliver(job).await,
        };
        self.tries.lock().unwrap().push((job.key.clone(), went.clone()));
        went
    }
}

/// Runs a future of the in-memory ledger, which never waits.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the in-memory ledger waited"),
    }
}

/// A company at work.
pub struct Company {
    pub org: OrgId,
    pub ledger: Arc<MemoryLedger>,
    pub clock: Arc<SteppedClock>,
    pub courier: Arc<TestCourier>,
    pub ports: Ports,
    pub desk: Desk,
    people: BTreeMap<&'static str, (MemberId, Role)>,
}

impl Drop for Company {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.jobs().waiting, 0, "the test ends with undelivered jobs: call `finish`");
        }
    }
}

impl Company {
    /// Monday 2026-11-23, 10:00 in Shanghai: both letters published, all teams and people.
    pub async fn open() -> Self {
        let company = Self::with_people(7).await;
        for letter in [RESPONSE_TIME, HOTLINE] {
            company.desk.publish(letter, company.actor("manager")).await.unwrap();
        }
        company
    }

    pub async fn with_people(seed: u64) -> Self {
        let mut company = Self::empty(seed).await;
        company.people = found(&company.desk).await.unwrap();
        company
    }

    pub async fn empty(seed: u64) -> Self {
        let ledger = Arc::new(MemoryLedger::new(seeded_vault(seed)));
        let clock = Arc::new(SteppedClock::at(wall("2026-11-23 10:00")));
        let courier = Arc::new(TestCourier {
            inbox: InboxCourier::new(Arc::clone(&ledger) as Arc<dyn Ledger>),
            tries: Mutex::default(),
            failures: Mutex::default(),
        });
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new(Dice::new(seed))),
            courier: Arc::clone(&courier) as Arc<dyn Courier>,
        };
        let org = OrgId::new("acme").unwrap();
        let desk = open_desk(&org, &ledger, &ports).await.unwrap();
        Self { org, ledger, clock, courier, ports, desk, people: BTreeMap::new() }
    }

    /// Another desk on the same ledger: another node, or this one after a restart.
    pub async fn another_desk(&self) -> Desk {
        open_desk(&self.org, &self.ledger, &self.ports).await.unwrap()
    }

    /// The process stops and starts again.
    pub async fn restart(&mut self) {
        self.desk = self.another_desk().await;
    }

    pub fn member(&self, account: &str) -> MemberId {
        self.people.get(account).unwrap_or_else(|| panic!("nobody is called {account}")).0
    }

    pub fn actor(&self, account: &str) -> Actor {
        match (account, self.people.get(account)) {
            ("customer", _) => Actor::Customer,
            (_, Some((id, role))) => Actor::Member { id: *id, role: *role },
            _ => panic!("nobody is called {account}"),
        }
    }

    /// Who owns the ticket.
    pub fn owner(&self, sheet: &TicketSheet) -> &'static str {
        let member = sheet.ticket.assignment.as_ref().and_then(|owned| owned.member);
        self.people.iter().find(|(_, (id, _))| Some(*id) == member).map_or("nobody", |(account, _)| account)
    }

    pub async fn submit(&self, submission: Submission) -> Receipt {
        self.desk.submit(submission, Actor::Customer, None).await.unwrap()
    }

    /// A command that has to be carried out.
    pub async fn ok(&self, ticket: TicketId, who: &str, command: Command) -> TicketSheet {
        let kind = command.kind();
        let done = self.desk.command(ticket, command, self.actor(who), None).await;
        done.unwrap_or_else(|error| panic!("{} by {who}: {error}", kind.word()))
    }

    /// A command that has to be refused; gives the code.
    pub async fn refused(&self, ticket: TicketId, who: &str, command: Command) -> &'static str {
        match self.desk.command(ticket, command, self.actor(who), None).await {
            Err(DeskError::Refused(refusal)) => refusal.code(),
            Err(error) => panic!("not refused but: {error}"),
            Ok(_) => panic!("not refused"),
        }
    }

    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub async fn sheet(&self, ticket: TicketId) -> TicketSheet {
        self.desk.ticket(ticket, self.actor("auditor")).await.unwrap()
    }

    /// What the notices of a person say, the oldest first, as `word number`.
    pub async fn told(&self, account: &str) -> Vec<String> {
        let mut notices = self.desk.notices(self.member(account), false, 1_000).await.unwrap();
        notices.reverse();
        notices.iter().map(says).collect()
    }

    pub fn jobs(&self) -> JobCounts {
        at_once(self.desk.job_counts()).unwrap()
    }

    /// Delivers everything, also what waits for an opening or a retry.
    pub async fn finish(&self) {
        for _ in 0..200 {
            self.desk.deliver_due().await.unwrap();
            if self.jobs().waiting == 0 {
                return;
            }
            self.clock.step(mins(30));
        }
        panic!("jobs are never delivered");
    }
}

/// A vault whose keys follow from `seed`.
pub fn seeded_vault(seed: u64) -> Arc<Vault> {
    Arc::new(Vault::new(MasterKeys::one(master_key(1)), Arc::new(Counting::from(seed << 32))))
}

pub async fn open_desk(org: &OrgId, ledger: &Arc<MemoryLedger>, ports: &Ports) -> Result<Desk, DeskError> {
    let desk =
        Desk::open(org.clone(), Arc::clone(ledger) as Arc<dyn Ledger>, ports.clone(), settings()).await?;
    // What the validation would choose, without trying the others: how well is learned is measured elsewhere.
    desk.learn_by(yinuo_language::train::Settings { rounds: vec![4], turns: 1, ..Default::default() });
    Ok(desk)
}

/// `clock-due 50 % repair-contact`, or only the word.
pub fn says(notice: &Notice) -> String {
    let payload: serde_json::Value = serde_json::from_str(&notice.payload).unwrap();
    let part = |name: &str| payload[name].as_str().map(|text| format!(" {text}")).unwrap_or_default();
    format!("{}{}{}", notice.kind, part("step"), part("promise"))
}

/// A request of `kind` with words that decide nothing.
pub fn request(kind: Kind) -> Submission {
    Submission { kind: Some(kind), ..Submission::new(Channel::Web, "关于订单", "想了解一下。") }
}

/// State words by promise, as `promise: state`, in the order of the sheet.
pub fn states(sheet: &TicketSheet) -> Vec<String> {
    let clocks = sheet.clocks.iter();
    clocks.map(|clock| format!("{}: {}", clock.clock.key.promise, clock.reading.state.word())).collect()
}

/// The state word of the first clock of `promise`.
pub fn state(sheet: &TicketSheet, promise: &str) -> &'static str {
    let clock = sheet.clocks.iter().find(|clock| clock.clock.key.promise.as_str() == promise);
    clock.unwrap_or_else(|| panic!("no clock of {promise}: {:?}", states(sheet))).reading.state.word()
}

pub fn reply(purpose: Purpose, body: &str) -> Command {
    let (body, contents) = (body.into(), Vec::new());
    let answer = Answer { body, form: Form::Written, purpose, contents, told: None, article: None };
    Command::Reply { answer }
}

pub fn note(body: &str) -> Command {
    Command::Note { body: body.into() }
}
