//! Why a receipt is not confirmed, in words for the person who holds it.

use std::fmt;

use yinuo_commitment::{Language, Text};

use crate::checkpoint::{NoKey, NoteError};

/// A part of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `origin`
    Origin,
    /// `number`
    Number,
    /// `received_at`
    ReceivedAt,
    /// `record.seq`
    Seq,
    /// `record.previous`
    Previous,
    /// `record.hash`
    Hash,
    /// `record.body`
    Body,
    /// One of `record.body`, `record.previous` and `record.hash`, together with the proof.
    Record,
    /// `contents` with this index.
    Content(u32),
    /// `record.position` or `proof`
    Proof,
}

impl Part {
    /// What it is to its holder, and its name in the file.
    fn text(self) -> Text {
        let (zh, en) = match self {
            Part::Origin => ("来源（origin）", "the origin (`origin`)"),
            Part::Number => ("工单编号（number）", "the number of the ticket (`number`)"),
            Part::ReceivedAt => ("收到时间（received_at）", "the time of receipt (`received_at`)"),
            Part::Seq => ("记录的序号（record.seq）", "the place of the record in its chain (`record.seq`)"),
            Part::Previous => {
                ("前一记录的摘要（record.previous）", "the hash of the record before it (`record.previous`)")
            }
            Part::Hash => ("记录的摘要（record.hash）", "the hash of the record (`record.hash`)"),
            Part::Body => ("记录的内容（record.body）", "the record (`record.body`)"),
            Part::Record => ("记录（record）", "the record (`record`)"),
            Part::Content(n) => {
                return Text::new(
                    format!("所提交的文字（contents 中 n = {n}）"),
                    format!("the text that was filed (`contents`, n = {n})"),
                );
            }
            Part::Proof => (
                "在日志中的位置或证明（record.position、proof）",
                "its place in the log or the proof of it (`record.position`, `proof`)",
            ),
        };
        Text::new(zh, en)
    }
}

/// Why a receipt is not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptError {
    /// It is larger than any receipt.
    TooLarge {
        /// Most bytes.
        bytes_max: usize,
    },
    /// It is no receipt: cut off, no JSON, or with other fields.
    Unreadable {
        /// What is wrong, and where.
        what: String,
    },
    /// Its form is of another version.
    Version {
        /// The version found.
        found: u32,
    },
    /// A value in it cannot be read.
    Value {
        /// Where.
        field: &'static str,
    },
    /// Its key is no key.
    Key(NoKey),
    /// Its checkpoint is not signed by the key.
    Checkpoint(NoteError),
    /// A part of it is not what the server signed.
    Changed(Part),
    /// The record is no record of an intake.
    NoIntake,
}

impl ReceiptError {
    /// What is wrong, in both languages.
    pub fn text(&self) -> Text {
        match self {
            ReceiptError::TooLarge { bytes_max } => Text::new(
                format!("文件过大，不是回执：回执不超过 {} KiB。", bytes_max / 1024),
                format!("The file is too large for a receipt, which has at most {} KiB.", bytes_max / 1024),
            ),
            ReceiptError::Unreadable { what } => Text::new(
                format!("文件不是完整的回执，请使用原始文件：{what}"),
                format!("The file is not a whole receipt; take the original file: {what}"),
            ),
            ReceiptError::Version { found } => Text::new(
                format!("回执的格式版本为 {found}，本程序只认识版本 1；请使用更新的程序。"),
                format!("The receipt has version {found}, this program knows version 1; take a newer one."),
            ),
            ReceiptError::Value { field } => Text::new(
                format!("回执中的 {field} 无法读取：它已被改动。"),
                format!("`{field}` of the receipt cannot be read: it was changed."),
            ),
            ReceiptError::Key(error) => {
                let why = error.text();
                Text::new(
                    format!("公钥无法使用：{}。", why.get(Language::Zh)),
                    format!("The key cannot be used: {}.", why.get(Language::En)),
                )
            }
            ReceiptError::Checkpoint(error) => {
                let why = error.text();
                Text::new(
                    format!("回执中的检查点无效：{}。", why.get(Language::Zh)),
                    format!("The checkpoint of the receipt does not hold: {}.", why.get(Language::En)),
                )
            }
            ReceiptError::Changed(part) => {
                let part = part.text();
                Text::new(
                    format!("回执已被改动：{}与服务器所签名的不符。", part.get(Language::Zh)),
                    format!(
                        "The receipt's text was changed: {} is not what the server signed.",
                        part.get(Language::En)
                    ),
                )
            }
            ReceiptError::NoIntake => Text::new(
                "回执中的记录不是一项请求的受理记录。",
                "The record of the receipt is not the intake of a request.",
            ),
        }
    }
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().get(Language::En))
    }
}

impl std::error::Error for ReceiptError {}

impl From<NoteError> for ReceiptError {
    fn from(error: NoteError) -> Self {
        ReceiptError::Checkpoint(error)
    }
}
