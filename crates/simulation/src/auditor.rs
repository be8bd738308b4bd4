//! The auditor: knows only what was acknowledged, and works out by itself what the ledger has to say.
//!
//! It shares no reckoning with the product: courses, hours, clocks and hashes are its own. Where an answer was lost it
//! looks the matter up once, as a customer who calls again would.

mod alarms;
mod clocks;
mod course;
mod deeds;
mod hours;
mod jobs;
mod records;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use yinuo_commitment::Kind;
use yinuo_core::{
    figures::Counts,
    id::{MemberId, TicketId},
    roster::Actor,
    ticket::{Command, Entry, Event},
};
use yinuo_desk::{Desk, DeskError, FiguresQuery, Receipt, Submission, TicketSheet};
use yinuo_ledger::{Hash, Ledger, Loaded, Page, TicketFilter};

use self::{
    clocks::{Clock, Ended},
    course::Course,
};
use crate::{faults::JobSeen, letters::Letter};

/// What the auditor knows of one ticket.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) number: String,
    pub(crate) query_code: String,
    submission: Submission,
    /// What it was taken for, and what else it may be.
    understood: (Kind, Vec<Kind>),
    hash: Hash,
    received_at: Timestamp,
    pins: Vec<(Letter, u32)>,
    /// What was done by whom and when, by the version that it made.
    deeds: BTreeMap<u32, (Command, Actor, Timestamp)>,
}

/// What the auditor looks at.
pub(crate) struct Scene<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) supervision: MemberId,
    pub(crate) jobs: BTreeMap<String, JobSeen>,
    pub(crate) delivered: BTreeMap<String, u64>,
    /// Everything was delivered and every due lies behind.
    pub(crate) at_the_end: bool,
}

/// See the [module](self).
#[derive(Debug, Clone, Default)]
pub(crate) struct Auditor {
    tickets: BTreeMap<TicketId, Known>,
    keys: BTreeMap<String, (TicketId, Submission)>,
    positions: BTreeMap<u64, Hash>,
    published: BTreeSet<(Letter, u32)>,
    erased: BTreeSet<TicketId>,
    /// Every checkpoint that was seen: its root by its size.
    signed: BTreeMap<u64, Hash>,
}

type Objections = Vec<String>;

/// Counts of one promise as the auditor sees them: met, late, overdue, running, undated, excepted, void.
type Tally = [u64; 7];

impl Auditor {
    /// A request was acknowledged.
    pub(crate) fn acknowledged(
        &mut self,
        receipt: &Receipt,
        submission: &Submission,
        key: Option<&str>,
    ) -> Objections {
        let mut objections = Objections::new();
        let ticket = &receipt.sheet.ticket;
        if let Some(position) = receipt.position
            && self.positions.insert(position, receipt.hash).is_some()
        {
            objections.push(format!("{}: position {position} was given twice", receipt.number));
        }
        if ticket.number != receipt.number || ticket.id != receipt.ticket {
            objections.push(format!("{}: the receipt shows another ticket", receipt.number));
        }
        let pins = ticket.pins.iter().map(|pin| (pin.number.as_str(), pin.version));
        let known = Known {
            number: receipt.number.clone(),
            query_code: receipt.query_code.clone(),
            submission: submission.clone(),
            understood: understood(&receipt.sheet.entries),
            hash: receipt.hash,
            received_at: receipt.received_at,
            pins: self.pins(pins, &receipt.number, &mut objections),
            deeds: BTreeMap::new(),
        };
        objections.extend(numbered(&known));
        if self.tickets.insert(receipt.ticket, known).is_some() {
            objections.push(format!("{} was acknowledged twice", receipt.number));
        }
        if let Some(key) = key {
            self.keys.insert(key.to_owned(), (receipt.ticket, submission.clone()));
        }
        objections
    }

    /// A request whose answer was lost, and that nobody can send again: it is there or not. Gives back whether it is.
    pub(crate) fn found(
        &mut self,
        id: TicketId,
        loaded: &Loaded<Entry>,
        hash: Hash,
        submission: &Submission,
    ) -> Objections {
        let mut objections = Objections::new();
        let Some(ticket) = yinuo_core::ticket::fold(id, &loaded.entries) else {
            return vec![format!("{id} does not begin with a receipt")];
        };
        let pins = ticket.pins.iter().map(|pin| (pin.number.as_str(), pin.version));
        let known = Known {
            number: ticket.number.clone(),
            query_code: ticket.query_code.text().unwrap_or_default().to_owned(),
            submission: submission.clone(),
            understood: understood(&loaded.entries),
            hash,
            received_at: ticket.received_at,
            pins: self.pins(pins, &ticket.number, &mut objections),
            deeds: BTreeMap::new(),
        };
        objections.extend(numbered(&known));
        self.tickets.insert(id, known);
        objections
    }

    fn pins<'a>(
        &self,
        pins: impl Iterator<Item = (&'a str, u32)>,
        number: &str,
        objections: &mut Objections,
    ) -> Vec<(Letter, u32)> {
        let mut own = Vec::new();
        for (letter, version) in pins {
            match Letter::of(letter).filter(|letter| self.published.contains(&(*letter, version))) {
                Some(letter) => own.push((letter, version)),
                None => objections
                    .push(format!("{number} is judged by {letter} version {version}, never published")),
            }
        }
        own
    }

    /// A checkpoint was seen.
    pub(crate) fn signed(&mut self, size: u64, root: Hash) -> Objections {
        match self.signed.insert(size, root) {
            Some(before) if before != root => vec![format!("two roots were signed over {size} records")],
            _ => vec![],
        }
    }

    /// Tickets whose customer was erased.
    pub(crate) fn erased(&mut self, tickets: BTreeSet<TicketId>) {
        self.erased.extend(tickets);
    }

    pub(crate) fn is_erased(&self, ticket: TicketId) -> bool {
        self.erased.contains(&ticket)
    }

    /// The tickets of whoever raised this one that are not erased: here, whoever leaves a contact has a name of their own.
    pub(crate) fn of_the_same(&self, ticket: TicketId) -> BTreeSet<TicketId> {
        let who = |id: &TicketId| {
            let customer = self.tickets.get(id).map(|known| &known.submission.customer)?;
            let contact = customer.phone.is_some() || customer.email.is_some();
            contact.then(|| customer.name.text().unwrap_or_default().to_owned())
        };
        let Some(name) = who(&ticket) else { return BTreeSet::from([ticket]) };
        let all = self.tickets.keys().filter(|id| !self.erased.contains(id));
        all.filter(|id| who(id).as_deref() == Some(name.as_str())).copied().collect()
    }

    /// A letter was published.
    pub(crate) fn published(&mut self, letter: Letter, version: u32) {
        self.published.insert((letter, version));
    }

    pub(crate) fn newest(&self, letter: Letter) -> u32 {
        let versions = self.published.iter().filter(|(of, _)| *of == letter);
        versions.map(|(_, version)| *version).max().unwrap_or(0)
    }

    /// A request was sent again, and answered.
    pub(crate) fn acknowledged_again(&self, receipt: &Receipt, key: &str) -> Objections {
        let Some((ticket, _)) = self.keys.get(key) else { return vec![format!("{key} is not known")] };
        let known = &self.tickets[ticket];
        let same = receipt.replayed
            && receipt.ticket == *ticket
            && receipt.number == known.number
            && receipt.query_code == known.query_code
            && receipt.hash == known.hash
            && receipt.received_at == known.received_at;
        if same {
            vec![]
        } else {
            vec![format!("{}: sent again, answered with {}", known.number, receipt.number)]
        }
    }

    pub(crate) fn keys(&self) -> Vec<(String, TicketId, Submission)> {
        let key = |(key, (ticket, submission)): (&String, &(TicketId, Submission))| {
            (key.clone(), *ticket, submission.clone())
        };
        self.keys.iter().map(key).collect()
    }

    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    pub(crate) fn tickets(&self) -> impl Iterator<Item = (&TicketId, &Known)> {
        self.tickets.iter()
    }

    pub(crate) fn knows(&self, ticket: TicketId) -> bool {
        self.tickets.contains_key(&ticket)
    }

    /// A command was acknowledged.
    pub(crate) fn happened(
        &mut self,
        ticket: TicketId,
        command: Command,
        actor: Actor,
        at: Timestamp,
        version: u32,
    ) -> Objections {
        let Some(known) = self.tickets.get_mut(&ticket) else {
            return vec![format!("{ticket} is not known")];
        };
        let before = known.deeds.insert(version, (command, actor, at));
        if before.is_some() || version < 2 {
            return vec![format!("{}: version {version} was acknowledged twice", known.number)];
        }
        vec![]
    }

    /// The version that a command made whose answer was lost, if it was kept: an entry like it that nobody else made.
    pub(crate) fn look_up(
        &self,
        ticket: TicketId,
        command: &Command,
        actor: Actor,
        after: u32,
        entries: &[Entry],
    ) -> Option<(u32, Timestamp)> {
        let known = self.tickets.get(&ticket)?;
        let mut own = entries.iter().zip(1_u32..).filter(|(entry, version)| {
            *version > after
                && entry.actor == actor
                && !known.deeds.contains_key(version)
                && deeds::fits(command, entry, false)
        });
        own.next().map(|(entry, version)| (version, entry.at))
    }

    /// Everything that is not as it should be.
    pub(crate) async fn judge(&self, scene: &Scene<'_>) -> Result<Objections, DeskError> {
        let mut objections = Objections::new();
        let rows = all_rows(scene.desk).await?;
        if rows.len() != self.tickets.len() {
            objections.push(format!("{} tickets, {} acknowledged", rows.len(), self.tickets.len()));
        }
        let numbers: BTreeSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
        if numbers.len() != rows.len() {
            objections.push("a number was given twice".to_owned());
        }
        let mut tally: BTreeMap<(&str, String), Tally> = BTreeMap::new();
        let mut dues: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut latest = Timestamp::MIN;
        for (id, known) in &self.tickets {
            let Some(loaded) = scene.ledger.load_ticket(&crate::org(), *id).await? else {
                objections.push(format!("{} was acknowledged and is not there", known.number));
                continue;
            };
            let sheet = match scene.desk.ticket(*id, Actor::System).await {
                Ok(sheet) => sheet,
                Err(error) => {
                    objections.push(format!("{} cannot be read: {error}", known.number));
                    continue;
                }
            };
            latest = latest.max(sheet.ticket.last_at);
            let erased = self.erased.contains(id);
            objections.extend(deeds::check(known, &loaded, erased));
            if erased {
                objections.extend(unreadable(scene, *id, known).await?);
            }
            let clocks = known.clocks(sheet.as_of);
            objections.extend(verdicts(known, &clocks, &sheet));
            let now = scene.desk.now().max(sheet.ticket.last_at);
            objections.extend(alarms::check(known, &clocks, &loaded.entries, scene.desk.now(), &mut dues));
            for clock in &clocks {
                count(tally.entry((clock.key.0, clock.key.1.clone())).or_default(), clock, now);
            }
            if let Some(row) = rows.iter().find(|row| row.ticket == *id) {
                let open = clocks.iter().filter(|clock| clock.ended.is_none());
                let next_us = open.filter_map(|clock| clock.due_us).min();
                if row.next_due_at.map(Timestamp::as_microsecond) != next_us || row.number != known.number {
                    objections.push(format!("{}: the list shows another next due", known.number));
                }
            }
        }
        // Figures leave out what lies after the instant of asking: not to be compared while a clock stands back.
        if scene.desk.now() >= latest {
            objections.extend(figures(scene.desk, &tally).await?);
        }
        objections.extend(records::check(scene, &self.positions, &self.signed).await?);
        objections.extend(jobs::check(scene, &dues).await?);
        Ok(objections)
    }
}

impl Known {
    pub(crate) fn course(&self) -> Course {
        let (kind, feared) = self.understood.clone();
        let mut course = Course::new(self.received_at, kind, feared);
        for (version, (command, _, at)) in &self.deeds {
            course.happened(command, *at, *version);
        }
        course
    }

    fn clocks(&self, as_of: Timestamp) -> Vec<Clock> {
        let by_phone = self.submission.channel == yinuo_commitment::Channel::Phone;
        clocks::clocks(&self.course(), by_phone, &self.pins, as_of.as_microsecond())
    }
}

/// Nothing that an erased customer wrote is kept, not even sealed.
async fn unreadable(scene: &Scene<'_>, id: TicketId, known: &Known) -> Result<Objections, DeskError> {
    let stream = yinuo_ledger::Stream::Ticket(id);
    let records = scene.ledger.records_of(&crate::org(), stream).await?;
    let rows = scene.ledger.tickets(&crate::org(), &[id]).await?;
    let contents = records.iter().any(|record| !record.contents.is_empty());
    let rows = rows.iter().any(|row| row.subject.text().is_some() || row.customer.text().is_some());
    Ok(if contents || rows { vec![format!("{}: erased, and words are left", known.number)] } else { vec![] })
}

/// What a request was taken for, and what else it may be: this is on record, whatever model said it.
fn understood(entries: &[Entry]) -> (Kind, Vec<Kind>) {
    let events = entries.iter().take(1).flat_map(|entry| &entry.events);
    let opinion = events.rev().find_map(|event| match event {
        Event::Assessed { assessment } => assessment.opinions.first(),
        _ => None,
    });
    let Some(opinion) = opinion else { return (Kind::Consultation, Vec::new()) };
    let others = opinion.others.iter().filter(|_| !opinion.sure);
    let feared = others.filter_map(|(word, _)| Kind::from_word(word)).collect();
    (Kind::from_word(&opinion.value).unwrap_or(Kind::Consultation), feared)
}

/// The number says the kind and the local day.
fn numbered(known: &Known) -> Objections {
    let (kind, feared) = &known.understood;
    if known.submission.kind.is_some_and(|said| said != *kind || !feared.is_empty()) {
        return vec![format!("{}: what the customer said it is does not hold", known.number)];
    }
    let prefix = match kind {
        Kind::Consultation => "ZX",
        Kind::Repair => "BX",
        Kind::Complaint => "TS",
        Kind::Suggestion => "JY",
        Kind::Praise => "BY",
    };
    let day = known.received_at.to_zoned(yinuo_desk::rehearsal::zone()).strftime("%Y%m%d").to_string();
    if known.number.starts_with(&format!("{prefix}-{day}-")) {
        vec![]
    } else {
        vec![format!("{} came in on {day} as {prefix}", known.number)]
    }
}

/// All rows, a few at a time, as somebody reads who turns the pages.
async fn all_rows(desk: &Desk) -> Result<Vec<yinuo_core::view::TicketRow>, DeskError> {
    let mut rows = Vec::new();
    let mut page = Page::first(7);
    loop {
        let found = desk.list(&TicketFilter::default(), &page, Actor::System).await?;
        rows.extend(found.rows);
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(rows),
        }
    }
}

/// Every clock has the state and the due instant that the auditor says, and there are no others.
fn verdicts(known: &Known, clocks: &[Clock], sheet: &TicketSheet) -> Objections {
    let as_of_us = sheet.as_of.as_microsecond();
    let at = |us: Option<i64>| us.map(|us| Timestamp::from_microsecond(us).expect("an instant"));
    let own: BTreeSet<String> = clocks
        .iter()
        .map(|clock| {
            let (letter, promise, round) = &clock.key;
            format!("{letter} {promise} {round} {} {:?}", clock.state(as_of_us), at(clock.due_us))
        })
        .collect();
    let said: BTreeSet<String> = sheet
        .clocks
        .iter()
        .map(|clock| {
            let key = &clock.clock.key;
            let state = clock.reading.state.word();
            format!("{} {} {} {state} {:?}", key.commitment, key.promise, key.round, clock.clock.due_at)
        })
        .collect();
    let wrong = said.difference(&own).map(|clock| format!("{}: says {clock}", known.number));
    let missing = own.difference(&said).map(|clock| format!("{}: should say {clock}", known.number));
    wrong.chain(missing).collect()
}

fn count(tally: &mut Tally, clock: &Clock, now: Timestamp) {
    let now_us = now.as_microsecond();
    let place = match (clock.ended, clock.due_us) {
        (Some((Ended::Met, _)), _) => 0,
        (Some((Ended::Late, _)), _) => 1,
        (None, Some(due)) if now_us > due => 2,
        (None, Some(_)) => 3,
        (None, None) => 4,
        (Some((Ended::Excepted, _)), _) => 5,
        (Some((Ended::Void, _)), _) => 6,
    };
    tally[place] += 1;
}

async fn figures(desk: &Desk, tally: &BTreeMap<(&str, String), Tally>) -> Result<Objections, DeskError> {
    let report = desk.figures(&FiguresQuery::default(), Actor::System).await?;
    let counted = |counts: &Counts| {
        let Counts { met, late, overdue, running, undated, excepted, void } = *counts;
        [met, late, overdue, running, undated, excepted, void]
    };
    let said: BTreeMap<(&str, String), Tally> = report
        .promises
        .iter()
        .map(|row| ((row.commitment.as_str(), row.promise.to_string()), counted(&row.counts)))
        .collect();
    let mut objections = Objections::new();
    if said != *tally {
        objections.push(format!("figures say {said:?}, counted {tally:?}"));
    }
    Ok(objections)
}
