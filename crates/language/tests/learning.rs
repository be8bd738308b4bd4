//! How a model is learned: what counts how much, what is left out, and that wrong corrections are seen and can be undone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use yinuo_commitment::Kind;
use yinuo_language::{
    Dimension, Labels, Model,
    corpus::{self, Example, Origin, Side, side},
    evaluate::{Verdict, compare},
    train::{Settings, TrainError, held_back, people, train},
};

/// A third of the shipped texts with their kinds, so that learning takes no time.
fn base() -> Vec<Example> {
    all().into_iter().step_by(3).collect()
}

/// The shipped texts with their kinds.
fn all() -> Vec<Example> {
    let only_kind = |mut text: Example| {
        text.labels = Labels { kind: text.labels.kind, ..Labels::default() };
        text
    };
    corpus::shipped().unwrap().into_iter().map(only_kind).collect()
}

fn correction(by: &str, body: &str, kind: Kind) -> Example {
    let labels = Labels { kind: Some(kind), ..Labels::default() };
    Example { subject: String::new(), body: body.to_owned(), labels, origin: Origin::Person(by.to_owned()) }
}

fn quick() -> Settings {
    Settings { turns: 1, ..Settings::default() }
}

fn kind_accuracy(model: &Model, texts: &[Example]) -> f64 {
    held_back(model, texts).iter().find(|(one, _)| *one == Dimension::Kind).unwrap().1.accuracy()
}

/// A text that may be learned from, made of `words` and a number.
fn learnable(words: &str, from: usize) -> impl Iterator<Item = String> {
    (from..).map(move |number| format!("{words} {number}")).filter(|text| side("", text) != Side::HeldBack)
}

#[test]
fn nothing_is_learned_from_a_text_that_is_held_back() {
    let mut texts = base();
    let without = train(&texts, &quick()).unwrap();
    let held: Vec<Example> = (0..400)
        .map(|number| correction("a", &format!("zorblax {number}"), Kind::Praise))
        .filter(|text| side("", &text.body) == Side::HeldBack)
        .collect();
    assert!(held.len() > 50);
    texts.extend(held);
    let with = train(&texts, &quick()).unwrap();
    assert_eq!(without.provenance(), with.provenance());
    assert_eq!(without.tell("", "zorblax")[0].shares, with.tell("", "zorblax")[0].shares);
}

#[test]
fn a_correction_counts_three_times_a_shipped_text() {
    let mut texts = base();
    // Two people contradict what more shipped texts say about a word nobody else uses.
    let shipped = |body: String| Example { origin: Origin::Base, ..correction("", &body, Kind::Praise) };
    texts.extend(learnable("quibblefish", 1_000).take(24).map(shipped));
    texts.extend(learnable("quibblefish", 2_000).take(6).map(|body| correction("a", &body, Kind::Repair)));
    texts.extend(learnable("quibblefish", 3_000).take(6).map(|body| correction("b", &body, Kind::Repair)));
    let told = |weight: f32| {
        let settings = Settings { correction_weight: weight, ..quick() };
        let model = train(&texts, &settings).unwrap();
        let told = model.tell("", "quibblefish 5000");
        (told[0].probability("praise"), told[0].probability("repair"))
    };
    assert!((Settings::default().correction_weight - 3.0).abs() < f32::EPSILON);
    let (alike, three) = (told(1.0), told(3.0));
    assert!(alike.0 > alike.1, "24 shipped texts outweigh 12 corrections that count alike: {alike:?}");
    assert!(three.1 > three.0, "12 corrections that count three times outweigh 24 shipped texts: {three:?}");
}

/// A thousand corrections by one person who calls every text praise.
fn poison() -> Vec<Example> {
    let shipped = corpus::shipped().unwrap();
    let wrong = shipped.iter().filter(|text| text.labels.kind != Some(Kind::Praise));
    let own = |text: &Example| correction("mallory", &text.body, Kind::Praise);
    wrong.map(own).filter(|text| side("", &text.body) != Side::HeldBack).take(1_000).collect()
}

/// Corrections as two careful people make them.
fn careful() -> Vec<Example> {
    let shipped = corpus::shipped().unwrap();
    let right = |text: &Example, by: &str| {
        let labels = Labels { kind: text.labels.kind, ..Labels::default() };
        Example { labels, origin: Origin::Person(by.to_owned()), ..text.clone() }
    };
    shipped
        .iter()
        .skip(1)
        .step_by(3)
        .take(240)
        .enumerate()
        .map(|(number, text)| right(text, if number % 2 == 0 { "alice" } else { "bob" }))
        .collect()
}

#[test]
fn somebody_who_corrects_a_thousand_wrongly_is_seen_and_can_be_left_out() {
    let mut texts = all();
    let clean = kind_accuracy(&train(&texts, &quick()).unwrap(), &texts);
    texts.extend(careful());
    texts.extend(poison());

    let reports = people(&texts, &quick());
    let of = |name: &str| reports.iter().find(|report| report.person == name).unwrap();
    assert_eq!(reports[0].person, "mallory", "those with the most contradictions come first: {reports:#?}");
    assert!(of("mallory").conspicuous && of("mallory").texts >= 900, "{:?}", of("mallory"));
    assert!(!of("alice").conspicuous && !of("bob").conspicuous, "{reports:#?}");

    // One person's share is capped, so that even unseen the harm is bounded.
    let poisoned = kind_accuracy(&train(&texts, &quick()).unwrap(), &texts);
    let uncapped = Settings { person_share_max: 100.0, ..quick() };
    let drowned = kind_accuracy(&train(&texts, &uncapped).unwrap(), &texts);
    assert!(poisoned > drowned + 0.05, "clean {clean}, capped {poisoned}, uncapped {drowned}");
    assert!(poisoned > clean - 0.1, "clean {clean}, capped {poisoned}, uncapped {drowned}");

    // Leaving the person out undoes it, and the report still shows the person.
    let left_out = Settings { left_out: BTreeSet::from(["mallory".to_owned()]), ..quick() };
    let mended = train(&texts, &left_out).unwrap();
    assert_eq!(mended.provenance().left_out, 1);
    assert!(kind_accuracy(&mended, &texts) > clean - 0.03);
    let report = people(&texts, &left_out).into_iter().find(|report| report.person == "mallory").unwrap();
    assert!(report.left_out && report.conspicuous);

    // And putting the person back is the same model as before.
    assert_eq!(train(&texts, &quick()).unwrap().provenance().left_out, 0);
}

#[test]
fn a_poisoned_model_does_not_replace_a_better_one() {
    let texts = base();
    let good = train(&texts, &quick()).unwrap();
    let mut poisoned = texts.clone();
    poisoned.extend(poison());
    let bad = train(&poisoned, &Settings { person_share_max: 100.0, ..quick() }).unwrap();
    assert_eq!(compare(&good, &bad, &texts).verdict, Verdict::Worse);
    assert_eq!(compare(&good, &good, &texts).verdict, Verdict::Replace);
    assert_eq!(compare(&bad, &good, &texts).verdict, Verdict::Replace);
}

#[test]
fn the_later_correction_of_a_person_holds() {
    let mut texts = base();
    for body in learnable("wobbleduck", 0).take(40) {
        texts.push(correction("a", &body, Kind::Complaint));
        texts.push(correction("a", &body, Kind::Suggestion));
    }
    let model = train(&texts, &quick()).unwrap();
    assert_eq!(model.provenance().corrections, 40, "each text counts once for each person");
    assert_eq!(model.tell("", "wobbleduck")[0].likeliest().0, "suggestion");
}

#[test]
fn an_organisation_can_have_topics_of_its_own() {
    let mut texts = base();
    for body in learnable("电梯困人 elevator", 0).take(30) {
        let labels = Labels { topic: Some(Some("elevator".to_owned())), ..Labels::default() };
        texts.push(Example { labels, ..correction("a", &body, Kind::Repair) });
    }
    for body in learnable("门禁卡 badge", 0).take(30) {
        let labels = Labels { topic: Some(None), ..Labels::default() };
        texts.push(Example { labels, ..correction("b", &body, Kind::Repair) });
    }
    let model = train(&texts, &quick()).unwrap();
    let told = model.tell("", "电梯困人了");
    let topic = told.iter().find(|told| told.head.dimension == Dimension::Topic).unwrap();
    assert_eq!(topic.likeliest().0, "elevator");
}

#[test]
fn too_few_texts_are_a_clear_error() {
    let error = train(&base()[..3], &quick()).unwrap_err();
    assert!(matches!(error, TrainError::TooFew { .. }));
    assert!(error.to_string().contains("too few"));
    assert!(train(&[], &quick()).is_err());
    assert!(people(&base(), &quick()).is_empty());
}
