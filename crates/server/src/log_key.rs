//! Beginning the signed log: the configured name and witnesses, and the key that lies sealed beside the ledger.

use std::sync::Arc;

use anyhow::{Context, Result};
use yinuo_commitment::Language;
use yinuo_desk::{Desk, Witnesses};

use crate::{commands::told, config::Config, witness::HttpLine};

/// Begins the log of the desk. Its key is made at the first start.
pub(crate) async fn begin(config: &Config, desk: &Desk, language: Language) -> Result<()> {
    open(config, desk, true, language).await
}

/// The same, if there is a key already: what only reads makes none.
pub(crate) async fn begin_if_there(config: &Config, desk: &Desk, language: Language) -> Result<()> {
    open(config, desk, false, language).await
}

async fn open(config: &Config, desk: &Desk, make: bool, language: Language) -> Result<()> {
    let ca = config.ledger.witness_ca.as_deref();
    let line = HttpLine::new(ca, language).context("ledger.witness-ca")?;
    let witnesses = Witnesses::new(config.witnesses(language)?, Arc::new(line));
    desk.open_log(&config.origin(language)?, witnesses, make).await.map_err(told(language))
}
