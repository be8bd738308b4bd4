//! The line to a language model that speaks the chat-completions protocol of OpenAI, as most servers of models do, in
//! the house or outside.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use yinuo_commitment::Language;
use yinuo_desk::{Adviser, AdviserLine, Asked, Completion, Desk, Limits, LineFault};

use crate::commands::say;

/// Longest answer that is read, in bytes.
const ANSWER_MAX_BYTES: u64 = 256 * 1024;

/// `[adviser]`
#[derive(Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AdviserSection {
    /// What comes before `/chat/completions`, such as `http://127.0.0.1:11434/v1`. Empty: no model is connected.
    pub(crate) url: String,
    /// Name of the model, as its server knows it.
    pub(crate) model: String,
    /// File that holds the key of the server, on one line. None: no key, or the one in the environment.
    pub(crate) key_file: Option<PathBuf>,
    /// How long an answer may take, in seconds.
    pub(crate) seconds: u16,
    /// Tokens a day (UTC) that this process may spend.
    pub(crate) tokens_a_day: u64,
    /// The key itself: from the environment alone, and never shown.
    #[serde(skip)]
    pub(crate) key: Option<String>,
}

impl Default for AdviserSection {
    fn default() -> Self {
        Self {
            url: String::new(),
            model: String::new(),
            key_file: None,
            seconds: 20,
            tokens_a_day: 500_000,
            key: None,
        }
    }
}

/// Not the key.
impl std::fmt::Debug for AdviserSection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdviserSection")
            .field("url", &self.url)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl AdviserSection {
    /// What the types do not say.
    pub(crate) fn check(&self, language: Language) -> Result<()> {
        if self.url.is_empty() {
            return Ok(());
        }
        if !(self.url.starts_with("http://") || self.url.starts_with("https://")) {
            let what = say(language, "应以 http:// 或 https:// 开头", "begins with http:// or https://");
            bail!("adviser.url: `{}` {what}", self.url);
        }
        if self.url.contains('@') {
            let what = say(
                language,
                "地址中不要写用户名或密码，请用 key-file",
                "write no user and no password into the address; use key-file",
            );
            bail!("adviser.url: {what}");
        }
        if self.model.trim().is_empty() {
            bail!("adviser.model: {}", say(language, "请写出模型名称", "name the model"));
        }
        if self.seconds == 0 || self.seconds > 120 {
            bail!("adviser.seconds: {}", say(language, "应为 1 至 120", "1 to 120"));
        }
        Ok(())
    }

    fn key(&self, language: Language) -> Result<Option<String>> {
        let key = match (&self.key, &self.key_file) {
            (Some(key), _) => key.clone(),
            (None, Some(file)) => std::fs::read_to_string(file).with_context(|| {
                let what = say(language, "无法读取密钥文件", "cannot read the file of the key");
                format!("adviser.key-file: {what} {}", file.display())
            })?,
            (None, None) => return Ok(None),
        };
        let key = key.trim();
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_graphic()) {
            let what = say(language, "密钥应为一行可见字符", "a key is one line of visible characters");
            bail!("adviser.key-file: {what}");
        }
        Ok(Some(key.to_owned()))
    }
}

/// Connects the configured model, if there is one. Nothing is asked yet: a desk starts without it, too.
pub(crate) fn connect(section: &AdviserSection, desk: &Desk, language: Language) -> Result<()> {
    if section.url.is_empty() {
        return Ok(());
    }
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(section.seconds.into())))
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(concat!("yinuo/", env!("CARGO_PKG_VERSION")))
        .build();
    let line = HttpAdviser {
        agent: config.into(),
        url: format!("{}/chat/completions", section.url.trim_end_matches('/')),
        model: section.model.clone(),
        key: section.key(language)?,
    };
    let limits = Limits { tokens_a_day: section.tokens_a_day };
    desk.connect_adviser(Adviser::new(Arc::new(line), limits));
    tracing::info!(url = section.url, model = section.model, "a language model may be asked for advice");
    Ok(())
}

#[derive(Clone)]
struct HttpAdviser {
    agent: ureq::Agent,
    url: String,
    model: String,
    key: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    total_tokens: u64,
}

impl HttpAdviser {
    /// Waits: not for use in a task.
    fn ask(&self, asked: &Asked) -> Result<Completion, LineFault> {
        let question = json!({
            "model": self.model,
            "messages": [
                { "role": "system", "content": asked.system },
                { "role": "user", "content": asked.material },
            ],
            "max_tokens": asked.answer_tokens_max,
            "temperature": 0.2,
            "stream": false,
        });
        let mut request = self.agent.post(&self.url).content_type("application/json");
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let mut answer = request.send(question.to_string()).map_err(unreachable)?;
        let status = answer.status().as_u16();
        match status {
            200 => {}
            408 | 429 | 500.. => {
                let again = answer.headers().get("retry-after").and_then(|after| after.to_str().ok());
                return Err(LineFault::Busy {
                    status,
                    again_after_s: again.and_then(|after| after.trim().parse().ok()),
                });
            }
            _ => return Err(LineFault::Refused { status }),
        }
        let body = answer.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_vec().map_err(unread)?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|_| LineFault::Unreadable("it is no chat completion"))?;
        let tokens = answer.usage.map(|usage| usage.total_tokens);
        let text = answer.choices.into_iter().next().and_then(|choice| choice.message.content);
        Ok(Completion { text: text.ok_or(LineFault::Unreadable("it has no content"))?, tokens })
    }
}

/// The kind of fault alone: texts of errors may repeat what was sent.
fn unreachable(error: ureq::Error) -> LineFault {
    LineFault::Unreachable(match error {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::Io(error) => error.kind().to_string(),
        ureq::Error::HostNotFound => "the host is not known".to_owned(),
        _ => "the connection failed".to_owned(),
    })
}

/// What goes wrong while an answer is read: too much of it is the model's own doing.
fn unread(error: ureq::Error) -> LineFault {
    match error {
        ureq::Error::BodyExceedsLimit(_) => LineFault::Unreadable("it is too long"),
        error => unreachable(error),
    }
}

#[async_trait]
impl AdviserLine for HttpAdviser {
    async fn complete(&self, asked: &Asked) -> Result<Completion, LineFault> {
        let (line, asked) = (self.clone(), asked.clone());
        let answer = tokio::task::spawn_blocking(move || line.ask(&asked)).await;
        answer.unwrap_or_else(|_| Err(LineFault::Unreachable("the process is stopping".to_owned())))
    }

    fn model(&self) -> &str {
        &self.model
    }
}
