//! XChaCha20-Poly1305 with the nonce in front, and the associated data that bind a sealed text to its place.

use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use zeroize::Zeroizing;

/// Bytes of a nonce: so many that random ones do not meet.
pub(super) const NONCE: usize = 24;

/// What sealing adds: the nonce and the tag.
pub(super) const OVERHEAD: usize = NONCE + 16;

/// `nonce || ciphertext || tag`.
pub(super) fn seal(key: &[u8; 32], nonce: [u8; NONCE], bound: &[u8], plain: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(key.into());
    #[expect(clippy::expect_used, reason = "sealing fails above 256 GiB only, which no memory holds")]
    let sealed = cipher.encrypt(&nonce.into(), Payload { msg: plain, aad: bound }).expect("it is small");
    let mut bytes = Vec::with_capacity(NONCE + sealed.len());
    bytes.extend(nonce);
    bytes.extend(sealed);
    bytes
}

/// The text, unless anything of key, place or bytes is another one.
pub(super) fn open(key: &[u8; 32], bound: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(nonce.into(), Payload { msg: sealed, aad: bound }).ok().map(Zeroizing::new)
}

/// Associated data: each part with its length in front, so that no two lists of parts give the same bytes.
pub(super) fn bound(purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(*part);
    }
    bytes
}
