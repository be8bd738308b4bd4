//! What was found, in words for whoever has to decide what happens next.

use std::fmt;

use yinuo_commitment::{Language, Text};
use yinuo_core::id::PersonId;

use crate::{Chained, Stream, checkpoint::NoteError};

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Position of the first record that does not fit; 0 if it is not about one record.
    pub position: u64,
    /// Stream and sequence number of that record, if it is there.
    pub record: Option<(Stream, u32)>,
    /// What does not fit.
    pub misfit: Misfit,
}

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// There is no record at this position.
    Missing,
    /// The record is at another place of its stream than its number says.
    Order {
        /// The number that would follow.
        expected: u32,
    },
    /// The record's hash does not follow from its body and the record before it.
    Chain,
    /// The record fits its own chain and is not the one that was signed at this place.
    Unsigned,
    /// The records do not give the root that was signed.
    Root {
        /// Records that the signed checkpoint covers.
        size: u64,
    },
    /// The checkpoint covers more records than there are.
    CutOff {
        /// Records that it covers.
        signed: u64,
        /// Records that are there.
        records: u64,
    },
    /// A tile of the tree is not what its records say. The records are as they were signed.
    Tile {
        /// Level.
        level: u8,
        /// Number.
        n: u64,
    },
    /// The kept checkpoint is not what was signed.
    Checkpoint(NoteError),
    /// There are records that were written long enough ago to be signed, and no checkpoint.
    NoCheckpoint,
    /// The checkpoint is there, and the key that signed it is not.
    NoLogKey,
    /// Words cannot be opened any more, and no entry says that they were erased.
    KeyGone {
        /// Whose key is gone.
        person: PersonId,
    },
    /// The entry says that a person was erased, and the person's key or a contact is there.
    KeyKept {
        /// Who was erased.
        person: PersonId,
    },
    /// The body cannot be read, or its words are not those that were recorded.
    Words {
        /// What is wrong.
        what: String,
    },
    /// The lists do not show what the record says.
    Lists {
        /// Which list.
        what: &'static str,
    },
    /// What somebody holds is no longer in the ledger.
    Gone {
        /// The file that proves it.
        file: String,
        /// How it is gone.
        how: Gone,
    },
}

/// How something is gone that the ledger once held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// The ledger is shorter than it was.
    RolledBack {
        /// Records that it had.
        had: u64,
        /// Records that it has.
        has: u64,
    },
    /// The ledger holds something else.
    Forked {
        /// Records that the two have in common are fewer than this.
        before: u64,
    },
}

impl Finding {
    /// About a position where no record can be named.
    pub const fn at(position: u64, misfit: Misfit) -> Self {
        Self { position, record: None, misfit }
    }

    /// About a record.
    pub const fn of(record: &Chained, misfit: Misfit) -> Self {
        Self { position: record.position, record: Some((record.stream, record.seq)), misfit }
    }

    /// Where and what, in both languages.
    pub fn text(&self) -> Text {
        let what = self.misfit.text();
        let (zh, en) = match (self.position, self.record) {
            (0, _) => (String::new(), String::new()),
            (position, None) => (format!("位置 {position}："), format!("position {position}: ")),
            (position, Some((stream, seq))) => (
                format!("位置 {position}（{stream} 的第 {seq} 条记录）："),
                format!("position {position} (record {seq} of {stream}): "),
            ),
        };
        Text::new(format!("{zh}{}", what.get(Language::Zh)), format!("{en}{}", what.get(Language::En)))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().get(Language::En))
    }
}

impl Misfit {
    #[expect(clippy::too_many_lines, reason = "a flat table: one arm for each misfit")]
    fn text(&self) -> Text {
        match self {
            Misfit::Missing => Text::new("此处没有记录：它被删除了。", "there is no record: it was deleted."),
            Misfit::Order { expected } => Text::new(
                format!("该记录不在其链中应有的位置（应为第 {expected} 条）：有记录被删除、插入或调换。"),
                format!(
                    "the record is out of place, number {expected} would follow: records were deleted, inserted or swapped."
                ),
            ),
            Misfit::Chain => Text::new(
                "该记录与其摘要链不符：它的内容或摘要被改动。",
                "the record does not fit its own chain: its body or its hash was changed.",
            ),
            Misfit::Unsigned => Text::new(
                "该记录不是此处曾签名的那一条：它被改动、插入或调换，其后的摘要被重新计算。",
                "the record is not the one that was signed here: it was changed, inserted or swapped, and hashes were made anew.",
            ),
            Misfit::Root { size } => Text::new(
                format!(
                    "前 {size} 条记录得不出所签名的根：从此处起有记录被改动；如果哈希树也被重新计算，则可能是任何更早的记录。"
                ),
                format!(
                    "the first {size} records do not give the root that was signed: a record from here on was changed or, if the tree was made anew as well, any one before it."
                ),
            ),
            Misfit::CutOff { signed, records } => Text::new(
                format!("检查点已签名 {signed} 条记录，而台账只有 {records} 条：末尾被删除，或台账被回滚。"),
                format!(
                    "{signed} records were signed, {records} are there: the end was deleted, or the ledger was rolled back."
                ),
            ),
            Misfit::Tile { level, n } => Text::new(
                format!("哈希树第 {level} 层第 {n} 个分块被改动或删除；记录与签名一致。"),
                format!(
                    "tile {n} of level {level} of the tree was changed or deleted; the records are as they were signed."
                ),
            ),
            Misfit::Checkpoint(error) => {
                let why = error.text();
                Text::new(
                    format!("台账中的检查点无效：{}。", why.get(Language::Zh)),
                    format!("the checkpoint of the ledger does not hold: {}.", why.get(Language::En)),
                )
            }
            Misfit::NoCheckpoint => Text::new(
                "台账没有检查点：它被删除，或服务器从未运行。",
                "the ledger has no checkpoint: it was deleted, or no server has run on it.",
            ),
            Misfit::NoLogKey => Text::new(
                "台账有检查点，而签名所用的密钥不在：它被删除。请用 --key 给出公布的公钥再核验。",
                "there is a checkpoint, and the key that signed it is gone: it was deleted. Verify with the published key (--key).",
            ),
            Misfit::KeyGone { person } => Text::new(
                format!(
                    "其文字的密钥（{person}）已不在，而没有任何记录说明它被删除：有人不留痕迹地使文字无法读取。"
                ),
                format!(
                    "the key of its words ({person}) is gone, and no entry says that they were erased: somebody has made words unreadable without a trace."
                ),
            ),
            Misfit::KeyKept { person } => Text::new(
                format!(
                    "该记录说明 {person} 的个人信息已被删除，而其密钥或联系方式仍在：删除被撤销，或没有完成。"
                ),
                format!(
                    "it says that {person} was erased, and the key or a contact of the person is there: the erasure was undone."
                ),
            ),
            Misfit::Words { what } => Text::new(
                format!("该记录的文字与所记录的不符：{what}。"),
                format!("its words are not those that were recorded: {what}."),
            ),
            Misfit::Lists { what } => Text::new(
                format!("列表（{what}）与该记录不符；台账本身完好，`yinuo replay` 会重建列表。"),
                format!(
                    "the lists ({what}) do not show what it says; the ledger itself is sound, and `yinuo replay` makes the lists anew."
                ),
            ),
            Misfit::Gone { file, how: Gone::RolledBack { had, has } } => Text::new(
                format!("{file}：台账被回滚。它曾有至少 {had} 条记录，现只有 {has} 条。"),
                format!("{file}: the ledger was rolled back. It had at least {had} records, and has {has}."),
            ),
            Misfit::Gone { file, how: Gone::Forked { before } } => Text::new(
                format!("{file}：台账被分叉或改写。前 {before} 条记录中至少有一条与当时签名的不同。"),
                format!(
                    "{file}: the ledger was forked or rewritten. At least one of its first {before} records is not the one that was signed then."
                ),
            ),
        }
    }
}
