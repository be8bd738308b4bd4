//! How texts are understood: the model in use, versions, rules, corrections by person.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    list::MemberName,
    scalar::{Instant, Localised, MemberRef},
    timeline::ActorDetail,
    words::{LearningVerdictWord, TextDimensionWord},
};

/// How the model in use stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ModelState)]
pub enum ModelStateWord {
    /// The shipped one.
    Shipped,
    /// One that was learned from the corrections of the organisation.
    Learned,
    /// It is missing or damaged; the lists of words classify alone.
    Unusable,
}

/// A tenth of the stated probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReliabilityBin {
    /// Texts.
    pub texts: u32,
    /// Right ones among them.
    pub right: u32,
    /// Mean of what was stated, 0 to 1.
    pub stated: f64,
}

/// The model in one dimension, on texts that it did not learn from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DimensionFiguresDetail {
    /// Which.
    pub dimension: TextDimensionWord,
    /// How many texts.
    pub texts: u32,
    /// Share told rightly, 0 to 1.
    pub accuracy: f64,
    /// Mean F1 of the values, 0 to 1.
    pub macro_f1: f64,
    /// How far stated probabilities and shares of right answers lie apart, 0 to 1.
    pub calibration_error: f64,
    /// The values, in the order of rows and columns.
    pub labels: Vec<String>,
    /// Texts by true value (row) and told value (column).
    pub confusion: Vec<Vec<u32>>,
    /// By tenth of the stated probability.
    pub reliability: Vec<ReliabilityBin>,
}

/// A new model beside the one before it, in one dimension. Shares, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelFiguresDetail {
    /// Which.
    pub dimension: TextDimensionWord,
    /// How many texts.
    pub texts: u32,
    /// Told rightly by the one before.
    pub accuracy_before: f64,
    /// Told rightly by this one.
    pub accuracy: f64,
    /// Macro-F1 of the one before.
    pub macro_f1_before: f64,
    /// Macro-F1 of this one.
    pub macro_f1: f64,
    /// Whether it fell further than chance explains.
    pub worse: bool,
}

/// A model that was learned from corrections.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelDetail {
    /// Version, from 1.
    pub version: u32,
    /// When.
    pub at: Instant,
    /// Who had it learned.
    pub by: ActorDetail,
    /// What became of it.
    pub verdict: LearningVerdictWord,
    /// Shipped texts that it learned from.
    pub base_texts: u32,
    /// Corrections that it learned from.
    pub corrections: u32,
    /// Whose corrections were left out.
    pub left_out: Vec<MemberName>,
    /// How it did beside the one before.
    pub figures: Vec<ModelFiguresDetail>,
}

/// What one person corrected.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CorrectionsDetail {
    /// Who.
    pub member: MemberName,
    /// Tickets confirmed or corrected that may be learned from.
    pub texts: u32,
    /// What was said about them.
    pub labels: u32,
    /// Of these, what a model contradicts that has not learned from the person.
    pub contradicted: u32,
    /// The usual share of contradicted ones, 0 to 1.
    pub usual: f64,
    /// Contradicted far more than is usual: somebody should look.
    pub conspicuous: bool,
    /// Whether the person's corrections are left out.
    pub left_out: bool,
}

/// Rules as they were written.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RulesDetail {
    /// The text.
    pub text: String,
    /// When; none if nobody has written any.
    pub at: Option<Instant>,
    /// By whom.
    pub by: Option<ActorDetail>,
    /// Why they cannot be read, if they cannot; they are left aside then.
    pub wrong: Option<Localised>,
}

/// Learning that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LearningRunning {
    /// Since when.
    pub since: Instant,
    /// Who has it learned.
    pub by: ActorDetail,
}

/// Learning that is done.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LearningDone {
    /// When.
    pub at: Instant,
    /// Who had it learned.
    pub by: ActorDetail,
    /// The version of the model; none if there is none.
    pub version: Option<u32>,
    /// What became of the model; none if there is none.
    pub verdict: Option<LearningVerdictWord>,
    /// Why there is none.
    pub failed: Option<Localised>,
}

/// What is being learned, and what came of it last: as the process knows that answers. Models are on record everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LearningDetail {
    /// What goes on; none if nothing does.
    pub running: Option<LearningRunning>,
    /// What was done last; none since the process started.
    pub last: Option<LearningDone>,
}

/// Somebody went back to an older model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GoneBackDetail {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: ActorDetail,
}

/// How texts are understood at present.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UnderstandingDetail {
    /// How the model in use stands.
    pub model: ModelStateWord,
    /// Its version; 0 is the shipped one.
    pub version: u32,
    /// What is wrong with it, if it is unusable.
    pub wrong: Option<Localised>,
    /// The rules of the organisation.
    pub rules: RulesDetail,
    /// Models, the newest first.
    pub models: Vec<ModelDetail>,
    /// What is being learned, and what came of it last.
    pub learning: LearningDetail,
    /// Somebody went back to an older model: until a newer one is chosen or learned by a person, what is learned unasked
    /// is compared and does not take over.
    pub gone_back: Option<GoneBackDetail>,
    /// What was reckoned about the model in use; none while that is still going on: ask again after a second.
    pub reckoning: Option<ReckoningDetail>,
}

/// How good the model in use is, and what each person corrected.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReckoningDetail {
    /// When that was reckoned.
    pub at: Instant,
    /// Tickets that people confirmed or corrected.
    pub corrections: u32,
    /// The model on texts that are held back.
    pub figures: Vec<DimensionFiguresDetail>,
    /// Corrections by person, the most contradicted first.
    pub people: Vec<CorrectionsDetail>,
}

/// Rules to write.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesRequest {
    /// The text; an empty one takes the rules back.
    pub text: String,
}

/// A version to put to use.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseModelRequest {
    /// The version; 0 is the shipped one.
    pub version: u32,
}

/// Whether the corrections of a person count.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeighRequest {
    /// Whose.
    pub member: MemberRef,
    /// Whether they count when models are learned.
    pub counted: bool,
}
