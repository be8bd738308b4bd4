//! Learning as it goes on: one model at a time in this process, since when, and what came of the last one.

use std::sync::PoisonError;

use jiff::Timestamp;
use yinuo_commitment::{Language, Text};
use yinuo_core::{access::Operation, organisation::LearnedModel, roster::Actor};

use super::Learning;
use crate::{desk::Desk, error::DeskError};

/// What came of learning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LearningOutcome {
    /// There is a model; its verdict says what became of it.
    Learned(Box<LearnedModel>),
    /// There is none, and why.
    Failed(Text),
}

/// What this process learns and has learned last. Models are on record, so that every process knows them; that one is being
/// learned is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearningProgress {
    /// Since when a model is being learned, and for whom.
    pub running: Option<(Timestamp, Actor)>,
    /// When the last one was done, for whom, and what came of it; none since this process started.
    pub last: Option<(Timestamp, Actor, LearningOutcome)>,
}

/// Learning that goes on; no longer once this is dropped, even if it broke down.
pub(super) struct Running(Desk);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.learning.progress().running = None;
    }
}

impl Learning {
    fn progress(&self) -> std::sync::MutexGuard<'_, LearningProgress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// What is being learned, and what came of it last.
    pub(super) fn learning_progress(&self) -> LearningProgress {
        self.0.learning.progress().clone()
    }

    /// Says that learning goes on; refused while it does already.
    pub(super) fn start_learning(&self, actor: Actor) -> Result<Running, DeskError> {
        let mut progress = self.0.learning.progress();
        if let Some((since, _)) = progress.running {
            return Err(DeskError::Learning { since });
        }
        progress.running = Some((self.now(), actor));
        Ok(Running(self.clone()))
    }

    /// Notes what came of learning.
    pub(super) fn learning_done(&self, actor: Actor, done: &Result<LearnedModel, DeskError>) {
        let outcome = match done {
            Ok(model) => LearningOutcome::Learned(Box::new(model.clone())),
            Err(error) => {
                LearningOutcome::Failed(Text::new(error.text(Language::Zh), error.text(Language::En)))
            }
        };
        self.0.learning.progress().last = Some((self.now(), actor, outcome));
    }

    /// Begins to learn, as [`Desk::learn`] does, and does not wait for it: what goes on and what comes of it is part of how
    /// texts are understood. Refused while a model is being learned already.
    pub fn begin_learning(&self, actor: Actor) -> Result<LearningProgress, DeskError> {
        Self::allow(actor, Operation::ManageUnderstanding)?;
        let running = self.start_learning(actor)?;
        let desk = self.clone();
        tokio::spawn(async move {
            let learned = desk.learned(actor, running).await;
            if let Err(error) = learned {
                tracing::info!(error = &error as &dyn std::error::Error, "no model was learned");
            }
        });
        Ok(self.learning_progress())
    }
}
