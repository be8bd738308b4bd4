//! What tells the articles of a knowledge base apart: the weights that its own similar questions teach.

use super::index::{Index, float, place};

/// Rounds over all questions.
const ROUNDS: u32 = 6;

/// How far one question moves a weight in the first round.
const STEP: f32 = 0.5;

/// How sharply the articles of a question are told apart while it is learnt.
const SHARP: f32 = 8.0;

/// Articles that one question is held against, the likeliest.
const RIVALS: usize = 12;

/// One similar question as it is learnt: its article, and its terms with their parts in a vector of length one.
pub(super) struct Lesson {
    pub(super) article: u32,
    pub(super) terms: Vec<(u32, f32)>,
}

impl Index {
    /// Begins with the mean of each article's questions and moves the weights until each question speaks for its own
    /// article rather than for the likeliest others. Only terms that an article has are weighed for it, so what is learnt
    /// is as small as the index, however many articles there are. The same knowledge base teaches the same.
    pub(super) fn learn(&mut self, lessons: &[Lesson]) {
        let mut scores = vec![0.0_f32; self.articles.len()];
        for round in 0..ROUNDS {
            let step = STEP / (1.0 + float(round));
            for lesson in lessons {
                self.study(lesson, step, &mut scores);
            }
        }
    }

    fn study(&mut self, lesson: &Lesson, step: f32, scores: &mut [f32]) {
        scores.fill(0.0);
        for (term, part) in &lesson.terms {
            let Some(entry) = place(*term).and_then(|term| self.entries.get(term)) else { continue };
            for (article, weight) in &entry.articles {
                if let Some(score) = place(*article).and_then(|article| scores.get_mut(article)) {
                    *score += part * weight;
                }
            }
        }
        let mut likely: Vec<(u32, f32)> = (0_u32..).zip(scores.iter().copied()).collect();
        likely.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        likely.retain({
            let mut kept = 0_usize;
            move |(article, score)| {
                let keep = *article == lesson.article || (kept < RIVALS && *score > 0.0);
                kept = kept.saturating_add(usize::from(keep));
                keep
            }
        });
        let most = likely.first().map_or(0.0, |(_, score)| *score);
        let sum: f32 = likely.iter().map(|(_, score)| (SHARP * (score - most)).exp()).sum();
        // What each article is to be moved by: the right one up, the others down by how likely they seem.
        for (article, score) in &mut likely {
            let seems = (SHARP * (*score - most)).exp() / sum.max(f32::MIN_POSITIVE);
            *score = step * (f32::from(u8::from(*article == lesson.article)) - seems);
        }
        likely.sort_unstable_by_key(|(article, _)| *article);
        for (term, part) in &lesson.terms {
            let Some(entry) = place(*term).and_then(|term| self.entries.get_mut(term)) else { continue };
            let mut moves = likely.iter().peekable();
            for (article, weight) in &mut entry.articles {
                while moves.next_if(|(other, _)| other < article).is_some() {}
                if let Some((_, by)) = moves.next_if(|(other, _)| other == article) {
                    *weight += by * part;
                }
            }
        }
    }
}
