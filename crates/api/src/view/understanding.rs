//! How texts are understood, for those who watch over it.

use yinuo_core::{organisation::LearnedModel, roster::Roster};
use yinuo_desk::{
    DimensionFigures, LearningOutcome, LearningProgress, ModelState, PersonFigures, UnderstandingReport,
};

use super::{actor, assessment::share, letter::both, member_name};
use crate::dto::{
    Instant,
    timeline::ActorDetail,
    understanding::{
        CorrectionsDetail, DimensionFiguresDetail, GoneBackDetail, LearningDetail, LearningDone,
        LearningRunning, ModelDetail, ModelFiguresDetail, ModelStateWord, ReckoningDetail, ReliabilityBin,
        RulesDetail, UnderstandingDetail,
    },
};

/// Everything that the page shows.
pub(crate) fn understanding_detail(report: &UnderstandingReport, roster: &Roster) -> UnderstandingDetail {
    let (model, version, wrong) = match &report.model {
        ModelState::Shipped => (ModelStateWord::Shipped, 0, None),
        ModelState::Learned(version) => (ModelStateWord::Learned, *version, None),
        ModelState::Unusable { version, reason } => {
            (ModelStateWord::Unusable, *version, Some(both(|language| reason.get(language).to_owned())))
        }
    };
    let known = &report.understanding;
    let written = known.rules.as_ref();
    UnderstandingDetail {
        model,
        version,
        wrong,
        rules: RulesDetail {
            text: written.map(|rules| rules.text.clone()).unwrap_or_default(),
            at: written.map(|rules| Instant(rules.at)),
            by: written.map(|rules| actor(rules.by, roster)),
            wrong: report.rules_wrong.first().map(|error| both(|language| error.text(language))),
        },
        models: known
            .models
            .iter()
            .rev()
            .map(|(model, at, by)| model_detail(model, Instant(*at), actor(*by, roster), roster))
            .collect(),
        learning: learning_detail(&report.learning, roster),
        gone_back: known
            .gone_back()
            .map(|(at, by)| GoneBackDetail { at: Instant(at), by: actor(by, roster) }),
        reckoning: report.reckoning.as_ref().map(|reckoning| ReckoningDetail {
            at: Instant(reckoning.at),
            corrections: reckoning.corrections,
            figures: reckoning.figures.iter().map(figures).collect(),
            people: reckoning.people.iter().map(|person| corrections(person, roster)).collect(),
        }),
    }
}

/// What is being learned, and what came of it last.
pub(crate) fn learning_detail(learning: &LearningProgress, roster: &Roster) -> LearningDetail {
    let done = learning.last.as_ref().map(|(at, by, outcome)| {
        let (model, failed) = match outcome {
            LearningOutcome::Learned(model) => (Some(model), None),
            LearningOutcome::Failed(why) => (None, Some(both(|language| why.get(language).to_owned()))),
        };
        LearningDone {
            at: Instant(*at),
            by: actor(*by, roster),
            version: model.map(|model| model.version),
            verdict: model.map(|model| model.verdict.into()),
            failed,
        }
    });
    let running =
        learning.running.map(|(since, by)| LearningRunning { since: Instant(since), by: actor(by, roster) });
    LearningDetail { running, last: done }
}

fn model_detail(model: &LearnedModel, at: Instant, by: ActorDetail, roster: &Roster) -> ModelDetail {
    ModelDetail {
        version: model.version,
        at,
        by,
        verdict: model.verdict.into(),
        base_texts: model.base_texts,
        corrections: model.corrections,
        left_out: model.left_out.iter().map(|member| member_name(*member, roster)).collect(),
        figures: model
            .figures
            .iter()
            .map(|figures| ModelFiguresDetail {
                dimension: figures.dimension.into(),
                texts: figures.texts,
                accuracy_before: share(figures.accuracy_before),
                accuracy: share(figures.accuracy),
                macro_f1_before: share(figures.macro_f1_before),
                macro_f1: share(figures.macro_f1),
                worse: figures.worse,
            })
            .collect(),
    }
}

fn figures(figures: &DimensionFigures) -> DimensionFiguresDetail {
    let bins = figures.reliability.iter();
    DimensionFiguresDetail {
        dimension: figures.dimension.into(),
        texts: figures.texts,
        accuracy: figures.accuracy,
        macro_f1: figures.macro_f1,
        calibration_error: figures.calibration_error,
        labels: figures.labels.clone(),
        confusion: figures.confusion.clone(),
        reliability: bins
            .map(|(texts, right, stated)| ReliabilityBin { texts: *texts, right: *right, stated: *stated })
            .collect(),
    }
}

fn corrections(person: &PersonFigures, roster: &Roster) -> CorrectionsDetail {
    CorrectionsDetail {
        member: member_name(person.member, roster),
        texts: person.texts,
        labels: person.labels,
        contradicted: person.contradicted,
        usual: person.usual,
        conspicuous: person.conspicuous,
        left_out: person.left_out,
    }
}
