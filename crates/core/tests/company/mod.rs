//! The company that the tests speak about: the two shipped letters, three teams and nine people.

#![expect(clippy::unwrap_used, reason = "test data is fixed")]
#![expect(dead_code, reason = "each test file uses its part of the company")]

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, LazyLock},
};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use yinuo_commitment::{Commitment, Kind, Tables, Text, check};
use yinuo_core::{
    id::{MemberId, TeamId, TicketId},
    roster::{Actor, Member, Role, Roster, Team},
    ticket::{Facts, Pin},
};

pub(crate) static RESPONSE_TIME: LazyLock<Arc<Commitment>> = LazyLock::new(|| letter_file("response-time"));
pub(crate) static HOTLINE: LazyLock<Arc<Commitment>> = LazyLock::new(|| letter_file("hotline-complaints"));

/// The letter called `name`.
pub(crate) fn letter(name: &str) -> Arc<Commitment> {
    match name {
        "response-time" => RESPONSE_TIME.clone(),
        "hotline-complaints" => HOTLINE.clone(),
        other => letter_text(
            &std::fs::read_to_string(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/scenarios/{other}.toml")),
            )
            .unwrap_or_else(|error| panic!("letter {other}: {error}")),
        ),
    }
}

fn letter_file(name: &str) -> Arc<Commitment> {
    let path = format!("{}/../../examples/commitments/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    letter_text(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
}

pub(crate) fn letter_text(text: &str) -> Arc<Commitment> {
    let report = check(text, &Tables::shipped());
    Arc::new(report.commitment.unwrap_or_else(|| panic!("{:#?}", report.diagnostics)))
}

/// Sign-in name, role, team. The name of the first in a role also stands for the role in scripts.
pub(crate) const PEOPLE: [(&str, Role, &str); 10] = [
    ("agent", Role::Agent, "customer-service"),
    ("amy", Role::Agent, "customer-service"),
    ("lead", Role::TeamLead, "customer-service"),
    ("technician", Role::Agent, "technical-support"),
    ("specialist", Role::Specialist, "technical-support"),
    ("counsel", Role::Agent, "complaint-care"),
    ("carol", Role::Agent, "complaint-care"),
    ("supervision", Role::Supervision, "supervision"),
    ("manager", Role::Manager, "management"),
    ("auditor", Role::Auditor, "management"),
];

const TEAMS: [(&str, &[Kind]); 5] = [
    ("customer-service", &[Kind::Consultation, Kind::Suggestion, Kind::Praise]),
    ("technical-support", &[Kind::Repair]),
    ("complaint-care", &[Kind::Complaint]),
    ("supervision", &[]),
    ("management", &[]),
];

pub(crate) fn member(account: &str) -> MemberId {
    let place = PEOPLE.iter().position(|(name, ..)| *name == account);
    let place = place.unwrap_or_else(|| panic!("nobody is called {account}"));
    MemberId::from_parts(1, [u8::try_from(place).unwrap(); 10])
}

pub(crate) fn account(id: MemberId) -> &'static str {
    PEOPLE.iter().find(|(name, ..)| member(name) == id).map_or("stranger", |(name, ..)| name)
}

pub(crate) fn actor(name: &str) -> Option<Actor> {
    match name {
        "customer" => Some(Actor::Customer),
        "product" => Some(Actor::System),
        _ => {
            let (_, role, _) = PEOPLE.iter().find(|(account, ..)| *account == name)?;
            Some(Actor::Member { id: member(name), role: *role })
        }
    }
}

pub(crate) fn team(name: &str) -> TeamId {
    TeamId::new(name).unwrap()
}

pub(crate) fn roster() -> Roster {
    let teams = TEAMS.iter().map(|(name, kinds)| {
        let formed = Team { id: team(name), name: Text::new(*name, *name), kinds: kinds.to_vec() };
        (team(name), formed)
    });
    let members = PEOPLE.iter().map(|(name, role, of)| {
        let joined = Member {
            id: member(name),
            account: (*name).to_owned(),
            name: (*name).to_owned(),
            role: *role,
            team: Some(team(of)),
            active: true,
        };
        (member(name), joined)
    });
    Roster { members: members.collect(), teams: teams.collect() }
}

/// What decisions look at.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) commitments: Vec<Arc<Commitment>>,
    pub(crate) roster: Roster,
    pub(crate) load: BTreeMap<MemberId, u32>,
}

impl Company {
    pub(crate) fn with(commitments: Vec<Arc<Commitment>>) -> Self {
        Self { commitments, roster: roster(), load: BTreeMap::new() }
    }

    pub(crate) fn both() -> Self {
        Self::with(vec![RESPONSE_TIME.clone(), HOTLINE.clone()])
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { commitments: &self.commitments, roster: &self.roster, load: &self.load }
    }

    pub(crate) fn pins(&self) -> Vec<Pin> {
        let pin =
            |letter: &Arc<Commitment>| Pin { number: letter.number.clone(), version: 1, hash: letter.hash };
        self.commitments.iter().map(pin).collect()
    }
}

pub(crate) fn ticket_id(number: u8) -> TicketId {
    TicketId::from_parts(u64::from(number), [number; 10])
}

/// An instant as the clock on a wall in Shanghai shows it.
pub(crate) fn shanghai(text: &str) -> Timestamp {
    let civil: DateTime = text.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"));
    zone().to_timestamp(civil).unwrap()
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// `2026-09-30 17:50`, with seconds and microseconds only where they are not zero.
pub(crate) fn wall(at: Timestamp) -> String {
    let civil = zone().to_datetime(at);
    let format = match (civil.second(), civil.subsec_nanosecond()) {
        (0, 0) => "%Y-%m-%d %H:%M",
        (_, 0) => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.6f",
    };
    civil.strftime(format).to_string()
}

/// `1 h 30 min`, `10 min 5 s`, `0 s`, `1 us`.
pub(crate) fn words(time: jiff::SignedDuration) -> String {
    let micros = time.as_micros();
    let units: [(i128, &str); 4] = [(3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1, "us")];
    let mut left = micros;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if left >= size {
            parts.push(format!("{} {unit}", left / size));
            left %= size;
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}
