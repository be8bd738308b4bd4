//! What people said about answers, and how far it moves them.

use std::collections::{BTreeMap, BTreeSet};

/// What somebody said or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vote {
    /// The customer said that it helped.
    Helpful,
    /// The customer said that it did not.
    NotHelpful,
    /// An agent sent the suggestion as it is.
    Used,
    /// An agent sent it after changes.
    Edited,
}

/// One vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The article.
    pub article: String,
    /// Its version: what was said about another version does not count.
    pub version: u32,
    /// What was said.
    pub vote: Vote,
    /// Whose vote: one person counts `VOTES_OF_ONE` times per article and vote.
    pub by: String,
}

/// How often one person's vote of a sort counts for an article: one angry customer does not sink it.
const VOTES_OF_ONE: u32 = 3;

/// Votes for and against that an article begins with.
const BEGINNING: f32 = 5.0;

/// How far votes move the score of an article at most, up or down.
const FARTHEST: f32 = 0.10;

/// How much votes move each article: bounded, so that words stay what decides.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Priors {
    factors: BTreeMap<String, f32>,
}

impl Priors {
    /// From all votes so far. `version` says which version of an article is in force; votes about others, and about
    /// articles that are gone, do not count. The order of the votes does not matter.
    pub fn of<'a>(
        votes: impl IntoIterator<Item = &'a Feedback>,
        version: impl Fn(&str) -> Option<u32>,
    ) -> Self {
        let mut heard: BTreeMap<(&str, Vote, &str), u32> = BTreeMap::new();
        let mut articles: BTreeSet<&str> = BTreeSet::new();
        for vote in votes {
            if version(&vote.article) == Some(vote.version) {
                articles.insert(&vote.article);
                let times = heard.entry((&vote.article, vote.vote, &vote.by)).or_default();
                *times = times.saturating_add(1).min(VOTES_OF_ONE);
            }
        }
        let factor = |article: &str| {
            let (mut good, mut all) = (BEGINNING, 2.0 * BEGINNING);
            for ((_, vote, _), times) in heard.iter().filter(|((of, _, _), _)| *of == article) {
                let times = super::index::float(*times);
                all += times;
                good += times
                    * match vote {
                        Vote::Helpful | Vote::Used => 1.0,
                        Vote::Edited => 0.7,
                        Vote::NotHelpful => 0.0,
                    };
            }
            1.0 + FARTHEST * (2.0 * good / all - 1.0)
        };
        Self { factors: articles.into_iter().map(|article| (article.to_owned(), factor(article))).collect() }
    }

    /// By what the score of an article is multiplied: 0.9 to 1.1.
    pub fn factor(&self, article: &str) -> f32 {
        self.factors.get(article).copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(vote: Vote, by: usize, times: usize) -> Vec<Feedback> {
        let one =
            |voter: usize| Feedback { article: "a".to_owned(), version: 2, vote, by: format!("p{voter}") };
        (0..by).flat_map(|voter| std::iter::repeat_with(move || one(voter)).take(times)).collect()
    }

    fn factor(votes: &[Feedback]) -> f32 {
        Priors::of(votes, |article| (article == "a").then_some(2)).factor("a")
    }

    #[test]
    fn votes_move_an_article_and_never_far() {
        assert!((factor(&[]) - 1.0).abs() < 1e-6);
        let helpful = factor(&votes(Vote::Helpful, 10, 1));
        assert!(helpful > 1.03 && helpful < 1.1);
        assert!(factor(&votes(Vote::Edited, 10, 1)) < helpful && factor(&votes(Vote::Edited, 10, 1)) > 1.0);
        assert!(factor(&votes(Vote::NotHelpful, 10_000, 1)) >= 0.9);
        assert!(factor(&votes(Vote::Used, 10_000, 1)) <= 1.1);
    }

    #[test]
    fn one_person_a_thousand_times_is_one_person_three_times() {
        assert!(
            (factor(&votes(Vote::NotHelpful, 1, 1_000)) - factor(&votes(Vote::NotHelpful, 1, 3))).abs()
                < 1e-6
        );
        assert!(factor(&votes(Vote::NotHelpful, 1, 1_000)) > 0.97);
    }

    #[test]
    fn votes_about_another_version_do_not_count() {
        let mut old = votes(Vote::NotHelpful, 50, 1);
        for vote in &mut old {
            vote.version = 1;
        }
        assert!((factor(&old) - 1.0).abs() < 1e-6);
    }
}
