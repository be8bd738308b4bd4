//! The auditor: knows only what was acknowledged, and works out by itself what the ledger has to say at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::{SignedDuration, Timestamp};
use yinuo_calendar::{Calendar, CalendarPlan, Interval, Pauses, Week};
use yinuo_commitment::{Kind, StepAt};
use yinuo_core::{
    id::TicketId,
    roster::Actor,
    ticket::{Command, Entry, Event},
};
use yinuo_desk::{FiguresQuery, Receipt, Submission};
use yinuo_ledger::{Hash, Log, Page, TicketFilter};

use crate::harness::{Company, dice::Dice, state};

pub(crate) const KINDS: [Kind; 4] = [Kind::Consultation, Kind::Repair, Kind::Complaint, Kind::Praise];

/// What the auditor knows of one ticket.
#[derive(Debug, Clone)]
struct Known {
    number: String,
    kind: Kind,
    hash: Hash,
    received_at: Timestamp,
    replied_at: Option<Timestamp>,
    pauses: Vec<(Timestamp, Option<Timestamp>)>,
    closed_at: Option<Timestamp>,
    versions: BTreeSet<u32>,
}

static OFFICE: LazyLock<Calendar> = LazyLock::new(|| {
    let hours = ["09:00-12:00", "13:30-18:00"].map(|hours| Interval::parse(hours).unwrap());
    CalendarPlan::weekly("Asia/Shanghai", Week::monday_to_friday(&hours)).compile().unwrap()
});

static ALWAYS: LazyLock<Calendar> = LazyLock::new(|| CalendarPlan::always("UTC").compile().unwrap());

#[derive(Clone)]
pub(crate) struct Auditor {
    tickets: BTreeMap<TicketId, Known>,
    keys: BTreeMap<String, (TicketId, Submission)>,
}

impl Auditor {
    pub(crate) fn new() -> Self {
        Self { tickets: BTreeMap::new(), keys: BTreeMap::new() }
    }

    pub(crate) fn acknowledged(&mut self, receipt: &Receipt, submission: Submission, key: Option<String>) {
        let known = Known {
            number: receipt.number.clone(),
            kind: submission.kind.unwrap(),
            hash: receipt.hash,
            received_at: receipt.received_at,
            replied_at: None,
            pauses: Vec::new(),
            closed_at: None,
            versions: BTreeSet::from([1]),
        };
        let before = self.tickets.insert(receipt.ticket, known);
        assert!(before.is_none(), "{} was acknowledged twice", receipt.ticket);
        if let Some(key) = key {
            self.keys.insert(key, (receipt.ticket, submission));
        }
    }

    pub(crate) fn acknowledged_again(&self, receipt: &Receipt, key: &str) {
        let known = &self.tickets[&self.keys[key].0];
        assert!(receipt.replayed);
        assert_eq!((&receipt.number, receipt.hash), (&known.number, known.hash));
        assert_eq!((receipt.ticket, receipt.received_at), (self.keys[key].0, known.received_at));
    }

    pub(crate) fn some_keyed(&self, dice: &mut Dice) -> Option<(Submission, String)> {
        let keys: Vec<&String> = self.keys.keys().collect();
        let key = if keys.is_empty() { return None } else { *dice.pick(&keys) };
        Some((self.keys[key].1.clone(), key.clone()))
    }

    pub(crate) fn some_ticket(&self, dice: &mut Dice) -> Option<TicketId> {
        let tickets: Vec<TicketId> = self.tickets.keys().copied().collect();
        if tickets.is_empty() { None } else { Some(*dice.pick(&tickets)) }
    }

    /// A command that was acknowledged.
    pub(crate) fn happened(&mut self, ticket: TicketId, command: &Command, at: Timestamp, version: u32) {
        let known = self.tickets.get_mut(&ticket).unwrap();
        assert!(known.versions.insert(version), "version {version} of {ticket} was acknowledged twice");
        match command {
            Command::Reply { .. } => known.replied_at = known.replied_at.or(Some(at)),
            Command::Pause { .. } => known.pauses.push((at, None)),
            Command::RecordWords { .. } => {
                if let Some((_, to)) = known.pauses.last_mut() {
                    *to = to.or(Some(at));
                }
            }
            Command::Close { .. } => known.closed_at = Some(at),
            _ => {}
        }
    }

    /// When the first reply is due; none while a pause holds it off for good.
    fn due(known: &Known) -> Option<Timestamp> {
        let pauses = Pauses::from_spans(known.pauses.iter().copied());
        let (received, hours) = (known.received_at, SignedDuration::from_hours);
        match known.kind {
            Kind::Consultation => OFFICE.due(received, SignedDuration::from_mins(15), &Pauses::none()).ok(),
            Kind::Repair => OFFICE.due(received, hours(3), &pauses).ok(),
            Kind::Complaint => ALWAYS.due(received, hours(2), &pauses).ok(),
            _ => OFFICE.nth_workday_end(received, 2, &Pauses::none()).ok(),
        }
    }

    /// The verdict as of `now`, and when the due has to be on record as an alarm.
    fn verdict(known: &Known, now: Timestamp) -> (&'static str, Option<Timestamp>) {
        let due = Self::due(known);
        let ended = match (known.replied_at, known.closed_at) {
            (Some(replied), _) => Some((replied, "met")),
            (None, Some(closed)) => Some((closed, "void")),
            (None, None) => None,
        };
        match (due, ended) {
            (Some(due), Some((at, _))) if at > due => ("missed", Some(due)),
            (_, Some((_, word))) => (word, None),
            (Some(due), None) if now > due => ("missed", Some(due)),
            (Some(due), None) => ("running", (now >= due).then_some(due)),
            (None, None) => ("paused", None),
        }
    }

    pub(crate) async fn judge(&self, company: &Company) {
        let objections = self.objections(company).await;
        assert!(objections.is_empty(), "{objections:#?}");
    }

    /// Everything that is not as it should be.
    pub(crate) async fn objections(&self, company: &Company) -> Vec<String> {
        let mut objections = Vec::new();
        let page = Page::first(10_000);
        let rows = company.desk.list(&TicketFilter::default(), &page, Actor::System).await.unwrap().rows;
        if rows.len() != self.tickets.len() {
            objections.push(format!("{} tickets, {} acknowledged", rows.len(), self.tickets.len()));
        }
        let numbers: BTreeSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
        if numbers.len() != rows.len() {
            objections.push("a number was given twice".to_owned());
        }
        let mut tally: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (id, known) in &self.tickets {
            let Some(loaded) = company.ledger.load_ticket(&company.org, *id).await.unwrap() else {
                objections.push(format!("{} was acknowledged and is not there", known.number));
                continue;
            };
            if known.versions.iter().any(|version| *version > loaded.version) {
                objections.push(format!("{}: an acknowledged command is not there", known.number));
            }
            let sheet = company.desk.ticket(*id, Actor::System).await.unwrap();
            let promise = format!("{}-reply", known.kind.word());
            let (verdict, due) = Self::verdict(known, sheet.as_of);
            if state(&sheet, &promise) != verdict {
                let said = state(&sheet, &promise);
                objections.push(format!("{} is {said} and should be {verdict}: {known:?}", known.number));
            }
            let (met, missed) = tally.entry(known.kind.word()).or_default();
            *met += u64::from(verdict == "met");
            *missed += u64::from(verdict == "missed");
            objections.extend(alarms(&known.number, &promise, due, &loaded.entries));
            let backwards = loaded.entries.windows(2).any(|pair| pair[1].at < pair[0].at);
            if backwards {
                objections.push(format!("{}: time runs backwards", known.number));
            }
        }
        objections.extend(figures(company, &tally).await);
        objections.extend(whole_ledger(company).await);
        objections
    }
}

/// Every alarm at most once and never early; the due exactly when the auditor says.
fn alarms(number: &str, promise: &str, due: Option<Timestamp>, entries: &[Entry]) -> Vec<String> {
    let mut objections = Vec::new();
    let mut fired = BTreeSet::new();
    let mut dues = Vec::new();
    for event in entries.iter().flat_map(|entry| &entry.events) {
        let Event::AlarmFired { clock, step, planned_at, noticed_at } = event else { continue };
        if !fired.insert((clock.clone(), *step)) {
            objections.push(format!("{number}: {step:?} of {} fired twice", clock.promise));
        }
        if noticed_at < planned_at {
            objections.push(format!("{number}: {step:?} of {} fired early", clock.promise));
        }
        if clock.promise.as_str() == promise && *step == StepAt::Due {
            dues.push(*planned_at);
        }
    }
    if dues != Vec::from_iter(due) {
        objections.push(format!("{number}: the due alarm was planned for {dues:?} and should be {due:?}"));
    }
    objections
}

async fn figures(company: &Company, tally: &BTreeMap<&str, (u64, u64)>) -> Vec<String> {
    let report = company.desk.figures(&FiguresQuery::default(), Actor::System).await.unwrap();
    let mut objections = Vec::new();
    for (kind, (met, missed)) in tally {
        let promise = format!("{kind}-reply");
        let row = report.promises.iter().find(|row| row.promise.as_str() == promise);
        let said = row.map(|row| (row.counts.met, row.counts.late + row.counts.overdue));
        if said != Some((*met, *missed)) {
            objections.push(format!("{promise}: figures say {said:?}, counted {met} met, {missed} missed"));
        }
    }
    objections
}

/// The chain is sound, positions have no gap, and the lists are what the ledger says.
async fn whole_ledger(company: &Company) -> Vec<String> {
    let mut objections = Vec::new();
    let records = company.ledger.read_all(&company.org, 0, 1_000_000).await.unwrap();
    if !records.iter().zip(1..).all(|(record, position)| record.position == position) {
        objections.push("positions have gaps".to_owned());
    }
    let mut versions = BTreeMap::new();
    for record in &records {
        let version = versions.entry(record.stream).or_insert(0);
        *version += 1;
        if record.seq != *version {
            objections.push(format!("record {} is number {} of its stream", record.position, record.seq));
        }
    }
    match company.desk.rebuild().await {
        Ok(rebuilt) if rebuilt.changed => objections.push("the lists differ from the ledger".to_owned()),
        Ok(_) => {}
        Err(error) => objections.push(format!("the ledger cannot be read: {error}")),
    }
    objections
}
