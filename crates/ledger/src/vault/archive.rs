//! Keys of archives, derived from a master key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyId, Vault};
use crate::LedgerError;

/// What keeps these keys apart from any other use of a master key.
const PURPOSE: &[u8] = b"yinuo/archive/v1";

impl Vault {
    /// The key of an archive with this salt. [`LedgerError::KeyMissing`] if the master key is not in the ring.
    pub fn archive_key(&self, master: KeyId, salt: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, LedgerError> {
        let ring = self.ring();
        let key = ring.find(master);
        let key = key.ok_or_else(|| LedgerError::KeyMissing { wanted: master, given: ring.ids() })?;
        Ok(hkdf(salt, key.bytes(), PURPOSE))
    }
}

/// HKDF-SHA-256 (RFC 5869) for one block of output.
fn hkdf(salt: &[u8], key: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let extracted = Zeroizing::new(mac(salt, &[key]));
    Zeroizing::new(mac(extracted.as_ref(), &[info, &[1]]))
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::hkdf;

    #[test]
    fn as_the_standard_says() {
        // RFC 5869, A.1 and A.3: the first 32 bytes of output.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let first = hkdf(&salt, &[0x0b; 22], &info);
        assert_eq!(hex::encode(*first), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
        let third = hkdf(&[], &[0x0b; 22], &[]);
        assert_eq!(hex::encode(*third), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }
}
