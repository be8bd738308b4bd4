//! The search index: phrases, traits, pages, steps and claims.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Complexity, Kind, Severity, Urgency};
use yinuo_core::{id::TicketId, ticket::Stage};

use super::sample::{at, org, other_org, team, ticket};
use crate::{
    Admits, Audience, Document, Found, FoundTicket, Hash, IndexHolder, IndexStep, Indexed, Ledger, Tally,
    Traits, Wanted, search::Tallied,
};

const HOLDER: IndexHolder = [7; 16];

fn lease() -> SignedDuration {
    SignedDuration::from_secs(30)
}

fn state(position: u64) -> Indexed {
    Indexed { position, anchor: Hash([3; 32]), form: 1, salt: [9; 16] }
}

/// The token that stands for a letter.
fn token(letter: char) -> String {
    std::iter::repeat_n(letter, 10).collect()
}

fn page(letters: &str) -> String {
    letters.chars().map(token).collect::<Vec<_>>().join(" ")
}

fn phrases(written: &[&str]) -> Vec<Vec<String>> {
    written.iter().map(|letters| letters.chars().map(token).collect()).collect()
}

fn traits(kind: Kind, of: Option<&str>) -> Traits {
    Traits {
        kind,
        channel: Channel::Web,
        urgency: Urgency::Normal,
        severity: Severity::General,
        complexity: Complexity::Simple,
        stage: Stage::Waiting,
        open: true,
        topic: Some("发票 \"a\" \\ b".to_owned()),
        team: of.map(team),
    }
}

fn document(n: u32, customer: &str, staff: Option<&str>) -> Document {
    Document {
        ticket: ticket(n),
        traits: traits(if n.is_multiple_of(2) { Kind::Repair } else { Kind::Complaint }, Some("care")),
        received_at: at(i64::from(n / 3)),
        customer: vec![page(customer)],
        staff: staff.map(|staff| vec![page(staff)]),
    }
}

fn wanted(written: &[&str]) -> Wanted {
    Wanted {
        audience: Audience::Staff,
        phrases: phrases(written),
        unwanted: Vec::new(),
        received_from: None,
        received_to: None,
        spans: Vec::new(),
        after: None,
        limit: 100,
        count_most: 1_000,
    }
}

fn everything() -> Admits {
    Arc::new(|_| true)
}

async fn begun(ledger: &dyn Ledger) {
    assert!(ledger.claim_index(&org(), HOLDER, at(0), lease()).await.unwrap());
    assert!(ledger.begin_index(&org(), HOLDER, state(0)).await.unwrap());
}

async fn put(ledger: &dyn Ledger, from: u64, to: u64, documents: Vec<Document>, gone: Vec<TicketId>) {
    let step = IndexStep { from, to: state(to), documents, gone };
    assert!(ledger.put_documents(&org(), HOLDER, step).await.unwrap());
}

async fn numbers(ledger: &dyn Ledger, wanted: &Wanted) -> Vec<TicketId> {
    let found = ledger.search(&org(), wanted, everything()).await.unwrap();
    let mut tickets: Vec<TicketId> = found.hits.into_iter().map(|hit| hit.ticket).collect();
    tickets.sort_unstable();
    tickets
}

fn tickets(numbers: &[u32]) -> Vec<TicketId> {
    numbers.iter().map(|n| ticket(*n)).collect()
}

/// Tokens in a row are found, tokens apart are not; what a ticket loses or gains is lost and found.
pub(super) async fn phrases_are_found(ledger: &dyn Ledger) {
    assert_eq!(ledger.indexed(&org()).await.unwrap(), None);
    assert_eq!(numbers(ledger, &wanted(&["a"])).await, []);
    begun(ledger).await;
    assert_eq!(ledger.indexed(&org()).await.unwrap(), Some(state(0)));
    // What stands behind the bar is found one by one, and parts nothing that stands before it.
    let barred =
        Document { customer: vec![format!("{} | {}", page("pq"), page("yz"))], ..document(5, "", None) };
    let first = vec![
        barred,
        document(1, "abcd", None),
        document(2, "acbd", None),
        document(3, "bcaab", None),
        document(4, "", Some("x")),
    ];
    put(ledger, 0, 5, first, vec![]).await;
    assert_eq!(ledger.indexed(&org()).await.unwrap(), Some(state(5)));
    for (written, unwanted, found) in [
        (vec!["a"], vec![], vec![1, 2, 3]),
        (vec!["pq", "z", "y"], vec![], vec![5]),
        (vec!["qp"], vec![], vec![]),
        (vec!["pq"], vec!["y"], vec![]),
        (vec!["ab"], vec![], vec![1, 3]),
        (vec!["ab", "d"], vec![], vec![1]),
        (vec!["ba"], vec![], vec![]),
        (vec!["bcaab"], vec![], vec![3]),
        (vec!["aa"], vec![], vec![3]),
        (vec!["c"], vec!["cb"], vec![1, 3]),
        (vec!["c"], vec!["cb", "aa"], vec![1]),
        (vec![], vec!["c"], vec![4, 5]),
        (vec![], vec![], vec![1, 2, 3, 4, 5]),
        (vec!["x"], vec![], vec![4]),
        (vec!["e"], vec![], vec![]),
    ] {
        let wanted = Wanted { unwanted: phrases(&unwanted), ..wanted(&written) };
        assert_eq!(numbers(ledger, &wanted).await, tickets(&found), "{written:?} without {unwanted:?}");
    }
    put(ledger, 5, 9, vec![document(2, "abx", None), document(1, "abcd", Some("abcdx"))], tickets(&[3]))
        .await;
    assert_eq!(numbers(ledger, &wanted(&["ab"])).await, tickets(&[1, 2]));
    assert_eq!(numbers(ledger, &wanted(&["x"])).await, tickets(&[1, 2, 4]));
    let customers = Wanted { audience: Audience::Customer, ..wanted(&["x"]) };
    assert_eq!(
        numbers(ledger, &customers).await,
        tickets(&[2]),
        "notes are not among what the customer reads"
    );
    put(ledger, 9, 9, vec![document(1, "abcd", None)], vec![]).await;
    assert_eq!(numbers(ledger, &wanted(&["x"])).await, tickets(&[2, 4]));
    while ledger.sweep_index(&org()).await.unwrap() {}
    assert_eq!(numbers(ledger, &wanted(&["b"])).await, tickets(&[1, 2]));
    assert!(ledger.begin_index(&org(), HOLDER, state(0)).await.unwrap());
    assert_eq!(numbers(ledger, &wanted(&["b"])).await, []);
    put(ledger, 0, 1, vec![document(2, "b", None)], vec![]).await;
    assert_eq!(numbers(ledger, &wanted(&["b"])).await, tickets(&[2]));
}

/// A text of several pages has every phrase that one of its pages has, and none that begins in one and ends in the next.
pub(super) async fn pages_of_a_text(ledger: &dyn Ledger) {
    begun(ledger).await;
    let mut long = document(1, "", None);
    long.customer = vec![page("abc"), page("cde"), page("fg")];
    put(ledger, 0, 1, vec![long.clone(), document(2, "abcde", None)], vec![]).await;
    for (written, unwanted, found) in [
        (vec!["ab", "fg"], vec![], vec![1]),
        (vec!["ab", "de"], vec![], vec![1, 2]),
        (vec!["cd"], vec!["fg"], vec![2]),
        (vec!["ef"], vec![], vec![]),
        (vec!["ccd"], vec![], vec![]),
        (vec![], vec!["g"], vec![2]),
        (vec![], vec![], vec![1, 2]),
    ] {
        let wanted = Wanted { unwanted: phrases(&unwanted), ..wanted(&written) };
        assert_eq!(numbers(ledger, &wanted).await, tickets(&found), "{written:?} without {unwanted:?}");
    }
    long.customer = vec![page("h")];
    put(ledger, 1, 2, vec![long], vec![]).await;
    assert_eq!(numbers(ledger, &wanted(&["ab"])).await, tickets(&[2]));
    assert_eq!(numbers(ledger, &wanted(&["h"])).await, tickets(&[1]));
}

/// What is counted, seen and turned over.
pub(super) async fn traits_and_turning_pages(ledger: &dyn Ledger) {
    begun(ledger).await;
    let documents: Vec<Document> = (1..=30).map(|n| document(n, "ab", None)).collect();
    put(ledger, 0, 30, documents.clone(), vec![]).await;
    let asked = Wanted { limit: 4, spans: vec![at(3), at(8)], ..wanted(&["ab"]) };
    let repairs: Admits = Arc::new(|traits| traits.kind == Kind::Repair);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let asked = Wanted { after, ..asked.clone() };
        let found = ledger.search(&org(), &asked, Arc::clone(&repairs)).await.unwrap();
        let all: u64 = found.tallies.iter().map(|tally| tally.tickets).sum();
        assert_eq!(all, 30, "what is counted does not depend on the page, or on who asks");
        assert!(found.hits.len() <= 4);
        seen.extend(found.hits);
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    let mut repaired: Vec<FoundTicket> = documents
        .iter()
        .filter(|document| document.traits.kind == Kind::Repair)
        .map(|document| FoundTicket { ticket: document.ticket, received_at: document.received_at })
        .collect();
    repaired.sort_by_key(|hit| std::cmp::Reverse(hit.cursor()));
    assert_eq!(seen, repaired);
    let found = ledger.search(&org(), &asked, everything()).await.unwrap();
    let tally = |kind, span, tickets| Tally { traits: traits(kind, Some("care")), span, tickets };
    let mut counted = vec![
        tally(Kind::Complaint, 0, 4),
        tally(Kind::Complaint, 1, 8),
        tally(Kind::Complaint, 2, 3),
        tally(Kind::Repair, 0, 4),
        tally(Kind::Repair, 1, 7),
        tally(Kind::Repair, 2, 4),
    ];
    counted.sort_by(|a, b| (&a.traits, a.span).cmp(&(&b.traits, b.span)));
    assert_eq!(found.tallies, counted);
    let bounded = Wanted { received_from: Some(at(1)), received_to: Some(at(2)), ..wanted(&["ab"]) };
    assert_eq!(numbers(ledger, &bounded).await, tickets(&[3, 4, 5]));
    // A ticket whose traits alone have changed.
    let moved = Document { traits: traits(Kind::Praise, None), ..document(4, "ab", None) };
    put(ledger, 30, 31, vec![moved], vec![]).await;
    let praise: Admits = Arc::new(|traits| traits.kind == Kind::Praise && traits.team.is_none());
    let found = ledger.search(&org(), &bounded, praise).await.unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.ticket).collect::<Vec<_>>(), tickets(&[4]));
    let nothing: Admits = Arc::new(|_| false);
    let found = ledger.search(&org(), &bounded, nothing).await.unwrap();
    assert_eq!((found.hits, found.next), (vec![], None));
    assert_eq!(found.tallies.iter().map(|tally| tally.tickets).sum::<u64>(), 3);
}

/// One indexer at a time, and each step from where the index is.
pub(super) async fn one_indexer_at_a_time(ledger: &dyn Ledger) {
    let other = [8; 16];
    assert!(!ledger.begin_index(&org(), HOLDER, state(0)).await.unwrap(), "nobody has claimed it");
    begun(ledger).await;
    assert!(!ledger.claim_index(&org(), other, at(29), lease()).await.unwrap());
    assert!(ledger.claim_index(&org(), HOLDER, at(20), lease()).await.unwrap());
    assert!(
        !ledger.claim_index(&org(), other, at(49), lease()).await.unwrap(),
        "the holder went on holding it"
    );
    let step =
        |from, to| IndexStep { from, to: state(to), documents: vec![document(1, "ab", None)], gone: vec![] };
    assert!(!ledger.put_documents(&org(), other, step(0, 1)).await.unwrap());
    assert!(!ledger.put_documents(&org(), HOLDER, step(1, 2)).await.unwrap(), "it does not begin there");
    assert_eq!(numbers(ledger, &wanted(&["ab"])).await, []);
    assert!(ledger.put_documents(&org(), HOLDER, step(2, 1)).await.is_err(), "a step does not go back");
    assert!(ledger.claim_index(&org(), other, at(50), lease()).await.unwrap(), "the lease is over");
    assert!(!ledger.put_documents(&org(), HOLDER, step(0, 1)).await.unwrap());
    assert!(ledger.put_documents(&org(), other, step(0, 1)).await.unwrap());
    ledger.release_index(&org(), HOLDER).await.unwrap();
    assert!(
        !ledger.claim_index(&org(), HOLDER, at(51), lease()).await.unwrap(),
        "only its holder gives it back"
    );
    ledger.release_index(&org(), other).await.unwrap();
    assert!(ledger.claim_index(&org(), HOLDER, at(51), lease()).await.unwrap());
    assert_eq!(numbers(ledger, &wanted(&["ab"])).await, tickets(&[1]));
}

/// Two organisations in one index.
pub(super) async fn indexes_do_not_meet(ledger: &dyn Ledger) {
    begun(ledger).await;
    assert!(ledger.claim_index(&other_org(), HOLDER, at(0), lease()).await.unwrap());
    assert!(ledger.begin_index(&other_org(), HOLDER, state(0)).await.unwrap());
    put(ledger, 0, 1, vec![document(1, "ab", None)], vec![]).await;
    let step =
        IndexStep { from: 0, to: state(4), documents: vec![document(2, "ab", None)], gone: tickets(&[1]) };
    assert!(ledger.put_documents(&other_org(), HOLDER, step).await.unwrap());
    assert_eq!(numbers(ledger, &wanted(&["ab"])).await, tickets(&[1]));
    assert!(ledger.begin_index(&org(), HOLDER, state(0)).await.unwrap());
    assert_eq!(numbers(ledger, &wanted(&[])).await, []);
    let theirs = ledger.search(&other_org(), &wanted(&["ab"]), everything()).await.unwrap();
    assert_eq!(theirs.hits.iter().map(|hit| hit.ticket).collect::<Vec<_>>(), tickets(&[2]));
    assert_eq!(ledger.indexed(&other_org()).await.unwrap(), Some(state(4)));
}

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn letters(&mut self, least: u64, most: u64) -> String {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| char::from(b'a' + u8::try_from(self.below(4)).unwrap())).collect()
    }
}

/// What a scan of every page finds.
fn scanned(documents: &BTreeMap<TicketId, Document>, wanted: &Wanted) -> Found {
    let mut tallied = Tallied::default();
    let mut hits = Vec::new();
    for document in documents.values() {
        let parts = document.parts();
        let (_, pages) = parts.iter().find(|(bits, _)| bits & wanted.audience.bit() != 0).unwrap();
        let has = |phrase: &Vec<String>| pages.iter().any(|page| page.contains(&phrase.join(" ")));
        if wanted.phrases.iter().all(has) && !wanted.unwanted.iter().any(has) {
            hits.push(FoundTicket { ticket: document.ticket, received_at: document.received_at });
        }
    }
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.cursor()));
    for hit in hits.iter().take(wanted.count_most as usize) {
        let span = wanted.span_of(hit.received_at);
        let traits = documents.get(&hit.ticket).unwrap().traits.text();
        tallied.count(&traits, span, 1, &everything()).unwrap();
    }
    let uncounted = hits.len() > wanted.count_most as usize;
    Found::page(hits, wanted.limit, tallied, uncounted)
}

/// Whatever is put in, changed and taken out: the index finds what a scan finds.
pub(super) async fn the_index_finds_what_a_scan_finds(ledger: &dyn Ledger) {
    begun(ledger).await;
    let mut draw = Draw(11);
    let mut documents: BTreeMap<TicketId, Document> = BTreeMap::new();
    for round in 0..12_u64 {
        let mut step = IndexStep { from: round, to: state(round + 1), documents: vec![], gone: vec![] };
        let mut touched = std::collections::BTreeSet::new();
        for _ in 0..25 {
            let n = u32::try_from(draw.below(80)).unwrap();
            if !touched.insert(n) {
                continue;
            }
            if draw.below(6) == 0 {
                step.gone.push(ticket(n));
                documents.remove(&ticket(n));
                continue;
            }
            let mut drawn = document(n, &draw.letters(0, 12), None);
            if draw.below(3) == 0 {
                drawn.staff = Some(vec![page(&draw.letters(0, 12))]);
            }
            if draw.below(5) == 0 {
                let pages = 1 + draw.below(3);
                drawn.customer = (0..pages).map(|_| page(&draw.letters(1, 8))).collect();
            }
            documents.insert(drawn.ticket, drawn.clone());
            step.documents.push(drawn);
        }
        assert!(ledger.put_documents(&org(), HOLDER, step).await.unwrap());
        for _ in 0..15 {
            let mut terms =
                |most| -> Vec<String> { (0..draw.below(most)).map(|_| draw.letters(1, 3)).collect() };
            let (all, none) = (terms(4), terms(2));
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let none: Vec<&str> = none.iter().map(String::as_str).collect();
            let audience = Audience::ALL[usize::try_from(draw.below(2)).unwrap()];
            let spans = vec![at(5), at(9), at(20)];
            let count_most = [0, 4, 12, 1_000][usize::try_from(draw.below(4)).unwrap()];
            let asked = Wanted { audience, unwanted: phrases(&none), limit: 7, spans, ..wanted(&all) };
            let wanted = Wanted { count_most, ..asked };
            let found = ledger.search(&org(), &wanted, everything()).await.unwrap();
            assert_eq!(found, scanned(&documents, &wanted), "{all:?} without {none:?} in round {round}");
        }
    }
    assert!(ledger.claim_index(&org(), HOLDER, Timestamp::MAX, lease()).await.unwrap());
}
