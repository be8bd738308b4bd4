//! The log is signed as it grows, and customers get receipts.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use tokio::sync::watch;
use yinuo_commitment::Kind;
use yinuo_core::roster::Actor;
use yinuo_desk::{
    Desk, LogOptions, Sequenced, Sequencer, SequencerError, Submission, WitnessAnswer, WitnessLine, Witnesses,
};
use yinuo_ledger::{
    Checkpoint, Hash, Log, Tree,
    checkpoint::{self, KeyKind, LogKey, Note},
    tree::{Growth, KeptCheckpoint, TILE_WIDTH, TilePath, proof::verify_consistency},
};

use crate::harness::*;

fn key() -> LogKey {
    LogKey::new("yinuo.local/acme", KeyKind::Log, &[7; 32]).unwrap()
}

fn begin(desk: &Desk, witnesses: Witnesses) -> Sequencer {
    desk.begin_log(LogOptions { key: key(), witnesses });
    Sequencer::new(desk).unwrap()
}

async fn signed(desk: &Desk) -> Checkpoint {
    let kept = desk.checkpoint().await.unwrap().unwrap();
    Checkpoint::verified(&kept.note, key().verifier()).unwrap()
}

#[tokio::test]
async fn a_receipt_is_there_once_the_log_is_signed() {
    let company = Company::open().await;
    let desk = &company.desk;
    let taken = company.submit(request(Kind::Complaint)).await;
    let (number, code) = (taken.number.as_str(), taken.query_code.as_str());
    assert_eq!(desk.receipt(number, code).await.unwrap_err().code(), "not-found", "nobody signs here");
    let mut sequencer = begin(desk, Witnesses::none());
    assert_eq!(sequencer.catch_up().await.unwrap(), Sequenced::Current);
    let receipt = desk.receipt(number, code).await.unwrap();
    let confirmed = receipt.verify(Some(key().verifier())).unwrap();
    assert_eq!(Some(confirmed.position), taken.position);
    assert_eq!((confirmed.number.as_str(), confirmed.hash), (number, taken.hash));
    assert_eq!(confirmed.subject.as_deref(), Some("关于订单"));
    // It holds on, however much is added; the newer receipt is about the same record.
    company.ok(taken.ticket, "supervision", note("看过")).await;
    for _ in 0..300 {
        company.submit(request(Kind::Consultation)).await;
    }
    sequencer.catch_up().await.unwrap();
    let newer = desk.receipt_for_staff(taken.ticket, company.actor("auditor")).await.unwrap();
    let newer = newer.verify(Some(key().verifier())).unwrap();
    assert_eq!((newer.hash, newer.position), (confirmed.hash, confirmed.position));
    let (old, new) = (confirmed.checkpoint, newer.checkpoint);
    let proof = desk.consistency(old.size, None).await.unwrap();
    let hashes: Vec<Hash> = proof.proof.iter().map(|hash| checkpoint::hash(hash).unwrap()).collect();
    new.extends(&old, &hashes).unwrap();
    // A wrong code gets nothing, and neither does a person who may not read tickets.
    assert_eq!(desk.receipt(number, "WRONGXYZ").await.unwrap_err().code(), "not-found");
    let admin = desk.receipt_for_staff(taken.ticket, company.actor("admin")).await;
    assert_eq!(admin.unwrap_err().code(), "forbidden");
    company.finish().await;
}

#[tokio::test]
async fn a_receipt_for_colleagues_lacks_the_texts_that_they_see_masked() {
    let company = Company::open().await;
    let desk = &company.desk;
    let body = "请打 13900139000，证件 11010519491231002X。";
    let taken = company.submit(Submission { body: body.into(), ..request(Kind::Complaint) }).await;
    begin(desk, Witnesses::none()).catch_up().await.unwrap();
    for who in ["carol", "supervision", "manager", "auditor"] {
        let receipt = desk.receipt_for_staff(taken.ticket, company.actor(who)).await.unwrap();
        assert!(!receipt.json().contains("139001") && !receipt.json().contains("110105"), "{who}");
        let confirmed = receipt.verify(Some(key().verifier())).unwrap();
        assert_eq!((confirmed.hash, confirmed.body), (taken.hash, None), "{who}");
        assert_eq!(confirmed.subject.as_deref(), Some("关于订单"), "nothing is hidden in it");
    }
    let own = desk.receipt(&taken.number, &taken.query_code).await.unwrap();
    assert_eq!(own.verify(Some(key().verifier())).unwrap().body.as_deref(), Some(body));
    company.finish().await;
}

#[tokio::test]
async fn tiles_are_served_as_far_as_they_are_signed() {
    let company = Company::open().await;
    let desk = &company.desk;
    let path = |path: &str| path.parse::<TilePath>().unwrap();
    let mut sequencer = begin(desk, Witnesses::none());
    assert_eq!(desk.tile(path("0/000.p/1")).await.unwrap(), None);
    for _ in 0..TILE_WIDTH {
        company.submit(request(Kind::Praise)).await;
    }
    sequencer.catch_up().await.unwrap();
    let size = signed(desk).await.size;
    let rest = u16::try_from(size).unwrap() - 256;
    let full = desk.tile(path("0/000")).await.unwrap().unwrap();
    assert_eq!(full.len(), 8_192);
    assert_eq!(desk.tile(path("0/000.p/3")).await.unwrap().unwrap(), full[..96]);
    let part = desk.tile(TilePath { level: 0, n: 1, width: rest }).await.unwrap().unwrap();
    assert_eq!(part.len(), usize::from(rest) * 32);
    assert_eq!(desk.tile(path("1/000.p/1")).await.unwrap().unwrap().len(), 32);
    // The same from a process that has not signed and knows nothing yet.
    let other = company.another_desk().await;
    assert_eq!(other.tile(TilePath { level: 0, n: 1, width: rest }).await.unwrap().unwrap(), part);
    for missing in ["0/001", "0/002.p/1", "1/000", "1/000.p/2", "2/000.p/1", "0/x999/x999/999"] {
        assert_eq!(desk.tile(path(missing)).await.unwrap(), None, "{missing}");
    }
    assert_eq!(desk.tile(TilePath { level: 0, n: 1, width: rest + 1 }).await.unwrap(), None);
    for (from, to) in [(size + 1, None), (0, Some(size + 1)), (5, Some(4))] {
        assert_eq!(desk.consistency(from, to).await.unwrap_err().code(), "invalid", "{from} {to:?}");
    }
    company.finish().await;
}

#[tokio::test]
async fn one_desk_leads_and_another_takes_over() {
    let company = Company::open().await;
    let (mut first, other) = (begin(&company.desk, Witnesses::none()), company.another_desk().await);
    let mut second = begin(&other, Witnesses::none());
    first.catch_up().await.unwrap();
    company.submit(request(Kind::Praise)).await;
    assert_eq!(second.step().await.unwrap(), Sequenced::Elsewhere);
    let before = signed(&other).await.size;
    first.step_down().await.unwrap();
    assert_eq!(second.catch_up().await.unwrap(), Sequenced::Current);
    assert_eq!(signed(&company.desk).await.size, before + 1);
    company.finish().await;
}

#[tokio::test]
async fn a_long_way_is_caught_up_in_steps() {
    let company = Company::open().await;
    for _ in 0..300 {
        company.submit(request(Kind::Praise)).await;
    }
    let records = company.ledger.last_position(&company.org).await.unwrap();
    let mut sequencer = begin(&company.desk, Witnesses::none()).in_steps_of(130);
    for size in [130, 260, records] {
        assert_eq!(sequencer.step().await.unwrap(), Sequenced::Signed(size));
        assert_eq!(signed(&company.desk).await.size, size);
    }
    assert_eq!(sequencer.step().await.unwrap(), Sequenced::Current);
    assert_eq!(company.desk.log_sizes().await.unwrap(), (records, records));
    // A new process goes on from what is kept, and gives the same tree.
    sequencer.step_down().await.unwrap();
    let other = company.another_desk().await;
    let mut next = begin(&other, Witnesses::none());
    assert_eq!(next.step().await.unwrap(), Sequenced::Current);
    company.finish().await;
}

/// Signs `checkpoint` with `key` behind the back of the desk.
async fn plant(company: &Company, key: &LogKey, size: u64, root: Hash) {
    let origin = key.verifier().name().to_owned();
    let note = key.sign(&Checkpoint { origin, size, root }).to_string();
    let from_size = company.ledger.checkpoint(&company.org).await.unwrap().map_or(0, |kept| kept.size);
    let checkpoint = KeptCheckpoint { size, root, at: company.desk.now(), note };
    let mut lead = company.ledger.lead(&company.org).await.unwrap().unwrap();
    lead.grow(Growth { from_size, tiles: Vec::new(), checkpoint }).await.unwrap();
}

#[tokio::test]
async fn what_does_not_extend_the_last_checkpoint_is_not_signed() {
    let company = Company::open().await;
    plant(&company, &key(), 3, Hash([9; 32])).await;
    let mut sequencer = begin(&company.desk, Witnesses::none());
    for _ in 0..2 {
        let error = sequencer.step().await.unwrap_err();
        assert!(matches!(error, SequencerError::Fork { size: 3, .. }) && error.is_refusal(), "{error}");
        assert!(error.to_string().contains("REFUSED TO SIGN"), "{error}");
    }
    let kept = company.ledger.checkpoint(&company.org).await.unwrap().unwrap();
    assert_eq!((kept.size, kept.root), (3, Hash([9; 32])), "nothing was signed");
    company.finish().await;
}

#[tokio::test]
async fn somebody_elses_checkpoint_is_not_built_upon() {
    let company = Company::open().await;
    let other = LogKey::new("yinuo.local/acme", KeyKind::Log, &[8; 32]).unwrap();
    plant(&company, &other, 0, yinuo_ledger::tree::empty_root()).await;
    let mut sequencer = begin(&company.desk, Witnesses::none());
    let error = sequencer.step().await.unwrap_err();
    assert!(matches!(error, SequencerError::Foreign(_)), "{error}");
    company.finish().await;
}

#[tokio::test]
async fn the_worker_signs_as_records_come() {
    let company = Company::open().await;
    begin(&company.desk, Witnesses::none());
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(company.desk.clone().run_sequencer(stopped));
    let taken = company.submit(request(Kind::Repair)).await;
    // The clock moves on until the receipt is there: whoever waits for it is woken by the signature.
    let asked = {
        let desk = company.desk.clone();
        tokio::spawn(async move { desk.receipt(&taken.number, &taken.query_code).await })
    };
    while !asked.is_finished() {
        company.clock.step(jiff::SignedDuration::from_millis(10));
        tokio::task::yield_now().await;
    }
    asked.await.unwrap().unwrap().verify(Some(key().verifier())).unwrap();
    stop.send_replace(true);
    worker.await.unwrap();
    assert!(company.ledger.lead(&company.org).await.unwrap().is_some(), "the role is free again");
    company.finish().await;
}

#[tokio::test]
async fn a_receipt_that_is_not_there_in_time_is_told() {
    let company = Company::open().await;
    begin(&company.desk, Witnesses::none());
    let taken = company.submit(request(Kind::Repair)).await;
    let asked = {
        let desk = company.desk.clone();
        tokio::spawn(async move { desk.receipt(&taken.number, &taken.query_code).await })
    };
    while !asked.is_finished() {
        company.clock.step(jiff::SignedDuration::from_millis(100));
        tokio::task::yield_now().await;
    }
    assert_eq!(asked.await.unwrap().unwrap_err().code(), "not-signed-yet");
    company.finish().await;
}

#[tokio::test]
async fn tickets_under_a_key_without_a_checkpoint_are_found() {
    let company = Company::open().await;
    let open = async |desk: &Desk| desk.open_log("yinuo.local/acme", Witnesses::none(), true).await.unwrap();
    open(&company.desk).await;
    let taken = company.submit(request(Kind::Complaint)).await;
    let node = company.another_desk().await;
    open(&node).await;
    let audited = node.audit(&yinuo_desk::Evidence::default()).await.unwrap_err();
    assert!(audited.text().get(yinuo_commitment::Language::En).contains("no checkpoint"), "{audited:?}");
    // It does sign; then all is well everywhere.
    let mut sequencer = Sequencer::new(&company.desk).unwrap();
    assert_eq!(sequencer.catch_up().await.unwrap(), Sequenced::Current);
    sequencer.step_down().await.unwrap();
    company.desk.receipt(&taken.number, &taken.query_code).await.unwrap();
    let mut sequencer = Sequencer::new(&node).unwrap();
    assert_eq!(sequencer.step().await.unwrap(), Sequenced::Current);
    node.audit(&yinuo_desk::Evidence::default()).await.unwrap();
    company.finish().await;
}

#[tokio::test]
async fn before_the_first_ticket_whoever_finds_the_key_may_begin() {
    let company = Company::open().await;
    company.desk.open_log("yinuo.local/acme", Witnesses::none(), true).await.unwrap();
    let node = company.another_desk().await;
    node.open_log("yinuo.local/acme", Witnesses::none(), true).await.unwrap();
    node.audit(&yinuo_desk::Evidence::default()).await.unwrap();
    let mut sequencer = Sequencer::new(&node).unwrap();
    assert!(matches!(sequencer.step().await.unwrap(), Sequenced::Signed(_)));
    company.finish().await;
}

/// A witness after C2SP tlog-witness: it remembers what it signed, and signs only what extends it.
struct TestWitness {
    key: LogKey,
    seen: Mutex<BTreeMap<String, Checkpoint>>,
    /// Statuses to answer with, whatever is asked.
    failures: Mutex<Vec<u16>>,
}

impl TestWitness {
    fn new() -> Self {
        let key = LogKey::new("witness.example/w1", KeyKind::Witness, &[9; 32]).unwrap();
        Self { key, seen: Mutex::default(), failures: Mutex::default() }
    }

    fn answer(&self, body: &str) -> (u16, String) {
        if let Some(status) = self.failures.lock().unwrap().pop() {
            return (status, "not now\n".into());
        }
        let (head, note) = body.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
        let proof: Vec<Hash> = lines.map(|line| checkpoint::hash(line).unwrap()).collect();
        let Ok(new) = Checkpoint::verified(note, key().verifier()) else { return (403, String::new()) };
        let mut seen = self.seen.lock().unwrap();
        let known = seen.get(&new.origin);
        let (size, root) =
            known.map_or((0, yinuo_ledger::tree::empty_root()), |known| (known.size, known.root));
        if old > new.size {
            return (400, String::new());
        }
        if old != size || (size == new.size && root != new.root) {
            return (409, format!("{size}\n"));
        }
        if verify_consistency((size, root), (new.size, new.root), &proof).is_err() {
            return (422, String::new());
        }
        seen.insert(new.origin.clone(), new);
        (200, self.key.cosign(&Note::parse(note).unwrap(), 1_763_000_000).to_string())
    }
}

#[async_trait]
impl WitnessLine for TestWitness {
    async fn post(&self, url: &str, body: String) -> Result<WitnessAnswer, String> {
        assert_eq!(url, "https://witness.example/add-checkpoint");
        let (status, body) = self.answer(&body);
        Ok(WitnessAnswer { status, body })
    }
}

/// Lets time pass until the served checkpoint is signed by the witness and covers `records`.
async fn until_cosigned(company: &Company, witness: &TestWitness, records: u64) {
    for _ in 0..100_000 {
        let kept = company.desk.checkpoint().await.unwrap();
        if let Some(kept) = kept.filter(|kept| kept.size == records) {
            let note = Note::parse(&kept.note).unwrap();
            note.verify(key().verifier()).unwrap();
            if note.verify(witness.key.verifier()).is_ok() {
                assert_eq!(company.desk.cosigned_checkpoint(), Some(kept.note));
                return;
            }
        }
        company.clock.step(jiff::SignedDuration::from_millis(50));
        tokio::task::yield_now().await;
    }
    panic!("the witness never signed");
}

#[tokio::test]
async fn a_witness_cosigns_what_it_has_checked() {
    let company = Company::open().await;
    let witness = Arc::new(TestWitness::new());
    // It fails first, and has seen a part of the log before this process started.
    witness.failures.lock().unwrap().extend([500, 429]);
    let line = Arc::clone(&witness) as Arc<dyn WitnessLine>;
    let witnesses =
        Witnesses::new([("https://witness.example/".into(), witness.key.verifier().clone())], line);
    begin(&company.desk, witnesses);
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(company.desk.clone().run_sequencer(stopped));
    for _ in 0..3 {
        company.submit(request(Kind::Praise)).await;
        let records = company.ledger.last_position(&company.org).await.unwrap();
        until_cosigned(&company, &witness, records).await;
    }
    stop.send_replace(true);
    worker.await.unwrap();

    // After a restart the witness says what it knows, and gets the proof from there.
    let desk = company.another_desk().await;
    let line = Arc::clone(&witness) as Arc<dyn WitnessLine>;
    let witnesses =
        Witnesses::new([("https://witness.example".into(), witness.key.verifier().clone())], line);
    begin(&desk, witnesses);
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(desk.clone().run_sequencer(stopped));
    let taken = desk.submit(request(Kind::Praise), Actor::Customer, None).await.unwrap();
    for _ in 0..100_000 {
        if desk.cosigned_checkpoint().is_some() {
            break;
        }
        company.clock.step(jiff::SignedDuration::from_millis(50));
        tokio::task::yield_now().await;
    }
    let cosigned = Note::parse(&desk.cosigned_checkpoint().unwrap()).unwrap();
    cosigned.verify(witness.key.verifier()).unwrap();
    assert!(Checkpoint::parse(cosigned.text()).unwrap().size >= taken.position.unwrap());
    stop.send_replace(true);
    worker.await.unwrap();
    company.finish().await;
}
