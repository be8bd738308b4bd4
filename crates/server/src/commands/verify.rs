//! `yinuo verify receipt FILE` and `yinuo verify ledger`

mod against;

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use clap::{Args as Arguments, Subcommand};
use yinuo_commitment::Language;
use yinuo_desk::{AuditError, Audited, Evidence};
use yinuo_ledger::{
    audit::Misfit,
    checkpoint::{KeyKind, NOTE_MAX_BYTES, VerifierKey},
    receipt::{Confirmed, RECEIPT_MAX_BYTES, Receipt},
};

use super::say;
use crate::{config::Config, log_key, wire, witness::HttpLine};

#[derive(Debug, Arguments)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Verify a receipt with nothing but the file and the company's public key.
    Receipt(ReceiptArgs),
    /// Verify the whole ledger of the data folder, and that it still holds old receipts and checkpoints.
    Ledger(LedgerArgs),
}

#[derive(Debug, Arguments)]
struct ReceiptArgs {
    /// The receipt (JSON).
    file: PathBuf,
    /// The public key that the company publishes, as `name+id+key`; a server tells it at /log/key.
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
    /// Also look whether this server (https://…) or the ledger in this data folder still holds it.
    #[arg(long, value_name = "URL|DATA")]
    against: Option<String>,
    /// Certificates (PEM) that alone vouch for that server; else those that the public web trusts.
    #[arg(long, value_name = "FILE", requires = "against")]
    ca: Option<PathBuf>,
}

#[derive(Debug, Arguments)]
struct LedgerArgs {
    /// An old receipt that the ledger has to hold; may be given again.
    #[arg(long = "receipt", value_name = "FILE")]
    receipts: Vec<PathBuf>,
    /// An old checkpoint that the ledger has to extend; may be given again.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// The public key as it is known from elsewhere; else the ledger's own one is taken.
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
}

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    match args.what {
        What::Receipt(args) => receipt(args, config, language).await,
        What::Ledger(args) => ledger(args, &config, language).await,
    }
}

/// What was found, and what to do.
pub(crate) fn unsound(error: &AuditError, language: Language) -> anyhow::Error {
    let text = error.text();
    let text = text.get(language);
    let lists = matches!(error, AuditError::Found(finding) if matches!(finding.misfit, Misfit::Lists { .. }));
    match (error, language) {
        // Nothing is lost: the finding says what to do.
        _ if lists => anyhow::anyhow!(text.to_owned()),
        (AuditError::Found(_), Language::Zh) => anyhow::anyhow!(
            "台账核验未通过。{text}请停止使用该数据目录，保留一份副本，再用最近的备份恢复；`yinuo verify ledger` 可核验任一数据目录"
        ),
        (AuditError::Found(_), Language::En) => anyhow::anyhow!(
            "the ledger is not sound. {text} Stop using this folder, keep a copy of it, and restore the last backup; `yinuo verify ledger` verifies any folder"
        ),
        _ => anyhow::anyhow!(text.to_owned()),
    }
}

fn key(text: Option<&str>, language: Language) -> Result<Option<VerifierKey>> {
    let Some(text) = text else { return Ok(None) };
    let key: VerifierKey = text.parse().map_err(|error: yinuo_ledger::checkpoint::NoKey| {
        anyhow::anyhow!("--key: `{text}`: {}", error.text().get(language))
    })?;
    if key.kind() == KeyKind::Log {
        return Ok(Some(key));
    }
    bail!(
        "--key: {}",
        say(language, "这是见证方的公钥，不是日志的公钥", "this is the key of a witness, not of a log")
    )
}

/// A file of at most `bytes_max` bytes; one that is longer is read up to one byte more.
fn read_some(file: &Path, bytes_max: usize, language: Language) -> Result<Vec<u8>> {
    let cannot = || format!("{} {}", say(language, "无法读取", "cannot read"), file.display());
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes)).with_context(cannot)?;
    Ok(bytes)
}

fn read_receipt(file: &Path, language: Language) -> Result<Receipt> {
    let bytes = read_some(file, RECEIPT_MAX_BYTES, language)?;
    Receipt::parse(&bytes)
        .map_err(|error| anyhow::anyhow!("{}: {}", file.display(), error.text().get(language)))
}

async fn receipt(args: ReceiptArgs, config: Config, language: Language) -> Result<ExitCode> {
    let known = key(args.key.as_deref(), language)?;
    let receipt = read_receipt(&args.file, language)?;
    let confirmed = receipt
        .verify(known.as_ref())
        .map_err(|error| anyhow::anyhow!("{}: {}", args.file.display(), error.text().get(language)))?;
    tell(&confirmed, &receipt, language);
    let Some(against) = args.against else { return Ok(ExitCode::SUCCESS) };
    let name = args.file.display().to_string();
    if against.starts_with("https://") || against.starts_with("http://") {
        let verifying = known.map_or_else(|| receipt.key.parse().context("key"), Ok)?;
        let line = HttpLine::new(args.ca.as_deref(), language)?;
        let found = tokio::task::spawn_blocking(move || {
            against::server(&line, &against, &verifying, &confirmed.checkpoint, language)
        });
        println!("{}", found.await.context("the question broke down")??);
        return Ok(ExitCode::SUCCESS);
    }
    let mut config = config;
    config.server.data = PathBuf::from(against);
    let desk = wire::desk_of_existing(&config, language).await?;
    let evidence = Evidence {
        key: known.or_else(|| receipt.key.parse().ok()),
        receipts: vec![(name, receipt)],
        checkpoints: Vec::new(),
    };
    let held = desk.audit_held(&evidence).await.map_err(|error| unsound(&error, language))?;
    match language {
        Language::Zh => println!("台账仍包含该回执：共 {} 条记录。", held.records),
        Language::En => println!("The ledger still holds it, among {} records.", held.records),
    }
    Ok(ExitCode::SUCCESS)
}

/// What a receipt proves.
fn tell(confirmed: &Confirmed, receipt: &Receipt, language: Language) {
    let Confirmed { number, received_at, position, hash, checkpoint, .. } = confirmed;
    let (origin, size) = (&checkpoint.origin, checkpoint.size);
    match language {
        Language::Zh => {
            println!("回执有效：{number} 于 {received_at} 收到。");
            println!("  台账 {origin} 的第 {position} 条记录，由 {size} 条记录的检查点签名");
            println!("  记录摘要  {hash}");
        }
        Language::En => {
            println!("The receipt holds: {number} was received at {received_at}.");
            println!(
                "  record {position} of the ledger {origin}, in the signed checkpoint of {size} records"
            );
            println!("  hash of the record  {hash}");
        }
    }
    for (name, text) in [
        (say(language, "主题", "subject"), confirmed.subject.as_deref()),
        (say(language, "内容", "text"), confirmed.body.as_deref()),
    ] {
        let Some(text) = text else { continue };
        // Words of a file that somebody sent: no control characters for this terminal.
        let clean: String = text.chars().filter(|char| !char.is_control() || *char == '\n').collect();
        println!("  {name}: {clean}");
    }
    if !confirmed.key_known {
        match language {
            Language::Zh => eprintln!(
                "注意：所用的是回执自带的公钥，只能证明文件自身完整。请与公司公布的公钥核对，或用 --key 指定：\n  {}",
                receipt.key
            ),
            Language::En => eprintln!(
                "Note: the key is the one inside of the file, so this proves only that the file fits itself. Compare it with the key that the company publishes, or give that one with --key:\n  {}",
                receipt.key
            ),
        }
    }
}

async fn ledger(args: LedgerArgs, config: &Config, language: Language) -> Result<ExitCode> {
    let known = key(args.key.as_deref(), language)?;
    let mut evidence = Evidence { key: known, ..Evidence::default() };
    for file in &args.receipts {
        evidence.receipts.push((file.display().to_string(), read_receipt(file, language)?));
    }
    for file in &args.checkpoints {
        let name = file.display().to_string();
        let bytes = read_some(file, NOTE_MAX_BYTES, language)?;
        let note = String::from_utf8(bytes);
        let note =
            note.map_err(|_| anyhow::anyhow!("{name}: {}", say(language, "不是 UTF-8", "it is not UTF-8")))?;
        evidence.checkpoints.push((name, note));
    }
    let desk = wire::desk_of_existing(config, language).await?;
    if evidence.key.is_none() {
        log_key::begin_if_there(config, &desk, language).await?;
    }
    let audited = desk.audit(&evidence).await.map_err(|error| unsound(&error, language))?;
    summarise(&audited, language);
    Ok(ExitCode::SUCCESS)
}

fn summarise(audited: &Audited, language: Language) {
    let Audited { records, streams, tickets, held, hashing, .. } = audited;
    let micros = hashing.as_micros().max(1);
    let each_second = u128::from(*records) * 1_000_000 / micros;
    match language {
        Language::Zh => println!(
            "台账完好：{records} 条记录、{streams} 条链均已重新计算（每秒 {each_second} 条）；{tickets} 张工单的文字与列表均与记录一致。"
        ),
        Language::En => println!(
            "The ledger is sound: {records} records in {streams} chains were hashed again ({each_second} a second); words and lists of {tickets} tickets are what the records say."
        ),
    }
    match (audited.signed, language) {
        (Some(size), Language::Zh) => println!("检查点已签名 {size} 条记录，签名有效。"),
        (Some(size), Language::En) => println!("The signed checkpoint covers {size} records and is valid."),
        (None, Language::Zh) => println!("台账尚未签名：服务器启动后即会签名。"),
        (None, Language::En) => println!("Nothing was signed yet: a server signs when it starts."),
    }
    match (held, language) {
        (0, _) => {}
        (held, Language::Zh) => println!("所给的 {held} 份旧回执和检查点均仍在台账中。"),
        (held, Language::En) => {
            println!("The {held} old receipts and checkpoints that were given are still in it.");
        }
    }
}
