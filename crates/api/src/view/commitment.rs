//! Letters for the company's people.

use yinuo_commitment::{
    Change, Commitment, Diagnostic, ForCustomer, Language, Level, Promise, budget_words, check_together,
    coverage::{self as table, Gap},
    letter as text, promise_sentence, render,
};
use yinuo_core::organisation::Organisation;
use yinuo_desk::{CheckOutcome, PublishedView};

use super::{actor, both, letter, letter_line};
use crate::dto::{
    Instant, Localised,
    commitment::{
        ChangeLine, CheckReport, CommitmentLine, CommitmentVersion, Coverage, CoverageCell, CoverageRow,
        Finding, ForCustomerWord, LevelWord, PromiseDetail, RelatedSpan, Span,
    },
    portal::LetterLine,
};

/// A published version in the list.
pub(crate) fn commitment_line(view: &PublishedView, organisation: &Organisation) -> CommitmentLine {
    let withdrawn = organisation.withdrawn.iter().find(|(number, _)| *number == view.published.number);
    CommitmentLine {
        line: letter_line(view),
        in_force: view.in_force,
        by: actor(view.published.by, &organisation.roster),
        withdrawn_from: withdrawn.map(|(_, from)| Instant(*from)),
    }
}

/// A published version with everything it says.
pub(crate) fn commitment_version(view: &PublishedView, organisation: &Organisation) -> CommitmentVersion {
    let commitment = &view.commitment;
    CommitmentVersion {
        line: commitment_line(view, organisation),
        letter: letter(view),
        source: view.published.text.clone(),
        promises: commitment.promises.iter().map(|promise| promise_detail(promise, commitment)).collect(),
        rules: commitment.rules.iter().map(|clause| clause.rule.into()).collect(),
    }
}

fn promise_detail(promise: &Promise, letter: &Commitment) -> PromiseDetail {
    PromiseDetail {
        id: promise.id.to_string(),
        title: (&promise.title).into(),
        sentence: both(|language| promise_sentence(promise, letter, language)),
        budget: both(|language| budget_words(promise.within, letter.calendar(&promise.on), language)),
        calendar: promise.on.clone(),
        kinds: promise.when.kind.iter().copied().map(Into::into).collect(),
        from: promise.from.into(),
        until: promise.until.iter().copied().map(Into::into).collect(),
        pause: promise.pause.iter().copied().map(Into::into).collect(),
        requires: promise.requires.iter().copied().map(Into::into).collect(),
        ladder: promise.ladder.clone(),
        grade: promise.grade.map(Into::into),
    }
}

/// What the check of a draft came to, beside the letters in force.
pub(crate) fn check_report(
    text: &str,
    outcome: &CheckOutcome,
    published: &[PublishedView],
    organisation: &Organisation,
) -> CheckReport {
    let count = |level| outcome.diagnostics.iter().filter(|found| found.level == level).count();
    let number_of = |level| u32::try_from(count(level)).unwrap_or(u32::MAX);
    let draft = outcome.commitment.as_deref();
    CheckReport {
        ok: draft.is_some(),
        errors: number_of(Level::Error),
        warnings: number_of(Level::Warning),
        diagnostics: outcome.diagnostics.iter().map(|found| finding(found, text)).collect(),
        rendered: both(|language| render(file_name(language), text, &outcome.diagnostics, language, false)),
        letter: draft.map(|draft| draft_line(draft, organisation)),
        html: draft.map(|draft| both(|language| text::html(draft, language))),
        coverage: draft.map(|draft| {
            let beside =
                published.iter().filter(|view| view.in_force && view.commitment.number != draft.number);
            let mut letters: Vec<&Commitment> = beside.map(|view| &*view.commitment).collect();
            letters.push(draft);
            coverage(&letters)
        }),
        changes: draft.map(|draft| changes_since_last(draft, published)).unwrap_or_default(),
    }
}

const fn file_name(language: Language) -> &'static str {
    match language {
        Language::Zh => "草稿.toml",
        Language::En => "draft.toml",
    }
}

fn draft_line(draft: &Commitment, organisation: &Organisation) -> LetterLine {
    LetterLine {
        number: draft.number.clone(),
        version: organisation.next_version(&draft.number),
        title: (&draft.title).into(),
        effective: draft.effective.into(),
        published_at: draft.effective.into(),
        hash: draft.hash.to_string(),
        covers: draft.covers.iter().copied().map(Into::into).collect(),
        promise_count: u32::try_from(draft.promises.len()).unwrap_or(u32::MAX),
    }
}

fn changes_since_last(draft: &Commitment, published: &[PublishedView]) -> Vec<ChangeLine> {
    let last = published.iter().rev().find(|view| view.commitment.number == draft.number);
    last.map(|last| change_lines(&yinuo_commitment::diff(&last.commitment, draft))).unwrap_or_default()
}

/// Changes in words.
pub(crate) fn change_lines(changes: &[Change]) -> Vec<ChangeLine> {
    let line = |change: &Change| ChangeLine {
        text: (&change.text).into(),
        for_customer: match change.for_customer {
            ForCustomer::Better => ForCustomerWord::Better,
            ForCustomer::Worse => ForCustomerWord::Worse,
            ForCustomer::Neutral => ForCustomerWord::Neutral,
        },
    };
    changes.iter().map(line).collect()
}

fn finding(found: &Diagnostic, text: &str) -> Finding {
    Finding {
        level: match found.level {
            Level::Error => LevelWord::Error,
            Level::Warning => LevelWord::Warning,
        },
        code: found.code.to_owned(),
        span: span(text, &found.span),
        message: (&found.message).into(),
        label: (&found.label).into(),
        help: found.help.as_ref().map(Localised::from),
        related: found
            .related
            .iter()
            .map(|(place, label)| RelatedSpan { span: span(text, place), label: label.into() })
            .collect(),
    }
}

/// Line and column where a finding begins.
pub(crate) fn finding_place(found: &Diagnostic, text: &str) -> (u64, u64) {
    place(text, found.span.start)
}

fn span(text: &str, bytes: &std::ops::Range<usize>) -> Span {
    let (line, column) = place(text, bytes.start);
    let (end_line, end_column) = place(text, bytes.end);
    Span { line, column, end_line, end_column }
}

/// Line and column of a byte, both from 1, the column in characters.
fn place(text: &str, byte: usize) -> (u64, u64) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line as u64, column as u64)
}

/// Which promises of `letters` run for which cases.
pub(crate) fn coverage(letters: &[&Commitment]) -> Coverage {
    let table = table::table(letters);
    let differences = check_together(letters);
    Coverage {
        gaps: u32::try_from(table.gaps().count()).unwrap_or(u32::MAX),
        rows: table.rows.iter().map(coverage_row).collect(),
        differences: differences.iter().map(|difference| (&difference.text).into()).collect(),
    }
}

fn coverage_row(row: &table::Row) -> CoverageRow {
    let cell = |cell: &table::Cell| CoverageCell {
        commitment: cell.number.clone(),
        promise: cell.promise.to_string(),
        from: cell.from.into(),
        until: cell.until.iter().copied().map(Into::into).collect(),
        budget: (&cell.words).into(),
    };
    let gap = |gap: &Gap| both(|language| gap.label(language).to_owned());
    CoverageRow {
        kind: row.case.kind.into(),
        case: both(|language| row.case.words(language)),
        cells: row.cells.iter().map(cell).collect(),
        gaps: row.gaps.iter().map(gap).collect(),
    }
}
