//! A commitment as data. Built by the parser only; every reference inside it (calendar, ladder, promise names) resolves.

use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};
use yinuo_calendar::Calendar;

use crate::vocabulary::{
    Audience, Channel, Complexity, Content, Every, Facets, Form, Grade, Ground, Kind, LadderAct, Mark, Need,
    PauseReason, Rule, Severity, Site, Text, Urgency,
};

/// SHA-256 of everything that decides a verdict under one commitment: the file's text and the holiday tables it uses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(pub [u8; 32]);

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl std::str::FromStr for ContentHash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// A whole letter: checked, immutable, cheap to share behind an [`Arc`].
#[derive(Debug, Clone)]
pub struct Commitment {
    /// Content hash; two files with the same hash judge alike.
    pub hash: ContentHash,
    /// The company's own number of the letter, the same in every version.
    pub number: String,
    /// Title of the letter.
    pub title: Text,
    /// The company that promises.
    pub company: Text,
    /// Hotline number as customers dial it.
    pub hotline: Option<String>,
    /// Tickets received from this instant on are judged by it.
    pub effective: Timestamp,
    /// Who signed it, when.
    pub signed: Signature,
    /// Kinds that the letter is about; empty: every kind. Coverage gaps are looked for in these kinds only, so that a
    /// letter about complaints need not answer questions.
    pub covers: Vec<Kind>,
    /// Opening prose of the letter.
    pub preamble: Option<Text>,
    /// Calendars by name.
    pub calendars: BTreeMap<String, Calendar>,
    /// Promises in the order of the letter.
    pub promises: Vec<Promise>,
    /// Escalation ladders by name.
    pub ladders: BTreeMap<String, Ladder>,
    /// What a breach of each grade entails.
    pub breaches: BTreeMap<Grade, BreachTerms>,
    /// What a missed promise entitles the customer to (B4).
    pub compensations: Vec<Compensation>,
    /// Limits per person (P4).
    pub capacity: Option<Capacity>,
    /// Satisfaction survey (S2, S3).
    pub survey: Option<Survey>,
    /// Recurring obligations of the company (P7, P8 and others).
    pub duties: Vec<Duty>,
    /// Rules of conduct that the letter states.
    pub rules: Vec<RuleClause>,
    /// What is inside and outside the scope of the letter (L6).
    pub scope: Vec<ScopeTerm>,
    /// Emergency plan (P10).
    pub surge: Option<Surge>,
}

impl Commitment {
    /// The promise called `id`.
    pub fn promise(&self, id: &str) -> Option<&Promise> {
        self.promises.iter().find(|promise| promise.id.as_str() == id)
    }

    /// The calendar called `name`; the parser makes sure that every name used inside the commitment resolves.
    pub fn calendar(&self, name: &str) -> Option<&Calendar> {
        self.calendars.get(name)
    }

    /// The promises that cover a ticket, precedence applied: a promise that another covering one lists in `over` is left out.
    pub fn covering(&self, facets: &Facets, channel: Channel) -> Vec<&Promise> {
        let covering: Vec<&Promise> =
            self.promises.iter().filter(|promise| promise.when.covers(facets, channel)).collect();
        covering
            .iter()
            .filter(|promise| !covering.iter().any(|other| other.over.contains(&promise.id)))
            .copied()
            .collect()
    }

    /// Whether the letter states `rule`.
    pub fn states(&self, rule: Rule) -> bool {
        self.rules.iter().any(|clause| clause.rule == rule)
    }
}

/// Signatory and date (C2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the person.
    pub by: String,
    /// The person's post.
    pub post: Text,
    /// Date of signature.
    pub on: Date,
}

/// Name of a promise, unique in its commitment: kebab-case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PromiseId(Arc<str>);

impl PromiseId {
    /// A promise id from its spelling; the parser checks the spelling, everything else passes ids on.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromiseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One enforceable term (承诺条款).
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// Name.
    pub id: PromiseId,
    /// Title for people.
    pub title: Text,
    /// The sentence of the letter that customers read; generated from the other fields if absent.
    pub text: Option<Text>,
    /// Which tickets it covers.
    pub when: When,
    /// What starts the clock.
    pub from: Mark,
    /// What stops the clock: whichever comes first after the start.
    pub until: Vec<Mark>,
    /// How long.
    pub within: Budget,
    /// Name of the calendar that the budget counts on.
    pub on: String,
    /// What makes the clock stand still.
    pub pause: Vec<PauseReason>,
    /// What excepts the promise, and what each exception needs to count.
    pub except: BTreeMap<Ground, Vec<Need>>,
    /// What the stopping message or outcome has to contain to count (T6, T10).
    pub requires: Vec<Content>,
    /// The stopping event has to tell by when this mark will follow; an `as told` promise then runs to that instant (T3).
    pub tells: Option<Mark>,
    /// Whether an automatic answer stops the clock; otherwise only a person's does.
    pub automatic: bool,
    /// Name of the escalation ladder.
    pub ladder: Option<String>,
    /// How grave a miss is by itself.
    pub grade: Option<Grade>,
    /// Promises of the same commitment that this one takes precedence over where both cover a ticket.
    pub over: Vec<PromiseId>,
}

/// Which tickets a promise covers. An empty list means any value; at least one list is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// Kinds covered.
    pub kind: Vec<Kind>,
    /// Channels covered.
    pub channel: Vec<Channel>,
    /// Urgencies covered.
    pub urgency: Vec<Urgency>,
    /// Complexities covered.
    pub complexity: Vec<Complexity>,
    /// Severities covered.
    pub severity: Vec<Severity>,
    /// Sites covered.
    pub site: Vec<Site>,
    /// Technical matters only, non-technical only, or both.
    pub technical: Option<bool>,
    /// Topics covered.
    pub topic: Vec<String>,
}

impl When {
    /// Whether a ticket with these facets from this channel is covered.
    pub fn covers(&self, facets: &Facets, channel: Channel) -> bool {
        fn any<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        any(&self.kind, &facets.kind)
            && any(&self.channel, &channel)
            && any(&self.urgency, &facets.urgency)
            && any(&self.complexity, &facets.complexity)
            && any(&self.severity, &facets.severity)
            && any(&self.site, &facets.site)
            && self.technical.is_none_or(|technical| technical == facets.technical)
            && (self.topic.is_empty()
                || facets.topic.as_ref().is_some_and(|topic| self.topic.contains(topic)))
    }
}

/// How long a promise allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Working time on the promise's calendar; on a 24×7 calendar this is wall-clock time. Whole microseconds, above zero.
    Working(SignedDuration),
    /// Until the end of working time on the Nth working day after the day of the start; N ≥ 1.
    Workdays(u32),
    /// N rings of the phone; N ≥ 1.
    Rings(u32),
    /// Until the instant that the starting event told the customer (T3, L5).
    AsTold,
    /// Before the call ends in which the question was asked (T5).
    TheCall,
}

impl Budget {
    /// Length of one ring cadence in China (1 s tone, 4 s silence; GB/T 3380): N rings are over N × 5 s after the first began.
    pub const RING: SignedDuration = SignedDuration::from_secs(5);
}

/// Escalation ladder (升级阶梯).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// Steps in order of time.
    pub steps: Vec<Step>,
    /// Notices that fall outside working time wait for the next opening (urgent tickets never wait).
    pub quiet: bool,
}

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: StepAt,
    /// Who is told.
    pub tell: Vec<Audience>,
    /// What is done.
    pub act: Vec<LadderAct>,
}

/// When a ladder step is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepAt {
    /// That share of the budget is used: 1 to 99 percent.
    Share(u8),
    /// The due instant.
    Due,
    /// So long after the due instant, in time of the promise's calendar; above zero.
    After(SignedDuration),
}

/// What a breach of one grade entails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachTerms {
    /// What counts as a breach of this grade, in the letter's own words (B1, B3).
    pub text: Option<Text>,
    /// By when a remedy is proposed, counted from the breach.
    pub remedy_within: Budget,
    /// Name of the calendar that it counts on.
    pub on: String,
    /// Form of the notice to the customer.
    pub notice: Form,
    /// Who is told.
    pub tell: Vec<Audience>,
}

/// One line of the compensation table (B4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compensation {
    /// For misses of these promises; empty: of any.
    pub promise: Vec<PromiseId>,
    /// From this overrun on, in time of the promise's calendar.
    pub overrun: SignedDuration,
    /// What is given.
    pub give: Give,
}

/// What a compensation consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Give {
    /// That share off the service fee, in percent, 1 to 100.
    FeeReduction(u8),
    /// A service on top.
    AddedService(Text),
}

/// Limits per person (P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Most tickets assigned to one person in one day.
    pub per_person_per_day: u32,
    /// Most open tickets with one person at the same time.
    pub at_once: Option<u32>,
}

/// Satisfaction survey (S2, S3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// After which mark the customer is asked.
    pub after: Mark,
    /// The standard that satisfaction is measured against, in percent.
    pub standard: u8,
    /// Questions, each rated 1 to 5: `response-time`, `quality`, `solution` or own words.
    pub ask: Vec<String>,
    /// What a low rating opens.
    pub low: Option<LowRating>,
}

/// What a low rating opens: a call-back with a clock of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowRating {
    /// A rating of at most this counts as low, 1 to 4.
    pub at_most: u8,
    /// How soon the customer is called back.
    pub within: Budget,
    /// Name of the calendar that it counts on.
    pub on: String,
}

/// A recurring obligation of the company (定期义务).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Name, unique in the commitment.
    pub id: String,
    /// Title for people.
    pub title: Text,
    /// How many times in each period, at least 1.
    pub times: u32,
    /// The period.
    pub every: Every,
    /// The team that owes it.
    pub owner: String,
    /// What proves it, such as `checklist`.
    pub evidence: Option<String>,
    /// Share of yearly revenue set aside, in percent, for budget duties (P8).
    pub revenue_share_percent: Option<u8>,
}

/// A rule of conduct as the letter states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleClause {
    /// Which rule.
    pub rule: Rule,
    /// Its sentence in the letter.
    pub text: Text,
}

/// A published term of scope (L6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeTerm {
    /// Number of the term, such as `S-2`.
    pub id: String,
    /// Whether what it describes is inside the scope.
    pub inside: bool,
    /// Its sentence in the letter.
    pub text: Text,
}

/// Emergency plan (P10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surge {
    /// Teams that form the emergency team.
    pub team: Vec<String>,
    /// Propose a surge when arrivals exceed this multiple of the usual ones.
    pub arrivals_factor: u32,
    /// Over this stretch of time.
    pub over: SignedDuration,
    /// Its sentence in the letter.
    pub text: Option<Text>,
}
