//! Instants, ids and bilingual texts as JSON.

use std::{borrow::Cow, fmt};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{KnownFormat, SchemaFormat, Type},
    },
};
use yinuo_commitment::Text;
use yinuo_core::id::{ArticleId, MemberId, NoticeId, TeamId, TicketId};

/// A text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Text)]
pub struct Localised {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<Text> for Localised {
    fn from(text: Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

impl From<&Text> for Localised {
    fn from(text: &Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

impl From<Localised> for Text {
    fn from(text: Localised) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// An instant: RFC 3339. Answers are in UTC; requests may name any offset. Finer digits than microseconds are cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub Timestamp);

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(Parsed { what: "an instant as in 2026-11-21T09:00:00+08:00", parse: instant })
    }
}

/// Reads an instant: it needs date, time and offset, and the date has to exist.
fn instant(text: &str) -> Result<Instant, String> {
    let at: Timestamp = text.parse().map_err(|_| {
        format!(
            "`{text}` is no instant that exists: write date, time and offset, as in 2026-11-21T09:00:00+08:00"
        )
    })?;
    let whole = Timestamp::from_microsecond(at.as_microsecond());
    whole.map(Instant).map_err(|_| format!("`{text}` lies outside the calendar"))
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("An instant: RFC 3339, in UTC in answers."))
            .into()
    }
}

impl ToSchema for Instant {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Instant")
    }
}

/// A visitor for texts that are parsed.
struct Parsed<T> {
    what: &'static str,
    parse: fn(&str) -> Result<T, String>,
}

impl<T> de::Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(E::custom)
    }
}

macro_rules! refs {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $schema:literal, $what:literal, $pattern:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl From<$inner> for $name {
            fn from(id: $inner) -> Self { Self(id) }
        }

        impl From<&$inner> for $name {
            fn from(id: &$inner) -> Self { Self(id.clone()) }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Parsed {
                    what: $what,
                    parse: |text| text.parse().map(Self).map_err(|error: <$inner as std::str::FromStr>::Err| error.to_string()),
                })
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern)).description(Some($what)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> { Cow::Borrowed($schema) }
        }
    )+};
}

refs! {
    /// Id of a ticket.
    TicketRef(TicketId) = "TicketId", "the id of a ticket, tkt_ and 32 hexadecimal digits", "^tkt_[0-9a-f]{32}$";
    /// Id of a person of the company.
    MemberRef(MemberId) = "MemberId", "the id of a person, mem_ and 32 hexadecimal digits", "^mem_[0-9a-f]{32}$";
    /// Id of a notice.
    NoticeRef(NoticeId) = "NoticeId", "the id of a notice, ntc_ and 32 hexadecimal digits", "^ntc_[0-9a-f]{32}$";
    /// Short name of a team.
    TeamRef(TeamId) = "TeamId", "the short name of a team", "^[a-z0-9-]{1,40}$";
    /// Name of an article of the knowledge base.
    ArticleRef(ArticleId) = "ArticleId", "the name of an article: 1 to 40 of a-z, 0-9 and -", "^[a-z0-9-]{1,40}$";
}

/// Whole milliseconds of a duration, finer digits cut off towards zero.
pub(crate) fn millis(time: SignedDuration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
