//! The desk of one organisation: what every use case shares.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64},
    },
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::sync::{Notify, broadcast, watch};
use yinuo_commitment::{Commitment, ContentHash, Tables};
use yinuo_core::{
    access::{self, Operation},
    id::{MemberId, OrgId, TicketId},
    organisation::Organisation,
    roster::Actor,
    ticket::{Event, Pin},
};
use yinuo_language::personal::Leave;
use yinuo_ledger::{
    Ledger, Tail, persons,
    vault::{INDEX_KEY, IndexKey},
};

use crate::{
    advice::Adviser,
    error::DeskError,
    feed::{Change, FEED_CAPACITY},
    knowledge::{Knowledge, Recent},
    learning::Learning,
    load::Load,
    meaning::Meaning,
    meters::Meters,
    ports::Ports,
    public_log::PublicLog,
    tail::Told,
    understanding::Reader,
};

/// What an operator sets for the organisation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The zone whose days number tickets.
    pub zone: TimeZone,
    /// Holiday tables that commitments may name.
    pub tables: Tables,
}

/// The desk of one organisation. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Desk(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) org: OrgId,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) ports: Ports,
    pub(crate) settings: Settings,
    /// Finds people by phone or e-mail, and keys the digests of requests.
    pub(crate) index: IndexKey,
    pub(crate) house: RwLock<Arc<House>>,
    /// One change of the organisation at a time in this process; the ledger's versions guard against others.
    pub(crate) organising: tokio::sync::Mutex<()>,
    /// Learning from corrections, and figures about it.
    pub(crate) learning: Learning,
    /// Whether this process signs the log at present, and does what one process does for all.
    pub(crate) leads: AtomicBool,
    pub(crate) load: Mutex<Load>,
    pub(crate) feed: broadcast::Sender<Change>,
    /// What the feed has told of the log.
    pub(crate) told: Mutex<Told>,
    /// Changes now and then while other nodes are at work: see [`Desk::elsewhere`].
    pub(crate) elsewhere: watch::Sender<()>,
    /// One reader of what others appended.
    pub(crate) tailing: tokio::sync::Mutex<()>,
    pub(crate) meters: Meters,
    pub(crate) log: PublicLog,
    /// A language model that may be asked, if the operator connects one.
    pub(crate) adviser: OnceLock<Adviser>,
    /// Wakes the ticker when an alarm falls before the instant it waits for.
    pub(crate) earlier_alarm: Notify,
    /// The instant that the ticker waits for, in microseconds.
    pub(crate) ticker_wakes_us: AtomicI64,
    /// Wakes the outbox worker when jobs were added.
    pub(crate) new_jobs: Notify,
    /// The knowledge base as this node knows it.
    pub(crate) knowledge: RwLock<Arc<Knowledge>>,
    /// A model that turns texts into vectors, if the operator connects one.
    pub(crate) meaning: Meaning,
    /// What came of answers lately.
    pub(crate) recent: RwLock<Arc<Recent>>,
    /// One studies at a time, and one looks back.
    pub(crate) studying: tokio::sync::Mutex<()>,
    pub(crate) looking_back: tokio::sync::Mutex<()>,
}

/// One more open ticket for somebody while the entry that brings it is on its way into the ledger, so that requests in
/// flight at the same time do not all go to the same person. Given back when dropped: by then the tally has counted the
/// ticket itself, or there is none.
pub(crate) struct Reservation {
    desk: Desk,
    member: MemberId,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.desk.load().give_back(self.member);
    }
}

/// The organisation as it is now, with its commitments ready to judge.
pub(crate) struct House {
    pub(crate) organisation: Arc<Organisation>,
    pub(crate) tail: Option<Tail>,
    pub(crate) commitments: BTreeMap<ContentHash, Arc<Commitment>>,
    /// Reads texts by the rules and the model of the organisation.
    pub(crate) reader: Arc<Reader>,
    /// What the organisation publishes of itself, once somebody has asked: see [`House::own`].
    pub(crate) own: OnceLock<Leave>,
}

impl Desk {
    /// Opens the desk: loads the organisation and compiles its commitments. Refuses an organisation that is not in
    /// service here.
    pub async fn open(
        org: OrgId,
        ledger: Arc<dyn Ledger>,
        ports: Ports,
        settings: Settings,
    ) -> Result<Self, DeskError> {
        // Half a move or half a restore is never in service, nor is what was moved away.
        ledger.standing(&org).await?.must_be_open()?;
        // First: what is appended from here on is told, even if the rest knows it already.
        let told = Told::upto(ledger.last_position(&org).await?);
        let index = persons::secret_or_new(ledger.as_ref(), &org, INDEX_KEY, 32).await?;
        let index = IndexKey::from_bytes(&index)?;
        let house = crate::organisation::load(&org, ledger.as_ref()).await?;
        let load = Load::counted(&ledger.open_by_member(&org).await?);
        Ok(Self(Arc::new(Inner {
            org,
            ledger,
            ports,
            settings,
            index,
            house: RwLock::new(Arc::new(house)),
            organising: tokio::sync::Mutex::new(()),
            learning: Learning::default(),
            leads: AtomicBool::new(false),
            load: Mutex::new(load),
            feed: broadcast::channel(FEED_CAPACITY).0,
            told: Mutex::new(told),
            elsewhere: watch::Sender::new(()),
            tailing: tokio::sync::Mutex::new(()),
            meters: Meters::default(),
            log: PublicLog::default(),
            adviser: OnceLock::new(),
            earlier_alarm: Notify::new(),
            ticker_wakes_us: AtomicI64::new(i64::MAX),
            new_jobs: Notify::new(),
            knowledge: RwLock::new(Arc::new(Knowledge::nothing())),
            meaning: Meaning::default(),
            recent: RwLock::new(Arc::new(Recent::nothing())),
            studying: tokio::sync::Mutex::new(()),
            looking_back: tokio::sync::Mutex::new(()),
        })))
    }

    /// Now, by the clock port.
    pub fn now(&self) -> Timestamp {
        self.0.ports.clock.now()
    }

    /// What the clock port adds to the time of this machine.
    pub fn clock_correction(&self) -> SignedDuration {
        self.0.ports.clock.correction()
    }

    /// The organisation as it is now.
    pub fn organisation(&self) -> Arc<Organisation> {
        Arc::clone(&self.house().organisation)
    }

    /// The zone whose days number tickets.
    pub fn zone(&self) -> &TimeZone {
        &self.0.settings.zone
    }

    /// Everything that happens from now on.
    pub fn feed(&self) -> broadcast::Receiver<Change> {
        self.0.feed.subscribe()
    }

    /// Changes every few seconds while other nodes are at work. What they do that is no record, such as delivering a
    /// notice, the feed cannot tell: whoever waits for it looks then.
    pub fn elsewhere(&self) -> watch::Receiver<()> {
        self.0.elsewhere.subscribe()
    }

    /// Counters since the start.
    pub fn meters(&self) -> &Meters {
        &self.0.meters
    }

    /// Fills `bytes` with unpredictable ones.
    pub fn fill_random(&self, bytes: &mut [u8]) {
        self.0.ports.entropy.fill(bytes);
    }

    /// Whether the store answers and the organisation is in service in it.
    pub async fn is_ready(&self) -> Result<(), DeskError> {
        Ok(self.0.ledger.standing(&self.0.org).await?.must_be_open()?)
    }

    pub(crate) fn house(&self) -> Arc<House> {
        Arc::clone(&self.0.house.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn load(&self) -> MutexGuard<'_, Load> {
        self.0.load.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reserves room for the person to whom `events` give a ticket. `load` is the tally that they were decided on, still
    /// locked.
    pub(crate) fn reserve(&self, load: &mut Load, events: &[Event]) -> Option<Reservation> {
        let assigned = |event: &Event| match event {
            Event::Assigned { member, .. } => *member,
            _ => None,
        };
        let member = events.iter().rev().find_map(assigned)?;
        load.reserve(member);
        Some(Reservation { desk: self.clone(), member })
    }

    /// A fresh ticket id.
    pub(crate) fn new_ticket_id(&self, now: Timestamp) -> TicketId {
        let (millis, random) = self.id_parts(now);
        TicketId::from_parts(millis, random)
    }

    /// What a fresh time-ordered id is made of.
    pub(crate) fn id_parts(&self, now: Timestamp) -> (u64, [u8; 10]) {
        let mut random = [0; 10];
        self.fill_random(&mut random);
        (u64::try_from(now.as_millisecond()).unwrap_or(0), random)
    }

    /// Refuses if the actor may not do `operation`.
    pub(crate) fn allow(actor: Actor, operation: Operation) -> Result<(), DeskError> {
        match actor {
            Actor::System => Ok(()),
            Actor::Member { role, .. } if access::may(role, operation) => Ok(()),
            Actor::Member { role, .. } => Err(DeskError::Forbidden { operation, role: Some(role) }),
            Actor::Customer => Err(DeskError::Forbidden { operation, role: None }),
        }
    }
}

impl House {
    /// The commitments of these pins, in their order. One that is missing would mean a damaged ledger.
    pub(crate) fn pinned(&self, pins: &[Pin]) -> Result<Vec<Arc<Commitment>>, DeskError> {
        let find = |pin: &Pin| {
            self.commitments.get(&pin.hash).cloned().ok_or_else(|| {
                DeskError::from(yinuo_ledger::LedgerError::corrupt(format!(
                    "the ledger has no commitment {} version {}",
                    pin.number, pin.version
                )))
            })
        };
        pins.iter().map(find).collect()
    }

    /// The commitments in force at `at`, with their pins: of each letter the version published last among those that
    /// are effective, unless the letter is withdrawn.
    pub(crate) fn in_force(&self, at: Timestamp) -> Vec<(Pin, Arc<Commitment>)> {
        let mut in_force: BTreeMap<&str, (Pin, Arc<Commitment>)> = BTreeMap::new();
        for published in &self.organisation.published {
            let Some(commitment) = self.commitments.get(&published.hash) else { continue };
            if commitment.effective > at {
                continue;
            }
            let pin =
                Pin { number: published.number.clone(), version: published.version, hash: published.hash };
            in_force.insert(&published.number, (pin, Arc::clone(commitment)));
        }
        for (number, from) in &self.organisation.withdrawn {
            if *from <= at {
                in_force.remove(number.as_str());
            }
        }
        in_force.into_values().collect()
    }
}
