//! Letters for the company's people: published versions, drafts, coverage, comparison.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    portal::{Letter, LetterLine},
    scalar::{Instant, Localised},
    timeline::ActorDetail,
    words::{ContentWord, GradeWord, KindWord, MarkWord, PauseWord, RuleWord},
};

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommitmentLine {
    /// Its head.
    #[serde(flatten)]
    pub line: LetterLine,
    /// Whether it judges requests that come in now.
    pub in_force: bool,
    /// Who published it.
    pub by: ActorDetail,
    /// Since when the letter is withdrawn.
    pub withdrawn_from: Option<Instant>,
}

/// All published versions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommitmentList {
    /// Versions.
    pub commitments: Vec<CommitmentLine>,
}

/// A published version with everything it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommitmentVersion {
    /// Its line.
    #[serde(flatten)]
    pub line: CommitmentLine,
    /// The letter as customers read it.
    pub letter: Letter,
    /// The file as published.
    pub source: String,
    /// Promises as the engine knows them.
    pub promises: Vec<PromiseDetail>,
    /// Rules of conduct that it states.
    pub rules: Vec<RuleWord>,
}

/// A promise as the engine knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PromiseDetail {
    /// Name.
    pub id: String,
    /// Title.
    pub title: Localised,
    /// Sentence of the letter.
    pub sentence: Localised,
    /// The budget in words.
    pub budget: Localised,
    /// Name of its calendar.
    pub calendar: String,
    /// Kinds covered; empty: any.
    pub kinds: Vec<KindWord>,
    /// What starts the clock.
    pub from: MarkWord,
    /// What stops it.
    pub until: Vec<MarkWord>,
    /// What may make it stand still.
    pub pause: Vec<PauseWord>,
    /// What the stopping message has to contain.
    pub requires: Vec<ContentWord>,
    /// Escalation ladder.
    pub ladder: Option<String>,
    /// How grave a miss is.
    pub grade: Option<GradeWord>,
}

/// The text of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterText {
    /// The file: TOML in the promise language.
    pub text: String,
}

/// What the check of a draft came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckReport {
    /// Whether it could be published.
    pub ok: bool,
    /// Number of errors.
    pub errors: u32,
    /// Number of warnings.
    pub warnings: u32,
    /// Findings in the order of the text.
    pub diagnostics: Vec<Finding>,
    /// The findings drawn as a compiler would.
    pub rendered: Localised,
    /// Head of the letter, if there is no error. Its version is the one it would be published as.
    pub letter: Option<LetterLine>,
    /// The letter as customers would read it, as an HTML fragment.
    pub html: Option<Localised>,
    /// What would be covered, this draft in force beside the other letters.
    pub coverage: Option<Coverage>,
    /// What would change for customers against the version published last.
    pub changes: Vec<ChangeLine>,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LevelWord {
    /// Has to be put right.
    Error,
    /// Worth knowing first.
    Warning,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// How grave.
    pub level: LevelWord,
    /// Stable code.
    pub code: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// What is wrong.
    pub message: Localised,
    /// What is wrong with the very place.
    pub label: Localised,
    /// What to write instead.
    pub help: Option<Localised>,
    /// Other places that belong to it.
    pub related: Vec<RelatedSpan>,
}

/// A place in a text; lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    /// First line.
    pub line: u64,
    /// First column.
    pub column: u64,
    /// Last line.
    pub end_line: u64,
    /// Column after the last.
    pub end_column: u64,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelatedSpan {
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// What about it.
    pub label: Localised,
}

/// Which promises run for which cases, and what nobody promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// Rows by kind.
    pub rows: Vec<CoverageRow>,
    /// How many rows lack something.
    pub gaps: u32,
    /// Cases for which several letters promise different things.
    pub differences: Vec<Localised>,
}

/// Cases that the letters treat alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoverageRow {
    /// Kind.
    pub kind: KindWord,
    /// The cases in words.
    pub case: Localised,
    /// The promises that run.
    pub cells: Vec<CoverageCell>,
    /// What is missing.
    pub gaps: Vec<Localised>,
}

/// A promise that runs for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoverageCell {
    /// Number of the letter.
    pub commitment: String,
    /// The promise.
    pub promise: String,
    /// What starts it.
    pub from: MarkWord,
    /// What stops it.
    pub until: Vec<MarkWord>,
    /// The budget in words.
    pub budget: Localised,
}

/// Two versions to compare: the published one `number` (the last, or `version`), and another published version `with` or
/// the draft `text`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiffRequest {
    /// Number of the letter.
    pub number: String,
    /// Version to compare from; the last one published unless said otherwise.
    #[serde(default)]
    pub version: Option<u32>,
    /// Published version to compare with.
    #[serde(default)]
    pub with: Option<u32>,
    /// Draft to compare with.
    #[serde(default)]
    pub text: Option<String>,
}

/// What changes for customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffReport {
    /// Changes in the order of the letter.
    pub changes: Vec<ChangeLine>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeLine {
    /// The change in words.
    pub text: Localised,
    /// What it means for the customer.
    pub for_customer: ForCustomerWord,
}

/// What a change means for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ForCustomer)]
pub enum ForCustomerWord {
    /// More, or sooner.
    Better,
    /// Less, or later.
    Worse,
    /// Neither.
    Neutral,
}

/// A due instant to explain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainRequest {
    /// Number of the letter.
    pub number: String,
    /// The promise.
    pub promise: String,
    /// When its clock starts.
    pub start: Instant,
    /// Stretches in which it stands still.
    #[serde(default)]
    pub pauses: Vec<PauseSpan>,
}

/// A stretch in which a clock stands still.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseSpan {
    /// From when.
    pub from: Instant,
    /// To when; none while it lasts.
    #[serde(default)]
    pub to: Option<Instant>,
}

/// Which letters a coverage table is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CoverageQuery {
    /// One letter by its number; all that are in force unless said otherwise.
    pub number: Option<String>,
}

/// What became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Withdrawal {
    /// Number of the letter.
    pub number: String,
    /// Requests received from this instant on are no longer judged by it.
    pub from: Instant,
}
