//! The same questions by words and by meaning, where `YINUO_EMBEDDING` names the file of a model.

use std::{path::Path, time::Instant};

use yinuo_embedding::{Model, Role};
use yinuo_language::answers::{
    Article, Asking, Index, Piece, Recipe, Targets, Thresholds, Vectors, calibrate_with, elsewhere, measure,
    measure_requests, measure_with,
};

use super::{FRESH, HELD_BACK, heading, probes, request_heading, request_row, requests, row};

/// The model, if one is named.
pub(crate) fn model() -> Result<Option<Model>, Box<dyn std::error::Error>> {
    match std::env::var_os("YINUO_EMBEDDING") {
        Some(path) => Ok(Some(Model::open(Path::new(&path))?)),
        None => Ok(None),
    }
}

/// The vectors of all texts, and what each took in milliseconds, the shortest first.
pub(crate) fn vectors(model: &Model, texts: impl IntoIterator<Item = String>) -> (Vectors, Vec<f64>) {
    let (mut vectors, mut took) = (Vectors::default(), Vec::new());
    for text in texts {
        if vectors.get(&text).is_none() {
            let begun = now();
            let vector = model.embed(&text, Role::Query);
            took.push(begun.elapsed().as_secs_f64() * 1e3);
            vectors.insert(text, vector);
        }
    }
    took.sort_by(f64::total_cmp);
    (vectors, took)
}

pub(crate) fn print(articles: &[Article]) -> Result<(), Box<dyn std::error::Error>> {
    let before = memory_kb();
    let Some(model) = model()? else {
        println!("\nYINUO_EMBEDDING names no file of a model: answers by meaning were not measured.");
        return Ok(());
    };
    let loaded = memory_kb();
    let pieces = articles.iter().flat_map(|article| article.zh.iter().chain(&article.en));
    let mut texts: Vec<String> = pieces.flat_map(Piece::asked).map(str::to_owned).collect();
    texts.extend(elsewhere().into_iter().map(str::to_owned));
    texts.extend(probes(FRESH).iter().chain(&probes(HELD_BACK)).map(|probe| probe.question.to_owned()));
    for probe in requests() {
        let request = probe.request;
        texts.extend([request.subject.to_owned(), request.body.to_owned(), request.whole()]);
    }
    let (vectors, took) = vectors(&model, texts);
    let all: Vec<&Article> = articles.iter().collect();
    let begun = now();
    let recipe = Recipe::default();
    let made = calibrate_with(&all, &elsewhere(), recipe, &Targets::with_vectors(), Some(&vectors));
    let examined = begun.elapsed().as_secs_f64();
    let index = Index::with_vectors(articles, recipe, Some(&vectors));
    println!("\n## Answers by words, and by words and meaning\n");
    heading();
    for (set, text) in [("fresh", FRESH), ("held back", HELD_BACK)] {
        let probes = probes(text);
        row(&format!("{set}, words"), &measure(&index, &Asking::default(), &probes));
        for answer in [0.95, 0.96, 0.97, 0.975] {
            let targets = Targets { answer, margin: 0.005, ..Targets::default() };
            let thresholds = Thresholds::choose(&made.outcomes, &made.confidence, &targets);
            let asking = Asking { confidence: &made.confidence, thresholds, ..Asking::default() };
            let name = format!("{set}, meaning, bound {:.3}", answer + targets.margin);
            row(&name, &measure_with(&index, &asking, &probes, Some(&vectors)));
        }
    }
    println!(
        "\nThe bound by default: {:.3}",
        Targets::with_vectors().answer + Targets::with_vectors().margin
    );
    request_heading();
    request_row("by words", &measure_requests(&index, &Asking::default(), &requests(), None));
    let asking = Asking { confidence: &made.confidence, thresholds: made.thresholds, ..Asking::default() };
    request_row("by meaning too", &measure_requests(&index, &asking, &requests(), Some(&vectors)));
    let at = |share: usize| took.get(took.len().saturating_mul(share) / 100).copied().unwrap_or_default();
    println!("\nThresholds with vectors: {:?}; weights {:.2?}", made.thresholds, made.confidence.weights());
    println!(
        "{} texts: median {:.1} ms, 90 % under {:.1} ms, 99 % under {:.1} ms; examination {examined:.1} s",
        took.len(),
        at(50),
        at(90),
        at(99)
    );
    println!("memory: {} MB before the model, {} MB with it", before / 1_024, loaded / 1_024);
    Ok(())
}

/// What this process holds in memory; 0 where the system does not tell.
fn memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn now() -> Instant {
    Instant::now()
}
