//! What everybody may see.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    scalar::{Instant, Localised},
    words::KindWord,
};

/// The company and its word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Portal {
    /// Name of the company; none before the first letter.
    pub company: Option<Localised>,
    /// Hotline number.
    pub hotline: Option<String>,
    /// Whether the data are the worked example.
    pub example: bool,
    /// Whether nobody can sign in yet and the first admin has to be set up.
    pub setup_needed: bool,
    /// IANA zone of the company: dates and times of its letters are those of this zone.
    pub zone: String,
    /// Letters in force.
    pub commitments: Vec<LetterLine>,
    /// The time here.
    pub now: Instant,
    /// Version of the product.
    pub version: String,
}

/// A letter in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LetterLine {
    /// Number.
    pub number: String,
    /// Version.
    pub version: u32,
    /// Title.
    pub title: Localised,
    /// From when it judges.
    pub effective: Instant,
    /// When it was published here.
    pub published_at: Instant,
    /// Content hash.
    pub hash: String,
    /// Kinds that it is about; empty: every kind.
    pub covers: Vec<KindWord>,
    /// How many promises it makes.
    pub promise_count: u32,
}

/// A letter as customers read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Letter {
    /// Its head.
    #[serde(flatten)]
    pub line: LetterLine,
    /// Name of the company.
    pub company: Localised,
    /// Hotline number.
    pub hotline: Option<String>,
    /// The whole letter as an HTML fragment; every text of the file is escaped.
    pub html: Localised,
    /// Its promises.
    pub promises: Vec<LetterPromise>,
}

/// A promise as customers read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LetterPromise {
    /// Name.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// Its sentence in the letter.
    pub sentence: Localised,
    /// What its clock measures, in words drawn from the data alone.
    pub exact: Localised,
    /// The budget in words.
    pub budget: Localised,
}
