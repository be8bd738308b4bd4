//! The steps of a ticket at which something is said to the customer, and what each has to say.

use yinuo_commitment::{Content, Kind, Language};

use super::{Facts, Severity};

/// A step of a ticket whose words reach the customer. `desk` maps its commands to them: a reply by its purpose, the
/// others by their name; a closing out of scope is a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// An ordinary reply.
    Reply,
    /// First reply to a complaint (T10).
    Acknowledgement,
    /// A detailed reply, which tells when the full answer comes (T3).
    DetailedReply,
    /// The full and final answer.
    FullAnswer,
    /// Word about progress (T12).
    Progress,
    /// The contact about a repair (T6, T9).
    Contact,
    /// Somebody is sent (T7).
    Dispatch,
    /// The repair is done.
    Solve,
    /// A solution is proposed, with its deadline (L5).
    ProposeSolution,
    /// The solution was carried out.
    CarryOut,
    /// The request is outside of the published scope (L6).
    Refusal,
    /// Force majeure, with an alternative (T8).
    Exception,
    /// The written notice of a remedy (B2).
    Remedy,
    /// A dissatisfied customer is called back.
    CallBack,
    /// Last words of a ticket.
    Close,
}

impl Step {
    /// Every step, in the order of a ticket's life.
    pub const ALL: &'static [Step] = &[
        Step::Reply,
        Step::Acknowledgement,
        Step::DetailedReply,
        Step::FullAnswer,
        Step::Progress,
        Step::Contact,
        Step::Dispatch,
        Step::Solve,
        Step::ProposeSolution,
        Step::CarryOut,
        Step::Refusal,
        Step::Exception,
        Step::Remedy,
        Step::CallBack,
        Step::Close,
    ];

    /// The word in interfaces and data; where a command or purpose has one, the same.
    pub const fn word(self) -> &'static str {
        match self {
            Step::Reply => "reply",
            Step::Acknowledgement => "acknowledgement",
            Step::DetailedReply => "detailed-reply",
            Step::FullAnswer => "full-answer",
            Step::Progress => "progress",
            Step::Contact => "contact",
            Step::Dispatch => "dispatch",
            Step::Solve => "solve",
            Step::ProposeSolution => "propose-solution",
            Step::CarryOut => "carry-out",
            Step::Refusal => "refusal",
            Step::Exception => "exception",
            Step::Remedy => "remedy",
            Step::CallBack => "call-back",
            Step::Close => "close",
        }
    }

    /// The step that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.word() == word)
    }

    /// The name for people.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Step::Reply => ("回复", "reply"),
            Step::Acknowledgement => ("投诉首次回应", "first reply to a complaint"),
            Step::DetailedReply => ("详细答复", "detailed reply"),
            Step::FullAnswer => ("完整解答", "full answer"),
            Step::Progress => ("告知进展", "word about progress"),
            Step::Contact => ("与客户联系", "contact about a repair"),
            Step::Dispatch => ("派出人员", "somebody is sent"),
            Step::Solve => ("修复完成", "repair done"),
            Step::ProposeSolution => ("提出解决方案", "solution proposed"),
            Step::CarryOut => ("方案执行完毕", "solution carried out"),
            Step::Refusal => ("不予受理", "refusal"),
            Step::Exception => ("不可抗力告知", "word about force majeure"),
            Step::Remedy => ("补救通知", "notice of a remedy"),
            Step::CallBack => ("回访", "call-back"),
            Step::Close => ("关闭", "closing"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// Something that a message has to contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// An apology.
    Apology,
    /// The word that the investigation has begun.
    InvestigationBegun,
    /// How severe the fault is.
    Severity,
    /// A plan.
    Plan,
    /// The published term that puts the request out of scope.
    Term,
    /// When the full answer comes.
    AnswerTime,
    /// By when a solution is carried out.
    Deadline,
    /// When the customer hears again.
    NextWord,
    /// When somebody arrives.
    Arrival,
}

impl Part {
    /// Every part.
    pub const ALL: &'static [Part] = &[
        Part::Apology,
        Part::InvestigationBegun,
        Part::Severity,
        Part::Plan,
        Part::Term,
        Part::AnswerTime,
        Part::Deadline,
        Part::NextWord,
        Part::Arrival,
    ];

    /// The word in interfaces and data; that of [`Content`] where there is one.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Apology => "apology",
            Part::InvestigationBegun => "investigation-begun",
            Part::Severity => "severity",
            Part::Plan => "plan",
            Part::Term => "term",
            Part::AnswerTime => "answer-time",
            Part::Deadline => "deadline",
            Part::NextWord => "next-word",
            Part::Arrival => "arrival",
        }
    }

    /// The part that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|part| part.word() == word)
    }

    /// The part that a letter names as content.
    pub const fn of(content: Content) -> Self {
        match content {
            Content::Apology => Part::Apology,
            Content::InvestigationBegun => Part::InvestigationBegun,
            Content::Severity => Part::Severity,
            Content::Plan => Part::Plan,
        }
    }
}

/// What a message has to contain, each once, and whether its absence blocks.
pub(super) fn parts(facts: &Facts<'_>) -> Vec<(Part, Severity)> {
    let own: &[(Part, Severity)] = match facts.step {
        Step::Acknowledgement => {
            &[(Part::Apology, Severity::Required), (Part::InvestigationBegun, Severity::Required)]
        }
        Step::Reply if facts.first && facts.kind == Kind::Complaint => {
            &[(Part::Apology, Severity::Required), (Part::InvestigationBegun, Severity::Required)]
        }
        Step::Contact if facts.urgent => {
            &[(Part::Severity, Severity::Required), (Part::Plan, Severity::Required)]
        }
        Step::DetailedReply => &[(Part::AnswerTime, Severity::Required)],
        Step::ProposeSolution => &[(Part::Deadline, Severity::Required)],
        Step::Refusal => &[(Part::Term, Severity::Required)],
        Step::Progress => &[(Part::NextWord, Severity::Style)],
        Step::Dispatch => &[(Part::Arrival, Severity::Style)],
        _ => &[],
    };
    let mut parts = own.to_vec();
    let told = facts.tells_time.then_some(Part::AnswerTime);
    for part in facts.requires.iter().copied().map(Part::of).chain(told) {
        if !parts.iter().any(|(own, _)| *own == part) {
            parts.push((part, Severity::Required));
        }
    }
    parts
}
