//! Why an archive was not written or not taken.

use std::io;

use yinuo_commitment::Language;

use crate::{LedgerError, vault::KeyId};

/// Why an archive was not written or not taken. [`ArchiveError::tell`] says it to people, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It is another kind of file.
    #[error("it is not an archive of yinuo")]
    Foreign,
    /// It was written by a newer version.
    #[error("the archive has format {found}, this version knows up to {known}")]
    Newer {
        /// Format found.
        found: u16,
        /// Newest format known.
        known: u16,
    },
    /// The header cannot be read.
    #[error("the header of the archive is damaged: {what}")]
    Header {
        /// What is wrong.
        what: String,
    },
    /// Its master key is not in the ring.
    #[error("the archive was sealed under the master key {wanted}")]
    WrongKey {
        /// The key that it wants.
        wanted: KeyId,
        /// The keys that were given.
        given: Vec<KeyId>,
    },
    /// A chunk was changed.
    #[error("chunk {chunk} at byte {offset} is damaged: {what}")]
    Damaged {
        /// Number of the chunk, from 0.
        chunk: u64,
        /// Where it begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The file ends too early.
    #[error("the archive ends at byte {offset}, in chunk {chunk}, before its last chunk")]
    Truncated {
        /// Number of the chunk, from 0.
        chunk: u64,
        /// Where the file ends.
        offset: u64,
    },
    /// There is something after the last chunk.
    #[error("something follows the last chunk at byte {offset}")]
    Trailing {
        /// Where.
        offset: u64,
    },
    /// It does not follow the archive before it.
    #[error("it does not follow: {what}")]
    Follows {
        /// What is wrong, in Chinese.
        zh: String,
        /// What is wrong, in English.
        what: String,
    },
    /// What it holds does not fit chain or tree.
    #[error("what the archive holds does not fit: {0}")]
    Log(#[from] LedgerError),
    /// The file cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl ArchiveError {
    /// What happened and what to do about it.
    pub fn tell(&self, language: Language) -> String {
        match language {
            Language::Zh => self.zh(),
            Language::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            ArchiveError::Foreign => "不是一诺的备份文件。请检查文件名。".into(),
            ArchiveError::Newer { found, known } => {
                format!("由更新版本的一诺写入（格式 {found}，本版本最高支持 {known}）。请安装更新的版本。")
            }
            ArchiveError::Header { what } => format!("文件头已损坏：{what}。请使用另一份备份。"),
            ArchiveError::WrongKey { wanted, given } => format!(
                "以主密钥 {wanted} 加密，而提供的是 {}。请提供当时的主密钥（[vault] master-key-file、YINUO_MASTER_KEY 或 master-key-command）。",
                list(given)
            ),
            ArchiveError::Damaged { chunk, offset, what } => {
                format!("第 {chunk} 块（自第 {offset} 字节起）已损坏：{what}。请使用另一份备份。")
            }
            ArchiveError::Truncated { chunk, offset } => {
                format!("文件在第 {offset} 字节处（第 {chunk} 块）中断，不完整。请使用完整的一份备份。")
            }
            ArchiveError::Trailing { offset } => {
                format!("第 {offset} 字节处，最后一块之后还有多余的内容。请使用另一份备份。")
            }
            ArchiveError::Follows { zh, .. } => zh.clone(),
            ArchiveError::Log(error) => format!("内容与摘要链不符：{error}。请使用另一份备份。"),
            ArchiveError::Io(error) => error.to_string(),
        }
    }

    fn en(&self) -> String {
        match self {
            ArchiveError::Foreign => "This is not an archive of Yinuo. Check the name of the file.".into(),
            ArchiveError::Newer { found, known } => format!(
                "It was written by a newer version of Yinuo (format {found}; this one knows up to {known}). Install the newer version."
            ),
            ArchiveError::Header { what } => {
                format!("Its header is damaged: {what}. Use another copy of the archive.")
            }
            ArchiveError::WrongKey { wanted, given } => format!(
                "It was sealed under the master key {wanted}; given: {}. Give the master key of that time ([vault] master-key-file, YINUO_MASTER_KEY or master-key-command).",
                list(given)
            ),
            ArchiveError::Damaged { chunk, offset, what } => format!(
                "Chunk {chunk}, which begins at byte {offset}, is damaged: {what}. Use another copy of the archive."
            ),
            ArchiveError::Truncated { chunk, offset } => format!(
                "The file ends at byte {offset}, in chunk {chunk}: it is not whole. Use a whole copy of the archive."
            ),
            ArchiveError::Trailing { offset } => format!(
                "Something follows its last chunk, at byte {offset}. Use another copy of the archive."
            ),
            ArchiveError::Follows { what, .. } => what.clone(),
            ArchiveError::Log(error) => {
                format!("What it holds does not fit its chain: {error}. Use another archive.")
            }
            ArchiveError::Io(error) => error.to_string(),
        }
    }
}

fn list(keys: &[KeyId]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
