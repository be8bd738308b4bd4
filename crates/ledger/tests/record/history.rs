//! What every version wrote is kept, and read as it was meant.

use std::{collections::BTreeSet, fs, path::PathBuf};

use yinuo_core::{organisation::OrganisationEntry, personal::PersonalField, roster::Actor, ticket::Event};
use yinuo_ledger::{
    Hash, LedgerError, Sealed, Stream, chain,
    conformance::sample::{org, ticket},
    record::{VERSION, open_organisation, open_ticket, seal_organisation},
};

use crate::{events::*, *};

/// Events that records of the first version could hold.
const FIRST_VERSION: usize = 39 + 6;

fn fixture(version: u32, name: &str) -> PathBuf {
    let history = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    history.join(format!("v{version}")).join(format!("{name}.json"))
}

/// A fixture: body and contents, the hash of the body after the genesis.
fn history(sealed: &Sealed) -> String {
    let contents: Vec<_> = contents(sealed)
        .iter()
        .map(|content| serde_json::json!({ "n": content.n, "salt": hex::encode(content.salt), "text": &*content.text }))
        .collect();
    let value =
        serde_json::json!({ "body": sealed.body(), "hash": sealed.hash().to_string(), "contents": contents });
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap())
}

/// Compares with the fixture. A fixture that does not exist is written, once, by `YINUO_WRITE_HISTORY=1`; one that
/// exists is never written again.
fn compare(name: &str, sealed: &Sealed) {
    let path = fixture(VERSION, name);
    if !path.exists() && std::env::var_os("YINUO_WRITE_HISTORY").is_some() {
        fs::write(&path, history(sealed)).unwrap();
    }
    let kept =
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name} has no fixture in {}", path.display()));
    assert_eq!(
        history(sealed),
        kept,
        "the recorded form of `{name}` has changed: records of customers would not"
    );
}

/// What a fixture of each version that has one holds.
fn every_kept(name: &str) -> Vec<(String, Hash, Vec<yinuo_ledger::Content>)> {
    (1..=VERSION)
        .filter(|version| fixture(*version, name).exists())
        .map(|version| kept(version, name))
        .collect()
}

fn kept(version: u32, name: &str) -> (String, Hash, Vec<yinuo_ledger::Content>) {
    let text = fs::read_to_string(fixture(version, name)).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let contents = value["contents"].as_array().unwrap();
    let contents = contents.iter().map(|content| {
        let mut salt = [0; 16];
        hex::decode_to_slice(content["salt"].as_str().unwrap(), &mut salt).unwrap();
        let n = u32::try_from(content["n"].as_u64().unwrap()).unwrap();
        yinuo_ledger::Content { n, salt, text: content["text"].as_str().unwrap().into() }
    });
    let mut hash = [0; 32];
    hex::decode_to_slice(value["hash"].as_str().unwrap(), &mut hash).unwrap();
    (value["body"].as_str().unwrap().into(), Hash(hash), contents.collect())
}

#[test]
fn every_event_of_a_ticket_has_its_history() {
    let events: Vec<Event> = course().into_iter().chain(later_course()).collect();
    let names: BTreeSet<&str> = events.iter().map(name).collect();
    assert_eq!(names.len(), EVENTS, "an event is missing from the course of this test");
    for event in events {
        let name = name(&event);
        let (sealed, entry) = seal(&event);
        assert!(sealed.body().contains(&format!("\"{name}\"")), "{}", sealed.body());
        compare(name, &sealed);
        for (body, hash, contents) in every_kept(name) {
            let opened = open_ticket(&body, &contents).unwrap();
            assert_eq!(opened.entry, entry, "{name}");
            assert_eq!((opened.org, opened.stream, opened.seq), (org(), Stream::Ticket(ticket(1)), 1));
            let genesis = chain::genesis(&org(), Stream::Ticket(ticket(1)));
            assert_eq!(chain::verify_link(genesis, 1, &body, hash).unwrap(), hash);
        }
    }
}

#[test]
fn what_the_first_version_wrote_is_kept_and_read() {
    let events: Vec<Event> = course().into_iter().chain(later_course()).collect();
    let names = events
        .iter()
        .map(name)
        .chain(organisation_course().iter().map(organisation_name))
        .collect::<Vec<_>>();
    let kept: Vec<&&str> = names.iter().filter(|name| fixture(1, name).exists()).collect();
    assert_eq!(kept.len(), FIRST_VERSION, "a fixture of the first version is gone");
    let younger: Vec<&&str> = names.iter().filter(|name| !fixture(1, name).exists()).collect();
    let second = [&"revealed", &"person-erased"];
    let third: Vec<&&str> = younger.iter().filter(|name| !fixture(2, name).exists()).copied().collect();
    assert_eq!(younger.len(), second.len() + third.len());
    assert!(second.iter().all(|name| younger.contains(name) && !third.contains(name)));
    assert_eq!(third.len(), names.len() - FIRST_VERSION - second.len());
    // No version ever wrote what a later one added.
    for event in later_course() {
        let (sealed, _) = seal(&event);
        for older in 1..VERSION {
            let body = sealed.body().replacen(&format!("\"v\":{VERSION}"), &format!("\"v\":{older}"), 1);
            let known = (1..=older).any(|version| fixture(version, name(&event)).exists());
            let opened = open_ticket(&body, &contents(&sealed));
            assert_eq!(opened.is_ok(), known, "{} in version {older}", name(&event));
            assert!(known || matches!(opened, Err(LedgerError::Corrupt { .. })));
        }
    }
    // Nor be it but a word of a value.
    let looked = |fields| Event::Revealed { fields, reason: words("回电") };
    let second = |event: &Event| {
        let (sealed, _) = seal(event);
        let older = sealed.body().replacen(&format!("\"v\":{VERSION}"), "\"v\":2", 1);
        open_ticket(&older, &contents(&sealed))
    };
    assert!(second(&looked(vec![PersonalField::Phone])).is_ok());
    assert!(matches!(second(&looked(vec![PersonalField::Texts])), Err(LedgerError::Corrupt { .. })));
}

#[test]
fn every_event_of_the_organisation_has_its_history() {
    let events = organisation_course();
    let names: BTreeSet<&str> = events.iter().map(organisation_name).collect();
    assert_eq!(names.len(), ORGANISATION_EVENTS);
    for event in events {
        let name = organisation_name(&event);
        let entry = OrganisationEntry { at: at(), actor: Actor::System, events: vec![event] };
        compare(name, &seal_organisation(&org(), None, &entry, at()));
        for (body, ..) in every_kept(name) {
            assert_eq!(open_organisation(&body).unwrap().entry, entry, "{name}");
        }
    }
}
