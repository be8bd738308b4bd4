//! Names in English texts: after `my name is`, titles, labels and greetings at the end of a letter.

use super::{
    Candidate, Certainty, Sort,
    letters::{Letters, is_latin},
};

/// How a cue is followed by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Words in any case.
    Words,
    /// One capital word or more.
    Capitals,
    /// Two capital words or more.
    TwoCapitals,
    /// A colon, then words.
    Colon,
}

const CUES: &[(&str, Needs)] = &[
    ("my name is", Needs::Words),
    ("my name's", Needs::Words),
    ("my full name is", Needs::Words),
    ("name is", Needs::Capitals),
    ("the name on the account is", Needs::Words),
    ("i am", Needs::TwoCapitals),
    ("i'm", Needs::TwoCapitals),
    ("this is", Needs::TwoCapitals),
    ("ask for", Needs::Capitals),
    ("speak to", Needs::Capitals),
    ("spoke to", Needs::Capitals),
    ("spoke with", Needs::Capitals),
    ("mr", Needs::Capitals),
    ("mrs", Needs::Capitals),
    ("ms", Needs::Capitals),
    ("miss", Needs::Capitals),
    ("dr", Needs::Capitals),
    ("contact person", Needs::Colon),
    ("contact", Needs::Colon),
    ("customer", Needs::Colon),
    ("customer name", Needs::Colon),
    ("full name", Needs::Colon),
    ("name", Needs::Colon),
    ("recipient", Needs::Colon),
    ("regards", Needs::Capitals),
    ("sincerely", Needs::Capitals),
    ("yours truly", Needs::Capitals),
    ("yours faithfully", Needs::Capitals),
    ("cheers", Needs::Capitals),
    ("signed", Needs::Capitals),
    ("dear", Needs::Capitals),
];

/// Words that are no names although they stand where names do.
const NO_NAMES: &[&str] = &[
    "a",
    "an",
    "the",
    "and",
    "or",
    "but",
    "not",
    "i",
    "my",
    "your",
    "our",
    "you",
    "we",
    "us",
    "it",
    "is",
    "was",
    "on",
    "in",
    "at",
    "to",
    "for",
    "from",
    "of",
    "with",
    "so",
    "very",
    "still",
    "really",
    "just",
    "also",
    "please",
    "team",
    "support",
    "service",
    "services",
    "customer",
    "customers",
    "sir",
    "sirs",
    "madam",
    "all",
    "everyone",
    "manager",
    "sales",
    "desk",
    "help",
    "agent",
    "friend",
    "valued",
    "client",
    "technician",
    "engineer",
    "someone",
    "somebody",
    "here",
    "there",
    "this",
    "that",
    "what",
    "when",
    "unable",
    "urgent",
    "writing",
    "calling",
    "trying",
    "having",
    "waiting",
    "looking",
    "sorry",
    "afraid",
    "sure",
    "happy",
    "disappointed",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "phone",
    "email",
    "address",
    "order",
    "live",
    "living",
    "number",
    "tel",
    "mobile",
    "me",
    "him",
    "her",
    "them",
    "unacceptable",
    "outrageous",
    "ridiculous",
    "absolutely",
    "completely",
    "extremely",
    "human",
    "person",
    "supervisor",
    "department",
    "office",
    "head",
    "staff",
    "company",
    "account",
    "about",
    "because",
    "since",
    "call",
    "date",
    "via",
    "by",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "air",
    "water",
    "wi-fi",
    "wifi",
    "smart",
    "model",
    "yours",
    "best",
    "kind",
    "many",
    "thanks",
    "spelled",
    "spelt",
    "wrong",
    "missing",
    "misspelled",
    "incorrect",
    "required",
    "unknown",
    "not",
    "no",
    "yes",
    "accounts",
    "facility",
    "facilities",
    "purchase",
    "purchasing",
    "legal",
    "finance",
    "operations",
    "management",
    "reception",
    "procurement",
    "admin",
    "hr",
    "logistics",
    "maintenance",
    "security",
    "building",
    "who",
    "how",
    "why",
    "where",
    "if",
    "as",
    "are",
    "were",
    "be",
    "been",
    "have",
    "has",
    "had",
    "will",
    "would",
];

/// Whether a name in capitals could begin so.
pub(super) fn is_capital(c: char) -> bool {
    is_latin(c) && c.is_uppercase()
}

pub(super) fn find(letters: &Letters, candidates: &mut Vec<Candidate>) {
    let mut index = 0;
    while index < letters.len() {
        if !is_latin(letters.at(index)) {
            index += 1;
            continue;
        }
        let to = word_end(letters, index);
        if !letters.before(index).is_ascii_digit()
            && let Some(found) = behind_cue(letters, index)
        {
            index = found.to.max(to);
            candidates.push(found);
            continue;
        }
        index = to;
    }
}

fn word_end(letters: &Letters, from: usize) -> usize {
    letters.run(from, usize::MAX, |c| is_latin(c) || matches!(c, '\'' | '-'))
}

fn behind_cue(letters: &Letters, index: usize) -> Option<Candidate> {
    let first = letters.at(index).to_ascii_lowercase();
    let reads = |(cue, _): &&(&str, Needs)| {
        cue.starts_with(first) && letters.reads(index, cue) && ends(letters, index, cue)
    };
    let (cue, needs) = CUES.iter().filter(reads).max_by_key(|(cue, _)| cue.len())?;
    let mut from = index + cue.chars().count();
    let behind = from;
    while matches!(letters.at(from), ' ' | '.' | ',' | ':' | '\n') {
        from += 1;
    }
    let between = letters.slice(behind, from);
    let colon = between.contains(&':');
    let line = between.contains(&'\n');
    let closing =
        matches!(*cue, "regards" | "sincerely" | "yours truly" | "yours faithfully" | "cheers" | "signed");
    if (*needs == Needs::Colon && !colon) || (line && !closing && !colon) || from - behind > 4 {
        return None;
    }
    // Behind a sentence a new one begins, but an abbreviated title has its dot.
    if between.contains(&'.') && !matches!(*cue, "mr" | "mrs" | "ms" | "dr") {
        return None;
    }
    // `this is Mr Smith`: the title is the better cue.
    let capital = is_capital(letters.at(from));
    let to = match needs {
        Needs::Words if !capital => small_name_at(letters, from)?,
        _ => name_at(letters, from, 3)?,
    };
    let words = letters.slice(from, to).iter().filter(|c| **c == ' ').count() + 1;
    let shouted = letters.slice(from, to).iter().filter(|c| is_latin(**c)).all(|c| c.is_uppercase());
    let said =
        matches!(needs, Needs::Words | Needs::Colon) || matches!(*cue, "mr" | "mrs" | "ms" | "miss" | "dr");
    if (*needs == Needs::TwoCapitals && words < 2) || (shouted && !said) {
        return None;
    }
    let certainty = if *needs == Needs::Words || *needs == Needs::Colon {
        Certainty::Certain
    } else {
        Certainty::Possible
    };
    Some(Candidate { from, to, sort: Sort::Name, certainty })
}

fn ends(letters: &Letters, index: usize, cue: &str) -> bool {
    let next = letters.at(index + cue.chars().count());
    !is_latin(next) && !next.is_ascii_digit() && next != '\''
}

fn is_no_name(letters: &Letters, from: usize, to: usize) -> bool {
    let word: String = letters.slice(from, to).iter().map(char::to_ascii_lowercase).collect();
    NO_NAMES.contains(&word.as_str())
}

/// One past the last of `most` capital words that begin at `from`.
pub(super) fn name_at(letters: &Letters, from: usize, most: usize) -> Option<usize> {
    let (mut place, mut end) = (from, None);
    for _ in 0..most {
        let to = word_end(letters, place);
        let initial = to == place + 1 && letters.at(to) == '.';
        let word = is_capital(letters.at(place)) && !is_no_name(letters, place, to);
        if !word
            || matches!(letters.at(to), '*' | '@' | '_' | '0'..='9')
            || (to == place + 1 && !initial && end.is_none())
        {
            break;
        }
        let to = if initial { to + 1 } else { trimmed(letters, place, to) };
        end = Some(to);
        if letters.at(to) != ' ' {
            break;
        }
        place = to + 1;
    }
    // An initial alone names nobody.
    end.filter(|to| to - from > 2)
}

/// Without the apostrophe of a genitive: `Smith's` names Smith.
fn trimmed(letters: &Letters, from: usize, to: usize) -> usize {
    if to - from > 3 && letters.ends(to, "'s") { to - 2 } else { to }
}

/// A name in small letters: one or two words that are none of the usual ones.
fn small_name_at(letters: &Letters, from: usize) -> Option<usize> {
    let (mut place, mut end) = (from, None);
    for _ in 0..2 {
        let to = word_end(letters, place);
        if to < place + 2
            || is_no_name(letters, place, to)
            || matches!(letters.at(to), '*' | '@' | '_' | '0'..='9')
        {
            break;
        }
        end = Some(to);
        if letters.at(to) != ' ' {
            break;
        }
        place = to + 1;
    }
    end
}
