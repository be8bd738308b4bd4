//! What `backup` and `restore` share: archive files, series of them, progress.

mod partial;
mod series;

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow};
pub(crate) use partial::{Partial, sync_folder};
pub(crate) use series::{Series, check_series};
use yinuo_commitment::Language;
use yinuo_ledger::{
    LedgerError,
    archive::{ArchiveError, Header, Preamble, Reader},
    transfer::Piece,
    vault::Vault,
};

/// An archive, open for reading.
pub(crate) type ArchiveFile = Reader<BufReader<File>>;

/// Something about a file, in the language of the person.
pub(crate) fn about(file: &Path, language: Language) -> impl Fn(ArchiveError) -> anyhow::Error {
    move |error| anyhow!("{}: {}", file.display(), error.tell(language))
}

/// Reads the header of an archive, which needs no key.
pub(crate) fn header(file: &Path, language: Language) -> Result<Header> {
    let read = || -> Result<Header, ArchiveError> {
        Ok(Preamble::read(&mut BufReader::new(File::open(file)?))?.header)
    };
    read().map_err(about(file, language))
}

/// Opens an archive for reading.
pub(crate) fn open(file: &Path, vault: &Vault, language: Language) -> Result<ArchiveFile> {
    open_file(file, vault).map_err(about(file, language))
}

fn open_file(file: &Path, vault: &Vault) -> Result<ArchiveFile, ArchiveError> {
    let mut input = BufReader::with_capacity(1 << 20, File::open(file)?);
    let preamble = Preamble::read(&mut input)?;
    let key = archive_key(&preamble.header, vault)?;
    Ok(Reader::after(preamble, input, &key))
}

/// The key of an archive.
pub(crate) fn archive_key(
    header: &Header,
    vault: &Vault,
) -> Result<zeroize::Zeroizing<[u8; 32]>, ArchiveError> {
    vault.archive_key(header.master, &header.salt).map_err(|error| match error {
        LedgerError::KeyMissing { wanted, given } => ArchiveError::WrongKey { wanted, given },
        other => ArchiveError::Log(other),
    })
}

/// Says on standard error how far the records have got, at every tenth.
pub(crate) struct Progress {
    language: Language,
    total: u64,
    records: u64,
    tenths: u64,
}

impl Progress {
    pub(crate) const fn new(total: u64, language: Language) -> Self {
        Self { language, total, records: 0, tenths: 0 }
    }

    pub(crate) fn piece(&mut self, piece: &Piece) {
        if let Piece::Records(rows) = piece {
            self.records += rows.len() as u64;
            let tenths = (self.records * 10).checked_div(self.total).unwrap_or(10);
            if tenths > self.tenths {
                self.tenths = tenths;
                let (records, total) = (self.records, self.total);
                match self.language {
                    Language::Zh => eprintln!("已复制 {records} / {total} 条记录（{tenths}0 %）"),
                    Language::En => eprintln!("{records} of {total} records copied ({tenths}0 %)"),
                }
            }
        }
    }
}

/// Says on standard error what begins now.
pub(crate) fn phase(language: Language, zh: &str, en: &str) {
    eprintln!("{}", super::say(language, zh, en));
}

/// Paths as people read them.
pub(crate) fn listed(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}
