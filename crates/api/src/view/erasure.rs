//! The erasure of a person.

use yinuo_core::{
    organisation::{Erasure, Organisation},
    roster::Roster,
};
use yinuo_desk::Desk;

use super::{Titles, actor, ticket_line};
use crate::dto::{
    personal::{ErasureAnswer, ErasurePreview},
    sheet::ErasureDetail,
};

/// How somebody was erased.
pub(super) fn erasure_detail(erasure: &Erasure, roster: &Roster) -> ErasureDetail {
    ErasureDetail {
        at: erasure.at.into(),
        by: actor(erasure.by, roster),
        reason: erasure.reason.into(),
        text: erasure.reason.text().into(),
    }
}

/// What an erasure concerns.
pub(crate) fn erasure_preview(preview: &yinuo_desk::ErasurePreview, desk: &Desk) -> ErasurePreview {
    let (organisation, titles) = (desk.organisation(), Titles::of_all(desk));
    let lines = preview.tickets.iter().map(|row| ticket_line(row, &organisation.roster, &titles));
    ErasurePreview {
        number: preview.number.clone(),
        persons: count(preview.persons),
        tickets: lines.collect(),
        open: preview.open(),
    }
}

/// What was erased.
pub(crate) fn erasure_answer(erased: &yinuo_desk::Erased, organisation: &Organisation) -> ErasureAnswer {
    ErasureAnswer {
        erased: erasure_detail(&erased.erasure, &organisation.roster),
        persons: count(erased.persons),
        numbers: erased.numbers.clone(),
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
