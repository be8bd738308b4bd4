//! The file: a header, the vocabulary, the normalisation, a directory of tensors, the tensors. Little endian throughout.
//!
//! | part | holds |
//! | --- | --- |
//! | header | `E5S1`, version, hidden, layers, heads, feed-forward, vocabulary, positions, types, epsilon, block |
//! | vocabulary | number of pieces, ids of begin, end, padding, unknown; bytes; offsets; scores; the bytes |
//! | normalisation | number of characters, bytes; for each its code point and what stands for it |
//! | directory | number of tensors; for each name, sort (0: f32, 1: `Q4_0`), number, first byte, bytes |

use std::{collections::BTreeMap, ops::Range};

use ndarray::{Array1, Array2};

use crate::{
    blocks::{self, BLOCK, BLOCK_BYTES},
    fault::Fault,
    normal::Normal,
    pieces::{Pieces, Special},
};

/// How a file begins.
const MAGIC: &[u8; 4] = b"E5S1";

/// The version that is known.
const VERSION: u32 = 1;

/// Sizes beyond these are no small model: a damaged number must not ask for all the memory that there is.
const HIDDEN_MAX: usize = 4_096;
const LAYERS_MAX: usize = 64;
const VOCABULARY_MAX: usize = 2_000_000;
const POSITIONS_MAX: usize = 8_192;

/// The sizes of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sizes {
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) forward: usize,
    pub(crate) vocabulary: usize,
    pub(crate) positions: usize,
    pub(crate) types: usize,
    pub(crate) epsilon: f32,
}

/// Reads numbers from the beginning to the end.
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn take(&mut self, count: usize, part: &str) -> Result<&'a [u8], Fault> {
        let range = self.skip(count, part)?;
        self.bytes.get(range).ok_or_else(|| Fault::damaged(part, "a size that no file has"))
    }

    fn skip(&mut self, count: usize, part: &str) -> Result<Range<usize>, Fault> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| short(part, self.at, count, self.bytes.len()))?;
        let range = self.at..end;
        self.at = end;
        Ok(range)
    }

    fn array<const N: usize>(&mut self, part: &str) -> Result<[u8; N], Fault> {
        let bytes = self.take(N, part)?;
        bytes.try_into().map_err(|_| Fault::damaged(part, "a size that no file has"))
    }

    pub(crate) fn u32(&mut self, part: &str) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array(part)?))
    }

    /// A number of things between `range`.
    fn size(&mut self, part: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, Fault> {
        let number = self.u32(part)?;
        usize::try_from(number).ok().filter(|size| range.contains(size)).ok_or_else(|| {
            Fault::damaged(part, format!("{number} is not between {} and {}", range.start(), range.end()))
        })
    }

    fn u64(&mut self, part: &str) -> Result<usize, Fault> {
        let number = u64::from_le_bytes(self.array(part)?);
        usize::try_from(number)
            .map_err(|_| Fault::damaged(part, format!("{number} is more than any file has")))
    }

    fn f32(&mut self, part: &str) -> Result<f32, Fault> {
        Ok(f32::from_le_bytes(self.array(part)?))
    }

    pub(crate) fn byte(&mut self, part: &str) -> Result<u8, Fault> {
        Ok(u8::from_le_bytes(self.array(part)?))
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }
}

fn short(part: &str, at: usize, needed: usize, length: usize) -> Fault {
    let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Fault::Short { part: part.to_owned(), at: wide(at), needed: wide(needed), length: wide(length) }
}

/// What stands before the tensors, and where each of them lies.
pub(crate) struct Head {
    pub(crate) sizes: Sizes,
    pub(crate) pieces: Pieces,
    pub(crate) normal: Normal,
    tensors: BTreeMap<String, Tensor>,
}

/// Where a tensor lies.
struct Tensor {
    is_blocks: bool,
    count: usize,
    place: Range<usize>,
}

impl Head {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(bytes);
        let magic = cursor.take(MAGIC.len(), "the first bytes")?;
        if magic != MAGIC {
            return Err(Fault::Foreign { found: format!("{:?}", String::from_utf8_lossy(magic)) });
        }
        let version = cursor.u32("version")?;
        if version != VERSION {
            return Err(Fault::Version { found: version });
        }
        let sizes = sizes(&mut cursor)?;
        let pieces = pieces(&mut cursor, &sizes)?;
        let normal = normal(&mut cursor)?;
        let tensors = directory(&mut cursor, bytes.len())?;
        Ok(Self { sizes, pieces, normal, tensors })
    }

    fn tensor(&self, name: &str, is_blocks: bool, count: usize) -> Result<Range<usize>, Fault> {
        let tensor = self.tensors.get(name).ok_or_else(|| Fault::damaged(name, "it is missing"))?;
        if tensor.is_blocks != is_blocks || tensor.count != count {
            let sort = |is_blocks: bool| if is_blocks { "Q4_0" } else { "f32" };
            let found = format!("{} of {}", tensor.count, sort(tensor.is_blocks));
            return Err(Fault::damaged(name, format!("{found} instead of {count} of {}", sort(is_blocks))));
        }
        Ok(tensor.place.clone())
    }

    /// A row of numbers.
    pub(crate) fn row(&self, bytes: &[u8], name: &str, count: usize) -> Result<Array1<f32>, Fault> {
        let place = self.tensor(name, false, count)?;
        let numbers: Vec<f32> = floats(bytes.get(place).unwrap_or_default()).collect();
        finite(name, &numbers)?;
        Ok(Array1::from_vec(numbers))
    }

    /// Rows of numbers.
    pub(crate) fn rows(
        &self,
        bytes: &[u8],
        name: &str,
        (rows, columns): (usize, usize),
    ) -> Result<Array2<f32>, Fault> {
        let numbers = self.row(bytes, name, rows.saturating_mul(columns))?;
        shaped(name, (rows, columns), numbers.to_vec())
    }

    /// Weights from `from` numbers to `to`, as they lie: one row for each number that comes out.
    pub(crate) fn weights(
        &self,
        bytes: &[u8],
        name: &str,
        (to, from): (usize, usize),
    ) -> Result<Array2<f32>, Fault> {
        let place = self.tensor(name, true, to.saturating_mul(from))?;
        let numbers = blocks::all(bytes.get(place).unwrap_or_default());
        finite(name, &numbers)?;
        shaped(name, (to, from), numbers)
    }

    /// Where the rows of the vocabulary lie; they stay packed.
    pub(crate) fn words(&self, bytes: &[u8]) -> Result<Range<usize>, Fault> {
        let name = "emb.word";
        let place = self.tensor(name, true, self.sizes.vocabulary.saturating_mul(self.sizes.hidden))?;
        if blocks::are_finite(bytes.get(place.clone()).unwrap_or_default()) {
            Ok(place)
        } else {
            Err(Fault::damaged(name, "a scale that is no number"))
        }
    }
}

fn sizes(cursor: &mut Cursor<'_>) -> Result<Sizes, Fault> {
    let sizes = Sizes {
        hidden: cursor.size("hidden size", BLOCK..=HIDDEN_MAX)?,
        layers: cursor.size("number of layers", 1..=LAYERS_MAX)?,
        heads: cursor.size("number of heads", 1..=HIDDEN_MAX)?,
        forward: cursor.size("size between the layers", BLOCK..=4 * HIDDEN_MAX)?,
        vocabulary: cursor.size("size of the vocabulary", 4..=VOCABULARY_MAX)?,
        positions: cursor.size("number of positions", 8..=POSITIONS_MAX)?,
        types: cursor.size("number of types", 1..=16)?,
        epsilon: cursor.f32("epsilon")?,
    };
    let block = cursor.size("size of a block", 1..=HIDDEN_MAX)?;
    let multiples = sizes.hidden.is_multiple_of(BLOCK) && sizes.forward.is_multiple_of(BLOCK);
    if block != BLOCK || !multiples || !sizes.hidden.is_multiple_of(sizes.heads) {
        return Err(Fault::damaged("sizes", format!("{sizes:?} do not fit blocks of {block}")));
    }
    if !(sizes.epsilon.is_finite() && sizes.epsilon > 0.0) {
        return Err(Fault::damaged("epsilon", format!("{} is no small number", sizes.epsilon)));
    }
    Ok(sizes)
}

fn pieces(cursor: &mut Cursor<'_>, sizes: &Sizes) -> Result<Pieces, Fault> {
    let count = cursor.size("number of pieces", 4..=sizes.vocabulary)?;
    let mut id = |part: &str| cursor.size(part, 0..=count.saturating_sub(1));
    let special = Special {
        begin: id("id of begin")?,
        end: id("id of end")?,
        padding: id("id of padding")?,
        unknown: id("id of unknown")?,
    };
    let length = cursor.u64("bytes of the pieces")?;
    let offsets = cursor.take(count.saturating_add(1).saturating_mul(4), "offsets of the pieces")?;
    let scores = cursor.take(count.saturating_mul(4), "scores of the pieces")?;
    let text = cursor.take(length, "the pieces")?;
    let offsets: Vec<u32> = words(offsets).collect();
    let scores: Vec<f32> = floats(scores).collect();
    finite("scores of the pieces", &scores)?;
    Pieces::new(text.to_vec(), offsets, scores, special)
}

fn normal(cursor: &mut Cursor<'_>) -> Result<Normal, Fault> {
    let part = "the normalisation";
    let count = cursor.size(part, 0..=VOCABULARY_MAX)?;
    let length = cursor.size(part, 0..=VOCABULARY_MAX.saturating_mul(16))?;
    Normal::read(count, cursor.take(length, part)?)
}

fn directory(cursor: &mut Cursor<'_>, length: usize) -> Result<BTreeMap<String, Tensor>, Fault> {
    let part = "the directory of tensors";
    let count = cursor.size(part, 1..=LAYERS_MAX.saturating_mul(32))?;
    let mut tensors = BTreeMap::new();
    let mut end_of_all = 0;
    for _ in 0..count {
        let name = usize::from(u16::from_le_bytes(cursor.array(part)?));
        let name = String::from_utf8_lossy(cursor.take(name, part)?).into_owned();
        let is_blocks = match cursor.byte(part)? {
            0 => false,
            1 => true,
            other => return Err(Fault::damaged(name, format!("numbers of the unknown sort {other}"))),
        };
        let count = cursor.size(part, 0..=usize::MAX)?;
        let (at, bytes) = (cursor.u64(part)?, cursor.u64(part)?);
        let needed = if is_blocks {
            count
                .checked_div(BLOCK)
                .filter(|_| count.is_multiple_of(BLOCK))
                .map(|blocks| blocks.saturating_mul(BLOCK_BYTES))
        } else {
            Some(count.saturating_mul(4))
        };
        if needed != Some(bytes) {
            return Err(Fault::damaged(name, format!("{bytes} bytes for {count} numbers")));
        }
        let end = at.checked_add(bytes).filter(|end| *end <= length);
        let end = end.ok_or_else(|| short(&name, at, bytes, length))?;
        end_of_all = end.max(end_of_all);
        if tensors.insert(name.clone(), Tensor { is_blocks, count, place: at..end }).is_some() {
            return Err(Fault::damaged(name, "it stands there twice"));
        }
    }
    if end_of_all == length {
        Ok(tensors)
    } else {
        Err(Fault::damaged("the end", format!("{} bytes too many", length.saturating_sub(end_of_all))))
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    words(bytes).map(f32::from_bits)
}

fn finite(part: &str, numbers: &[f32]) -> Result<(), Fault> {
    match numbers.iter().position(|number| !number.is_finite()) {
        None => Ok(()),
        Some(place) => Err(Fault::damaged(part, format!("place {place} holds no number"))),
    }
}

fn shaped(name: &str, shape: (usize, usize), numbers: Vec<f32>) -> Result<Array2<f32>, Fault> {
    Array2::from_shape_vec(shape, numbers).map_err(|error| Fault::damaged(name, error.to_string()))
}
