//! The search index: filling it, its size, and how long a query takes, with counts and the first twenty hits.
//!
//! Documents are made of real sentences: from the folder of JSON lines that `YINUO_TEXTS` names, else from the corpus of
//! `language`. A ticket has three to eight of them. `YINUO_BENCH_TICKETS` says how many tickets; a million unless said.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use yinuo_commitment::{Channel, Complexity, Kind, Severity, Urgency};
use yinuo_core::{
    id::{OrgId, TeamId, TicketId},
    ticket::Stage,
};
use yinuo_desk::COUNTED_MOST;
use yinuo_language::{
    search::Query,
    tokens::{BORDER, TokenKey},
};
use yinuo_ledger::{Admits, Audience, Document, Hash, IndexStep, Indexed, Search, Traits, Wanted};
use yinuo_store::{Options, PostgresLedger, PostgresOptions, SqliteLedger};
use yinuo_testbed::PostgresCluster;

use crate::{place::Place, stats::Latencies};

const TICKETS: u64 = 1_000_000;
const BATCH: u64 = 512;
const QUERIES: usize = 2_000;
const HOLDER: [u8; 16] = [1; 16];

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default().checked_rem(bound).unwrap_or_default()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Result<&'a T> {
        all.get(self.below(all.len())).context("there is nothing to draw from")
    }
}

/// Every sentence that there is.
fn sentences() -> Result<Vec<String>> {
    let folder = std::env::var_os("YINUO_TEXTS").map(PathBuf::from);
    let mut sentences = Vec::new();
    match &folder {
        Some(folder) => {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.extension().is_some_and(|ending| ending == "jsonl") {
                    json_lines(&fs::read_to_string(&path)?, &mut sentences)?;
                }
            }
        }
        None => {
            corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../language/data/corpus"), &mut sentences)?;
        }
    }
    ensure!(sentences.len() > 100, "there are too few sentences to make tickets of");
    sentences.sort_unstable();
    Ok(sentences)
}

fn json_lines(text: &str, to: &mut Vec<String>) -> Result<()> {
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        for field in ["text", "question", "answer", "a", "b"] {
            to.extend(line.get(field).and_then(serde_json::Value::as_str).map(str::to_owned));
        }
    }
    Ok(())
}

fn corpus(folder: &Path, to: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            corpus(&path, to)?;
            continue;
        }
        let lines = fs::read_to_string(&path)?;
        // What the text is stands before it.
        let texts = lines.lines().filter_map(|line| line.split_once(" | ")).map(|(_, text)| text.to_owned());
        to.extend(texts);
    }
    Ok(())
}

fn ticket(number: u64) -> TicketId {
    let mut random = [0; 10];
    for (to, from) in random.iter_mut().skip(2).zip(number.to_be_bytes()) {
        *to = from;
    }
    TicketId::from_parts(1_763_000_000_000, random)
}

fn document(number: u64, draw: &mut Draw, sentences: &[String], key: &TokenKey) -> Result<(Document, usize)> {
    let mut text = format!("TS-20261121-{number:07}");
    for _ in 0..3 + draw.below(6) {
        text.push(BORDER);
        text.push_str(draw.of(sentences)?);
    }
    let open = number.is_multiple_of(10);
    let traits = Traits {
        kind: *draw.of(Kind::ALL)?,
        channel: *draw.of(Channel::ALL)?,
        urgency: if draw.below(20) == 0 { Urgency::Urgent } else { Urgency::Normal },
        severity: Severity::General,
        complexity: Complexity::Simple,
        stage: if open { Stage::InProgress } else { Stage::Closed },
        open,
        topic: None,
        team: Some(TeamId::new(draw.of(&["care", "complaints", "repairs", "billing"])?)?),
    };
    let received =
        Timestamp::from_second(1_700_000_000)? + SignedDuration::from_secs(i64::try_from(number * 60)?);
    let pages = key.pages(&text);
    let document =
        Document { ticket: ticket(number), traits, received_at: received, customer: pages, staff: None };
    Ok((document, text.chars().count()))
}

/// One to three words as somebody types them: parts of a sentence that there is.
fn query(draw: &mut Draw, sentences: &[String]) -> Result<String> {
    let sentence: Vec<char> = draw.of(sentences)?.chars().collect();
    let mut words = Vec::new();
    for _ in 0..=draw.below(3) {
        let start = draw.below(sentence.len());
        let is_han = |char: &char| ('\u{4e00}'..='\u{9fff}').contains(char);
        let rest = sentence.get(start..).unwrap_or_default();
        let word: String = if rest.first().is_some_and(is_han) {
            rest.iter().take_while(|char| is_han(char)).take(2 + draw.below(3)).collect()
        } else {
            let from = rest.iter().skip_while(|char| char.is_alphanumeric()).skip(1);
            from.take_while(|char| char.is_ascii_alphanumeric()).collect()
        };
        if word.chars().count() > 1 {
            words.push(word);
        }
    }
    Ok(words.join(" "))
}

async fn fill(ledger: &dyn Search, org: &OrgId, tickets: u64, sentences: &[String]) -> Result<(f64, f64)> {
    let key = TokenKey::from_bytes(b"a key to measure");
    let mut draw = Draw(7);
    let state = |position| Indexed { position, anchor: Hash([0; 32]), form: 1, salt: [0; 16] };
    ensure!(
        ledger.claim_index(org, HOLDER, Timestamp::now(), SignedDuration::from_hours(24)).await?,
        "not mine"
    );
    ensure!(ledger.begin_index(org, HOLDER, state(0)).await?, "not begun");
    let begun = Instant::now();
    let (mut done, mut chars) = (0, 0);
    while done < tickets {
        // The last ones come by themselves, as they do where an index is not behind.
        let to = if done + BATCH < tickets { (done + BATCH).min(tickets - 1) } else { tickets };
        let mut documents = Vec::new();
        for number in done..to {
            let (document, of) = document(number, &mut draw, sentences, &key)?;
            chars += of;
            documents.push(document);
        }
        let step = IndexStep { from: done, to: state(to), documents, gone: Vec::new() };
        ensure!(ledger.put_documents(org, HOLDER, step).await?, "a step was not taken");
        done = to;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    Ok((tickets as f64 / begun.elapsed().as_secs_f64(), chars as f64 / tickets as f64))
}

/// The first page of each query, with counts.
async fn ask(ledger: &dyn Search, org: &OrgId, typed: &[String]) -> Result<(Latencies, u64)> {
    let key = TokenKey::from_bytes(b"a key to measure");
    let everything: Admits = Arc::new(|_| true);
    let mut micros = Vec::with_capacity(typed.len());
    let mut most = 0;
    for typed in typed {
        let phrases = Query::parse(typed)?.phrases(&key);
        let wanted = Wanted {
            audience: Audience::Staff,
            phrases: phrases.wanted,
            unwanted: phrases.unwanted,
            received_from: None,
            received_to: None,
            spans: vec![Timestamp::from_second(1_720_000_000)?, Timestamp::from_second(1_740_000_000)?],
            after: None,
            limit: 20,
            count_most: COUNTED_MOST,
        };
        let begun = Instant::now();
        let found = ledger.search(org, &wanted, Arc::clone(&everything)).await?;
        micros.push(u64::try_from(begun.elapsed().as_micros())?);
        let total: u64 = found.tallies.iter().map(|tally| tally.tickets).sum();
        if total == 0 && typed.chars().count() < 3 {
            bail!("nothing has `{typed}`, which was taken from a text");
        }
        most = most.max(total);
    }
    Ok((Latencies::new(micros), most))
}

async fn measure(name: &str, ledger: &dyn Search, tickets: u64, sentences: &[String]) -> Result<()> {
    let org = OrgId::new("measured")?;
    let (rate, chars) = fill(ledger, &org, tickets, sentences).await?;
    let mut draw = Draw(99);
    let mut ordinary = Vec::new();
    while ordinary.len() < QUERIES {
        let typed = query(&mut draw, sentences)?;
        if !typed.is_empty() {
            ordinary.push(typed);
        }
    }
    let frequent: Vec<String> = ["花呗", "退款", "多少", "card", "the", "怎么"]
        .iter()
        .cycle()
        .take(60)
        .map(|&word| word.to_owned())
        .collect();
    let first: Vec<String> = ordinary.iter().take(200).cloned().collect();
    ask(ledger, &org, &first).await?;
    let (usual, most_usual) = ask(ledger, &org, &ordinary).await?;
    let (worst, most_worst) = ask(ledger, &org, &frequent).await?;
    println!(
        "{name:>10} | {tickets:>9} | {chars:>6.0} | {rate:>9.0} | {:>8.2} | {:>8.2} | {:>8.2} | {most_usual:>9} | {:>8.1} | {:>8.1} | {most_worst:>9}",
        usual.at(50.0),
        usual.at(95.0),
        usual.at(99.0),
        worst.at(50.0),
        worst.at(99.0),
    );
    Ok(())
}

pub(crate) async fn run(scratch: &Path) -> Result<()> {
    let tickets = std::env::var("YINUO_BENCH_TICKETS").ok().map(|tickets| tickets.parse()).transpose()?;
    let tickets = tickets.unwrap_or(TICKETS);
    let sentences = sentences()?;
    println!("\nsearch: first page with counts, {} sentences", sentences.len());
    println!(
        "  database |   tickets |  chars | filled /s |   p50 ms |   p95 ms |   p99 ms | most hits | frequent p50 | p99 | most hits"
    );
    let folder = scratch.join("search");
    let place = Place::sqlite(&folder)?;
    let vault = yinuo_ledger::conformance::sample::vault();
    {
        let ledger =
            SqliteLedger::open(place.folder().join("yinuo.db"), &Options::default(), Arc::clone(&vault))?;
        measure("SQLite", &ledger, tickets, &sentences).await?;
        let bytes = fs::metadata(place.folder().join("yinuo.db-search"))?.len();
        println!("  the index file has {} MiB", bytes >> 20);
    }
    fs::remove_dir_all(&folder)?;
    // As docs/operations/postgres.md says: a quarter of the memory.
    let settings = vec![("shared_buffers", "6GB".to_owned())];
    let cluster = PostgresCluster::start(&yinuo_testbed::Options { settings, ..Default::default() });
    let place = Place::postgres(&folder, &cluster)?;
    let url = place.url().context("a place in PostgreSQL has an address")?;
    let ledger = PostgresLedger::connect(url, &PostgresOptions::default(), vault).await?;
    measure("PostgreSQL", &ledger, tickets, &sentences).await?;
    drop(ledger);
    let size = "SELECT pg_size_pretty(pg_total_relation_size('search_documents'))";
    println!("  the table and its indexes have {}", cluster.query("product", size));
    fs::remove_dir_all(&folder)?;
    Ok(())
}
