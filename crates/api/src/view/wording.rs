//! Remarks of the check of wording.

use yinuo_desk::{Blocks, Remark};

use crate::dto::wording::{WordingRemark, WordingReport};

/// Everything that was remarked on `text`.
pub(crate) fn wording_report(text: &str, remarks: &[Remark]) -> WordingReport {
    let remarks = wording_remarks(text, remarks);
    WordingReport { blocks: remarks.iter().any(|remark| remark.blocks), remarks }
}

/// Remarks with their places as browsers count them.
pub(crate) fn wording_remarks(text: &str, remarks: &[Remark]) -> Vec<WordingRemark> {
    let units = |byte: usize| {
        let before = text.get(..byte).unwrap_or(text);
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    let one = |remark: &Remark| WordingRemark {
        from: units(remark.span.start),
        to: units(remark.span.end),
        code: remark.code.word().to_owned(),
        blocks: remark.severity == Blocks::Required,
        explanation: (&remark.explanation).into(),
        suggestion: remark.suggestion.as_ref().map(Into::into),
    };
    remarks.iter().map(one).collect()
}
