//! What an operator decides about the HTTP side.

use std::sync::Arc;

use tokio::sync::watch;

use crate::assets::Assets;

/// Options of the HTTP side. The default is what a machine behind TLS wants.
#[derive(Clone)]
pub struct ApiOptions {
    /// Files of the web interface; without them a plain page says so.
    pub assets: Option<Arc<dyn Assets>>,
    /// Whether the session cookie is marked `Secure`. Off only for plain HTTP on the machine itself.
    pub secure_cookies: bool,
    /// Whether the address of a caller is the last one in `X-Forwarded-For`: on only behind a proxy that sets it.
    pub behind_proxy: bool,
    /// Code that the first admin has to give; without one the first admin cannot be set up over HTTP.
    pub setup_code: Option<String>,
    /// Token that `/metrics` asks for; without one it answers callers on the machine itself only.
    pub metrics_token: Option<String>,
    /// Limits.
    pub limits: Limits,
    /// Turns true when the server is to stop: live feeds end then.
    pub shutdown: Option<watch::Receiver<bool>>,
}

/// Limits against slips and abuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// Largest import, in bytes.
    pub import_bytes_max: usize,
    /// Requests that one address may submit at once before it has to wait; none: no limit.
    pub intakes_at_once: Option<u32>,
    /// Requests that one address may submit in a minute in the long run.
    pub intakes_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 256 * 1024,
            import_bytes_max: 64 * 1024 * 1024,
            intakes_at_once: Some(60),
            intakes_per_minute: 60,
        }
    }
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            assets: None,
            secure_cookies: true,
            behind_proxy: false,
            setup_code: None,
            metrics_token: None,
            limits: Limits::default(),
            shutdown: None,
        }
    }
}
