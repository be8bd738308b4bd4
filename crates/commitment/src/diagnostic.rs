//! What the check has to say about a file, and how it looks on a terminal.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Mood, Renderer, Snippet, renderer::DecorStyle};

use crate::vocabulary::{Language, Text};

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The file is not a commitment until this is put right.
    Error,
    /// The file can be published, and somebody should know this first.
    Warning,
}

/// One finding of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub level: Level,
    /// Stable kebab-case name of the rule; see [`CODES`].
    pub code: &'static str,
    /// The offending bytes of the text; always on character boundaries inside the text it was made from.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: Text,
    /// What is wrong with exactly the underlined bytes.
    pub label: Text,
    /// What to write instead.
    pub help: Option<Text>,
    /// Other places of the text that belong to it, each with its label.
    pub related: Vec<(Range<usize>, Text)>,
}

/// Every code that a diagnostic can carry, with its level.
pub const CODES: &[(&str, Level)] = &[
    ("syntax", Level::Error),
    ("bad-date", Level::Error),
    ("unknown-key", Level::Error),
    ("missing-key", Level::Error),
    ("wrong-type", Level::Error),
    ("unknown-word", Level::Error),
    ("repeated-word", Level::Warning),
    ("bad-duration", Level::Error),
    ("out-of-range", Level::Error),
    ("empty-text", Level::Error),
    ("empty-when", Level::Error),
    ("bad-id", Level::Error),
    ("duplicate-id", Level::Error),
    ("bad-hours", Level::Error),
    ("overlapping-hours", Level::Error),
    ("never-opens", Level::Error),
    ("closed-and-open", Level::Error),
    ("always-with-dates", Level::Error),
    ("unknown-zone", Level::Error),
    ("unknown-table", Level::Error),
    ("holidays-unpublished", Level::Warning),
    ("unknown-calendar", Level::Error),
    ("unknown-ladder", Level::Error),
    ("unknown-promise", Level::Error),
    ("unused-calendar", Level::Warning),
    ("unused-ladder", Level::Warning),
    ("same-clock", Level::Error),
    ("precedence-circle", Level::Error),
    ("impossible-mark", Level::Error),
    ("unfit-budget", Level::Error),
    ("untold", Level::Error),
    ("told-in-vain", Level::Warning),
    ("ladder-order", Level::Error),
    ("ladder-after-end", Level::Error),
    ("breach-terms-missing", Level::Error),
    ("exception-unproved", Level::Error),
    ("signed-late", Level::Warning),
    ("gap", Level::Warning),
];

impl Diagnostic {
    /// Line and column of its first byte in `text`, both from 1, the column in characters.
    pub fn line_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// Collects diagnostics while a text is read and checked.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Diagnostic>,
}

impl Findings {
    /// Records a finding under `code`, whose level is the one that [`CODES`] gives it.
    pub(crate) fn add(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: Text,
        label: Text,
    ) -> &mut Diagnostic {
        let level = CODES.iter().find(|(known, _)| *known == code).map_or(Level::Error, |(_, level)| *level);
        let diagnostic = Diagnostic { level, code, span, message, label, help: None, related: Vec::new() };
        self.found.push(diagnostic);
        #[expect(clippy::expect_used, reason = "the line above pushed it")]
        self.found.last_mut().expect("just pushed")
    }

    /// Whether an error is among them.
    pub(crate) fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// All findings in the order of the text.
    pub(crate) fn into_sorted(mut self, text: &str) -> Vec<Diagnostic> {
        for diagnostic in &mut self.found {
            diagnostic.span = within(text, &diagnostic.span);
            for (span, _) in &mut diagnostic.related {
                *span = within(text, span);
            }
        }
        self.found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.level));
        self.found
    }
}

impl Diagnostic {
    /// Says what to write instead.
    pub(crate) fn help(&mut self, help: Text) -> &mut Self {
        self.help = Some(help);
        self
    }

    /// Points at another place that belongs to it.
    pub(crate) fn relate(&mut self, span: Range<usize>, label: Text) -> &mut Self {
        self.related.push((span, label));
        self
    }
}

/// `span` cut to the text and widened to whole characters.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// Draws the diagnostics as a compiler would: level and code, file, line and column, the offending text underlined,
/// and a help line. `colour` adds terminal escapes. The text should be the one that was checked.
pub fn render(
    file_name: &str,
    text: &str,
    diagnostics: &[Diagnostic],
    language: Language,
    colour: bool,
) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(120);
    let mut drawn = String::new();
    for diagnostic in diagnostics {
        drawn.push_str(&renderer.render(&[group(file_name, text, diagnostic, language)]));
        drawn.push_str("\n\n");
    }
    drawn.push_str(&summary(file_name, diagnostics, language));
    drawn.push('\n');
    drawn
}

fn group<'a>(file_name: &'a str, text: &'a str, diagnostic: &'a Diagnostic, language: Language) -> Group<'a> {
    let mood = match (diagnostic.level, language) {
        (Level::Error, Language::En) => Mood::ERROR,
        (Level::Error, Language::Zh) => Mood::ERROR.with_name("错误"),
        (Level::Warning, Language::En) => Mood::WARNING,
        (Level::Warning, Language::Zh) => Mood::WARNING.with_name("警告"),
    };
    let help = match language {
        Language::En => Mood::HELP,
        Language::Zh => Mood::HELP.with_name("建议"),
    };
    let mut snippet = Snippet::source(text).path(file_name).annotation(
        AnnotationKind::Primary.span(within(text, &diagnostic.span)).label(diagnostic.label.get(language)),
    );
    for (span, label) in &diagnostic.related {
        snippet =
            snippet.annotation(AnnotationKind::Context.span(within(text, span)).label(label.get(language)));
    }
    let mut group = mood.primary_title(diagnostic.message.get(language)).id(diagnostic.code).element(snippet);
    if let Some(text) = &diagnostic.help {
        group = group.element(help.message(text.get(language)));
    }
    group
}

fn summary(file_name: &str, diagnostics: &[Diagnostic], language: Language) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count();
    let warnings = diagnostics.len() - errors;
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    match language {
        Language::Zh => format!("{file_name}：{errors} 个错误，{warnings} 个警告"),
        Language::En => {
            format!("{file_name}: {errors} error{}, {warnings} warning{}", plural(errors), plural(warnings))
        }
    }
}
