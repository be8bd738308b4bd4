//! The same method on public sets. Which texts are asked and which are known is fixed by a hash of the text.

use std::{collections::BTreeMap, path::Path};

use yinuo_embedding::Model;
use yinuo_language::answers::{
    Article, Asking, Confidence, Index, Outcome, Piece, Probe, Recipe, Targets, Thresholds, measure,
    measure_with,
};

use super::{heading, meaning, row};

/// Questions asked per intent.
const ASKED: usize = 20;

/// Similar questions per intent of the sets that are asked by meaning too: with few of them meaning matters most.
const BY_MEANING: usize = 5;

/// A set with labels: name, file, Chinese or not, intents at most, similar questions of each.
struct Labelled {
    name: &'static str,
    file: &'static str,
    chinese: bool,
    intents: usize,
    known: usize,
}

const LABELLED: &[Labelled] = &[
    Labelled { name: "BANKING77", file: "banking77_train.jsonl", chinese: false, intents: 77, known: 5 },
    Labelled { name: "BANKING77", file: "banking77_train.jsonl", chinese: false, intents: 77, known: 10 },
    Labelled { name: "BANKING77", file: "banking77_train.jsonl", chinese: false, intents: 77, known: 20 },
    Labelled { name: "CLINC150", file: "clinc150_train_val.jsonl", chinese: false, intents: 150, known: 10 },
    Labelled {
        name: "CIC (noisy labels)",
        file: "cic_train_dev_noisy.jsonl",
        chinese: true,
        intents: 80,
        known: 5,
    },
    Labelled {
        name: "CIC (noisy labels)",
        file: "cic_train_dev_noisy.jsonl",
        chinese: true,
        intents: 18,
        known: 20,
    },
];

pub(crate) fn print(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let model = meaning::model()?;
    println!("\n## Public sets: every intent known\n");
    heading();
    for set in LABELLED {
        let intents = intents(folder, set)?;
        let articles: Vec<Article> = intents.iter().map(|(id, texts)| article(id, texts, set)).collect();
        let probes: Vec<Probe<'_>> =
            intents.iter().flat_map(|(id, texts)| asked(Some(id), texts, set)).collect();
        let name = format!("{}, {} × {}", set.name, intents.len(), set.known);
        row(&name, &measure(&Index::new(&articles), &Asking::default(), &probes));
        if let Some(model) = model.as_ref().filter(|_| set.known == BY_MEANING) {
            by_meaning(&name, model, &articles, &probes);
        }
    }
    afqmc(folder)?;
    println!(
        "\n## Public sets: a quarter of the intents unknown, model and threshold (90 %) from one half, measured on the other\n"
    );
    heading();
    for set in LABELLED {
        abstaining(folder, set)?;
    }
    Ok(())
}

/// The same with vectors.
fn by_meaning(name: &str, model: &Model, articles: &[Article], probes: &[Probe<'_>]) {
    let pieces = articles.iter().flat_map(|article| article.zh.iter().chain(&article.en));
    let known = pieces.flat_map(Piece::asked).map(str::to_owned);
    let asked = probes.iter().map(|probe| probe.question.to_owned());
    let (vectors, _) = meaning::vectors(model, known.chain(asked));
    let index = Index::with_vectors(articles, Recipe::default(), Some(&vectors));
    let measured = measure_with(&index, &Asking::default(), probes, Some(&vectors));
    row(&format!("{name}, meaning too"), &measured);
}

/// Questions of an intent, in the order of their hashes.
type Intents = Vec<(String, Vec<String>)>;

fn lines(folder: &Path, file: &str) -> Result<Vec<serde_json::Value>, Box<dyn std::error::Error>> {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn intents(folder: &Path, set: &Labelled) -> Result<Intents, Box<dyn std::error::Error>> {
    let mut by_label: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines(folder, set.file)? {
        if let (Some(label), Some(text)) = (field(&line, "label"), field(&line, "text"))
            && label != "oos"
        {
            by_label.entry(label).or_default().push(text);
        }
    }
    let mut intents: Intents =
        by_label.into_iter().filter(|(_, texts)| texts.len() >= set.known.saturating_add(ASKED)).collect();
    for (_, texts) in &mut intents {
        texts.sort_by_key(|text| fnv(text));
    }
    // The largest ones, as a knowledge base begins with what is asked most.
    intents.sort_by_key(|(label, texts)| (std::cmp::Reverse(texts.len()), fnv(label)));
    intents.truncate(set.intents);
    Ok(intents)
}

fn field(line: &serde_json::Value, name: &str) -> Option<String> {
    line.get(name).and_then(serde_json::Value::as_str).map(str::to_owned)
}

fn article(id: &str, texts: &[String], set: &Labelled) -> Article {
    let questions: Vec<String> = texts.iter().take(set.known).skip(1).cloned().collect();
    let piece = Piece { title: texts.first().cloned().unwrap_or_default(), body: String::new(), questions };
    Article {
        id: id.to_owned(),
        version: 1,
        owner: String::new(),
        topic: None,
        from: None,
        until: None,
        approved: None,
        zh: set.chinese.then(|| piece.clone()),
        en: (!set.chinese).then_some(piece),
    }
}

fn asked<'a>(id: Option<&'a str>, texts: &'a [String], set: &Labelled) -> Vec<Probe<'a>> {
    let asked = texts.iter().skip(set.known).take(ASKED);
    asked.map(|question| Probe { question, article: id }).collect()
}

/// Pairs of questions that mean the same: one is known, the other is asked; filled up to 900 known ones.
fn afqmc(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let set =
        Labelled { name: "AFQMC", file: "afqmc_dev_pairs.jsonl", chinese: true, intents: 900, known: 1 };
    let (mut articles, mut pairs) = (Vec::new(), Vec::new());
    let lines = lines(folder, set.file)?;
    let same = |line: &serde_json::Value| line.get("same").and_then(serde_json::Value::as_u64) == Some(1);
    for line in lines.iter().filter(|line| same(line)).chain(lines.iter().filter(|line| !same(line))) {
        let (Some(known), Some(asked)) = (field(line, "a"), field(line, "b")) else { continue };
        if articles.len() >= set.intents {
            break;
        }
        let id = articles.len().to_string();
        articles.push(article(&id, std::slice::from_ref(&known), &set));
        if same(line) {
            pairs.push((asked, id));
        }
    }
    let probes: Vec<Probe<'_>> =
        pairs.iter().map(|(question, id)| Probe { question, article: Some(id) }).collect();
    row("AFQMC, 900 × 1", &measure(&Index::new(&articles), &Asking::default(), &probes));
    Ok(())
}

fn abstaining(folder: &Path, set: &Labelled) -> Result<(), Box<dyn std::error::Error>> {
    let intents = intents(folder, set)?;
    let known = |place: usize| !place.is_multiple_of(4);
    let articles: Vec<Article> = intents
        .iter()
        .enumerate()
        .filter(|(place, _)| known(*place))
        .map(|(_, (id, texts))| article(id, texts, set))
        .collect();
    let probes: Vec<Probe<'_>> = intents
        .iter()
        .enumerate()
        .flat_map(|(place, (id, texts))| asked(known(place).then_some(id.as_str()), texts, set))
        .collect();
    let index = Index::new(&articles);
    let (fitting, measured): (Vec<Probe<'_>>, Vec<Probe<'_>>) =
        probes.iter().partition(|probe| fnv(probe.question).is_multiple_of(2));
    let outcomes: Vec<Outcome> = fitting
        .iter()
        .filter_map(|probe| {
            let reply = index.ask(probe.question, &Asking::default());
            let best = reply.candidates.first()?;
            Some(Outcome { features: best.features, right: Some(best.article.as_str()) == probe.article })
        })
        .collect();
    let confidence = Confidence::fit(&outcomes);
    let targets = Targets { answer: 0.90, margin: 0.0, ..Targets::default() };
    let thresholds = Thresholds::choose(&outcomes, &confidence, &targets);
    let asking = Asking { confidence: &confidence, thresholds, ..Asking::default() };
    let name = format!("{}, {} × {}", set.name, articles.len(), set.known);
    row(&name, &measure(&index, &asking, &measured));
    Ok(())
}

fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
