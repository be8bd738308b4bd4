//! Master keys: where the ring comes from, and the first one of a new database.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::io::AsyncReadExt as _;
use yinuo_commitment::Language;
use yinuo_desk::Entropy as _;
use yinuo_ledger::{
    Vault,
    vault::{KeyId, MasterKey, MasterKeys},
};
use yinuo_store::{PostgresLedger, PostgresOptions, SqliteLedger};
use zeroize::Zeroizing;

use crate::{
    commands::say,
    config::Config,
    ports::SystemEntropy,
    wire::{self, DATABASE},
};

/// File name of the master keys inside the data folder, unless the configuration names another place.
const KEY_FILE: &str = "master.key";

/// Most bytes of a ring: hundreds of keys.
const RING_BYTES_MAX: u64 = 64 * 1024;

/// Most of what a command says on standard error that is repeated.
const COMPLAINT_CHARS_MAX: usize = 1_000;

/// Where the ring comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// The environment, as it was when the process started.
    Environment(Zeroizing<String>),
    /// A program that prints it, such as the client of a key service, and how long it may take.
    Command(Vec<String>, Duration),
    /// A file that only its owner can read.
    File(PathBuf),
}

impl Source {
    /// As configured: the environment before the command before the file.
    pub(crate) fn of(config: &Config) -> Self {
        let vault = &config.vault;
        if let Some(ring) = &vault.master_key {
            return Source::Environment(Zeroizing::new(ring.clone()));
        }
        if let Some(command) = &vault.master_key_command {
            let patience = Duration::from_secs(vault.master_key_command_seconds.into());
            return Source::Command(command.clone(), patience);
        }
        let file = vault.master_key_file.clone();
        Source::File(file.unwrap_or_else(|| config.server.data.join(KEY_FILE)))
    }

    fn name(&self, language: Language) -> String {
        match self {
            Source::Environment(_) => {
                say(language, "环境变量 YINUO_MASTER_KEY", "the variable YINUO_MASTER_KEY").to_owned()
            }
            Source::Command(command, _) => {
                let program = command.first().map_or("", String::as_str);
                format!("vault.master-key-command ({program})")
            }
            Source::File(path) => path.display().to_string(),
        }
    }

    /// Reads the ring.
    pub(crate) async fn ring(&self, language: Language) -> Result<MasterKeys> {
        let text = match self {
            // Several keys in one variable may also stand beside one another.
            Source::Environment(ring) => Zeroizing::new(ring.replace([',', ';'], "\n")),
            Source::Command(command, patience) => printed(command, *patience, language).await?,
            Source::File(path) => kept(path, language)?,
        };
        MasterKeys::parse(&text).with_context(|| match language {
            Language::Zh => format!("主密钥无效：{}", self.name(language)),
            Language::En => format!("the master keys from {} cannot be used", self.name(language)),
        })
    }
}

/// Opens the vault of the configured database. A file of master keys is made for a new database only.
pub(crate) async fn open(config: &Config, language: Language) -> Result<Arc<Vault>> {
    let source = Source::of(config);
    if let Source::File(path) = &source
        && !path.exists()
    {
        first_key(path, config, language).await?;
    }
    Ok(Arc::new(Vault::new(source.ring(language).await?, Arc::new(SystemEntropy))))
}

/// The vault of data that are there already, or are to arrive in this folder: no key is made.
pub(crate) async fn given(config: &Config, data: &Path, language: Language) -> Result<Arc<Vault>> {
    let mut config = config.clone();
    config.server.data = data.into();
    let source = Source::of(&config);
    if let Source::File(path) = &source
        && !path.exists()
    {
        let path = path.display();
        match language {
            Language::Zh => bail!(
                "没有主密钥文件 {path}。请把您保存的那份放到那里（例如 install -m 600 保存处/master.key {path}），或用 [vault] 指明它在哪里"
            ),
            Language::En => bail!(
                "there is no file of master keys {path}. Put the copy that you keep there (install -m 600 KEPT/master.key {path}), or say with [vault] where it is"
            ),
        }
    }
    Ok(Arc::new(Vault::new(source.ring(language).await?, Arc::new(SystemEntropy))))
}

/// Makes the first master key, unless something is sealed already: then only the key that sealed it helps.
async fn first_key(path: &Path, config: &Config, language: Language) -> Result<()> {
    let sealed = sealed_under(config, language).await?;
    if !sealed.is_empty() {
        let (key, database) = (path.display(), wire::place(config));
        let wanted = sealed.keys().map(KeyId::to_string).collect::<Vec<_>>().join(", ");
        match language {
            Language::Zh => bail!(
                "没有主密钥文件 {key}，而数据库 {database} 由主密钥 {wanted} 封存，未作任何改动。请把您保存的、或其他节点上的主密钥文件放到该处（权限 600）"
            ),
            Language::En => bail!(
                "there is no file of master keys {key}, and the database {database} is sealed under the master key {wanted}; it was left as it is. Put the key file there that you kept, or that of another node, with `chmod 600`"
            ),
        }
    }
    let key = new_key();
    let text = Zeroizing::new(format!(
        "# Master keys of Yinuo, one a line: the first one wraps, all of them open. Keep a copy apart from backups.\n{}\n",
        *key.line()
    ));
    write_private(path, text.as_bytes()).with_context(|| match language {
        Language::Zh => format!("无法写入主密钥文件 {}", path.display()),
        Language::En => format!("cannot write the file of master keys {}", path.display()),
    })?;
    let (id, path) = (key.id(), path.display());
    // Not to standard output: programs read that.
    match language {
        Language::Zh => eprintln!(
            "已生成主密钥 {id}：{path}\n  个人信息由它封存。请另存一份副本，不要与备份放在一起：没有它，备份无法读取；有了它，备份不再保密。"
        ),
        Language::En => eprintln!(
            "Made the master key {id}: {path}\n  Personal data are sealed under it. Keep a copy of it, apart from backups: without it no backup can be read, with it every backup can."
        ),
    }
    Ok(())
}

/// How many keys in the configured database are wrapped under which master key.
pub(crate) async fn sealed_under(config: &Config, language: Language) -> Result<BTreeMap<KeyId, u64>> {
    if let Some(url) = &config.server.database {
        let sealed = PostgresLedger::sealed_under(url, &PostgresOptions::default()).await;
        return sealed.map_err(|error| anyhow::anyhow!(error.tell(language)));
    }
    let sealed = SqliteLedger::sealed_under(config.server.data.join(DATABASE));
    sealed.map_err(|error| anyhow::anyhow!(error.tell(language)))
}

/// A fresh master key.
pub(crate) fn new_key() -> MasterKey {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemEntropy.fill(bytes.as_mut());
    MasterKey::from_bytes(*bytes)
}

fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()?;
    // The name of the file has to survive a power cut as well, before anything is sealed under the key.
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// What a file of master keys holds. One that others can read is refused.
fn kept(path: &Path, language: Language) -> Result<Zeroizing<String>> {
    let what = || match language {
        Language::Zh => format!("无法读取主密钥文件 {}", path.display()),
        Language::En => format!("cannot read the file of master keys {}", path.display()),
    };
    let file = File::open(path).with_context(what)?;
    refuse_if_shared(path, &file.metadata().with_context(what)?, language)?;
    let mut text = Zeroizing::new(String::new());
    file.take(RING_BYTES_MAX).read_to_string(&mut text).with_context(what)?;
    Ok(text)
}

#[cfg(unix)]
fn refuse_if_shared(path: &Path, metadata: &fs::Metadata, language: Language) -> Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    // Nothing for the group and nothing for others: their six bits are zero.
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    let path = path.display();
    match language {
        Language::Zh => bail!("主密钥文件 {path} 可被他人读取（权限 {mode:o}）；请执行：chmod 600 {path}"),
        Language::En => {
            bail!("others can read the file of master keys {path} (mode {mode:o}); type: chmod 600 {path}")
        }
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail here")]
fn refuse_if_shared(_: &Path, _: &fs::Metadata, _: Language) -> Result<()> {
    Ok(())
}

/// What a command prints. Its standard output is a secret and never told; its standard error is told if it fails.
async fn printed(command: &[String], patience: Duration, language: Language) -> Result<Zeroizing<String>> {
    let (program, args) = command.split_first().context("vault.master-key-command = []")?;
    let failed = |what: String| match language {
        Language::Zh => anyhow::anyhow!("vault.master-key-command：{program} 未能给出主密钥：{what}"),
        Language::En => anyhow::anyhow!("vault.master-key-command: {program} gave no master keys: {what}"),
    };
    let mut started = tokio::process::Command::new(program);
    started.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = started.spawn().map_err(|error| failed(error.to_string()))?;
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(failed("no pipes".to_owned()));
    };
    let work = async {
        let (mut text, mut complaint) = (Zeroizing::new(Vec::new()), Vec::new());
        let (mut out, mut err) = (out.take(RING_BYTES_MAX), err.take(RING_BYTES_MAX));
        let read = tokio::join!(out.read_to_end(&mut text), err.read_to_end(&mut complaint));
        read.0?;
        read.1?;
        // What goes beyond the limits is not read: a program that goes on writing ends by itself.
        drop((out, err));
        Ok::<_, std::io::Error>((child.wait().await?, text, complaint))
    };
    let Ok(done) = tokio::time::timeout(patience, work).await else {
        // Best effort: whether it ends or not, it gave no keys.
        let _ = child.kill().await;
        let seconds = patience.as_secs();
        return Err(failed(match language {
            Language::Zh => format!(
                "{seconds} 秒内没有结束，已被终止；请单独运行它以查明原因，或调大 vault.master-key-command-seconds"
            ),
            Language::En => format!(
                "it did not end within {seconds} s and was stopped; run it by itself to see why, or raise vault.master-key-command-seconds"
            ),
        }));
    };
    let (status, text, complaint) = done.map_err(|error| failed(error.to_string()))?;
    if !status.success() {
        let complaint = String::from_utf8_lossy(&complaint);
        let complaint: String = complaint.trim().chars().take(COMPLAINT_CHARS_MAX).collect();
        return Err(failed(format!("{status} {complaint}")));
    }
    let text = std::str::from_utf8(&text)
        .map_err(|_| failed(say(language, "输出不是文本", "what it printed is no text").to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}
