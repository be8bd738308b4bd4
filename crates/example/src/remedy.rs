//! Remedies run beside the course of a ticket: proposed, approved, delivered, confirmed (B2, B4).

use jiff::Timestamp;
use yinuo_commitment::{Give, Grade, Language};
use yinuo_core::breach;
use yinuo_desk::TicketSheet;

use crate::{
    calendar::Hours,
    course::{Course, Step},
};

/// Steps that the ticket's breaches now call for and that nobody has in hand.
pub(crate) fn called_for(course: &mut Course<'_>, now: Timestamp, hours: &Hours) -> Vec<(Step, Timestamp)> {
    let mut steps = Vec::new();
    for grade in [Grade::Minor, Grade::Major] {
        let Some(sheet) = &course.sheet else { continue };
        if course.remedies.contains(&grade) || !is_owed(sheet, grade) {
            continue;
        }
        course.remedies.push(grade);
        let promise = breach::remedy_name(grade);
        steps.push((Step::ProposeRemedy(grade), course.aim(now, &[promise], (120, 800), hours)));
    }
    steps
}

/// Whether a breach of `grade`, in whatever round, has no remedy yet.
pub(crate) fn is_owed(sheet: &TicketSheet, grade: Grade) -> bool {
    let ticket = &sheet.ticket;
    let open = |breach: &breach::Breach| {
        breach.grade == grade && breach::remedy_of(ticket, breach.round, grade).is_none()
    };
    ticket.round().remedy(grade).is_none() && sheet.breaches.iter().any(open)
}

/// What follows a step of a remedy.
pub(crate) fn next(
    course: &mut Course<'_>,
    step: Step,
    now: Timestamp,
    hours: &Hours,
) -> Option<(Step, Timestamp)> {
    match step {
        Step::ProposeRemedy(grade) => {
            Some((Step::ApproveRemedy(grade), course.later(now, (40, 1_300), hours)))
        }
        Step::ApproveRemedy(grade) => Some((Step::DeliverRemedy(grade), course.later(now, (30, 900), hours))),
        Step::DeliverRemedy(grade) if course.habits.confirms => {
            let at = course.later(now, (60, 1_000), hours);
            Some((Step::ConfirmRemedy(grade), at))
        }
        _ => None,
    }
}

/// What the letters' tables give for the misses, each once.
pub(crate) fn gives(sheet: &TicketSheet) -> Vec<Give> {
    let mut gives: Vec<Give> = Vec::new();
    for (_, give) in &sheet.compensation {
        if !gives.contains(give) {
            gives.push(give.clone());
        }
    }
    gives
}

/// The gives in words.
pub(crate) fn in_words(gives: &[Give], language: Language) -> String {
    let words = gives.iter().map(|give| match (give, language) {
        (Give::FeeReduction(percent), Language::Zh) => format!("服务费减免 {percent} %"),
        (Give::FeeReduction(percent), Language::En) => format!("{percent} % off the service fee"),
        (Give::AddedService(text), _) => text.get(language).to_owned(),
    });
    let between = match language {
        Language::Zh => "、",
        Language::En => ", ",
    };
    words.collect::<Vec<_>>().join(between)
}
