//! Accuracy on labelled sentences, per dimension. What was reached must not be lost.

use std::fmt::Write as _;

use yinuo_commitment::{Complexity, Facets, Kind, Severity, Urgency};
use yinuo_language::{Given, classify};

struct Labelled {
    facets: Facets,
    text: &'static str,
}

fn sentences() -> Vec<Labelled> {
    let lines = include_str!("sentences.txt").lines();
    lines.filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(labelled).collect()
}

fn labelled(line: &'static str) -> Labelled {
    let (labels, text) = line.split_once('|').unwrap_or_else(|| panic!("labels | text: {line}"));
    let labels: Vec<&str> = labels.split_whitespace().collect();
    let [kind, urgent, complex, major, technical, topic] = *labels else { panic!("six labels: {line}") };
    let flag = |label: &str, yes: &str| match label {
        "-" => false,
        _ if label == yes => true,
        _ => panic!("{label} in {line}"),
    };
    let mut facets = Facets::of(Kind::from_word(kind).unwrap_or_else(|| panic!("{kind}")));
    facets.urgency = if flag(urgent, "U") { Urgency::Urgent } else { Urgency::Normal };
    facets.complexity = if flag(complex, "X") { Complexity::Complex } else { Complexity::Simple };
    facets.severity = if flag(major, "M") { Severity::Major } else { Severity::General };
    facets.technical = flag(technical, "T");
    facets.topic = (topic != "-").then(|| topic.to_owned());
    Labelled { facets, text: text.trim() }
}

/// Share of sentences whose facet is as labelled, in per cent, and the ones that are not.
fn accuracy<T: PartialEq + std::fmt::Debug>(of: impl Fn(&Facets) -> T) -> (usize, String) {
    let sentences = sentences();
    let mut wrong = String::new();
    let mut right = 0_usize;
    for sentence in &sentences {
        let said = classify(&Given { body: sentence.text, ..Given::default() });
        let (want, got) = (of(&sentence.facets), of(&said.facets));
        if want == got {
            right += 1;
        } else {
            let _ = writeln!(wrong, "  want {want:?}, got {got:?}: {}\n    {}", sentence.text, said.why);
        }
    }
    (right * 1000 / sentences.len(), wrong)
}

fn at_least(floor_permille: usize, (reached, wrong): (usize, String)) {
    assert!(reached >= floor_permille, "{reached} of 1000 where {floor_permille} had been reached:\n{wrong}");
}

#[test]
fn there_are_enough_sentences_of_every_sort() {
    let sentences = sentences();
    assert!(sentences.len() >= 120, "{}", sentences.len());
    for kind in Kind::ALL {
        assert!(sentences.iter().filter(|sentence| sentence.facets.kind == *kind).count() >= 12, "{kind}");
    }
}

#[test]
fn kind() {
    at_least(1000, accuracy(|facets| facets.kind));
}

#[test]
fn urgency() {
    at_least(990, accuracy(|facets| facets.urgency));
}

#[test]
fn complexity() {
    at_least(1000, accuracy(|facets| facets.complexity));
}

#[test]
fn severity() {
    at_least(1000, accuracy(|facets| facets.severity));
}

#[test]
fn technical() {
    at_least(1000, accuracy(|facets| facets.technical));
}

#[test]
fn topic() {
    at_least(990, accuracy(|facets| facets.topic.clone()));
}
