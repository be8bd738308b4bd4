//! A text cut into the pieces of a vocabulary: of all ways to cut it, the one with the highest sum of scores.

use crate::{fault::Fault, normal::Normal};

/// Stands where a word begins.
const MARK: char = '\u{2581}';

/// How much worse than the rarest piece a character is that no piece holds.
const UNKNOWN_PENALTY: f32 = 10.0;

/// Ids of pieces that no text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Special {
    pub(crate) begin: usize,
    pub(crate) end: usize,
    pub(crate) padding: usize,
    pub(crate) unknown: usize,
}

impl Special {
    fn is(&self, id: usize) -> bool {
        [self.begin, self.end, self.padding, self.unknown].contains(&id)
    }
}

/// The vocabulary.
#[derive(Debug)]
pub(crate) struct Pieces {
    text: Vec<u8>,
    offsets: Vec<u32>,
    scores: Vec<f32>,
    /// Ids in the order of their bytes.
    order: Vec<u32>,
    pub(crate) special: Special,
    unknown_score: f32,
    /// Characters of the longest piece.
    pub(crate) chars_max: usize,
}

const PART: &str = "offsets of the pieces";

impl Pieces {
    pub(crate) fn new(
        text: Vec<u8>,
        offsets: Vec<u32>,
        scores: Vec<f32>,
        special: Special,
    ) -> Result<Self, Fault> {
        let rising = offsets.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
        let whole = offsets.first() == Some(&0)
            && offsets.last().and_then(|last| usize::try_from(*last).ok()) == Some(text.len());
        if !rising || !whole || offsets.len() != scores.len().saturating_add(1) {
            return Err(Fault::damaged(PART, "they do not cut the pieces one after another"));
        }
        let least = scores.iter().copied().fold(0.0, f32::min);
        let mut pieces = Self {
            text,
            offsets,
            scores,
            order: Vec::new(),
            special,
            unknown_score: least - UNKNOWN_PENALTY,
            chars_max: 1,
        };
        for id in 0..pieces.scores.len() {
            let piece = std::str::from_utf8(pieces.piece(id))
                .map_err(|_| Fault::damaged(PART, format!("piece {id} is no text")))?;
            pieces.chars_max = piece.chars().count().max(pieces.chars_max);
        }
        let mut order: Vec<u32> = (0..u32::try_from(pieces.scores.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by_key(|id| (pieces.piece(wide(*id)), *id));
        pieces.order = order;
        Ok(pieces)
    }

    fn piece(&self, id: usize) -> &[u8] {
        let offset = |place: usize| self.offsets.get(place).map(|offset| wide(*offset));
        let range = offset(id).zip(offset(id.saturating_add(1))).map(|(start, end)| start..end);
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// The text as it is cut: characters replaced, blanks one at a time, a mark for each and one at the beginning.
    fn prepared(text: &str, normal: &Normal, chars_max: usize) -> String {
        let mut prepared = String::with_capacity(text.len().min(4 * chars_max).saturating_add(3));
        let mut blank = false;
        let mut push = |read: char| {
            if prepared.is_empty() && read != ' ' {
                prepared.push(MARK);
            }
            if read != ' ' || !blank {
                prepared.push(if read == ' ' { MARK } else { read });
            }
            blank = read == ' ';
        };
        for character in text.chars().take(chars_max) {
            match normal.of(character) {
                None => push(character),
                Some(read_as) => read_as.chars().for_each(&mut push),
            }
        }
        if prepared.is_empty() {
            prepared.push(MARK);
        }
        prepared
    }

    /// The first `most` pieces of a text. Only as much of the text is looked at as could fill them.
    pub(crate) fn cut(&self, text: &str, normal: &Normal, most: usize) -> Vec<usize> {
        let text = Self::prepared(text, normal, most.saturating_add(1).saturating_mul(self.chars_max));
        // The best way to each byte: its score, the piece that ends there, and where that begins.
        let mut ways: Vec<Option<(f32, usize, usize)>> = vec![None; text.len().saturating_add(1)];
        if let Some(first) = ways.first_mut() {
            *first = Some((0.0, 0, 0));
        }
        let unknown = self.special.unknown;
        for (start, character) in text.char_indices() {
            let Some((sum, _, _)) = ways.get(start).copied().flatten() else { continue };
            let mut offer = |end: usize, score: f32, id: usize| {
                if let Some(way) = ways.get_mut(end)
                    && way.is_none_or(|(best, _, _)| sum + score > best)
                {
                    *way = Some((sum + score, id, start));
                }
            };
            self.beginnings(text.get(start..).unwrap_or_default(), |length, id| {
                if !self.special.is(id) {
                    let score = self.scores.get(id).copied().unwrap_or_default();
                    offer(start.saturating_add(length), score, id);
                }
            });
            offer(start.saturating_add(character.len_utf8()), self.unknown_score, unknown);
        }
        let mut pieces = Vec::new();
        let mut at = text.len();
        while at > 0 {
            let Some((_, id, start)) = ways.get(at).copied().flatten() else { break };
            pieces.push(id);
            at = start;
        }
        pieces.reverse();
        pieces.truncate(most);
        pieces
    }

    /// Calls `found` for every piece that `text` begins with, the shortest first.
    fn beginnings(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let mut narrowed = self.order.as_slice();
        for (start, character) in text.char_indices() {
            let end = start.saturating_add(character.len_utf8());
            let Some(begun) = text.as_bytes().get(..end) else { return };
            let beginning = |id: &u32| {
                let piece = self.piece(wide(*id));
                piece.get(..end).unwrap_or(piece)
            };
            let from = narrowed.partition_point(|id| beginning(id) < begun);
            let to = narrowed.partition_point(|id| beginning(id) <= begun);
            narrowed = narrowed.get(from..to).unwrap_or_default();
            let Some(first) = narrowed.first() else { return };
            if self.piece(wide(*first)).len() == end {
                found(end, wide(*first));
            }
        }
    }
}

/// An id as a place; no vocabulary is larger than memory.
fn wide(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
