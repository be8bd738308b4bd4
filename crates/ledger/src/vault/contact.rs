//! Finding a person by phone or e-mail without keeping either: a keyed blind index.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use yinuo_core::ticket::Customer;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::LedgerError;

/// Fewest digits of a phone number that tells people apart.
const PHONE_DIGITS_MIN: usize = 5;

/// By what a person is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
}

/// The blind index of one phone number or e-mail address: 16 bytes of an HMAC under the organisation's index key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Contact(pub [u8; 16]);

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact")
    }
}

/// The key of blind indexes and request digests, a secret of the organisation.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct IndexKey([u8; 32]);

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IndexKey")
    }
}

impl IndexKey {
    /// From the secret's bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LedgerError> {
        bytes.try_into().map(Self).map_err(|_| {
            LedgerError::corrupt(format!("the index key has {} bytes instead of 32", bytes.len()))
        })
    }

    /// The blind index of a value however it is written; none if it tells nobody apart (`none`, `00000000`, a blank).
    pub fn contact(&self, kind: ContactKind, value: &str) -> Option<Contact> {
        let (word, value) = match kind {
            ContactKind::Phone => ("phone", phone(value)?),
            ContactKind::Email => ("email", email(value)?),
        };
        let digest = self.mac(word, value.as_bytes());
        let mut contact = [0; 16];
        for (to, from) in contact.iter_mut().zip(digest) {
            *to = from;
        }
        Some(Contact(contact))
    }

    /// By what a customer is known: phone first, then e-mail.
    pub fn contacts_of(&self, customer: &Customer) -> Vec<Contact> {
        let of = |kind, words: Option<&yinuo_core::words::Words>| {
            words.and_then(|words| words.text()).and_then(|text| self.contact(kind, text))
        };
        let phone = of(ContactKind::Phone, customer.phone.as_ref());
        let email = of(ContactKind::Email, customer.email.as_ref());
        phone.into_iter().chain(email).collect()
    }

    /// A keyed digest of a request digest: an idempotency key's digest must not be a test for guessed words.
    pub fn request(&self, digest: [u8; 32]) -> [u8; 32] {
        self.mac("request", &digest)
    }

    /// The key under which the tokens of a search index are made: another one for each salt.
    pub fn tokens(&self, salt: &[u8; 16]) -> [u8; 16] {
        let digest = self.mac("search-tokens", salt);
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(digest) {
            *to = from;
        }
        key
    }

    fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("32 bytes are a key");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

/// Full-width forms as keyboards in Chinese mode type them, as their plain ones.
fn plain(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xff01 + 0x21).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Digits alone; a country's prefix stays unless it is China's. An extension follows `x`.
fn phone(text: &str) -> Option<String> {
    let (mut number, mut extension, mut abroad, mut beyond) = (String::new(), String::new(), false, false);
    for character in text.chars().map(plain) {
        match character {
            '+' if number.is_empty() => abroad = true,
            digit if digit.is_ascii_digit() && beyond => extension.push(digit),
            digit if digit.is_ascii_digit() => number.push(digit),
            '转' | 'x' | 'X' | '#' if !number.is_empty() => beyond = true,
            // Separators, brackets, words such as `tel` and what else people type.
            _ => {}
        }
    }
    if !abroad && let Some(rest) = number.strip_prefix("00") {
        (number, abroad) = (rest.to_owned(), true);
    }
    // A mobile number of eleven digits after China's prefix may be typed without a plus.
    let typed_so = number.len() == 13 && number.starts_with("861");
    if (abroad || typed_so)
        && let Some(rest) = number.strip_prefix("86")
    {
        (number, abroad) = (at_home(rest), false);
    }
    let telling = number.len() >= PHONE_DIGITS_MIN
        && number.bytes().any(|digit| !number.as_bytes().starts_with(&[digit]));
    if !telling {
        return None;
    }
    let country = if abroad { "+" } else { "" };
    let beyond = if extension.is_empty() { "" } else { "x" };
    Some(format!("{country}{number}{beyond}{extension}"))
}

/// A number as it is dialled inside China: landlines begin with a zero there, mobile and service numbers do not.
fn at_home(number: &str) -> String {
    let mobile = number.len() == 11 && number.starts_with('1') && !number.starts_with("10");
    let service = number.len() < 10 || number.starts_with("400") || number.starts_with("800");
    if mobile || service || number.starts_with('0') { number.to_owned() } else { format!("0{number}") }
}

/// Without blanks around, in lower case.
fn email(text: &str) -> Option<String> {
    let text: String = text.chars().map(plain).collect();
    let text = text.trim().to_lowercase();
    let (name, domain) = text.rsplit_once('@')?;
    let fits = !name.is_empty()
        && domain.contains('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_however_it_is_written() {
        let spellings = [
            "13800001234",
            "138 0000 1234",
            "138-0000-1234",
            "(138) 0000.1234",
            "+86 138 0000 1234",
            "＋８６１３８００００１２３４",
            "0086-13800001234",
            "8613800001234",
            "１３８００００１２３４",
            "\u{3000}138\u{a0}00001234\0",
            "tel: 138 0000 1234 ",
        ];
        for spelling in spellings {
            assert_eq!(phone(spelling).as_deref(), Some("13800001234"), "{spelling:?}");
        }
        for spelling in ["010-62345678", "+86 10 6234 5678", "+86 (010) 62345678", "(010) 6234 5678"] {
            assert_eq!(phone(spelling).as_deref(), Some("01062345678"), "{spelling:?}");
        }
    }

    #[test]
    fn other_numbers_stay_other_numbers() {
        for (written, read) in [
            ("+1 415 555 0100", "+14155550100"),
            ("001 415 555 0100", "+14155550100"),
            ("021-55551234 转 801", "02155551234x801"),
            ("021-55551234 x801", "02155551234x801"),
            ("86138", "86138"),
            ("95588", "95588"),
        ] {
            assert_eq!(phone(written).as_deref(), Some(read), "{written:?}");
        }
    }

    #[test]
    fn what_tells_nobody_apart_is_no_contact() {
        for text in ["", " ", "无", "none", "1234", "000000000", "１１１１１１１", "+", "x", "----", "\0\0"]
        {
            assert_eq!(phone(text), None, "{text:?}");
        }
        for text in ["", "none", "@", "a@", "@b.cn", "a@b", "a b@c.cn", "a\0@c.cn", "a@c.cn\nb@c.cn"] {
            assert_eq!(email(text), None, "{text:?}");
        }
    }

    #[test]
    fn one_address_however_it_is_written() {
        for text in
            ["Wang.Li@Example.COM", "  wang.li@example.com\n", "ｗａｎｇ．ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ"]
        {
            assert_eq!(email(text).as_deref(), Some("wang.li@example.com"), "{text:?}");
        }
    }

    #[test]
    fn an_index_depends_on_key_kind_and_value() {
        let key = |byte| IndexKey::from_bytes(&[byte; 32]).unwrap();
        let number = "13800001234";
        let of = |byte, value: &str| key(byte).contact(ContactKind::Phone, value).unwrap();
        assert_eq!(of(1, number), of(1, "+86 138 0000 1234"));
        assert_ne!(of(1, number), of(2, number));
        assert_ne!(of(1, number), of(1, "13800001235"));
        assert_ne!(of(1, number).0, key(1).request([0; 32])[..16]);
        // HMAC-SHA-256 over `phone`, a zero byte and the number, checked with another program.
        assert_eq!(hex::encode(of(1, number).0), "ece2fab3488e44f7e0448ee99b7dca30");
        assert!(IndexKey::from_bytes(&[1; 31]).is_err());
    }
}
