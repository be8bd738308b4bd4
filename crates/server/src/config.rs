//! Configuration: one TOML file, then the environment, then command-line flags. Unknown keys are errors.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use yinuo_commitment::Tables;
use yinuo_core::id::OrgId;

/// Everything that an operator sets.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Where the server listens and who may reach what.
    pub(crate) server: ServerSection,
    /// The organisation.
    pub(crate) organisation: OrganisationSection,
    /// Logs.
    pub(crate) log: LogSection,
    /// Own holiday tables by name: files in the line format of the calendar's tables.
    pub(crate) holidays: BTreeMap<String, PathBuf>,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServerSection {
    /// Address and port.
    pub(crate) listen: SocketAddr,
    /// Folder of the database.
    pub(crate) data: PathBuf,
    /// Whether cookies demand HTTPS. None: yes, unless the server listens on loopback only.
    pub(crate) secure_cookies: Option<bool>,
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

/// `[log]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LogSection {
    /// What is logged, such as `info` or `info,yinuo_desk=debug`.
    pub(crate) level: String,
    /// `text` or `json`.
    pub(crate) format: LogFormat,
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

impl Default for Config {
    fn default() -> Self {
        Self {
            server: ServerSection::default(),
            organisation: OrganisationSection::default(),
            log: LogSection::default(),
            holidays: BTreeMap::new(),
        }
    }
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            secure_cookies: None,
            metrics_token: None,
            requests_per_minute: 120,
        }
    }
}

impl Default for OrganisationSection {
    fn default() -> Self {
        Self { id: "main".to_owned(), zone: "Asia/Shanghai".to_owned() }
    }
}

impl Default for LogSection {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// The environment variables that are read, and the key that each sets.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("YINUO_LISTEN", "server.listen"),
    ("YINUO_DATA", "server.data"),
    ("YINUO_SECURE_COOKIES", "server.secure-cookies"),
    ("YINUO_METRICS_TOKEN", "server.metrics-token"),
    ("YINUO_LOG", "log.level"),
    ("YINUO_LOG_FORMAT", "log.format"),
];

impl Config {
    /// Reads the file, if one is named, and the environment.
    pub(crate) fn load(file: Option<&Path>, variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut config = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("cannot read the configuration file {}", file.display()))?;
                toml::from_str(&text).with_context(|| format!("in {}", file.display()))?
            }
            None => Self::default(),
        };
        for (name, key) in VARIABLES {
            if let Some(value) = variable(name) {
                config.set(key, &value).with_context(|| format!("in the environment variable {name}"))?;
            }
        }
        config.check()?;
        Ok(config)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        match key {
            "server.listen" => {
                self.server.listen = value.parse().context("expected an address such as 127.0.0.1:8080")?
            }
            "server.data" => self.server.data = PathBuf::from(value),
            "server.secure-cookies" => {
                self.server.secure_cookies = Some(value.parse().context("expected true or false")?);
            }
            "server.metrics-token" => self.server.metrics_token = Some(value.to_owned()),
            "log.level" => value.clone_into(&mut self.log.level),
            "log.format" => {
                self.log.format = match value {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    other => bail!("`{other}` is neither `text` nor `json`"),
                }
            }
            other => bail!("no variable sets `{other}`"),
        }
        Ok(())
    }

    /// What the types do not say.
    pub(crate) fn check(&self) -> Result<()> {
        self.org()?;
        self.zone()?;
        if self.server.metrics_token.as_ref().is_some_and(|token| token.len() < 16) {
            bail!("server.metrics-token is too short: take at least 16 characters");
        }
        Ok(())
    }

    /// The organisation.
    pub(crate) fn org(&self) -> Result<OrgId> {
        OrgId::new(&self.organisation.id).context("organisation.id")
    }

    /// The zone whose days number tickets, from the bundled database.
    pub(crate) fn zone(&self) -> Result<jiff::tz::TimeZone> {
        let zones = jiff::tz::TimeZoneDatabase::bundled();
        zones.get(&self.organisation.zone).with_context(|| {
            format!("organisation.zone: `{}` is no IANA zone such as Asia/Shanghai", self.organisation.zone)
        })
    }

    /// The holiday tables: the shipped ones and the organisation's own.
    pub(crate) fn tables(&self) -> Result<Tables> {
        let mut tables = Tables::shipped();
        for (name, file) in &self.holidays {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read the holiday table {}", file.display()))?;
            tables.add(name, &text).with_context(|| format!("in the holiday table {}", file.display()))?;
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
        let config =
            Config::load(None, |name| (name == "YINUO_LISTEN").then(|| "127.0.0.1:9".to_owned())).unwrap();
        assert_eq!(config.server.listen.port(), 9);
    }

    #[test]
    fn a_bad_value_names_its_variable() {
        let error =
            Config::load(None, |name| (name == "YINUO_LISTEN").then(|| "here".to_owned())).unwrap_err();
        assert!(format!("{error:#}").contains("YINUO_LISTEN"), "{error:#}");
    }

    #[test]
    fn a_short_metrics_token_is_refused() {
        let config = Config::load(None, |name| (name == "YINUO_METRICS_TOKEN").then(|| "short".to_owned()));
        assert!(config.is_err());
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        let mut config = Config::default();
        config.organisation.zone = "Asia/Pekin".to_owned();
        assert!(config.check().is_err());
    }

    #[test]
    fn the_shown_configuration_reads_back_as_itself() {
        let shown = toml::to_string(&Config::default()).unwrap();
        let read: Config = toml::from_str(&shown).unwrap();
        assert_eq!(toml::to_string(&read).unwrap(), shown);
    }
}
