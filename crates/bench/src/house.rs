//! A desk with letters and people, opened in this process to fill a database before it is measured.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};
use yinuo_commitment::{Kind, Tables, Text};
use yinuo_core::{
    id::{OrgId, TeamId},
    roster::{Actor, Role},
};
use yinuo_desk::{Clock, Desk, Entropy, InboxCourier, NewMember, NewTeam, Ports, Settings};
use yinuo_ledger::{Ledger, Vault, vault::MasterKeys};
use yinuo_store::{Options, PostgresLedger, PostgresOptions, SqliteLedger};

use crate::place::Place;

/// Both letters as they ship.
pub(crate) const LETTERS: [&str; 2] = [
    include_str!("../../../examples/commitments/response-time.toml"),
    include_str!("../../../examples/commitments/hotline-complaints.toml"),
];

/// A clock that can be set, or the real one.
pub(crate) struct BenchClock {
    /// Microseconds; `i64::MIN` means real time.
    set_us: AtomicI64,
}

impl BenchClock {
    pub(crate) fn real() -> Arc<Self> {
        Arc::new(Self { set_us: AtomicI64::new(i64::MIN) })
    }

    pub(crate) fn set(&self, at: Timestamp) {
        self.set_us.store(at.as_microsecond(), Ordering::Relaxed);
    }

    pub(crate) fn set_real(&self) {
        self.set_us.store(i64::MIN, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for BenchClock {
    fn now(&self) -> Timestamp {
        match self.set_us.load(Ordering::Relaxed) {
            i64::MIN => {
                Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap_or(Timestamp::MIN)
            }
            set => Timestamp::from_microsecond(set).unwrap_or(Timestamp::MIN),
        }
    }

    async fn sleep_until(&self, at: Timestamp) {
        let left = at.duration_since(self.now()).max(SignedDuration::ZERO);
        tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
    }
}

/// What seals the data of a bench is no secret.
const MASTER_KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::expect_used, reason = "a bench without randomness measures nothing")]
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// A fresh folder.
pub(crate) fn fresh(folder: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Opens the database at `place`, making the house if there is none: `letters`, three teams, ten people.
pub(crate) async fn open(place: &Place, clock: Arc<BenchClock>, letters: &[&str]) -> Result<Desk> {
    let data = place.folder();
    let ring = MasterKeys::parse(MASTER_KEY)?;
    // The server that is measured later finds it where a server makes its own.
    std::fs::write(data.join("master.key"), MASTER_KEY)?;
    let key_file = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(data.join("master.key"), key_file)?;
    let vault = Arc::new(Vault::new(ring, Arc::new(SystemEntropy)));
    let ledger: Arc<dyn Ledger> = match place.url() {
        Some(url) => Arc::new(PostgresLedger::connect(url, &PostgresOptions::default(), vault).await?),
        None => Arc::new(SqliteLedger::open(data.join("yinuo.db"), &Options::default(), vault)?),
    };
    let ports = Ports {
        clock,
        entropy: Arc::new(SystemEntropy),
        courier: Arc::new(InboxCourier::new(Arc::clone(&ledger))),
    };
    let settings = Settings { zone: TimeZone::UTC, tables: Tables::shipped() };
    let desk = Desk::open(OrgId::new("main")?, ledger, ports, settings).await?;
    if !desk.setup_needed() {
        return Ok(desk);
    }
    let teams = [
        ("customer-service", vec![Kind::Consultation, Kind::Suggestion, Kind::Praise]),
        ("technical-support", vec![Kind::Repair]),
        ("complaints", vec![Kind::Complaint]),
    ];
    for (team, kinds) in teams {
        let id = TeamId::new(team)?;
        desk.form_team(NewTeam { id: id.clone(), name: Text::new(team, team), kinds }, Actor::System).await?;
        for number in 1..=3 {
            let account = format!("{team}-{number}");
            join(&desk, &account, Role::Agent, Some(id.clone())).await?;
        }
    }
    let manager = join(&desk, "manager", Role::Manager, None).await?;
    for letter in letters {
        desk.publish(letter, Actor::Member { id: manager, role: Role::Manager }).await?;
    }
    Ok(desk)
}

async fn join(
    desk: &Desk,
    account: &str,
    role: Role,
    team: Option<TeamId>,
) -> Result<yinuo_core::id::MemberId> {
    let new = NewMember { account: account.to_owned(), name: account.to_owned(), role, team };
    Ok(desk.join(new, None, Actor::System).await?.id)
}

/// A token with which the load generator acts as the manager.
pub(crate) async fn token(desk: &Desk) -> Result<String> {
    let organisation = desk.organisation();
    let manager = organisation.roster.by_account("manager").context("the manager")?.id;
    let token = "bench-".repeat(8);
    let hash = Sha256::digest(token.as_bytes()).into();
    desk.begin_session(manager, hash, String::new(), SignedDuration::from_hours(24)).await?;
    Ok(token)
}
