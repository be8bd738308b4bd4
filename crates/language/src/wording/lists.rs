//! The lists of `data/wording.txt`, and where their words stand in a draft.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use yinuo_commitment::Text;

use super::{Code, Part, Remark, Room, Severity, draft::Draft, times};

/// Letters that `…` stands for at most.
const GAP_MAX: usize = 10;

/// What the words of a section speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// They must not be said.
    Against(Code, Severity),
    /// They are a part of a message.
    Part(Part),
    /// Nothing; they silence shorter words inside.
    Guard,
}

#[derive(Debug)]
struct Section {
    about: About,
    zh: String,
    en: String,
    suggest_zh: String,
    suggest_en: String,
    unless_time: bool,
}

#[derive(Debug)]
struct Word {
    /// What stands behind the gap, if the word has one.
    tail: Option<String>,
    section: usize,
}

/// All lists.
#[derive(Debug)]
pub(super) struct Lists {
    sections: Vec<Section>,
    words: Vec<Word>,
    search: AhoCorasick,
}

/// A word that stands in a draft and that nothing silences, as letters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    from: usize,
    to: usize,
    section: usize,
}

/// Why the lists cannot be read: the line, counted from 1, and what is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListError {
    line: usize,
    wrong: &'static str,
}

pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the lists are compiled in, and a test reads them")]
    read(include_str!("../../data/wording.txt")).expect("the lists of wording can be read")
});

fn read(text: &str) -> Result<Lists, ListError> {
    let mut sections: Vec<Section> = Vec::new();
    let mut heads: Vec<String> = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        let wrong = |wrong| ListError { line: number, wrong };
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let about = about(header).ok_or_else(|| wrong("unknown section"))?;
            let (zh, en, suggest_zh, suggest_en) = Default::default();
            sections.push(Section { about, zh, en, suggest_zh, suggest_en, unless_time: false });
            continue;
        }
        let index = sections.len().checked_sub(1).ok_or_else(|| wrong("words before any section"))?;
        let section = sections.get_mut(index).ok_or_else(|| wrong("words before any section"))?;
        let (key, value) = match line.split_once(": ") {
            Some((key @ ("zh" | "en" | "suggest-zh" | "suggest-en" | "unless" | "words"), value)) => {
                (key, value)
            }
            _ if section.about == About::Guard => ("words", line),
            _ => return Err(wrong("neither words nor a known key")),
        };
        match key {
            "zh" => value.clone_into(&mut section.zh),
            "en" => value.clone_into(&mut section.en),
            "suggest-zh" => value.clone_into(&mut section.suggest_zh),
            "suggest-en" => value.clone_into(&mut section.suggest_en),
            "unless" if value == "time" => section.unless_time = true,
            "unless" => return Err(wrong("only `unless: time` is known")),
            _ => {
                for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                    let (head, tail) =
                        word.split_once('…').map_or((word, None), |(head, tail)| (head, Some(tail)));
                    heads.push(head.to_owned());
                    words.push(Word { tail: tail.map(str::to_owned), section: index });
                }
            }
        }
    }
    let search = AhoCorasick::new(&heads).map_err(|_| ListError { line: 0, wrong: "too many words" })?;
    Ok(Lists { sections, words, search })
}

fn about(header: &str) -> Option<About> {
    let mut parts = header.split_whitespace();
    let severity = |word: Option<&str>| match word {
        Some("style") => Some(Severity::Style),
        Some("required") => Some(Severity::Required),
        _ => None,
    };
    let first = parts.next()?;
    let second = parts.next();
    let code = match first {
        "guard" => return second.is_none().then_some(About::Guard),
        "part" => return Part::from_word(second?).map(About::Part),
        "vague" => Code::Vague,
        "blame" => Code::Blame,
        "curt" => Code::Curt,
        "sarcasm" => Code::Sarcasm,
        "abuse" => Code::Abuse,
        "overpromise" => Code::Overpromise,
        "internal" => Code::Internal,
        _ => return None,
    };
    Some(About::Against(code, severity(second)?))
}

impl Lists {
    /// The words of the lists that stand in `draft`, but those inside of a guard or of a longer word of the same section.
    pub(super) fn hits(&self, draft: &Draft<'_>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for found in self.search.find_overlapping_iter(&draft.small) {
            let Some(word) = self.words.get(found.pattern().as_usize()) else { continue };
            if !is_whole(draft.small.as_bytes(), found.start(), found.end()) {
                continue;
            }
            let (from, head_to) = (draft.letter(found.start()), draft.letter(found.end()));
            let to = match &word.tail {
                None => Some(head_to),
                Some(tail) => tail_end(draft, head_to, tail),
            };
            if let Some(to) = to {
                hits.push(Hit { from, to, section: word.section });
            }
        }
        hits.sort_by_key(|hit| (hit.from, std::cmp::Reverse(hit.to)));
        self.unsilenced(&hits)
    }

    fn about_of(&self, hit: Hit) -> Option<About> {
        self.sections.get(hit.section).map(|section| section.about)
    }

    /// `hits` are in order of their start, the longer first; what silences one starts before or with it.
    fn unsilenced(&self, hits: &[Hit]) -> Vec<Hit> {
        let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
        let mut guards_end = 0;
        let mut last: Option<Hit> = None;
        for hit in hits {
            let about = self.about_of(*hit);
            if about == Some(About::Guard) {
                guards_end = guards_end.max(hit.to);
                continue;
            }
            let parts = matches!(about, Some(About::Part(_)));
            let inside = last.is_some_and(|last| !parts && hit.to <= last.to);
            if hit.to <= guards_end || inside {
                continue;
            }
            if !parts {
                last = Some(*hit);
            }
            kept.push(*hit);
        }
        kept
    }

    /// What is said about a missing part.
    pub(super) fn about(&self, part: Part) -> (Text, Option<Text>) {
        let section = self.sections.iter().find(|section| section.about == About::Part(part));
        section.map_or_else(
            || (Text::new(part.word(), part.word()), None),
            |section| (Text::new(&section.zh, &section.en), section.suggestion()),
        )
    }
}

impl Section {
    fn suggestion(&self) -> Option<Text> {
        (!self.suggest_zh.is_empty()).then(|| Text::new(&self.suggest_zh, &self.suggest_en))
    }
}

/// Whether a word of Latin letters is a whole word here; Chinese words need no borders.
fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    let part = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let begins = !part(Some(start)) || !part(start.checked_sub(1));
    let ends = !part(end.checked_sub(1)) || !part(Some(end));
    begins && ends
}

/// One past the tail of a word with a gap, in the same clause.
fn tail_end(draft: &Draft<'_>, from: usize, tail: &str) -> Option<usize> {
    let length = tail.chars().count();
    for place in from..=from + GAP_MAX {
        if draft.letters.reads(place, tail) {
            return Some(place + length);
        }
        let dot = draft.letters.at(place) == '.' && !draft.letters.at(place + 1).is_ascii_digit();
        if dot || matches!(draft.letters.at(place), '\0' | '\n' | '。' | '!' | '?' | ';') {
            return None;
        }
    }
    None
}

/// Remarks on words that must not be said.
pub(super) fn against_words(draft: &Draft<'_>, hits: &[Hit], remarks: &mut Vec<Remark>) {
    let parts = |hit: &&Hit| !matches!(LISTS.about_of(**hit), Some(About::Part(_)));
    let mut room = Room::default();
    for hit in hits.iter().filter(parts) {
        let Some(section) = LISTS.sections.get(hit.section) else { continue };
        let About::Against(code, severity) = section.about else { continue };
        if !room.takes(severity) {
            continue;
        }
        let (from, to) = draft.sentence(hit.from);
        if section.unless_time && times::names(draft, from, to) {
            continue;
        }
        let span = draft.span(hit.from, hit.to);
        let word = draft.text.get(span.clone()).unwrap_or_default();
        let explanation = Text::new(section.zh.replace("{word}", word), section.en.replace("{word}", word));
        remarks.push(Remark { span, severity, code, explanation, suggestion: section.suggestion() });
    }
}

/// Whether words of `part` stand in the draft.
pub(super) fn has_part(hits: &[Hit], part: Part) -> bool {
    hits.iter().any(|hit| LISTS.about_of(*hit) == Some(About::Part(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_can_be_read_and_explain_themselves() {
        let lists = read(include_str!("../../data/wording.txt")).unwrap();
        assert!(lists.words.len() > 600, "{} words", lists.words.len());
        for section in lists.sections.iter().filter(|section| section.about != About::Guard) {
            assert!(!section.zh.is_empty() && !section.en.is_empty(), "{section:?}");
            assert_eq!(section.suggest_zh.is_empty(), section.suggest_en.is_empty(), "{section:?}");
        }
        for part in Part::ALL {
            assert!(lists.about(*part).1.is_some(), "{part:?}");
        }
        for pattern in
            include_str!("../../data/wording.txt").lines().filter_map(|line| line.strip_prefix("words: "))
        {
            assert_eq!(Draft::of(pattern).small, pattern, "write words as they are compared");
        }
    }

    #[test]
    fn a_bad_list_says_where_it_is_wrong() {
        let wrong = |lists: &str| read(lists).unwrap_err();
        assert_eq!(wrong("words: 也许"), ListError { line: 1, wrong: "words before any section" });
        assert_eq!(wrong("# note\n[vague sometimes]"), ListError { line: 2, wrong: "unknown section" });
        assert_eq!(
            wrong("[vague style]\nunless: rain"),
            ListError { line: 2, wrong: "only `unless: time` is known" }
        );
        assert_eq!(
            wrong("[vague style]\n也许"),
            ListError { line: 2, wrong: "neither words nor a known key" }
        );
    }
}
