//! The order in which the tokens of a text stand, and where a long text is cut.

use std::{
    collections::{HashMap, HashSet},
    ops::{Range, RangeInclusive},
};

use super::{Class, Folded, PAGE_REPEATS_MAX, PAGE_TOKENS_MAX, Run, Sort, TERM_CHARS_MAX};

/// Part of a text that becomes one page: for each run in it the characters that lie in it.
pub(super) type Window = Vec<Piece>;

/// Part of a run.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Which run.
    run: usize,
    /// Which of its characters.
    chars: Range<usize>,
    /// Bytes of the folded text.
    span: Range<usize>,
}

/// Tokens per character at most: itself, the pair, and the end.
const TOKENS_PER_CHAR: usize = 3;

/// Cuts a text into windows that overlap by the longest term less one character.
pub(super) fn windows(folded: &Folded) -> Vec<Window> {
    let chars = folded.runs.iter().fold(0_usize, |sum, run| sum.saturating_add(run.chars));
    if chars == 0 {
        return Vec::new();
    }
    if chars <= usize::from(PAGE_REPEATS_MAX) {
        // No token can stand too often: the ordinary case, without counting.
        let whole = |(run, of): (usize, &Run)| Piece { run, chars: 0..of.chars, span: of.span.clone() };
        return vec![folded.runs.iter().enumerate().map(whole).collect()];
    }
    let places = Places::of(folded);
    let keys = keys(folded);
    let mut windows = Vec::new();
    let mut cut = Cut::default();
    let mut start = 0_usize;
    loop {
        let end = cut.reach(&keys, start);
        windows.push(places.pieces(folded, start..end));
        if end >= keys.len() {
            break;
        }
        start = end.saturating_sub(TERM_CHARS_MAX.saturating_sub(1)).max(start.saturating_add(1));
    }
    windows
}

/// Where everything stands if only the characters of runs are counted.
struct Places {
    /// Byte of the folded text at which each character begins.
    bytes: Vec<usize>,
    /// First character of each run.
    runs: Vec<usize>,
}

impl Places {
    fn of(folded: &Folded) -> Self {
        let mut places = Self { bytes: Vec::with_capacity(folded.text.len()), runs: Vec::new() };
        for run in &folded.runs {
            places.runs.push(places.bytes.len());
            let begins = folded.str(run).char_indices().map(|(at, _)| run.span.start.saturating_add(at));
            places.bytes.extend(begins);
        }
        places
    }

    /// The pieces of runs that lie in a range of characters.
    fn pieces(&self, folded: &Folded, window: Range<usize>) -> Window {
        let mut pieces = Vec::new();
        let first = self.runs.partition_point(|begin| *begin <= window.start).saturating_sub(1);
        for (run, (begin, of)) in self.runs.iter().zip(&folded.runs).enumerate().skip(first) {
            if *begin >= window.end {
                break;
            }
            let end = begin.saturating_add(of.chars);
            let (from, to) = (window.start.max(*begin), window.end.min(end));
            let byte = |place: usize| match self.bytes.get(place) {
                Some(byte) if place < end => *byte,
                _ => of.span.end,
            };
            let chars = from.saturating_sub(*begin)..to.saturating_sub(*begin);
            pieces.push(Piece { run, chars, span: byte(from)..byte(to) });
        }
        pieces
    }
}

/// What is counted at each character of the text: no token stands more often than the keys that it is counted by.
fn keys(folded: &Folded) -> Vec<u64> {
    let mut keys = Vec::with_capacity(folded.text.len());
    for run in &folded.runs {
        let mut last = 0_u64;
        for char in folded.str(run).chars() {
            match run.class {
                // Pairs and ends stand no more often than their characters.
                Class::Han => keys.push(u64::from(u32::from(char))),
                // Words of three and more stand no more often than their first three characters; a shorter word is
                // counted by what it ends with.
                Class::Word => {
                    last = (last << 21 | u64::from(u32::from(char))) & ((1 << 63) - 1);
                    keys.push(last | 1 << 63);
                }
            }
        }
    }
    keys
}

/// Counts what stands in a window.
#[derive(Default)]
struct Cut {
    counts: HashMap<u64, u16>,
}

impl Cut {
    /// How far a page goes that begins at `start`.
    fn reach(&mut self, keys: &[u64], start: usize) -> usize {
        self.counts.clear();
        let mut end = start;
        for key in keys.get(start..).unwrap_or_default() {
            let tokens = end.saturating_sub(start).saturating_add(1).saturating_mul(TOKENS_PER_CHAR);
            let count = self.counts.entry(*key).or_default();
            if *count >= PAGE_REPEATS_MAX || tokens > PAGE_TOKENS_MAX {
                break;
            }
            *count = count.saturating_add(1);
            end = end.saturating_add(1);
        }
        end
    }
}

/// How many characters a part of a run has that can be found by itself. What is shorter has a token in the row; what is
/// longer is found as a row of pairs or threes, which takes longer.
pub(crate) const fn parts(class: Class) -> RangeInclusive<usize> {
    match class {
        Class::Han => 3..=4,
        Class::Word => 4..=12,
    }
}

/// Gives the tokens of a window: those that stand in a row, in their order, then the parts, each once. Of a run that is cut
/// the word stands where it begins, the end where it ends.
pub(super) fn tokens(folded: &Folded, window: &Window, mut to: impl FnMut(Sort, &str)) {
    let mut starts: Vec<usize> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut once: Vec<&str> = Vec::new();
    for piece in window {
        let Some(run) = folded.runs.get(piece.run) else { continue };
        let text = folded.text.get(piece.span.clone()).unwrap_or_default();
        starts.clear();
        starts.extend(text.char_indices().map(|(at, _)| at).chain([text.len()]));
        for chars in parts(run.class) {
            grams(text, &starts, chars, |part| {
                if seen.insert(part) {
                    once.push(part);
                }
            });
        }
        match run.class {
            Class::Han => {
                grams(text, &starts, 1, |gram| to(Sort::Char, gram));
                grams(text, &starts, 2, |gram| to(Sort::Pair, gram));
                if piece.chars.end == run.chars
                    && let Some((last, _)) = text.char_indices().next_back()
                {
                    to(Sort::End, text.get(last..).unwrap_or_default());
                }
            }
            Class::Word => {
                // A word whose beginning lies in the page before was named there.
                match piece.chars.start {
                    0 if run.chars > TERM_CHARS_MAX => to(Sort::Long, ""),
                    0 => to(Sort::Word, folded.str(run)),
                    _ => {}
                }
                grams(text, &starts, 3, |gram| to(Sort::Three, gram));
            }
        }
    }
    for part in once {
        to(Sort::Part, part);
    }
}

/// Every `n` neighbouring characters between the boundaries `starts`.
pub(crate) fn grams<'t>(text: &'t str, starts: &[usize], n: usize, mut to: impl FnMut(&'t str)) {
    for boundaries in starts.windows(n.saturating_add(1)) {
        if let (Some(&from), Some(&till)) = (boundaries.first(), boundaries.last())
            && let Some(gram) = text.get(from..till)
        {
            to(gram);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::PAGE_PARTS_MAX, *};

    fn read(text: &str) -> Vec<Vec<String>> {
        let folded = Folded::of(text);
        let read = |window: &Window| {
            let mut tokens = Vec::new();
            super::tokens(&folded, window, |sort, content| {
                tokens.push(match sort {
                    Sort::End => format!("{content}|"),
                    Sort::Long => "…".to_owned(),
                    Sort::Part => format!("{content}*"),
                    _ => content.to_owned(),
                });
            });
            tokens
        };
        windows(&folded).iter().map(read).collect()
    }

    #[test]
    fn characters_then_pairs_then_the_end_and_words_before_their_parts() {
        let in_a_row = "空 调 坏 了 空调 调坏 坏了 了| ax3000 ax3 x30 300 000";
        let parts = "空调坏* 调坏了* 空调坏了* ax30* x300* 3000* ax300* x3000* ax3000*";
        let page = read("空调坏了 AX3000，调坏了").concat().join(" ");
        assert_eq!(page, format!("{in_a_row} 调 坏 了 调坏 坏了 了| {parts}"));
        assert_eq!(read("修, ok!"), [["修", "修|", "ok"]]);
        assert!(read("…").is_empty());
    }

    #[test]
    fn pages_stay_within_what_postgresql_keeps() {
        let long = "z".repeat(70).repeat(200);
        for text in ["的".repeat(3_000), "a ".repeat(3_000), "空调坏了 ab abc x1 ".repeat(3_000), long] {
            let pages = read(&text);
            assert!(pages.len() > 1);
            for page in pages {
                let (parts, page): (Vec<_>, Vec<_>) = page.iter().partition(|token| token.ends_with('*'));
                assert!(page.len() <= PAGE_TOKENS_MAX);
                assert!(parts.len() <= PAGE_PARTS_MAX);
                let mut counts: HashMap<&str, u16> = HashMap::new();
                for token in page {
                    let count = counts.entry(token).or_default();
                    *count += 1;
                    assert!(*count <= PAGE_REPEATS_MAX, "{token} stands too often");
                }
            }
        }
    }

    #[test]
    fn a_stretch_as_long_as_a_term_lies_whole_in_one_page() {
        let text: String = (0..40_000_u32).map(|n| char::from_u32(0x4e00 + n % 90).unwrap()).collect();
        let chars: Vec<char> = text.chars().collect();
        let folded = Folded::of(&text);
        let pages: Vec<Range<usize>> =
            windows(&folded).iter().map(|window| window[0].chars.clone()).collect();
        assert!(pages.len() > 1, "{pages:?}");
        for start in 0..=chars.len() - TERM_CHARS_MAX {
            let end = start + TERM_CHARS_MAX;
            assert!(pages.iter().any(|page| page.start <= start && end <= page.end), "{start}");
        }
    }
}
