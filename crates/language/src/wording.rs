//! Wording (P9): what is wrong with a message before it leaves the desk.
//!
//! Required remarks block sending and say why: a part that the letter asks for is missing, a placeholder is unfinished, a
//! stranger's personal data would go out, somebody is insulted. Remarks of style only warn. The words are read from
//! `data/wording.txt`; standard phrases (标准用语) that pass this check are in [`phrases`].

mod draft;
mod flaws;
mod lists;
pub mod phrases;
mod step;
mod times;

use std::ops::Range;

use yinuo_commitment::{Content, Kind, Language, Text};

pub use self::step::{Part, Step};
use self::{draft::Draft, lists::LISTS};
use crate::personal::{Known, Leave};

/// Remarks of one sort and severity on one draft at most: more help nobody, and their number bounds the time.
const REMARKS_MAX: usize = 200;

/// Room for remarks of one sort: what only warns never takes the place of what blocks.
#[derive(Debug, Default)]
struct Room {
    style: usize,
    required: usize,
}

impl Room {
    /// Takes the place of one remark, if there is one.
    fn takes(&mut self, severity: Severity) -> bool {
        let taken = match severity {
            Severity::Style => &mut self.style,
            Severity::Required => &mut self.required,
        };
        let free = *taken < REMARKS_MAX;
        *taken += usize::from(free);
        free
    }

    /// Whether no remark that blocks has a place any more.
    const fn is_full(&self) -> bool {
        self.required >= REMARKS_MAX
    }
}

/// Whether a remark keeps a message from being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It warns.
    Style,
    /// It has to be mended first.
    Required,
}

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// Nothing is said.
    Empty,
    /// A vague or ambiguous phrase.
    Vague,
    /// It blames the customer or others.
    Blame,
    /// It is curt.
    Curt,
    /// It is sarcastic.
    Sarcasm,
    /// It shouts.
    Shouting,
    /// It insults or threatens.
    Abuse,
    /// A promise that nobody can make.
    Overpromise,
    /// A word for the inside of the company.
    Internal,
    /// An unfinished placeholder.
    Placeholder,
    /// Personal data of somebody else than the ticket's customer.
    OthersData,
    /// A part that belongs into a message of this step.
    Missing(Part),
}

impl Code {
    /// The word in interfaces and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Code::Empty => "empty",
            Code::Vague => "vague",
            Code::Blame => "blame",
            Code::Curt => "curt",
            Code::Sarcasm => "sarcasm",
            Code::Shouting => "shouting",
            Code::Abuse => "abuse",
            Code::Overpromise => "overpromise",
            Code::Internal => "internal",
            Code::Placeholder => "placeholder",
            Code::OthersData => "others-data",
            Code::Missing(part) => part.word(),
        }
    }
}

/// What is wrong at one place of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where, in bytes of the draft; empty and at its end where something is missing.
    pub span: Range<usize>,
    /// Whether it blocks.
    pub severity: Severity,
    /// What it is about.
    pub code: Code,
    /// Why, for people.
    pub explanation: Text,
    /// What to write instead, if there is something to write.
    pub suggestion: Option<Text>,
}

/// What a draft is for, and what may stand in it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The step that it takes.
    pub step: Step,
    /// Kind of the ticket.
    pub kind: Kind,
    /// Whether the ticket is urgent.
    pub urgent: bool,
    /// Whether it is the first reply that the customer gets in this round.
    pub first: bool,
    /// What the letters in force require of the message that stops a clock now, besides what the step requires anyway.
    pub requires: &'a [Content],
    /// Whether a letter asks for a told time (T3).
    pub tells_time: bool,
    /// Parts that stand beside the draft, in fields that the customer is shown with it.
    pub beside: &'a [Part],
    /// What is on record of the ticket's customer.
    pub customer: &'a [Known<'a>],
    /// What the customer wrote: data from there may be repeated.
    pub written: &'a [&'a str],
    /// The organisation's own numbers and addresses.
    pub leave: &'a Leave,
    /// Names of people of the company who may be named.
    pub staff: &'a [&'a str],
}

impl<'a> Facts<'a> {
    /// An ordinary message of `step` about a ticket of `kind`, of whose customer nothing is known.
    pub fn of(step: Step, kind: Kind, leave: &'a Leave) -> Self {
        Self {
            step,
            kind,
            urgent: false,
            first: false,
            requires: &[],
            tells_time: false,
            beside: &[],
            customer: &[],
            written: &[],
            leave,
            staff: &[],
        }
    }
}

/// Whether any remark keeps the draft from being sent.
pub fn blocks(remarks: &[Remark]) -> bool {
    remarks.iter().any(|remark| remark.severity == Severity::Required)
}

/// What is wrong with `draft`, in the order of its text; what is missing comes last.
pub fn check(draft: &str, facts: &Facts<'_>) -> Vec<Remark> {
    let draft = Draft::of(draft);
    if draft.is_blank() {
        return vec![Remark {
            span: 0..0,
            severity: Severity::Required,
            code: Code::Empty,
            explanation: Text::new("消息是空的。", "The message is empty."),
            suggestion: None,
        }];
    }
    let mut remarks = Vec::new();
    let hits = LISTS.hits(&draft);
    lists::against_words(&draft, &hits, &mut remarks);
    flaws::shouting(&draft, &mut remarks);
    flaws::placeholders(&draft, &mut remarks);
    flaws::others_data(&draft, facts, &mut remarks);
    remarks.sort_by_key(|remark| (remark.span.start, remark.span.end, remark.code));
    for (part, severity) in step::parts(facts) {
        if !facts.beside.contains(&part) && !has_part(&draft, &hits, part) {
            remarks.push(missing(&draft, part, severity));
        }
    }
    remarks
}

fn has_part(draft: &Draft<'_>, hits: &[lists::Hit], part: Part) -> bool {
    match part {
        Part::AnswerTime | Part::Deadline | Part::NextWord | Part::Arrival => {
            times::tells(draft, 0, draft.letters.len())
        }
        _ => lists::has_part(hits, part),
    }
}

fn missing(draft: &Draft<'_>, part: Part, severity: Severity) -> Remark {
    let (explanation, suggestion) = LISTS.about(part);
    let end = draft.text.len();
    Remark { span: end..end, severity, code: Code::Missing(part), explanation, suggestion }
}

/// The explanation of `remark` in `language`.
pub fn explained(remark: &Remark, language: Language) -> &str {
    remark.explanation.get(language)
}
