//! What can go wrong at the desk, by what the caller can do about it.

use jiff::civil::Date;
use yinuo_commitment::{Diagnostic, Language, Text};
use yinuo_core::{access::Operation, roster::Role, ticket::Refusal};
use yinuo_language::search::QueryError;
use yinuo_language::wording::Remark;
use yinuo_ledger::{LedgerError, transfer::Standing};

use crate::{advice::NoAdvice, sheet::TicketSheet};

/// A failure of a use case. `code()` is a contract with API users; texts are not.
#[derive(Debug)]
pub enum DeskError {
    /// There is no such thing, or not for this caller.
    NotFound {
        /// What, such as `ticket`.
        what: &'static str,
    },
    /// The domain refused: the rule is named.
    Refused(Refusal),
    /// The role may not do this.
    Forbidden {
        /// What.
        operation: Operation,
        /// In which role; none for a customer.
        role: Option<Role>,
    },
    /// Somebody else was faster; here is the newer state.
    Conflict {
        /// The ticket as it is now.
        sheet: Box<TicketSheet>,
    },
    /// A value does not fit.
    Invalid {
        /// Name of the field.
        field: &'static str,
        /// What is wrong and what to write instead.
        text: Text,
    },
    /// What was typed into the search field cannot be read.
    Query(QueryError),
    /// A message to a customer has to be mended before it is sent (P9).
    Wording {
        /// Name of the field.
        field: &'static str,
        /// What it said. Of the sender alone: never log it.
        text: String,
        /// What was remarked: what blocks, and what only warns.
        remarks: Vec<Remark>,
    },
    /// A commitment has errors.
    Commitment {
        /// What was found, with spans into the text.
        diagnostics: Vec<Diagnostic>,
    },
    /// The customer's personal data were erased: nothing more can be written down about them.
    PersonErased,
    /// The personal data of this request were erased: nothing is left to show.
    Erased {
        /// On which day of the organisation.
        on: Date,
    },
    /// A person cannot be erased while somebody still has to do something about these tickets.
    StillOpen {
        /// Their numbers.
        numbers: Vec<String>,
    },
    /// A model is being learned already, since then.
    Learning {
        /// Since when.
        since: jiff::Timestamp,
    },
    /// The idempotency key was used for another request.
    KeyReused,
    /// No checkpoint covers the record yet: the receipt can be had in a moment.
    NotSigned,
    /// The disk is full: nothing was kept.
    Full,
    /// The organisation is not in service here: it is still arriving, or was moved away.
    OutOfService(Standing),
    /// No advice of a language model can be had.
    NoAdvice(NoAdvice),
    /// The ledger cannot answer now.
    Unavailable(LedgerError),
    /// The ledger or the program is broken; details are in the log.
    Internal(LedgerError),
}

impl DeskError {
    /// An invalid field.
    pub fn invalid(field: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        DeskError::Invalid { field, text: Text::new(zh, en) }
    }

    /// Stable code, kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            DeskError::NotFound { .. } => "not-found",
            DeskError::Refused(refusal) => refusal.code(),
            DeskError::Forbidden { .. } => "forbidden",
            DeskError::Conflict { .. } => "conflict",
            DeskError::Invalid { .. } => "invalid",
            DeskError::Query(_) => "unreadable-query",
            DeskError::Wording { .. } => "wording",
            DeskError::Commitment { .. } => "commitment-has-errors",
            DeskError::PersonErased => "person-erased",
            DeskError::Erased { .. } => "erased",
            DeskError::StillOpen { .. } => "still-open",
            DeskError::Learning { .. } => "learning",
            DeskError::KeyReused => "idempotency-key-reused",
            DeskError::NotSigned => "not-signed-yet",
            DeskError::Full => "storage-full",
            DeskError::OutOfService(_) => "out-of-service",
            DeskError::NoAdvice(why) => why.code(),
            DeskError::Unavailable(_) => "unavailable",
            DeskError::Internal(_) => "internal",
        }
    }

    /// What to tell the person, and what to do instead.
    pub fn text(&self, language: Language) -> String {
        let text = match self {
            DeskError::Refused(refusal) => return refusal.text(language),
            DeskError::Invalid { text, .. } => return text.get(language).to_owned(),
            DeskError::Query(error) => return error.text(language),
            DeskError::OutOfService(standing) => return standing.tell(language).to_owned(),
            DeskError::NoAdvice(why) => return why.text(language),
            DeskError::Erased { on } => return erased(*on, language),
            DeskError::StillOpen { numbers } => return still_open(numbers, language),
            DeskError::NotFound { .. } => {
                ("没有找到，请核对编号和查询码。", "Not found: check the number and the query code.")
            }
            DeskError::Forbidden { .. } => (
                "您的角色没有这项权限，请联系有权限的同事。",
                "Your role may not do this; ask a colleague who may.",
            ),
            DeskError::Conflict { .. } => (
                "另一位同事刚刚更新了此工单；请查看最新状态后再操作。",
                "Somebody else has just changed the ticket; look at its newer state, then decide again.",
            ),
            DeskError::Wording { .. } => (
                "消息未发出：请先修改标出的内容；确需照原文发出的，由组长或主管说明理由后发出。",
                "The message was not sent: mend what is marked first. Where it has to go out as it stands, a team lead or manager sends it and says why.",
            ),
            DeskError::Commitment { .. } => (
                "承诺书有错误，未能发布；请按提示修改。",
                "The commitment has errors and was not taken; mend what is listed.",
            ),
            DeskError::PersonErased => (
                "该客户的个人信息已被删除，此工单不能再写入文字；如有新的诉求，请另建工单。",
                "This customer's personal data were erased, so no words can be added to the ticket; enter a new one for a new request.",
            ),
            DeskError::Learning { .. } => (
                "正在学习一个新模型，请等它完成后再试。",
                "A model is being learned already: wait until it is done, then try again.",
            ),
            DeskError::KeyReused => (
                "同一个 Idempotency-Key 已用于另一项请求；请为新请求使用新的值。",
                "This Idempotency-Key was used for another request; take a new one for a new request.",
            ),
            DeskError::NotSigned => (
                "台账正在签名，回执稍后即可取得；请一两秒后重试。",
                "The ledger is being signed; the receipt can be had in a second or two. Try again then.",
            ),
            DeskError::Full => (
                "存储空间已满，请求未被保存；请稍后重试并联系管理员。",
                "The storage is full and nothing was kept; try again later and tell the administrator.",
            ),
            DeskError::Unavailable(_) => {
                ("系统暂时繁忙，请稍后重试。", "Not available for the moment; try again shortly.")
            }
            DeskError::Internal(_) => (
                "系统内部错误，已记录；请联系管理员。",
                "An internal error happened and was logged; tell the administrator.",
            ),
        };
        Text::new(text.0, text.1).get(language).to_owned()
    }
}

fn erased(on: Date, language: Language) -> String {
    let zh = format!("该客户的个人信息已于 {on} 删除，工单内容不再保留，无法查看或恢复。");
    let en = format!(
        "The personal data were erased on {on}: the words of the request are not kept any more and cannot be brought back."
    );
    Text::new(zh, en).get(language).to_owned()
}

fn still_open(numbers: &[String], language: Language) -> String {
    let numbers = numbers.join(", ");
    let zh = format!("仍有未办结的工单：{numbers}。请先办结并关闭（含补救和回访），再删除个人信息。");
    let en = format!(
        "There are tickets with something still to be done: {numbers}. Settle and close them first, remedies and call-backs included, then erase."
    );
    Text::new(zh, en).get(language).to_owned()
}

impl std::fmt::Display for DeskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code(), self.text(Language::En))
    }
}

impl std::error::Error for DeskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DeskError::Unavailable(error) | DeskError::Internal(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        DeskError::Refused(refusal)
    }
}

impl From<LedgerError> for DeskError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Full => DeskError::Full,
            LedgerError::NotOpen { standing } => DeskError::OutOfService(standing),
            LedgerError::Unavailable { .. } | LedgerError::Conflict { .. } | LedgerError::PersonChanged => {
                DeskError::Unavailable(error)
            }
            // This node was not told the newest master key; another node may have it, so a proxy should ask there.
            LedgerError::KeyMissing { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "a key is missing on this node");
                DeskError::Unavailable(error)
            }
            LedgerError::Duplicate { same_request: false, .. } => DeskError::KeyReused,
            other => {
                tracing::error!(error = &other as &dyn std::error::Error, "the ledger failed");
                DeskError::Internal(other)
            }
        }
    }
}
