//! Typed ids. Every id of the product is declared here; a session id cannot be passed where a ticket id is meant.

use std::{fmt, str::FromStr, sync::Arc};

use uuid::Uuid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of the form `{prefix}…` with 32 hexadecimal digits")]
pub struct IdError {
    text: String,
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// What the printed form begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A time-ordered id (UUID version 7, RFC 9562) from an instant and ten random bytes.
            pub fn from_parts(unix_millis: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid())
            }

            /// The bare UUID, for storage.
            pub const fn uuid(self) -> Uuid { self.0 }

            /// From a bare UUID, for storage.
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let error = || IdError { text: text.chars().take(64).collect(), prefix: $prefix };
                let digits = text.strip_prefix($prefix).ok_or_else(error)?;
                if digits.len() != 32 { return Err(error()); }
                Uuid::try_parse(digits).map(Self).map_err(|_| error())
            }
        }
    )+};
}

ids! {
    /// A ticket (工单).
    TicketId "tkt_";
    /// A person of the company.
    MemberId "mem_";
    /// A customer as far as phone and e-mail tell: whose words are sealed under one key, and erased together.
    PersonId "psn_";
    /// An outbox job.
    JobId "job_";
    /// A notice to a person of the company.
    NoticeId "ntc_";
}

macro_rules! slugs {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// From its spelling: 1 to 40 of `a-z`, `0-9` and `-`.
            pub fn new(slug: &str) -> Result<Self, SlugError> {
                let fits = (1..=40).contains(&slug.len())
                    && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
                if fits { Ok(Self(slug.into())) } else { Err(SlugError(slug.chars().take(64).collect())) }
            }

            /// The spelling.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl FromStr for $name {
            type Err = SlugError;
            fn from_str(slug: &str) -> Result<Self, SlugError> { Self::new(slug) }
        }
    )+};
}

/// A text that is not a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a short name: use 1 to 40 of a-z, 0-9 and -")]
pub struct SlugError(String);

slugs! {
    /// An organisation: every table and key begins with it.
    OrgId;
    /// A team, such as `customer-service`.
    TeamId;
    /// An article of the knowledge base, such as `router-red-light`.
    ArticleId;
}
