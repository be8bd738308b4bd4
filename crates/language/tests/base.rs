//! The shipped model is the one that the shipped texts give. `UPDATE_SNAPSHOTS=1` learns it anew and writes it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{path::Path, sync::LazyLock};

use yinuo_commitment::Language;
use yinuo_language::{
    Dimension, Model,
    corpus::{self, Example, Side, fingerprint, side},
    shipped_model,
    train::{Settings, held_back, train},
};

static LEARNED: LazyLock<Model> = LazyLock::new(|| {
    train(&corpus::shipped().unwrap(), &Settings { note: "shipped".to_owned(), ..Settings::default() })
        .unwrap()
});

#[test]
fn the_shipped_model_is_the_one_that_the_shipped_texts_give() {
    let learned = &*LEARNED;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/base.model");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, learned.to_bytes()).unwrap();
        return;
    }
    let stale = "data/base.model is stale: run `UPDATE_SNAPSHOTS=1 cargo test -p yinuo-language --test base`";
    let shipped = shipped_model().expect(stale);
    assert_eq!(shipped.provenance(), learned.provenance(), "{stale}");
    // Another machine may round a logarithm otherwise, so answers are compared, not bytes.
    for text in corpus::shipped().unwrap().iter().step_by(7) {
        let (own, anew) = (shipped.tell(&text.subject, &text.body), learned.tell(&text.subject, &text.body));
        assert_eq!(own.len(), anew.len(), "{stale}");
        for (own, anew) in own.iter().zip(&anew) {
            assert_eq!(own.head.labels, anew.head.labels, "{stale}");
            for (one, other) in own.shares.iter().zip(&anew.shares) {
                assert!((one - other).abs() < 0.02, "{stale}");
            }
        }
    }
}

#[test]
fn learning_twice_gives_the_same_model_and_another_seed_another() {
    let texts: Vec<Example> = corpus::shipped().unwrap().into_iter().step_by(10).collect();
    let learn = |seed| train(&texts, &Settings { seed, turns: 1, ..Settings::default() }).unwrap();
    assert_eq!(learn(1).to_bytes(), learn(1).to_bytes());
    assert_ne!(learn(1).to_bytes(), learn(2).to_bytes());
}

#[test]
fn no_sentence_of_the_tests_is_learned_from() {
    let sentences = corpus::read(include_str!("sentences.txt")).unwrap();
    let kept: Vec<u64> = sentences.iter().map(|text| fingerprint(&text.subject, &text.body)).collect();
    for text in corpus::shipped().unwrap() {
        let own = fingerprint(&text.subject, &text.body);
        assert!(!kept.contains(&own), "a sentence of the tests stands in the corpus: {}", text.body);
    }
}

#[test]
fn the_corpus_holds_sixty_texts_of_every_value_in_each_language() {
    for language in Language::ALL {
        let texts = corpus::shipped_in(*language).unwrap();
        for dimension in Dimension::ALL {
            let mut counts = std::collections::BTreeMap::new();
            for text in &texts {
                *counts.entry(text.labels.word(*dimension).unwrap()).or_insert(0) += 1;
            }
            for (value, count) in counts {
                assert!(count >= 60, "{language}: {count} texts of {dimension:?} {value}");
            }
        }
    }
}

/// Accuracy and macro-F1 in per mille that the shipped model has reached on the held-back texts; it must not be lost.
const REACHED: [(Dimension, u32, u32); 7] = [
    (Dimension::Kind, 745, 735),
    (Dimension::Urgency, 958, 875),
    (Dimension::Complexity, 968, 895),
    (Dimension::Severity, 944, 800),
    (Dimension::Technical, 830, 795),
    (Dimension::Topic, 690, 700),
    (Dimension::Sentiment, 770, 740),
];

#[test]
fn the_shipped_model_holds_what_it_had_reached_on_texts_it_never_saw() {
    let texts = corpus::shipped().unwrap();
    assert!(texts.iter().any(|text| side(&text.subject, &text.body) == Side::HeldBack));
    for (dimension, measured) in held_back(&shipped_model().unwrap(), &texts) {
        let (_, accuracy, macro_f1) = REACHED.iter().find(|(own, ..)| *own == dimension).unwrap();
        assert!(
            measured.accuracy() * 1000.0 >= f64::from(*accuracy)
                && measured.macro_f1() * 1000.0 >= f64::from(*macro_f1),
            "{dimension:?}: accuracy {:.3}, macro-F1 {:.3}",
            measured.accuracy(),
            measured.macro_f1()
        );
        assert!(measured.calibration_error() < 0.08, "{dimension:?}: {:.3}", measured.calibration_error());
    }
}
