//! What the organisation knows about understanding texts: its rules, the models learned from its corrections, and whose
//! corrections are left out.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{OrganisationEntry, OrganisationEvent};
use crate::{id::MemberId, roster::Actor, ticket::Dimension};

/// What became of a model that was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LearningVerdict {
    /// It took the place of the one before.
    Adopted,
    /// It was worse in some dimension; the one before stayed.
    Worse,
    /// Too few texts were held back to tell; the one before stayed.
    TooFew,
}

impl LearningVerdict {
    /// Every verdict.
    pub const ALL: &'static [LearningVerdict] =
        &[LearningVerdict::Adopted, LearningVerdict::Worse, LearningVerdict::TooFew];

    /// The word in APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            LearningVerdict::Adopted => "adopted",
            LearningVerdict::Worse => "worse",
            LearningVerdict::TooFew => "too-few",
        }
    }

    /// The verdict that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verdict| verdict.word() == word)
    }
}

/// A new model beside the one before, in one dimension, on texts that neither learned from. Shares in ten-thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFigures {
    /// Which.
    pub dimension: Dimension,
    /// How many texts.
    pub texts: u32,
    /// Told rightly by the one before.
    pub accuracy_before: u32,
    /// Told rightly by the new one.
    pub accuracy: u32,
    /// Macro-F1 of the one before.
    pub macro_f1_before: u32,
    /// Macro-F1 of the new one.
    pub macro_f1: u32,
    /// Change of macro-F1 that chance alone explains.
    pub noise: u32,
    /// Whether it fell further than chance explains.
    pub worse: bool,
}

/// A model that was learned from the corrections of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedModel {
    /// Version, from 1.
    pub version: u32,
    /// SHA-256 of the model as a file, in hexadecimal: what is kept is checked against it.
    pub digest: String,
    /// Shipped texts that it learned from.
    pub base_texts: u32,
    /// Corrections that it learned from.
    pub corrections: u32,
    /// Says which texts with which labels it learned from, in hexadecimal.
    pub fingerprint: String,
    /// People whose corrections were left out.
    pub left_out: Vec<MemberId>,
    /// What became of it.
    pub verdict: LearningVerdict,
    /// How it did beside the one before.
    pub figures: Vec<ModelFigures>,
}

/// Rules as they were written.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenRules {
    /// The text.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
}

/// What the organisation knows after some of its entries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Understanding {
    /// Its rules; none if nobody wrote any.
    pub rules: Option<WrittenRules>,
    /// Models, in order, with the instant and who had them learned.
    pub models: Vec<(LearnedModel, Timestamp, Actor)>,
    /// Version of the model in use; 0 is the shipped one.
    pub in_use: u32,
    /// Whose corrections are left out of learning.
    pub left_out: BTreeSet<MemberId>,
}

impl Understanding {
    /// The next version of a model.
    pub fn next_version(&self) -> u32 {
        self.models.iter().map(|(model, ..)| model.version).max().unwrap_or(0).saturating_add(1)
    }

    /// The model in use; none if that is the shipped one.
    pub fn model_in_use(&self) -> Option<&LearnedModel> {
        self.models.iter().map(|(model, ..)| model).find(|model| model.version == self.in_use)
    }

    /// Takes in one event of `entry`.
    pub(super) fn apply(&mut self, entry: &OrganisationEntry, event: &OrganisationEvent) {
        match event {
            OrganisationEvent::RulesWritten { text } => {
                let written = WrittenRules { text: text.clone(), at: entry.at, by: entry.actor };
                self.rules = (!text.trim().is_empty()).then_some(written);
            }
            OrganisationEvent::ModelLearned { model } => self.learned(model, entry.at, entry.actor),
            OrganisationEvent::ModelChosen { version } => self.in_use = *version,
            OrganisationEvent::CorrectionsWeighed { member, counted } => self.weigh(*member, *counted),
            _ => {}
        }
    }

    /// Takes in a model that was learned. Adopted, it is in use from now on.
    fn learned(&mut self, model: &LearnedModel, at: Timestamp, by: Actor) {
        if model.verdict == LearningVerdict::Adopted {
            self.in_use = model.version;
        }
        self.models.push((model.clone(), at, by));
    }

    /// Whether the corrections of `member` count.
    fn weigh(&mut self, member: MemberId, counted: bool) {
        if counted {
            self.left_out.remove(&member);
        } else {
            self.left_out.insert(member);
        }
    }
}
