//! The check: from the text of a file to a commitment or to everything that is wrong with it.

mod build;
mod clocks;
mod gaps;
mod hash;
mod names;

use crate::{
    diagnostic::{Diagnostic, Findings, Level},
    model::Commitment,
    read::read,
    tables::Tables,
};

/// What the check of one file came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// The commitment, unless an error was found.
    pub commitment: Option<Commitment>,
    /// Everything found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Whether an error was found, so that there is no commitment.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }
}

/// Reads and checks the text of a commitment file against the holiday tables that it may name. All findings come in
/// one pass; nothing is guessed: a commitment comes out only if there is no error.
///
/// Gaps are looked for last, in a file without errors: what a broken promise would have covered is unknown.
pub fn check(text: &str, tables: &Tables) -> Report {
    let mut findings = Findings::default();
    let commitment = read(text, tables, &mut findings).and_then(|draft| {
        names::check(&draft, &mut findings);
        clocks::check(&draft, &mut findings);
        gaps::holidays(&draft, &mut findings);
        if findings.has_errors() {
            return None;
        }
        let hash = hash::content_hash(text, &draft, tables);
        let span = draft.head.number.as_ref().map_or(draft.head.header.clone(), |number| number.span.clone());
        let commitment = build::build(draft, hash)?;
        gaps::check(&commitment, span, &mut findings);
        Some(commitment)
    });
    Report { commitment, diagnostics: findings.into_sorted(text) }
}
