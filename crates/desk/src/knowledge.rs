//! The knowledge base in memory: the approved articles as an index, with what it takes to be sure of an answer.
//!
//! Everything here is made from the organisation's stream and thrown away again; every node makes its own. An article that
//! was withdrawn a moment ago is never answered with, whatever the index still holds: see [`Desk::in_force`].

mod answer;
mod articles;
mod recent;
mod texts;

use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, civil::Date};
use tokio::sync::watch;
use yinuo_core::{
    access::Operation,
    id::ArticleId,
    knowledge::{self, ArticleVersion},
    roster::Actor,
};
use yinuo_language::answers::{
    Approval, Article, Asking, Calibration, Confidence, Index, Piece, Recipe, Targets, Thresholds, Vectors,
    calibrate_with, elsewhere,
};
use yinuo_ledger::LedgerError;

pub use self::{
    answer::{Suggested, Suggestions},
    articles::{ArticleDraft, ArticleView, Proposal},
    recent::{Tally, UnansweredGroup},
};
pub(crate) use self::{recent::Recent, texts::nobodys};
use crate::{desk::Desk, error::DeskError, meaning::MeaningStanding};

/// The knowledge base of one moment.
pub(crate) struct Knowledge {
    /// What it was made from: articles in force with their versions, in order.
    key: Vec<(ArticleId, u32)>,
    index: Index,
    /// How sure is sure where words decide alone.
    by_words: Sureness,
    /// The same where a question has a vector; none as long as the articles have none.
    by_meaning: Option<Sureness>,
    /// Whether the thresholds come from an examination of these very articles.
    examined: bool,
}

/// How probabilities are reckoned, and from which on what happens.
#[derive(Clone, Copy)]
struct Sureness {
    confidence: Confidence,
    thresholds: Thresholds,
}

impl Sureness {
    /// What an examination taught, or `shipped` for a knowledge base that is too small to be sure of itself: it still suggests
    /// as the shipped one does.
    fn of(calibration: &Calibration, shipped: Self) -> Self {
        let right = calibration.outcomes.iter().filter(|outcome| outcome.right).count();
        let least = shipped.thresholds.suggest;
        if right < OUTCOMES_MIN {
            return Self { thresholds: Thresholds { answer: NEVER, suggest: least }, ..shipped };
        }
        let Thresholds { answer, suggest } = calibration.thresholds;
        let thresholds = Thresholds { answer, suggest: suggest.min(least) };
        Self { confidence: calibration.confidence, thresholds }
    }

    fn shipped() -> Self {
        Self { confidence: *Confidence::shipped(), thresholds: Thresholds::shipped() }
    }

    fn shipped_with_vectors() -> Self {
        let confidence = *Confidence::shipped_with_vectors();
        Self { confidence, thresholds: Thresholds::shipped_with_vectors() }
    }
}

impl Knowledge {
    /// A knowledge base that knows nothing.
    pub(crate) fn nothing() -> Self {
        Self {
            key: Vec::new(),
            index: Index::new([]),
            by_words: Sureness {
                thresholds: Thresholds { answer: NEVER, suggest: NEVER },
                ..Sureness::shipped()
            },
            by_meaning: None,
            examined: true,
        }
    }

    /// Whether it answers nothing automatically, whatever is asked.
    fn never_answers(&self) -> bool {
        let sureness = self.by_meaning.iter().chain([&self.by_words]);
        sureness.into_iter().all(|sureness| sureness.thresholds.answer > 1.0)
    }

    /// How it is asked by words, or with vectors if it has them.
    fn asking<'a>(&'a self, recent: &'a recent::Recent, most: usize, with_vectors: bool) -> Asking<'a> {
        let by_meaning = self.by_meaning.as_ref().filter(|_| with_vectors);
        let Sureness { confidence, thresholds } = by_meaning.unwrap_or(&self.by_words);
        Asking { confidence, thresholds: *thresholds, priors: Some(&recent.priors), vector: None, most }
    }
}

/// A threshold that no probability reaches.
const NEVER: f32 = 1.1;

/// Questions that an examination answers rightly at least, before its own model is believed.
const OUTCOMES_MIN: usize = 100;

/// The longest that the knowledge base is not looked after: days begin, and other nodes' customers vote.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

/// What the knowledge base can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnowledgeStanding {
    /// Articles in force.
    pub articles: usize,
    /// Whether it has been examined since they changed; until then nothing is answered automatically.
    pub examined: bool,
    /// From which probability on it answers by itself; none if it is never sure enough.
    pub answers_from: Option<f32>,
    /// From which probability on it suggests.
    pub suggests_from: Option<f32>,
    /// Whether it goes by meaning too.
    pub meaning: MeaningStanding,
}

impl Desk {
    /// The day on which it is asked which articles hold.
    pub(crate) fn today(&self) -> Date {
        self.now().to_zoned(self.0.settings.zone.clone()).date()
    }

    /// The version of an article with which customers may be answered now, by what the organisation says now.
    pub(crate) fn in_force(&self, article: &ArticleId) -> Option<ArticleVersion> {
        let house = self.house();
        house.organisation.articles.get(article)?.in_force(self.today()).cloned()
    }

    pub(crate) fn knowledge(&self) -> Arc<Knowledge> {
        Arc::clone(&self.0.knowledge.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn know(&self, knowledge: Knowledge) {
        *self.0.knowledge.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(knowledge);
    }

    /// What the knowledge base can do at the moment.
    pub fn knowledge_standing(&self, actor: Actor) -> Result<KnowledgeStanding, DeskError> {
        Self::allow(actor, Operation::ReadArticles)?;
        let knowledge = self.knowledge();
        let thresholds = knowledge.by_meaning.as_ref().unwrap_or(&knowledge.by_words).thresholds;
        let reachable = |threshold: f32| (threshold <= 1.0).then_some(threshold);
        Ok(KnowledgeStanding {
            articles: knowledge.index.len(),
            examined: knowledge.examined,
            answers_from: reachable(thresholds.answer),
            suggests_from: reachable(thresholds.suggest),
            meaning: self.0.meaning.standing(knowledge.by_meaning.is_some()),
        })
    }

    /// Makes the index anew if the articles in force have changed, and has it examine itself. Suggestions come from the new
    /// index at once, automatic answers once it is examined.
    pub async fn study(&self) -> Result<(), DeskError> {
        let _one_at_a_time = self.0.studying.lock().await;
        let articles = self.articles_in_force();
        let key: Vec<(ArticleId, u32)> =
            articles.iter().map(|(id, version)| (id.clone(), version.version)).collect();
        let known = self.knowledge();
        if known.key == key && known.examined {
            return Ok(());
        }
        if key.is_empty() {
            self.know(Knowledge::nothing());
            return Ok(());
        }
        let articles: Vec<Article> = articles.iter().map(|(id, version)| as_language(id, version)).collect();
        let (articles, index) = computed(move || {
            let index = Index::new(&articles);
            (articles, index)
        })
        .await?;
        self.know(Knowledge {
            key: key.clone(),
            index,
            by_words: Sureness {
                thresholds: Thresholds { answer: NEVER, suggest: Thresholds::shipped().suggest },
                ..Sureness::shipped()
            },
            by_meaning: None,
            examined: false,
        });
        let (calibration, index) =
            computed(move || (examined(&articles, None), Index::new(&articles))).await?;
        let by_words = Sureness::of(&calibration, Sureness::shipped());
        self.know(Knowledge { key, index, by_words, by_meaning: None, examined: true });
        Ok(())
    }

    /// Goes on with the vectors of the articles' questions, and once all are there has the knowledge base examine itself with
    /// them. Says whether there is more to do. Nothing changes until it is done, nor without a model that makes vectors.
    pub async fn study_meaning(&self) -> Result<bool, DeskError> {
        if !self.has_embedder() {
            return Ok(false);
        }
        let _one_at_a_time = self.0.studying.lock().await;
        let known = self.knowledge();
        if !known.examined || known.by_meaning.is_some() || known.key.is_empty() {
            return Ok(false);
        }
        let articles = self.articles_in_force();
        let key = articles.iter().map(|(id, version)| (id.clone(), version.version));
        if !key.eq(known.key.iter().cloned()) {
            // Words first.
            return Ok(true);
        }
        let articles: Vec<Article> = articles.iter().map(|(id, version)| as_language(id, version)).collect();
        let Some(vectors) = self.learn_meaning(&articles).await? else { return Ok(true) };
        let (calibration, index) = computed(move || {
            let index = Index::with_vectors(&articles, Recipe::default(), Some(&vectors));
            (examined(&articles, Some(&vectors)), index)
        })
        .await?;
        let by_meaning = Some(Sureness::of(&calibration, Sureness::shipped_with_vectors()));
        tracing::info!(articles = index.len(), "the knowledge base is asked by meaning as well as by words");
        let (key, by_words) = (known.key.clone(), known.by_words);
        self.know(Knowledge { key, index, by_words, by_meaning, examined: true });
        Ok(false)
    }

    /// The articles in force today with the versions that are.
    fn articles_in_force(&self) -> Vec<(ArticleId, ArticleVersion)> {
        let (house, today) = (self.house(), self.today());
        let articles = house.organisation.articles.values();
        articles.filter_map(|article| Some((article.id.clone(), article.in_force(today)?.clone()))).collect()
    }

    /// Looks after the knowledge base until `shutdown` turns true or nobody is left to turn it: after every change of the
    /// organisation, whichever node made it, and once a minute.
    pub async fn run_knowledge(self, mut shutdown: watch::Receiver<bool>) {
        let mut changes = self.feed();
        while !*shutdown.borrow() {
            let mut more = false;
            let studied = async {
                self.study().await?;
                more = self.study_meaning().await?;
                if more {
                    return Ok(());
                }
                // Votes about nothing need no look.
                if self.knowledge().key.is_empty() { Ok(()) } else { self.look_back().await }
            };
            if let Err(error) = studied.await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the knowledge base could not be studied"
                );
            }
            if more {
                continue;
            }
            let until = self.now().saturating_add(LOOK_AGAIN).unwrap_or(jiff::Timestamp::MAX);
            tokio::select! {
                () = self.0.ports.clock.sleep_until(until) => {}
                () = organisation_changed(&mut changes) => {}
                changed = shutdown.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// Returns once the feed tells of the organisation itself, or when too much was missed to know.
async fn organisation_changed(changes: &mut tokio::sync::broadcast::Receiver<crate::Change>) {
    loop {
        match changes.recv().await {
            Ok(change) if change.ticket.is_none() && change.position > 0 => return,
            Ok(_) => {}
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
            Err(tokio::sync::broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// A knowledge base examined by itself, with the vectors of its questions or by words alone.
fn examined(articles: &[Article], vectors: Option<&Vectors>) -> Calibration {
    let all: Vec<&Article> = articles.iter().collect();
    let targets = if vectors.is_some() { Targets::with_vectors() } else { Targets::default() };
    calibrate_with(&all, &elsewhere(), Recipe::default(), &targets, vectors)
}

/// What takes long and waits for nothing, beside the threads that answer requests.
pub(crate) async fn computed<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DeskError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(DeskError::Unavailable(LedgerError::Unavailable {
            reason: "the process is stopping".to_owned(),
            source: None,
        })),
    }
}

/// An article as the index takes it.
fn as_language(id: &ArticleId, version: &ArticleVersion) -> Article {
    let text = &version.text;
    let piece = |piece: &Option<knowledge::Piece>| {
        piece.as_ref().map(|piece| Piece {
            title: piece.title.clone(),
            body: piece.body.clone(),
            questions: piece.questions.clone(),
        })
    };
    Article {
        id: id.to_string(),
        version: version.version,
        owner: text.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
        topic: text.topic.clone(),
        from: text.from,
        until: text.until,
        approved: version
            .approved
            .map(|(at, _)| Approval { by: String::new(), on: at.to_zoned(jiff::tz::TimeZone::UTC).date() }),
        zh: piece(&text.zh),
        en: piece(&text.en),
    }
}
