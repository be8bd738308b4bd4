//! The recorded form of every kind of value that an event may hold.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use yinuo_commitment::{
    Channel, Complexity, Content as MessageContent, ContentHash, Facets, Form, Give, Grade, Ground, Kind,
    Language, Mark, PauseReason, PromiseId, Severity, Site, Text, Urgency,
};
use yinuo_core::{
    clock::{ClockKey, StepAt},
    id::{ArticleId, MemberId, PersonId, TeamId, TicketId},
    knowledge::{ArticleText, Piece},
    organisation::{LearnedModel, LearningVerdict, ModelFigures},
    personal::{ErasureReason, PersonalField},
    roster::{Actor, Role},
    ticket::{
        Assessment, AssignReason, Basis, Classifier, Customer, Dimension, Opinion, Outcome, Pin, Purpose,
        ReopenReason, Told,
    },
    words::Words,
};

use super::contents::{Opening, Sealing};
use crate::LedgerError;

/// A value with a recorded form. `read` undoes `record`; it refuses what `record` never writes.
pub(super) trait Recorded: Sized {
    /// What is written as JSON.
    type Form: Serialize + DeserializeOwned;

    fn record(&self, sealing: &mut Sealing<'_>) -> Self::Form;

    fn read(form: &Self::Form, opening: &mut Opening<'_>) -> Result<Self, LedgerError>;
}

/// Words of a closed vocabulary and other values that print and parse.
pub(super) type Spelled = Cow<'static, str>;

fn unknown(what: &str, text: &str) -> LedgerError {
    let shown: String = text.chars().take(64).collect();
    LedgerError::corrupt(format!("`{shown}` is no {what} that this version knows"))
}

macro_rules! as_they_are {
    ($($type:ty),+) => {$(
        impl Recorded for $type {
            type Form = $type;
            fn record(&self, _: &mut Sealing<'_>) -> $type { self.clone() }
            fn read(form: &$type, _: &mut Opening<'_>) -> Result<Self, LedgerError> { Ok(form.clone()) }
        }
    )+};
}

as_they_are!(bool, u8, u32, u64, String);

macro_rules! by_word {
    ($($type:ident),+) => {$(
        impl Recorded for $type {
            type Form = Spelled;
            fn record(&self, _: &mut Sealing<'_>) -> Spelled { Cow::Borrowed(self.word()) }
            fn read(form: &Spelled, _: &mut Opening<'_>) -> Result<Self, LedgerError> {
                $type::from_word(form).ok_or_else(|| unknown(stringify!($type), form))
            }
        }
    )+};
}

by_word!(
    Channel,
    Complexity,
    Dimension,
    MessageContent,
    ErasureReason,
    Form,
    Grade,
    Ground,
    Kind,
    Language,
    LearningVerdict,
    Mark,
    PauseReason,
    PersonalField,
    Purpose,
    ReopenReason,
    Role,
    Severity,
    Site,
    Urgency
);

macro_rules! printed {
    ($($type:ident),+) => {$(
        impl Recorded for $type {
            type Form = Spelled;
            fn record(&self, _: &mut Sealing<'_>) -> Spelled { Cow::Owned(self.to_string()) }
            fn read(form: &Spelled, _: &mut Opening<'_>) -> Result<Self, LedgerError> {
                form.parse().map_err(|_| unknown(stringify!($type), form))
            }
        }
    )+};
}

printed!(ArticleId, ContentHash, Date, MemberId, PersonId, TeamId, TicketId);

impl Recorded for PromiseId {
    type Form = String;

    fn record(&self, _: &mut Sealing<'_>) -> String {
        self.as_str().into()
    }

    fn read(form: &String, _: &mut Opening<'_>) -> Result<Self, LedgerError> {
        Ok(PromiseId::new(form))
    }
}

/// RFC 3339 in UTC, whole microseconds.
impl Recorded for Timestamp {
    type Form = String;

    fn record(&self, _: &mut Sealing<'_>) -> String {
        cut(*self).to_string()
    }

    fn read(form: &String, _: &mut Opening<'_>) -> Result<Self, LedgerError> {
        form.parse().map_err(|_| unknown("instant", form))
    }
}

/// `at` without what is below a microsecond.
pub(super) fn cut(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// An instant from its column or field in microseconds.
pub(super) fn instant(at_us: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(at_us)
        .map_err(|_| LedgerError::corrupt(format!("{at_us} µs is not an instant")))
}

/// In place of words: `{"n":0,"digest":"…"}` for words kept beside the record, `{"blank":""}` for blank ones, `{}` for
/// words that were gone before they were recorded.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blank: Option<String>,
}

impl Recorded for Words {
    type Form = WordsForm;

    fn record(&self, sealing: &mut Sealing<'_>) -> WordsForm {
        match self.text() {
            None => WordsForm { n: None, digest: None, blank: None },
            // White space alone: what is recorded in the clear can hold no hidden message.
            Some(text) if text.trim().is_empty() => {
                WordsForm { n: None, digest: None, blank: Some(text.into()) }
            }
            Some(text) => {
                let (n, digest) = sealing.take(text);
                WordsForm { n: Some(n), digest: Some(digest), blank: None }
            }
        }
    }

    fn read(form: &WordsForm, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
        match (form.n, &form.digest, &form.blank) {
            (None, None, None) => Ok(Words::erased()),
            (None, None, Some(blank)) => Ok(Words::new(blank)),
            (Some(n), Some(digest), None) => opening.put(n, digest),
            _ => Err(LedgerError::corrupt("words are either kept, blank or erased")),
        }
    }
}

impl<T: Recorded> Recorded for Option<T> {
    type Form = Option<T::Form>;

    fn record(&self, sealing: &mut Sealing<'_>) -> Self::Form {
        self.as_ref().map(|value| value.record(sealing))
    }

    fn read(form: &Self::Form, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
        form.as_ref().map(|form| T::read(form, opening)).transpose()
    }
}

impl<T: Recorded> Recorded for Vec<T> {
    type Form = Vec<T::Form>;

    fn record(&self, sealing: &mut Sealing<'_>) -> Self::Form {
        self.iter().map(|value| value.record(sealing)).collect()
    }

    fn read(form: &Self::Form, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
        form.iter().map(|form| T::read(form, opening)).collect()
    }
}

impl<A: Recorded, B: Recorded> Recorded for (A, B) {
    type Form = (A::Form, B::Form);

    fn record(&self, sealing: &mut Sealing<'_>) -> Self::Form {
        (self.0.record(sealing), self.1.record(sealing))
    }

    fn read(form: &Self::Form, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
        Ok((A::read(&form.0, opening)?, B::read(&form.1, opening)?))
    }
}

/// Declares the recorded form of a struct: an object with the same fields.
macro_rules! recorded_struct {
    ($form:ident for $domain:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        #[derive(Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $form { $($field: <$type as Recorded>::Form,)+ }

        impl Recorded for $domain {
            type Form = $form;

            fn record(&self, sealing: &mut Sealing<'_>) -> $form {
                let $domain { $($field),+ } = self;
                $form { $($field: $field.record(sealing),)+ }
            }

            fn read(form: &$form, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
                Ok($domain { $($field: <$type>::read(&form.$field, opening)?,)+ })
            }
        }
    };
}

/// Declares the recorded form of an enum: `"word"` or `{"word":{fields}}`, the word being the variant in kebab-case.
macro_rules! recorded_enum {
    ($(#[$attribute:meta])* $form:ident for $domain:ident { $($variant:ident $({ $($field:ident: $type:ty),+ $(,)? })?,)+ }) => {
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        $(#[$attribute])*
        pub(super) enum $form {
            $($variant $({ $($field: <$type as $crate::record::values::Recorded>::Form,)+ })?,)+
        }

        impl $crate::record::values::Recorded for $domain {
            type Form = $form;

            fn record(&self, sealing: &mut $crate::record::contents::Sealing<'_>) -> $form {
                let _ = &sealing;
                match self {
                    $($domain::$variant $({ $($field),+ })? =>
                        $form::$variant $({ $($field: $crate::record::values::Recorded::record($field, sealing),)+ })?,)+
                }
            }

            fn read(
                form: &$form,
                opening: &mut $crate::record::contents::Opening<'_>,
            ) -> Result<Self, $crate::LedgerError> {
                let _ = &opening;
                Ok(match form {
                    $($form::$variant $({ $($field),+ })? =>
                        $domain::$variant $({
                            $($field: <$type as $crate::record::values::Recorded>::read($field, opening)?,)+
                        })?,)+
                })
            }
        }
    };
}
pub(super) use recorded_enum;

recorded_struct!(TextForm for Text { zh: String, en: String });
recorded_struct!(PinForm for Pin { number: String, version: u32, hash: ContentHash });
recorded_struct!(ToldForm for Told { mark: Mark, by: Timestamp });
recorded_struct!(ClockKeyForm for ClockKey { commitment: String, promise: PromiseId, round: u32 });
recorded_struct!(CustomerForm for Customer {
    name: Words,
    phone: Option<Words>,
    email: Option<Words>,
    address: Option<Words>,
});
recorded_struct!(PieceForm for Piece { title: String, body: String, questions: Vec<String> });
recorded_struct!(ArticleTextForm for ArticleText {
    owner: Option<TeamId>,
    topic: Option<String>,
    from: Option<Date>,
    until: Option<Date>,
    zh: Option<Piece>,
    en: Option<Piece>,
});
recorded_struct!(FacetsForm for Facets {
    kind: Kind,
    urgency: Urgency,
    complexity: Complexity,
    severity: Severity,
    site: Site,
    technical: bool,
    topic: Option<String>,
});
recorded_enum!(BasisForm for Basis { Stated, Rule { name: String }, WordList, Model, Assumed, });

/// Every request has one for each dimension, so it is written as a row: names of fields would be half of the record, and a
/// record that takes more than half a page of a database takes a whole one. Until version 3 it had them.
#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum OpinionForm {
    Row(Spelled, String, u32, BasisForm, bool, Vec<(String, u32)>),
    Named {
        dimension: Spelled,
        value: String,
        probability: u32,
        basis: BasisForm,
        sure: bool,
        others: Vec<(String, u32)>,
    },
}

impl Recorded for Opinion {
    type Form = OpinionForm;

    fn record(&self, sealing: &mut Sealing<'_>) -> OpinionForm {
        let Opinion { dimension, value, probability, basis, sure, others } = self;
        let (dimension, basis) = (dimension.record(sealing), basis.record(sealing));
        OpinionForm::Row(dimension, value.clone(), *probability, basis, *sure, others.clone())
    }

    fn read(form: &OpinionForm, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
        let (OpinionForm::Row(dimension, value, probability, basis, sure, others)
        | OpinionForm::Named { dimension, value, probability, basis, sure, others }) = form;
        Ok(Opinion {
            dimension: Dimension::read(dimension, opening)?,
            value: value.clone(),
            probability: *probability,
            basis: Basis::read(basis, opening)?,
            sure: *sure,
            others: others.clone(),
        })
    }
}

recorded_struct!(AssessmentForm for Assessment { model: String, opinions: Vec<Opinion>, words: Words });
recorded_struct!(ModelFiguresForm for ModelFigures {
    dimension: Dimension,
    texts: u32,
    accuracy_before: u32,
    accuracy: u32,
    macro_f1_before: u32,
    macro_f1: u32,
    noise: u32,
    worse: bool,
});
recorded_struct!(LearnedModelForm for LearnedModel {
    version: u32,
    digest: String,
    base_texts: u32,
    corrections: u32,
    fingerprint: String,
    left_out: Vec<MemberId>,
    verdict: LearningVerdict,
    figures: Vec<ModelFigures>,
});
recorded_enum!(ActorForm for Actor { Customer, Member { id: MemberId, role: Role }, System, });
recorded_enum!(ClassifierForm for Classifier { Customer, Rules, Person, });
recorded_enum!(AssignReasonForm for AssignReason { Routed, Decided, Escalated, });
recorded_enum!(OutcomeForm for Outcome {
    Settled,
    Withdrawn,
    Unresolved,
    OutOfScope { commitment: String, term: String },
    Duplicate { of: TicketId },
});

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum StepForm {
    /// Percent of the budget.
    Share(u8),
    Due,
    /// Working time after the due instant.
    AfterUs(i64),
}

impl Recorded for StepAt {
    type Form = StepForm;

    fn record(&self, _: &mut Sealing<'_>) -> StepForm {
        match self {
            StepAt::Share(percent) => StepForm::Share(*percent),
            StepAt::Due => StepForm::Due,
            StepAt::After(after) => StepForm::AfterUs(i64::try_from(after.as_micros()).unwrap_or(i64::MAX)),
        }
    }

    fn read(form: &StepForm, _: &mut Opening<'_>) -> Result<Self, LedgerError> {
        Ok(match form {
            StepForm::Share(percent) => StepAt::Share(*percent),
            StepForm::Due => StepAt::Due,
            StepForm::AfterUs(after_us) => StepAt::After(SignedDuration::from_micros(*after_us)),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum GiveForm {
    /// Percent of the service fee.
    FeeReduction(u8),
    AddedService(TextForm),
}

impl Recorded for Give {
    type Form = GiveForm;

    fn record(&self, sealing: &mut Sealing<'_>) -> GiveForm {
        match self {
            Give::FeeReduction(percent) => GiveForm::FeeReduction(*percent),
            Give::AddedService(text) => GiveForm::AddedService(text.record(sealing)),
        }
    }

    fn read(form: &GiveForm, opening: &mut Opening<'_>) -> Result<Self, LedgerError> {
        Ok(match form {
            GiveForm::FeeReduction(percent) => Give::FeeReduction(*percent),
            GiveForm::AddedService(text) => Give::AddedService(Text::read(text, opening)?),
        })
    }
}
