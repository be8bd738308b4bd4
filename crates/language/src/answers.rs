//! Answers to common questions from what the organisation knows: found by words, given only when they are sure to be right.
//!
//! ```text
//! question ─▶ Index: BM25 of every similar question, cosine with every article ─▶ ranked candidates with features
//!                                                     Confidence: probability that the candidate is right ─▶ Band
//!                                                                            answer · suggest to a person · hand over
//! ```
//! A knowledge base is plain data ([`Article`], read by [`read()`]): approved, dated, in two languages, with ten and more
//! similar questions per article and language, which do more for finding it than anything else.
//!
//! **How sure is sure.** A knowledge base is its own examination: every similar question is asked with itself left out
//! (whoever finds its article is right), and with its whole article left out (whatever is found is wrong), beside
//! questions that no article is about. From these [`Outcome`]s a small logistic model gets its weights, and the bands get
//! their thresholds: the lowest probability at which the lower bound of Wilson of the share of right answers still
//! reaches the target. The figures of the shipped knowledge base are in `docs/understanding.md`.
//!
//! **By meaning too.** Who has a model that turns sentences into vectors hands them in ([`Vectors`]): each article then also
//! stands where its questions lie, and a question near them finds it whatever its words. Without vectors, words decide alone.
//!
//! **Not here:** the model that makes vectors, storage, the texts of tickets.
//!
//! **Start reading** at [`Index::ask`], then [`Confidence`] and [`calibrate()`].

/// Version of the method: what is recorded of an automatic answer names it, so that what one version said is never taken
/// for what another would say.
pub const METHOD: u32 = 1;

/// The same where meaning was asked as well as words.
pub const METHOD_WITH_VECTORS: u32 = 2;

mod article;
mod ask;
mod calibrate;
mod confidence;
mod feedback;
mod head;
mod index;
mod meant;
mod measure;
mod near;
mod person;
mod read;
mod request;
mod shipped;
mod terms;
mod unanswered;

pub use self::{
    article::{Approval, Article, Piece},
    ask::{Asking, Band, Candidate, Features, Reply},
    calibrate::{Calibration, OUTCOMES_MAX, Outcome, REFIT_MIN, calibrate, calibrate_with, refit},
    confidence::{Confidence, Targets, Thresholds, wilson},
    feedback::{Feedback, Priors, Vote},
    index::{Index, Recipe},
    measure::{Figures, Probe, RequestFigures, RequestProbe, measure, measure_requests, measure_with},
    near::{Near, Vectors},
    person::asks_for_a_person,
    read::{ReadError, read},
    request::{Request, RequestVectors},
    shipped::{elsewhere, starter},
    unanswered::{Group, Unanswered},
};
