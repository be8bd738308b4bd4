//! The nearest known word: what a writer probably meant.

/// The known word nearest to `word`, if it is near enough to be a slip of the pen.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Very long words cannot be slips of short known ones; and the distance costs length × length.
    if word.len() > 64 {
        return None;
    }
    let lowered = word.to_lowercase().replace(['_', ' '], "-");
    known
        .into_iter()
        .map(|candidate| (distance(&lowered, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (row, &left) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        let mut last = row + 1;
        let mut neighbour = None;
        for (column, &right) in other.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&above, column) + usize::from(left != right);
            let mut best = replaced.min(at(&above, column + 1) + 1).min(last + 1);
            if column > 0 && previous == Some(right) && neighbour == Some(left) {
                best = best.min(at(&before, column - 1) + 1);
            }
            line.push(best);
            last = best;
            neighbour = Some(right);
        }
        before = std::mem::replace(&mut above, line);
        previous = Some(left);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits() {
        let cases =
            [("", "", 0), ("", "ab", 2), ("kind", "kind", 0), ("knid", "kind", 1), ("kitten", "sitting", 3)];
        for (one, other, edits) in cases {
            assert_eq!(distance(one, other), edits, "{one} {other}");
            assert_eq!(distance(other, one), edits, "{other} {one}");
        }
    }

    #[test]
    fn offers_only_what_is_near() {
        let known = ["consultation", "repair", "complaint"];
        assert_eq!(nearest("consultaton", known), Some("consultation"));
        assert_eq!(nearest("Repair", known), Some("repair"));
        assert_eq!(nearest("compliant", known), Some("complaint"));
        assert_eq!(nearest("banana", known), None);
    }
}
