//! Where an organisation is kept: a data folder with a database file, or a PostgreSQL database.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Result, anyhow, bail};
use yinuo_commitment::Language;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Ledger,
    transfer::{Export, Standing},
    vault::Vault,
};
use yinuo_store::{Options, PostgresLedger, PostgresOptions, SqliteLedger};

use crate::{arrival, commands::damaged, config::Config, keys, wire};

/// Where an organisation is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A data folder.
    Folder(PathBuf),
    /// A PostgreSQL database, by its address.
    Postgres(String),
}

impl Place {
    /// As people give it.
    pub(crate) fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Place::Postgres(text.to_owned())
        } else {
            Place::Folder(text.into())
        }
    }

    /// As configured.
    pub(crate) fn of(config: &Config) -> Self {
        match &config.server.database {
            Some(url) => Place::Postgres(url.clone()),
            None => Place::Folder(config.server.data.clone()),
        }
    }

    /// Whether it is the same one, however it is written.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Place::Folder(one), Place::Folder(two)) => {
                one == two
                    || matches!((one.canonicalize(), two.canonicalize()), (Ok(one), Ok(two)) if one == two)
            }
            _ => self == other,
        }
    }

    /// A snapshot of an organisation in service, taken beside whoever serves it.
    pub(crate) async fn export(
        &self,
        org: &OrgId,
        since: u64,
        vault: &Arc<Vault>,
        language: Language,
    ) -> Result<Box<dyn Export>> {
        let (standing, export): (Standing, Box<dyn Export>) = match self {
            Place::Folder(folder) => {
                let file = existing(folder, language)?;
                let beside = SqliteLedger::export_beside(&file, org, since).await;
                beside.map_err(|error| anyhow!(error.tell(language)))?
            }
            Place::Postgres(url) => {
                let ledger = open_postgres(url, Arc::clone(vault), language).await?;
                let broken = |error| damaged(&error, language);
                let standing = ledger.standing(org).await.map_err(broken)?;
                (standing, ledger.export(org, since).await.map_err(broken)?)
            }
        };
        if standing != Standing::Open {
            bail!("{self}: {}", standing.tell(language));
        }
        Ok(export)
    }

    /// Opens what is there. A file belongs to one process at a time.
    pub(crate) async fn open(&self, vault: Arc<Vault>, language: Language) -> Result<Arc<dyn Ledger>> {
        match self {
            Place::Folder(folder) => open_file(&existing(folder, language)?, vault, language),
            Place::Postgres(url) => open_postgres(url, vault, language).await,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Folder(folder) => folder.display().fmt(f),
            Place::Postgres(url) => f.write_str(&without_secrets(url)),
        }
    }
}

/// Opens a database file, or makes it.
pub(crate) fn open_file(file: &Path, vault: Arc<Vault>, language: Language) -> Result<Arc<dyn Ledger>> {
    let opened = SqliteLedger::open(file, &Options::default(), vault);
    Ok(Arc::new(opened.map_err(|error| anyhow!(error.tell(language)))?))
}

/// Opens a PostgreSQL database.
pub(crate) async fn open_postgres(
    url: &str,
    vault: Arc<Vault>,
    language: Language,
) -> Result<Arc<dyn Ledger>> {
    let opened = PostgresLedger::connect(url, &PostgresOptions::default(), vault).await;
    Ok(Arc::new(opened.map_err(|error| anyhow!(error.tell(language)))?))
}

/// The vault of what is kept at a place, or is to arrive there: no key is made.
pub(crate) async fn vault_at(config: &Config, place: &Place, language: Language) -> Result<Arc<Vault>> {
    let folder = if let Place::Folder(folder) = place { folder } else { &config.server.data };
    keys::given(config, folder, language).await
}

/// The database in a folder that has to have one: a slip in its name must not make a new one.
pub(crate) fn existing(folder: &Path, language: Language) -> Result<PathBuf> {
    let file = folder.join(wire::DATABASE);
    if file.exists() {
        return Ok(file);
    }
    arrival::must_not_arrive(folder, language)?;
    match language {
        Language::Zh => bail!("没有数据库 {}；请用 --data 指定数据目录", file.display()),
        Language::En => bail!("there is no database {}; name its folder with --data", file.display()),
    }
}

/// An address without user, password and parameters.
fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let place = rest.split('?').next().unwrap_or_default();
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    format!("{scheme}://{place}")
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| Place::parse(url).to_string();
        assert_eq!(
            shown("postgres://u:s3cret@db.example:5432/yinuo?password=s3cret"),
            "postgres://db.example:5432/yinuo"
        );
        assert_eq!(shown("postgresql://u:s3@cret@db/y"), "postgresql://db/y");
        assert_eq!(shown("postgres:///y?host=/run&user=u"), "postgres:///y");
        assert_eq!(shown("data/main"), "data/main");
    }
}
