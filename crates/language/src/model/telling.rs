//! Which words of a text weighed most in an answer: the n-grams that told for it, joined to readable pieces.

use super::Reading;
use crate::{features::Seen, model::Told};

/// N-grams that are looked at for one answer.
const LOOKED_AT: usize = 12;

/// Pieces that are named for one answer.
const NAMED: usize = 4;

/// A piece that tells less than this share of the strongest one is not named.
const WORTH_NAMING: f32 = 0.25;

/// A piece of the text and how much it told.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: u32,
    end: u32,
    told: f32,
}

impl Reading<'_> {
    /// The pieces of the comparable text that told most for the label at `place` and against the next likely one, the
    /// strongest first.
    pub(crate) fn words(&self, told: &Told<'_>, place: usize, seen: &Seen, text: &str) -> Vec<String> {
        let rival = told.shares.iter().enumerate().filter(|(other, _)| *other != place);
        let Some((rival, _)) = rival.max_by(|one, other| one.1.total_cmp(other.1)) else { return Vec::new() };
        let worth = |label: usize| told.head.scale.get(label).copied().unwrap_or_default();
        let (own_worth, rival_worth) = (worth(place), worth(rival));
        let (own, rival) = (told.head.first + place, told.head.first + rival);
        let weight = |row: u32, column: usize| {
            let at = row as usize * self.model.width + column;
            f32::from(self.model.weights.get(at).copied().unwrap_or_default())
        };
        let contribution =
            |row: u32, value: f32| value * (weight(row, own) * own_worth - weight(row, rival) * rival_worth);
        let told = self.vector.iter().map(|(row, value)| (*row, contribution(*row, *value)));
        let mut rows: Vec<(u32, f32)> = told.filter(|(_, told)| *told > 0.0).collect();
        if rows.len() > LOOKED_AT {
            let most_first =
                |one: &(u32, f32), other: &(u32, f32)| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0));
            rows.select_nth_unstable_by(LOOKED_AT, most_first);
            rows.truncate(LOOKED_AT);
        }
        // Most n-grams are none of these; a bit tells it of nearly all of them.
        let bit = |row: u32| 1_u64 << (row % 64);
        let some = rows.iter().fold(0, |bits, (row, _)| bits | bit(*row));
        let mut pieces: Vec<Piece> = Vec::with_capacity(rows.len());
        for (gram, row) in seen.grams.iter().zip(&self.rows).filter(|(_, row)| some & bit(**row) != 0) {
            if let Some(index) = rows.iter().position(|(own, _)| own == row) {
                // Each n-gram is named where it stands first.
                let (_, told) = rows.swap_remove(index);
                pieces.push(Piece { start: gram.start, end: gram.end, told });
            }
        }
        named(joined(pieces), text)
    }
}

/// Pieces that overlap become one.
fn joined(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.sort_unstable_by_key(|piece| (piece.start, piece.end));
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if piece.start < last.end => {
                last.end = last.end.max(piece.end);
                last.told += piece.told;
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// The strongest pieces as words, each once.
fn named(mut pieces: Vec<Piece>, text: &str) -> Vec<String> {
    pieces.sort_by(|one, other| other.told.total_cmp(&one.told));
    let least = pieces.first().map_or(0.0, |strongest| strongest.told * WORTH_NAMING);
    let mut words: Vec<String> = Vec::new();
    for piece in pieces.iter().take_while(|piece| piece.told >= least) {
        let word = text.get(piece.start as usize..piece.end as usize).unwrap_or_default().trim();
        if !word.is_empty() && !words.iter().any(|own| own == word) {
            words.push(word.to_owned());
        }
        if words.len() == NAMED {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_pieces_become_one() {
        let piece = |start, end, told| Piece { start, end, told };
        let joined = joined(vec![piece(3, 9, 1.0), piece(0, 6, 2.0), piece(9, 12, 0.5)]);
        let spans: Vec<(u32, u32)> = joined.iter().map(|piece| (piece.start, piece.end)).collect();
        assert_eq!(spans, [(0, 9), (9, 12)]);
        assert_eq!(named(joined, "空调漏电"), ["空调漏"], "what tells little is not named");
    }
}
