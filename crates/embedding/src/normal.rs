//! What a character is read as before a text is cut into pieces.

use crate::{fault::Fault, file::Cursor};

/// Which characters stand for others.
#[derive(Debug)]
pub(crate) struct Normal {
    /// Each character that is read otherwise, in order, with the end of its part of `read_as`.
    characters: Vec<(char, usize)>,
    read_as: String,
}

const PART: &str = "the normalisation";

impl Normal {
    /// Reads `count` characters from `bytes`: code point, number of characters that stand for it, their code points.
    pub(crate) fn read(count: usize, bytes: &[u8]) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(bytes);
        let mut normal = Self { characters: Vec::new(), read_as: String::new() };
        let character = |number: u32| {
            char::from_u32(number).ok_or_else(|| Fault::damaged(PART, format!("{number:#x} is no character")))
        };
        for _ in 0..count {
            let of = character(cursor.u32(PART)?)?;
            if normal.characters.last().is_some_and(|(last, _)| *last >= of) {
                return Err(Fault::damaged(PART, format!("{of:?} is out of order")));
            }
            for _ in 0..cursor.byte(PART)? {
                normal.read_as.push(character(cursor.u32(PART)?)?);
            }
            normal.characters.push((of, normal.read_as.len()));
        }
        if cursor.is_at_end() { Ok(normal) } else { Err(Fault::damaged(PART, "more bytes than characters")) }
    }

    /// What `character` is read as; none if it stands for itself.
    pub(crate) fn of(&self, character: char) -> Option<&str> {
        let place = self.characters.binary_search_by_key(&character, |(of, _)| *of).ok()?;
        let (_, end) = self.characters.get(place)?;
        let start =
            place.checked_sub(1).and_then(|before| self.characters.get(before)).map_or(0, |(_, end)| *end);
        self.read_as.get(start..*end)
    }
}
