//! What was made of a request's text, for the company's people.

use yinuo_core::ticket::{Assessment, Basis, Entry, Event, Opinion, Ticket, Triage};

use crate::dto::{
    assessment::{AssessmentDetail, BasisWord, OpinionDetail, Possibility},
    list::Facets,
};

/// What is on record about the text; none for tickets that came in before that was kept.
pub(super) fn assessment_detail(ticket: &Ticket, entries: &[Entry]) -> Option<AssessmentDetail> {
    let events = entries.iter().flat_map(|entry| entry.events.iter().map(move |event| (entry.at, event)));
    let (at, assessment) = events.rev().find_map(|(at, event)| match event {
        Event::Assessed { assessment } => Some((at, assessment)),
        _ => None,
    })?;
    let triage = ticket.triage();
    let doubt = ticket.round().doubt.as_ref().filter(|_| triage == Some(Triage::Wanted));
    let nothing_read = assessment.nothing_read();
    let opinions = assessment.opinions.iter().enumerate();
    Some(AssessmentDetail {
        at: at.into(),
        model: assessment.model.clone(),
        nothing_read,
        opinions: opinions.map(|(place, opinion)| opinion_detail(assessment, place, opinion)).collect(),
        triage: triage.map(Into::into),
        doubted: doubt
            .map(|doubt| doubt.dimensions.iter().copied().map(Into::into).collect())
            .unwrap_or_default(),
        readings: doubt.map(|doubt| doubt.readings.iter().map(Facets::from).collect()).unwrap_or_default(),
    })
}

fn opinion_detail(assessment: &Assessment, place: usize, opinion: &Opinion) -> OpinionDetail {
    let (basis, rule) = match &opinion.basis {
        Basis::Stated => (BasisWord::Stated, None),
        Basis::Rule { name } => (BasisWord::Rule, Some(name.clone())),
        Basis::WordList => (BasisWord::WordList, None),
        Basis::Model => (BasisWord::Model, None),
        Basis::Assumed => (BasisWord::Assumed, None),
    };
    // Of a text that says nothing, shares would say nothing either: they are those of all texts in which no list has a word.
    let blind = assessment.nothing_read() && opinion.basis == Basis::Assumed;
    let others = opinion
        .others
        .iter()
        .filter(|_| !blind)
        .map(|(value, probability)| Possibility { value: value.clone(), probability: share(*probability) });
    OpinionDetail {
        dimension: opinion.dimension.into(),
        value: opinion.value.clone(),
        probability: (!blind).then(|| share(opinion.probability)),
        basis,
        rule,
        sure: opinion.sure,
        others: others.collect(),
        words: assessment.words_of(place).into_iter().map(str::to_owned).collect(),
    }
}

/// Ten-thousandths as a share.
pub(super) fn share(parts: u32) -> f64 {
    f64::from(parts) / 10_000.0
}
