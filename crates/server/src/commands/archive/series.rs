//! A full archive and the increments after it.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use yinuo_commitment::Language;
use yinuo_ledger::{
    archive::{Check, Checked, Header},
    vault::Vault,
};

use super::{about, header, open};

/// Archives in order, whose headers follow one another.
pub(crate) struct Series {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) first: Header,
    pub(crate) last: Header,
}

impl Series {
    /// Reads the headers. A series that is to be restored begins with a full archive.
    pub(crate) fn read(files: &[PathBuf], language: Language) -> Result<Self> {
        let mut check = Check::new();
        let mut headers = Vec::with_capacity(files.len());
        for file in files {
            let header = header(file, language)?;
            check.follows(&header).map_err(about(file, language))?;
            headers.push(header);
        }
        let nothing =
            || anyhow!("{}", crate::commands::say(language, "没有给出备份文件", "no archive was given"));
        let last = headers.last().cloned().ok_or_else(nothing)?;
        let first = headers.into_iter().next().ok_or_else(nothing)?;
        Ok(Self { files: files.to_vec(), first, last })
    }

    /// Refuses a series that begins with an increment.
    pub(crate) fn must_be_whole(&self, language: Language) -> Result<()> {
        let (Some(parent), Some(file)) = (self.first.parent, self.files.first()) else { return Ok(()) };
        let file = file.display();
        match language {
            Language::Zh => Err(anyhow!(
                "{file} 是增量备份，接在备份 {parent} 之后；请按顺序给出完整备份以及其后的每一份增量"
            )),
            Language::En => Err(anyhow!(
                "{file} is an increment after the archive {parent}: give the full archive first, then every increment in order"
            )),
        }
    }
}

/// Reads whole archives and verifies all that they hold.
pub(crate) fn check_series(files: &[PathBuf], vault: &Vault, language: Language) -> Result<Checked> {
    let mut check = Check::new();
    for file in files {
        check_one(&mut check, file, vault, language)?;
    }
    let last = files.last().map_or(Path::new("-"), PathBuf::as_path);
    check.finish().map_err(about(last, language))
}

fn check_one(check: &mut Check, file: &Path, vault: &Vault, language: Language) -> Result<()> {
    let mut archive = open(file, vault, language)?;
    check.begin(archive.header()).map_err(about(file, language))?;
    while let Some(part) = archive.next_part().map_err(about(file, language))? {
        check.part(&part).map_err(about(file, language))?;
    }
    Ok(())
}
