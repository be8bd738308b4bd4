//! The starter knowledge base, and what was fitted to it.

use super::{Article, Confidence, ReadError, Thresholds, read};

/// Fitted to the starter knowledge base by `calibrate`; a test fits it anew and compares.
pub(super) static CONFIDENCE: Confidence = Confidence::new([
    -2.672, -1.824, -0.004, 2.864, 1.171, 0.483, 2.267, 1.993, -0.125, 0.272, 0.0, 0.0, 0.0,
]);

/// Chosen with it for the default targets.
pub(super) const THRESHOLDS: Thresholds = Thresholds { answer: 0.9706, suggest: 0.524 };

/// The same with the vectors of multilingual-e5-small: for knowledge bases that are too small to be examined.
pub(super) static CONFIDENCE_WITH_VECTORS: Confidence =
    Confidence::new([-5.61, -0.47, -0.44, -1.73, -0.36, 0.33, 2.49, 1.13, -0.72, 0.86, 2.41, 3.37, 3.04]);

/// From which probability on is suggested with it.
pub(super) const THRESHOLDS_WITH_VECTORS: Thresholds = Thresholds { answer: 0.907, suggest: 0.637 };

/// The starter knowledge base of a fictional company: household appliances, networks, invoices, refunds, contracts, how
/// complaints are handled. It fits the letters of the worked example and is there to be replaced.
pub fn starter() -> Result<Vec<Article>, ReadError> {
    read(include_str!("../../data/faq/starter.txt"))
}

/// Questions that no knowledge base of a service desk is about: what a calibration needs beside its articles.
pub fn elsewhere() -> Vec<&'static str> {
    include_str!("../../data/faq/elsewhere.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}
