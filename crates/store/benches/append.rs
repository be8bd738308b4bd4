//! Durable appends a second at 1, 8 and 64 tasks, beside the limit of the machine: raw rows of the same bytes in
//! group-committed transactions. Then ticks: second entries to tickets that exist.
//!
//! `cargo bench -p yinuo-store --bench append [seconds] [directory]`

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench measures time and prints"
)]

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use yinuo_commitment::Kind;
use yinuo_ledger::{
    Append, DayNumber, Idempotency, Log,
    conformance::sample::{assigned, at, job, member, next, org, received, sealed_for, ticket, vault},
};
use yinuo_store::{Options, SqliteLedger};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(2.0);
    let directory = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = directory.join(format!("yinuo-bench-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let duration = Duration::from_secs_f64(seconds);
    let sample = intake(1);
    println!(
        "one intake: body {} bytes, {} contents",
        sample.sealed.body().len(),
        sample.sealed.contents().len()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for tasks in [1, 8, 64] {
        let raw = raw(&directory, tasks, duration, bytes(&sample));
        let appends = runtime.block_on(appends(&directory, tasks, duration));
        println!("{tasks:>3} tasks: raw {raw}, appends {appends}");
    }
    println!("ticks: {}", runtime.block_on(ticks(&directory)));
    std::fs::remove_dir_all(&directory).unwrap();
}

struct Measured {
    per_second: f64,
    cpu_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { per_second, cpu_ms, p50_ms, p99_ms } = self;
        write!(f, "{per_second:.0}/s ({cpu_ms:.3} CPU ms each, p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms)")
    }
}

/// CPU time of this process in milliseconds, from the kernel's count of 10 ms ticks.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) * 10.0
}

fn measured(mut latencies: Vec<f64>, elapsed: Duration, cpu_before: f64) -> Measured {
    latencies.sort_by(f64::total_cmp);
    let count = latencies.len().max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of a bench are small")]
    let total = count as f64;
    Measured {
        per_second: total / elapsed.as_secs_f64(),
        cpu_ms: (cpu_ms() - cpu_before) / total,
        p50_ms: latencies[count / 2],
        p99_ms: latencies[count * 99 / 100],
    }
}

/// An intake as the desk makes one: received, classified and assigned, with a clock, an alarm, a job, a number and a key.
fn intake(n: u32) -> Append {
    let mut entry = received(n, at(i64::from(n % 100_000)), Kind::Repair);
    entry.events.extend(assigned(at(0), "repair", Some(member(n % 20))).events);
    let append = next(&org(), ticket(n), &[], None, &entry);
    let day = jiff::civil::date(2025, 11, 13);
    Append {
        jobs: vec![job(n, &format!("receipt-{n}"), at(0))],
        idempotency: Some(Idempotency { key: format!("key-{n}"), digest: [7; 32] }),
        number: Some(DayNumber { day, number: n }),
        ..append
    }
}

/// About what an intake writes: body, contents and rows.
fn bytes(append: &Append) -> usize {
    append.sealed.body().len()
        + append.sealed.contents().iter().map(|content| content.sealed.len()).sum::<usize>()
        + 600
}

fn raw(directory: &Path, tasks: u32, duration: Duration, size: usize) -> Measured {
    let connection = rusqlite::Connection::open(directory.join(format!("raw-{tasks}.db"))).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE raw (id INTEGER PRIMARY KEY, body TEXT)")
        .unwrap();
    let (sender, receiver) = mpsc::channel::<mpsc::Sender<()>>();
    let stop = Arc::new(AtomicBool::new(false));
    let (before, start) = (cpu_ms(), Instant::now());
    let threads: Vec<_> = (0..tasks)
        .map(|_| {
            let (sender, stop) = (sender.clone(), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut latencies = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let asked = Instant::now();
                    let (answer, answered) = mpsc::channel();
                    sender.send(answer).unwrap();
                    answered.recv().unwrap();
                    latencies.push(asked.elapsed().as_secs_f64() * 1000.0);
                }
                latencies
            })
        })
        .collect();
    drop(sender);
    let body = "x".repeat(size);
    while let Ok(first) = receiver.recv() {
        let batch: Vec<_> = std::iter::once(first).chain(receiver.try_iter().take(255)).collect();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in &batch {
            connection.prepare_cached("INSERT INTO raw (body) VALUES (?)").unwrap().execute([&body]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        for answer in batch {
            answer.send(()).unwrap();
        }
        if start.elapsed() > duration {
            stop.store(true, Ordering::Relaxed);
        }
    }
    let elapsed = start.elapsed();
    measured(threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect(), elapsed, before)
}

async fn appends(directory: &Path, tasks: u32, duration: Duration) -> Measured {
    let path = directory.join(format!("appends-{tasks}.db"));
    let ledger = Arc::new(SqliteLedger::open(path, &Options::default(), vault()).unwrap());
    let counter = Arc::new(AtomicU32::new(0));
    let (before, start) = (cpu_ms(), Instant::now());
    let tasks: Vec<_> = (0..tasks)
        .map(|_| {
            let (ledger, counter) = (Arc::clone(&ledger), Arc::clone(&counter));
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while start.elapsed() < duration {
                    let asked = Instant::now();
                    ledger.append(intake(counter.fetch_add(1, Ordering::Relaxed) + 1)).await.unwrap();
                    latencies.push(asked.elapsed().as_secs_f64() * 1000.0);
                }
                latencies
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.unwrap());
    }
    measured(latencies, start.elapsed(), before)
}

/// 10,000 second entries in batches of 256, as the ticker appends them: load, seal, append.
async fn ticks(directory: &Path) -> Measured {
    let ledger = SqliteLedger::open(directory.join("ticks.db"), &Options::default(), vault()).unwrap();
    for first in (0..10_000).step_by(250) {
        let answers = ledger.append_many((first + 1..=first + 250).map(intake).collect()).await;
        assert!(answers.iter().all(Result::is_ok));
    }
    let (before, start) = (cpu_ms(), Instant::now());
    let mut latencies = Vec::new();
    for first in (0..10_000).step_by(250) {
        let asked = Instant::now();
        let ids: Vec<_> = (first + 1..=first + 250).map(ticket).collect();
        let loaded = ledger.load_tickets(&org(), &ids).await.unwrap();
        let entry = assigned(at(3600), "care", Some(member(3)));
        let appends = loaded
            .iter()
            .map(|(ticket, loaded)| {
                let (custody, tail) = (loaded.custody().unwrap(), Some(loaded.tail()));
                sealed_for(custody, &org(), *ticket, &loaded.entries, tail, &entry)
            })
            .collect();
        let answers = ledger.append_many(appends).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 250);
        latencies.extend(std::iter::repeat_n(asked.elapsed().as_secs_f64() * 1000.0, 250));
    }
    measured(latencies, start.elapsed(), before)
}
