//! Hashing and verifying passwords: argon2id (RFC 9106) on the blocking pool, a few at a time.

use std::sync::{Arc, LazyLock};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use yinuo_desk::{Desk, DeskError};

use crate::error::ApiError;

/// Memory of one hash, in KiB: 19 MiB, the least that OWASP's password storage sheet gives for argon2id with two passes.
/// More would let a handful of sign-ins at once push an idle server past its memory budget.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes: one, since sign-ins already run beside each other.
const LANES: u32 = 1;
/// Hashes at the same time: two cost 38 MiB and two cores; others wait their turn.
const AT_ONCE: usize = 2;

/// Shortest password, in characters (NIST SP 800-63B asks for 8 at least).
const CHARS_MIN: usize = 10;
/// Longest password, in bytes: far above any passphrase, so that hashing a body is no way to keep the server busy.
const BYTES_MAX: usize = 1024;

/// Hashed once when first needed and compared with where an account does not exist, so that the answer takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hashed(b"nobody has this password", &[7; 16]).unwrap_or_default());

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, desk: &Desk, password: String) -> Result<String, ApiError> {
        acceptable(&password)?;
        let mut salt = [0; 16];
        desk.fill_random(&mut salt);
        self.in_turn(move || hashed(password.as_bytes(), &salt)).await?.ok_or(ApiError::Busy)
    }

    /// Whether `password` is the one that `phc` was made from. Without `phc` it takes as long and is false.
    pub(crate) async fn verify(&self, password: String, phc: Option<String>) -> Result<bool, ApiError> {
        if password.len() > BYTES_MAX {
            return Ok(false);
        }
        self.in_turn(move || {
            let known = phc.is_some();
            let phc = phc.unwrap_or_else(|| NOBODY.clone());
            // The parameters come from the string itself, so that old hashes stay valid when the constants change.
            let fits =
                PasswordVerifier::<str>::verify_password(&Argon2::default(), password.as_bytes(), &phc)
                    .is_ok();
            known && fits
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| ApiError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|_| ApiError::Busy)
    }
}

/// Whether a new password is one that we take.
fn acceptable(password: &str) -> Result<(), DeskError> {
    if password.chars().count() >= CHARS_MIN && password.len() <= BYTES_MAX {
        return Ok(());
    }
    Err(DeskError::invalid(
        "password",
        format!("密码至少 {CHARS_MIN} 个字符，最多 {BYTES_MAX} 字节。"),
        format!("A password has at least {CHARS_MIN} characters and at most {BYTES_MAX} bytes."),
    ))
}

/// The PHC string of a new password, for programs that run without the HTTP side. Takes tens of milliseconds.
pub async fn hash_password(desk: &Desk, password: String) -> Result<String, DeskError> {
    acceptable(&password)?;
    Passwords::new().hash(desk, password).await.map_err(|_| {
        DeskError::invalid(
            "password",
            "密码处理失败，请重试。",
            "The password could not be hashed; try again.",
        )
    })
}

/// The PHC string; none only if the parameters were impossible.
fn hashed(password: &[u8], salt: &[u8; 16]) -> Option<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_with_salt(password, salt).ok().map(|hash| hash.to_string())
}
