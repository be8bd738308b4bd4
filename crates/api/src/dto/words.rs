//! The closed vocabularies of the domain as JSON strings, each with its words in the schema.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};
use yinuo_commitment as letter;
use yinuo_core::{access, figures, organisation, personal, roster, ticket};
use yinuo_desk as desk;

use crate::nearest::nearest;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $schema:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl From<$inner> for $name {
            fn from(word: $inner) -> Self { Self(word) }
        }

        impl From<$name> for $inner {
            fn from(word: $name) -> Self { word.0 }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.word())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;
                impl de::Visitor<'_> for Word {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("a word of ", $schema))
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        let known = <$inner>::ALL.iter().copied().find(|word| word.word() == text);
                        known.map($name).ok_or_else(|| {
                            let all: Vec<&str> = <$inner>::ALL.iter().map(|word| word.word()).collect();
                            E::custom(unknown_word(text, &all))
                        })
                    }
                }
                deserializer.deserialize_str(Word)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some(<$inner>::ALL.iter().map(|word| word.word())))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> { Cow::Borrowed($schema) }
        }
    )+};
}

/// What to say about a word that the vocabulary does not have.
fn unknown_word(text: &str, all: &[&str]) -> String {
    let shown: String = text.chars().take(60).collect();
    match nearest(&shown, all) {
        Some(near) => {
            format!("`{shown}` is not a word here; did you mean `{near}`? Known: {}", all.join(", "))
        }
        None => format!("`{shown}` is not a word here. Known: {}", all.join(", ")),
    }
}

words! {
    /// A language of the product.
    LanguageWord(letter::Language) = "Language";
    /// What a request is.
    KindWord(letter::Kind) = "Kind";
    /// The way a request came in.
    ChannelWord(letter::Channel) = "Channel";
    /// How urgent.
    UrgencyWord(letter::Urgency) = "Urgency";
    /// How complex.
    ComplexityWord(letter::Complexity) = "Complexity";
    /// How severe.
    SeverityWord(letter::Severity) = "Severity";
    /// Where the customer's site is.
    SiteWord(letter::Site) = "Site";
    /// A dated milestone.
    MarkWord(letter::Mark) = "Mark";
    /// Why a clock stands still.
    PauseWord(letter::PauseReason) = "PauseReason";
    /// Ground of an exception.
    GroundWord(letter::Ground) = "Ground";
    /// What a message contains.
    ContentWord(letter::Content) = "Content";
    /// How grave a breach is.
    GradeWord(letter::Grade) = "Grade";
    /// Written or oral.
    FormWord(letter::Form) = "Form";
    /// A rule of conduct.
    RuleWord(letter::Rule) = "Rule";
    /// Where a ticket stands.
    StageWord(ticket::Stage) = "Stage";
    /// What a message is for.
    PurposeWord(ticket::Purpose) = "Purpose";
    /// Why a ticket was opened again.
    ReopenWord(ticket::ReopenReason) = "ReopenReason";
    /// A command to a ticket.
    CommandWord(ticket::CommandKind) = "CommandKind";
    /// What a person of the company may do.
    RoleWord(roster::Role) = "Role";
    /// What can be asked or changed besides commands to tickets.
    OperationWord(access::Operation) = "Operation";
    /// A piece of personal data.
    FieldWord(personal::PersonalField) = "PersonalField";
    /// On which occasion the customer is told something.
    StepWord(desk::Step) = "MessageStep";
    /// Something that a message has to contain.
    MessagePartWord(desk::Part) = "MessagePart";
    /// What may stand in braces in a standard phrase.
    VariableWord(desk::Variable) = "PhraseVariable";
    /// Why the data of a person were erased.
    ErasureWord(personal::ErasureReason) = "ErasureReason";
    /// What a part of a ticket is.
    PartWord(desk::PartKind) = "Part";
    /// How a clock stands, for counting.
    VerdictWord(figures::Verdict) = "Verdict";
    /// What figures are grouped by.
    DimensionWord(figures::Dimension) = "Dimension";
    /// What is asked of a text.
    TextDimensionWord(ticket::Dimension) = "TextDimension";
    /// Whether a person has to look at a classification, or has.
    TriageWord(ticket::Triage) = "Triage";
    /// What became of a model that was learned.
    LearningVerdictWord(organisation::LearningVerdict) = "LearningVerdict";
    /// Why a promise was missed.
    OverdueCauseWord(figures::OverdueCause) = "OverdueCause";
}
