//! How long a text takes, how long learning takes, and how much memory the crate needs.
#![expect(clippy::cast_precision_loss, reason = "bytes and counts, printed with one digit")]

use std::{hint::black_box, time::Instant};

use yinuo_language::{Classifier, Given, corpus, shipped_model, train};

/// Times that every text is classified.
const TIMES: u32 = 5;

#[expect(clippy::disallowed_methods, reason = "measured for people; nothing is decided by it")]
pub(crate) fn run() {
    let before = resident_bytes();
    let started = Instant::now();
    let classifier = Classifier::shipped();
    black_box(classifier.classify(&Given { body: "空调坏了 it is broken", ..Given::default() }));
    println!("ready to classify after {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let after = resident_bytes();
    println!("memory that lists and model take: {:.1} MB", after.saturating_sub(before) as f64 / 1e6);
    let model = shipped_model().expect("the shipped model can be read");
    println!("the model as a file: {} bytes", model.to_bytes().len());

    let texts = corpus::shipped().expect("the shipped texts can be read");
    // The quickest of some runs, so that whatever else the machine does is not counted as the product's.
    let mut took: Vec<(f64, usize)> = Vec::with_capacity(texts.len());
    for text in &texts {
        let given = Given { subject: &text.subject, body: &text.body, ..Given::default() };
        let runs = (0..TIMES).map(|_| {
            let started = Instant::now();
            black_box(classifier.classify(black_box(&given)));
            started.elapsed().as_secs_f64() * 1e6
        });
        took.push((runs.fold(f64::INFINITY, f64::min), text.body.chars().count()));
    }
    took.sort_by(|one, other| one.0.total_cmp(&other.0));
    let at = |share: usize| took.get(took.len() * share / 100).map_or(0.0, |one| one.0);
    let mean = took.iter().map(|one| one.0).sum::<f64>() / (took.len() as f64).max(1.0);
    let (longest, chars) = took.last().copied().unwrap_or_default();
    println!(
        "µs per text over {} shipped texts: mean {mean:.0}, median {:.0}, 90 % {:.0}, 99 % {:.0}; longest {longest:.0} for a \
         text of {chars} characters",
        took.len(),
        at(50),
        at(90),
        at(99)
    );
    let started = Instant::now();
    let learned = train::train(&texts, &train::Settings::default()).expect("there is something to learn");
    println!(
        "learned anew from {} texts in {:.1} s, everything chosen by validation",
        learned.provenance().base_texts,
        started.elapsed().as_secs_f64()
    );
    println!("memory after learning: {:.1} MB", resident_bytes() as f64 / 1e6);
}

/// Memory of the process that lies in RAM, as Linux counts it; 0 elsewhere.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|line| line.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()));
    pages.map_or(0, |pages: u64| pages * 4_096)
}
