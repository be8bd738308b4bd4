//! Answers by meaning: a model that is connected, slow, or cannot be used. The model of these tests knows what it is told.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};

use yinuo_core::ticket::Event;
use yinuo_desk::{Desk, Embedder, MeaningStanding};
use yinuo_language::answers::elsewhere;
use yinuo_ledger::Vectors;

use super::knowledge::{KNOWN, asks, id, text, with_articles};
use crate::harness::*;

/// The password of the wireless network, in words that no article has.
const OTHER_WORDS: &str = "口令遗落何处";

/// Numbers of a vector: a direction of each article, what all have in common, and the rest.
const SIZE: usize = KNOWN.len() + 1 + 32;

/// Says where it was told that texts lie; everything else lies anywhere.
struct Told {
    model: String,
    asked: AtomicUsize,
    /// What it waits for before it says where a text of nobody's lies.
    until: Mutex<Option<mpsc::Receiver<()>>>,
}

impl Told {
    fn new(model: &str) -> Arc<Self> {
        Arc::new(Self { model: model.to_owned(), asked: AtomicUsize::new(0), until: Mutex::new(None) })
    }

    fn article(asked: &str) -> Option<usize> {
        if asked.contains(OTHER_WORDS) {
            return Some(0);
        }
        KNOWN.iter().position(|name| {
            let text = text(name);
            let pieces = text.zh.iter().chain(&text.en);
            pieces
                .into_iter()
                .any(|piece| piece.title == asked || piece.questions.iter().any(|own| own == asked))
        })
    }
}

impl Embedder for Told {
    fn fingerprint(&self) -> &str {
        &self.model
    }

    fn embed(&self, asked: &str) -> Vec<f32> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(until) = until {
            until.recv().unwrap();
        }
        let article = Self::article(asked);
        let mut vector = [0.0; SIZE];
        for (place, number) in vector.iter_mut().enumerate() {
            let mut hasher = DefaultHasher::new();
            (asked, place).hash(&mut hasher);
            let chance = f32::from(u16::try_from(hasher.finish() % 2_001).unwrap()) / 1_000.0 - 1.0;
            let size = if article.is_some() { 0.05 } else { 0.25 };
            *number = size * chance;
        }
        vector[KNOWN.len()] += 0.8;
        if let Some(article) = article {
            vector[article] += 0.6;
        }
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        vector.iter().map(|number| number / length).collect()
    }
}

async fn learned(desk: &Desk) {
    while desk.study_meaning().await.unwrap() {}
}

async fn connected(model: &str) -> (Company, Arc<Told>) {
    let company = with_articles().await;
    let told = Told::new(model);
    company.desk.connect_embedder(Some(Arc::clone(&told) as Arc<dyn Embedder>));
    (company, told)
}

fn meaning(company: &Company, desk: &Desk) -> MeaningStanding {
    desk.knowledge_standing(company.actor("amy")).unwrap().meaning
}

async fn found(company: &Company, desk: &Desk, question: &str) -> Option<String> {
    let found = desk.ask_articles(question, company.actor("amy")).await.unwrap().found;
    found.first().map(|found| found.article.to_string())
}

#[tokio::test]
async fn other_words_are_found_by_meaning_once_every_question_has_its_vector() {
    let (company, told) = connected("one").await;
    let desk = &company.desk;
    assert!(matches!(meaning(&company, desk), MeaningStanding::Learning { known: 0, .. }));
    assert!(desk.study_meaning().await.unwrap(), "a few at a time");
    // As long as some are missing, words decide, and no customer's words are turned into a vector.
    let MeaningStanding::Learning { known, all } = meaning(&company, desk) else { panic!("learned already") };
    assert!(known > 0 && known < all);
    let before = told.asked.load(Ordering::Relaxed);
    assert_eq!(found(&company, desk, OTHER_WORDS).await, None);
    assert_eq!(told.asked.load(Ordering::Relaxed), before);
    learned(desk).await;
    assert_eq!(meaning(&company, desk), MeaningStanding::Ready);
    assert_eq!(found(&company, desk, OTHER_WORDS).await.as_deref(), Some("wifi-password"));
    let receipt = company.submit(asks(OTHER_WORDS)).await;
    let given = receipt.sheet.entries.last().unwrap().events.last().unwrap();
    assert!(
        matches!(given, Event::AnswerGiven { article, method: 2, .. } if *article == id("wifi-password"))
    );
    // What no article is about is answered by nobody.
    let receipt = company.submit(asks("门口能停车吗")).await;
    assert!(receipt.sheet.ticket.articles.is_empty());
    company.finish().await;
}

#[tokio::test]
async fn vectors_are_kept_for_the_next_start_and_none_of_a_customer() {
    let (company, told) = connected("one").await;
    learned(&company.desk).await;
    company.submit(asks(OTHER_WORDS)).await;
    let kept = company.ledger.vectors(&company.org, "one").await.unwrap();
    let questions: usize = KNOWN
        .iter()
        .flat_map(|name| [text(name).zh, text(name).en])
        .flatten()
        .map(|piece| piece.questions.len() + 1)
        .sum();
    assert_eq!(
        kept.len(),
        questions + elsewhere().len(),
        "those of the articles and of the examination alone"
    );
    assert!(told.asked.load(Ordering::Relaxed) > kept.len());
    // Another node, or this one after a restart.
    let (there, again) = (company.another_desk().await, Told::new("one"));
    there.connect_embedder(Some(Arc::clone(&again) as Arc<dyn Embedder>));
    there.study().await.unwrap();
    learned(&there).await;
    assert_eq!(again.asked.load(Ordering::Relaxed), 0);
    assert_eq!(found(&company, &there, OTHER_WORDS).await.as_deref(), Some("wifi-password"));
    // An article that does not answer any more takes its vectors with it; another model those of this one.
    company.desk.withdraw_article(&id("wifi-password"), company.actor("manager")).await.unwrap();
    company.desk.study().await.unwrap();
    learned(&company.desk).await;
    assert!(company.ledger.vectors(&company.org, "one").await.unwrap().len() < kept.len());
    assert_eq!(found(&company, &company.desk, OTHER_WORDS).await, None);
    let (there, other) = (company.another_desk().await, Told::new("other"));
    there.connect_embedder(Some(Arc::clone(&other) as Arc<dyn Embedder>));
    there.study().await.unwrap();
    learned(&there).await;
    assert!(other.asked.load(Ordering::Relaxed) > 0);
    assert!(company.ledger.vectors(&company.org, "one").await.unwrap().is_empty());
    company.finish().await;
}

#[tokio::test]
async fn a_model_that_takes_too_long_is_not_waited_for() {
    let (company, told) = connected("one").await;
    learned(&company.desk).await;
    let known = text("wifi-password").zh.unwrap().questions.remove(0);
    let (go_on, until) = mpsc::channel();
    *told.until.lock().unwrap() = Some(until);
    let desk = company.desk.clone();
    let actor = company.actor("amy");
    let question = known.clone();
    let asking = tokio::spawn(async move { desk.ask_articles(&question, actor).await.unwrap() });
    // The model holds the question; the clock goes on.
    while told.until.lock().unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    company.clock.step(jiff::SignedDuration::from_millis(301));
    assert_eq!(asking.await.unwrap().found[0].article, id("wifi-password"), "by words");
    go_on.send(()).unwrap();
    company.finish().await;
}

#[tokio::test]
async fn a_model_that_cannot_be_used_leaves_everything_to_words() {
    let company = with_articles().await;
    assert_eq!(meaning(&company, &company.desk), MeaningStanding::Off);
    company.desk.connect_embedder(None);
    assert_eq!(meaning(&company, &company.desk), MeaningStanding::Broken);
    assert!(!company.desk.study_meaning().await.unwrap());
    let known = text("wifi-password").zh.unwrap().questions.remove(0);
    assert_eq!(found(&company, &company.desk, &known).await.as_deref(), Some("wifi-password"));
    let receipt = company.submit(asks(&known)).await;
    assert_eq!(receipt.sheet.ticket.articles.len(), 1);
    company.finish().await;
}
