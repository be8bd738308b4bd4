//! The line to witnesses of the log, and to the logs of other servers: HTTP and HTTPS.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use yinuo_commitment::Language;
use yinuo_desk::{WITNESS_ANSWER_MAX_BYTES, WitnessAnswer, WitnessLine};

/// How long an answer may take. Signing never waits for it.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Asks over the network.
#[derive(Debug, Clone)]
pub(crate) struct HttpLine(ureq::Agent);

impl HttpLine {
    /// Believes servers that the public web trusts or, if a file of certificates is named, those alone for which one of
    /// them vouches.
    pub(crate) fn new(ca: Option<&Path>, language: Language) -> Result<Self> {
        let roots = ca.map_or(Ok(RootCerts::WebPki), |file| certificates(file, language))?;
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WITHIN))
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("yinuo/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self(config.into()))
    }

    /// Fetches a page; the error says what happened. Waits: not for use in a task.
    pub(crate) fn get(&self, url: &str, bytes_max: usize) -> Result<WitnessAnswer, String> {
        read(self.0.get(url).call(), bytes_max)
    }
}

/// The certificates in a PEM file.
fn certificates(file: &Path, language: Language) -> Result<RootCerts> {
    let cannot = || match language {
        Language::Zh => format!("无法读取证书文件 {}", file.display()),
        Language::En => format!("cannot read the file of certificates {}", file.display()),
    };
    let text = std::fs::read(file).with_context(cannot)?;
    let mut found = Vec::new();
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.with_context(cannot)? {
            found.push(certificate);
        }
    }
    match (found.is_empty(), language) {
        (false, _) => Ok(found.into()),
        (true, Language::Zh) => bail!("{} 中没有 PEM 格式的证书", file.display()),
        (true, Language::En) => bail!("there is no certificate in PEM form in {}", file.display()),
    }
}

fn read(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    bytes_max: usize,
) -> Result<WitnessAnswer, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    let body = answer.body_mut().with_config().limit(limit).read_to_string();
    Ok(WitnessAnswer { status, body: body.map_err(|error| error.to_string())? })
}

#[async_trait]
impl WitnessLine for HttpLine {
    async fn post(&self, url: &str, body: String) -> Result<WitnessAnswer, String> {
        let (agent, url) = (self.0.clone(), url.to_owned());
        let posted = tokio::task::spawn_blocking(move || {
            read(
                agent.post(&url).content_type("text/plain; charset=utf-8").send(body),
                WITNESS_ANSWER_MAX_BYTES,
            )
        });
        posted.await.map_err(|error| error.to_string())?
    }
}
