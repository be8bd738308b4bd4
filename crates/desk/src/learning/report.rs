//! How well texts are understood: figures of the model in use, and what each person corrected. Seconds of reckoning, so it is
//! done beside the requests and kept until another model is in use.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use yinuo_core::{
    access::Operation, id::MemberId, organisation::Understanding, roster::Actor, ticket::Dimension,
};
use yinuo_language::{
    RuleError,
    evaluate::Measured,
    train::{PersonReport, held_back, people},
};

use super::{
    LearningProgress,
    examples::{judging, with_shipped},
    reckoned,
};
use crate::{desk::Desk, error::DeskError, understanding::ModelState};

/// Figures older than this are reckoned anew when somebody looks at them.
const FRESH: SignedDuration = SignedDuration::from_mins(1);

/// How a model does in one dimension, on texts that it did not learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionFigures {
    /// Which.
    pub dimension: Dimension,
    /// How many texts.
    pub texts: u32,
    /// Share told rightly.
    pub accuracy: f64,
    /// Mean F1 of the values.
    pub macro_f1: f64,
    /// How far stated probabilities and shares of right answers lie apart.
    pub calibration_error: f64,
    /// The values, in the order of rows and columns.
    pub labels: Vec<String>,
    /// Texts by true value (row) and told value (column).
    pub confusion: Vec<Vec<u32>>,
    /// By tenth of the stated probability: texts, right ones, mean of what was stated.
    pub reliability: Vec<(u32, u32, f64)>,
}

/// What one person corrected, beside what is usual.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonFigures {
    /// Who.
    pub member: MemberId,
    /// Tickets that the person confirmed or corrected and that may be learned from.
    pub texts: u32,
    /// What was said about them.
    pub labels: u32,
    /// Of these, what a model contradicts that has not learned from the person.
    pub contradicted: u32,
    /// The usual share of contradicted ones.
    pub usual: f64,
    /// Contradicted far more than is usual: somebody should look.
    pub conspicuous: bool,
    /// Whether the person's corrections are left out.
    pub left_out: bool,
}

/// What was reckoned about the model in use.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoning {
    /// When the corrections were read.
    pub at: Timestamp,
    /// Tickets that people confirmed or corrected, with texts that may be learned from.
    pub corrections: u32,
    /// The model on texts that are held back.
    pub figures: Vec<DimensionFigures>,
    /// Corrections by person, the most contradicted first.
    pub people: Vec<PersonFigures>,
    /// Of which model, and without whom.
    of: (ModelState, BTreeSet<MemberId>),
}

/// How texts are understood at present.
#[derive(Debug, Clone, PartialEq)]
pub struct UnderstandingReport {
    /// The model in use.
    pub model: ModelState,
    /// What is wrong with the rules, if they cannot be read.
    pub rules_wrong: Vec<RuleError>,
    /// Rules, versions, and whose corrections are left out.
    pub understanding: Understanding,
    /// What is being learned at the moment, and what came of it last.
    pub learning: LearningProgress,
    /// What was reckoned about the model in use; none while nothing has been yet: look again.
    pub reckoning: Option<Arc<Reckoning>>,
}

impl Desk {
    /// How texts are understood at present. Nothing is reckoned for it: if there are no figures yet, or old ones, new ones are
    /// on their way.
    pub fn understanding(&self, actor: Actor) -> Result<UnderstandingReport, DeskError> {
        Self::allow(actor, Operation::ReadUnderstanding)?;
        let house = self.house();
        let understanding = house.organisation.understanding.clone();
        let of = (house.reader.model.clone(), understanding.left_out.clone());
        let known =
            self.0.learning.reckoning.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let reckoning = known.filter(|reckoning| reckoning.of == of);
        let fresh = reckoning.as_ref().is_some_and(|known| self.now().duration_since(known.at) < FRESH);
        if !fresh {
            self.0.learning.wanted.notify_one();
        }
        Ok(UnderstandingReport {
            model: house.reader.model.clone(),
            rules_wrong: house.reader.rules_wrong.clone(),
            understanding,
            learning: self.learning_progress(),
            reckoning,
        })
    }

    /// Reckons the figures of the model in use and the corrections by person, and keeps them for whoever looks.
    pub async fn reckon(&self) -> Result<Arc<Reckoning>, DeskError> {
        let house = self.house();
        let understanding = &house.organisation.understanding;
        let of = (house.reader.model.clone(), understanding.left_out.clone());
        let settings = self.settings(understanding);
        let at = self.now();
        let examples = self.corrections().await?;
        let corrections = u32::try_from(examples.len()).unwrap_or(u32::MAX);
        let model = house.reader.classifier.model().cloned();
        let (figures, people) = reckoned(move || {
            let texts = with_shipped(examples);
            let figures = model.map(|model| held_back(&model, &judging(&texts))).unwrap_or_default();
            (figures, people(&texts, &settings))
        })
        .await?;
        let figures = figures.iter().map(|(one, measured)| dimension_figures(*one, measured)).collect();
        let people = people.iter().filter_map(person_figures).collect();
        let reckoning = Arc::new(Reckoning { at, corrections, figures, people, of });
        let kept = Arc::clone(&reckoning);
        *self.0.learning.reckoning.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(kept);
        Ok(reckoning)
    }
}

fn person_figures(report: &PersonReport) -> Option<PersonFigures> {
    Some(PersonFigures {
        member: report.person.parse().ok()?,
        texts: report.texts,
        labels: report.labels,
        contradicted: report.contradicted,
        usual: report.usual,
        conspicuous: report.conspicuous,
        left_out: report.left_out,
    })
}

fn dimension_figures(dimension: yinuo_language::Dimension, measured: &Measured) -> DimensionFigures {
    let bins = measured.reliability.iter().map(|bin| {
        let mean = if bin.texts == 0 { 0.0 } else { bin.stated / f64::from(bin.texts) };
        (bin.texts, bin.right, mean)
    });
    DimensionFigures {
        dimension,
        texts: measured.texts(),
        accuracy: measured.accuracy(),
        macro_f1: measured.macro_f1(),
        calibration_error: measured.calibration_error(),
        labels: measured.labels.clone(),
        confusion: measured.confusion.clone(),
        reliability: bins.collect(),
    }
}
