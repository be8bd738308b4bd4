//! What the organisation knows about understanding texts: its rules, the models learned from its corrections, and whose
//! corrections are left out.

use std::collections::BTreeSet;

use jiff::Timestamp;
use yinuo_commitment::says_nothing;

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
    /// It would have taken over, but a person had gone back to an older one; it waits until somebody puts it to use.
    Waiting,
}

impl LearningVerdict {
    /// Every verdict.
    pub const ALL: &'static [LearningVerdict] = &[
        LearningVerdict::Adopted,
        LearningVerdict::Worse,
        LearningVerdict::TooFew,
        LearningVerdict::Waiting,
    ];

    /// The word in APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            LearningVerdict::Adopted => "adopted",
            LearningVerdict::Worse => "worse",
            LearningVerdict::TooFew => "too-few",
            LearningVerdict::Waiting => "waiting",
        }
    }

    /// The verdict that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verdict| verdict.word() == word)
    }

    /// Whether the model was good enough to be used, so that it is kept and can be put to use.
    pub const fn is_usable(self) -> bool {
        matches!(self, LearningVerdict::Adopted | LearningVerdict::Waiting)
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
    /// Models that people chose, in order: which, when and who.
    pub chosen: Vec<(u32, Timestamp, Actor)>,
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

    /// When a person went back to an older model than the newest that could be used, and who: until somebody chooses that
    /// one, or has a model learned, what the product learns by itself is compared and does not take over.
    pub fn gone_back(&self) -> Option<(Timestamp, Actor)> {
        let (version, at, by) = *self.chosen.last()?;
        let newest = self
            .models
            .iter()
            .filter(|(model, learned_at, _)| model.verdict.is_usable() && *learned_at <= at);
        let newer = newest.map(|(model, ..)| model.version).max().is_some_and(|newest| newest > version);
        let asked_since =
            self.models.iter().any(|(_, learned_at, by)| *learned_at > at && by.member().is_some());
        (newer && !asked_since).then_some((at, by))
    }

    /// Takes in one event of `entry`.
    pub(super) fn apply(&mut self, entry: &OrganisationEntry, event: &OrganisationEvent) {
        match event {
            OrganisationEvent::RulesWritten { text } => {
                let written = WrittenRules { text: text.clone(), at: entry.at, by: entry.actor };
                self.rules = (!says_nothing(text)).then_some(written);
            }
            OrganisationEvent::ModelLearned { model } => self.learned(model, entry.at, entry.actor),
            OrganisationEvent::ModelChosen { version } => {
                self.in_use = *version;
                self.chosen.push((*version, entry.at, entry.actor));
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Role;

    fn person() -> Actor {
        Actor::Member { id: MemberId::from_uuid(uuid::Uuid::from_u128(7)), role: Role::Manager }
    }

    fn model(version: u32, verdict: LearningVerdict) -> LearnedModel {
        LearnedModel {
            version,
            digest: String::new(),
            base_texts: 1,
            corrections: 1,
            fingerprint: version.to_string(),
            left_out: Vec::new(),
            verdict,
            figures: Vec::new(),
        }
    }

    /// What is known after these, a minute apart.
    fn after(events: &[(Actor, OrganisationEvent)]) -> Understanding {
        let mut known = Understanding::default();
        for ((actor, event), minute) in events.iter().zip(1..) {
            let at = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(minute);
            let entry = OrganisationEntry { at, actor: *actor, events: vec![event.clone()] };
            known.apply(&entry, event);
        }
        known
    }

    #[test]
    fn whoever_goes_back_has_the_last_word_until_somebody_chooses_or_learns() {
        let learned = |actor, version, verdict| {
            (actor, OrganisationEvent::ModelLearned { model: model(version, verdict) })
        };
        let chose = |version| (person(), OrganisationEvent::ModelChosen { version });
        let (adopted, waiting, worse) =
            (LearningVerdict::Adopted, LearningVerdict::Waiting, LearningVerdict::Worse);
        let mut events = vec![learned(Actor::System, 1, adopted), learned(Actor::System, 2, worse)];
        assert_eq!(after(&events).gone_back(), None);
        events.push(chose(0));
        let back = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(3);
        assert_eq!(after(&events).gone_back(), Some((back, person())));
        // What the product learns by itself changes nothing.
        events.push(learned(Actor::System, 3, waiting));
        let known = after(&events);
        assert_eq!((known.in_use, known.gone_back()), (0, Some((back, person()))));
        for more in [chose(3), learned(person(), 4, adopted), learned(person(), 4, worse)] {
            let known = after(&[events.clone(), vec![more.clone()]].concat());
            assert_eq!(known.gone_back(), None, "{more:?}");
        }
        // An older one again, though another one.
        let known = after(&[events.clone(), vec![chose(1)]].concat());
        assert_eq!((known.in_use, known.gone_back().is_some()), (1, true));
        // The newest of those that could be used is no step back.
        assert_eq!(
            after(&[learned(Actor::System, 1, adopted), learned(Actor::System, 2, worse), chose(1)])
                .gone_back(),
            None
        );
    }
}
