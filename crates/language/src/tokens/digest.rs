//! A token as it is written: a keyed digest in base32.

use std::{fmt, hash::Hasher};

use siphasher::sip::SipHasher24;

/// Letters of a digest. The first 16 are letters, so that no parser of a database takes a token for a number.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Characters after the first one, five bits each.
const MORE: u32 = 9;

/// What a token stands for. Equal contents of different sorts are different tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// One character of a Chinese run.
    Char = 1,
    /// Two neighbouring characters of a Chinese run.
    Pair = 2,
    /// The last character of a Chinese run, as its end.
    End = 3,
    /// A whole word.
    Word = 4,
    /// Three neighbouring characters of a word.
    Three = 5,
    /// A word too long for any query.
    Long = 6,
    /// Neighbouring characters of a run, so many that most terms of a query are one such part, wherever they stand.
    Part = 7,
}

/// Under which an organisation's tokens are written: 16 bytes, best derived from its index key for this purpose alone.
/// The same key has to make the tokens of the index and of the queries; with another key nothing is found.
#[derive(Clone)]
pub struct TokenKey(SipHasher24);

impl TokenKey {
    /// From the secret's bytes.
    pub fn from_bytes(bytes: &[u8; 16]) -> Self {
        Self(SipHasher24::new_with_key(bytes))
    }

    /// Appends the token of `content` to `to`: ten characters of `a-z2-7`.
    pub(crate) fn write(&self, sort: Sort, content: &str, to: &mut String) {
        let mut hasher = self.0;
        hasher.write(&[sort as u8]);
        hasher.write(content.as_bytes());
        let digest = hasher.finish();
        to.push(letter(digest & 0x0f));
        for place in 0..MORE {
            to.push(letter((digest >> (4 + 5 * place)) & 0x1f));
        }
    }
}

/// The letter of five bits.
fn letter(bits: u64) -> char {
    let place = usize::try_from(bits & 0x1f).unwrap_or_default();
    ALPHABET.get(place).map_or('a', |&byte| char::from(byte))
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and the answer of the example in the paper that defines the hash.
    #[test]
    fn the_hash_is_siphash_2_4() {
        let key: [u8; 16] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let text: [u8; 15] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let mut hasher = SipHasher24::new_with_key(&key);
        hasher.write(&text);
        assert_eq!(hasher.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn tokens_are_ten_letters_and_digits_and_begin_with_a_letter() {
        let key = TokenKey::from_bytes(&[7; 16]);
        for number in 0..2_000 {
            let mut token = String::new();
            key.write(Sort::Word, &number.to_string(), &mut token);
            assert_eq!(token.len(), 10);
            assert!(token.starts_with(|char: char| char.is_ascii_lowercase()), "{token}");
            assert!(token.bytes().all(|byte| ALPHABET.contains(&byte)), "{token}");
        }
        assert_eq!(format!("{key:?}"), "TokenKey");
    }

    #[test]
    fn sorts_and_keys_are_told_apart() {
        let token = |key: u8, sort| {
            let mut token = String::new();
            TokenKey::from_bytes(&[key; 16]).write(sort, "修", &mut token);
            token
        };
        assert_ne!(token(1, Sort::Char), token(1, Sort::End));
        assert_ne!(token(1, Sort::Char), token(2, Sort::Char));
        assert_eq!(token(1, Sort::Char), token(1, Sort::Char));
    }
}
