//! Tiles and their paths.

use std::{fmt, str::FromStr};

use super::perfect_root;
use crate::{Hash, LedgerError};

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;

/// The width of a full tile as paths say it.
const FULL: u16 = 256;

/// Levels of tiles that a tree of 64-bit size can have.
const LEVELS: u8 = 8;

/// A full tile: 256 neighbouring hashes of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Level: 0 for leaves, each higher one for the roots of the full tiles below.
    pub level: u8,
    /// Place within the level, from 0.
    pub n: u64,
    /// The hashes, [`TILE_WIDTH`] of them.
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// The hashes one after the other: 8192 bytes.
    pub fn bytes(&self) -> Vec<u8> {
        bytes_of(&self.hashes)
    }

    /// The tile of these bytes; none unless there are 8192 of them.
    pub fn from_bytes(level: u8, n: u64, bytes: &[u8]) -> Option<Self> {
        let hashes = hashes_of(bytes)?;
        (hashes.len() == TILE_WIDTH).then_some(Self { level, n, hashes })
    }

    /// It is kept already, with other hashes.
    pub fn taken(&self) -> LedgerError {
        let what = format!("tile {} of level {} is kept with other hashes", self.n, self.level);
        LedgerError::corrupt(what)
    }

    /// The root over its hashes, which is one hash of the level above.
    pub fn root(&self) -> Hash {
        perfect_root(&self.hashes)
    }
}

/// Hashes one after the other.
pub fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes that stand one after the other in `bytes`; none if the last one is cut off.
pub fn hashes_of(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().map(|hash| Hash(*hash)).collect())
}

/// How many hashes of tile `n` on `level` a tree of `size` leaves has: 256 if the tile is full, 0 if it is not begun.
pub(super) fn width(size: u64, level: u8, n: u64) -> usize {
    let hashes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
    let before = n.saturating_mul(TILE_WIDTH as u64);
    usize::try_from(hashes.saturating_sub(before)).unwrap_or(usize::MAX).min(TILE_WIDTH)
}

/// Where a tile is served: `0/x001/234/067` or, for its first 12 hashes, `0/x001/234/067.p/12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePath {
    /// Level.
    pub level: u8,
    /// Place within the level, from 0.
    pub n: u64,
    /// Hashes: 1 to 256, where 256 is the full tile.
    pub width: u16,
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = vec![format!("{:03}", self.n % 1_000)];
        let mut rest = self.n / 1_000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1_000));
            rest /= 1_000;
        }
        groups.reverse();
        write!(f, "{}/{}", self.level, groups.join("/"))?;
        if self.width == FULL { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// The text is no path of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no path of a tile such as 0/x001/234/067 or 0/000.p/12")]
pub struct NoTilePath;

impl FromStr for TilePath {
    type Err = NoTilePath;

    fn from_str(path: &str) -> Result<Self, NoTilePath> {
        let (level, rest) = path.split_once('/').ok_or(NoTilePath)?;
        let level = plain(level).and_then(|level| u8::try_from(level).ok()).filter(|level| *level < LEVELS);
        let level = level.ok_or(NoTilePath)?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => {
                let width = plain(width).and_then(|width| u16::try_from(width).ok());
                (number, width.filter(|width| (1..FULL).contains(width)).ok_or(NoTilePath)?)
            }
            None => (rest, FULL),
        };
        let mut n: u64 = 0;
        let groups: Vec<&str> = number.split('/').collect();
        for (index, group) in groups.iter().enumerate() {
            let last = index + 1 == groups.len();
            let digits = if last { Some(*group) } else { group.strip_prefix('x') }.ok_or(NoTilePath)?;
            let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let group: u64 = digits.parse().ok().filter(|_| three).ok_or(NoTilePath)?;
            n = n.checked_mul(1_000).and_then(|n| n.checked_add(group)).ok_or(NoTilePath)?;
        }
        let path_of_it = Self { level, n, width };
        // One tile, one path: no leading groups of zeroes.
        if path_of_it.to_string() == path { Ok(path_of_it) } else { Err(NoTilePath) }
    }
}

/// A decimal number without sign or leading zeroes.
pub(crate) fn plain(digits: &str) -> Option<u64> {
    let canonical = digits == "0" || !digits.starts_with('0');
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if canonical && all_digits { digits.parse().ok() } else { None }
}
