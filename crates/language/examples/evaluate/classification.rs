//! How well requests are classified: the held-back texts of the shipped corpus, and the sentences of the tests.

use yinuo_commitment::{Kind, Language};
use yinuo_language::{
    Classification, Classifier, Dimension, Given, Labels, Probability,
    corpus::{self, Example, Side, side},
    evaluate::Measured,
    shipped_model,
};

use crate::table;

const SENTENCES: &str = include_str!("../../tests/sentences.txt");

pub(crate) fn run() {
    let model = shipped_model().expect("the shipped model can be read");
    let provenance = model.provenance();
    println!(
        "model: learned from {} shipped texts and {} corrections, {} features, {} bytes as a file, {} in memory",
        provenance.base_texts,
        provenance.corrections,
        model.features(),
        model.to_bytes().len(),
        model.memory_bytes()
    );
    for head in model.heads() {
        println!(
            "    {:10} {} rounds, temperature {:.2}",
            head.dimension.word(),
            head.rounds,
            head.temperature
        );
    }
    for language in Language::ALL {
        let texts = corpus::shipped_in(*language).expect("the shipped texts can be read");
        let held_back: Vec<Example> =
            texts.into_iter().filter(|text| side(&text.subject, &text.body) == Side::HeldBack).collect();
        everybody(&format!("held-back texts of the shipped corpus, {language}"), &held_back, true);
    }
    let sentences = corpus::read(SENTENCES).expect("the sentences can be read");
    everybody(
        "sentences of the tests (the lists of words were written with them in sight)",
        &sentences,
        false,
    );
}

/// Lists alone, model alone, and everything together.
fn everybody(title: &str, texts: &[Example], details: bool) {
    println!("\n{title}: {} texts\n{}", texts.len(), table::HEADING);
    let lists = Classifier::lists_alone();
    let together = Classifier::shipped();
    let model = shipped_model().expect("the shipped model can be read");
    let mut kind = Measured::default();
    let mut looked_at = 0_usize;
    for dimension in Dimension::ALL {
        let mut measured = [Measured::default(), Measured::default(), Measured::default()];
        let [by_lists, by_model, by_all] = &mut measured;
        for text in texts {
            let Some(truth) = text.labels.word(*dimension) else { continue };
            let given = Given { subject: &text.subject, body: &text.body, ..Given::default() };
            add(by_lists, truth, &lists.classify(&given), *dimension);
            let said = together.classify(&given);
            add(by_all, truth, &said, *dimension);
            looked_at += usize::from(*dimension == Dimension::Kind && said.needs_triage);
            let told = model.tell(&text.subject, &text.body);
            if let Some(told) = told.iter().find(|told| told.head.dimension == *dimension) {
                let (label, share) = told.likeliest();
                by_model.add(truth, label, f64::from(share));
            }
        }
        for (who, measured) in ["lists", "model", "together"].iter().zip(&measured) {
            if measured.texts() > 0 {
                println!("{}{}", table::line(dimension.word(), who, measured), grave(*dimension, measured));
            }
        }
        if *dimension == Dimension::Kind {
            let [_, _, by_all] = measured;
            kind = by_all;
        }
    }
    println!("to a person for triage: {looked_at} of {}", texts.len());
    if details {
        println!("\nkind, together:\n{}\n\n{}", table::confusion(&kind), table::reliability(&kind));
    }
}

/// Precision and recall of what must not be overlooked.
fn grave(dimension: Dimension, measured: &Measured) -> String {
    let label = match dimension {
        Dimension::Urgency => "urgent",
        Dimension::Severity => "major",
        _ => return String::new(),
    };
    let own = measured.labels.iter().zip(measured.by_label()).find(|(own, _)| *own == label);
    own.map(|(_, (precision, recall, texts))| {
        format!(" {label}: {texts} texts, precision {precision:.2}, recall {recall:.2}")
    })
    .unwrap_or_default()
}

fn add(measured: &mut Measured, truth: &str, said: &Classification, dimension: Dimension) {
    let labels = Labels { sentiment: Some(said.sentiment.value), ..Labels::of(&said.facets) };
    let told = labels.word(dimension).unwrap_or_default();
    measured.add(truth, told, f64::from(probability(said, dimension).share()));
}

fn probability(said: &Classification, dimension: Dimension) -> Probability {
    match dimension {
        Dimension::Kind => said.kind.probability,
        Dimension::Urgency => said.urgency.probability,
        Dimension::Complexity => said.complexity.probability,
        Dimension::Severity => said.severity.probability,
        Dimension::Technical => said.technical.probability,
        Dimension::Topic => said.topic.probability,
        Dimension::Sentiment => said.sentiment.probability,
    }
}

/// Every kind there is, so that a table without one of them is seen to lack it.
const _: () = assert!(Kind::ALL.len() == 5, "the tables of kinds have five rows");
