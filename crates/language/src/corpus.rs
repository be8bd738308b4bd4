//! Labelled texts: reading them, telling them apart, and which of them nothing is learned from.

use yinuo_commitment::{Complexity, Kind, Language, Severity, Urgency};

use crate::{
    dimension::{Labels, Sentiment},
    features::Fnv,
    normal::Normal,
};

/// The shipped texts: language and contents of each file.
const SHIPPED: [(Language, &str); 10] = [
    (Language::Zh, include_str!("../data/corpus/zh/complaint.txt")),
    (Language::Zh, include_str!("../data/corpus/zh/consultation.txt")),
    (Language::Zh, include_str!("../data/corpus/zh/praise.txt")),
    (Language::Zh, include_str!("../data/corpus/zh/repair.txt")),
    (Language::Zh, include_str!("../data/corpus/zh/suggestion.txt")),
    (Language::En, include_str!("../data/corpus/en/complaint.txt")),
    (Language::En, include_str!("../data/corpus/en/consultation.txt")),
    (Language::En, include_str!("../data/corpus/en/praise.txt")),
    (Language::En, include_str!("../data/corpus/en/repair.txt")),
    (Language::En, include_str!("../data/corpus/en/suggestion.txt")),
];

/// Who said what a text is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The texts that are shipped.
    Base,
    /// A person of the organisation, by their id.
    Person(String),
}

/// A labelled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// One line; may be empty.
    pub subject: String,
    /// The whole text.
    pub body: String,
    /// What it is.
    pub labels: Labels,
    /// Who said so.
    pub origin: Origin,
}

/// Which side of the fixed split a text lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It may be learned from; the number, 0 to 4, says in which fifth of these texts it lies.
    Learn(u8),
    /// It is held back: models are measured by it and never learn from it.
    HeldBack,
}

/// A number that is the same for texts that differ in nothing but case, width, script, white space and punctuation.
pub fn fingerprint(subject: &str, body: &str) -> u64 {
    let normal = Normal::of(subject, body);
    let letters = normal.text.chars().filter(|char| char.is_alphanumeric());
    let hash = letters.fold(Fnv::new(), |hash, char| hash.bytes(&u32::from(char).to_le_bytes()));
    // FNV-1a alone leaves the last letters in the lower bits; this spreads them.
    let mut mixed = hash.finish();
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

/// The side of a text: by its [`fingerprint`] alone, for ever. Every fifth text is held back.
pub fn side(subject: &str, body: &str) -> Side {
    side_of(fingerprint(subject, body))
}

pub(crate) const fn side_of(fingerprint: u64) -> Side {
    if fingerprint % 100 < 20 {
        return Side::HeldBack;
    }
    match (fingerprint / 100) % 5 {
        0 => Side::Learn(0),
        1 => Side::Learn(1),
        2 => Side::Learn(2),
        3 => Side::Learn(3),
        _ => Side::Learn(4),
    }
}

/// Why a line of a corpus cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what it should be.
    pub wrong: String,
}

impl std::fmt::Display for CorpusError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.wrong)
    }
}

impl std::error::Error for CorpusError {}

/// Reads lines of `kind urgent? complex? major? technical? topic sentiment | text`; the sentiment may be missing. Blank
/// lines and lines that begin with `#` are passed over.
pub fn read(corpus: &str) -> Result<Vec<Example>, CorpusError> {
    let lines = corpus.lines().map(str::trim).zip(1..);
    let texts = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    texts.map(|(line, number)| example(line).map_err(|wrong| CorpusError { line: number, wrong })).collect()
}

/// The texts that are shipped in both languages; every model of an organisation learns from them too, so that what it has
/// no corrections about yet is not forgotten.
pub fn shipped() -> Result<Vec<Example>, CorpusError> {
    let mut texts = shipped_in(Language::Zh)?;
    texts.append(&mut shipped_in(Language::En)?);
    Ok(texts)
}

/// The shipped texts in one language.
pub fn shipped_in(language: Language) -> Result<Vec<Example>, CorpusError> {
    let files = SHIPPED.iter().filter(|(own, _)| *own == language);
    let texts: Result<Vec<Vec<Example>>, CorpusError> = files.map(|(_, text)| read(text)).collect();
    Ok(texts?.into_iter().flatten().collect())
}

fn example(line: &str) -> Result<Example, String> {
    let (labels, text) = line.split_once('|').ok_or("there is no `|` between labels and text")?;
    let words: Vec<&str> = labels.split_whitespace().collect();
    let (flags, sentiment) = match *words.as_slice() {
        [kind, urgent, complex, major, technical, topic] => {
            ([kind, urgent, complex, major, technical, topic], None)
        }
        [kind, urgent, complex, major, technical, topic, sentiment] => {
            ([kind, urgent, complex, major, technical, topic], Some(sentiment))
        }
        _ => return Err(format!("{} labels where seven are expected", words.len())),
    };
    let [kind, urgent, complex, major, technical, topic] = flags;
    let kind = Kind::from_word(kind).ok_or_else(|| format!("`{kind}` is no kind"))?;
    let flag = |label: &str, yes: &str| match label {
        "-" => Ok(false),
        _ if label == yes => Ok(true),
        _ => Err(format!("`{label}` where `{yes}` or `-` is expected")),
    };
    let sentiment = match sentiment {
        None => None,
        Some("+") => Some(Sentiment::Positive),
        Some("0") => Some(Sentiment::Neutral),
        Some("-") => Some(Sentiment::Negative),
        Some(other) => return Err(format!("`{other}` where `+`, `0` or `-` is expected")),
    };
    if text.trim().is_empty() {
        return Err("there is no text after `|`".to_owned());
    }
    let labels = Labels {
        kind: Some(kind),
        urgency: Some(if flag(urgent, "U")? { Urgency::Urgent } else { Urgency::Normal }),
        complexity: Some(if flag(complex, "X")? { Complexity::Complex } else { Complexity::Simple }),
        severity: Some(if flag(major, "M")? { Severity::Major } else { Severity::General }),
        technical: Some(flag(technical, "T")?),
        topic: Some((topic != "-").then(|| topic.to_owned())),
        sentiment,
    };
    Ok(Example { subject: String::new(), body: text.trim().to_owned(), labels, origin: Origin::Base })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_with_their_labels() {
        let texts =
            read("# note\n\nrepair U X M T router - | 全部断网 | 急\npraise - - - - - + | 好").unwrap();
        let [first, second] = texts.as_slice() else { panic!("{texts:?}") };
        assert_eq!(first.body, "全部断网 | 急");
        assert_eq!(first.labels.urgency, Some(Urgency::Urgent));
        assert_eq!(first.labels.sentiment, Some(Sentiment::Negative));
        assert_eq!(first.labels.topic, Some(Some("router".to_owned())));
        assert_eq!(second.labels.topic, Some(None));
        assert_eq!(second.labels.sentiment, Some(Sentiment::Positive));
    }

    #[test]
    fn a_bad_line_says_where_and_what() {
        let wrong = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(wrong("\nrepair - - - T router"), "line 2: there is no `|` between labels and text");
        assert_eq!(wrong("wish - - - - - 0 | x"), "line 1: `wish` is no kind");
        assert_eq!(wrong("repair X - - - - 0 | x"), "line 1: `X` where `U` or `-` is expected");
        assert_eq!(wrong("repair - - - - - ? | x"), "line 1: `?` where `+`, `0` or `-` is expected");
        assert_eq!(wrong("repair - - | x"), "line 1: 3 labels where seven are expected");
        assert_eq!(wrong("repair - - - - - 0 | "), "line 1: there is no text after `|`");
    }

    #[test]
    fn the_same_text_lies_on_the_same_side_however_it_is_written() {
        assert_eq!(fingerprint("", "空調漏電，報修！"), fingerprint("", " 空调漏电  报修"));
        assert_eq!(fingerprint("", "The Wi-Fi is DOWN"), fingerprint("", "the ｗｉ-ｆｉ is down."));
        assert_ne!(fingerprint("", "空调漏电"), fingerprint("", "空调漏水"));
        assert_eq!(side("", "空調漏電"), side("", "空调漏电。"));
    }

    #[test]
    fn about_every_fifth_text_is_held_back() {
        let sides: Vec<Side> = (0..5_000).map(|number| side("", &format!("text {number}"))).collect();
        let held_back = sides.iter().filter(|side| **side == Side::HeldBack).count();
        assert!((900..1_100).contains(&held_back), "{held_back}");
        for part in 0..5 {
            let count = sides.iter().filter(|side| **side == Side::Learn(part)).count();
            assert!((700..900).contains(&count), "{part}: {count}");
        }
    }
}
