//! What a message to the customer is for.

use yinuo_commitment::Mark;

/// What a message to the customer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// An ordinary reply.
    Reply,
    /// First reply to a complaint: apology and the word that the investigation has begun (T10).
    Acknowledgement,
    /// A detailed reply, which tells when the full answer will come (T3).
    DetailedReply,
    /// The full and final answer.
    FullAnswer,
    /// Word about progress (T12).
    Progress,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: &'static [Purpose] = &[
        Purpose::Reply,
        Purpose::Acknowledgement,
        Purpose::DetailedReply,
        Purpose::FullAnswer,
        Purpose::Progress,
    ];

    /// The word in APIs and records.
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::Reply => "reply",
            Purpose::Acknowledgement => "acknowledgement",
            Purpose::DetailedReply => "detailed-reply",
            Purpose::FullAnswer => "full-answer",
            Purpose::Progress => "progress",
        }
    }

    /// The purpose that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|purpose| purpose.word() == word)
    }

    /// The mark that a message for this purpose sets besides the first reply.
    pub const fn mark(self) -> Option<Mark> {
        match self {
            Purpose::Reply => None,
            Purpose::Acknowledgement => Some(Mark::Acknowledged),
            Purpose::DetailedReply => Some(Mark::DetailedReply),
            Purpose::FullAnswer => Some(Mark::FullAnswer),
            Purpose::Progress => Some(Mark::ProgressReported),
        }
    }
}
