//! Configuration: one TOML file, then the environment, then command-line flags. Unknown keys are errors.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;
use yinuo_commitment::{Language, Tables};
use yinuo_core::id::OrgId;
use yinuo_ledger::checkpoint::{KeyKind, LogKey, NoKey, VerifierKey};

use crate::{adviser::AdviserSection, commands::say, embedding::EmbeddingSection};

/// Everything that an operator sets.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Where the server listens and who may reach what.
    pub(crate) server: ServerSection,
    /// The organisation.
    pub(crate) organisation: OrganisationSection,
    /// The signed ledger.
    pub(crate) ledger: LedgerSection,
    /// Logs.
    pub(crate) log: LogSection,
    /// Master keys.
    pub(crate) vault: VaultSection,
    /// A language model that may be asked for advice.
    pub(crate) adviser: AdviserSection,
    /// A model that finds answers by meaning as well as by words.
    pub(crate) embedding: EmbeddingSection,
    /// Own holiday tables by name: files in the line format of the calendar's tables.
    pub(crate) holidays: BTreeMap<String, PathBuf>,
}

/// `[server]`
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServerSection {
    /// Address and port.
    pub(crate) listen: SocketAddr,
    /// Folder of the database, unless `database` names another one.
    pub(crate) data: PathBuf,
    /// Address of a PostgreSQL database: `postgres://user:password@host:5432/database`.
    pub(crate) database: Option<String>,
    /// Whether cookies demand HTTPS. None: yes, unless the server listens on loopback only.
    pub(crate) secure_cookies: Option<bool>,
    /// Whether a proxy in front sets `X-Forwarded-For`, so that limits count its callers and not the proxy.
    pub(crate) behind_proxy: bool,
    /// Token with which `/metrics` may be read from elsewhere than loopback.
    pub(crate) metrics_token: Option<String>,
    /// Requests that one address may submit a minute; 0: no limit.
    pub(crate) requests_per_minute: u32,
}

/// `[organisation]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct OrganisationSection {
    /// Short name; every key in the database begins with it.
    pub(crate) id: String,
    /// IANA zone whose days number tickets.
    pub(crate) zone: String,
}

/// `[ledger]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LedgerSection {
    /// Name under which the ledger is signed, such as `desk.example.com/main`: it is never changed once receipts are
    /// out. None: `yinuo.local/` and the organisation.
    pub(crate) origin: Option<String>,
    /// Ledgers up to so many records are verified at every start: 50 000 take about a second. Of a larger one, the
    /// hashes of so many last records and the signed root are; `yinuo verify ledger` verifies all of it.
    pub(crate) verify_at_start: u64,
    /// File of certificates (PEM) that alone vouch for witnesses. None: those that the public web trusts.
    pub(crate) witness_ca: Option<PathBuf>,
    /// Programs of others that sign checkpoints, too.
    pub(crate) witness: Vec<WitnessSection>,
}

/// `[[ledger.witness]]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct WitnessSection {
    /// Its address: what comes before `/add-checkpoint`.
    pub(crate) url: String,
    /// Its verifier key, `name+id+key`.
    pub(crate) key: String,
}

/// `[log]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LogSection {
    /// What is logged, such as `info` or `info,yinuo_desk=debug`.
    pub(crate) level: String,
    /// `text` or `json`.
    pub(crate) format: LogFormat,
}

/// `[vault]`: where the master keys come from, under which personal data are sealed. Nothing said: a file in the data
/// folder, made at the first start.
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_field_names, reason = "the keys of the file, spelt as operators write them")]
pub(crate) struct VaultSection {
    /// File of master keys, one a line, that only its owner can read.
    pub(crate) master_key_file: Option<PathBuf>,
    /// Program and arguments that print them, such as the client of a key service.
    pub(crate) master_key_command: Option<Vec<String>>,
    /// How long that program may take, in seconds.
    pub(crate) master_key_command_seconds: u16,
    /// The keys themselves: from the environment alone, and never shown.
    #[serde(skip)]
    pub(crate) master_key: Option<String>,
}

impl std::fmt::Debug for VaultSection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VaultSection")
            .field("master_key_file", &self.master_key_file)
            .field("master_key_command", &self.master_key_command)
            .finish_non_exhaustive()
    }
}

/// Format of logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            database: None,
            secure_cookies: None,
            behind_proxy: false,
            metrics_token: None,
            requests_per_minute: 120,
        }
    }
}

/// Neither the password of the database nor the token.
impl std::fmt::Debug for ServerSection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerSection")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("database", &self.database.as_deref().map(without_password))
            .finish_non_exhaustive()
    }
}

/// The address of a database as it may be shown.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let rest = match rest.rsplit_once('@') {
        Some((user, place)) => {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            let hidden = if password.is_empty() { "" } else { ":***" };
            format!("{name}{hidden}@{place}")
        }
        None => rest.to_owned(),
    };
    let hide = |pair: &str| {
        let key = pair.split('=').next().unwrap_or_default().to_owned();
        if key == "password" { format!("{key}=***") } else { pair.to_owned() }
    };
    let query: Vec<String> = query.split('&').filter(|pair| !pair.is_empty()).map(hide).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{rest}{mark}{}", query.join("&"))
}

impl Default for OrganisationSection {
    fn default() -> Self {
        Self { id: "main".to_owned(), zone: "Asia/Shanghai".to_owned() }
    }
}

impl Default for LedgerSection {
    fn default() -> Self {
        Self { origin: None, verify_at_start: 50_000, witness_ca: None, witness: Vec::new() }
    }
}

impl Default for VaultSection {
    fn default() -> Self {
        Self {
            master_key_file: None,
            master_key_command: None,
            master_key_command_seconds: 30,
            master_key: None,
        }
    }
}

impl Default for LogSection {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// Fewest characters of a token that is not to be guessed.
const TOKEN_CHARS_MIN: usize = 16;

/// The environment variables that are read, and the key that each sets.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("YINUO_LISTEN", "server.listen"),
    ("YINUO_DATA", "server.data"),
    ("YINUO_DATABASE", "server.database"),
    ("YINUO_SECURE_COOKIES", "server.secure-cookies"),
    ("YINUO_METRICS_TOKEN", "server.metrics-token"),
    ("YINUO_LOG", "log.level"),
    ("YINUO_LOG_FORMAT", "log.format"),
    ("YINUO_MASTER_KEY_FILE", "vault.master-key-file"),
    ("YINUO_MASTER_KEY", "vault.master-key"),
    ("YINUO_ADVISER_KEY", "adviser.key"),
    ("YINUO_EMBEDDING_MODEL", "embedding.model"),
];

impl Config {
    /// Reads the file, if one is named, and the environment.
    pub(crate) fn load(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
        language: Language,
    ) -> Result<Self> {
        let mut config = match file {
            Some(file) => {
                let name = file.display();
                let text = std::fs::read_to_string(file).with_context(|| {
                    format!(
                        "{} {name}",
                        say(language, "无法读取配置文件", "cannot read the configuration file")
                    )
                })?;
                toml::from_str(&text).with_context(|| {
                    format!("{} {name}", say(language, "配置文件有误：", "in the configuration file"))
                })?
            }
            None => Self::default(),
        };
        for (name, key) in VARIABLES {
            if let Some(value) = variable(name) {
                config.set(key, &value, language).with_context(|| {
                    format!("{} {name}", say(language, "环境变量有误：", "in the environment variable"))
                })?;
            }
        }
        config.check(language)?;
        Ok(config)
    }

    fn set(&mut self, key: &str, value: &str, language: Language) -> Result<()> {
        let expected = |shape: &str| {
            format!("`{value}` {} {shape}", say(language, "无效，应为", "does not fit; expected"))
        };
        match key {
            "server.listen" => {
                self.server.listen = value.parse().with_context(|| expected("IP:PORT (127.0.0.1:8080)"))?;
            }
            "server.data" => self.server.data = PathBuf::from(value),
            "server.database" => self.server.database = Some(value.to_owned()),
            "server.secure-cookies" => {
                self.server.secure_cookies = Some(value.parse().with_context(|| expected("true | false"))?);
            }
            "server.metrics-token" => self.server.metrics_token = Some(value.to_owned()),
            "vault.master-key-file" => self.vault.master_key_file = Some(PathBuf::from(value)),
            "vault.master-key" => self.vault.master_key = Some(value.to_owned()),
            "adviser.key" => self.adviser.key = Some(value.to_owned()),
            "embedding.model" => self.embedding.model = Some(value.into()),
            "log.level" => value.clone_into(&mut self.log.level),
            "log.format" => {
                self.log.format = match value {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => bail!(expected("text | json")),
                }
            }
            other => bail!("no variable sets `{other}`"),
        }
        Ok(())
    }

    /// What the types do not say.
    pub(crate) fn check(&self, language: Language) -> Result<()> {
        self.org()?;
        self.zone(language)?;
        if self.server.metrics_token.as_ref().is_some_and(|token| token.chars().count() < TOKEN_CHARS_MIN) {
            bail!(
                "server.metrics-token: {} {TOKEN_CHARS_MIN}",
                say(language, "太短，最少字符数为", "too short; the least number of characters is")
            );
        }
        if self.vault.master_key_command.as_ref().is_some_and(Vec::is_empty) {
            bail!(
                "vault.master-key-command: {}",
                say(language, "请写出程序及其参数", "name a program, then its arguments")
            );
        }
        if self.vault.master_key_command_seconds == 0 {
            bail!("vault.master-key-command-seconds: {}", say(language, "至少为 1", "at least 1"));
        }
        if self.vault.master_key_command.is_some() && self.vault.master_key_file.is_some() {
            bail!(
                "vault: {}",
                say(
                    language,
                    "master-key-file 与 master-key-command 只能写一项",
                    "either master-key-file or master-key-command, not both"
                )
            );
        }
        self.adviser.check(language)?;
        self.log_filter(language)?;
        self.origin(language)?;
        self.witnesses(language)?;
        Ok(())
    }

    /// Name under which the ledger is signed.
    pub(crate) fn origin(&self, language: Language) -> Result<String> {
        let origin = match &self.ledger.origin {
            Some(origin) => origin.clone(),
            None => format!("yinuo.local/{}", self.organisation.id),
        };
        // Whatever the key: only the name can be wrong.
        match LogKey::new(&origin, KeyKind::Log, &[0; 32]) {
            Ok(_) => Ok(origin),
            Err(_) => match language {
                Language::Zh => {
                    bail!("ledger.origin：「{origin}」为空，或含有空格或加号，例如 desk.example.com/main")
                }
                Language::En => bail!(
                    "ledger.origin: `{origin}` is empty, or holds spaces or plus signs; write it like desk.example.com/main"
                ),
            },
        }
    }

    /// Witnesses: address and key.
    pub(crate) fn witnesses(&self, language: Language) -> Result<Vec<(String, VerifierKey)>> {
        let mut witnesses = Vec::new();
        for WitnessSection { url, key } in &self.ledger.witness {
            let named = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
            if !named {
                bail!(
                    "ledger.witness.url: `{url}` {}",
                    say(language, "应以 https:// 开头", "has to begin with https://")
                );
            }
            let key: VerifierKey = key.parse().map_err(|error: NoKey| {
                anyhow::anyhow!("ledger.witness.key: `{key}`: {}", error.text().get(language))
            })?;
            if key.kind() != KeyKind::Witness {
                let what =
                    say(language, "是日志的公钥，不是见证方的公钥", "is the key of a log, not of a witness");
                bail!("ledger.witness.key: `{key}` {what}");
            }
            witnesses.push((url.clone(), key));
        }
        Ok(witnesses)
    }

    /// The organisation.
    pub(crate) fn org(&self) -> Result<OrgId> {
        OrgId::new(&self.organisation.id).context("organisation.id")
    }

    /// The zone whose days number tickets, from the bundled database.
    pub(crate) fn zone(&self, language: Language) -> Result<jiff::tz::TimeZone> {
        let name = &self.organisation.zone;
        jiff::tz::TimeZoneDatabase::bundled().get(name).with_context(|| match language {
            Language::Zh => format!("organisation.zone：「{name}」不是 IANA 时区，例如 Asia/Shanghai"),
            Language::En => format!("organisation.zone: `{name}` is no IANA zone such as Asia/Shanghai"),
        })
    }

    /// What is logged.
    pub(crate) fn log_filter(&self, language: Language) -> Result<EnvFilter> {
        let level = &self.log.level;
        EnvFilter::try_new(level).with_context(|| match language {
            Language::Zh => format!("log.level：「{level}」无效，例如 info 或 info,yinuo_desk=debug"),
            Language::En => {
                format!("log.level: `{level}` is no filter such as info or info,yinuo_desk=debug")
            }
        })
    }

    /// The holiday tables: the shipped ones and the organisation's own.
    pub(crate) fn tables(&self, language: Language) -> Result<Tables> {
        let mut tables = Tables::shipped();
        for (name, file) in &self.holidays {
            let within = || match language {
                Language::Zh => format!("节假日表 {name}（{}）", file.display()),
                Language::En => format!("the holiday table {name} ({})", file.display()),
            };
            let text = std::fs::read_to_string(file).with_context(within)?;
            tables.add(name, &text).with_context(within)?;
        }
        Ok(tables)
    }

    /// Whether cookies demand HTTPS.
    pub(crate) fn secure_cookies(&self) -> bool {
        self.server.secure_cookies.unwrap_or_else(|| !self.server.listen.ip().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_errors_that_name_them() {
        let error = toml::from_str::<Config>("[server]\nlisten = \"127.0.0.1:1\"\nport = 3\n").unwrap_err();
        assert!(error.to_string().contains("port"), "{error}");
    }

    #[test]
    fn the_environment_wins_over_the_default() {
        let config = Config::load(
            None,
            |name| (name == "YINUO_LISTEN").then(|| "127.0.0.1:9".to_owned()),
            Language::En,
        )
        .unwrap();
        assert_eq!(config.server.listen.port(), 9);
    }

    #[test]
    fn a_bad_value_names_its_variable() {
        let error =
            Config::load(None, |name| (name == "YINUO_LISTEN").then(|| "here".to_owned()), Language::En)
                .unwrap_err();
        assert!(format!("{error:#}").contains("YINUO_LISTEN"), "{error:#}");
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url| {
            let shown = without_password(url);
            assert!(!shown.contains("secret"), "{shown}");
            shown
        };
        assert_eq!(shown("postgres://u:secret@h:1/d"), "postgres://u:***@h:1/d");
        assert_eq!(shown("postgres://u:se:secret@cret@h/d?a=b"), "postgres://u:***@h/d?a=b");
        assert_eq!(shown("postgres://u@h/d?password=secret&a=b"), "postgres://u@h/d?password=***&a=b");
        assert_eq!(shown("u:secret@h"), "***");
        let mut config = Config::default();
        config.server.database = Some("postgres://u:secret@h/d".to_owned());
        assert!(!format!("{config:?}").contains("secret"));
    }

    #[test]
    fn a_short_metrics_token_is_refused() {
        let config = Config::load(
            None,
            |name| (name == "YINUO_METRICS_TOKEN").then(|| "short".to_owned()),
            Language::En,
        );
        assert!(config.is_err());
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        let mut config = Config::default();
        config.organisation.zone = "Asia/Pekin".to_owned();
        assert!(config.check(Language::En).is_err());
    }

    #[test]
    fn the_shown_configuration_reads_back_as_itself() {
        let shown = toml::to_string(&Config::default()).unwrap();
        let read: Config = toml::from_str(&shown).unwrap();
        assert_eq!(toml::to_string(&read).unwrap(), shown);
    }
}
