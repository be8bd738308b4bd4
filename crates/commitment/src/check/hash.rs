//! The content hash: what decides a verdict under one commitment.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::{
    model::ContentHash,
    read::Draft,
    tables::{Tables, canonical_text},
};

/// SHA-256 over this framing, every length as eight bytes, the most significant first:
///
/// 1. the ASCII bytes `yinuo commitment 1` and a line feed;
/// 2. length and bytes of the file's text, as published;
/// 3. the number of holiday tables that its calendars name;
/// 4. for each table, in order of name: length and bytes of its name, length and bytes of its canonical text
///    ([`canonical_text`]).
///
/// The version of the time-zone database is not in it: it belongs to the program, and tickets pin it beside the hash.
pub(super) fn content_hash(text: &str, draft: &Draft, tables: &Tables) -> ContentHash {
    let used: BTreeSet<&str> =
        draft.calendars.values().flat_map(|calendar| &calendar.tables).map(String::as_str).collect();
    let mut hasher = Sha256::new();
    hasher.update(b"yinuo commitment 1\n");
    frame(&mut hasher, text);
    hasher.update((used.len() as u64).to_be_bytes());
    for name in used {
        frame(&mut hasher, name);
        frame(&mut hasher, &tables.get(name).map(canonical_text).unwrap_or_default());
    }
    ContentHash(hasher.finalize().into())
}

fn frame(hasher: &mut Sha256, text: &str) {
    hasher.update((text.len() as u64).to_be_bytes());
    hasher.update(text);
}
