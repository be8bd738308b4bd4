//! Learning from what people confirmed and corrected: examples are read from the tickets when a model is learned, so whoever
//! was erased is not among them; a new model is compared with the one in use and takes over only if it is not worse.

mod examples;
mod progress;
mod report;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, OnceLock, atomic::Ordering},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use yinuo_commitment::Language;
use yinuo_core::{
    access::Operation,
    id::MemberId,
    organisation::{LearnedModel, LearningVerdict, ModelFigures, OrganisationEvent, Understanding},
    roster::Actor,
};
use yinuo_language::{
    Rules,
    evaluate::{Verdict, compare},
    train::{Settings, TrainError, train},
};

use self::examples::{judging, with_shipped};
use self::progress::Running;
pub use self::{
    progress::{LearningOutcome, LearningProgress},
    report::{DimensionFigures, PersonFigures, Reckoning, UnderstandingReport},
};
use crate::{
    desk::Desk,
    error::DeskError,
    understanding::{ModelState, digest_of, keep_model, kept_model},
};

/// So many tickets looked at since the last model are worth a new one.
const WORTH_LEARNING: usize = 20;

/// How often is looked whether there is enough to learn from.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(10);

/// Longest rules, in bytes.
const RULES_MAX_BYTES: usize = 256 * 1024;

/// What this process knows of learning.
#[derive(Debug, Default)]
pub(crate) struct Learning {
    /// After how many tickets looked at, and without whom, the product itself tried last.
    tried: tokio::sync::Mutex<Option<(usize, BTreeSet<MemberId>)>>,
    /// What goes on, and what came of it last.
    progress: Mutex<LearningProgress>,
    /// How models are learned, unless by default.
    how: OnceLock<Settings>,
    /// What was reckoned last.
    reckoning: Mutex<Option<Arc<Reckoning>>>,
    /// Somebody looks at figures that are old or not there.
    wanted: Notify,
}

impl Desk {
    /// Learns a model from the shipped texts and everything that people confirmed and corrected, and compares it with the
    /// one in use. What came of it goes on record either way.
    pub async fn learn(&self, actor: Actor) -> Result<LearnedModel, DeskError> {
        Self::allow(actor, Operation::ManageUnderstanding)?;
        let running = self.start_learning(actor)?;
        self.learned(actor, running).await
    }

    /// Learns, and notes what came of it.
    async fn learned(&self, actor: Actor, _running: Running) -> Result<LearnedModel, DeskError> {
        let learned = self.learn_alone(actor).await;
        self.learning_done(actor, &learned);
        learned
    }

    /// Has models learned in another way than by default; the first one stays.
    pub fn learn_by(&self, settings: Settings) {
        let _ = self.0.learning.how.set(settings);
    }

    async fn learn_alone(&self, actor: Actor) -> Result<LearnedModel, DeskError> {
        let house = self.house();
        let understanding = house.organisation.understanding.clone();
        let examples = self.corrections().await?;
        let settings = self.settings(&understanding);
        let before = house.reader.classifier.model().cloned();
        let reckoned = reckoned(move || {
            let texts = with_shipped(examples);
            let learned = train(&texts, &settings)?;
            let before = before.or_else(|| yinuo_language::Classifier::shipped().model().cloned());
            let compared = before.map(|before| compare(&before, &learned, &judging(&texts)));
            Ok::<_, TrainError>((learned, compared))
        });
        let (learned, compared) = reckoned.await?.map_err(|error| {
            DeskError::invalid(
                "corrections",
                format!("无法学习：{}。", error.text(Language::Zh)),
                format!("Nothing can be learned: {}.", error.text(Language::En)),
            )
        })?;
        let fingerprint = format!("{:016x}", learned.provenance().fingerprint);
        let left_out: Vec<MemberId> = understanding.left_out.iter().copied().collect();
        if learned.provenance().corrections == 0 || known(&understanding, &fingerprint, &left_out) {
            return Err(nothing_new());
        }
        let verdict = match compared.as_ref().map(|compared| compared.verdict) {
            None | Some(Verdict::Replace) => LearningVerdict::Adopted,
            Some(Verdict::Worse) => LearningVerdict::Worse,
            Some(Verdict::TooFew) => LearningVerdict::TooFew,
        };
        let file = learned.to_bytes();
        // Before it is put to use: a version that is in use is always there.
        let digest = if verdict.is_usable() {
            keep_model(&self.0.org, self.0.ledger.as_ref(), &file).await?
        } else {
            digest_of(&file)
        };
        let changes = compared.map(|compared| compared.changes).unwrap_or_default();
        let model = LearnedModel {
            version: 0,
            digest,
            base_texts: learned.provenance().base_texts,
            corrections: learned.provenance().corrections,
            fingerprint,
            left_out,
            verdict,
            figures: changes.iter().map(model_figures).collect(),
        };
        let kept = self.organise(actor, |organisation| {
            // Another node may have learned the same meanwhile.
            if known(&organisation.understanding, &model.fingerprint, &model.left_out) {
                return Err(nothing_new());
            }
            let version = organisation.understanding.next_version();
            // Whoever went back to an older one is not overruled by the product itself.
            let held = actor == Actor::System && organisation.understanding.gone_back().is_some();
            let verdict =
                if held && verdict == LearningVerdict::Adopted { LearningVerdict::Waiting } else { verdict };
            let model = LearnedModel { version, verdict, ..model.clone() };
            Ok((vec![OrganisationEvent::ModelLearned { model: model.clone() }], model))
        });
        kept.await.inspect(|_| self.0.learning.wanted.notify_one())
    }

    /// Learns if enough has been confirmed and corrected since the last model, or somebody's corrections are weighed otherwise.
    /// Gives the new one, whatever came of it.
    pub async fn learn_if_worth_it(&self) -> Result<Option<LearnedModel>, DeskError> {
        let mut tried = self.0.learning.tried.lock().await;
        let looked_at = self.looked_at().await?.len();
        let understanding = self.house().organisation.understanding.clone();
        let last = understanding.models.last().map(|(model, ..)| model);
        let learned = last.map_or(0, |model| usize::try_from(model.corrections).unwrap_or(usize::MAX));
        // A fifth is held back and never counts among what was learned from.
        let enough = looked_at.saturating_sub(looked_at / 5) >= learned.saturating_add(WORTH_LEARNING);
        let left_out = understanding.left_out;
        let weighed = last.is_some_and(|last| !left_out.iter().eq(&last.left_out));
        let more = tried.as_ref().is_none_or(|(then, without)| {
            looked_at >= then.saturating_add(WORTH_LEARNING) || *without != left_out
        });
        if !more || !(enough || weighed) {
            return Ok(None);
        }
        let running = match self.start_learning(Actor::System) {
            Ok(running) => running,
            // Somebody has a model learned at the moment.
            Err(DeskError::Learning { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        *tried = Some((looked_at, left_out));
        match self.learned(Actor::System, running).await {
            Ok(model) => Ok(Some(model)),
            Err(DeskError::Invalid { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Learns when it is worth it, and reckons figures when somebody looks at old ones, until the process stops. Of several
    /// nodes the one that signs the log learns; should two learn at the same time, the organisation takes one of the two.
    pub async fn run_learning(self, mut shutdown: watch::Receiver<bool>) {
        let later = |desk: &Self| desk.now().saturating_add(LOOK_AGAIN).unwrap_or(Timestamp::MAX);
        let mut until = later(&self);
        while !*shutdown.borrow() {
            let done = tokio::select! {
                () = self.0.ports.clock.sleep_until(until) => {
                    until = later(&self);
                    self.learn_if_it_falls_to_us().await.map(|_| ())
                }
                () = self.0.learning.wanted.notified() => self.reckon().await.map(|_| ()),
                _ = shutdown.changed() => return,
            };
            if let Err(error) = done {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "no model could be learned or reckoned about; tried again later"
                );
            }
        }
    }

    /// Learns if it is worth it and this process signs the log.
    pub async fn learn_if_it_falls_to_us(&self) -> Result<Option<LearnedModel>, DeskError> {
        if !self.0.leads.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let learned = self.learn_if_worth_it().await?;
        if let Some(model) = &learned {
            let (version, verdict) = (model.version, model.verdict.word());
            tracing::info!(version, verdict, corrections = model.corrections, "a model was learned");
        }
        Ok(learned)
    }

    /// Puts another version to use; 0 is the shipped one.
    pub async fn choose_model(&self, version: u32, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ManageUnderstanding)?;
        let house = self.house();
        let learned = house.organisation.understanding.models.iter().map(|(model, ..)| model);
        let found = learned.clone().find(|model| model.version == version);
        if version != 0 {
            let found = found.ok_or(DeskError::NotFound { what: "model" })?;
            if let Err(reason) = kept_model(&self.0.org, self.0.ledger.as_ref(), &found.digest).await {
                tracing::warn!(version, reason = reason.en, "a model that was asked for cannot be used");
                return Err(DeskError::invalid(
                    "version",
                    format!(
                        "模型 {version} 没有保存或已损坏，不能启用；请选择曾经启用过的版本或 0（随产品提供）。"
                    ),
                    format!(
                        "Model {version} is not kept or is damaged and cannot be used; choose a version that was in use, or 0, \
                         the shipped one."
                    ),
                ));
            }
        }
        self.organise(actor, |organisation| {
            let damaged = matches!(self.house().reader.model, ModelState::Unusable { .. });
            if organisation.understanding.in_use == version && !damaged {
                return Err(DeskError::invalid(
                    "version",
                    "该版本已在使用。",
                    "This version is in use already.",
                ));
            }
            Ok((vec![OrganisationEvent::ModelChosen { version }], ()))
        })
        .await
    }

    /// Leaves the corrections of a person out of learning, or counts them again. The next model follows.
    pub async fn weigh_corrections(
        &self,
        member: MemberId,
        counted: bool,
        actor: Actor,
    ) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ManageUnderstanding)?;
        self.organise(actor, |organisation| {
            if !organisation.roster.members.contains_key(&member) {
                return Err(DeskError::NotFound { what: "member" });
            }
            if organisation.understanding.left_out.contains(&member) != counted {
                return Err(DeskError::invalid("counted", "没有任何变化。", "Nothing would change."));
            }
            Ok((vec![OrganisationEvent::CorrectionsWeighed { member, counted }], ()))
        })
        .await
    }

    /// Writes the rules of the organisation; an empty text takes them back. Bad lines are refused, all of them at once.
    pub async fn write_rules(&self, text: &str, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ManageUnderstanding)?;
        if text.len() > RULES_MAX_BYTES {
            return Err(DeskError::invalid(
                "text",
                "规则过长，最多 256 KiB。",
                "The rules are too long: at most 256 KiB.",
            ));
        }
        if let Err(errors) = Rules::read(text) {
            let told =
                |language| errors.iter().map(|error| error.text(language)).collect::<Vec<_>>().join("\n");
            return Err(DeskError::invalid("text", told(Language::Zh), told(Language::En)));
        }
        self.organise(actor, |organisation| {
            let before = organisation.understanding.rules.as_ref().map_or("", |rules| rules.text.as_str());
            if before == text.trim_end() || before == text {
                return Err(DeskError::invalid("text", "规则没有变化。", "The rules have not changed."));
            }
            Ok((vec![OrganisationEvent::RulesWritten { text: text.to_owned() }], ()))
        })
        .await
    }
}

/// Whether the last model was learned from the same.
fn known(understanding: &Understanding, fingerprint: &str, left_out: &[MemberId]) -> bool {
    let last = understanding.models.last().map(|(model, ..)| model);
    last.is_some_and(|last| last.fingerprint == fingerprint && last.left_out == left_out)
}

fn nothing_new() -> DeskError {
    DeskError::invalid(
        "corrections",
        "自上次学习以来没有新的人工确认或更正，无可学习。",
        "Nobody has confirmed or corrected anything since the last model: there is nothing to learn.",
    )
}

impl Desk {
    fn settings(&self, understanding: &Understanding) -> Settings {
        let left_out = understanding.left_out.iter().map(ToString::to_string).collect();
        Settings { left_out, ..self.0.learning.how.get().cloned().unwrap_or_default() }
    }
}

/// Seconds of reckoning, away from the threads that serve.
async fn reckoned<T: Send + 'static>(reckon: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(reckon).await.map_err(|error| {
        let reason = format!("what had to be reckoned broke down: {error}");
        DeskError::Unavailable(yinuo_ledger::LedgerError::Unavailable { reason, source: None })
    })
}

fn model_figures(change: &yinuo_language::evaluate::Change) -> ModelFigures {
    ModelFigures {
        dimension: change.dimension,
        texts: change.new.texts(),
        accuracy_before: parts(change.old.accuracy()),
        accuracy: parts(change.new.accuracy()),
        macro_f1_before: parts(change.old.macro_f1()),
        macro_f1: parts(change.new.macro_f1()),
        noise: parts(change.noise),
        worse: change.worse,
    }
}

/// A share in ten-thousandths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 and 1")]
fn parts(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 10_000.0).round() as u32
}
