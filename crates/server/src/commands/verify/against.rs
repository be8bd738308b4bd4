//! Whether a server still holds what a receipt proves: its log today has to begin with the one that was signed then.

use anyhow::{Result, bail};
use serde::Deserialize;
use yinuo_commitment::Language;
use yinuo_ledger::{
    Checkpoint, Hash,
    checkpoint::{self, NOTE_MAX_BYTES, VerifierKey},
};

use crate::witness::HttpLine;

/// Longest proof that is read, in bytes: 64 hashes and a little.
const PROOF_MAX_BYTES: usize = 16 * 1024;

#[derive(Deserialize)]
struct Proof {
    proof: Vec<String>,
}

/// Asks a server for its newest checkpoint and for the proof that it extends `old`. Gives what to tell.
pub(super) fn server(
    line: &HttpLine,
    url: &str,
    key: &VerifierKey,
    old: &Checkpoint,
    language: Language,
) -> Result<String> {
    let url = url.trim_end_matches('/');
    let note = fetch(line, &format!("{url}/log/checkpoint"), NOTE_MAX_BYTES, language)?;
    let new = Checkpoint::verified(&note, key)
        .map_err(|error| anyhow::anyhow!("{url}/log/checkpoint: {}", error.text().get(language)))?;
    if new.size < old.size {
        let (had, has) = (old.size, new.size);
        match language {
            Language::Zh => bail!("服务器 {url} 的台账被回滚：它曾有至少 {had} 条记录，现只有 {has} 条"),
            Language::En => {
                bail!("the ledger of {url} was rolled back: it had at least {had} records, and has {has}")
            }
        }
    }
    let (from, to) = (old.size, new.size);
    let json = fetch(line, &format!("{url}/log/proof?from={from}&to={to}"), PROOF_MAX_BYTES, language)?;
    let proof = serde_json::from_str::<Proof>(&json).ok().and_then(|proof| {
        proof.proof.iter().map(|hash| checkpoint::hash(hash)).collect::<Option<Vec<Hash>>>()
    });
    let extends = proof.is_some_and(|proof| new.extends(old, &proof).is_ok());
    match (extends, language) {
        (true, Language::Zh) => {
            Ok(format!("服务器仍保有该回执：其台账现有 {to} 条记录，且包含回执签名时的 {from} 条。"))
        }
        (true, Language::En) => Ok(format!(
            "The server still holds it: its ledger has {to} records, and begins with the {from} of the receipt."
        )),
        (false, Language::Zh) => {
            bail!("服务器 {url} 的台账被分叉或改写：它无法证明其 {to} 条记录包含回执签名时的 {from} 条")
        }
        (false, Language::En) => bail!(
            "the ledger of {url} was forked or rewritten: it cannot prove that its {to} records begin with the {from} that were signed then"
        ),
    }
}

fn fetch(line: &HttpLine, url: &str, bytes_max: usize, language: Language) -> Result<String> {
    match (line.get(url, bytes_max), language) {
        (Ok(answer), _) if answer.status == 200 => Ok(answer.body),
        (Ok(answer), Language::Zh) => bail!("{url} 的回答是 {}：这里有一诺服务器吗？", answer.status),
        (Ok(answer), Language::En) => bail!("{url} answered {}; is it a server of Yinuo?", answer.status),
        (Err(error), Language::Zh) => bail!("无法访问 {url}：{error}"),
        (Err(error), Language::En) => bail!("{url} cannot be reached: {error}"),
    }
}
