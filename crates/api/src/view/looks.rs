//! Who looked at personal data.

use yinuo_core::{
    organisation::Organisation,
    personal::PersonalField,
    roster::{Actor, Roster},
};
use yinuo_desk::{Look, Revealed};

use super::{actor, ticket_detail};
use crate::dto::{
    personal::{CustomerLook, LookDetail, RevealAnswer, RevealedValue},
    words::FieldWord,
};

/// The answer to whoever said why.
pub(crate) fn reveal_answer(revealed: &Revealed, organisation: &Organisation) -> RevealAnswer {
    let values = revealed.values.iter().filter_map(|(field, words)| {
        Some(RevealedValue { field: (*field).into(), text: words.text()?.to_owned() })
    });
    RevealAnswer {
        values: values.collect(),
        ticket: revealed.sheet.as_ref().map(|sheet| Box::new(ticket_detail(sheet, organisation))),
        version: revealed.version,
        at: revealed.at.into(),
    }
}

/// A look, for those who check.
pub(crate) fn look(look: &Look, roster: &Roster) -> LookDetail {
    LookDetail {
        at: look.at.into(),
        actor: actor(look.by, roster),
        fields: fields(&look.fields),
        reason: look.reason.text().map(str::to_owned),
    }
}

/// A look, for the customer: the role answers for it, not the person.
pub(crate) fn customer_look(look: &Look) -> CustomerLook {
    CustomerLook {
        at: look.at.into(),
        role: match look.by {
            Actor::Member { role, .. } => Some(role.into()),
            Actor::Customer | Actor::System => None,
        },
        fields: fields(&look.fields),
        reason: look.reason.text().map(str::to_owned),
    }
}

/// Fields as words.
pub(super) fn fields(fields: &[PersonalField]) -> Vec<FieldWord> {
    fields.iter().copied().map(Into::into).collect()
}
