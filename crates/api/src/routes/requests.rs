//! Routes of requests.

pub(crate) mod command;
pub(crate) mod create;
pub(crate) mod looks;
pub(crate) mod receipt;
pub(crate) mod show;

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::{auth::throttle::wait_seconds, error::ApiError, state::Api};

/// The key that makes the same request sent twice harmless.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    key.to_str().map(|key| Some(key.to_owned())).map_err(|_| {
        ApiError::bad_value(
            "Idempotency-Key",
            "Idempotency-Key 须为 1 至 200 个可见 ASCII 字符，例如一个 UUID。",
            "Idempotency-Key has to be 1 to 200 visible ASCII characters, such as a UUID.",
        )
    })
}

/// A query code that somebody shows for a number: right until shown wrong, and slower with each wrong one.
struct Guess {
    number: String,
    address: IpAddr,
    code: String,
}

impl Guess {
    /// Takes the code from its header: codes have no place in addresses, which end up in logs.
    fn begin(api: &Api, number: &str, address: IpAddr, headers: &HeaderMap) -> Result<Self, ApiError> {
        let code = headers.get("query-code").and_then(|code| code.to_str().ok()).unwrap_or_default();
        if code.is_empty() {
            return Err(ApiError::bad_value(
                "Query-Code",
                "请在 Query-Code 头中填写回执上的查询码。",
                "Send the code from the receipt in the header Query-Code.",
            ));
        }
        let number = number.trim().to_ascii_uppercase();
        let now = api.desk.now();
        let slow_down = |wait| ApiError::TooOften { wait_s: wait_seconds(wait) };
        api.throttles.askers.attempt(&address, now).map_err(slow_down)?;
        api.throttles.numbers.attempt(&number, now).map_err(slow_down)?;
        Ok(Self { number, address, code: code.to_owned() })
    }

    fn code(&self) -> &str {
        &self.code
    }

    /// The code was right: nothing is held against number and address.
    fn was_right(&self, api: &Api) {
        api.throttles.askers.succeeded(&self.address);
        api.throttles.numbers.succeeded(&self.number);
    }
}
