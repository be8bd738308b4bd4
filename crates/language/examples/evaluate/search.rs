//! How well texts are found: what the tokens find beside what a plain scan of the same texts finds, and how much of what is
//! found by the name of a topic is about it.

use std::collections::BTreeMap;

use yinuo_commitment::Language;
use yinuo_language::{
    corpus::{self, Example},
    search::Query,
    tokens::TokenKey,
    topic_label,
};

/// Queries that are drawn for each language.
const QUERIES: usize = 400;

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default().checked_rem(bound).unwrap_or_default()
    }
}

/// A text as the index has it, and as it was written.
struct Kept {
    pages: Vec<Vec<String>>,
    plain: String,
    topic: Option<String>,
}

/// Found rightly, found wrongly, missed.
#[derive(Default)]
struct Counts {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Counts {
    fn add(&mut self, found: bool, wanted: bool) {
        match (found, wanted) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }
}

fn share(right: u32, other: u32) -> f64 {
    f64::from(right) / f64::from(right + other).max(1.0)
}

pub(crate) fn run() {
    let key = TokenKey::from_bytes(b"a key to measure");
    println!(
        "| texts | asked | found by tokens | right of these | of what a scan finds |\n|---|---|---|---|---|"
    );
    let mut by_topic = Vec::new();
    for language in Language::ALL {
        let texts = corpus::shipped_in(*language).expect("the shipped texts can be read");
        let kept: Vec<Kept> = texts.iter().map(|text| keep(text, &key)).collect();
        let mut counts = Counts::default();
        let queries = queries(&texts, *language);
        for typed in &queries {
            let phrases = phrases(typed, &key);
            let folded = typed.to_lowercase();
            for text in &kept {
                counts.add(has(text, &phrases), text.plain.contains(&folded));
            }
        }
        println!(
            "| {language}, {} texts | {} pieces of them | {} | {:.4} | {:.4} |",
            kept.len(),
            queries.len(),
            counts.right + counts.wrong,
            counts.precision(),
            counts.recall()
        );
        by_topic.push((*language, topics(&kept, *language, &key)));
    }
    println!("\nby the name of a topic (what is labelled with it is wanted):");
    println!("| topic | texts | asked | precision | recall |\n|---|---|---|---|---|");
    for (language, topics) in by_topic {
        let (mut precision, mut recall, mut some) = (0.0, 0.0, 0.0);
        for (topic, counts) in &topics {
            let name = topic_label(topic, language);
            let (right, found) = (counts.precision(), counts.recall());
            println!("| {topic} | {} | {name} | {right:.2} | {found:.2} |", counts.right + counts.missed);
            precision += right;
            recall += found;
            some += 1.0;
        }
        println!(
            "| mean of {} topics, {language} | | | {:.2} | {:.2} |",
            topics.len(),
            precision / some,
            recall / some
        );
    }
}

fn keep(text: &Example, key: &TokenKey) -> Kept {
    let whole = format!("{}\n{}", text.subject, text.body);
    let pages = key.pages(&whole);
    Kept {
        pages: pages.iter().map(|page| page.split(' ').map(str::to_owned).collect()).collect(),
        plain: whole.to_lowercase(),
        topic: text.labels.topic.clone().flatten(),
    }
}

fn phrases(typed: &str, key: &TokenKey) -> Vec<Vec<String>> {
    let query = Query::parse(&format!("\"{typed}\"")).expect("pieces of texts can be read as queries");
    query.phrases(key).wanted
}

fn has(text: &Kept, phrases: &[Vec<String>]) -> bool {
    let stands = |phrase: &Vec<String>| {
        text.pages.iter().any(|page| page.windows(phrase.len().max(1)).any(|here| here == phrase.as_slice()))
    };
    phrases.iter().all(stands)
}

/// Pieces that stand in texts: one to four Chinese characters in a row, or an English word of three letters and more.
fn queries(texts: &[Example], language: Language) -> Vec<String> {
    let mut draw = Draw(5);
    let mut queries = Vec::new();
    while queries.len() < QUERIES {
        let Some(text) = texts.get(draw.below(texts.len())) else { break };
        let chars: Vec<char> = text.body.chars().collect();
        let from = chars.get(draw.below(chars.len())..).unwrap_or_default();
        let piece: String = match language {
            Language::Zh => {
                let most = 1 + draw.below(4);
                from.iter().take_while(|char| ('\u{4e00}'..='\u{9fff}').contains(*char)).take(most).collect()
            }
            Language::En => {
                let word = from.iter().skip_while(|char| char.is_alphanumeric()).skip(1);
                word.take_while(|char| char.is_ascii_alphabetic()).collect()
            }
        };
        if piece.chars().count() >= if language == Language::Zh { 1 } else { 3 } {
            queries.push(piece);
        }
    }
    queries
}

/// What the name of each topic finds.
fn topics(kept: &[Kept], language: Language, key: &TokenKey) -> BTreeMap<String, Counts> {
    let names: Vec<&String> = kept.iter().filter_map(|text| text.topic.as_ref()).collect();
    let mut topics: BTreeMap<String, Counts> =
        names.into_iter().map(|topic| (topic.clone(), Counts::default())).collect();
    for (topic, counts) in &mut topics {
        let phrases = phrases(topic_label(topic, language), key);
        for text in kept {
            counts.add(has(text, &phrases), text.topic.as_ref() == Some(topic));
        }
    }
    topics
}
