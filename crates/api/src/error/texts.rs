//! What people read about failures.

use axum::http::StatusCode;
use yinuo_commitment::{Language, Text};
use yinuo_desk::DeskError;

use super::ApiError;

/// A status in words.
pub(super) fn title(status: StatusCode) -> Text {
    let (zh, en) = match status {
        StatusCode::BAD_REQUEST => ("无法读取请求", "The request cannot be read"),
        StatusCode::UNAUTHORIZED => ("未登录", "Not signed in"),
        StatusCode::FORBIDDEN => ("无权限", "Not permitted"),
        StatusCode::NOT_FOUND => ("未找到", "Not found"),
        StatusCode::METHOD_NOT_ALLOWED => ("不支持的方法", "Method not supported"),
        StatusCode::CONFLICT => ("状态已更新", "The state has moved on"),
        StatusCode::GONE => ("个人信息已删除", "Erased"),
        StatusCode::PAYLOAD_TOO_LARGE => ("请求过大", "The request is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("不支持的内容类型", "Media type not supported"),
        StatusCode::UNPROCESSABLE_ENTITY => ("未予执行", "Refused"),
        StatusCode::TOO_MANY_REQUESTS => ("过于频繁", "Too often"),
        StatusCode::SERVICE_UNAVAILABLE => ("暂不可用", "Not available now"),
        _ => ("内部错误", "Internal error"),
    };
    Text::new(zh, en)
}

impl ApiError {
    /// What is wrong and what to do.
    pub(super) fn text(&self, language: Language) -> String {
        let text = match self {
            ApiError::Desk(error) => return error.text(language),
            ApiError::RequestMovedOn(_) => Text::new(
                "工单刚刚有了更新；请查看最新状态后再操作。",
                "The request has just moved on; look at its newer state, then decide again.",
            ),
            ApiError::Letter { .. } => {
                return DeskError::Commitment { diagnostics: Vec::new() }.text(language);
            }
            ApiError::Panicked => Text::new(
                "系统内部错误，已记录；请联系管理员。",
                "An internal error happened and was logged; tell the administrator.",
            ),
            ApiError::Unreadable(fault) => return fault.text.get(language).to_owned(),
            ApiError::TooLarge { bytes_max } => {
                let kib = bytes_max / 1024;
                Text::new(
                    format!("请求内容过大，最多 {kib} KiB；请精简或拆分。"),
                    format!("The body is too large: at most {kib} KiB. Shorten or split it."),
                )
            }
            ApiError::MediaType { wanted } => Text::new(
                format!("请以 {wanted} 发送请求内容（Content-Type 头）。"),
                format!("Send the body as {wanted} (header Content-Type)."),
            ),
            ApiError::NotSignedIn => {
                Text::new("请先登录，或登录已过期。", "Sign in first; the session may have ended.")
            }
            ApiError::SignInFailed => {
                Text::new("账号或密码不正确。", "Account and password do not fit together.")
            }
            ApiError::CsrfToken => Text::new(
                "请求缺少有效的 X-CSRF-Token 头；请刷新页面后重试。",
                "The header X-CSRF-Token is missing or belongs to another session; load the page again.",
            ),
            ApiError::ForeignOrigin => {
                Text::new("请求来自其他网站，已拒绝。", "The request was sent by a page of another site.")
            }
            ApiError::SetupCode => Text::new(
                "初始设置码不正确；它在服务启动时显示在终端和日志中。",
                "The set-up code is wrong; the server shows it when it starts.",
            ),
            ApiError::SetupClosed => Text::new(
                "初始设置已完成或未开放；请联系管理员开通账号。",
                "The first administrator is already set up; ask an administrator for an account.",
            ),
            ApiError::TooOften { wait_s } => Text::new(
                format!("操作过于频繁，请在 {wait_s} 秒后重试。"),
                format!("Too often; try again in {wait_s} s."),
            ),
            ApiError::NoRoute => Text::new(
                "没有这个地址；接口说明见 /api/v1/openapi.json。",
                "There is no such route; see /api/v1/openapi.json.",
            ),
            ApiError::NoMethod => Text::new(
                "该地址不支持此方法；接口说明见 /api/v1/openapi.json。",
                "The route has no such method; see /api/v1/openapi.json.",
            ),
            ApiError::OperatorsOnly => Text::new(
                "仅限本机或持有运维令牌者访问。",
                "Only for callers on the machine itself or with the operator's token.",
            ),
            ApiError::Busy => {
                Text::new("系统暂时繁忙，请稍后重试。", "Not available for the moment; try again shortly.")
            }
        };
        text.get(language).to_owned()
    }
}
