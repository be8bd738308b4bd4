//! A text folded and cut into runs, with the way back to the original.

use std::ops::Range;

use super::BORDER;
use crate::normal;

/// What a run is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Chinese characters and kana: written without spaces.
    Han,
    /// Letters and digits.
    Word,
}

/// Characters of one class without anything between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) class: Class,
    /// Bytes of the folded text.
    pub(crate) span: Range<usize>,
    /// Characters.
    pub(crate) chars: usize,
}

/// A folded text: runs as they are, a blank where anything else stood.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub(crate) text: String,
    pub(crate) runs: Vec<Run>,
}

impl Folded {
    pub(crate) fn of(source: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(source.len()), runs: Vec::new() };
        for char in source.chars() {
            normal::fold(char, |part| folded.push(part));
        }
        folded
    }

    /// The folded text, and for each of its bytes the byte of `source` at which the character behind it begins; one entry
    /// more for the end.
    pub(crate) fn with_origins(source: &str) -> (Self, Vec<usize>) {
        let mut folded = Self { text: String::with_capacity(source.len()), runs: Vec::new() };
        let mut origins = Vec::with_capacity(source.len().saturating_add(1));
        for (at, char) in source.char_indices() {
            normal::fold(char, |part| folded.push(part));
            origins.resize(folded.text.len(), at);
        }
        origins.push(source.len());
        (folded, origins)
    }

    fn push(&mut self, char: char) {
        if char == BORDER {
            // A run of its own: no term has it, so none goes on across it.
            let start = self.text.len();
            self.text.push(char);
            self.runs.push(Run { class: Class::Word, span: start..self.text.len(), chars: 1 });
            return;
        }
        let class = if normal::is_han(char) {
            Class::Han
        } else if char.is_alphanumeric() {
            Class::Word
        } else {
            if !self.text.ends_with(' ') {
                self.text.push(' ');
            }
            return;
        };
        let start = self.text.len();
        let bordered = self.text.ends_with(BORDER);
        self.text.push(char);
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(run) if run.class == class && run.span.end == start && !bordered => {
                run.span.end = end;
                run.chars = run.chars.saturating_add(1);
            }
            _ => self.runs.push(Run { class, span: start..end, chars: 1 }),
        }
    }

    /// The characters of a run.
    pub(crate) fn str(&self, run: &Run) -> &str {
        self.text.get(run.span.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_the_class_changes_or_anything_else_stands() {
        let folded = Folded::of("客厅ＷiFi断線，AX-3000!");
        let runs: Vec<&str> = folded.runs.iter().map(|run| folded.str(run)).collect();
        assert_eq!(runs, ["客厅", "wifi", "断线", "ax", "3000"]);
        assert_eq!(folded.text, "客厅wifi断线 ax 3000 ");
        assert!(Folded::of(" ，!?😀").runs.is_empty());
    }

    #[test]
    fn marks_and_invisible_characters_cut_nothing() {
        let folded = Folded::of("cafe\u{301} so\u{ad}ft 空\u{200b}调");
        let runs: Vec<&str> = folded.runs.iter().map(|run| folded.str(run)).collect();
        assert_eq!(runs, ["cafe", "soft", "空调"]);
    }

    #[test]
    fn a_border_is_a_run_of_its_own() {
        let folded = Folded::of("空调\u{2029}ab\u{2029}\u{2029}cd");
        let runs: Vec<&str> = folded.runs.iter().map(|run| folded.str(run)).collect();
        assert_eq!(runs, ["空调", "\u{2029}", "ab", "\u{2029}", "\u{2029}", "cd"]);
    }

    #[test]
    fn origins_lead_back() {
        let source = "ﬁ，线";
        let (folded, origins) = Folded::with_origins(source);
        assert_eq!(folded.text, "fi 线");
        assert_eq!(origins, [0, 0, 3, 6, 6, 6, 9]);
    }
}
