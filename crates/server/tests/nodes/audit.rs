//! What has to hold after everything that was done to the nodes and to their database.

use std::collections::{BTreeMap, BTreeSet};

use yinuo_ledger::checkpoint::VerifierKey;
use yinuo_testbed::until;

use crate::{
    checkpoints::{Seen, served},
    house::{House, post, question},
    http,
    load::{Asked, Noted},
};

/// Alarms of the first reply that are on record, and how many tickets have one.
const ALARMS: &str = "SELECT count(*), count(DISTINCT stream)
    FROM records, jsonb_array_elements(body::jsonb -> 'events') AS event
    WHERE event -> 'alarm-fired' -> 'clock' ->> 'promise' = 'first-reply'";

/// Somebody who asks SQL, the nodes and the log.
pub(crate) struct Audit<'a> {
    pub(crate) house: &'a House,
    /// The proxy.
    pub(crate) address: &'a str,
    pub(crate) nodes: &'a [&'a str],
    pub(crate) key: &'a VerifierKey,
}

impl Audit<'_> {
    /// Everything acknowledged is there once, every alarm fired once, positions have no gap, the log is one.
    pub(crate) fn all(&self, asked: &[Asked], noted: &[Noted], seen: Seen) {
        self.requests(asked);
        for note in noted {
            let path = format!("/api/v1/tickets/{}", note.ticket);
            let ticket = http::send(self.address, "GET", &path, &[("Authorization", &note.token)], "");
            let ticket = ticket.expect("the nodes answer").expect(200).body;
            assert_eq!(ticket.matches(&note.words).count(), 1, "{} in {ticket}", note.words);
        }
        self.alarms(asked.len());
        self.log(seen);
        // Its success says that every hash, signature, word and row fits.
        self.house.yinuo(&["verify", "ledger"], "");
        let replayed = self.house.yinuo(&["replay"], "");
        assert!(replayed.contains("The ledger is sound") && replayed.contains("byte for byte"), "{replayed}");
    }

    /// Each key has its one ticket, which says the same on every try.
    fn requests(&self, asked: &[Asked]) {
        let mut tickets = BTreeMap::new();
        for Asked { key, receipt } in asked {
            let again = post(self.address, "/api/v1/requests", &[("Idempotency-Key", key)], &question(key));
            let again = again.expect("the nodes answer").expect(200).json();
            for lasting in ["number", "query_code", "received_at", "hash"] {
                assert_eq!(again[lasting], receipt[lasting], "{key}");
            }
            let number = receipt["number"].as_str().expect("a number").to_owned();
            assert!(tickets.insert(number, key).is_none(), "a number given twice: {receipt}");
        }
        let numbers = self.house.ask("SELECT number FROM tickets");
        let kept: BTreeSet<&str> = numbers.lines().collect();
        let promised: BTreeSet<&str> = tickets.keys().map(String::as_str).collect();
        assert_eq!(kept, promised, "what was acknowledged, and nothing else");
    }

    fn alarms(&self, tickets: usize) {
        let tickets = tickets.to_string();
        let fired = || self.house.ask(ALARMS);
        until("every alarm has fired", || (fired().split('|').nth(1) == Some(&tickets)).then_some(()));
        assert_eq!(fired(), format!("{tickets}|{tickets}"), "each once");
        until("every notice is delivered", || {
            (self.house.ask("SELECT count(*) FROM jobs WHERE state <> 'done'") == "0").then_some(())
        });
    }

    fn log(&self, mut seen: Seen) {
        let whole = "SELECT min(position) = 1 AND max(position) = count(*) FROM records";
        assert_eq!(self.house.ask(whole), "t", "positions without a gap");
        let records: u64 = self.house.ask("SELECT max(position) FROM records").parse().expect("a number");
        for node in self.nodes {
            let covers = || served(node, self.key).filter(|checkpoint| checkpoint.size == records);
            seen.add(&until("the log covers every record", covers));
        }
        // Two a second at most, and none while whoever signs is stopped and its role is not yet another's.
        assert!(seen.len() > 2, "the log grew while nodes died: {} checkpoints", seen.len());
        seen.prove(self.address);
    }
}
