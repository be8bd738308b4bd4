//! How well questions are answered: the starter knowledge base on questions that nothing was fitted on, how long it takes,
//! and, if `YINUO_TEXTS` names a folder of public sets, the same method on those.
//!
//! `cargo xtask eval --only answers`

mod meaning;
mod public;
mod speed;

use std::collections::BTreeSet;

use yinuo_commitment::Language;
use yinuo_language::{
    answers::{
        Article, Asking, Figures, Index, Piece, Probe, Recipe, Request, RequestFigures, RequestProbe,
        Targets, calibrate, elsewhere, measure, measure_requests, starter,
    },
    language_of,
};

/// Seen while thresholds were chosen.
const HELD_BACK: &str = include_str!("../../tests/answers/held-back.txt");

/// Written afterwards.
const FRESH: &str = include_str!("../../tests/answers/fresh.txt");

/// Subject and text.
const REQUESTS: &str = include_str!("../../tests/answers/requests.txt");

pub(crate) fn run() {
    measured().expect("the sets can be read");
}

fn measured() -> Result<(), Box<dyn std::error::Error>> {
    println!("## Answers: the starter knowledge base, questions that nothing was fitted on\n");
    let articles = starter()?;
    let index = Index::new(&articles);
    heading();
    let unlike = Unlike::new(&articles);
    for (set, text) in [("fresh", FRESH), ("held back", HELD_BACK)] {
        let probes = probes(text);
        for (name, of) in [("both", None), ("Chinese", Some(Language::Zh)), ("English", Some(Language::En))] {
            let probes: Vec<Probe<'_>> = probes
                .iter()
                .copied()
                .filter(|probe| of.is_none_or(|language| language_of(probe.question) == language))
                .collect();
            row(&format!("{set}, {name}"), &measure(&index, &Asking::default(), &probes));
        }
        let probes: Vec<Probe<'_>> =
            probes.into_iter().filter(|probe| unlike.is_unlike(probe.question)).collect();
        row(&format!("{set}, unlike any similar question"), &measure(&index, &Asking::default(), &probes));
    }
    request_heading();
    request_row("by words", &measure_requests(&index, &Asking::default(), &requests(), None));
    meaning::print(&articles)?;
    if std::env::var_os("YINUO_SHOW").is_some() {
        show(&index);
    }
    examination(&articles);
    speed::print(&articles);
    if let Some(folder) = std::env::var_os("YINUO_TEXTS") {
        public::print(std::path::Path::new(&folder))?;
    } else {
        println!("\nYINUO_TEXTS names no folder: public sets were not measured.");
    }
    Ok(())
}

/// What went wrong with the fresh questions, and how sure it was.
fn show(index: &Index) {
    println!();
    for probe in probes(FRESH) {
        let reply = index.ask(probe.question, &Asking::default());
        let Some(best) = reply.candidates.first() else { continue };
        let right = Some(best.article.as_str()) == probe.article;
        println!(
            "{:.3} {right} {:?} {} | {} | {}",
            best.probability,
            reply.band,
            probe.article.unwrap_or("-"),
            probe.question,
            best.article
        );
    }
}

/// Tells questions that stand almost word for word among the similar questions from others.
struct Unlike(Vec<BTreeSet<String>>);

impl Unlike {
    fn new(articles: &[Article]) -> Self {
        let pieces = articles.iter().flat_map(|article| article.zh.iter().chain(&article.en));
        Self(pieces.flat_map(Piece::asked).map(threes).collect())
    }

    fn is_unlike(&self, question: &str) -> bool {
        let mine = threes(question);
        self.0.iter().all(|theirs| mine.intersection(theirs).count() * 10 <= mine.union(theirs).count() * 7)
    }
}

/// Neighbouring characters, three by three.
fn threes(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect();
    chars.windows(3.min(chars.len().max(1))).map(|three| three.iter().collect()).collect()
}

fn probes(text: &'static str) -> Vec<Probe<'static>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('|'))
        .map(|(article, question)| Probe {
            question: question.trim(),
            article: Some(article.trim()).filter(|article| *article != "-"),
        })
        .collect()
}

fn requests() -> Vec<RequestProbe<'static>> {
    let cells = |line: &'static str| {
        let (article, rest) = line.split_once('|')?;
        let (subject, body) = rest.split_once('|')?;
        let article = Some(article.trim()).filter(|article| *article != "-");
        Some(RequestProbe { request: Request { subject: subject.trim(), body: body.trim() }, article })
    };
    REQUESTS.lines().filter(|line| !line.starts_with('#')).filter_map(cells).collect()
}

fn request_heading() {
    println!(
        "\n### Requests of a subject and a text\n\n| decided | with an answer | answered | right | of those with an answer | unknown answered |"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
}

fn request_row(name: &str, figures: &RequestFigures) {
    let share = |part: u32, all: u32| 100.0 * f64::from(part) / f64::from(all.max(1));
    println!(
        "| {name} | {} of {} | {} | {:.1} % | {:.1} % | {} of {} |",
        figures.known,
        figures.known + figures.unknown,
        figures.answered,
        share(figures.answered_right, figures.answered),
        share(figures.answered_right, figures.known),
        figures.unknown_answered,
        figures.unknown,
    );
}

/// The knowledge base examined by itself: what thresholds are chosen from.
fn examination(articles: &[Article]) {
    let articles: Vec<&Article> = articles.iter().collect();
    let made = calibrate(&articles, &elsewhere(), Recipe::default(), &Targets::default());
    println!("\n### The same knowledge base examined by itself, {} questions\n", made.outcomes.len());
    println!("| probability from | answered | right |\n| --- | --- | --- |");
    for threshold in [0.5_f32, 0.7, 0.8, 0.85, 0.9, made.thresholds.answer, 0.95] {
        let answered: Vec<bool> = made
            .outcomes
            .iter()
            .filter(|outcome| made.confidence.probability(&outcome.features) >= threshold)
            .map(|outcome| outcome.right)
            .collect();
        let right = answered.iter().filter(|right| **right).count();
        println!(
            "| {threshold:.3} | {:.1} % | {:.1} % |",
            percent(answered.len(), made.outcomes.len()),
            percent(right, answered.len())
        );
    }
    println!("\nThresholds: {:?}", made.thresholds);
}

fn heading() {
    println!(
        "| questions | with an answer | recall@1 | recall@3 | answered | right | of those with an answer | unknown answered | suggested first right | ECE |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
}

fn row(name: &str, figures: &Figures) {
    println!(
        "| {name} | {} of {} | {:.3} | {:.3} | {} | {:.1} % (at least {:.1} %) | {:.1} % | {} of {} | {:.1} % | {:.3} |",
        figures.known,
        figures.known + figures.unknown,
        figures.recall_at_1(),
        figures.recall_at_3(),
        figures.answered,
        100.0 * figures.precision(),
        100.0 * figures.precision_at_least(),
        100.0 * figures.coverage(),
        figures.unknown_answered,
        figures.unknown,
        100.0 * figures.suggestion_precision(),
        figures.calibration_error,
    );
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}
