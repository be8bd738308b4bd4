//! The same way of learning on public sets, if `YINUO_TEXTS` names a folder that holds them. They are not part of the
//! project. A fifth of each is held back by the fixed split of the crate; what is learned never saw it.
#![expect(clippy::cast_precision_loss, reason = "bytes, printed with one digit")]

use std::{path::Path, time::Instant};

use yinuo_language::{
    Labels,
    corpus::{Example, Origin},
    train::{Settings, held_back, train},
};

/// Sets by file, the field that holds the label, and what they are.
const SETS: [(&str, &str, &str); 4] = [
    ("cic_train_dev_noisy.jsonl", "kind_proxy", "CIC, 5 kinds, zh, noisy labels"),
    ("cic_train_dev_noisy.jsonl", "label", "CIC, 118 intents, zh, noisy labels"),
    ("banking77_train.jsonl", "label", "BANKING77, 77 intents, en"),
    ("clinc150_train_val.jsonl", "label", "CLINC150, 150 intents, en, without oos"),
];

#[expect(clippy::disallowed_methods, reason = "measured for people; nothing is decided by it")]
pub(crate) fn run() {
    let Some(folder) = std::env::var_os("YINUO_TEXTS") else {
        println!("left out: set YINUO_TEXTS to the folder with the public sets");
        return;
    };
    println!("| set | learned from | held back | accuracy | macro-F1 | ECE | rounds | learned in | model |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (file, field, name) in SETS {
        let texts = read(&Path::new(&folder).join(file), field);
        let started = Instant::now();
        // One turn of validation: there are thousands of texts.
        let model = train(&texts, &Settings { turns: 1, ..Settings::default() })
            .expect("there is something to learn");
        let took = started.elapsed();
        for (dimension, measured) in held_back(&model, &texts) {
            println!(
                "| {name} | {} | {} | {:.3} | {:.3} | {:.3} | {} | {:.1} s | {:.1} MB |",
                model.provenance().base_texts,
                measured.texts(),
                measured.accuracy(),
                measured.macro_f1(),
                measured.calibration_error(),
                model.head(dimension).map_or(0, |head| head.rounds),
                took.as_secs_f64(),
                model.to_bytes().len() as f64 / 1e6
            );
        }
    }
}

/// Texts with their label as a topic: topics are the one dimension whose labels are free.
fn read(path: &Path, field: &str) -> Vec<Example> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let examples = lines.filter_map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).expect("a line is a JSON object");
        let of = |name: &str| row.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let label = of(field).filter(|label| label != "oos")?;
        let labels = Labels { topic: Some(Some(label)), ..Labels::default() };
        Some(Example { subject: String::new(), body: of("text")?, labels, origin: Origin::Base })
    });
    examples.collect()
}
