//! `yinuo backup --to FILE|FOLDER [--since ARCHIVE]`, `yinuo backup --verify ARCHIVE…`

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use jiff::{Timestamp, tz::TimeZone};
use yinuo_commitment::Language;
use yinuo_core::id::OrgId;
use yinuo_desk::{Clock, Entropy};
use yinuo_ledger::{
    Hash,
    archive::{ArchiveError, ArchiveId, Checked, Header, Writer},
    checkpoint::{Checkpoint, Note},
    transfer::{Export, Extent},
    tree::Frontier,
    vault::Vault,
};

use super::{
    archive::{Partial, Progress, Series, about, archive_key, check_series, header, listed, open, phase},
    say,
};
use crate::{
    config::Config,
    place::Place,
    ports::{SystemClock, SystemEntropy},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File to write, or folder to write a new file into.
    #[arg(long, value_name = "FILE|FOLDER", required_unless_present = "verify")]
    to: Option<PathBuf>,
    /// Write an increment: the records after this archive, and what can change as it is now.
    #[arg(long, value_name = "ARCHIVE")]
    since: Option<PathBuf>,
    /// Read archives, in order, and verify all that they hold, without restoring.
    #[arg(long, value_name = "ARCHIVE", num_args = 1.., conflicts_with_all = ["to", "since"])]
    verify: Vec<PathBuf>,
}

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    let Some(to) = args.to else { return verify(&args.verify, &config, language).await };
    let place = Place::of(&config);
    let vault = crate::place::vault_at(&config, &place, language).await?;
    let org = config.org()?;
    let parent = args.since.as_deref().map(|file| Parent::read(file, &org, &vault, language)).transpose()?;
    let since = parent.as_ref().map_or(0, |parent| parent.header.last_position);
    let mut export = place.export(&org, since, &vault, language).await?;
    let header = describe(export.extent(), &org, parent.as_ref(), &vault, language)?;
    let file = name(&to, &header, language)?;
    let edge = parent.map_or_else(Frontier::new, |parent| parent.edge);
    let (partial, bytes) = write(&file, &header, edge, export.as_mut(), &vault, language).await?;
    phase(language, "正在回读并核验", "reading it back and verifying it");
    let written = [partial.path().to_owned()];
    let checked = check_series(&written, &vault, language)?;
    partial.keep().with_context(|| file.display().to_string())?;
    report(&file, &header, checked, bytes, language);
    Ok(ExitCode::SUCCESS)
}

/// The archive that an increment goes on from.
struct Parent {
    header: Header,
    edge: Frontier,
}

impl Parent {
    fn read(file: &Path, org: &OrgId, vault: &Vault, language: Language) -> Result<Self> {
        let archive = open(file, vault, language)?;
        let header = archive.header().clone();
        if header.org != *org {
            let (name, theirs) = (file.display(), &header.org);
            match language {
                Language::Zh => bail!("{name} 属于组织 {theirs}，而要备份的是 {org}"),
                Language::En => bail!("{name} is of the organisation {theirs}; the one to back up is {org}"),
            }
        }
        let edge = archive.into_end().map_err(about(file, language))?.0;
        Ok(Self { header, edge })
    }
}

/// The header of the archive of this snapshot.
fn describe(
    extent: &Extent,
    org: &OrgId,
    parent: Option<&Parent>,
    vault: &Vault,
    language: Language,
) -> Result<Header> {
    if let Some(parent) = parent {
        let (held, last) = (parent.header.last_position, extent.last_position);
        if last < held {
            match language {
                Language::Zh => bail!(
                    "数据库只有 {last} 条记录，而上一份备份已有 {held} 条：数据库曾被退回。请先查明原因，再作一份完整备份"
                ),
                Language::En => bail!(
                    "the database has {last} records, the archive before it has {held}: the database was rolled back. Find out why, then make a full backup"
                ),
            }
        }
        if extent.root != parent.edge.root() {
            match language {
                Language::Zh => bail!(
                    "数据库前 {held} 条记录与上一份备份不一致：日志曾被替换。请先查明原因，再作一份完整备份"
                ),
                Language::En => bail!(
                    "the first {held} records of the database are not those of the archive before it: the log was exchanged. Find out why, then make a full backup"
                ),
            }
        }
    } else if extent.last_position == 0 {
        match language {
            Language::Zh => bail!("组织 {org} 没有任何记录，没有可以备份的内容；请检查 [organisation] id"),
            Language::En => {
                bail!("the organisation {org} has no records to back up; check [organisation] id")
            }
        }
    }
    let note = extent.checkpoint.as_ref().and_then(|row| Note::parse(&row.note).ok());
    let checkpoint = note.and_then(|note| Checkpoint::parse(note.text()).ok());
    let (mut id, mut salt) = ([0; 16], [0; 32]);
    SystemEntropy.fill(&mut id);
    SystemEntropy.fill(&mut salt);
    Ok(Header {
        id: ArchiveId(id),
        parent: parent.map(|parent| parent.header.id),
        parents: parent.map_or(0, |parent| parent.header.parents.saturating_add(1)),
        org: org.clone(),
        origin: checkpoint.map(|checkpoint| checkpoint.origin).unwrap_or_default(),
        made_at: SystemClock.now(),
        since: extent.since,
        last_position: extent.last_position,
        checkpoint: extent.checkpoint.as_ref().map(|row| (row.size, Hash(row.root))),
        master: vault.first(),
        salt,
    })
}

/// The file to write. A name is never used twice.
fn name(to: &Path, header: &Header, language: Language) -> Result<PathBuf> {
    let file = if to.is_dir() { to.join(file_name(header)) } else { to.to_owned() };
    if file.exists() {
        let name = file.display();
        match language {
            Language::Zh => bail!("{name} 已存在，未作改动；请换一个文件名，或给出一个目录"),
            Language::En => {
                bail!("{name} exists and was left as it is: choose another name, or give a folder")
            }
        }
    }
    Ok(file)
}

fn file_name(header: &Header) -> String {
    let at = stamp(header.made_at);
    if header.is_full() {
        format!("{}-{at}-full.archive", header.org)
    } else {
        format!("{}-{at}-after-{}.archive", header.org, header.since)
    }
}

/// As `20261121T235500Z`: names sort by time.
fn stamp(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

async fn write(
    file: &Path,
    header: &Header,
    edge: Frontier,
    export: &mut dyn Export,
    vault: &Vault,
    language: Language,
) -> Result<(Partial, u64)> {
    let failed = |error: std::io::Error| about(file, language)(ArchiveError::Io(error));
    let (partial, out) = Partial::begin(file).map_err(failed)?;
    let key = archive_key(header, vault).map_err(about(file, language))?;
    let mut progress = Progress::new(header.last_position - header.since, language);
    let mut writer = Writer::begin(BufWriter::with_capacity(1 << 20, out), header, &key, edge)
        .map_err(about(file, language))?;
    while let Some(piece) = export.next().await? {
        progress.piece(&piece);
        writer.piece(piece).map_err(about(file, language))?;
    }
    let (mut out, bytes, _) = writer.finish().map_err(about(file, language))?;
    out.flush().map_err(failed)?;
    out.get_ref().sync_all().map_err(failed)?;
    Ok((partial, bytes))
}

fn report(file: &Path, header: &Header, checked: Checked, bytes: u64, language: Language) {
    let Header { since, last_position, master, .. } = header;
    let (name, from) = (file.display(), since + 1);
    let Checked { records, contents, rows } = checked;
    let size = header.checkpoint.map_or(0, |(size, _)| size);
    match language {
        Language::Zh => println!(
            "{name}\n{records} 条记录（第 {from} 至 {last_position} 条）、{contents} 段文字、{rows} 行其他数据，共 {bytes} 字节；已与摘要链及覆盖 {size} 条记录的签名检查点核对。\n以主密钥 {master} 加密：没有它就无法恢复，请另行保存。"
        ),
        Language::En => println!(
            "{name}\n{records} records ({from} to {last_position}), {contents} contents, {rows} other rows in {bytes} bytes; verified against the chain and the signed checkpoint over {size} records.\nSealed under the master key {master}: without it nothing can be restored. Keep a copy of it elsewhere."
        ),
    }
}

async fn verify(files: &[PathBuf], config: &Config, language: Language) -> Result<ExitCode> {
    let series = Series::read(files, language)?;
    let vault = crate::place::vault_at(config, &Place::of(config), language).await?;
    let checked = check_series(files, &vault, language)?;
    for file in files {
        let header = header(file, language)?;
        let (made_at, last) = (header.made_at, header.last_position);
        match language {
            Language::Zh => {
                println!("{}：组织 {}，{made_at}，至第 {last} 条记录", file.display(), header.org);
            }
            Language::En => {
                println!("{}: {}, made at {made_at}, up to record {last}", file.display(), header.org);
            }
        }
    }
    let Checked { records, contents, rows } = checked;
    let alone = if series.first.is_full() {
        ""
    } else {
        say(
            language,
            "\n第一份是增量：它从何处接续未能核对，请连同完整备份一起核验。",
            "\nThe first one is an increment: where it goes on from was not verified. Verify it together with its full archive.",
        )
    };
    match language {
        Language::Zh => println!(
            "{} 完好：{records} 条记录、{contents} 段文字、{rows} 行其他数据。{alone}",
            listed(files)
        ),
        Language::En => println!("Sound: {records} records, {contents} contents, {rows} other rows.{alone}"),
    }
    Ok(ExitCode::SUCCESS)
}
