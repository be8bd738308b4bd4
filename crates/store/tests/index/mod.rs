//! Texts put into a search index, and looked for.

use std::sync::Arc;

use jiff::SignedDuration;
use yinuo_commitment::{Channel, Complexity, Kind, Severity, Urgency};
use yinuo_core::ticket::Stage;
use yinuo_language::{search::Query, tokens::TokenKey};
use yinuo_ledger::{
    Admits, Audience, Document, Hash, IndexStep, Indexed, Ledger, Traits, Wanted,
    conformance::sample::{at, org, ticket},
};

pub(crate) const HOLDER: [u8; 16] = [1; 16];

pub(crate) fn key() -> TokenKey {
    TokenKey::from_bytes(b"a key for tests.")
}

pub(crate) fn state(position: u64) -> Indexed {
    Indexed { position, anchor: Hash([0; 32]), form: 1, salt: [0; 16] }
}

pub(crate) fn document(n: u32, text: &str) -> Document {
    Document {
        ticket: ticket(n),
        traits: Traits {
            kind: Kind::Repair,
            channel: Channel::Web,
            urgency: Urgency::Normal,
            severity: Severity::General,
            complexity: Complexity::Simple,
            stage: Stage::Waiting,
            open: true,
            topic: None,
            team: None,
        },
        received_at: at(i64::from(n)),
        customer: key().pages(text),
        staff: None,
    }
}

/// The texts of this round, in place of those of the last one.
pub(crate) async fn fill(ledger: &dyn Ledger, texts: &[String]) {
    assert!(ledger.claim_index(&org(), HOLDER, at(0), SignedDuration::from_secs(60)).await.unwrap());
    assert!(ledger.begin_index(&org(), HOLDER, state(0)).await.unwrap());
    let documents = (0..).zip(texts).map(|(n, text)| document(n, text)).collect();
    let step = IndexStep { from: 0, to: state(1), documents, gone: Vec::new() };
    assert!(ledger.put_documents(&org(), HOLDER, step).await.unwrap());
}

pub(crate) async fn found(ledger: &dyn Ledger, query: &Query) -> Vec<u32> {
    let phrases = query.phrases(&key());
    let wanted = Wanted {
        audience: Audience::Staff,
        phrases: phrases.wanted,
        unwanted: phrases.unwanted,
        received_from: None,
        received_to: None,
        spans: Vec::new(),
        after: None,
        limit: 1_000,
        count_most: 1_000,
    };
    let everything: Admits = Arc::new(|_| true);
    let found = ledger.search(&org(), &wanted, everything).await.unwrap();
    let total: u64 = found.tallies.iter().map(|tally| tally.tickets).sum();
    assert_eq!(total, found.hits.len() as u64);
    let number = |hit: &yinuo_ledger::FoundTicket| {
        u32::try_from(hit.received_at.duration_since(at(0)).as_secs()).unwrap()
    };
    found.hits.iter().map(number).collect()
}
